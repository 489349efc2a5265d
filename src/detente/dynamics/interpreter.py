"""The slow oracle: a day of a program read straight from its trees, in NumPy, by another hand than the kernel's.

It shares the program, which call is which among it, and the inverse distribution functions with the kernel and nothing
else: the table of operators, what is remembered, decisions and summaries are written a second time, from the
description of the language. Tests hold the kernel to it.

Everything is elementwise, so the number of the day may itself be an array: given the states of thirty mornings it
works out the thirty evenings at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.dynamics.evaluator import DRAWS, Evaluator, alternatives_in, calls_in, drawable, expressions, names_read
from detente.dynamics.program import Program
from detente.equations.syntax import (
    Aggregate,
    Call,
    Name,
    On,
)
from detente.scenario import DecisionElement, Equation, OptionElement, ShockElement

__all__ = ["Interpreter", "Outside", "Result"]

Array = Any  # numbers of Python and of NumPy as they come: NumPy's types allow of too few operations between them
Key = tuple[str | int, ...]
Values = dict[str, Array]
Luck = Callable[[str, str], Array]

LOG_OF_NONE = -1_000.0
"""The logarithm of the chance given to a choice that was taken though the model gave it none."""


@dataclass(frozen=True)
class Outside:
    """What is set from outside on a day, by name; NaN, or no entry, where nothing is."""

    chosen: Mapping[str, Array] = field(default_factory=dict)
    imposed: Mapping[str, Array] = field(default_factory=dict)
    followed: Mapping[str, Array] = field(default_factory=dict)
    observed: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What a day gives: every value in the evening, what is carried on, and how near each yes/no was to the other.

    ``margins`` holds, for each element that decides between yes and no, the smallest distance at which it did. ``said``
    holds what the model would have had where the record is followed: the value of a flow or auxiliary that is set to
    it, and the chance of a choice that it tells, in the order of the day.
    """

    values: Values
    state: dict[Key, Array]
    margins: Values
    said: Values


class Interpreter:
    """Reads a program day by day.

    Parameters
    ----------
    program
        The ordered equations.
    numbers
        The value of each parameter, ``[worlds]`` or one number.
    """

    def __init__(self, program: Program, numbers: Mapping[str, Array]) -> None:
        self.program = program
        self.numbers = {**program.exact, **numbers}
        self.alternatives = alternatives_in(program)
        self.looked_back_on: dict[str, list[Call]] = {}
        for element in (*program.order, *program.stocks, *program.summaries):
            for call in (node for tree in expressions(element) for node in calls_in(tree)):
                if isinstance(call, Call) and call.function == "previous":
                    self.looked_back_on.setdefault(element.name, []).append(call)

    def begin(self, worlds: int) -> dict[Key, Array]:
        """Return the state before the first day: where stocks and options start, and no weight."""
        state: dict[Key, Array] = {("log_weight",): np.zeros(worlds)}
        for stock in self.program.stocks:
            state["stock", stock.name] = np.broadcast_to(np.asarray(self.numbers[stock.start], np.float64), worlds)
        for option in self.options:
            start = float(option.start) if option.alternatives else bool(option.start)
            state["option", option.name] = np.full(worlds, start)
        return state

    @property
    def options(self) -> list[OptionElement]:
        """The options in the order of the day."""
        return [step for step in self.program.order if isinstance(step, OptionElement)]

    def day(self, state: Mapping[Key, Array], step: Array, luck: Luck, outside: Outside) -> Result:
        """Carry worlds through one day, or through many days that each begin in a given state."""
        with np.errstate(all="ignore"):
            return _Day(self, state, np.asarray(step), luck, outside).result()


class _Pass(Evaluator):
    """One reading of all that happens on a day, with stocks and delays standing at given levels."""

    def __init__(self, day: _Day, levels: Mapping[Key, Array], first: _Pass | None = None) -> None:
        names = {**day.of.numbers, **{name: levels["stock", name] for name in day.stocks}}
        super().__init__(day.of.program, day.of.alternatives, names, day.step)
        self.day_, self.of, self.levels, self.first = day, day.of, levels, first
        self.slopes: dict[Key, Array] = {}
        self.kept: dict[Key, Array] = {}
        self.stands: dict[Key, Array] = {}
        self.drew: set[str] = set()

    def run(self) -> None:
        """Read every element in its turn, then what tomorrow will look back on."""
        for step in self.program.order:
            self.element = step.name
            if self.first is not None and self.held(step):
                for call in (call for tree in expressions(step) for call in calls_in(tree)):
                    if isinstance(call, Call) and call.function[:-1] in ("delay", "smooth"):
                        self.read(call)
                self.names[step.name] = self.first.names[step.name]
            elif isinstance(step, Equation):
                value = self.read(step.node, step.kind.alternatives)
                if self.first is None and step.name in self.day_.outside.followed:
                    self.day_.said[step.name] = value
                self.names[step.name] = _set(value, self.day_.outside.followed.get(step.name))
            elif isinstance(step, ShockElement):
                self.names[step.name] = self.day_.shock(self, step)
            else:
                self.names[step.name] = self.day_.option(self, step)
        for stock in self.program.stocks:
            self.element = stock.name
            self.slopes["stock", stock.name] = self.read(stock.change)
        for element in (*self.program.order, *self.program.stocks):
            self.element = element.name
            if self.first is not None and self.held(element):
                continue
            for call in self.of.looked_back_on.get(element.name, ()):
                self.kept[self.key(call)] = self.read(call.arguments[0], self.choices(call))

    def held(self, element: object) -> bool:
        """Whether an element keeps the morning's value through the day: it chose, it drew, is no number, or says so."""
        if not isinstance(element, Equation):
            return isinstance(element, OptionElement | ShockElement)
        drew = self.first is not None and element.name in self.first.drew
        return drew or element.kind.name != "number" or element.once_a_day

    def drawn(self, node: Call) -> Array:
        self.drew.add(self.element)
        u = self.day_.luck(self.element, str(node.site))
        arguments = [self.read(argument) for argument in node.arguments]
        sound = drawable(node.function, [np.asarray(argument, np.float64) for argument in arguments])
        if node.function == "chance":
            self.near(u, arguments[0])
            if self.first is None:
                self.day_.log_weight = np.where(self.reached & ~sound, np.nan, self.day_.log_weight)
            return u < arguments[0]
        return np.where(sound, DRAWS[node.function](u, *arguments, np), np.nan)

    def key(self, node: Call) -> Key:
        return ("memory", self.element, node.site)

    def remembered(self, node: Call, among: tuple[str, ...]) -> Array:
        key, opening, state = self.key(node), self.step == 0, self.day_.state
        if node.function == "previous":
            start = self.read(node.arguments[1], self.choices(node) or among)
            return np.where(opening, start, state.get(key, start))
        if node.function in ("initial", "days_since"):
            stock = node.arguments[0]
            if node.function == "initial" and isinstance(stock, Name) and stock.id in self.day_.stocks:
                return self.of.numbers[self.day_.stocks[stock.id].start]
            now = self.read(node.arguments[0])
            if self.first is not None:
                return self.first.kept[key]
            if node.function == "initial":
                self.kept[key] = np.where(opening, now, state.get(key, now))
            else:
                self.kept[key] = np.where(now, 0.0, np.where(opening, 0.0, state.get(key, 0.0) + 1.0))
            return self.kept[key]
        return self.lagged(key, node)

    def lagged(self, key: Key, node: Call) -> Array:
        """Return what comes out of a chain of one or three stages, each moving towards the one before it."""
        count = int(node.function[-1])
        entering, time = (self.read(argument) for argument in node.arguments)
        wait = np.maximum(time / count, 1.0 / self.program.substeps)
        balance = entering * wait if node.function.startswith("delay") else entering
        for stage in range(count):
            place = (*key, stage)
            if self.first is None:
                level = np.where(self.step == 0, balance, self.day_.state.get(place, balance))
                self.stands[place] = level
            else:
                level = self.levels[place]
            if node.function.startswith("delay"):
                leaving = level / wait
                self.slopes[place] = entering - leaving
            else:
                leaving = level
                self.slopes[place] = (entering - level) / wait
            entering = leaving
        return entering


class _Day:
    """One day: the morning's reading, decisions, the movement of stocks and delays, the evening's summaries."""

    def __init__(self, of: Interpreter, state: Mapping[Key, Array], step: Array, luck: Luck, outside: Outside) -> None:
        self.of, self.state, self.step, self.luck, self.outside = of, state, step, luck, outside
        self.stocks = {stock.name: stock for stock in of.program.stocks}
        self.log_weight = state[("log_weight",)]
        self.seen: dict[Key, Array] = {}
        self.said: Values = {}

    def result(self) -> Result:
        morning = _Pass(self, self.state)
        morning.run()
        levels = self.moved(morning)
        names = {**morning.names, **{name: levels["stock", name] for name in self.stocks}}
        evening = _Evening(self, names)
        evening.run()
        for name, element, error in self.of.program.observed:
            seen = self.outside.observed.get(name, np.nan)
            sd = self.of.numbers[error]
            held = self.said.get(element, np.nan) if name in self.of.program.own_values else evening.names[element]
            off = (np.asarray(held, np.float64) - seen) / sd
            self.log_weight = self.log_weight - np.where(np.isnan(seen), 0.0, 0.5 * off**2 + np.log(sd))
        state = {**levels, **morning.kept, **evening.kept, **self.seen, ("log_weight",): self.log_weight}
        for option in self.of.options:
            state["option", option.name] = morning.names[option.name]
        return Result(evening.names, state, {**morning.margins, **evening.margins}, self.said)

    # ---- choices

    def shock(self, reader: _Pass, shock: ShockElement) -> Array:
        possible, p = reader.read(shock.when), reader.names[shock.chance]
        u = self.luck(shock.name, "choice")
        reader.near(u, p)
        known = self.outside.chosen.get(shock.name, np.nan)
        self.weigh(shock.name, np.where(possible, np.where(np.asarray(known) == 1, p, 1.0 - p), np.asarray(known) == 0))
        happens = possible & (u < p)
        for table in (known, self.outside.imposed.get(shock.name, np.nan)):
            happens = np.where(np.isnan(table), happens, np.asarray(table) == 1)
        return happens

    def weigh(self, name: str, p: Array) -> None:
        """Weight a world by the chance that the model gave to a choice that is known and that no lever made."""
        known, imposed = (table.get(name, np.nan) for table in (self.outside.chosen, self.outside.imposed))
        told = ~np.isnan(known) & np.isnan(imposed)
        self.said[name] = p
        chance = np.asarray(p, np.float64)
        weight = np.where(chance > 0, np.log(np.maximum(chance, 1e-300)), LOG_OF_NONE)
        self.log_weight = self.log_weight + np.where(told, weight, 0.0)

    def option(self, reader: _Pass, option: OptionElement) -> Array:
        value = self.state["option", option.name]
        known = self.outside.chosen.get(option.name, np.nan)
        if option.equation is not None:
            value = reader.read(option.equation, option.alternatives)
        elif option.decision is not None:
            value = self.decide(reader, option, option.decision, value, known)
        for table in (known, self.outside.imposed.get(option.name, np.nan)):
            set_to = np.asarray(table) if option.alternatives else np.asarray(table) == 1
            value = np.where(np.isnan(table), value, set_to)
        return value

    def decide(
        self, reader: _Pass, option: OptionElement, decision: DecisionElement, before: Array, known: Array
    ) -> Array:
        raised = reader.read(decision.when) if decision.when is not None else self.stirred(reader, decision)
        if option.lasting:
            raised = raised & (before == (option.start if option.alternatives else bool(option.start)))
        factor = self.factors(reader, decision)
        usual = {to: reader.names[parameter] for to, parameter in decision.usual}
        rule = self.of.program.rule
        u = self.luck(option.name, "held" if rule == "threshold" else "choice")
        outcomes: list[Any]
        if not option.alternatives:
            taking = usual[""] * factor.get("", 1.0)
            weights, outcomes = [taking, 1.0 - usual[""]], [True, False]
        elif option.ordered:
            down = np.where(before > 0, usual.get("down", 0.0), 0.0)
            up = np.where(before < len(option.alternatives) - 1, usual.get("up", 0.0), 0.0)
            stay = np.maximum(1.0 - down - up, 0.0)
            weights = [down * factor.get("down", 1.0), stay, up * factor.get("up", 1.0)]
            outcomes = [before - 1, before, before + 1]
        else:
            rest = np.maximum(1.0 - sum(usual.values()), 0.0)
            weights = [usual.get(name, rest) * factor.get(name, 1.0) for name in option.alternatives]
            outcomes = [float(number) for number in range(len(weights))]
        chosen = self.by_shared_luck if rule == "shared_luck" else self.by_own_luck
        value, chance = chosen(reader, weights, outcomes, u, known)
        if rule == "threshold":
            chance = np.asarray(known) == value
        self.weigh(option.name, np.where(raised, chance, np.asarray(known) == before))
        return np.where(raised, value, before)

    def by_own_luck(
        self, reader: _Pass, weights: list[Array], outcomes: list[Any], u: Array, known: Array
    ) -> tuple[Array, Array]:
        """Return what is chosen, and the chance of the known."""
        whole = sum(weights)
        value: Array = outcomes[-1]
        told: Array = 0.0
        reached = whole
        for weight, outcome in reversed(list(zip(weights, outcomes, strict=True))):
            reached = reached - weight
            value = np.where(u * whole < reached + weight, outcome, value)
            reader.near(u * whole, reached + weight)
            told = told + np.where(np.asarray(known) == outcome, weight, 0.0)
        return value, told / np.maximum(whole, 1e-300)

    def factors(self, reader: _Pass, decision: DecisionElement) -> dict[str, Array]:
        """Return by what the reasons multiply the odds of each alternative."""
        odds: list[Array] = []
        for lean in decision.leans:
            strength = np.clip(np.asarray(reader.read(lean.strength), np.float64), 0.0, 1.0)
            odds.append(np.power(reader.names[lean.odds], lean.sign * strength))
        if odds and self.of.program.rule == "lexicographic":
            size = np.abs(np.log(np.stack(np.broadcast_arrays(*odds))))
            first = np.argmax(size, axis=0)  # of equal ones the first
            odds = [np.where(first == place, one, 1.0) for place, one in enumerate(odds)]
            for other in size:
                apart = np.where(other == size.max(axis=0), np.inf, other)
                reader.near(apart, size.max(axis=0))
        factor: dict[str, Array] = {}
        for lean, one in zip(decision.leans, odds, strict=True):
            factor[lean.to] = factor.get(lean.to, 1.0) * one
        return factor

    def by_shared_luck(
        self, reader: _Pass, weights: list[Array], outcomes: list[Any], u: Array, known: Array
    ) -> tuple[Array, Array]:
        """Return what is chosen, and the chance of the known, where half of the luck is that of all decisions."""
        from scipy.special import ndtr, ndtri  # a quarter of a second that most commands do not need

        own = weights[0] + 0.0 * u
        level, whole = [own], sum(weights)
        for weight in weights[1:]:
            level.append(level[-1] + weight)
        common = ndtri(self.luck("", "common"))
        cut = [ndtr(ndtri(np.clip(one / whole, 0.0, 1.0)) * np.sqrt(2.0) - common) for one in level[:-1]]
        value: Array = outcomes[-1]
        for outcome, one in reversed(list(zip(outcomes, cut, strict=False))):
            reader.near(u, one)
            value = np.where(u < one, outcome, value)
        told: Array = np.zeros(np.shape(u))
        for outcome, low, high in zip(outcomes, [0.0, *cut], [*cut, 1.0], strict=True):
            told = told + np.where(np.asarray(known) == outcome, high - low, 0.0)
        return value, told

    def stirred(self, reader: _Pass, decision: DecisionElement) -> Array:
        """Whether anything that the reasons read has changed since yesterday."""
        found: Array = np.zeros(np.shape(self.step), bool)
        elements = {step.name for step in self.of.program.order} | set(self.stocks)
        for name in sorted({name for lean in decision.leans for name in names_read(lean.strength)} & elements):
            key = ("seen", decision.name, name)
            now = self.seen[key] = reader.names[name]
            reader.near(now, self.state.get(key, now))
            found = found | (now != self.state.get(key, now))
        for lean in decision.leans:
            found = found | reader.turned(lean.strength)
        return found & (self.step > 0)

    # ---- movement

    def moved(self, morning: _Pass) -> dict[Key, Array]:
        """Return where stocks and delays stand in the evening, choices and luck held through the day."""
        program = self.of.program
        levels: dict[Key, Array] = {("stock", name): self.state["stock", name] for name in self.stocks}
        levels.update(morning.stands)
        part = 1.0 / program.substeps

        def slopes(at: dict[Key, Array]) -> dict[Key, Array]:
            inner = _Pass(self, at, morning)
            inner.run()
            return inner.slopes

        for number in range(program.substeps):
            one = morning.slopes if number == 0 else slopes(levels)
            if program.method == "euler":
                levels = {key: level + part * one[key] for key, level in levels.items()}
                continue
            two = slopes({key: level + part / 2 * one[key] for key, level in levels.items()})
            three = slopes({key: level + part / 2 * two[key] for key, level in levels.items()})
            four = slopes({key: level + part * three[key] for key, level in levels.items()})
            levels = {
                key: level + part * (one[key] / 6 + two[key] / 3 + three[key] / 3 + four[key] / 6)
                for key, level in levels.items()
            }
        return levels


class _Evening(Evaluator):
    """Measures, questions and signs, when a day is over."""

    def __init__(self, day: _Day, names: Values) -> None:
        super().__init__(day.of.program, day.of.alternatives, dict(names), day.step)
        self.of, self.state, self.stocks = day.of, day.state, day.stocks
        self.kept: dict[Key, Array] = {}

    def run(self) -> None:
        for summary in self.program.summaries:
            self.element = summary.name
            value = self.read(summary.node, summary.kind.alternatives)
            self.names[summary.name] = value
            for call in calls_in(summary.node):
                if isinstance(call, Call) and call.function == "previous":
                    self.kept[self.key(call)] = self.read(call.arguments[0], self.choices(call))

    def key(self, node: Call | On | Aggregate) -> Key:
        return ("summary", self.element, node.site)

    def remembered(self, node: Call, among: tuple[str, ...]) -> Array:
        key, opening = self.key(node), self.step == 0
        if node.function == "previous":
            start = self.read(node.arguments[1], self.choices(node) or among)
            return np.where(opening, start, self.state.get(key, start))
        target = node.arguments[0]
        if node.function == "initial" and isinstance(target, Name) and target.id in self.stocks:
            return self.of.numbers[self.stocks[target.id].start]
        now = self.read(target)
        if node.function == "initial":
            self.kept[key] = np.where(opening, now, self.state.get(key, now))
        else:
            self.kept[key] = np.where(now, 0.0, np.where(opening, 0.0, self.state.get(key, 0.0) + 1.0))
        return self.kept[key]

    def summarised(self, node: Any) -> Array:
        key, opening = self.key(node), self.step == 0
        now = self.read(node.operand, self.choices(node.operand))
        if isinstance(node, On):
            old = np.where(opening, 0, self.state.get(key, 0))
            self.kept[key] = np.where(self.step == (node.day - self.program.starts).days, now, old)
            return self.kept[key]
        inside = np.ones(np.shape(self.step), bool)
        if node.first is not None:
            inside = inside & (self.step >= (node.first - self.program.starts).days)
        if node.last is not None:
            inside = inside & (self.step <= (node.last - self.program.starts).days)
        return self.advanced(key, node.function, now, inside)

    def advanced(self, key: Key, function: str, now: Array, inside: Array) -> Array:
        empty = {"always": True, "ever": False, "first_day": np.inf, "peak": -np.inf}.get(function, 0.0)
        old = np.where(self.step == 0, empty, self.state.get(key, empty))
        if function == "mean":
            count = np.where(self.step == 0, 0.0, self.state.get((*key, "days"), 0.0)) + inside
            self.kept[key], self.kept[(*key, "days")] = old + np.where(inside, now, 0.0), count
            return self.kept[key] / np.maximum(count, 1.0)
        new: Array
        match function:
            case "ever":
                new = old | (inside & now)
            case "always":
                new = old & ~(inside & ~np.asarray(now, bool))
            case "first_day":
                new = np.where(inside & now, np.minimum(old, self.step), old)
            case "days":
                new = old + (inside & now)
            case "total":
                new = np.where(inside, old + now, old)
            case _:
                new = np.where(inside, np.maximum(old, now), old)
        self.kept[key] = new
        # Before the first day that counts there is no highest value yet.
        return np.where(np.isneginf(new), 0.0, new) if function == "peak" else new


def _set(value: Array, from_outside: Array | None) -> Array:
    """Return a value, or what the record gives instead."""
    if from_outside is None:
        return value
    return np.where(np.isnan(from_outside), value, from_outside)
