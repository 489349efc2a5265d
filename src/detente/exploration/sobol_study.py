"""One study of a case: its design run, at the declared and at other ranges, and every answer's indices read from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.exploration.design import paired_design
from detente.exploration.factors import reach_of
from detente.exploration.indices import Estimates, mean_and_variance
from detente.exploration.ranking import Shares, rank_entries, shares_of
from detente.exploration.result import HALF, Entry, Index, Sensitivity
from detente.exploration.sampling import Sampler
from detente.exploration.sensitivity import Alone, Paired

__all__ = ["RUNS_A_ROW", "SCREENING", "SobolStudy", "run_sobol_study"]

Floats = NDArray[np.float64]
Columns = frozenset[int]
SCREENING = 64
"""Rows in which each factor is tried by itself: one that changes nothing in them is idle."""
SINGLE = 4
"""Model runs, for each row of the design, that total indices of all single factors take together."""
LEADING = 8
"""Model runs, for each row of the design, that those of leading factors and groups take together."""
LEADERS = 5
"""How many of each ranking's first entries are among them, for each answer."""
COMPANY = 2
"""How many factors that matter in company only are among them, for each answer."""
TIMES = (0.5, 2.0)
"""How wide the ranges are where a ranking is checked."""
RUNS_A_ROW = 8 + 4 + SINGLE + LEADING
"""Model runs of a study for each row of its design: eight in pairs, four at other ranges, and those for totals."""


@dataclass(frozen=True)
class SobolStudy:
    """What was run of a case, and what is computed from it once for all answers.

    Parameters
    ----------
    paired
        The worlds.
    parts
        For luck, ignorance, dispute and assumptions, the closed index and the total index of each answer.
    scales
        What each thing accounts for by itself, for each ranking: at the declared ranges, halved and doubled.
    groups
        The factors behind each name of each ranking.
    totals
        Total indices of every factor that changes anything, and of the groups that lead a ranking.
    mean, variance
        Of each outcome, luck counted.
    """

    paired: Paired
    parts: Mapping[str, tuple[Estimates, Estimates]]
    scales: Sequence[Mapping[str, Shares]]
    groups: Mapping[str, Mapping[str, Columns]]
    totals: Mapping[Columns, Estimates]
    mean: Floats
    variance: Floats

    def sensitivity(self, target: str) -> Sensitivity:
        """Return what one answer hangs on."""
        sampler = self.paired.sampler
        case, row = sampler.simulation.case, sampler.targets.index(target)
        kind = sampler.followed[row].type
        mean, variance = float(self.mean[row]), float(self.variance[row])
        if variance <= 0:
            return Sensitivity(target, kind, mean, 0.0, None, None, None, None, None, None, (), (), (), (), ())
        free = Index.of(self.paired.knowing_all, row)
        share = free.value if free is not None and free.low > 0 else 0.0
        luck = self._part("luck", row, 0.0)
        ignorance, dispute, assumptions = (
            self._part(name, row, share) for name in ("ignorance", "dispute", "assumptions")
        )
        rankings = {name: self._ranking(name, row, share) for name in self.groups}
        main = next((name for name, entry in case.scenario.sources.items() if entry.sentences), "")
        first = [e.name for e in rankings["sentences"] if e.name.startswith(f"{main} ") and e.index.low > 0]
        return Sensitivity(
            target, kind, mean, variance, free, luck, ignorance, dispute, assumptions,
            _interactions(luck, ignorance, dispute), rankings["factors"], rankings["claims"], rankings["sentences"],
            rankings["sources"], tuple(first[:3]),
        )  # fmt: skip

    def _part(self, name: str, row: int, luck_free: float) -> Entry | None:
        closed, whole = self.parts[name]
        total = Index.of(whole, row)
        value, error = float(closed.value[row]), float(closed.error[row])
        if total is not None and total.value == total.high == 0:
            value = error = 0.0  # what changes nothing in any world accounts for nothing
        index = Index.about(value, error)
        if index is None:
            return None
        free = Index.about(value / luck_free, error / luck_free) if luck_free > 0 else None
        return Entry(name, index, free, total)

    def _ranking(self, kind: str, row: int, luck_free: float) -> tuple[Entry, ...]:
        members, variance = self.groups[kind], float(self.variance[row])

        def total(name: str) -> Index | None:
            found = self.totals.get(members[name])
            return Index.of(found, row) if found is not None else None

        return rank_entries([scale[kind] for scale in self.scales], row, variance, luck_free * variance, total)


def _interactions(*parts: Entry | None) -> Index | None:
    """Return what the parts do not account for each by itself."""
    known = [part.index for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    error = np.sqrt(sum(((index.high - index.low) / 2 / HALF) ** 2 for index in known))
    return Index.about(1 - sum(index.value for index in known), float(error))


def run_sobol_study(sampler: Sampler, rows: int, seed: int) -> SobolStudy:
    """Run the design of a case, at the declared and at other ranges, and the total indices of what leads.

    Parameters
    ----------
    sampler
        What is run.
    rows
        Rows of the design, a power of 2.
    seed
        Of the design's scrambling.

    Returns
    -------
    SobolStudy
        Shares by kind of thing, at each scale of the ranges; total indices; means and variances of the answers in
        their units and units squared.
    """
    factors = sampler.factors
    paired = Paired(sampler, paired_design(rows, len(factors.names), seed))
    luck, everything = paired.luck, paired.everything
    whole = [luck, everything, everything - luck, factors.ignorance, factors.dispute, factors.assumptions]
    whole.append(everything - luck - factors.assumptions)
    single = [frozenset({column}) for column in range(len(factors.names))]
    few = min(SCREENING, rows)
    paired.run(dict.fromkeys(single, few) | dict.fromkeys([paired.none, *whole], rows))
    reach = reach_of(sampler.simulation, factors, sampler.targets)
    for column, columns in enumerate(single):
        reach[:, column] &= paired.changes(columns, few)
    alone = _alone(paired, reach, 1.0)
    scales = [shares_of(alone), *(shares_of(_alone(paired, reach, times)) for times in TIMES)]
    groups: dict[str, Mapping[str, Columns]] = {
        "factors": dict(zip(factors.names, single, strict=True)),
        "claims": factors.claims,
        "sentences": factors.sentences,
        "sources": factors.sources,
    }
    worlds = [paired.at(columns) for columns in (paired.none, everything)]
    log = np.concatenate([one.log_weight for one in worlds])
    answers = np.concatenate([one.answers for one in worlds], axis=1)
    mean, variance = mean_and_variance(answers, np.exp(log - log.max()))
    totals = _totals(paired, reach, groups, scales[0])
    for kind in ("factors", "claims", "sources"):  # a sentence's share is split, its total is not
        members = groups[kind]
        scales[0][kind] = scales[0][kind].with_totals([totals.get(members[name]) for name in scales[0][kind].names])
    return SobolStudy(paired, _parts(paired, alone, variance), scales, groups, totals, mean, variance)


def _parts(paired: Paired, alone: Alone, variance: Floats) -> dict[str, tuple[Estimates, Estimates]]:
    """Return the closed and the total index of luck, ignorance, dispute and the assumptions.

    Ignorance is too many factors to be put together from what each explains, luck is none that could be binned: these
    two come from pairs of worlds. The others are put together, which tells far less from nothing, unless pairs of
    worlds tell that something is missing: what three factors do together, or two in another way than as a product.
    """
    factors, whole = paired.factors, 1 / np.where(variance > 0, variance, 1.0)
    found = {
        "luck": (paired.closed(paired.luck), paired.total(paired.luck)),
        "ignorance": (paired.closed(factors.ignorance), paired.total(factors.ignorance)),
    }
    for name, columns in (("dispute", factors.dispute), ("assumptions", factors.assumptions)):
        together, pairs = alone.group(columns).times(whole), paired.closed(columns)
        missing = np.abs(pairs.value - together.value) > HALF * np.hypot(pairs.error, together.error)  # false where NaN
        closed = Estimates(
            np.where(missing, pairs.value, together.value), np.where(missing, pairs.error, together.error)
        )
        found[name] = (closed, paired.total(columns))
    return found


def _alone(paired: Paired, reach: NDArray[np.bool_], times: float) -> Alone:
    """Return what factors account for by themselves, with ranges so many times as wide.

    At the declared ranges each point has two worlds, whose answers are averaged: that takes out half of luck.
    """
    design, sampler = paired.design, paired.sampler
    points = np.concatenate([design.first, design.second])
    if times == 1:
        luck, others = paired.luck, paired.everything
        once = [paired.at(paired.none), paired.at(others - luck)]
        again = [paired.at(luck), paired.at(others)]
        pairs = [once, again]
    else:
        numbers = np.arange(2 * design.rows, dtype=np.uint32)
        pairs = [[sampler.run(points, numbers, times)]]
    logs = np.stack([np.concatenate([part.log_weight for part in parts]) for parts in pairs])
    answers = np.stack([np.concatenate([part.answers for part in parts], axis=1) for parts in pairs])
    each = np.exp(logs - logs.max())
    weights = each.sum(axis=0)
    average = (answers * each[:, None, :]).sum(axis=0) / np.maximum(weights, 1e-300)
    return Alone(sampler, points, average, weights, reach, design.parts)


def _totals(
    paired: Paired, reach: NDArray[np.bool_], groups: Mapping[str, Mapping[str, Columns]], scales: Mapping[str, Shares]
) -> dict[Columns, Estimates]:
    """Return the total indices of every factor, and of what leads some ranking.

    A factor may matter in company only, so none is passed over for what it does by itself; one that changes nothing has
    a total of 0 from the worlds in which it was tried. What leads by itself or in company gets more worlds.
    """
    rows, every = paired.design.rows, [frozenset({column}) for column in range(reach.shape[1])]
    moving = [columns for columns in every if reach[:, min(columns)].any()]
    each = _rows_for(SINGLE, moving, rows)
    paired.run(dict.fromkeys(moving, each))
    tried = {columns: each if columns in moving else min(SCREENING, rows) for columns in every}
    found = {columns: paired.index([(paired.none, columns)], count).complement for columns, count in tried.items()}
    leading: dict[Columns, None] = {}
    for kind, members in groups.items():
        shares = scales[kind]
        for answer in range(shares.values.shape[1]):
            for row in shares.order(answer)[:LEADERS]:
                if shares.values[row, answer] > 2 * shares.errors[row, answer]:
                    leading[members[shares.names[row]]] = None
    by_itself = _told(scales["factors"])
    for answer in range(len(reach)):
        company = [columns for columns in moving if not by_itself[min(columns), answer]]
        surest = sorted(company, key=lambda columns: -_least(found[columns], answer))[:COMPANY]
        leading |= dict.fromkeys(columns for columns in surest if _least(found[columns], answer) > 0)
    more = _rows_for(LEADING, leading, rows)
    if more > each:
        paired.run(dict.fromkeys(leading, more))
    for columns in leading:
        found[columns] = paired.index([(paired.none, columns)], max(more, each)).complement
    return found


def _told(shares: Shares) -> NDArray[np.bool_]:
    """Return which things can be told from nothing by themselves, ``[things, answers]``."""
    return np.asarray(shares.values > HALF * shares.errors)


def _rows_for(runs: int, sets: Collection[Columns], rows: int) -> int:
    """Return in how many rows each of some sets of factors is drawn anew, where all of them share so many runs."""
    return min(max(runs * rows // max(len(sets), 1) // SCREENING * SCREENING, min(SCREENING, rows)), rows)


def _least(total: Estimates, answer: int) -> float:
    """Return the low end of an index's interval."""
    return float(np.nan_to_num(total.value[answer] - HALF * total.error[answer], nan=-1.0))
