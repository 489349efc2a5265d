"""The fewest pairs of states to order anew so that a state holds under sequential stability: an integer program."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.stability.conflict import Conflict

__all__ = ["MinimalPreferenceChange", "minimal_preference_change", "span"]

Ranks = NDArray[np.signedinteger]

LARGEST = 4_096
"""States beyond which no program is written: the pairs of them are too many."""
MOST_VARIABLES = 40_000
"""Variables beyond which a program is not handed to the solver."""
SECONDS = 30.0
"""How long the answers to one question may take unless another time is given."""
CUTS = 20_000
"""Rows that are added in one go to mend circles."""


@dataclass(frozen=True)
class MinimalPreferenceChange:
    """What was found: new ranks of those who change, at what cost.

    ``ranks`` is empty where no ranking of those who may change does it, or none was found; ``proven`` says whether that
    is the whole truth.
    """

    cost: int
    ranks: Mapping[int, Ranks]
    proven: bool


def minimal_preference_change(
    conflict: Conflict,
    state: int,
    vary: Sequence[int],
    *,
    symmetric: bool,
    sanctions: str = "legal",
    seconds: float = SECONDS,
    below: int | None = None,
) -> MinimalPreferenceChange:
    """Find rankings, nearest to the present ones, under which a state is a sequential equilibrium.

    Parameters
    ----------
    conflict, state
        The conflict, and the state that is to hold, from 0.
    vary
        The decision makers whose ranking may change.
    symmetric
        Whether whoever improves may move on after the answer: SSEQ instead of SEQ.
    sanctions
        The rule of sanctioning sequences.
    seconds
        How long it may take; what is not settled by then is given up.
    below
        Only a change of fewer pairs than these is looked for, as one of so many is at hand.

    Returns
    -------
    MinimalPreferenceChange
        Its cost in pairs of states and the new ranks of those who change, ``[states]``; no ranks where there is no
        such change or none was found, and whether that is proven.

    Notes
    -----
    1. For each decision maker that may change, two variables for each pair of states say which is ranked above the
       other, if any. A ranking is changed in as many pairs as differ from the present one. Rankings obey: if a is above
       c, then it is above any b, or b is above c.
    2. For each state that somebody can move to from the state in question: either that one does not like it better,
       or one unit flows from there, along moves that their movers like, to an answer that holds it back.
    3. To turn a pair round, at least one pair must change for each state ranked between the two. So at first only
       pairs of a short span may change. A solution within that span is the least of all; else the span is widened.
    4. Of the rules that make a ranking out of pairs, only those between the ends of pairs that may matter are there
       from the start. Others are added where a solution breaks them, until none is broken.

    References
    ----------
    M. Grötschel, M. Jünger, G. Reinelt, "A cutting plane algorithm for the linear ordering problem", Operations
    Research 32 (1984). Solver: HiGHS; Q. Huangfu, J. A. J. Hall, Mathematical Programming Computation 10 (2018).
    """
    if conflict.count > LARGEST:
        return MinimalPreferenceChange(0, {}, False)
    most = conflict.count - 1 if below is None else min(below - 1, conflict.count - 1)
    within, until = min(8, most), time.monotonic() + seconds
    while True:
        program = _Program(conflict, state, tuple(vary), symmetric, sanctions, within, until, below)
        found = program.solve()
        whole = within >= most
        if found is None and not program.given_up and not whole:
            within = min(4 * within, most)
        elif found is None:
            return MinimalPreferenceChange(0, {}, not program.given_up)
        elif found.cost > within and not whole:
            within = min(found.cost, most)
        else:
            return found


def span(ranks: Ranks) -> NDArray[np.int64]:
    """Return how many states are ranked no higher than each place from -1 up; ranks are from 0 without gaps."""
    return np.concatenate([[0], np.cumsum(np.bincount(ranks))])


@dataclass(frozen=True)
class _Term:
    """A truth: one of the program's variables, or a constant where ``variable`` is -1."""

    variable: int
    constant: int = 0

    @property
    def never(self) -> bool:
        return self.variable < 0 and not self.constant

    @property
    def always(self) -> bool:
        return self.variable < 0 and bool(self.constant)


Node = tuple[int, frozenset[int]]
"""A state, and who may not move from there."""


@dataclass
class _Program:
    """The program with its variables and rows so far."""

    conflict: Conflict
    state: int
    vary: tuple[int, ...]
    symmetric: bool
    sanctions: str
    within: int
    until: float
    below: int | None = None
    given_up: bool = False
    cost: list[int] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    pairs: dict[tuple[int, int, int], int] = field(default_factory=dict)
    rows: list[tuple[list[int], list[int], float, float]] = field(default_factory=list)
    known: set[tuple[int, int, int, int]] = field(default_factory=set)
    apart: int = 0
    """Pairs with variables that are strictly ordered at present: what a solution in which all change would cost."""
    floor: int | None = None
    """What the last solution cost: rows are only added, so no later one costs less."""

    @cached_property
    def ranks(self) -> list[NDArray[np.int64]]:
        return [np.unique(ranks, return_inverse=True)[1].astype(np.int64) for ranks in self.conflict.ranks]

    @cached_property
    def spans(self) -> dict[int, NDArray[np.int64]]:
        return {i: span(self.ranks[i]) for i in self.vary}

    def solve(self) -> MinimalPreferenceChange | None:
        """Solve, mend circles and solve again; None where there is no solution, or none was found in time."""
        possible = self._build()
        while possible and not self.given_up:
            values = self._solved()
            if values is None:
                return None
            above = {i: self._above(i, values) for i in self.vary}
            broken = [row for i in self.vary for row in self._broken(i, above[i])]
            if not broken:
                ranks = {i: np.unique(x.sum(axis=1), return_inverse=True)[1] for i, x in above.items()}
                cost = sum(self._changed(i, x) for i, x in above.items())
                changed = {i: r for i, r in ranks.items() if self._changed(i, above[i])}
                return MinimalPreferenceChange(cost, changed, True)
            before = len(self.rows)
            for row in broken[:CUTS]:
                self._order(*row)
            self.given_up = len(self.cost) > MOST_VARIABLES or len(self.rows) == before
        return None

    # --- variables and rows ---------------------------------------------------------------------------------------

    def _variable(self, cost: int, whole: int) -> int:
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.cost) - 1

    def _row(self, terms: Sequence[tuple[int, _Term]], least: float = -np.inf, most: float = np.inf) -> None:
        shift = sum(sign * term.constant for sign, term in terms if term.variable < 0)
        kept = [(sign, term.variable) for sign, term in terms if term.variable >= 0]
        self.rows.append(([v for _, v in kept], [s for s, _ in kept], least - shift, most - shift))

    def _is_above(self, i: int, one: int, other: int) -> _Term:
        """Return whether somebody ranks one state above another: a variable where that can change within the span."""
        ranks = self.ranks[i]
        if one == other:
            return _Term(-1, 0)
        low, high = sorted((int(ranks[one]), int(ranks[other])))
        if i not in self.vary or self.spans[i][high + 1] - self.spans[i][low] - 1 > self.within:
            return _Term(-1, int(ranks[one] > ranks[other]))
        if (i, one, other) not in self.pairs:
            first, second = (one, other) if ranks[one] >= ranks[other] else (other, one)
            apart = high > low
            self.apart += apart
            self.pairs[i, first, second] = self._variable(-1 if apart else 1, 1)
            self.pairs[i, second, first] = self._variable(0 if apart else 1, 1)
            both = (_Term(self.pairs[i, first, second]), _Term(self.pairs[i, second, first]))
            self._row([(1, term) for term in both], most=1)
        return _Term(self.pairs[i, one, other])

    def _order(self, i: int, one: int, between: int, other: int) -> None:
        """Add: if one is above the other, it is above what is between, or that is above the other."""
        if (i, one, between, other) not in self.known:
            self.known.add((i, one, between, other))
            upper, lower = self._is_above(i, one, between), self._is_above(i, between, other)
            self._row([(1, self._is_above(i, one, other)), (-1, upper), (-1, lower)], most=0)

    # --- what the program says ------------------------------------------------------------------------------------

    def _build(self) -> bool:
        """Write down what is asked; say whether it can be at all."""
        for j in range(len(self.conflict.makers)):
            for left in self.conflict.moves[j].of(self.state).tolist():
                tempting = self._is_above(j, left, self.state)
                if not tempting.never and not self._answered(j, left, tempting):
                    return False
        for i, one, other in list(self.pairs):
            ranks = self.ranks[i]
            if ranks[one] < ranks[other] or (ranks[one] == ranks[other] and one > other):
                continue
            inside = np.flatnonzero((ranks >= ranks[other]) & (ranks <= ranks[one]))
            for between in inside.tolist():
                if between not in (one, other):
                    self._order(i, one, other, between)
                    self._order(i, between, one, other)
                    self._order(i, other, between, one)
            if len(self.cost) > MOST_VARIABLES:
                self.given_up = True
                return False
        return True

    def _answered(self, j: int, left: int, tempting: _Term) -> bool:
        """Write down that a move is answered if it is tempting; say whether that can be."""
        start: Node = (left, frozenset({j}))
        into: dict[Node, list[int]] = {start: []}
        out: dict[Node, list[int]] = {}
        shared: dict[tuple[int, int, int], list[int]] = {}
        waiting, ends = deque([start]), False
        while waiting:
            node = waiting.popleft()
            out[node] = []
            for k, target, after in self._steps(j, node):
                likes = self._is_above(k, target, node[0])
                if likes.never:
                    continue
                flow = self._variable(0, 0)
                if not likes.always:
                    shared.setdefault((k, node[0], target), []).append(flow)
                out[node].append(flow)
                if (target, after) not in into:
                    into[target, after] = []
                    waiting.append((target, after))
                into[target, after].append(flow)
            if len(self.cost) > MOST_VARIABLES:
                self.given_up = True
                return False
        for node, flows in into.items():
            if node == start:
                self._row([*((1, _Term(v)) for v in out[node]), *((-1, _Term(v)) for v in flows), (-1, tempting)], 0.0)
                continue
            end = self._end(j, node[0])
            ends |= bool(end)
            passing = [(1, _Term(v)) for v in flows] + [(-1, _Term(v)) for v in (*out[node], *end)]
            self._row(passing, 0.0, 0.0)
        for (k, here, target), flows in shared.items():
            self._row([*((1, _Term(v)) for v in flows), (-1, self._is_above(k, target, here))], most=0.0)
        return ends or not tempting.always

    def _steps(self, j: int, node: Node) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Yield who can move on from a node, where to, and who may not move from there."""
        here, barred = node
        for k in range(len(self.conflict.makers)):
            if k in barred:
                continue
            after = {"legal": {j, k}, "once": barred | {k}, "single": set(range(len(self.conflict.makers)))}
            for target in self.conflict.moves[k].of(here).tolist():
                yield k, target, frozenset(after[self.sanctions])

    def _end(self, j: int, here: int) -> list[int]:
        """Return the flow that may end in a state because it holds a decision maker back; none where it cannot."""
        judged = [here, *(self.conflict.moves[j].of(here).tolist() if self.symmetric else ())]
        better = [self._is_above(j, there, self.state) for there in judged]
        if any(term.always for term in better):
            return []
        flow = self._variable(0, 0)
        for term in better:
            if not term.never:
                self._row([(1, _Term(flow)), (1, term)], most=1.0)
        return [flow]

    # --- solving --------------------------------------------------------------------------------------------------

    def _solved(self) -> NDArray[np.float64] | None:
        from scipy import sparse  # a third of a second that few commands need
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self.cost:
            return np.zeros(0)
        rows = list(self.rows)
        if self.floor is not None or self.below is not None:
            dear = [v for v, cost in enumerate(self.cost) if cost]
            least = -np.inf if self.floor is None else self.floor - self.apart
            most = np.inf if self.below is None else self.below - 1 - self.apart
            rows.append((dear, [self.cost[v] for v in dear], least, most))
        row = np.repeat(np.arange(len(rows)), [len(columns) for columns, _, _, _ in rows])
        column = np.array([c for columns, _, _, _ in rows for c in columns], np.int64)
        sign = np.array([s for _, signs, _, _ in rows for s in signs], np.float64)
        matrix = sparse.csr_array((sign, (row, column)), shape=(len(rows), len(self.cost)))
        left = self.until - time.monotonic()
        found = milp(
            self.cost, integrality=self.whole, bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, [each[2] for each in rows], [each[3] for each in rows]),
            options={"time_limit": max(left, 0.01), "mip_rel_gap": 0.0},
        )  # fmt: skip
        self.given_up = found.status not in (0, 2)  # neither solved nor without a solution: out of time
        if found.status != 0:
            return None
        self.floor = round(found.fun) + self.apart
        return np.asarray(found.x)

    def _above(self, i: int, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which states are ranked above which in a solution, ``[states, states]``."""
        ranks = self.ranks[i]
        above = ranks[:, None] > ranks
        for (maker, one, other), variable in self.pairs.items():
            if maker == i:
                above[one, other] = values[variable] > 0.5
        return np.asarray(above)

    def _changed(self, i: int, above: NDArray[np.bool_]) -> int:
        """Return how many pairs are ordered otherwise than at present."""
        before = self.ranks[i][:, None] > self.ranks[i]
        return int(((above != before) | (above != before).T).sum()) // 2

    def _broken(self, i: int, above: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
        """Return the rules of an order that a solution breaks, each with a pair that it changes."""
        ranks = self.ranks[i]
        before = ranks[:, None] > ranks
        broken = []
        for a, b in np.argwhere((above != before) | (above != before).T).tolist():
            if above[a, b]:
                broken += [(i, a, y, b) for y in np.flatnonzero(~above[a] & ~above[:, b]).tolist()]
            else:
                broken += [(i, a, b, y) for y in np.flatnonzero(above[a] & ~above[b]).tolist()]
                broken += [(i, y, a, b) for y in np.flatnonzero(above[:, b] & ~above[:, a]).tolist()]
        return [row for row in dict.fromkeys(broken) if len(set(row[1:])) == 3]
