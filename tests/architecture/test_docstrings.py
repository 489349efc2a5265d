"""Docstrings name the parameters that there are, in their order, and say what is returned and raised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detente import errors
from tests.architecture import policy
from tests.architecture.docstrings import NOTHING, Documented, documented
from tests.architecture.modules import Module, read

ERRORS = frozenset(name for name in errors.__all__ if name.endswith("Error"))
FULL_FROM = 3
"""Parameters from which a function says in full what it takes and gives."""


def drifts(modules: list[Module]) -> Iterator[str]:
    """Yield each docstring that describes other parameters than there are, or in another order."""
    for one in documented(modules):
        if one.described is not None and one.described not in (one.parameters, one.own):
            yield f"{one.place}: describes {', '.join(one.described)}; takes {', '.join(one.parameters)}"


def unsaid(modules: list[Module]) -> Iterator[str]:
    """Yield each function that does not say in full what it takes, gives and raises."""
    for one in documented(modules):
        missing = sorted(_unsaid(one))
        if missing:
            yield f"{one.place}: {', '.join(missing)}"


def _unsaid(one: Documented) -> Iterator[str]:
    if one.is_class:
        return
    if len(one.parameters) >= FULL_FROM:
        if "Parameters" not in one.sections:
            yield "Parameters"
        if one.returns not in NOTHING and not {"Returns", "Yields"} & set(one.sections):
            yield "Returns"
    yield from (f"Raises {error}" for error in one.raises & ERRORS if error not in one.sections.get("Raises", ""))


def _rooms(faults: list[str]) -> set[str]:
    return {fault.partition(":")[0].split(".")[1] for fault in faults}


def test_docstrings_name_the_parameters_that_there_are() -> None:
    found = list(drifts(read(policy.PACKAGE)))
    assert [fault for fault in found if not _rooms([fault]) <= set(policy.ROOMS_WITH_DRIFTS)] == []
    assert _rooms(found) == set(policy.ROOMS_WITH_DRIFTS)


def test_public_functions_say_in_full_what_they_take_give_and_raise() -> None:
    found = list(unsaid(read(policy.PACKAGE)))
    assert [fault for fault in found if not _rooms([fault]) <= set(policy.ROOMS_NOT_SAID_IN_FULL)] == []
    assert _rooms(found) == set(policy.ROOMS_NOT_SAID_IN_FULL)


def _modules(folder: Path, text: str) -> list[Module]:
    (folder / "detente").mkdir()
    (folder / "detente" / "stocks.py").write_text(text, encoding="utf-8")
    return read(folder / "detente")


FULL = '''
def level(start: float, flow: float, *days: int, **others: int) -> float:
    """Return a level.

    Parameters
    ----------
    start, flow
        In people; in people per day.
    *days : int
        How many.
    others
        What else.

    Returns
    -------
    float
        In people.

    Raises
    ------
    RequestError
        If there are no days.
    """
    if not days:
        raise errors.RequestError("no days")
    return start
'''

FIELDS = '''
class Held:
    """What is held.

    Parameters
    ----------
    first
        The first.
    """

    first: int
    KIND: ClassVar[str] = "held"
    _own: int = 0
    made: int = field(init=False)

class Also(Held):
    """What is held besides.

    Parameters
    ----------
    second
        The second.
    """

    second: int
'''


@pytest.mark.parametrize("text", [FULL, FIELDS, FULL.replace("def level", "def _level").replace("days\n", "day\n")])
def test_a_docstring_that_is_right_passes(tmp_path: Path, text: str) -> None:
    modules = _modules(tmp_path, text)
    assert [*drifts(modules), *unsaid(modules)] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FULL.replace("start, flow\n", "flow, start\n"), "describes flow, start, days, others"),
        (FULL.replace("    others\n        What else.\n", ""), "describes start, flow, days;"),
        (FULL.replace("flow: float, ", ""), "takes start, days, others"),
        (FULL.replace("Parameters\n    ----------\n", ""), ": Parameters"),
        (FULL.replace("Returns\n    -------\n", ""), ": Returns"),
        (FULL.replace("    RequestError\n", "    ValueError\n"), ": Raises RequestError"),
        (FIELDS.replace("    second\n", "    third\n"), "Also: describes third; takes first, second"),
        (FIELDS.replace("    first\n", "    first, made\n"), "Held: describes first, made; takes first"),
    ],
)
def test_a_docstring_that_is_wrong_is_caught(tmp_path: Path, text: str, said: str) -> None:
    modules = _modules(tmp_path, text)
    found = [*drifts(modules), *unsaid(modules)]
    assert len(found) == 1
    assert said in found[0]


def test_an_error_raised_anywhere_in_the_body_is_seen_and_one_of_an_inner_function_is_not(tmp_path: Path) -> None:
    body = '''
def asked(name: str) -> str:
    """Return a name."""
    try:
        with open(name):
            match name:
                case "a":
                    raise CaseError(())
    except OSError:
        for _ in name:
            if name:
                raise SourceError("")
    def inner() -> None:
        raise ResultError("")
    return name
'''
    (fault,) = unsaid(_modules(tmp_path, body))
    assert fault.endswith("asked: Raises CaseError, Raises SourceError")
