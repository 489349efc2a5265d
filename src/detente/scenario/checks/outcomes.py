"""The conflict: a status quo that can be, statements that tell states apart, forbidden moves that could be made."""

from __future__ import annotations

from collections.abc import Iterator

from detente.errors import Finding
from detente.scenario.checks.view import View
from detente.scenario.elements import ConflictElement, PreferenceElement

__all__ = ["idle_moves", "idle_statements", "status_quo"]


def status_quo(view: View) -> Iterator[Finding]:
    """Check that say where a conflict has no status quo: its options as they start are no state that can be."""
    conflict = view.case.elements.conflict
    if conflict is not None and conflict.start is None:
        wrong = "no status quo: the options as they start make no state that the rules allow"
        yield view.note(conflict.path, wrong, "add 'start', or leave paths from the status quo out")


def idle_statements(view: View) -> Iterator[Finding]:
    """Check that each statement tells some states from others: one that always or never holds decides nothing."""
    conflict = view.case.elements.conflict
    if conflict is None:
        return
    for preference in _preferences(conflict):
        for statement in preference.statements:
            holds = conflict.states.holds(statement.node)
            if holds.all() or not holds.any():
                wrong = f"holds in {'every' if holds.all() else 'no'} state: it decides nothing"
                yield view.warning(statement.path, wrong, "correct it, or remove it", statement.node.place)


def idle_moves(view: View) -> Iterator[Finding]:
    """Check that moves that cannot be made begin and end in states that can be."""
    conflict = view.case.elements.conflict
    if conflict is None:
        return
    for move in conflict.no_moves:
        for key, node in (("from", move.leaving), ("to", move.arriving)):
            if not conflict.states.holds(node).any():
                wrong = "holds in no state: it forbids no move"
                yield view.warning((*move.path, key), wrong, "correct it, or remove it", node.place)


def _preferences(conflict: ConflictElement) -> Iterator[PreferenceElement]:
    for maker in conflict.makers:
        yield maker.preference
        yield from maker.sees.values()
