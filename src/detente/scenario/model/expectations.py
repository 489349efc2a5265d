"""What a claim expects of the model: two sides that differ in one thing, what is looked at, and what is to be found."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from detente.scenario.model.parts import NAME, Expression, Name, Part, Text, Written

__all__ = ["AS_IT_STANDS", "FINDINGS", "Expectation", "Side"]

AS_IT_STANDS = "as_it_stands"
"""The side on which nothing is set; no lever has this name."""
FINDINGS = ("lower", "higher", "no_more", "no_less", "unmoved", "at_least", "at_most")
"""What may be found; the last two take a number."""


def _several(data: Any) -> Any:
    return [data] if isinstance(data, str) else data


class Side(Part):
    """One of the two sides of an expectation: what is set on it, everything else as it is on the other."""

    lever: Annotated[list[Name], BeforeValidator(_several, json_schema_input_type=str | list[Name])] = Field(
        default_factory=list
    )
    """A lever, or several that are set together."""
    begins: Annotated[Written | None, Field(alias="from")] = None
    """The day from which they are set, instead of their own: ``day 10``, or a date."""
    reading: dict[Name, Name] = Field(default_factory=dict)
    """Contested claims and the reading that holds on this side."""
    account: Name | None = None
    """The account that tells this side."""
    fix: dict[str, Written] = Field(default_factory=dict)
    """Numbers, each held at a place in its range: ``low``, ``high``, or a share of it such as 0.9."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        if data == AS_IT_STANDS:
            return {}
        if isinstance(data, dict) and not data:
            raise ValueError(f"sets nothing; write {AS_IT_STANDS}, or what is set")
        return {"lever": data} if isinstance(data, str | list) else data

    @model_validator(mode="after")
    def _whole(self) -> Side:
        if self.begins is not None and not self.lever:
            raise ValueError("'from' says when a lever is set, and there is none; name it, or remove 'from'")
        return self

    @property
    def sets_nothing(self) -> bool:
        """Whether it is the case as it stands."""
        return not (self.lever or self.reading or self.account or self.fix)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the schema that the name of a lever, or ``as_it_stands``, does as well."""
        inner = handler(core)
        return {"anyOf": [{"type": "string", "pattern": NAME}, handler.resolve_ref_schema(inner)]}


class Expectation(Part):
    """What the model has to show if it is to say what the claim says: one side held against another in one luck."""

    with_: Annotated[Side, Field(alias="with")]
    """What is changed: a lever, or a mapping of what is set."""
    against: Side = Field(default_factory=Side.model_construct)
    """What it is held against: likewise, or ``as_it_stands``, which it is by default."""
    effect_on: Expression
    """What is looked at: a measure, an element, a question, or an expression as a measure may have it."""
    finds: Text
    """``lower``, ``higher``, ``no_more``, ``no_less``, ``unmoved``, ``at_least 5 [point]``, ``at_most -3 [person]``."""
    by: Written | None = None
    """The day at whose end it is looked at: ``day 21``, or a date; by default the last."""
    during: Expression | None = None
    """A condition: then the mean over the days on which it holds on both sides, up to ``by``."""
    under: dict[Name, Name] = Field(default_factory=dict)
    """Readings of other contested claims that hold on both sides; accounts that take another are left out."""
    fails_because: Text | None = None
    """Why the model is known not to bear it out; the brief then says so."""
    says: str | None = None
    """A plain sentence for readers."""
    note: str | None = None
    """A remark."""
