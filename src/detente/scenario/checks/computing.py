"""The equations taken together: no circles, no luck in what looks on, no number without a name or a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from detente.equations import FUNCTIONS, Node, unnamed_numbers, unparse, walk
from detente.equations.syntax import Call
from detente.errors import Finding
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.ordering import Step, order_steps, order_summaries, used_parameters

__all__ = ["loops", "memory", "summaries", "unnamed", "unread"]

ALLOWED_IN_SUMMARIES = ("previous", "initial", "days_since")


def loops(view: View) -> Iterator[Finding]:
    """Check that no two elements read each other's value of the same day."""
    elements = view.case.elements
    steps: dict[str, Step] = {**elements.shocks, **elements.options, **elements.variables}
    _, loop = order_steps(elements)
    if loop:
        path = steps[loop[0]].path
        if loop[0] in elements.decisions:
            path = ("decisions", loop[0])
        wrong = "read one another on the same day: " + " → ".join(loop)
        wrong = f"these {wrong}" if len(loop) > 2 else f"'{loop[0]}' reads itself on the same day"
        yield view.error(path, wrong, f"let one read the day before: previous({loop[1]}, its value at the start)")
    _, loop = order_summaries(elements)
    if loop:
        wrong = "these measures are made of one another: " + " → ".join(loop)
        yield view.error(("measures", loop[0]), wrong, "write one of them without the others")


def memory(view: View) -> Iterator[Finding]:
    """Check that what ``previous`` keeps is plain: luck or memory inside it would have no day of its own."""
    for path, tree in view.texts:
        yield from _inside_previous(view, path, tree, "auxiliaries", _keeps_or_draws)
    for path, tree in view.summaries:
        # Luck and delays are refused in these wherever they stand.
        yield from _inside_previous(view, path, tree, "auxiliaries or measures", _may_look_back)


def _inside_previous(
    view: View, path: Path_, tree: Node, section: str, refused: Callable[[Call], bool]
) -> Iterator[Finding]:
    for node in walk(tree):
        if isinstance(node, Call) and node.function == "previous":
            calls = (part for part in walk(node.arguments[0]) if isinstance(part, Call))
            inner = next((call for call in calls if refused(call)), None)
            if inner is not None:
                wrong = f"'{inner.function}' stands inside previous"
                mend = f"give {unparse(inner)} a name under {section}, and write previous(that name, …)"
                yield view.error(path, wrong, mend, inner.place)


def _keeps_or_draws(call: Call) -> bool:
    return FUNCTIONS[call.function].kind in ("memory", "draw")


def _may_look_back(call: Call) -> bool:
    return call.function in ALLOWED_IN_SUMMARIES


def summaries(view: View) -> Iterator[Finding]:
    """Check that what looks on when the day is over draws nothing and keeps no delays."""
    for path, tree in view.summaries:
        for node in walk(tree):
            if not isinstance(node, Call) or node.function in ALLOWED_IN_SUMMARIES:
                continue
            kind = FUNCTIONS[node.function].kind
            if kind in ("draw", "memory"):
                what = "takes luck" if kind == "draw" else "keeps something from day to day"
                wrong = f"'{node.function}' {what}, which a measure, question or sign may not"
                yield view.error(path, wrong, "make it an auxiliary and name that here", node.place)


def unnamed(view: View) -> Iterator[Finding]:
    """Check that a number in an expression has a name, so that it can carry a claim."""
    seen: set[tuple[Path_, float]] = set()
    for path, tree in (*view.texts, *view.summaries):
        if path[0] == "claims":
            continue  # what a claim expects stands beside the claim
        for number in unnamed_numbers(tree):
            if (path, number.value) not in seen:
                seen.add((path, number.value))
                wrong = f"{unparse(number)} stands in an expression without a name"
                mend = "give it a name under uncertainties or constants, so that it can carry a claim"
                yield view.warning(path, wrong, mend, number.place)


def unread(view: View) -> Iterator[Finding]:
    """Check that a number that nobody reads moves no answer, and what it cites counts for nothing."""
    elements = view.case.elements
    used = used_parameters(elements)
    for actor in view.case.scenario.actors.values():
        used |= {aim.full.range for aim in actor.wants.values() if aim.full is not None and aim.full.range is not None}
    for name, parameter in elements.parameters.items():
        if parameter.role in ("constant", "uncertainty") and name not in used:
            yield view.warning(parameter.path, "nothing reads this number", "use it in an expression, or remove it")
