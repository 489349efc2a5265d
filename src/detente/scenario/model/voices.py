"""Who says what: sources, claims and their readings, and the actors with their aims."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from detente.scenario.model.expectations import Expectation
from detente.scenario.model.numbers import Number
from detente.scenario.model.parts import NAME, Cites, Dotted, Entry, Moment, Name, Part, Scalar, Text, Written, written

__all__ = [
    "MIXTURES",
    "SILENT",
    "Account",
    "Actor",
    "Aim",
    "Claim",
    "Context",
    "Reading",
    "Source",
    "SourceKind",
    "Term",
]

SILENT = "silent"
"""What stands in an account in place of a reading that it does not take; no reading has this name."""
MIXTURES = "mixtures"
"""The part of a run in which unsettled readings are drawn, each as likely as not; no account has this name."""


class Source(Part):
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

OF_A_CLAIM = ("cause", "condition")
"""Kinds that a claim without readings may have too."""


class Reading(Part):
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
    likelihood: Written | None = None
    """A number or range, only from a dated source or a signed, dated judgement."""
    likelihood_by: str | None = None
    """Whose judgement, and when."""
    expects: list[Expectation] = Field(default_factory=list)
    """What the model has to show where this reading holds."""
    expects_nothing_because: Text | None = None
    """Why a reading of a cause expects nothing: it says nothing of an effect, or of either sign of it."""
    note: str | None = None
    """A remark."""


class Claim(Part):
    """Something a source says, paraphrased; or, with ``readings``, something that is contested."""

    says: Text | None = None
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
    kind: Literal["cause", "fact", "count", "condition", "responsibility", "duty", "wording", "fate"] | None = None
    """For a contested claim: switches are cause, fact and count; the others are shown, never drawn. A claim without
    ``readings`` may say that it is of a ``cause`` or a ``condition``, which the model is then to bear out."""
    about: Text | None = None
    """The question that the readings answer differently."""
    group: Name | None = None
    """Contested claims of one group are read together: first reading with first."""
    readings: dict[Name, Reading] | None = None
    """The positions, two or more."""
    expects: list[Expectation] = Field(default_factory=list)
    """What the model has to show if it is to say what the claim says."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _shape(self) -> Claim:
        if self.readings is None:
            if self.says is None:
                raise ValueError("a claim needs 'says'; add it, or 'about', 'kind' and 'readings' if it is contested")
            if self.kind not in (None, *OF_A_CLAIM) or self.group is not None:
                raise ValueError(
                    "'kind' and 'group' belong to contested claims, which list 'readings'; remove them or add it"
                )
        else:
            if len(self.readings) < 2:
                raise ValueError(
                    f"a contested claim has two readings or more, came {len(self.readings)}; add another side's"
                )
            if self.kind is None or self.about is None:
                raise ValueError(
                    "a contested claim needs 'kind' and 'about'; add kind: cause and the question it answers"
                )
            if self.kind == "condition":
                raise ValueError("a contested claim of a condition is one of a cause; write kind: cause")
        return self

    @property
    def title(self) -> str:
        """What it is called: the question that its readings answer, or what it says."""
        return self.about or self.says or ""

    @property
    def is_switch(self) -> bool:
        """Whether its readings change the model."""
        return self.readings is not None and self.kind in ("cause", "fact", "count")

    @property
    def is_causal(self) -> bool:
        """Whether it says that one thing brings about another, or is its condition: what a model can bear out."""
        return self.kind in OF_A_CLAIM


def _readings(data: Any) -> Any:
    """Refuse a list of readings that is none, and show how it is written."""
    if not isinstance(data, dict):
        came = f"'{data}'" if isinstance(data, str | int | float) else "a list" if isinstance(data, list) else "nothing"
        raise ValueError(f"expected contested claims with a reading each, came {came}; write CLAIM: READING below it")
    return data


def _taken(data: Any) -> Any:
    """Refuse a contested claim at which nothing stands."""
    if data is None:
        raise ValueError(f"expected a reading, came nothing; name one of its readings, or write {SILENT}")
    return written(data)


class Account(Part):
    """A telling of the crisis: which reading of each contested claim it takes.

    Written before ``readings`` was a key of its own, the readings stand beside the title and the other remarks.
    """

    title: Text | None = None
    """How the account is called; by default its name, with blanks."""
    by: str | None = None
    """Whose account it is: an actor or a source."""
    says: str | None = None
    """The account in a plain sentence."""
    note: str | None = None
    """A remark."""
    readings: Annotated[
        dict[Name, Annotated[str, BeforeValidator(_taken, json_schema_input_type=Scalar)]],
        BeforeValidator(_readings, json_schema_input_type=dict[Name, Scalar]),
    ] = Field(default_factory=dict)
    """A reading of every switch, or ``silent``: then it is drawn."""

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, data: Any) -> Any:
        """Gather readings that stand beside the remarks."""
        if not isinstance(data, dict) or "readings" in data:
            return data
        remarks = {key: value for key, value in data.items() if key in cls.model_fields}
        return {**remarks, "readings": {key: value for key, value in data.items() if key not in remarks}}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the schema that readings may still stand beside the remarks."""
        inner = handler(core)
        found = handler.resolve_ref_schema(inner)
        remarks = {key: entry for key, entry in found["properties"].items() if key != "readings"}
        word = {"type": ["string", "number", "boolean"], "description": "A reading, or silent; better under readings."}
        beside = {"type": "object", "properties": {**remarks, "readings": False}, "patternProperties": {NAME: word}}
        return {"description": found["description"], "anyOf": [found, beside]}


Better = Annotated[
    Literal["more", "less", "true", "false"],
    BeforeValidator(written, json_schema_input_type=Literal["more", "less", "true", "false", True, False]),
]


class Aim(Part):
    """What an actor wants, and the measure by which one can see how far it is met."""

    says: Text
    """The aim, as the actor would put it."""
    measure: Dotted | None = None
    """The measure that shows it."""
    better: Better = "more"
    """Which way the actor wants the measure to go."""
    stand_in: Text | None = None
    """Why the measure only stands in for the aim: what of it the model does not hold."""
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


class Actor(Part):
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


class Term(Entry):
    """Something on the table between the parties."""

    offered_by: list[Name] = Field(default_factory=list)
    """Who offers it."""
    asked_by: list[Name] = Field(default_factory=list)
    """Who asks for it."""
    on_no_list: bool = False
    """True where it is part of no list that the parties have agreed to."""
    verified_by: str | None = None
    """Who verifies it."""
    breach: str | None = None
    """What counts as a breach of what was agreed, and who says so."""
    dispute: str | None = None
    """What of it is disputed, where no breach is in question or nothing is agreed."""


class Context(Part):
    """A scene, mood or heading: shown, never made to move an answer."""

    says: Text
    """The paraphrase."""
    cites: Cites
    """Where it stands."""
    note: str | None = None
    """A remark."""
