"""What an exploration found, frozen: each answer's indices, what hangs on claims and sentences, contested claims."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.display import Displayed, shortened
from detente.exploration.indices import HALF, Estimates
from detente.requests import ExploreRequest
from detente.results import Provenance, data_frame

__all__ = [
    "HALF",
    "Branch",
    "CentralSlopes",
    "Contested",
    "Entry",
    "Exploration",
    "Gradient",
    "Index",
    "Indicator",
    "ReadingAnswer",
    "Region",
    "Sensitivity",
    "Side",
    "Slope",
    "Tipping",
]


@dataclass(frozen=True)
class Index:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    @staticmethod
    def of(estimates: Estimates, answer: int = 0) -> Index | None:
        """Return one answer's estimate; None where it is not resolved."""
        return Index.about(float(estimates.value[answer]), float(estimates.error[answer]))

    @staticmethod
    def about(value: float, error: float) -> Index | None:
        """Return a figure with its standard error as an interval; None where either is no number."""
        if not (math.isfinite(value) and math.isfinite(error)):
            return None
        return Index(value, value - HALF * error, value + HALF * error)

    @property
    def differs_from_zero(self) -> bool:
        """Whether its interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Entry:
    """One thing that an answer hangs on.

    Parameters
    ----------
    name
        A factor, a claim, a sentence (``source number``), a source, or one of the parts luck, ignorance, dispute.
    index
        The share of the outcome's variance, luck counted, that it accounts for by itself.
    luck_free
        The same as a share of the variance of the answer with luck averaged out.
    total
        The share that would be left open if all else were known, its interactions counted; None where not computed: it
        is for every factor, and for the claims, sentences and sources that lead their ranking.
    place
        Its place among its like, from 1; None outside a ranking.
    places
        The first and the last place at which it can stand at the declared ranges, as far as its interval tells it apart
        from the others'.
    keeps_place
        Whether that can be told to within four places, and with all ranges halved and doubled it stands there too, as
        far as can be told.
    moves
        Whether some two of these rankings leave it no place in common: its order depends on our ranges.
    """

    name: str
    index: Index
    luck_free: Index | None = None
    total: Index | None = None
    place: int | None = None
    places: tuple[int, int] | None = None
    keeps_place: bool = False
    moves: bool = False

    @property
    def tells(self) -> bool:
        """Whether it can be told from what accounts for nothing, by itself or in company."""
        return self.index.low > 0 or self.only_in_company

    @property
    def only_in_company(self) -> bool:
        """Whether it can be told from nothing in company, and not by itself."""
        return self.index.low <= 0 and self.total is not None and self.total.low > 0


@dataclass(frozen=True)
class Sensitivity:
    """What one answer hangs on, given the ranges chosen.

    Parameters
    ----------
    target
        The question or measure; of a choice without order, one of its alternatives: ``question.alternative``.
    type
        ``yes/no``, ``number``, ``date`` or, for rungs of a ladder, ``choice``.
    mean, variance
        Of the outcome, luck counted: a share for yes/no, days for a date, the mean rung for a ladder.
    luck_free_share
        The share of the variance that is left when luck is averaged out.
    luck, ignorance, dispute, assumptions
        The parts of the variance; ``assumptions`` are the part of ignorance that rests on no claim.
    interactions
        What luck, ignorance and dispute do not account for each by itself; the four need not add up in any sample.
    factors, claims, sentences, sources
        Largest first.
    check_first
        The three sentences of the main source on which it hangs most; fewer where fewer can be told.
    """

    target: str
    type: str
    mean: float
    variance: float
    luck_free_share: Index | None
    luck: Entry | None
    ignorance: Entry | None
    dispute: Entry | None
    assumptions: Entry | None
    interactions: Index | None
    factors: tuple[Entry, ...]
    claims: tuple[Entry, ...]
    sentences: tuple[Entry, ...]
    sources: tuple[Entry, ...]
    check_first: tuple[str, ...]


@dataclass(frozen=True)
class ReadingAnswer:
    """An answer where one reading, or one account, holds in the same worlds."""

    name: str
    value: Index


@dataclass(frozen=True)
class Contested:
    """A contested claim and one answer: the answer under each reading in the same worlds.

    Parameters
    ----------
    claim, target
        Which claim, and which answer.
    readings
        The answer under each of its readings.
    swing, between
        The largest difference between two readings, and between which two.
    settling
        The expected size of the answer's change if it were known which reading holds, each as likely as its draw.
    """

    claim: str
    target: str
    readings: tuple[ReadingAnswer, ...]
    swing: Index
    between: tuple[str, str]
    settling: Index


@dataclass(frozen=True)
class Side:
    """One side of a box.

    Parameters
    ----------
    factor
        A parameter or a contested claim.
    low, high
        Between which cumulative probabilities the number lies; None for a claim.
    low_value, high_value
        The number there, in the unit of its entry; None for a claim, and where its range hangs on readings.
    readings
        The readings that lie inside, for a claim.
    quasi_p
        The chance of so many outcomes inside, if this side made no difference; None in a tree.
    """

    factor: str
    low: float | None
    high: float | None
    low_value: float | None
    high_value: float | None
    readings: tuple[str, ...]
    quasi_p: float | None


@dataclass(frozen=True)
class Region:
    """The part of the space of assumptions in which an outcome lives, judged by worlds in which it was not looked for.

    Parameters
    ----------
    target
        The question or measure.
    above
        The value above which a number or date counts as high; None for a yes.
    sides
        All of them hold; none, where no part of the space tells more than another.
    mass
        The share of worlds inside.
    density, base
        In what share of the worlds inside, and of all worlds, the outcome comes.
    coverage
        What share of the worlds with the outcome lie inside.
    tree
        A small decision tree of the same worlds: its leaves cover the whole space, the most frequent outcome first.
    """

    target: str
    above: float | None
    sides: tuple[Side, ...]
    mass: float
    density: float
    base: float
    coverage: float
    tree: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Branch:
    """One leaf of a target's decision tree: where it is, how many worlds it holds, and how often the outcome comes."""

    sides: tuple[Side, ...]
    mass: float
    share: float


@dataclass(frozen=True)
class Tipping:
    """Where along one number the share of worlds crosses one half.

    Parameters
    ----------
    target, factor
        A yes/no question, and a parameter.
    at_low, at_high
        The share at the low and the high end of its range.
    place, value
        The cumulative probability at which it crosses, with its interval, and the number there; None where it stays on
        one side, or cannot be told from one half at an end.
    """

    target: str
    factor: str
    at_low: Index
    at_high: Index
    place: Index | None
    value: float | None


@dataclass(frozen=True)
class Indicator:
    """A measure seen on a day, and how well it tells the coming path apart.

    Parameters
    ----------
    measure, day
        What is looked at, and on which day of the case.
    skill
        Of all pairs of worlds, one in which the answer comes and one in which it does not, the share that the measure
        puts in the right order; one half is chance.
    more
        Whether more of the measure goes with the answer.
    """

    measure: str
    day: int
    skill: float
    more: bool


@dataclass(frozen=True)
class Slope:
    """How a smooth answer moves with one number, where every number stands at the middle of its range.

    Parameters
    ----------
    factor
        The number.
    at
        Its value at the middle of its range: half of its draws lie below.
    derivative
        The change of the answer for one unit of the number, exactly; None where the answer has an edge or a leap there.
    per_tenth
        The same for a tenth of its declared range, in the answer's unit.
    elasticity
        By how many percent the answer is more where the number is one percent more; None where either is zero.
    sides
        At an edge, such as that of a ``min``, the change for a tenth just below and just above; None elsewhere, and
        where the answer leaps.
    """

    factor: str
    at: float
    derivative: float | None
    per_tenth: float | None
    elasticity: float | None
    sides: tuple[float, float] | None


@dataclass(frozen=True)
class CentralSlopes:
    """The slopes of one answer at the centre of all ranges, as one telling has it.

    Parameters
    ----------
    account
        An account, or None for the mixtures.
    readings
        The readings held there, of the contested claims that choose a range upstream of the answer.
    value
        The answer at the centre.
    slopes
        For every number upstream that has a range in this telling, the largest change for a tenth first.
    """

    account: str | None
    readings: Mapping[str, str]
    value: float
    slopes: tuple[Slope, ...]


@dataclass(frozen=True)
class Gradient:
    """The exact derivatives of an answer at the centre of all ranges, where it is smooth.

    Parameters
    ----------
    target
        The question or measure.
    obstacle
        Why it has none: its values are ``steps`` (a yes or no, a date, a choice, a count of days), or ``decisions``,
        ``shocks`` or other ``draws`` are upstream of it. None where it is smooth.
    tellings
        The mixtures first, then each account.
    """

    target: str
    obstacle: str | None
    tellings: tuple[CentralSlopes, ...] = ()


@dataclass(frozen=True)
class Exploration(Displayed):
    """Everything that an exploration found, and how it was made.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again.
    provenance
        How it was made; ``worlds`` counts all model runs.
    rows
        Rows of the paired design.
    targets
        What each question and headline measure hangs on, questions first.
    contested
        Contested claims by answers, largest swing first within an answer.
    accounts
        For each target, the answer as each account tells it, in the same worlds.
    regions
        For each target that varies, the part of the space of assumptions in which it lives.
    tipping
        For yes/no questions, where along leading numbers they cross even odds.
    indicators
        For each target, the measures to watch.
    gradients
        For each target, its derivatives at the centre, or why it has none.
    """

    request: ExploreRequest
    provenance: Provenance
    rows: int
    targets: Mapping[str, Sensitivity]
    contested: tuple[Contested, ...]
    accounts: Mapping[str, tuple[ReadingAnswer, ...]]
    regions: Mapping[str, Region] = field(default_factory=dict)
    tipping: tuple[Tipping, ...] = ()
    indicators: Mapping[str, tuple[Indicator, ...]] = field(default_factory=dict)
    gradients: Mapping[str, Gradient] = field(default_factory=dict)

    def __repr__(self) -> str:
        made, told = self.provenance, ", ".join(self.targets)
        return shortened(f"Exploration({made.case!r}: {made.worlds:,} model runs, seed {made.seed}; {told})")

    def to_pandas(self) -> Any:
        """Return what each answer hangs on, one row for each entry of a ranking, as a ``pandas.DataFrame``.

        Columns: ``target``, ``kind`` (``part``, ``factor``, ``claim``, ``sentence`` or ``source``), ``name``,
        ``place``, ``share``, ``low`` and ``high`` (of the outcome's variance, luck counted, with its 95 % interval),
        ``total``.
        """
        rows = []
        for target, one in self.targets.items():
            parts = [part for part in (one.luck, one.ignorance, one.dispute, one.assumptions) if part is not None]
            kinds = {"part": parts, "factor": one.factors, "claim": one.claims, "sentence": one.sentences}
            for kind, entries in {**kinds, "source": one.sources}.items():
                for entry in entries:
                    share, total = entry.index, None if entry.total is None else entry.total.value
                    row = {"target": target, "kind": kind, "name": entry.name, "place": entry.place}
                    rows.append({**row, "share": share.value, "low": share.low, "high": share.high, "total": total})
        return data_frame(rows)
