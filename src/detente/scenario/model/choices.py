"""What is decided: options, decisions with their reasons, and levers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from detente.scenario.model.citing import NumberCitations
from detente.scenario.model.numbers import MARKS, Number, NumberBlock
from detente.scenario.model.parts import Dotted, Entry, Expression, Name, Part, Written

__all__ = ["NO_LEVER", "Decision", "DecisionRule", "Lean", "Lever", "Option"]

NO_LEVER = "no_lever"
"""What levers are compared with; no lever has this name."""

DecisionRule = Literal["log_odds", "lexicographic", "threshold", "shared_luck"]


class Option(Entry):
    """What a decision maker can do or not: yes/no, one of several, or a rung of a ladder."""

    one_of: list[Name] | None = Field(default=None, min_length=2)
    """Alternatives without order."""
    ladder: list[Name] | None = Field(default=None, min_length=2)
    """Ordered alternatives; a decision moves one rung at a time."""
    start: Written | None = None
    """The value before the first occasion."""
    equals: Annotated[Written | None, Field(alias="is")] = None
    """An equation that gives its value instead of a decision."""
    outside_simulation: str | None = None
    """Why the simulation leaves it as it starts."""
    lasting: bool = False
    """True if, once taken, it cannot be undone."""

    @model_validator(mode="after")
    def _told_apart(self) -> Option:
        marks = [name for name in self.one_of or () if name in MARKS]
        if marks:
            raise ValueError(
                f"an alternative is called '{marks[0]}', a key of one number under 'usual'; choose another name"
            )
        return self


class Lean(Part):
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
    claims: NumberCitations
    """The claims it rests on, and what each supports."""
    says: str | None = None
    """The reason in a plain sentence."""
    label: Name | None = None
    """A name of its own, so that its number keeps its place when reasons are added."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _one(self) -> Lean:
        if (self.toward is None) == (self.away is None):
            raise ValueError("a lean is either 'toward' or 'away'; give one of them")
        return self


def _usual(data: Any) -> Any:
    """Tell one chance from a chance for each alternative."""
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return {"": {"range": data}}
    if isinstance(data, dict) and MARKS & set(data):
        return {"": data}
    return data


class Decision(Part):
    """How an option is decided: when it comes up, its usual chance, and the reasons that pull."""

    when: Expression | None = None
    """The occasion; by default, when something it reads changes."""
    usual: Annotated[
        dict[str, Number], BeforeValidator(_usual, json_schema_input_type=str | float | NumberBlock | dict[str, Number])
    ] = Field(min_length=1)
    """The chance when no reason pulls; for a choice or a ladder, one for each alternative."""
    leans: list[Lean] = Field(default_factory=list)
    """The reasons."""
    says: str | None = None
    """A plain sentence."""
    claims: list[Name] = Field(default_factory=list)
    """Claims on how the decision comes up."""
    note: str | None = None
    """A remark."""


class Lever(Entry):
    """A policy choice that is set from a day on, whatever the decision would have been."""

    sets: dict[Dotted, Written] = Field(min_length=1)
    """Options and the value each is set to."""
    begins: Annotated[Written, Field(alias="from")]
    """``day 10``, or a date."""
    pair: Name | None = None
    """The counterpart that a reader of the other side would name."""
