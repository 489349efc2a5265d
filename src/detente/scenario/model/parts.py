"""The words that every part is made of: names, texts, expressions, days and instants."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from detente.scenario.calendar import in_calendar

__all__ = [
    "MOMENT",
    "NAME",
    "Cites",
    "Day",
    "Dotted",
    "Entry",
    "Expression",
    "Instant",
    "Moment",
    "Name",
    "Part",
    "Scalar",
    "Spoken",
    "Text",
    "Written",
    "written",
]

NAME = r"^[a-z][a-z0-9_]*$"
DOTTED = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"
MOMENT = r"^\d{4}-\d{2}-\d{2}"

Scalar = str | int | float | bool
"""What YAML may make of one word."""

Name = Annotated[str, Field(pattern=NAME)]
Dotted = Annotated[str, Field(pattern=DOTTED)]


def written(value: Any) -> Any:
    """Give back as text what YAML has read as a number or a truth value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else value


def _day(value: str) -> str:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"'{value}' is no day of the calendar; write YEAR-MONTH-DAY") from None
    in_calendar(day)
    return value


def _moment(value: str) -> str:
    try:
        instant = dt.datetime.fromisoformat(value) if len(value) > len("2031-05-04") else None
        day = instant or dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"'{value}' is no day or instant; write 2031-05-04 or 2031-05-04T06:00+02:00") from None
    in_calendar(day)
    if instant is not None and instant.tzinfo is None:
        raise ValueError(f"'{value}' has no zone; write for example {value}+02:00")
    return value


def _instant(value: Any) -> Any:
    """Refuse what the library would take for seconds since 1970."""
    if not isinstance(value, str) or not re.match(MOMENT, value):
        shown = f"'{value}'" if isinstance(value, str | int | float) else "this"
        raise ValueError(f"{shown} is no instant with a zone; write for example 2031-05-04T06:00+02:00, in quotes")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; write a plain sentence, or remove the key")
    return value


Written = Annotated[str, BeforeValidator(written, json_schema_input_type=Scalar)]
"""Text, even where it looks like a number or a truth value."""
Expression = Annotated[
    str, BeforeValidator(written, json_schema_input_type=Scalar), Field(description="an expression of the language")
]
Text = Annotated[str, AfterValidator(_filled), Field(min_length=1, description="a plain sentence")]
Day = Annotated[
    str, BeforeValidator(written, json_schema_input_type=str), AfterValidator(_day), Field(description="YEAR-MONTH-DAY")
]
Moment = Annotated[str, AfterValidator(_moment), Field(description="a day, or an instant with a zone", pattern=MOMENT)]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant, json_schema_input_type=AwareDatetime),
    AfterValidator(in_calendar),
    Field(strict=False),
]
Cites = Annotated[str, Field(min_length=1, description="places: gazette 12, 14, 21-22; harbour_office")]


class Part(BaseModel):
    """Base of every part: unknown keys are refused, nothing is guessed, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Spoken(Part):
    """Base of parts that may also be written as one word: a number, a range, a name or an expression."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the schema that one word does as well as named entries."""
        inner = handler(core)
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, handler.resolve_ref_schema(inner)]}


class Entry(Part):
    """What every entry may carry."""

    says: str | None = None
    """A plain sentence for readers."""
    note: str | None = None
    """A remark for the next author."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on; none: an assumption."""
    cites: Cites | None = None
    """Places it rests on directly."""
