"""The shape of a case: every section and key, what may stand there, and what it means.

The models only hold what was written; names are joined, expressions parsed and numbers read in
:mod:`detente.scenario.elements`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "Actor",
    "Aim",
    "Arm",
    "Claim",
    "Decision",
    "Known",
    "Lean",
    "Lever",
    "Measure",
    "Number",
    "Option",
    "OutsideView",
    "Question",
    "Reading",
    "Scenario",
    "Shock",
    "Sign",
    "Source",
    "Stock",
    "Table",
    "Term",
    "Unanswered",
    "Variable",
]

NAME = r"^[a-z][a-z0-9_]*$"
DOTTED = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"

Name = Annotated[str, Field(pattern=NAME)]
Dotted = Annotated[str, Field(pattern=DOTTED)]


def _written(value: Any) -> Any:
    """Give back as text what YAML has read as a number or a truth value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else value


def _no_future_zone(value: str) -> str:
    dt.date.fromisoformat(value)
    return value


Expression = Annotated[str, BeforeValidator(_written), Field(description="an expression of the language")]
Text = Annotated[str, Field(min_length=1, description="a plain sentence")]
Day = Annotated[str, BeforeValidator(_written), AfterValidator(_no_future_zone), Field(description="YEAR-MONTH-DAY")]
Moment = Annotated[str, Field(description="a day, or an instant with a zone", pattern=r"^\d{4}-\d{2}-\d{2}")]
Cites = Annotated[str, Field(description="places: gazette 12, 14, 21-22; harbour_office")]


class _Part(BaseModel):
    """Base of every part: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, coerce_numbers_to_str=False)


class Entry(_Part):
    """What every entry may carry."""

    says: str | None = None
    """A plain sentence for readers."""
    note: str | None = None
    """A remark for the next author."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on; none: an assumption."""
    cites: Cites | None = None
    """Places it rests on directly."""


class Arm(_Part):
    """One row of a by-reading table."""

    when: dict[Name, Name] | None = None
    """Readings under which this row holds; the first row that holds is used."""
    otherwise: Any = None
    """The range when no row before holds; last and required."""
    range: Annotated[str, BeforeValidator(_written)] | None = None
    """A range, or one number."""
    claims: list[Name] = Field(default_factory=list)
    """Claims that give this row's size."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("otherwise"), dict) and "when" not in data:
            inner = data["otherwise"]
            unknown = set(inner) - {"range", "value", "claims", "note"}
            if unknown:
                raise ValueError(f"unknown key '{sorted(unknown)[0]}' under otherwise: use range, claims or note")
            return {
                "otherwise": True,
                "range": inner.get("range", inner.get("value")),
                "claims": inner.get("claims", []),
                "note": inner.get("note"),
            }
        if isinstance(data, dict) and data.get("otherwise") is not None and "range" not in data:
            return {**data, "range": data["otherwise"], "otherwise": True}
        return data

    @model_validator(mode="after")
    def _complete(self) -> Arm:
        if (self.when is None) == (self.otherwise is None):
            raise ValueError("give 'when' with a range, or 'otherwise'")
        if self.range is None:
            raise ValueError("a row needs a range")
        return self


def _number(data: Any) -> Any:
    """Accept a bare number, a range, a name, or a block; ``chance`` and ``value`` are other words for ``range``."""
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return {"range": data}
    if isinstance(data, dict):
        spoken = [key for key in ("chance", "value", "range") if key in data]
        if len(spoken) > 1:
            raise ValueError(f"'{spoken[0]}' and '{spoken[1]}' both stand here: keep one")
        if spoken and spoken[0] != "range":
            return {("range" if key == spoken[0] else key): value for key, value in data.items()}
    return data


class NumberBlock(_Part):
    """A number: exact, a range, the name of another entry, or a table by reading."""

    range: Annotated[str, BeforeValidator(_written)] | None = None
    """An exact number, ``0.3..0.7``, ``about 0.5, 0.3..0.7``, ``5 to 20``, or a name."""
    by_reading: list[Arm] | None = None
    """The range by the readings that hold; first match wins, ``otherwise`` is required."""
    unit: str | None = None
    """Its unit, where the place does not give one."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on."""
    note: str | None = None
    """A remark."""
    says: str | None = None
    """A plain sentence."""

    @model_validator(mode="after")
    def _one(self) -> NumberBlock:
        if (self.range is None) == (self.by_reading is None):
            raise ValueError("give a range (or a value), or a by_reading table")
        if self.by_reading is not None and (
            not self.by_reading
            or self.by_reading[-1].otherwise is None
            or any(arm.otherwise is not None for arm in self.by_reading[:-1])
        ):
            raise ValueError("a by_reading table ends with one 'otherwise' row")
        return self


Number = Annotated[NumberBlock, BeforeValidator(_number)]


class Source(_Part):
    """A document, dataset or statement."""

    title: Text
    """Its title, as published."""
    publisher: str | None = None
    """Who published it."""
    author: str | None = None
    """Who wrote it."""
    published: Moment | None = None
    """When it became public."""
    url: str | None = None
    """Where it can be found."""
    kind: Literal["article", "statement", "dataset", "report", "judgement", "general knowledge"] = "article"
    """What it is."""
    sentences: str | None = None
    """The file of its numbered sentences, fingerprints only."""
    covers_to: Moment | None = None
    """For a dataset: the last moment it covers."""
    compiled_later: bool = False
    """True where it was put together later from earlier rows."""
    note: str | None = None
    """A remark, for example on hedges lost in a copy."""


SourceKind = Literal[
    "official",
    "party's claim",
    "independent record",
    "estimate",
    "analyst's assumption",
    "general knowledge, unverified",
]


class Reading(_Part):
    """One position on a contested claim."""

    says: Text
    """The position, as its holder would put it, paraphrased."""
    by: str | list[str] | None = None
    """Who holds it."""
    reported_by: str | None = None
    """Who reported it."""
    source_kind: SourceKind | None = None
    """What kind of evidence it is."""
    cites: Cites | None = None
    """Where it is said."""
    likelihood: Annotated[str, BeforeValidator(_written)] | None = None
    """A number or range, only from a dated source or a signed, dated judgement."""
    likelihood_by: str | None = None
    """Whose judgement, and when."""
    note: str | None = None
    """A remark."""


class Claim(_Part):
    """Something a source says, paraphrased; or, with ``readings``, something that is contested."""

    says: str | None = None
    """The claim, paraphrased."""
    by: str | list[str] | None = None
    """Who asserts it."""
    reported_by: str | None = None
    """Who reported it."""
    disputed_by: str | list[str] | None = None
    """Who disputes it, where that is known."""
    source_kind: SourceKind | None = None
    """What kind of evidence it is."""
    cites: Cites | None = None
    """Where it is said: at most four sentences."""
    kind: Literal["cause", "fact", "count", "responsibility", "duty", "wording", "fate"] | None = None
    """For a contested claim: switches are cause, fact and count; the others are shown, never drawn."""
    about: str | None = None
    """The question that the readings answer differently."""
    group: Name | None = None
    """Contested claims of one group are read together: first reading with first."""
    readings: dict[Name, Reading] | None = None
    """The positions, two or more."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _shape(self) -> Claim:
        if self.readings is None:
            if self.says is None:
                raise ValueError("a claim needs 'says'; a contested one needs 'about', 'kind' and 'readings'")
            if self.kind is not None or self.group is not None:
                raise ValueError("'kind' and 'group' belong to contested claims, which list 'readings'")
        else:
            if len(self.readings) < 2:
                raise ValueError("a contested claim has two readings or more")
            if self.kind is None or self.about is None:
                raise ValueError("a contested claim needs 'kind' and 'about'")
        return self

    @property
    def is_switch(self) -> bool:
        """Whether its readings change the model."""
        return self.kind in ("cause", "fact", "count")


class Aim(_Part):
    """What an actor wants, and the measure by which one can see how far it is met."""

    says: Text
    """The aim, as the actor would put it."""
    measure: Dotted | None = None
    """The measure that shows it."""
    better: Literal["more", "less", "true", "false"] = "more"
    """Which way the actor wants the measure to go."""
    full: Number | None = None
    """The value at which it is wholly met."""
    claims: list[Name] = Field(default_factory=list)
    """Claims it rests on."""
    cites: Cites | None = None
    """Where it is said."""
    source_kind: SourceKind | None = None
    """What kind of evidence it is."""
    note: str | None = None
    """A remark."""


class Actor(_Part):
    """Who decides, or who is answered to."""

    name: str | None = None
    """How it is called in the brief."""
    kind: Annotated[str | None, Field(alias="is")] = None
    """What it is, in free words."""
    answers_to: list[Name] = Field(default_factory=list)
    """Its audiences."""
    wants: dict[Name, Aim] = Field(default_factory=dict)
    """Its aims."""
    cites: Cites | None = None
    """Where it appears."""
    note: str | None = None
    """A remark."""


class Quantity(Entry):
    """A constant or an uncertainty."""

    unit: str = "1"
    """Its unit; dimensionless by default."""
    range: Annotated[str, BeforeValidator(_written)] | None = None
    """How far it may lie, or its value."""
    by_reading: list[Arm] | None = None
    """The range by the readings that hold."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return _number(data)

    @model_validator(mode="after")
    def _one(self) -> Quantity:
        NumberBlock(range=self.range, by_reading=self.by_reading)
        return self


class Variable(Entry):
    """A flow or an auxiliary: a value that an equation gives each day."""

    unit: str | None = None
    """Its unit; none for yes/no or a plain number."""
    equals: Expression
    """Its equation."""
    for_each: dict[Name, list[Name]] | None = None
    """One element per member."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return {"equals": data} if isinstance(data, str | int | float) else data


class Stock(Entry):
    """What accumulates: it stands at a value and changes by so much a day."""

    unit: str = "1"
    """Its unit."""
    start: Number
    """Its value when the first day begins."""
    change: Expression
    """Its change per day."""
    for_each: dict[Name, list[Name]] | None = None
    """One element per member."""


class Table(Entry):
    """Straight lines between points, used as ``lookup(x, name)``."""

    of: str = "1"
    """The unit along."""
    unit: str = "1"
    """The unit up."""
    points: list[tuple[float, float]] = Field(min_length=2)
    """Pairs, in rising order."""


class Shock(Entry):
    """Something that happens or not by chance on each day on which it can."""

    when: Expression = "true"
    """On which days it can happen."""
    chance: Number
    """Its chance on such a day."""


class Option(Entry):
    """What a decision maker can do or not: yes/no, one of several, or a rung of a ladder."""

    one_of: list[Name] | None = Field(default=None, min_length=2)
    """Alternatives without order."""
    ladder: list[Name] | None = Field(default=None, min_length=2)
    """Ordered alternatives; a decision moves one rung at a time."""
    start: Annotated[str, BeforeValidator(_written)] | None = None
    """The value before the first occasion."""
    equals: Annotated[str | None, BeforeValidator(_written), Field(alias="is")] = None
    """An equation that gives its value instead of a decision."""
    outside_simulation: str | None = None
    """Why the simulation leaves it as it starts."""
    lasting: bool = False
    """True if, once taken, it cannot be undone."""


class Lean(_Part):
    """A reason that pulls a decision one way."""

    toward: Expression | None = None
    """Strength 0 to 1 of a reason for it."""
    away: Expression | None = None
    """Strength 0 to 1 of a reason against it."""
    to: Name | None = None
    """For a choice: which alternative; for a ladder: ``up`` or ``down``."""
    exerted_by: Annotated[str | list[str] | None, Field(alias="from")] = None
    """Who exerts it."""
    odds: Number
    """By which it multiplies the odds at full strength."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on."""
    says: str | None = None
    """The reason in a plain sentence."""
    label: Name | None = None
    """A name of its own, so that its number keeps its place when reasons are added."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _one(self) -> Lean:
        if (self.toward is None) == (self.away is None):
            raise ValueError("a lean is either 'toward' or 'away'")
        return self


def _usual(data: Any) -> Any:
    """Tell one chance from a chance for each alternative."""
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return {"": {"range": data}}
    if isinstance(data, dict) and {"chance", "range", "value", "by_reading"} & set(data):
        return {"": data}
    return data


class Decision(_Part):
    """How an option is decided: when it comes up, its usual chance, and the reasons that pull."""

    when: Expression | None = None
    """The occasion; by default, when something it reads changes."""
    usual: Annotated[dict[str, Number], BeforeValidator(_usual)] = Field(min_length=1)
    """The chance when no reason pulls; for a choice or a ladder, one for each alternative."""
    leans: list[Lean] = Field(default_factory=list)
    """The reasons."""
    says: str | None = None
    """A plain sentence."""
    claims: list[Name] = Field(default_factory=list)
    """Claims on how the decision comes up."""
    note: str | None = None
    """A remark."""


class Known(_Part):
    """How a measure of the record bears on the model: exactly one of the three."""

    follow: Dotted | None = None
    """A flow or auxiliary that is set to the record."""
    choice: Dotted | None = None
    """A decision or shock that is forced; the chance the model gave it weights the world."""
    measure: Dotted | None = None
    """An element observed with an error; weights the world only."""
    error: Number | None = None
    """For ``measure``: the standard deviation of the error."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _one(self) -> Known:
        if sum(part is not None for part in (self.follow, self.choice, self.measure)) != 1:
            raise ValueError("give exactly one of 'follow', 'choice' and 'measure'")
        if (self.measure is None) != (self.error is None):
            raise ValueError("'measure' needs an 'error', and only it")
        return self


class Lever(Entry):
    """A policy choice that is set from a day on, whatever the decision would have been."""

    sets: dict[Dotted, Annotated[str, BeforeValidator(_written)]] = Field(min_length=1)
    """Options and the value each is set to."""
    begins: Annotated[str, BeforeValidator(_written), Field(alias="from")]
    """``day 10``, or a date."""
    pair: Name | None = None
    """The counterpart that a reader of the other side would name."""


class Measure(Entry):
    """What matters: a value computed each day from the state of the world."""

    equals: Expression
    """Its expression."""
    unit: str | None = None
    """Its unit, checked against the expression."""
    headline: bool = False
    """Drawn as a band in the brief."""
    reported_by: str | None = None
    """The body whose count it follows."""
    for_each: dict[Name, list[Name]] | None = None
    """One element per member."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return {"equals": data} if isinstance(data, str | int | float) else data


class OutsideView(Entry):
    """A reference class: in how many cases like this one it happened."""

    says: Text
    """What the cases are, and how they differ from this one."""
    happened: Annotated[int, Field(ge=0)]
    """In how many it happened."""
    of: Annotated[int, Field(ge=1)]
    """How many there are."""

    @model_validator(mode="after")
    def _count(self) -> OutsideView:
        if self.happened > self.of:
            raise ValueError(f"it cannot have happened in {self.happened} of {self.of}")
        return self


class Question(Entry):
    """Something asked of the case."""

    asks: Text
    """The question."""
    answer: Expression
    """The expression that answers it; its type is the answer's type."""
    outside_view: Name | None = None
    """The reference class to show beside it."""
    bears: Literal["opportunity", "risk"] | None = None
    """Where the brief lists it."""


class Unanswered(_Part):
    """A question that the case raises and this model cannot answer, with the reason."""

    asks: Text
    """The question."""
    why: Text
    """Why it has no answer here."""
    cites: Cites | None = None
    """Where it is raised."""
    claims: list[Name] = Field(default_factory=list)
    """Claims that bear on it."""


class Sign(Entry):
    """What would have to be seen, by when."""

    see: Expression
    """Whether it is seen."""
    bears_on: list[Name] = Field(min_length=1)
    """The questions it tells apart."""


class Term(Entry):
    """Something on the table between the parties."""

    offered_by: list[Name] = Field(default_factory=list)
    """Who offers it."""
    asked_by: list[Name] = Field(default_factory=list)
    """Who asks for it."""
    on_no_list: bool = False
    """True where neither side has put it forward."""
    verified_by: str | None = None
    """Who verifies it."""
    breach: str | None = None
    """What counts as a breach, and who says so."""


class Context(_Part):
    """A scene, mood or heading: shown, never made to move an answer."""

    says: Text
    """The paraphrase."""
    cites: Cites
    """Where it stands."""
    note: str | None = None
    """A remark."""


Account = dict[str, str | None]


class Scenario(_Part):
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
    as_of: AwareDatetime
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
