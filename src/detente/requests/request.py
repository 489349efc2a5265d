"""A request: what is asked of a case, validated once, which knows the command that asks it again.

Each field says, in its annotation, which kind of value it holds and how a command line gives it. A request is checked
by the kinds when it is made, and its command is generated from the fields, those that differ from their defaults; so
no field can be left out of either.
"""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from typing import Annotated, Any, ClassVar, Self, get_args, get_type_hints

from detente.errors import RequestError, nearest
from detente.requests.kinds import CaseName, Kind, checked, read
from detente.scenario import Case

__all__ = ["Argument", "Flag", "Option", "Repeated", "Request", "Spelling"]


class Spelling(ABC):
    """How a command line gives a field."""

    @abstractmethod
    def words(self, written: Sequence[str]) -> list[str]:
        """Return the words of a command line for a value that is written in these."""


@dataclass(frozen=True)
class Argument(Spelling):
    """By its place."""

    def words(self, written: Sequence[str]) -> list[str]:
        """Return the words as they are."""
        return list(written)


@dataclass(frozen=True)
class Option(Spelling):
    """By an option with a value."""

    flag: str

    def words(self, written: Sequence[str]) -> list[str]:
        """Return the option with its value, tied to it where the value looks like an option itself."""
        (value,) = written
        return [f"{self.flag}={value}"] if value.startswith("-") else [self.flag, value]


@dataclass(frozen=True)
class Repeated(Spelling):
    """By an option that is given once for each."""

    flag: str

    def words(self, written: Sequence[str]) -> list[str]:
        """Return the option once for each word."""
        return [word for value in written for word in Option(self.flag).words([value])]


@dataclass(frozen=True)
class Flag(Spelling):
    """By a bare option, which stands for what is not the default."""

    flag: str

    def words(self, written: Sequence[str]) -> list[str]:
        """Return the option."""
        return [self.flag]


@dataclass(frozen=True, repr=False)
class Request:
    """What is asked of a case: every field that decides about what is computed, none that does not.

    Parameters
    ----------
    case
        The case as it was asked for: a folder, its ``scenario.yaml``, or the name of a bundled case.

    Raises
    ------
    RequestError
        If a field is of the wrong kind or out of its bounds.
    """

    COMMAND: ClassVar[str]
    """The command that asks it."""

    case: Annotated[str, CaseName(), Argument()]

    def __post_init__(self) -> None:
        for one in fields(self):
            kind, _ = _told(type(self))[one.name]
            value = getattr(self, one.name)
            if value is not None or one.default is not None:  # None is taken where it is the default
                object.__setattr__(self, one.name, checked(one.name, kind, value))

    def opens_what_came(self, case: Case) -> bool:
        """Whether the files are opened that say what came after the cut of a case: whoever only answers never does."""
        return False

    def command(self) -> str:
        """Return the command that asks the same again, quoted for a shell."""
        return shlex.join(["detente", *self.words()])

    def words(self) -> list[str]:
        """Return the words of that command after the name of the program."""
        told = _told(type(self))
        given = [(name, *told[name]) for name in self._differing()]
        by_place = [one for one in given if isinstance(one[2], Argument)]
        by_name = [one for one in given if not isinstance(one[2], Argument)]
        found = [self.COMMAND]
        for name, kind, spelling in (*by_place, *by_name):
            found += spelling.words(kind.write(getattr(self, name)))
        return found

    def data(self) -> dict[str, list[str]]:
        """Return the fields that differ from their defaults as plain data, written as on a command line."""
        told = _told(type(self))
        return {name: told[name][0].write(getattr(self, name)) for name in self._differing()}

    @classmethod
    def of_data(cls, data: Mapping[str, Sequence[str]]) -> Self:
        """Return the request that :meth:`data` wrote.

        Raises
        ------
        RequestError
            If a field is none of this kind of request, or of the wrong kind.
        """
        told = _told(cls)
        for name in data:
            if name not in told:
                raise RequestError(f"a request to {cls.COMMAND} has no '{name}'; {nearest(name, set(told))}")
        return cls(**{name: read(name, told[name][0], written) for name, written in data.items()})

    def _differing(self) -> list[str]:
        """Return the names of the fields that differ from their defaults, in order."""
        return [one.name for one in fields(self) if getattr(self, one.name) != _default(one)]

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._differing())
        return f"{type(self).__name__}({given})"


def _default(one: Field[Any]) -> Any:
    """Return the default of a field; MISSING where it has none."""
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _told(request: type[Request]) -> dict[str, tuple[Kind, Spelling]]:
    """Return for each field of a kind of request the kind of its values and how a command line gives it."""
    hints = get_type_hints(request, include_extras=True)
    found = {}
    for one in fields(request):
        _, kind, spelling = get_args(hints[one.name])
        assert isinstance(kind, Kind), one.name
        assert isinstance(spelling, Spelling), one.name
        found[one.name] = (kind, spelling)
    return found
