"""How far the answers move with how wide their authors drew the ranges, beside how far the accounts move them."""

from __future__ import annotations

import threading

from detente.run import Run, run
from detente.scenario import Case
from detente.validation.result import Inquiry, ValidationTest, Where, Widened
from detente.validation.structure import Structure

__all__ = ["range_width", "run_with_other_ranges", "widened_answers"]

INQUIRY = Inquiry(
    "range_width",
    "How wide the ranges are",
    "choices",
    "What becomes of the answers with all ranges halved, doubled, or triangular between the same ends?",
)
WORLDS = 50_000


def run_with_other_ranges(case: Case, seed: int, stop: threading.Event) -> Run | None:
    """Run a case with its own ranges and with others; None where it asks nothing.

    Parameters
    ----------
    case
        The case.
    seed
        The seed of draws and luck.
    stop
        Set to end early, marked as partial.

    Returns
    -------
    Run or None
        Of :data:`WORLDS` worlds.
    """
    return run(case, worlds=WORLDS, seed=seed, stop=stop, other_ranges=True) if case.scenario.questions else None


def range_width(structure: Structure, made: Run | None, why_not: str) -> ValidationTest:
    """Say which answers move more with the width of ranges than with whose account holds.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    made
        The run; None where it was not made.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``described``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if not structure.simulated or not structure.case.scenario.questions:
        return INQUIRY.came_out("does not apply", "The case asks nothing that worlds could answer.")
    if not structure.program.parameters:
        return INQUIRY.came_out("does not apply", "No number of the case is uncertain.")
    if made is None or not made.other_ranges:
        return INQUIRY.came_out("not tried", why_not)
    widened = widened_answers(made)
    more = [one for one in widened if one.more_than_accounts]
    questions = structure.case.elements.questions
    where = [Where(one.question, structure.at(questions[one.question].path), _worded(one)) for one in more]
    if made.accounts:
        says = (
            f"{len(more)} of {len(widened)} answers move more with the width that the authors gave to ranges than with "
            "whose account holds, beyond sampling error."
        )
    else:
        shares = [one.spread for one in widened if one.unit == "%"]
        most = f" The share that moves most moves by {max(shares):.0f} points." if shares else ""
        says = f"No accounts stand beside the {len(widened)} answers.{most}"
    return INQUIRY.came_out(
        "described", says, where, tried=f"{made.provenance.worlds:,} worlds were run.".replace(",", " ")
    )


def widened_answers(made: Run | None) -> tuple[Widened, ...]:
    """Return each answer with its own ranges and with others, pooled over readings."""
    found = []
    for name in made.case.scenario.questions if made is not None else ():
        widths = made.widths(name) if made is not None else None
        if made is None or widths is None:
            continue
        kind = made.main.summary(name).kind
        unit = "day" if kind.name == "date" else kind.unit.text if kind.unit and kind.unit.dimensions else ""
        unit, times = ("%", 100.0) if kind.name in ("truth", "choice") else (unit, 1.0)
        values = {which: times * next(iter(parts.values())).mean.value for which, parts in widths.by_range.items()}
        accounts = None if widths.accounts is None else times * widths.accounts.value
        spread = times * widths.ranges.value
        found.append(Widened(name, unit, values, spread, accounts, widths.ranges_move_more))
    return tuple(found)


def _worded(one: Widened) -> str:
    ways = ", ".join(f"{value:.3g} {which}" for which, value in one.by_range.items())
    return f"{ways} ({one.unit or 'as it is counted'}); accounts lie {one.accounts or 0:.2g} apart"
