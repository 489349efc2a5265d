"""The named things of a case, joined: parameters with their claims, quantities with their parsed equations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from detente.equations import Kind, Node, Unit
from detente.errors import Place
from detente.scenario.document import Path_
from detente.scenario.model import Side
from detente.scenario.ranges import Range
from detente.scenario.states import States

__all__ = [
    "NOT_SAID",
    "SUPPORTED",
    "UNSUPPORTED",
    "AccountElement",
    "BoundElement",
    "ConflictElement",
    "DecisionElement",
    "Elements",
    "Equation",
    "ExpectationElement",
    "LeanElement",
    "MakerElement",
    "NoMoveElement",
    "OptionElement",
    "Parameter",
    "ParameterArm",
    "PreferenceElement",
    "ReferenceClass",
    "RuleElement",
    "ShockElement",
    "Spell",
    "StatementElement",
    "StockElement",
    "TableElement",
]


Supports = tuple[tuple[str, str], ...]
"""Pairs of a claim and what it supports of the number that cites it, where somebody has said so."""
NOT_SAID, UNSUPPORTED = "not said", "assumed"
SUPPORTED = ("size", "direction", "existence", NOT_SAID, UNSUPPORTED)
"""How far claims support a number, the best first: ``not said`` where it cites claims and nobody said what for."""


@dataclass(frozen=True, slots=True)
class ParameterArm:
    """The range of a parameter while certain readings hold."""

    when: tuple[tuple[str, str], ...]
    range: Range
    claims: tuple[str, ...] = ()
    supports: Supports = ()


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
    supports: Supports = ()

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
    def support(self) -> str:
        """How far the claims it cites support it, one of ``SUPPORTED``: of rows by reading, the least supported."""
        if self.is_assumption:
            return UNSUPPORTED
        of_rows = (dict((*self.supports, *arm.supports)).values() for arm in self.arms)
        unsaid = SUPPORTED.index(NOT_SAID)
        best = (min((SUPPORTED.index(said) for said in row if said in SUPPORTED), default=unsaid) for row in of_rows)
        return SUPPORTED[max(best, default=unsaid)]

    @property
    def supporters(self) -> tuple[str, ...]:
        """The claims that support it as far as it is supported, or further; all where nobody said what they support."""
        if self.support in (NOT_SAID, UNSUPPORTED):
            return self.all_claims
        said = (*self.supports, *(pair for arm in self.arms for pair in arm.supports))
        enough = SUPPORTED[: SUPPORTED.index(self.support) + 1]
        return tuple(dict.fromkeys(claim for claim, support in said if support in enough))

    @property
    def varies(self) -> bool:
        """Whether it is anything but one exact number."""
        return self.varies_under({})

    def varies_under(self, readings: Mapping[str, str]) -> bool:
        """Whether it is anything but one exact number where some readings are fixed."""
        ranges = set()
        for arm in self.arms:
            if all(readings.get(claim, reading) == reading for claim, reading in arm.when):
                ranges.add(arm.range)
                if all(claim in readings for claim, _ in arm.when):
                    break  # it holds, and so none after it does
        return len(ranges) > 1 or any(each.shape != "exact" for each in ranges)


@dataclass(frozen=True, slots=True)
class Equation:
    """A named expression: a flow, auxiliary, measure, question or sign.

    What is worked out ``once_a_day`` keeps the morning's value through the sub-steps of a day.
    """

    name: str
    role: str
    kind: Kind
    node: Node
    path: Path_
    claims: tuple[str, ...] = ()
    says: str = ""
    once_a_day: bool = False


@dataclass(frozen=True, slots=True)
class BoundElement:
    """What a stock, flow or auxiliary never goes below, or above, in a world that makes sense.

    ``text`` is the limit as it was written.
    """

    element: str
    side: Literal["below", "above"]
    limit: Node
    text: str
    path: Path_


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
    supports: Supports = ()


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


@dataclass(frozen=True, slots=True)
class ExpectationElement:
    """What a claim, or one reading of it, expects of the model.

    ``node`` is what is looked at, its day in it; with ``during`` it is a value of each day, and its mean is taken over
    the days up to ``by`` on which the condition holds on both sides. ``finds`` is one of the words of
    :data:`detente.scenario.model.expectations.FINDINGS`, ``bound`` the number that goes with it, in the units that the
    case reckons in. ``number`` counts the expectations of one claim or reading, from 1; ``text`` is what is looked at,
    as written.
    """

    claim: str
    reading: str | None
    number: int
    changed: Side
    against: Side
    text: str
    node: Node
    kind: Kind
    by: int
    finds: str
    bound: float
    path: Path_
    during: Node | None = None
    condition: str = ""
    under: tuple[tuple[str, str], ...] = ()
    fails_because: str | None = None
    says: str = ""

    @property
    def name(self) -> str:
        """What it is called: the claim, its reading where it is contested, and its number."""
        return f"{self.claim}.{self.reading}#{self.number}" if self.reading else f"{self.claim}#{self.number}"


@dataclass(frozen=True, slots=True)
class StatementElement:
    """One thing that a decision maker wants of a state: whether it holds, and why anybody thinks so.

    Statements of one ``tier`` stand beside each other: no claim settles which of them comes first. ``when`` names the
    readings under which it is wanted at all. ``strong``: what this statement decides is strongly preferred.
    """

    node: Node
    says: str
    claims: tuple[str, ...]
    when: tuple[tuple[str, str], ...]
    strong: bool
    tier: int
    path: Path_


@dataclass(frozen=True, slots=True)
class PreferenceElement:
    """A ranking of states, by statements (most important first) or as a list (best first, equals together).

    States are given by their numbers, from 1. Under ``partial`` a ranking may leave states out: how they compare with
    others is unknown. ``strong_after``: the step down from these states is a strong one. ``unknown`` holds pairs of
    sets of states between which the preference is unknown.
    """

    statements: tuple[StatementElement, ...]
    ranking: tuple[tuple[int, ...], ...] | None
    strong_after: tuple[int, ...]
    partial: bool
    unknown: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    claims: tuple[str, ...]
    path: Path_


@dataclass(frozen=True, slots=True)
class MakerElement:
    """A decision maker of the conflict: one actor, or several who act as one, with the options in its hands.

    ``sees`` holds, by decision maker, the preferences that this one believes that other to have.
    """

    name: str
    title: str
    actors: tuple[str, ...]
    options: tuple[str, ...]
    preference: PreferenceElement
    sees: Mapping[str, PreferenceElement]
    path: Path_


@dataclass(frozen=True, slots=True)
class RuleElement:
    """What holds in every state that can be; ``never: x`` is kept as ``not x``."""

    node: Node
    says: str
    claims: tuple[str, ...]
    path: Path_


@dataclass(frozen=True, slots=True)
class NoMoveElement:
    """Moves that a decision maker cannot make: from states where one thing holds to states where another does."""

    maker: str
    leaving: Node
    arriving: Node
    says: str
    claims: tuple[str, ...]
    path: Path_


@dataclass(frozen=True)
class ConflictElement:
    """The conflict of a case as the graph model sees it: who decides over which options, what can be, what is wanted.

    ``irreversible`` maps an option to ``taken`` (once taken it stays; a ladder only rises) or ``given_up`` (once given
    up it is not taken again; a ladder only falls). ``names`` maps a state's name to its number, from 1; ``notes`` to
    what is said of it. ``start`` is the number of the status quo, None where it is not given and cannot be derived.
    ``coalitions`` are those to look at; None means every one. ``day`` is the day, from 0, on which the states of the
    simulation are compared with this conflict's.
    """

    says: str
    makers: tuple[MakerElement, ...]
    options: tuple[str, ...]
    rules: tuple[RuleElement, ...]
    irreversible: Mapping[str, str]
    no_moves: tuple[NoMoveElement, ...]
    same: tuple[Node, ...]
    states: States
    names: Mapping[str, int]
    notes: Mapping[str, str]
    start: int | None
    coalitions: tuple[tuple[str, ...], ...] | None
    day: int
    path: Path_


@dataclass(frozen=True, slots=True)
class Spell:
    """One case of a reference class: the day on which it began and how many days it lasted.

    ``ended`` is false where it still ran when the table ends: of such a case no more is known than that it lasted at
    least so long.
    """

    begins: dt.date
    lasted: float
    ended: bool
    source: str
    certainty: str
    note: str
    place: Place = field(default=Place(Path("table.csv")), compare=False)


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Cases like the one asked about: how long each lasted, or the share in which it had happened by some days.

    ``spells`` where the cases are listed; ``points``, pairs of days and share, where only such a curve is published.
    ``of`` is the number of cases.
    """

    name: str
    says: str
    claims: tuple[str, ...]
    spells: tuple[Spell, ...]
    points: tuple[tuple[float, float], ...]
    of: int
    path: Path_


@dataclass(frozen=True, slots=True)
class AccountElement:
    """A telling of the crisis: how it is called, whose it is, and the readings it takes.

    ``readings`` holds a reading for each switch that the account takes a place on; on the others it is silent, and they
    are drawn. ``title`` is never empty: an account without one is called by its name, with blanks and a capital.
    """

    name: str
    title: str
    by: str | None
    says: str
    note: str
    readings: Mapping[str, str]
    path: Path_


@dataclass(frozen=True)
class Elements:
    """The named things of a case, by kind."""

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
    conflict: ConflictElement | None = None
    reference_classes: Mapping[str, ReferenceClass] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    bounds: tuple[BoundElement, ...] = ()
    expectations: tuple[ExpectationElement, ...] = ()
    accounts: Mapping[str, AccountElement] = field(default_factory=dict)

    @property
    def numbers_by_support(self) -> dict[str, int]:
        """How many of the numbers that are not exact are supported how far, by ``SUPPORTED``."""
        found = dict.fromkeys(SUPPORTED, 0)
        for parameter in self.parameters.values():
            if parameter.varies:
                found[parameter.support] += 1
        return found

    @property
    def decisions(self) -> dict[str, DecisionElement]:
        """The decisions, by the option they decide."""
        return {name: option.decision for name, option in self.options.items() if option.decision is not None}
