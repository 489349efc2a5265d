"""Claims as tests: what claims expect of the model, held to it in pairs of worlds with the same draws and luck.

One kernel is compiled for all that a case expects. It gives back every element on every day, so that the way by which a
change came to what is looked at can be told.

References
----------
D. W. Peterson and R. L. Eberlein, "Reality Check: a bridge between systems thinking and system dynamics", System
Dynamics Review 10 (1994) 159-174.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import ancestors, build_program, direct_influences, forced_by, luck_keys
from detente.dynamics.estimates import Estimate, ratio
from detente.dynamics.kernel import Kernel
from detente.dynamics.program import Program, with_summaries
from detente.equations import Kind, names_in
from detente.equations.syntax import On
from detente.errors import RequestError
from detente.exploration.expected import WORLDS, Held, Outcome, Told
from detente.exploration.few_draws import draws_worth, errors_either_side
from detente.exploration.paths import path_through, reached_by
from detente.exploration.sides import Setting, first_apart, pairs_of, sources_of, word_side
from detente.exploration.verdicts import SLIGHT, judge
from detente.machine import usable_processors
from detente.requests import Work, interruptible
from detente.requests.kinds import Truth, Whole, checked
from detente.requests.run import MOST_WORLDS, SEEDS
from detente.results import Provenance
from detente.scenario import Case, Drawn, Draws, Equation, ExpectationElement, load

__all__ = ["REPLICATES", "hold_to_claims", "worlds_to_run"]

Floats = NDArray[np.float64]
REPLICATES = 8
BLOCK_DRAWS = 64
KEPT_SIDES = 4
"""Blocks of worlds that are held back, for what is held against one side may be held against another too."""


def hold_to_claims(
    case: Case | str | Path,
    *,
    worlds: int = WORLDS,
    seed: int = 1,
    weighted: bool = True,
    tellings: int | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Held:
    """Hold a model to what its claims expect of it.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    worlds
        About how many worlds are run on either side of every comparison.
    seed, weighted
        As :func:`detente.run.run` takes them.
    tellings
        For a quick look: to how many accounts each expectation is put at most, these taken in turn; by default to all.
    threads
        How the work is done; it changes no bit of the result.
    progress, stop
        Called with the number of worlds done since the last call; set to stop early, marked as partial.

    Returns
    -------
    Held
        Each expectation with its verdict in every telling to which it was put, and the difference it was read from.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If no claim of it expects anything, or an argument is of the wrong kind or out of its bounds.
    """
    worlds, seed = checked("worlds", Whole(1, MOST_WORLDS), worlds), checked("seed", SEEDS, seed)
    weighted = checked("weighted", Truth(), weighted)
    if tellings is not None:
        tellings = checked("tellings", Whole(1, MOST_WORLDS), tellings)
    given = Work(threads=threads, progress=progress, stop=stop)
    whole = case if isinstance(case, Case) else load(case)
    if not whole.elements.expectations:
        raise RequestError(f"no claim of {whole.name} expects anything; write 'expects' below one")
    draws = max(2, worlds // REPLICATES)
    testing = _Testing(whole, draws, seed, weighted, tellings)
    count = threads or min(usable_processors() + 1, 8)
    firsts = range(0, draws, testing.block_draws)
    with interruptible(given) as work, ThreadPoolExecutor(count) as pool:
        # The first block is always run: fewer draws make intervals wide, none would leave nothing to say.
        begun = pool.map(lambda n: None if n and work.stopped else testing.block(n, work.progress), firsts)
        parts = [part for part in begun if part is not None]
    done = sum(part.counts.shape[-1] for part in parts)
    moment = whole.scenario.as_of.isoformat()
    ran = sum(part.worlds for part in parts)
    made = Provenance(whole.name, whole.hash, moment, None, {}, seed, ran, REPLICATES, weighted, partial=done < draws)
    return Held(made, done, testing.outcomes(parts))


def worlds_to_run(case: Case, worlds: int = WORLDS) -> int:
    """Return about how many worlds :func:`hold_to_claims` runs, for a bar."""
    program = build_program(case)
    pairs = {pair[1:] for expected in case.elements.expectations for pair in pairs_of(case, program, expected)}
    return worlds * (len(pairs) + len({against for _, against in pairs}))


@dataclass(frozen=True)
class _Pair:
    """One expectation in one telling."""

    row: int
    account: str | None
    changed: Setting
    against: Setting


@dataclass(frozen=True)
class _Ran:
    """A block of worlds of one side: what is looked at ``[summaries, replicates, draws]``, weights and all elements."""

    answers: NDArray[np.floating]
    log_weight: NDArray[np.floating]
    numbers: NDArray[np.generic]
    truths: NDArray[np.generic]


@dataclass(frozen=True)
class _Part:
    """What a block gives of every pair: values and log weights of both sides, and the first day each element moved."""

    values: Floats
    log_weights: Floats
    counts: NDArray[np.bool_]
    first_moved: NDArray[np.int64]
    worlds: int


class _Tellings:
    """The same draws with other readings and numbers held: only what these choose is taken anew."""

    def __init__(self, drawing: Draws, numbers: NDArray[np.uint32]) -> None:
        self.drawing, self.plain = drawing, drawing.take(numbers)
        self.found: dict[tuple[tuple[str, str], ...], Drawn] = {}

    def drawn(self, setting: Setting) -> Drawn:
        """Return the draws as one side has them."""
        if setting.readings not in self.found:
            self.found[setting.readings] = self.drawing.retold(self.plain, dict(setting.readings))
        drawn = self.found[setting.readings]
        held = {name: self.drawing.value(name, place, drawn) for name, place in setting.at if name in drawn.values}
        return replace(drawn, values={**drawn.values, **held})


class _Testing:
    """A case with one kernel that answers all that its claims expect."""

    def __init__(self, case: Case, draws: int, seed: int, weighted: bool, tellings: int | None) -> None:
        self.case, self.draws, self.weighted = case, draws, weighted
        self.block_draws = min(BLOCK_DRAWS, draws)
        self.expected = case.elements.expectations
        plain = build_program(case)
        self.program, self.rows, self.during = _with_what_is_looked_at(plain, self.expected)
        self.reads = direct_influences(self.program)
        self.elements, self.upstream = self._upstream()
        daily = [name for name, day in self.during.values()] + [day for _, day in self.during.values()]
        self.kernel = Kernel(self.program, REPLICATES, (*self.elements, *dict.fromkeys(daily)))
        self.places = dict(zip(self.kernel.series, self.kernel.places, strict=True))
        self.recorded, self.luck = forced_by(case, self.program), luck_keys(self.program, seed)
        self.drawing = Draws(case, seed, self.program.parameters)
        pairs = [
            _Pair(row, *pair)
            for row, expected in enumerate(self.expected)
            for pair in _in_turn(pairs_of(case, self.program, expected), row, tellings)
        ]
        # Pairs that share a side stand together, so that it need not be run anew.
        self.pairs = sorted(pairs, key=lambda pair: (repr(pair.against), repr(pair.changed), pair.row))

    def _upstream(self) -> tuple[tuple[str, ...], list[list[int]]]:
        """Return every element that what is looked at depends on, in the order of the day, and which each does."""
        own = [ancestors(self.program, expected.node, self.reads) for expected in self.expected]
        found = set().union(*own)
        names = [step.name for step in (*self.program.order, *self.program.stocks) if step.name in found]
        return tuple(names), [[column for column, name in enumerate(names) if name in one] for one in own]

    def block(self, first: int, progress: Callable[[int], None] | None) -> _Part:
        """Run one block of draws under every setting, and compare them pair by pair."""
        numbers = np.arange(first, min(first + self.block_draws, self.draws), dtype=np.uint32)
        held: OrderedDict[Setting, _Ran] = OrderedDict()
        told = _Tellings(self.drawing, numbers)
        ran = 0

        def side(setting: Setting) -> _Ran:
            nonlocal ran
            if setting in held:
                held.move_to_end(setting)
                return held[setting]
            found = self.run(setting, told.drawn(setting))
            ran += found.log_weight.size
            if progress is not None:
                progress(found.log_weight.size)
            held[setting] = found
            while len(held) > KEPT_SIDES:
                held.popitem(last=False)
            return found

        shape = (len(self.pairs), 2, REPLICATES, len(numbers))
        values, log_weights = np.empty(shape), np.empty(shape)
        counts = np.ones((len(self.pairs), *shape[2:]), np.bool_)
        moved = np.empty((len(self.pairs), len(self.elements)), np.int64)
        for number, pair in enumerate(self.pairs):
            both = side(pair.changed), side(pair.against)
            log_weights[number] = [one.log_weight for one in both]
            values[number], counts[number] = self.looked_at(pair, both)
            still = bool((values[number, 0] == values[number, 1])[counts[number]].all())
            moved[number] = self.first_moved(pair, both, still)
        return _Part(values, log_weights, counts, moved, ran)

    def run(self, setting: Setting, drawn: Drawn) -> _Ran:
        """Run the worlds of some draws with what one side sets."""
        numbers = drawn.numbers
        filled = np.resize(np.arange(len(numbers)), self.block_draws)  # the last block is filled up and cut off again
        parameters = drawn.matrix(self.program.parameters, self.kernel.dtype)[:, filled]
        forced = setting.forced(self.program, self.recorded)
        out = self.kernel.run(self.kernel.inputs(parameters, self.luck, numbers[filled], forced))
        kept = slice(len(numbers))
        weight = out.weight_by_world[:, kept]
        if not self.weighted:
            weight = np.where(np.isnan(weight), weight, weight.dtype.type(0))
        series = [self.by_day(np.asarray(table))[..., kept] for table in (out.kept.numbers, out.kept.truths)]
        return _Ran(out.by_world[:, :, kept], weight, *series)

    def by_day(self, table: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return what the kernel wrote down, ``[days, names, …]``, as ``[days, names, replicates, draws]``."""
        return table.reshape(*table.shape[:2], REPLICATES, self.block_draws)

    def looked_at(self, pair: _Pair, both: tuple[_Ran, _Ran]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return what is looked at on both sides, ``[2, replicates, draws]``, and which pairs of worlds count."""
        expected = self.expected[pair.row]
        if pair.row not in self.during:
            found = np.stack([one.answers[self.rows[pair.row]] for one in both]).astype(np.float64)
            found = np.where(np.isinf(found), self.program.days, found)
            return found, np.ones(found.shape[1:], np.bool_)
        name, condition = self.during[pair.row]
        days = slice(first_apart(pair.changed, pair.against), expected.by + 1)
        holds = np.logical_and(*(self.series(one, condition)[days].astype(np.bool_) for one in both))
        how_often = holds.sum(axis=0)
        means = [
            np.where(holds, self.series(one, name)[days].astype(np.float64), 0.0).sum(axis=0) / np.maximum(how_often, 1)
            for one in both
        ]
        return np.stack(means), how_often > 0

    def series(self, ran: _Ran, name: str) -> NDArray[np.generic]:
        """Return what a name was on each day, ``[days, replicates, draws]``."""
        truth, place = self.places[name]
        return ran.truths[:, place] if truth else ran.numbers[:, place]

    def first_moved(self, pair: _Pair, both: tuple[_Ran, _Ran], still: bool) -> NDArray[np.int64]:
        """Return the first day on which each element differs in any world; the number of days where it never does.

        Looked at are the days on which the sides can differ, up to the one that is asked about, each element until it
        has moved, and where what is looked at has moved only what it depends on: the way leads through these.
        """
        days = range(first_apart(pair.changed, pair.against), self.expected[pair.row].by + 1)
        found = np.full(len(self.elements), self.program.days, np.int64)
        columns = range(len(self.elements)) if still else self.upstream[pair.row]
        for truth in (False, True):
            one, other = ((side.truths if truth else side.numbers) for side in both)
            left = np.array([column for column in columns if self.places[self.elements[column]][0] is truth], np.int64)
            for day in days:
                if not len(left):
                    break
                places = [self.places[self.elements[column]][1] for column in left]
                moved = _apart(one[day, places], other[day, places])
                found[left[moved]] = day
                left = left[~moved]
        return found

    def outcomes(self, parts: Sequence[_Part]) -> tuple[Outcome, ...]:
        """Return what came of every expectation."""
        values = np.concatenate([part.values for part in parts], axis=-1)
        log_weights = np.concatenate([part.log_weights for part in parts], axis=-1)
        counts = np.concatenate([part.counts for part in parts], axis=-1)
        moved = np.min([part.first_moved for part in parts], axis=0)
        told: dict[int, list[tuple[str | None, Told]]] = {}
        for number, pair in enumerate(self.pairs):
            one = self.told(pair, values[number], log_weights[number], counts[number], moved[number])
            told.setdefault(pair.row, []).append((pair.account, one))
        order = [None, *self.case.scenario.accounts]
        return tuple(
            self.outcome(expected, sorted(told[row], key=lambda named: order.index(named[0])))
            for row, expected in enumerate(self.expected)
        )

    def outcome(self, expected: ExpectationElement, told: list[tuple[str | None, Told]]) -> Outcome:
        """Return one expectation in words, with what came of it."""
        entry = self.case.scenario.claims[expected.claim]
        holder = entry if expected.reading is None else (entry.readings or {})[expected.reading]
        finds = holder.expects[expected.number - 1].finds
        day = self.program.date_of(expected.by).isoformat()
        when = f" while {expected.condition}, to {day}" if expected.during is not None else f" on {day}"
        own = expected.during is None and not _has_day(expected, self.program)
        unit = "point" if expected.kind.name == "truth" else "day" if expected.kind.name == "date" else ""
        if expected.kind.name == "number" and expected.kind.unit is not None and expected.kind.unit.dimensions:
            unit = expected.kind.unit.text
        return Outcome(
            expected.name, expected.claim, expected.reading, word_side(expected.changed), word_side(expected.against),
            expected.text.strip() + ("" if own else when), unit, finds, tuple(one for _, one in told),
            expected.fails_because,
        )  # fmt: skip

    def told(
        self,
        pair: _Pair,
        values: Floats,
        log_weights: Floats,
        counts: NDArray[np.bool_],
        moved: NDArray[np.int64],
    ) -> Told:
        """Judge one expectation in one telling; values and weights are ``[2, replicates, draws]``."""
        expected = self.expected[pair.row]
        days = {name: int(day) for name, day in zip(self.elements, moved, strict=True) if day <= expected.by}
        sources = sources_of(self.case, pair.changed, pair.against)
        passable = {*days, *self.program.elements.measures}
        path = path_through(sources, names_in(expected.node), self.reads, passable)
        every = np.exp(np.maximum(log_weights - log_weights.max(axis=(1, 2), keepdims=True), -600.0))
        weights = every * counts
        share = float(weights[0].sum() / every[0].sum())
        if np.isnan(values).any() or np.isnan(log_weights).any():
            none = (float("nan"),) * 6
            return Told(pair.account, "fails", *none, 0.0, path, remark="it is no number in some worlds")
        by_draw = weights.sum(axis=1)
        reach = max(errors_either_side(one) for one in by_draw)
        if math.isinf(reach):
            none, remark = (float("nan"),) * 6, "the condition holds on both sides in no pair of worlds"
            if by_draw.sum(axis=1).all():
                remark = f"what counts is worth {min(draws_worth(one) for one in by_draw):.1f} draws, too few to tell"
            return Told(pair.account, "not resolved", *none, share, path, remark=remark)
        sides = [ratio((one * by).sum(axis=0), by.sum(axis=0)) for one, by in zip(values, weights, strict=True)]
        effect: Estimate = sides[0] - sides[1]
        low, high = effect.interval(reach)
        slight = SLIGHT * _spread(values, weights)
        verdict = judge(expected.finds, expected.bound, low, high, slight)
        still = bool((values[0] == values[1])[counts].all()) and effect.value == 0
        return Told(
            pair.account, verdict, sides[0].value, sides[1].value, effect.value, low, high, slight, share,
            path if not still else (), reached_by(days, sources) if still else (),
            "nothing differs in any world" if still else "",
        )  # fmt: skip


def _apart(one: NDArray[np.generic], other: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Return which rows differ anywhere; what is no number on both sides is alike, bit for bit."""
    bits = np.dtype(f"u{one.dtype.itemsize}")
    differs = one.view(bits) != other.view(bits)
    rows = np.asarray(differs.any(axis=(1, 2)))
    if one.dtype != np.bool_ and rows.any():  # nor do two zeros of unlike sign differ
        rows[rows] = (differs[rows] & (one[rows] != other[rows])).any(axis=(1, 2))
    return rows


def _spread(values: Floats, weights: Floats) -> float:
    """Return the standard deviation of what is looked at over the worlds of both sides, which count alike."""
    shares = weights / weights.sum(axis=(1, 2), keepdims=True) / 2
    mean = float((values * shares).sum())
    return float(np.sqrt(((values - mean) ** 2 * shares).sum()))


def _has_day(expected: ExpectationElement, program: Program) -> bool:
    """Whether what is looked at is told on the day that 'by' gives, and has no days of its own."""
    node = expected.node
    return isinstance(node, On) and program.day_of(node.day) == expected.by


def _with_what_is_looked_at(
    program: Program, expected: Sequence[ExpectationElement]
) -> tuple[Program, dict[int, int], dict[int, tuple[str, str]]]:
    """Return a program whose summaries are the measures and what is looked at, with the place of each.

    Returns
    -------
    tuple
        The program; by expectation the position of its summary; and, for those that are a mean over days, the names of
        what is looked at and of the condition, day by day.
    """
    measures = _measures_read(program, expected)
    hidden: dict[tuple[str, object], Equation] = {}
    during: dict[int, tuple[str, str]] = {}
    rows: dict[int, int] = {}

    def hide(kind: Kind, node: object) -> str:
        key = (kind.name, node)
        if key not in hidden:
            name = f"expected/{len(hidden)}"
            hidden[key] = Equation(name, "hidden", kind, node, ("expected", name))  # type: ignore[arg-type]
        return hidden[key].name

    for row, one in enumerate(expected):
        name = hide(one.kind, one.node)
        if one.during is not None:
            during[row] = (name, hide(Kind("truth"), one.during))
    whole = with_summaries(program, (*measures, *hidden.values()), instead=True)
    names = [summary.name for summary in whole.summaries]
    for row, one in enumerate(expected):
        rows[row] = names.index(hidden[one.kind.name, one.node].name)
    return whole, rows, during


def _measures_read(program: Program, expected: Sequence[ExpectationElement]) -> tuple[Equation, ...]:
    """Return the measures that anything that is looked at, or the record, reads, in the order of the program."""
    by_name = {summary.name: summary for summary in program.summaries if summary.role == "measure"}
    left = [node for one in expected for node in (one.node, one.during) if node is not None]
    wanted = {element for _, element, _ in program.observed if element in by_name}
    left += [by_name[name].node for name in wanted]
    while left:
        for name in names_in(left.pop()) & set(by_name):
            if name not in wanted:
                wanted.add(name)
                left.append(by_name[name].node)
    return tuple(summary for name, summary in by_name.items() if name in wanted)


def _in_turn(
    pairs: tuple[tuple[str | None, Setting, Setting], ...], first: int, most: int | None
) -> tuple[tuple[str | None, Setting, Setting], ...]:
    """Return some of the tellings of an expectation, another first one for each; all where no limit is given."""
    if most is None or len(pairs) <= most:
        return pairs
    return tuple(pairs[(first + number) % len(pairs)] for number in range(most))
