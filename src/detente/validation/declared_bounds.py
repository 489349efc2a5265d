"""What each stock may be, and whether worlds with the ranges as declared keep to it."""

from __future__ import annotations

from detente.validation.limits import KEPT, breaches_of, count_breaches, tell_breach, unbounded_below
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey

__all__ = ["declared_bounds"]

INQUIRY = Inquiry(
    "declared_bounds",
    "Bounds and signs",
    "behaviour",
    "Is it declared how low and how high each stock may go, and does it keep to that?",
)


def declared_bounds(structure: Structure, survey: Survey | None, why_not: str) -> ValidationTest:
    """Say which bounds are declared, which stocks have none, and whether any is crossed in the ranges as declared.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    survey
        What worlds went through; None where they were not run.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``passes``, ``does not pass``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    bounds, stocks = structure.case.elements.bounds, structure.program.stocks
    if not structure.simulated or not (bounds or stocks):
        return INQUIRY.came_out("does not apply", "The case has nothing that could be bounded.")
    if survey is None:
        return INQUIRY.came_out("not tried", why_not)
    sides = {side: {bound.element for bound in bounds if bound.side == side} for side in ("below", "above")}
    counts = [sum(stock.name in sides[side] for stock in stocks) for side in ("below", "above")]
    tried = (
        f"Of {len(stocks)} stocks {counts[0]} have a lower bound and {counts[1]} an upper one; {len(bounds)} bounds "
        f"are declared in all. {len(survey.log_weight)} worlds were run with the ranges as declared."
    )
    breaches = list(breaches_of(structure, survey))
    where = [tell_breach(structure, breach, survey.weight) for breach in breaches]
    bare = [stock for stock in unbounded_below(structure) if stock.name not in {one.element for one in breaches}]
    where += [
        Where(one.name, structure.at(one.path), "no lower bound is declared; it stays at 0 or above", True)
        for one in bare
    ]
    if breaches:
        return INQUIRY.came_out("does not pass", count_breaches(breaches), where, tried=tried)
    left = f" {len(bare)} stocks have no lower bound, though they start at 0 or above." if bare else ""
    return INQUIRY.came_out("passes", KEPT + left, where, tried=tried)
