"""The head of a case: its name, its days, its record."""

from __future__ import annotations

from collections.abc import Iterator

from detente.errors import Finding
from detente.scenario.checks.view import View

__all__ = ["head"]


def head(view: View) -> Iterator[Finding]:
    """Check that the case is called like its folder, its days are days of the calendar, and it asks something."""
    scenario, folder = view.case.scenario, view.case.folder.resolve().name
    if scenario.case != folder:
        wrong = f"the case is called '{scenario.case}' and its folder '{folder}'"
        yield view.error(("case",), wrong, "rename one of them")
    if scenario.as_of.date() > view.last_day:
        wrong = f"as_of lies after the last day, {view.last_day}: nothing is left to be answered"
        yield view.warning(("as_of",), wrong, "raise 'days'")
    if scenario.known and scenario.record is None:
        yield view.error(("known",), "'known' maps a record that the case does not have", "add record: record.csv")
    if not scenario.questions and scenario.stability is None:
        yield view.warning(("case",), "the case asks nothing", "add a question")
