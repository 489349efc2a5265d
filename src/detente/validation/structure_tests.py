"""The tests by which a structure audits itself, apart from those of dead ends and bounds, in the order of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.validation.at_a_bound import at_a_bound
from detente.validation.chance_extremes import chance_extremes
from detente.validation.copied_runs import copied_runs
from detente.validation.reachable_ranges import reachable_ranges
from detente.validation.result import ValidationTest
from detente.validation.ruled_out_readings import ruled_out_readings
from detente.validation.selected_decisions import selected_decisions
from detente.validation.side_by_side import Groups
from detente.validation.structure import Structure
from detente.validation.survey import Survey
from detente.validation.turning_claims import turning_claims
from detente.validation.under_levers import idle_levers, unmoved_measures
from detente.validation.unread_claims import leaking_claims, unread_claims
from detente.validation.unrecorded_start import unrecorded_start

__all__ = ["Looked", "beside_the_record", "of_the_case", "of_worlds"]


@dataclass(frozen=True)
class Looked:
    """The worlds that these tests look at; what was not run is None.

    Parameters
    ----------
    drawn
        Worlds with numbers as drawn, closely looked at.
    ends
        Every number at either end of its range.
    levers
        Every lever, and every reading, beside none.
    levers_again
        Gives some levers once more, in more worlds.
    signs
        Disputed signs both ways; None too where nothing of the kind is disputed.
    """

    drawn: Survey | None
    ends: Groups | None
    levers: Groups | None
    levers_again: Callable[[set[str]], Groups]
    signs: Groups | None


def of_the_case(structure: Structure, texts: Sequence[Path] = ()) -> tuple[ValidationTest, ...]:
    """Do the tests that read the case and run nothing."""
    return (
        unread_claims(structure),
        leaking_claims(structure),
        selected_decisions(structure),
        copied_runs(structure, texts),
    )


def of_worlds(structure: Structure, looked: Looked, why_not: str) -> tuple[ValidationTest, ...]:
    """Do the tests of what worlds do.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    looked
        The worlds that were surveyed.
    why_not
        In words, why tests are not tried whose worlds were not run.

    Returns
    -------
    tuple
        Six tests, in the order of the sheet.
    """
    return (
        unmoved_measures(structure, looked.levers, why_not),
        idle_levers(structure, looked.levers, looked.levers_again, why_not),
        at_a_bound(structure, looked.drawn, why_not),
        reachable_ranges(structure, looked.drawn, looked.ends, looked.levers, why_not),
        turning_claims(structure, looked.signs, why_not),
        chance_extremes(structure, looked.drawn, looked.levers, why_not),
    )


def beside_the_record(structure: Structure, looked: Looked, why_not: str) -> tuple[ValidationTest, ...]:
    """Do the tests of what a record bears on.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    looked
        The worlds that were surveyed.
    why_not
        In words, why a test is not tried whose worlds were not run.

    Returns
    -------
    tuple
        Two tests, in the order of the sheet.
    """
    return unrecorded_start(structure), ruled_out_readings(structure, looked.levers, why_not)
