"""One crisis, described: every section of a case."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from detente.scenario.model.answers import Known, Measure, OutsideView, Question, Sign, Unanswered
from detente.scenario.model.choices import Decision, Lever, Option
from detente.scenario.model.numbers import Quantity
from detente.scenario.model.parts import Day, Dotted, Name, Part, Text
from detente.scenario.model.quantities import Shock, Stock, Table, Variable
from detente.scenario.model.voices import Account, Actor, Claim, Context, Source, Term

__all__ = ["Scenario"]


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
    missing_voices: list[str] = Field(default_factory=list)
    """Whose voices are missing."""
    left_out: list[str] = Field(default_factory=list)
    """What is not in the model."""
    as_of: Annotated[AwareDatetime, Field(strict=False)]
    """What was known at this instant; nothing later informs the model."""
    starts: Day
    """Day 0."""
    days: Annotated[int, Field(ge=1, le=3660)]
    """How many days are simulated."""
    units: list[str] = Field(default_factory=list)
    """Units of this case, added to the standard ones."""
    method: Literal["euler", "rk4"] = "euler"
    """How flows are integrated over a day."""
    substeps: Annotated[int, Field(ge=1, le=64)] = 1
    """Steps within a day; nothing is drawn in them."""
    parts: list[str] = Field(default_factory=list)
    """Further files of the case."""
    note: str | None = None
    """A remark."""
    record: str | None = None
    """The file of what was known."""
    sources: dict[Name, Source] = Field(default_factory=dict)
    claims: dict[Name, Claim] = Field(default_factory=dict)
    accounts: dict[Name, Account] = Field(default_factory=dict)
    actors: dict[Name, Actor] = Field(default_factory=dict)
    constants: dict[Dotted, Quantity] = Field(default_factory=dict)
    uncertainties: dict[Dotted, Quantity] = Field(default_factory=dict)
    tables: dict[Name, Table] = Field(default_factory=dict)
    options: dict[Name, dict[Name, Option]] = Field(default_factory=dict)
    decisions: dict[Dotted, Decision] = Field(default_factory=dict)
    stocks: dict[Dotted, Stock] = Field(default_factory=dict)
    flows: dict[Dotted, Variable] = Field(default_factory=dict)
    auxiliaries: dict[Dotted, Variable] = Field(default_factory=dict)
    shocks: dict[Dotted, Shock] = Field(default_factory=dict)
    known: dict[Name, Known] = Field(default_factory=dict)
    levers: dict[Name, Lever] = Field(default_factory=dict)
    measures: dict[Dotted, Measure] = Field(default_factory=dict)
    outside_views: dict[Name, OutsideView] = Field(default_factory=dict)
    questions: dict[Name, Question] = Field(default_factory=dict)
    unanswered: dict[Name, Unanswered] = Field(default_factory=dict)
    signs: dict[Name, Sign] = Field(default_factory=dict)
    terms: dict[Name, Term] = Field(default_factory=dict)
    context: dict[Name, Context] = Field(default_factory=dict)
