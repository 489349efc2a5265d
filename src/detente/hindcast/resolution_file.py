"""The shape of a file of resolutions: what may stand in it, and what it means."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from detente.scenario.files import kind_of
from detente.scenario.model.parts import Day, Instant, Name, Part, Text

__all__ = ["NotAnswerableEntry", "ResolutionEntry", "ResolutionFile", "Written"]

Written = Literal["before the event", "after the event"]


def _scalar(value: Any) -> Any:
    if not isinstance(value, bool | int | float | str):
        raise ValueError(
            f"expected what became of the question, came {kind_of(value)}; "
            "write true or false, a number, an alternative, a day, or never"
        )
    return value


class ResolutionEntry(Part):
    """What became of one question."""

    listed_as: str | None = None
    """Its name in the list of questions it was taken from."""
    asks: Text
    """The wording that was resolved."""
    closes: Instant
    """When it closes: a forecast made later is none."""
    outcome: Annotated[bool | int | float | str, BeforeValidator(_scalar)]
    """What came: yes or no, a number in the question's unit, an alternative, a day, or ``never``."""
    resolved: Day
    """The day on which that was known."""
    how: Text
    """What decides it."""
    sources: list[Text] = Field(min_length=1)
    """Where it is said."""
    certainty: Literal["high", "medium", "low"]
    """How sure it is."""
    cluster: Name
    """What single event decides it: questions of one cluster are scored as one."""
    mentions_outcome: bool
    """Whether the wording gives away what came."""
    written: Written | None = None
    """Whether the question was written before the event or after it."""
    note: str | None = None
    """A remark, above all on how the wording differs from what the equation computes."""


class NotAnswerableEntry(Part):
    """A question with a known outcome that no equation of the case answers."""

    listed_as: str | None = None
    """Its name in the list of questions it was taken from."""
    asks: Text
    """The question."""
    why: Text
    """Why no equation answers it."""
    note: str | None = None
    """A remark."""


class ResolutionFile(Part):
    """What became of the questions of a case."""

    written: Written | None = None
    """Whether the questions were written before the event or after it; each entry may say otherwise."""
    note: str | None = None
    """A remark."""
    resolutions: dict[Name, ResolutionEntry] = Field(default_factory=dict)
    """By question of the case."""
    not_answerable: dict[Name, NotAnswerableEntry] = Field(default_factory=dict)
    """By a name of their own."""
