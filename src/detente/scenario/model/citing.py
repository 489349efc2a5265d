"""What a number cites: claims, and what each of them supports of the number."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from detente.scenario.model.parts import Day, Name, Part, Text

__all__ = ["CitationsRead", "NumberCitation", "NumberCitations", "Support"]

Support = Literal["size", "direction", "existence", "nothing"]
"""What a claim gives of a number that cites it; ``nothing`` is a reader's verdict that the check refuses."""


class NumberCitation(Part):
    """One claim that a number cites, and what a reader found that the claim gives of it."""

    supports: Support | None = None
    """``size``: how large it is; ``direction``: which way it acts; ``existence``: that there is such a thing."""
    by: Text | None = None
    """Who decided that, where it was somebody else than for the case."""
    date: Day | None = None
    """When, where it was another day."""

    @model_validator(mode="after")
    def _decided(self) -> NumberCitation:
        if self.supports is None and (self.by is not None or self.date is not None):
            raise ValueError("'by' and 'date' say who decided, and nothing says what; add supports: direction")
        return self


class CitationsRead(Part):
    """Who decided what each claim supports of the numbers that cite it, and when."""

    by: Text
    """Who read claims and numbers side by side."""
    date: Day
    """When."""
    note: str | None = None
    """A remark."""


def _citations(data: Any) -> Any:
    """Take a plain list, which says nothing of what is supported, or what each claim supports."""
    if isinstance(data, list) and all(isinstance(name, str) for name in data):
        return {name: {} for name in data}
    if isinstance(data, dict):
        return {name: _said(name, value) for name, value in data.items()}
    came = f"'{data}'" if isinstance(data, str | int | float) else "something else"
    shown = data if isinstance(data, str) else "name_of_a_claim"
    raise ValueError(f"expected a list of claims, came {came}; write {{{shown}: direction}}, or [{shown}]")


def _said(name: object, value: Any) -> Any:
    if value is None:
        raise ValueError(f"nothing is said of '{name}'; write {name}: size, direction or existence")
    return {"supports": value} if isinstance(value, str) else value


NumberCitations = Annotated[
    dict[Name, NumberCitation],
    BeforeValidator(_citations, json_schema_input_type=list[Name] | dict[Name, Support | NumberCitation]),
    Field(default_factory=dict),
]
"""The claims that a number cites, as a list, or each with what it supports."""
