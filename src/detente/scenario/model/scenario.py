"""One crisis, described: every section of a case."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from detente.scenario.model.answers import (
    Hindcast,
    Known,
    Measure,
    OutsideView,
    Question,
    ReferenceClass,
    Sign,
    Unanswered,
)
from detente.scenario.model.choices import Decision, DecisionRule, Lever, Option
from detente.scenario.model.citing import CitationsRead
from detente.scenario.model.numbers import Quantity
from detente.scenario.model.parts import MOMENT, Day, Dotted, Instant, Name, Part, Text
from detente.scenario.model.quantities import Shock, Stock, Table, Variable
from detente.scenario.model.stability import Stability
from detente.scenario.model.voices import Account, Actor, Claim, Context, Source, Term

__all__ = ["Scenario"]

SIMULATED = ("stocks", "flows", "auxiliaries", "shocks", "decisions", "measures", "questions")
"""Sections of which a case that is not simulated has none."""


def _there(value: Any) -> Any:
    if value is None:
        raise ValueError(
            "expected named entries under this section, came nothing; write decision_makers: below it, or remove it"
        )
    return value


def _named(value: Any) -> Any:
    if value is None:
        raise ValueError("expected 'record', 'resolutions' or both, came nothing; name the files, or remove 'hindcast'")
    return value


class Scenario(Part):
    """One crisis, described."""

    case: Name
    """The case's name, that of its folder."""
    title: Text
    """What it is about."""
    authors: list[str] = Field(min_length=1)
    """Who wrote it."""
    viewpoint: Text
    """The frame of its main source."""
    background: list[Name] = Field(default_factory=list)
    """Claims that a reader needs before anything else: what had happened, and who says so."""
    missing_voices: list[str] = Field(default_factory=list)
    """Whose voices are missing."""
    left_out: list[str] = Field(default_factory=list)
    """What is not in the model."""
    as_of: Instant
    """What was known at this instant; nothing later informs the model."""
    starts: Day
    """Day 0; by default, where nothing is simulated, the day of ``as_of``."""
    days: Annotated[int, Field(ge=1, le=3660)]
    """How many days are simulated; by default, where nothing is, 1."""
    units: list[str] = Field(default_factory=list)
    """Units of this case, added to the standard ones."""
    method: Literal["euler", "rk4"] = "euler"
    """How flows are integrated over a day."""
    substeps: Annotated[int, Field(ge=1, le=64)] = 1
    """Steps within a day; nothing is drawn in them."""
    rule: DecisionRule = "log_odds"
    """How reasons and luck make a decision."""
    parts: list[str] = Field(default_factory=list)
    """Further files of the case."""
    note: str | None = None
    """A remark."""
    citations_read: CitationsRead | None = None
    """Who decided what each claim supports of the numbers that cite it."""
    record: str | None = None
    """The file of what was known."""
    hindcast: Annotated[Hindcast | None, BeforeValidator(_named, json_schema_input_type=Hindcast)] = None
    """What came after ``as_of``, for scoring; nothing else opens its files."""
    sources: dict[Name, Source] = Field(default_factory=dict)
    """Documents, datasets and statements that claims are drawn from."""
    claims: dict[Name, Claim] = Field(default_factory=dict)
    """What sources say, and what is contested between them."""
    accounts: dict[Name, Account] = Field(default_factory=dict)
    """Tellings of the crisis: a reading of every switch, each."""
    actors: dict[Name, Actor] = Field(default_factory=dict)
    """Who decides, who is answered to, and what each wants."""
    constants: dict[Dotted, Quantity] = Field(default_factory=dict)
    """Numbers that are exact by definition or agreement."""
    uncertainties: dict[Dotted, Quantity] = Field(default_factory=dict)
    """Numbers that are not exactly known."""
    tables: dict[Name, Table] = Field(default_factory=dict)
    """Straight lines between points."""
    options: dict[Name, dict[Name, Option]] = Field(default_factory=dict)
    """What each actor can do, by actor and name."""
    decisions: dict[Dotted, Decision] = Field(default_factory=dict)
    """How options are decided, by actor and option."""
    stocks: dict[Dotted, Stock] = Field(default_factory=dict)
    """What accumulates."""
    flows: dict[Dotted, Variable] = Field(default_factory=dict)
    """What moves stocks, in a unit per day."""
    auxiliaries: dict[Dotted, Variable] = Field(default_factory=dict)
    """Everything else that an equation gives."""
    shocks: dict[Dotted, Shock] = Field(default_factory=dict)
    """What happens by chance."""
    known: dict[Name, Known] = Field(default_factory=dict)
    """How measures of the record bear on the model."""
    levers: dict[Name, Lever] = Field(default_factory=dict)
    """Choices that can be imposed, in pairs."""
    measures: dict[Dotted, Measure] = Field(default_factory=dict)
    """What matters, and what aims are seen by."""
    outside_views: dict[Name, OutsideView] = Field(default_factory=dict)
    """Reference classes to hold beside an answer: how often it happened."""
    reference_classes: dict[Name, ReferenceClass] = Field(default_factory=dict)
    """Reference classes with times to hold beside an answer: how long it took."""
    questions: dict[Name, Question] = Field(default_factory=dict)
    """What is asked."""
    unanswered: dict[Name, Unanswered] = Field(default_factory=dict)
    """What is asked and cannot be answered here, and why."""
    stability: Annotated[Stability | None, BeforeValidator(_there, json_schema_input_type=Stability)] = None
    """The conflict as the graph model sees it: which outcomes could hold."""
    signs: dict[Name, Sign] = Field(default_factory=dict)
    """What would have to be seen, by when."""
    terms: dict[Name, Term] = Field(default_factory=dict)
    """What is on the table between the parties."""
    explained: dict[str, Text] = Field(default_factory=dict)
    """Findings of an audit of the structure that are right as they are, each with the reason."""
    context: dict[Name, Context] = Field(default_factory=dict)
    """Scenes, moods and headings that move no answer."""

    @property
    def is_simulated(self) -> bool:
        """Whether it has anything to simulate; a case that has not asks only which outcomes could hold."""
        return self.stability is None or any(getattr(self, section) for section in SIMULATED)

    @model_validator(mode="before")
    @classmethod
    def _days(cls, data: Any) -> Any:
        """Give a case that is not simulated the one day of ``as_of``."""
        if not isinstance(data, dict) or "stability" not in data or any(data.get(section) for section in SIMULATED):
            return data
        # Where the instant has a fault of its own, that is reported; the day then stands for nothing.
        as_of = data.get("as_of")
        day = as_of[:10] if isinstance(as_of, str) and re.match(MOMENT, as_of) else "1970-01-01"
        return {"starts": day, "days": 1, **data}
