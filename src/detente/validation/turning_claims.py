"""Claims about a sign: where readings put a number on both sides of what changes nothing, the effect has to turn.

A factor or odds of 1, and a difference of 0, leave everything as it is. Where one reading puts a number below and
another above, the parties dispute which way it works. If the model then moves everything one way under each reading,
or nothing under one, it holds the dispute in its numbers and not in its answers: as where what would worsen is clipped
already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.scenario import Draws, Parameter
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.side_by_side import Group, Groups, side_by_side
from detente.validation.structure import Structure

__all__ = ["Turning", "turning_claims", "turnings_of", "under_both_signs"]

INQUIRY = Inquiry(
    "turning_claims",
    "Claims about a sign",
    "behaviour",
    "Where readings dispute which way something works, does it work the one way and the other in the answers?",
)
BEYOND = 4.0
"""Standard errors beyond which an effect has a sign."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Turning:
    """A number that one reading of a claim puts below what changes nothing, and another above."""

    parameter: str
    claim: str
    neutral: float
    below: str
    above: str


def turnings_of(structure: Structure) -> Iterator[Turning]:
    """Yield the numbers over whose side of 0, or of 1, two readings of one claim differ."""
    odds = {lean.odds for decision in structure.case.elements.decisions.values() for lean in decision.leans}
    for name in structure.program.parameters:
        parameter = structure.case.elements.parameters[name]
        for claim in parameter.switches:
            neutrals = (1.0,) if name in odds else (0.0, 1.0) if not parameter.unit.dimensions else (0.0,)
            for neutral in neutrals:
                below, above = _sides(parameter, claim, tuple(structure.case.switches[claim].readings or ()), neutral)
                if below and above:
                    yield Turning(name, claim, neutral, below, above)
                    break


def under_both_signs(structure: Structure, seed: int, draws: int, replicates: int) -> Groups | None:
    """Read each such claim both ways, with the number as each reading has it and where it changes nothing.

    Parameters
    ----------
    structure
        The case with its ordered equations.
    seed
        The seed of draws and luck.
    draws, replicates
        How many draws, and worlds of each, see every way.

    Returns
    -------
    Groups or None
        Worlds as drawn first, then four groups for each such claim; None where there is no such claim.
    """
    found = list(turnings_of(structure))
    if not found:
        return None
    drawing = Draws(structure.case, seed, structure.program.parameters)
    numbers = np.arange(draws, dtype=np.uint32)
    groups = []
    for one in found:
        for reading in (one.below, one.above):
            values = drawing.take(numbers, {one.claim: reading}).values
            still = {**values, one.parameter: np.full(draws, one.neutral)}
            groups += [
                Group((one.parameter, reading), values),
                Group((one.parameter, f"{reading}, changing nothing"), still),
            ]
    return side_by_side(structure, seed, drawing.take(numbers), groups, replicates)


def turning_claims(structure: Structure, groups: Groups | None, why_not: str) -> ValidationTest:
    """List the disputed signs that turn in no answer and no measure.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    groups
        What :func:`under_both_signs` surveyed; None where it was not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    turnings = list(turnings_of(structure)) if structure.simulated else []
    if not turnings:
        return INQUIRY.came_out("does not apply", "No two readings put a number on both sides of what changes nothing.")
    if groups is None:
        return INQUIRY.came_out("not tried", why_not)
    where: list[Where] = []
    untold: list[Where] = []
    for number, one in enumerate(turnings):
        signs = [_signs(groups, 1 + 4 * number + 2 * side) for side in (0, 1)]
        if any(signs[0][name] * signs[1][name] < 0 for name in signs[0]):
            continue
        says, told = _told(one, *signs)
        says = says.format(groups.each)
        (where if told else untold).append(Where(one.parameter, structure.place_of(one.parameter), says, not told))
    if where:
        says = f"{len(where)} of {len(turnings)} disputed signs turn in no question and no measure."
        return INQUIRY.came_out("does not pass", says, [*where, *untold])
    left = f"; of {len(untold)} it cannot be told in so few worlds" if untold else ""
    says = f"{len(turnings) - len(untold)} of {len(turnings)} disputed signs turn in some question or measure{left}."
    return INQUIRY.came_out("passes", says, untold)


def _sides(parameter: Parameter, claim: str, readings: tuple[str, ...], neutral: float) -> tuple[str, str]:
    """Return a reading that puts a number below what changes nothing, and one that puts it above."""
    below = above = ""
    left = list(readings)
    for arm in parameter.arms:
        told = [reading for named, reading in arm.when if named == claim] if arm.when else left
        left = [reading for reading in left if reading not in told]
        for reading in told[:1]:
            if arm.range.high <= neutral and arm.range.low < neutral:
                below = below or reading
            if arm.range.low >= neutral and arm.range.high > neutral:
                above = above or reading
    return below, above


def _signs(groups: Groups, number: int) -> dict[str, float]:
    """Return the sign of what a number does to each answer and measure under a reading.

    0 where it changes no world at all, and no number where worlds change and the sign cannot be told.
    """
    moved, still = groups.values(number), groups.values(number + 1)
    found = {}
    for name, values in moved.items():
        with np.errstate(invalid="ignore"):
            change = values - still[name]
        change = np.where(np.isfinite(change), change, np.sign(np.nan_to_num(values) - np.nan_to_num(still[name])))
        error, mean = float(change.std()) / max(len(change), 1) ** 0.5, float(change.mean())
        told = abs(mean) > BEYOND * error and mean != 0
        found[name] = float(np.sign(mean)) if told else np.nan if change.any() else 0.0
    return found


def _told(one: Turning, below: dict[str, float], above: dict[str, float]) -> tuple[str, bool]:
    """Say what becomes of a disputed sign that turns nowhere; and whether that can be told."""
    dispute = f"read as {one.below} it lies below {one.neutral:g}, read as {one.above} above"
    sides = ((one.below, below), (one.above, above))
    nil = [reading for reading, signs in sides if all(sign == 0 for sign in signs.values())]
    if nil:
        return f"{dispute}; read as {' and as '.join(nil)} it changes no world", True
    if all(any(sign in (-1.0, 1.0) for sign in signs.values()) for _, signs in sides):
        return f"{dispute}; no question and no measure that it moves turns with it", True
    return f"{dispute}; whether anything turns cannot be told in {{}} worlds", False
