"""Units: what is counted, and per what; ``pint`` reads the texts, tuples carry the arithmetic.

Each case has its own small system: units of time, the percent, the point, and what the case declares. A declared unit
is a dimension of its own, so a count by one body cannot be added to a count by another. ``pint``'s own list of a
thousand units is left out on purpose: it takes 150 times longer to load, it finds prefixes and plurals where none were
meant (``camps`` would be centi-amperes), and a misspelt unit of a case could pass as one of physics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pint

from detente.errors import DetenteError, nearest

__all__ = [
    "DAY",
    "NONE",
    "STANDARD",
    "Dimensions",
    "Unit",
    "UnitError",
    "UnitSystem",
    "compatible",
    "divide",
    "multiply",
    "power",
]

Dimensions = tuple[tuple[str, float], ...]

STANDARD: dict[str, str] = {
    "day": "[day]",
    "second": "day / 86400",
    "minute": "day / 1440",
    "hour": "day / 24",
    "week": "7 * day",
    "month": "day * 365.25 / 12",
    "year": "365.25 * day",
    "percent": "0.01",
    "point": "0.01",
}
"""Units that every case has, each by its definition; a day is the unit of time of every case."""

# Words that pint reads as something other than a unit, whatever is declared.
TAKEN = frozenset({"nan", "dimensionless"})
DECLARED = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
FACTOR = re.compile(
    r"\s*(?P<name>1|%|[A-Za-z_][A-Za-z0-9_]*)(?:\s*(?:\*\*|\^)\s*(?P<power>-?\d(?:\.\d+)?))?\s*", re.ASCII
)
LONGEST = 100
# Beyond this a power is a slip, and factors such as 86,400 to that power would leave the range of a number.
HIGHEST = 9


class UnitError(DetenteError):
    """A unit that cannot be read or declared; ``wrong`` says why, ``mend`` what to do."""

    def __init__(self, wrong: str, mend: str = "") -> None:
        self.wrong, self.mend = wrong, mend
        super().__init__(wrong + (f"; {mend}" if mend else ""))


@dataclass(frozen=True)
class Unit:
    """One unit: its text, its dimensions and how much of the case's own units it is.

    Parameters
    ----------
    text
        As written, ``person/week``; it takes no part in comparison.
    dimensions
        Pairs of a root unit and its power, sorted by name: ``(("day", -1.0), ("person", 1.0))``.
    factor
        A value in this unit times ``factor`` is the value in root units: 7 for ``week``.
    """

    text: str = field(compare=False)
    dimensions: Dimensions = ()
    factor: float = 1.0

    def __str__(self) -> str:
        return self.text


def rooted(dimensions: Dimensions) -> Unit:
    """Return the unit of these dimensions in root units, with a text that reads back as the same unit."""

    def raised(name: str, exponent: float) -> str:
        return name if exponent == 1 else f"{name}**{exponent:g}"

    over = "*".join(raised(name, exponent) for name, exponent in dimensions if exponent > 0)
    under = "".join("/" + raised(name, -exponent) for name, exponent in dimensions if exponent < 0)
    return Unit((over or "1") + under, dimensions)


def _gathered(pairs: Iterable[tuple[str, float]]) -> Dimensions:
    totals: dict[str, float] = {}
    for name, exponent in pairs:
        totals[name] = totals.get(name, 0.0) + exponent
    # Rounded, so that the square of a cube root and the like cancel as they do on paper.
    rounded = ((name, round(exponent, 5)) for name, exponent in totals.items())
    return tuple(sorted((name, exponent) for name, exponent in rounded if exponent))


def compatible(a: Unit, b: Unit) -> bool:
    """Say whether values in the two units can be added and compared once both are in root units."""
    return a.dimensions == b.dimensions


def multiply(a: Unit, b: Unit) -> Unit:
    """Return the unit of a product, in root units."""
    if not a.dimensions or not b.dimensions:
        return rooted(a.dimensions or b.dimensions)
    return rooted(_gathered((*a.dimensions, *b.dimensions)))


def divide(a: Unit, b: Unit) -> Unit:
    """Return the unit of a quotient, in root units."""
    return rooted(_gathered((*a.dimensions, *((name, -exponent) for name, exponent in b.dimensions))))


def power(unit: Unit, exponent: float) -> Unit:
    """Return the unit of a power, in root units.

    Raises
    ------
    UnitError
        Where a power of one of the root units would exceed 9.
    """
    raised = [(name, was * exponent) for name, was in unit.dimensions]
    if any(not abs(now) <= HIGHEST for _, now in raised):
        wrong = f"'{unit}' to the power {exponent:g} is beyond any use"
        raise UnitError(wrong, f"keep the powers of a unit within {HIGHEST}")
    return rooted(_gathered(raised))


NONE = Unit("1")
"""The unit of a plain number."""

DAY = Unit("day", (("day", 1.0),))
"""The unit of time."""


class UnitSystem:
    """The units of one case: the standard ones and those it declares.

    Parameters
    ----------
    declared
        Names of the case's own units, each a dimension of its own.

    Raises
    ------
    UnitError
        Where a declared name is no ``lower_snake_case`` name or is already a unit.
    """

    NONE = NONE
    compatible: Callable[[Unit, Unit], bool] = staticmethod(compatible)
    multiply: Callable[[Unit, Unit], Unit] = staticmethod(multiply)
    divide: Callable[[Unit, Unit], Unit] = staticmethod(divide)
    power: Callable[[Unit, float], Unit] = staticmethod(power)

    def __init__(self, declared: Iterable[str] = ()) -> None:
        declared = self._declared = tuple(declared)
        self._registry: pint.UnitRegistry[float] = pint.UnitRegistry(None, cache_folder=None)
        self._read: dict[str, Unit] = {}
        self.names: frozenset[str] = frozenset(STANDARD)
        for name, definition in STANDARD.items():
            self._registry.define(f"{name} = {definition}")
        for name in declared:
            if name in self.names:
                which = "a standard unit" if name in STANDARD else "declared twice"
                raise UnitError(f"'{name}' is already a unit: {which}", "leave it out, or give it another name")
            if name in TAKEN or not DECLARED.fullmatch(name):
                raise UnitError(f"'{name}' cannot name a unit", "use lower-case letters, digits and underscores")
            self._registry.define(f"{name} = [{name}]")
            self.names |= {name}

    def __reduce__(self) -> tuple[type[UnitSystem], tuple[tuple[str, ...]]]:
        return UnitSystem, (self._declared,)  # a registry of pint cannot be taken to another process

    def parse(self, text: str) -> Unit:
        """Read a unit such as ``person/day``, ``1/week``, ``%`` or ``1``.

        Raises
        ------
        UnitError
            Where the text is no product of units or names one that the case does not have.
        """
        known = self._read.get(text)
        if known is None:
            known = self._read[text] = self._parse(text.strip())
        return known

    def _parse(self, text: str) -> Unit:
        if len(text) > LONGEST:
            wrong = f"a unit of {len(text):,} characters; at most {LONGEST} are allowed"
            raise UnitError(wrong, "declare a unit of your own for it")
        powers: dict[str, float] = {}
        at = 0
        while True:
            match = FACTOR.match(text, at)
            if match is None:
                came = f"'{text[at:]}'" if text[at:] else "the end"
                raise UnitError(f"'{text}' is no unit: expected the name of a unit or 1, came {came}", self._example())
            name = match["name"]
            self._check(name)
            powers[name] = powers.get(name, 0.0) + abs(float(match["power"] or 1))
            at = match.end()
            if at == len(text):
                break
            if text[at] not in "*/":
                raise UnitError(f"'{text}' is no unit: expected * or /, came '{text[at:]}'", self._example())
            at += 1
        if max(powers.values()) > HIGHEST:
            raise UnitError(f"'{text}' raises a unit to a power beyond {HIGHEST}", "use a simpler unit")
        found = self._registry.parse_units(text.replace("%", "percent"))
        factor, _ = self._registry.get_root_units(found)
        pairs = ((name.strip("[]"), float(str(exponent))) for name, exponent in found.dimensionality.items())
        return Unit(text, _gathered(pairs), float(str(factor)))

    def _check(self, name: str) -> None:
        if name in self.names or name in ("1", "%"):
            return
        listed = ", ".join(sorted(self.names))
        mend = nearest(name, set(self.names)) or f"declare '{name}' under units, or use one of {listed}"
        raise UnitError(f"no unit is called '{name}'", mend)

    def _example(self) -> str:
        counted = sorted(self.names - set(STANDARD))
        return f"write it like {counted[0] if counted else 'week'}/day or 1/day"
