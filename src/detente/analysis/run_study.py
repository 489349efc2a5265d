"""The study of a run: everything that a brief shows, computed and frozen. Nothing in it can run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from detente.analysis.alignment import Alignment
from detente.analysis.other_ranges import OtherRanges
from detente.analysis.outside import OutsideDays
from detente.analysis.standing import Standings
from detente.analysis.study import Study
from detente.dynamics.contrast import Contrast
from detente.dynamics.record_evidence import RecordEvidence
from detente.dynamics.simulation import Passage
from detente.exploration.coverage import Coverage
from detente.exploration.expected import Held
from detente.exploration.importance import Importance
from detente.exploration.result import Exploration
from detente.hindcast.predictive_check import PredictiveCheck
from detente.hindcast.result import Hindcast, Lasting
from detente.requests import RunRequest
from detente.results import Answer, Band, CrossedBound, Provenance
from detente.run import OutsideView
from detente.stability.result import Stability

__all__ = ["ConflictStudied", "MeasureStudied", "QuestionStudied", "RunStudy"]


@dataclass(frozen=True)
class QuestionStudied:
    """One question and all that is told of its answer.

    Parameters
    ----------
    answer, by_account
        The pooled answer, and each account's.
    contrast
        How the accounts' answers stand to one another and to even odds; None where none is told.
    other_ranges
        How the answer stands where ranges are others; None where it was not run with any.
    outside
        What cases like this one foretell; None where the case names none.
    course, courses
        Day by day, pooled and by account, where it has a course.
    hanging
        What the answer hangs on.
    passages
        How it stands where each of the signs that bear on it is seen, and where not.
    """

    answer: Answer
    by_account: Mapping[str, Answer]
    contrast: Contrast | None
    other_ranges: OtherRanges | None
    outside: OutsideView | OutsideDays | None
    course: Band | None
    courses: Mapping[str, Band | None]
    hanging: Importance
    passages: Mapping[str, Passage]


@dataclass(frozen=True)
class MeasureStudied:
    """One measure: at the end of the days; when the last day before the cut was over; day by day where it is shown so.

    ``at_cut`` is None where no aim is shown by it, and ``band`` where it is no headline.
    """

    at_end: Answer
    at_cut: Answer | None
    band: Band | None


@dataclass(frozen=True)
class ConflictStudied:
    """What could hold in the case's conflict, and where the worlds of the run stand; None where it decides nothing."""

    stability: Stability
    standings: Standings | None


@dataclass(frozen=True, kw_only=True, repr=False)
class RunStudy(Study):
    """Everything that a brief shows of a run and of what was asked beside it.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again.
    case
        The case as it stood at ``as_of``, with the questions that are answered.
    provenance
        How it was made.
    accounts
        The accounts that were run beside the mixtures.
    questions, measures
        By name.
    closed
        Questions that are not answered, since they close while the record that a posterior was fitted to lasts.
    crossed_bounds
        The bounds declared in the case that are crossed.
    effective_draws, draws
        How many equally weighted draws the main part's are worth, and how many it has.
    in_sample
        Whether the cut lies before the newest source that the case was written from.
    has_other_ranges
        Whether it was run with other ranges too.
    alignment
        How the aims of decision makers go together over draws.
    evidence, check
        What the record says of accounts and readings, and every row of it beside what the model said just before; None
        where there is none.
    coverage
        Which sentences of the main source are used, and what numbers and claims move.
    lasting
        By question that names a reference class: how long its cases lasted.
    conflict, exploration, hindcast, held
        What could hold in the case's conflict, what answers hang on, how it did on what came, and what came of holding
        the model to its claims; None where it was not asked for, or there is none.
    unfinished
        What was asked for beside the run and not finished, in words, since it was stopped.
    """

    IS: ClassVar[str] = "Run"

    request: RunRequest
    provenance: Provenance
    accounts: tuple[str, ...]
    questions: Mapping[str, QuestionStudied]
    measures: Mapping[str, MeasureStudied]
    closed: tuple[str, ...]
    crossed_bounds: tuple[CrossedBound, ...]
    effective_draws: float
    draws: int
    in_sample: bool
    has_other_ranges: bool
    alignment: tuple[Alignment, ...]
    evidence: RecordEvidence | None
    check: PredictiveCheck | None
    coverage: Coverage
    lasting: Mapping[str, Lasting] = field(default_factory=dict)
    conflict: ConflictStudied | None = None
    exploration: Exploration | None = None
    hindcast: Hindcast | None = None
    held: Held | None = None
    unfinished: tuple[str, ...] = ()

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.provenance

    @property
    def partial(self) -> bool:
        """Whether it was stopped on the way, in the run or in what was asked beside it."""
        return self.provenance.partial or bool(self.unfinished)
