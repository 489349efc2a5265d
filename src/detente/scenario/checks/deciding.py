"""Decisions and levers: chances that add up, reasons that leave room for luck, levers that fit their options."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping

from detente.equations import FUNCTIONS, Node, unparse, walk
from detente.equations.syntax import Call, Name
from detente.errors import Finding, nearest
from detente.scenario.checks.spans import Spans
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.elements import DecisionElement, OptionElement, Parameter
from detente.scenario.ordering import calendar_changes, reads

__all__ = ["chances", "levers", "occasions", "strong_reasons"]

SURE = 0.99
_DAY = re.compile(r"day (\d{1,5})")


def chances(view: View) -> Iterator[Finding]:
    """Check that a choice among several has a chance for all alternatives but one, and that they leave room for it."""
    parameters = view.case.elements.parameters
    for name, option in view.case.elements.options.items():
        decision = option.decision
        if decision is None or not option.alternatives or option.ordered:
            continue
        listed = [to for to, _ in decision.usual]
        if not set(listed) <= set(option.alternatives):
            continue
        path: Path_ = ("decisions", name, "usual")
        missing = [one for one in option.alternatives if one not in listed]
        if len(missing) > 1:
            wrong = "no chance for " + " and ".join(missing) + "; at most one alternative may go without"
            yield view.error(path, wrong, f"add {missing[0]}: and its chance")
        highest = [_ends(parameters.get(parameter))[1] for _, parameter in decision.usual]
        if sum(highest) > 1 + 1e-9:
            wrong = f"the chances can add up to {sum(highest):g}, more than 1"
            yield view.error(path, wrong, "lower the upper ends")


def strong_reasons(view: View) -> Iterator[Finding]:
    """Check that warn where all reasons of one side, at full strength, leave next to nothing to luck."""
    parameters = view.case.elements.parameters
    for name, option in view.case.elements.options.items():
        decision = option.decision
        if decision is None:
            continue
        for to, label in decision.usual:
            _, _, usual = _ends(parameters.get(label))
            if not 1 - SURE <= usual <= SURE:
                continue
            for sign, word in ((1, "for"), (-1, "against")):
                odds = [middle for middle in _odds(decision, to, sign, parameters) if middle > 0]
                pull = math.prod(odds) ** sign
                chance = pull * usual / (1 + usual * (pull - 1))
                if odds and not 1 - SURE <= chance <= SURE:
                    wrong = (
                        f"with every reason {word} {_target(option, to)} at full strength the chance is "
                        f"{100 * chance:.2g} % (usually {100 * usual:.2g} %, odds times {pull:.3g})"
                    )
                    mend = "lower the odds, or say in a note why it is as good as certain"
                    yield view.warning(("decisions", name, "leans"), wrong, mend)


def occasions(view: View) -> Iterator[Finding]:
    """Check that every decision can come up and every shock can happen: on some day of the case, in some world."""
    spans, elements = Spans(view.case), view.case.elements
    changing = Changing(view)
    for name, decision in elements.decisions.items():
        path: Path_ = ("decisions", name)
        if decision.when is not None:
            if spans.of(decision.when)[1] < 1:
                wrong = f"'{unparse(decision.when)}' holds on no day of the case, so that this never comes up"
                yield view.warning(
                    (*path, "when"), wrong, "mend the occasion, or remove the decision", decision.when.place
                )
        elif calendar_changes(decision) is None and not changing.any_of(decision):
            wrong = "never comes up: it has no 'when', and nothing that its reasons read ever changes"
            yield view.warning(path, wrong, "say when it comes up: when: 'true' is each day")
    for name, shock in elements.shocks.items():
        if spans.of(shock.when)[1] < 1:
            wrong = f"'{unparse(shock.when)}' holds on no day of the case, so that this never happens"
            yield view.warning(("shocks", name, "when"), wrong, "mend 'when', or remove the shock", shock.when.place)


class Changing:
    """Tells which elements can have another value on one day than on the day before.

    Parameters
    ----------
    view
        The case.
    """

    def __init__(self, view: View) -> None:
        scenario, self.elements = view.case.scenario, view.case.elements
        self.set = {name for lever in scenario.levers.values() for name in lever.sets}
        self.set |= {name for known in scenario.known.values() for name in (known.choice, known.follow) if name}
        self.found: dict[str, bool] = {}

    def any_of(self, decision: DecisionElement) -> bool:
        """Whether anything that a decision's reasons read can change, its own option left out."""
        names = {name for lean in decision.leans for name in reads(lean.strength)} - {decision.name}
        return any(self.changes(name) for name in names)

    def changes(self, name: str) -> bool:
        """Whether an element can change; one that reads itself in a circle may."""
        if name not in self.found:
            self.found[name] = True
            self.found[name] = name in self.set or self._changes(name)
        return self.found[name]

    def _changes(self, name: str) -> bool:
        if name in self.elements.shocks or name in self.elements.stocks:
            return True
        option = self.elements.options.get(name)
        if option is not None and option.equation is None:
            return option.decision is not None
        variable = self.elements.variables.get(name)
        node = option.equation if option is not None else variable.node if variable is not None else None
        return node is not None and any(self._moves(part) for part in walk(node))

    def _moves(self, node: Node) -> bool:
        if isinstance(node, Call):
            return FUNCTIONS[node.function].kind in ("clock", "draw") or node.function in ("previous", "days_since")
        return isinstance(node, Name) and (node.id in ("day", "today") or self.changes(node.id))


def levers(view: View) -> Iterator[Finding]:
    """Check that a lever sets what can be set, to what it can be, from a day of the case on; its counterpart exists."""
    scenario = view.case.scenario
    for name, lever in scenario.levers.items():
        path: Path_ = ("levers", name)
        for target, value in lever.sets.items():
            yield from _set(view, (*path, "sets", target), target, value)
        yield from _begins(view, (*path, "from"), lever.begins)
        if lever.pair is None:
            mend = "add pair: the lever that a reader of the other side would name"
            yield view.warning(path, "a lever without a counterpart", mend)
        elif lever.pair == name:
            yield view.error((*path, "pair"), "a lever is named as its own counterpart", "name another lever")
        elif lever.pair not in scenario.levers:
            mend = nearest(lever.pair, set(scenario.levers)) or "add it under levers"
            yield view.error((*path, "pair"), f"no lever is called '{lever.pair}'", mend)
        elif scenario.levers[lever.pair].pair is None:
            wrong = f"'{lever.pair}' names no counterpart in return"
            yield view.error((*path, "pair"), wrong, f"add pair: {name} to '{lever.pair}'")
        elif scenario.levers[lever.pair].pair != name:
            wrong = f"'{lever.pair}' names '{scenario.levers[lever.pair].pair}' as its counterpart, not '{name}'"
            yield view.warning((*path, "pair"), wrong, "pair levers two by two where one can")


def _set(view: View, path: Path_, target: str, value: str) -> Iterator[Finding]:
    elements = view.case.elements
    option = elements.options.get(target)
    if option is None and target not in elements.shocks:
        mend = nearest(target, {*elements.options, *elements.shocks}) or "name an option or a shock"
        yield view.error(path, f"no option or shock is called '{target}'", mend)
        return
    allowed = (option.alternatives if option is not None else ()) or ("true", "false")
    if value not in allowed:
        mend = nearest(value, set(allowed)) or "one of " + ", ".join(allowed)
        yield view.error(path, f"'{value}' is none of the alternatives of {target}", mend)


def _begins(view: View, path: Path_, text: str) -> Iterator[Finding]:
    match = _DAY.fullmatch(text)
    try:
        day = int(match[1]) if match else (dt.date.fromisoformat(text) - view.first_day).days
    except ValueError:
        yield view.error(path, f"'{text}' is no day", "write day 10, or a date such as 2031-05-11")
        return
    if not 0 <= day < view.case.scenario.days:
        wrong = f"'{text}' lies outside the days of the case, {view.first_day} to {view.last_day}"
        yield view.error(path, wrong, "choose a day within")


def _ends(parameter: Parameter | None) -> tuple[float, float, float]:
    """Return the lowest, the highest and the likeliest value of a number, over its rows."""
    if parameter is None or not parameter.arms:
        return 0.0, 0.0, 0.0
    ranges = [arm.range for arm in parameter.arms]
    return min(r.low for r in ranges), max(r.high for r in ranges), max(r.middle for r in ranges)


def _odds(decision: DecisionElement, to: str, sign: int, parameters: Mapping[str, Parameter]) -> Iterator[float]:
    """Yield the likeliest odds of each reason that pulls one way."""
    for lean in decision.leans:
        if lean.to == to and lean.sign == sign:
            yield _ends(parameters.get(lean.odds))[2]


def _target(option: OptionElement, to: str) -> str:
    return f"'{to}'" if to else option.name
