"""What functions take: no negative rates and spreads, chances from 0 to 1, delays no shorter than a step."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterator

from detente.equations import DOMAINS, Node, unparse, walk
from detente.equations.functions import ABOVE_0, CHANCE, FROM_0
from detente.equations.syntax import Call, Name
from detente.errors import Finding
from detente.scenario.checks.spans import Spans
from detente.scenario.checks.view import View
from detente.scenario.document import Path_

__all__ = ["draws", "short_delays", "starts"]

WORDS = {ABOVE_0: "a number above 0", FROM_0: "a number of 0 or more", CHANCE: "a chance from 0 to 1"}
STAGES = {"smooth1": 1, "smooth3": 3, "delay1": 1, "delay3": 3}


def draws(view: View) -> Iterator[Finding]:
    """Check that what is drawn from can be drawn from; a run refuses the worlds in which it cannot."""
    spans = Spans(view.case)
    for path, call in _calls(view, DOMAINS):
        for argument, domain in zip(call.arguments, DOMAINS[call.function], strict=True):
            (low, high), (least, most) = spans.of(argument), domain
            wrong = f"{call.function}() takes {WORDS.get(domain, 'any number')}, and {unparse(argument)}"
            if high < least or low > most:
                yield view.error(path, f"{wrong} is {_told(low, high)}", "change its range or its sign", argument.place)
            # The very end of a range is met by no draw, so that one may begin at 0 where 0 is none.
            elif (low < least - ABOVE_0[0] or high > most) and math.isfinite(low) and math.isfinite(high):
                mend = "narrow the ranges, or keep it within by clip(…) or max(…, 0)"
                tell = view.error if _is_exact(view, argument) else view.warning
                yield tell(path, f"{wrong} can be {_told(low, high)}", mend, argument.place)
    for path, call in _calls(view, ("uniform",)):
        first, second = (spans.of(argument) for argument in call.arguments)
        if first[0] > second[1]:
            wrong = f"uniform() takes the lower end first, came {_told(*first)} before {_told(*second)}"
            yield view.error(path, wrong, "exchange the two", call.place)


def _is_exact(view: View, node: Node) -> bool:
    """Whether the ends of an expression are met in some world: made of numbers with ranges, each named once."""
    names = Counter(part.id for part in walk(node) if isinstance(part, Name))
    return all(count == 1 and name in view.case.elements.parameters for name, count in names.items())


def short_delays(view: View) -> Iterator[Finding]:
    """Check that warn where a delay can be shorter than a step: it then takes a step."""
    spans, parts = Spans(view.case), view.case.scenario.substeps
    for path, call in _calls(view, STAGES):
        low, high = spans.of(call.arguments[1])
        each = low / STAGES[call.function]
        if not math.isfinite(low) or each >= 1 / parts * (1 - 1e-9) or (low <= 0 and math.isinf(high)):
            continue  # long enough, or known by a 90 % interval alone
        wrong = (
            f"{unparse(call.arguments[1])} can be {_told(low, high)}, and each stage of {call.function} takes a step"
        )
        mend = "make it longer" if each <= 0 else f"make it longer, or write substeps: {math.ceil(1 / each - 1e-9)}"
        yield view.warning(path, wrong, f"{mend}; a step is {1 / parts:.3g} days", call.place)


def starts(view: View) -> Iterator[Finding]:
    """Check that no stock starts beyond its bounds."""
    spans, elements = Spans(view.case), view.case.elements
    for bound in elements.bounds:
        stock = elements.stocks.get(bound.element)
        if stock is None:
            continue
        low, high = spans.named(stock.start)
        least, most = spans.of(bound.limit)
        if (bound.side == "below" and low < least) or (bound.side == "above" and high > most):
            wrong = f"'{bound.element}' starts at {_told(low, high)}, {bound.side} its bound of {bound.text}"
            if math.isfinite(low) and math.isfinite(high):
                yield view.warning(bound.path, wrong, "narrow its start, or move the bound")


def _calls(view: View, functions: Container[str]) -> Iterator[tuple[Path_, Call]]:
    for path, tree in view.texts:
        for node in walk(tree):
            if isinstance(node, Call) and node.function in functions:
                yield path, node


def _told(*span: float) -> str:
    low, high = span
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
