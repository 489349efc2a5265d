"""Decisions that come up or not as an outcome: what worlds differ by in which they were taken is a selection."""

from __future__ import annotations

from detente.dynamics.occasions import what_occasions_hang_on
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["selected_decisions"]

INQUIRY = Inquiry(
    "selected_decisions",
    "Decisions whose occasion is an outcome",
    "structure",
    "Of which decisions would the difference between worlds in which they were taken and others be a selection effect?",
)
FEW = 4


def selected_decisions(structure: Structure) -> ValidationTest:
    """List the decisions of which the brief prints no difference, each with what its occasion hangs on."""
    decisions = structure.case.elements.decisions
    if not decisions:
        return INQUIRY.came_out("does not apply", "The case has no decisions.")
    where = []
    for name, hangs_on in what_occasions_hang_on(structure.program).items():
        if hangs_on:
            more = f" and {len(hangs_on) - FEW} more" if len(hangs_on) > FEW else ""
            says = f"whether it comes up hangs on {', '.join(hangs_on[:FEW])}{more}"
            where.append(Where(name, structure.at(decisions[name].path), says))
    says = (
        f"Of {len(where)} of {len(decisions)} decisions the occasion is itself an outcome: the brief prints no "
        "difference between worlds in which they were taken and others; a lever in the same worlds tells what they do."
        if where
        else f"Each of the {len(decisions)} decisions comes up on the same days in every world."
    )
    return INQUIRY.came_out("described", says, where)
