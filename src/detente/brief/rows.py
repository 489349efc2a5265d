"""The rows that a brief is made of: one frozen class for each thing that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from detente.analysis.alignment import Alignment
from detente.analysis.run_study import RunStudy
from detente.display import shortened
from detente.exploration.coverage import Coverage
from detente.exploration.importance import Importance
from detente.results import Answer, Band, Provenance
from detente.run import OutsideView
from detente.scenario import Case

if TYPE_CHECKING:
    from detente.brief.borne_out import BorneOut
    from detente.brief.explored import Explored
    from detente.brief.holding.rows import Holding
    from detente.brief.other_ranges import RangesTold
    from detente.brief.recorded import Recorded
    from detente.brief.scored.rows import Scored

__all__ = [
    "AimRow",
    "Brief",
    "ContestedClaim",
    "FactorRow",
    "Pressure",
    "QuestionBrief",
    "ReadingRow",
    "SignRow",
    "TermRow",
]


@dataclass(frozen=True)
class FactorRow:
    """One factor of an answer as a reader sees it: what it is, how far it moves the answer, who says so."""

    name: str
    label: str
    kind: str
    acts: str
    effect: float
    effect_text: str
    claims: tuple[str, ...]
    said_by: str
    cites: str
    is_assumption: bool
    support: str
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionBrief:
    """One question with everything the brief says about it."""

    id: str
    asks: str
    answer: Answer
    by_account: Mapping[str, Answer]
    headline: str
    other_ranges: RangesTold | None
    pooled: str
    outside: str
    outside_view: OutsideView | None
    course: Band | None
    hanging: Importance
    factors: tuple[FactorRow, ...]
    through: tuple[str, ...]
    rests_on: str
    opportunity_for: str
    risk_for: str
    cites: str


@dataclass(frozen=True)
class AimRow:
    """One aim of one party, with the measure that shows how far it is met: at the cut, and at the horizon's end."""

    actor: str
    actor_name: str
    says: str
    measure: str | None
    measure_says: str
    better: str
    unit: str
    at_cut: str
    at_end: str
    at_cut_value: float | None
    at_end_quantiles: tuple[float, float, float] | None
    cites: str


@dataclass(frozen=True)
class Pressure:
    """Who presses whom, derived from the reasons in decisions; nobody draws it."""

    source: str
    target: str
    option: str
    toward: bool
    says: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class ReadingRow:
    """One side of a contested claim."""

    id: str
    says: str
    by: str
    cites: str
    source_kind: str


@dataclass(frozen=True)
class ContestedClaim:
    """A contested claim with all its sides, and which account takes which."""

    id: str
    about: str
    kind: str
    is_switch: bool
    readings: tuple[ReadingRow, ...]
    accounts: Mapping[str, str]
    note: str


@dataclass(frozen=True)
class SignRow:
    """What would have to be seen, by when, and how a question stands where it is seen and where it is not."""

    id: str
    says: str
    share: float
    question: str
    asks: str
    seen: str
    unseen: str


@dataclass(frozen=True)
class TermRow:
    """Something on the table: by whom offered and asked, who verifies it, what counts as a breach, what is disputed."""

    id: str
    says: str
    offered_by: str
    asked_by: str
    on_no_list: bool
    verified_by: str
    breach: str
    dispute: str
    cites: str


@dataclass(frozen=True)
class BackgroundRow:
    """One thing that had happened before the case begins: what is said, who says it, who disputes it, where."""

    says: str
    by: str
    disputed_by: str
    cites: str


@dataclass(frozen=True)
class Brief:
    """The whole brief of one run.

    ``explored`` is what an exploration adds and ``scored`` what a hindcast adds, where one was made.
    """

    case: Case
    study: RunStudy
    provenance: Provenance
    title: str
    account_titles: Mapping[str, str]
    background: tuple[BackgroundRow, ...]
    questions: tuple[QuestionBrief, ...]
    bands: tuple[Band, ...]
    record_points: Mapping[str, tuple[tuple[str, float, str], ...]]
    recorded: Recorded
    aims: tuple[AimRow, ...]
    alignment: tuple[Alignment, ...]
    pressures: tuple[Pressure, ...]
    contested: tuple[ContestedClaim, ...]
    terms: tuple[TermRow, ...]
    signs: tuple[SignRow, ...]
    unanswered: tuple[tuple[str, str, str], ...]
    context: tuple[tuple[str, str], ...]
    coverage: Coverage
    claims_held: BorneOut
    limits: tuple[str, ...]
    effective_draws: float
    explored: Explored | None = None
    scored: Scored | None = None

    def __repr__(self) -> str:
        return shortened(f"Brief of {self.study!r}")

    @cached_property
    def holding(self) -> Holding | None:
        """What could hold, worded when it is first shown; None where the case describes no conflict."""
        if self.study.conflict is None:
            return None
        from detente.brief.holding import holding_of  # data alone waits for none of it

        return holding_of(self.study.conflict.stability, self.study.conflict.standings)

    @property
    def borne(self) -> tuple[QuestionBrief, ...]:
        """Questions whose answer is an opportunity for some party, or a risk."""
        return tuple(question for question in self.questions if question.opportunity_for or question.risk_for)
