"""Give every number of a case a name, its range and its unit; the ground on which its elements are joined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from detente.equations import (
    AGGREGATES,
    CONSTANTS,
    FUNCTIONS,
    ExpressionError,
    Kind,
    Node,
    Unit,
    UnitError,
    UnitSystem,
    infer,
    parse,
)
from detente.equations.parse import RESERVED as SIGNS
from detente.equations.syntax import Number
from detente.errors import nearest
from detente.scenario.document import Document, Path_, dotted
from detente.scenario.elements import Parameter, ParameterArm, TableElement
from detente.scenario.model import Arm, NumberBlock, NumberCitations, Quantity, Scenario
from detente.scenario.ranges import Range, RangeError, read_range

__all__ = ["SIGNS", "TRUTH", "Naming", "said_of", "unit_system"]

TRUTH = Kind("truth")
NOTHING: Node = Number(0.0)
FORMAT = "see docs/reference/case-format.md"
RESERVED = frozenset(FUNCTIONS) | AGGREGATES | CONSTANTS | SIGNS
A_NAME = re.compile(r"(?!about\s)[A-Za-z_][A-Za-z0-9_.]*")
"""How a number is written that is the name of another entry."""
CHANCES = ("usual", "chance")


def said_of(claims: NumberCitations) -> tuple[tuple[str, str], ...]:
    """Return what each claim is said to support of the number that cites it, where anything is said."""
    return tuple((name, cited.supports) for name, cited in claims.items() if cited.supports is not None)


@lru_cache(maxsize=64)
def unit_system(declared: tuple[str, ...]) -> tuple[UnitSystem, tuple[tuple[int, UnitError], ...]]:
    """Return the units of a case, and what is wrong with those declared, each by its position."""
    try:
        return UnitSystem(declared), ()
    except UnitError:
        sound: list[str] = []
        faults: list[tuple[int, UnitError]] = []
        for position, name in enumerate(declared):
            try:
                UnitSystem([*sound, name])
                sound.append(name)
            except UnitError as error:
                faults.append((position, error))
        return UnitSystem(sound), tuple(faults)


class Naming:
    """Names, units, numbers and expressions of one case, each fault noted in its document.

    Parameters
    ----------
    scenario
        The description.
    document
        Where each thing stands; takes the findings.
    """

    def __init__(self, scenario: Scenario, document: Document) -> None:
        self.scenario, self.document = scenario, document
        self.units, faults = unit_system(tuple(scenario.units))
        for position, error in faults:
            self.fault(("units", position), error.wrong, error.mend)
        self.parameters: dict[str, Parameter] = {}
        self.tables: dict[str, TableElement] = {}
        self.signatures: dict[str, tuple[Unit, Unit]] = {}
        # None: its own fault is noted already, so that it fits everywhere.
        self.kinds: dict[str, Kind | None] = {}
        self.first: dict[str, Path_] = {}
        self.failed: set[Path_] = set()

    # Small services

    def fault(self, path: Path_, wrong: str, mend: str) -> None:
        """Note an error."""
        self.document.fault(path, wrong, mend)

    def unit(self, text: str | None, path: Path_) -> Unit | None:
        """Read a unit, which must be a whole one such as day and not week; None, once noted, if it cannot be read."""
        try:
            unit = self.units.parse(text or "1")
        except UnitError as error:
            self.fault(path, error.wrong, error.mend)
            return None
        if unit.factor != 1:
            wrong = f"'{text}' is {unit.factor:g} times the unit that the case reckons in"
            self.fault(path, wrong, "declare it in days and in the units listed under 'units'")
            return None
        return unit

    def named(self, name: str, path: Path_) -> bool:
        """Say whether a name is free; refuse a second thing of one name, and one that is a word of the language."""
        if name in self.first:
            first = self.first[name]
            wrong = f"'{name}' is already the name of {dotted(first)} at {self.document.place(first)}"
            self.fault(path, wrong, "rename one of them")
            return False
        if name in RESERVED:
            self.fault(path, f"'{name}' is a word of the language", "choose another name")
        self.first[name] = path
        return name not in CONSTANTS

    def tree(self, text: str, path: Path_) -> Node:
        """Parse an expression; a fault is noted with its place and the tree is then just 0."""
        try:
            return parse(text, self.document.locator(path))
        except ExpressionError as error:
            self.document.fault(path, error.wrong, error.mend or FORMAT, error.place)
            self.failed.add(path)
            return NOTHING

    def checked(self, node: Node, path: Path_, wanted: Kind | None, *, summaries: bool = False) -> Kind | None:
        """Infer the kind of an expression and hold it to the one wanted; None if it has a fault."""
        if path in self.failed:
            return None
        kind, faults = infer(node, self.kinds, self.units, self.signatures, summaries=summaries, expected=wanted)
        for error in faults:
            self.document.fault(path, error.wrong, error.mend or FORMAT, error.place)
        if faults:
            return None
        if wanted is not None and not self.fits(node, kind, wanted):
            mend = "compare it: x > 0" if wanted == TRUTH else "change the expression, or the unit declared for it"
            self.document.fault(path, f"expected {wanted}, came {kind}", mend, node.place)
            return None
        return kind

    def fits(self, node: Node, kind: Kind, wanted: Kind) -> bool:
        """Say whether an expression gives what is wanted; a bare 0 fits every unit."""
        if wanted.name == "number" and isinstance(node, Number) and node.value == 0 and node.unit is None:
            return True
        if kind.name != wanted.name:
            return False
        if wanted.name == "choice":
            return kind.alternatives == wanted.alternatives
        return wanted.unit is None or kind.unit is None or self.units.compatible(kind.unit, wanted.unit)

    def actor(self, name: str, path: Path_) -> None:
        """Refuse the name of an actor that the case does not have."""
        if name not in self.scenario.actors:
            mend = nearest(name, set(self.scenario.actors)) or "add it under actors"
            self.fault(path, f"no actor is called '{name}'", mend)

    # Numbers

    def numbers(self) -> None:
        """Name the constants and uncertainties, and read the tables."""
        for section, role in (("constants", "constant"), ("uncertainties", "uncertainty")):
            for name, entry in getattr(self.scenario, section).items():
                if self.named(name, (section, name)):
                    self.quantity(name, entry, section, role)
        for name, table in self.scenario.tables.items():
            path: Path_ = ("tables", name)
            if not self.named(name, path):
                continue
            if any(left[0] >= right[0] for left, right in pairwise(table.points)):
                mend = "order the points by it, each once"
                self.fault((*path, "points"), "the first number of the points does not rise", mend)
            along = self.unit(table.of, (*path, "of")) or self.units.NONE
            up = self.unit(table.unit, (*path, "unit")) or self.units.NONE
            self.tables[name] = TableElement(name, along, up, tuple(table.points), tuple(table.claims))
            self.signatures[name] = (along, up)

    def quantity(self, name: str, entry: Quantity, section: str, role: str) -> None:
        """Name one constant or uncertainty."""
        path: Path_ = (section, name)
        unit = self.unit(entry.unit, (*path, "unit"))
        arms = self.arms(entry.range, entry.by_reading, path)
        if section == "constants" and any(arm.range.shape != "exact" for arm in arms):
            wrong = "a constant is exact by definition or agreement, came a range"
            self.fault(path, wrong, "move it to uncertainties, or write one number")
        self.kinds[name] = Kind("number", unit) if unit is not None else None
        self.parameters[name] = Parameter(
            name, role, name, unit or self.units.NONE, arms, tuple(entry.claims), path, entry.says or "",
            said_of(entry.claims),
        )  # fmt: skip

    def arms(self, text: str | None, table: list[Arm] | None, path: Path_) -> tuple[ParameterArm, ...]:
        """Read a range, or the rows of a table by reading; a row that cannot be read is noted and left out."""
        if table is None:
            found = self.range(text or "", path)
            return (ParameterArm((), found),) if found else ()
        arms = []
        for position, arm in enumerate(table):
            here: Path_ = (*path, "by_reading", position)
            found = self.range(arm.range or "", here)
            self.readings_exist(arm.when or {}, (*here, "when"))
            if found:
                when = tuple((arm.when or {}).items())
                arms.append(ParameterArm(when, found, tuple(arm.claims), said_of(arm.claims)))
        return tuple(arms)

    def range(self, text: str, path: Path_) -> Range | None:
        """Read a range; a fault is noted where it is written."""
        for key in ("range", "value", "chance", "otherwise"):
            if (*path, key) in self.document.places:
                path = (*path, key)
        try:
            return read_range(text)
        except RangeError as error:
            self.fault(path, error.wrong, error.mend)
            return None

    def readings_exist(self, when: Mapping[str, str], path: Path_) -> None:
        """Refuse a row that hangs on a claim or a reading that does not exist, or on one that is never drawn."""
        for claim, reading in when.items():
            contested = self.scenario.claims.get(claim)
            if contested is None or contested.readings is None:
                known = {name for name, other in self.scenario.claims.items() if other.readings}
                mend = nearest(claim, known) or "name a claim that lists readings"
                self.fault((*path, claim), f"no contested claim is called '{claim}'", mend)
            elif not contested.is_switch:
                wrong = f"'{claim}' is a claim of kind {contested.kind}: it is shown, never drawn, and moves no number"
                self.fault((*path, claim), wrong, "use a claim of kind cause, fact or count")
            elif reading not in contested.readings:
                mend = nearest(reading, set(contested.readings)) or "its readings: " + ", ".join(contested.readings)
                self.fault((*path, claim), f"'{claim}' has no reading '{reading}'", mend)

    def inline(self, name: str, role: str, owner: str, block: NumberBlock, unit: Unit | None, path: Path_) -> str:
        """Give a number that stands inside an entry a name, or return the name of the entry it refers to."""
        if block.range is not None and A_NAME.fullmatch(block.range):
            return self.referred(block.range, role, unit, path)
        if block.unit is not None:
            own = self.unit(block.unit, (*path, "unit"))
            if own is not None and unit is not None and not self.units.compatible(own, unit):
                wrong = f"expected a number in {unit}, came one in {own}"
                self.fault((*path, "unit"), wrong, "remove the unit here, or mend the other")
        arms = self.arms(block.range, block.by_reading, path)
        for arm in arms:
            if not self.allowed(role, arm.range, path):
                break
        self.parameters[name] = Parameter(
            name, role, owner, unit or self.units.NONE, arms, tuple(block.claims), path, block.says or "",
            said_of(block.claims),
        )  # fmt: skip
        return name

    def referred(self, name: str, role: str, unit: Unit | None, path: Path_) -> str:
        """Hold a number that is given by the name of another entry to its place."""
        other = self.parameters.get(name)
        if other is None or other.role not in ("constant", "uncertainty"):
            known = {key for key, one in self.parameters.items() if one.role in ("constant", "uncertainty")}
            mend = nearest(name, known) or "name an entry of constants or uncertainties, or write a range"
            self.fault(path, f"no number is called '{name}'", mend)
            return name
        sound = self.kinds.get(name) is not None
        if sound and unit is not None and not self.units.compatible(other.unit, unit):
            wrong = f"expected a number in {unit}, and '{name}' is in {other.unit}"
            self.fault(path, wrong, "use a number in the right unit")
        for arm in other.arms:
            if not self.allowed(role, arm.range, path):
                break
        return name

    def allowed(self, role: str, found: Range, path: Path_) -> bool:
        """Say whether a number may stand where it does; if not, note it."""
        low = found.low if found.shape != "interval" or found.low > 0 else -1.0
        if role == "odds" and low <= 0:
            mend = "odds of 1 pull neither way, 2 doubles them; for a reason against, write away:"
            self.fault(path, f"expected odds above 0, came {found}", mend)
            return False
        if role in CHANCES and not 0 <= found.low <= found.high <= 1:
            self.fault(path, f"expected a chance from 0 to 1, came {found}", "write it as a share: 0.2 for one in five")
            return False
        if role == "error" and (low < 0 or found.high == 0):
            self.fault(path, f"expected an error above 0, came {found}", "write the size of a usual error")
            return False
        return True
