"""The named things of a case, joined: parameters with their claims, quantities with their parsed equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.equations import Kind, Node, Unit
from detente.scenario.document import Path_
from detente.scenario.ranges import Range

__all__ = [
    "DecisionElement",
    "Elements",
    "Equation",
    "LeanElement",
    "OptionElement",
    "Parameter",
    "ParameterArm",
    "ShockElement",
    "StockElement",
    "TableElement",
]


@dataclass(frozen=True, slots=True)
class ParameterArm:
    """The range of a parameter while certain readings hold."""

    when: tuple[tuple[str, str], ...]
    range: Range
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that enters the model: its range by readings, its unit and the claims it rests on.

    ``role`` tells where it stands: ``constant``, ``uncertainty``, ``start``, ``usual``, ``odds``, ``chance``, ``error``
    or ``full``. ``owner`` is the element it belongs to, its own name for an entry of its own.
    """

    name: str
    role: str
    owner: str
    unit: Unit
    arms: tuple[ParameterArm, ...]
    claims: tuple[str, ...]
    path: Path_
    says: str = ""

    @property
    def switches(self) -> tuple[str, ...]:
        """The contested claims whose readings choose its range."""
        return tuple(dict.fromkeys(claim for arm in self.arms for claim, _ in arm.when))

    @property
    def all_claims(self) -> tuple[str, ...]:
        """Its claims, those that choose its range among them, each once."""
        of_arms = tuple(claim for arm in self.arms for claim in arm.claims)
        return tuple(dict.fromkeys((*self.claims, *self.switches, *of_arms)))

    @property
    def is_assumption(self) -> bool:
        """Whether no claim stands behind it."""
        return not self.all_claims

    @property
    def varies(self) -> bool:
        """Whether it is anything but one exact number."""
        return any(arm.range.shape != "exact" for arm in self.arms) or len({arm.range for arm in self.arms}) > 1


@dataclass(frozen=True, slots=True)
class Equation:
    """A named expression: a flow, auxiliary, measure, question or sign."""

    name: str
    role: str
    kind: Kind
    node: Node
    path: Path_
    claims: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class StockElement:
    """A stock: the parameter it starts from and the expression of its change per day."""

    name: str
    unit: Unit
    start: str
    change: Node
    path: Path_
    claims: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class TableElement:
    """Straight lines between points, from one unit to another."""

    name: str
    along: Unit
    up: Unit
    points: tuple[tuple[float, float], ...]
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShockElement:
    """Something that happens by chance on days when it can."""

    name: str
    when: Node
    chance: str
    path: Path_
    claims: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class LeanElement:
    """A reason: how strong it is, for which alternative it pulls, and the parameter of its odds."""

    label: str
    strength: Node
    sign: int
    to: str
    odds: str
    exerted_by: tuple[str, ...]
    claims: tuple[str, ...]
    says: str
    path: Path_


@dataclass(frozen=True, slots=True)
class DecisionElement:
    """How an option is decided; ``usual`` holds pairs of alternative and parameter ('' for yes)."""

    name: str
    when: Node | None
    usual: tuple[tuple[str, str], ...]
    leans: tuple[LeanElement, ...]
    path: Path_
    claims: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class OptionElement:
    """An option: no alternatives for yes/no; its value comes from a decision, an equation, or stays as it starts."""

    name: str
    actor: str
    alternatives: tuple[str, ...]
    ordered: bool
    start: int
    lasting: bool
    path: Path_
    equation: Node | None = None
    decision: DecisionElement | None = None
    outside: str | None = None
    says: str = ""

    @property
    def kind(self) -> Kind:
        """What it is in an expression."""
        if not self.alternatives:
            return Kind("truth")
        return Kind("choice", alternatives=self.alternatives, ordered=self.ordered)


@dataclass(frozen=True)
class Elements:
    """Everything of a case that has a name in expressions, by kind."""

    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    tables: Mapping[str, TableElement] = field(default_factory=dict)
    stocks: Mapping[str, StockElement] = field(default_factory=dict)
    variables: Mapping[str, Equation] = field(default_factory=dict)
    shocks: Mapping[str, ShockElement] = field(default_factory=dict)
    options: Mapping[str, OptionElement] = field(default_factory=dict)
    measures: Mapping[str, Equation] = field(default_factory=dict)
    questions: Mapping[str, Equation] = field(default_factory=dict)
    signs: Mapping[str, Equation] = field(default_factory=dict)
    known_errors: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def decisions(self) -> dict[str, DecisionElement]:
        """The decisions, by the option they decide."""
        return {name: option.decision for name, option in self.options.items() if option.decision is not None}
