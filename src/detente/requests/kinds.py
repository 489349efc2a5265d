"""The kinds of value that a request may hold: each says what it expects, takes a value or refuses it, and writes it."""

from __future__ import annotations

import datetime as dt
import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from detente.errors import RequestError, nearest
from detente.scenario.calendar import in_calendar

__all__ = [
    "CaseName",
    "File",
    "Horizons",
    "Kind",
    "Moment",
    "Name",
    "Names",
    "OneOf",
    "Readings",
    "Step",
    "Text",
    "Truth",
    "Whole",
    "checked",
    "read",
]

SHOWN = 60
SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
STEP = re.compile(r"(?P<number>[1-9]\d{0,12})\s*(?P<unit>[wdhms])")


class Kind(ABC):
    """What one field of a request may be."""

    @property
    @abstractmethod
    def expected(self) -> str:
        """What is expected, in words that end a sentence."""

    @abstractmethod
    def take(self, value: Any) -> Any:
        """Return a value in the one form in which it is kept.

        Raises
        ------
        ValueError
            If it is none of this kind; its text says how to mend it, and may be empty.
        """

    def write(self, value: Any) -> list[str]:
        """Return a value as the words that a command line gives it in."""
        return [str(value)]

    def read(self, words: Sequence[str]) -> Any:
        """Return the value that :meth:`write` wrote so.

        Raises
        ------
        ValueError
            If it is none.
        """
        (word,) = words
        return word


def checked(name: str, kind: Kind, value: Any) -> Any:
    """Return a value in the form in which it is kept.

    Parameters
    ----------
    name
        What the value is given as, for the message.
    kind
        Which kind of value is expected.
    value
        What came.

    Returns
    -------
    Any
        As the request holds it.

    Raises
    ------
    RequestError
        If it is none of the kind: with what was expected, what came, and how to mend it.
    """
    try:
        return kind.take(value)
    except ValueError as error:
        mend = f"; {error}" if str(error) else ""
        raise RequestError(f"{name}: expected {kind.expected}, and {_shown(value)} came{mend}") from None


def read(name: str, kind: Kind, words: Sequence[str]) -> Any:
    """Return the value that words were written for.

    Parameters
    ----------
    name
        What the value is given as, for the message.
    kind
        Which kind of value is expected.
    words
        The words of a command line.

    Returns
    -------
    Any
        As the request holds it.

    Raises
    ------
    RequestError
        If they are no such words.
    """
    try:
        return kind.read(words)
    except ValueError:
        raise RequestError(f"{name}: expected {kind.expected}, and {' '.join(words)!r} came") from None


def _shown(value: Any) -> str:
    """Return a value as an error shows it: what is not plain is named by its class."""
    if value is None or isinstance(value, bool | int | float | str | dt.date | dt.timedelta | Path):
        text = repr(value) if isinstance(value, str) else str(value)
        return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    if isinstance(value, Sequence | Mapping | set) and not value:
        return "nothing"
    text = " ".join(repr(value).split())
    named = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return f"{named} ({type(value).__name__})"


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number within bounds; NumPy's are taken too, truths and fractions are not."""

    least: int
    most: int

    @property
    def expected(self) -> str:
        """What is expected."""
        return f"a whole number from {self.least:,} to {self.most:,}"

    def take(self, value: Any) -> int:
        """Return the number as an ``int``."""
        if isinstance(value, bool):
            raise ValueError
        try:
            number = operator.index(value)
        except TypeError:
            whole = isinstance(value, float) and value.is_integer() and self.least <= value <= self.most
            raise ValueError(f"write {int(value)}" if whole else "") from None
        if not self.least <= number <= self.most:
            raise ValueError
        return number

    def read(self, words: Sequence[str]) -> int:
        """Return the number."""
        (word,) = words
        return int(word)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """What is expected."""
        *first, last = (f"'{word}'" for word in self.words)
        return f"{', '.join(first)} or {last}"

    def take(self, value: Any) -> str:
        """Return the word."""
        if isinstance(value, str) and value in self.words:
            return str(value)
        raise ValueError(nearest(value, self.words) if isinstance(value, str) else "")


class Truth(Kind):
    """Yes or no; NumPy's are taken too, numbers are not."""

    expected = "True or False"

    def take(self, value: Any) -> bool:
        """Return it as a ``bool``."""
        if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
            return bool(value)
        raise ValueError

    def read(self, words: Sequence[str]) -> bool:
        """Return it."""
        (word,) = words
        if word not in ("True", "False"):
            raise ValueError
        return word == "True"


class Text(Kind):
    """A text that is not empty."""

    expected = "a text"

    def take(self, value: Any) -> str:
        """Return the text."""
        if isinstance(value, str) and value.strip():
            return str(value)
        raise ValueError


class Name(Text):
    """The name of something in the case; whether the case has it is seen when the case is read."""

    expected = "a name, as the case writes it"


@dataclass(frozen=True)
class Names(Kind):
    """Names of things in the case, each once and in order; at least so many."""

    least: int = 0

    @property
    def expected(self) -> str:
        """What is expected."""
        return "a list of names" if self.least == 0 else "a list with one name or more"

    def take(self, value: Any) -> tuple[str, ...]:
        """Return the names."""
        if isinstance(value, str):
            raise ValueError(f"write ['{value}']")
        if not isinstance(value, Sequence) or not all(isinstance(name, str) and name.strip() for name in value):
            raise ValueError
        names = tuple(dict.fromkeys(str(name) for name in value))
        if len(names) < self.least:
            raise ValueError
        return names

    def write(self, value: Any) -> list[str]:
        """Return the names."""
        return list(value)

    def read(self, words: Sequence[str]) -> list[str]:
        """Return the names."""
        return list(words)


class Readings(Kind):
    """For contested claims, the reading that is fixed."""

    expected = "a mapping from contested claims to readings"

    def take(self, value: Any) -> dict[str, str]:
        """Return the mapping, a copy of its own."""
        if not isinstance(value, Mapping):
            raise ValueError("write for example {'claim': 'reading'}")
        for claim, reading in value.items():
            if not all(isinstance(name, str) and name.strip() for name in (claim, reading)):
                raise ValueError(f"both names are texts; see {claim!r}")
        return {str(claim): str(reading) for claim, reading in value.items()}

    def write(self, value: Any) -> list[str]:
        """Return ``CLAIM=READING`` for each."""
        return [f"{claim}={reading}" for claim, reading in value.items()]

    def read(self, words: Sequence[str]) -> dict[str, str]:
        """Return the mapping."""
        return {claim.strip(): reading.strip() for claim, _, reading in (word.partition("=") for word in words)}


class Moment(Kind):
    """A moment; without a zone it is in the case's own."""

    expected = "a moment, such as datetime.fromisoformat('2023-11-28T07:30+02:00')"

    def take(self, value: Any) -> dt.datetime:
        """Return the moment."""
        if isinstance(value, dt.datetime):
            in_calendar(value)
            return value
        raise ValueError

    def write(self, value: Any) -> list[str]:
        """Return it as ISO 8601 has it."""
        return [value.isoformat()]

    def read(self, words: Sequence[str]) -> dt.datetime:
        """Return the moment."""
        (word,) = words
        return dt.datetime.fromisoformat(word)


class Step(Kind):
    """How far moments lie apart, in whole seconds."""

    expected = "a timedelta of one second or more, in whole seconds"

    def take(self, value: Any) -> dt.timedelta:
        """Return the step."""
        if not isinstance(value, dt.timedelta):
            raise ValueError("write for example datetime.timedelta(days=1)")
        if value < dt.timedelta(seconds=1) or value.microseconds:
            raise ValueError
        return value

    def write(self, value: Any) -> list[str]:
        """Return it as ``1w``, ``2d``, ``12h``, ``90m`` or ``45s``, in the longest unit that serves."""
        seconds = round(value.total_seconds())
        unit = next(unit for unit, length in SECONDS.items() if seconds % length == 0)
        return [f"{seconds // SECONDS[unit]}{unit}"]

    def read(self, words: Sequence[str]) -> dt.timedelta:
        """Return the step."""
        (word,) = words
        found = STEP.fullmatch(word.strip())
        if found is None:
            raise ValueError
        return dt.timedelta(seconds=int(found["number"]) * SECONDS[found["unit"]])


class File(Kind):
    """A file, by its path."""

    expected = "the path of a file"

    def take(self, value: Any) -> Path:
        """Return the path."""
        if isinstance(value, str | PathLike) and str(value).strip():
            return Path(value)
        raise ValueError


class CaseName(Kind):
    """A case as it was asked for: a folder, its ``scenario.yaml``, or the name of a bundled case."""

    expected = "a case, its folder, its scenario.yaml or the name of a bundled case"

    def take(self, value: Any) -> str:
        """Return it as text; one that would look like an option of a command is written as a path."""
        if not isinstance(value, str | PathLike):
            raise ValueError
        text = fspath(value)
        if not isinstance(text, str) or not text.strip() or "\0" in text:
            raise ValueError
        return f"./{text}" if text.startswith("-") else text


@dataclass(frozen=True)
class Horizons(Kind):
    """How many moves ahead decision makers look, each 2 or more; kept in order and each once."""

    most: int

    @property
    def expected(self) -> str:
        """What is expected."""
        return f"a list of whole numbers from 2 to {self.most:,}, such as (2, 3)"

    def take(self, value: Any) -> tuple[int, ...]:
        """Return the horizons."""
        if isinstance(value, int):
            raise ValueError(f"for all up to {value} write range(2, {value + 1})")
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise ValueError
        one = Whole(2, self.most)
        return tuple(sorted({one.take(horizon) for horizon in value}))

    def write(self, value: Any) -> list[str]:
        """Return the horizons with commas between them."""
        return [",".join(map(str, value))]

    def read(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the horizons."""
        (word,) = words
        return tuple(int(one) for one in word.split(",") if one)
