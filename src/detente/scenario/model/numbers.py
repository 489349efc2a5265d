"""Numbers as they are written: exact, a range, a name, or a table by reading."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, model_validator

from detente.scenario.model.citing import NumberCitations
from detente.scenario.model.parts import Cites, Name, Part, Spoken, Written

__all__ = ["Arm", "Number", "NumberBlock", "Quantity"]

WORDS = ("chance", "value", "range")
"""Words for the same thing: a number, exact or not."""
MARKS = frozenset({*WORDS, "by_reading"})
"""Keys by which a number is told from numbers by name."""


def _with_words(schema: dict[str, Any]) -> None:
    """Let the schema know the other words for ``range``."""
    properties = schema.get("properties", {})
    if "range" in properties:
        for word in WORDS:
            properties.setdefault(word, properties["range"])


class Arm(Part):
    """One row of a by-reading table."""

    model_config = ConfigDict(json_schema_extra=_with_words)

    when: dict[Name, Name] | None = None
    """Readings under which this row holds; the first row that holds is used."""
    otherwise: Any = None
    """The range when no row before holds; last and required."""
    range: Written | None = None
    """A range, or one number."""
    claims: NumberCitations
    """Claims that this row rests on."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        data = _one_word(data)
        if not isinstance(data, dict) or data.get("otherwise") is None:
            return data
        if "when" in data:
            raise ValueError("'when' and 'otherwise' both stand in one row; the last row has 'otherwise' alone")
        inner = data["otherwise"]
        if isinstance(inner, dict):
            inner = _one_word(inner)
            unknown = sorted(set(inner) - {"range", "claims", "note"}, key=str)
            if unknown:
                raise ValueError(f"unknown key '{unknown[0]}' under otherwise; use range, claims or note")
            return {**{key: value for key, value in data.items() if key != "otherwise"}, "otherwise": True, **inner}
        if "range" in data and inner is not True:
            raise ValueError("'otherwise' and 'range' both hold a range; keep one")
        return data if "range" in data else {**data, "range": inner, "otherwise": True}

    @model_validator(mode="after")
    def _complete(self) -> Arm:
        if self.when is None and self.otherwise is None:
            raise ValueError("a row holds neither 'when' nor 'otherwise'; write when: {claim: reading}")
        if self.when is not None and not self.when:
            raise ValueError("'when' is empty; write {claim: reading}, or 'otherwise' in the last row")
        if self.range is None:
            raise ValueError("a row needs a range; add 'range:'")
        return self


def _one_word(data: Any) -> Any:
    """Turn ``chance`` and ``value`` into ``range``, and refuse two of them."""
    if not isinstance(data, dict):
        return data
    spoken = [key for key in WORDS if key in data]
    if len(spoken) > 1:
        raise ValueError(f"'{spoken[0]}' and '{spoken[1]}' both stand here; keep one")
    if spoken and spoken[0] != "range":
        return {("range" if key == spoken[0] else key): value for key, value in data.items()}
    return data


def _number(data: Any) -> Any:
    """Accept a bare number, a range, a name, or a block; ``chance`` and ``value`` are other words for ``range``."""
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return {"range": data}
    return _one_word(data)


def _one_of(range_: str | None, table: list[Arm] | None) -> None:
    """Hold a number to a range or a complete table, one of the two."""
    if (range_ is None) == (table is None):
        came = "neither" if range_ is None else "both"
        raise ValueError(f"expected a range (or a value) or a by_reading table, came {came}; write one of them")
    if table is not None and (
        not table or table[-1].otherwise is None or any(arm.otherwise is not None for arm in table[:-1])
    ):
        raise ValueError("a by_reading table ends with one 'otherwise' row; add '- otherwise: RANGE' as its last row")


class NumberBlock(Part):
    """A number: exact, a range, the name of another entry, or a table by reading."""

    model_config = ConfigDict(json_schema_extra=_with_words)

    range: Written | None = None
    """An exact number, ``0.3..0.7``, ``about 0.5, 0.3..0.7``, ``5 to 20``, or a name."""
    by_reading: list[Arm] | None = None
    """The range by the readings that hold; first match wins, ``otherwise`` is required."""
    unit: str | None = None
    """Its unit, where the place does not give one."""
    claims: NumberCitations
    """The claims it rests on, and what each supports."""
    note: str | None = None
    """A remark."""
    says: str | None = None
    """A plain sentence."""

    @model_validator(mode="after")
    def _one(self) -> NumberBlock:
        _one_of(self.range, self.by_reading)
        return self


Number = Annotated[NumberBlock, BeforeValidator(_number, json_schema_input_type=str | float | NumberBlock)]


class Quantity(Spoken):
    """A constant or an uncertainty."""

    model_config = ConfigDict(json_schema_extra=_with_words)

    unit: str = "1"
    """Its unit; dimensionless by default."""
    claims: NumberCitations
    """The claims it rests on, and what each supports; none: an assumption."""
    cites: Cites | None = None
    """Places it rests on directly."""
    says: str | None = None
    """A plain sentence for readers."""
    note: str | None = None
    """A remark for the next author."""
    range: Written | None = None
    """How far it may lie, or its value."""
    by_reading: list[Arm] | None = None
    """The range by the readings that hold."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return _number(data)

    @model_validator(mode="after")
    def _one(self) -> Quantity:
        _one_of(self.range, self.by_reading)
        return self
