"""The package root holds what it says it holds, and nothing else; what is behind it says what it may be asked."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType
from typing import Any

import pytest

import detente
from detente.errors import DetenteError
from detente.exploration.comparison import compare
from detente.exploration.expectations import hold_to_claims
from detente.exploration.explore import explore
from detente.hindcast.analysis import hindcast
from detente.hindcast.fitting import fit
from detente.run import run
from detente.stability import stability
from detente.validation import validate

# What `from __future__ import annotations` and the like leave behind.
BY_THE_WAY = {"annotations", "TYPE_CHECKING"}


def unlike(module: ModuleType) -> set[str]:
    """Return the public names that a module lists or holds, and not both.

    What it holds is read from the module itself: what it says of itself, by ``dir`` or ``__all__``, is to be tested.
    """
    for name in module.__all__:
        getattr(module, name)  # brought in when it is first asked for
    held = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and name not in BY_THE_WAY and not isinstance(value, ModuleType)
    }
    return set(module.__all__) ^ held


def test_all_equals_what_the_root_holds() -> None:
    assert unlike(detente) == set()
    assert set(detente._ROOMS) == set(detente.__all__)
    assert dir(detente) == detente.__all__


def test_a_stray_name_and_a_name_that_is_dropped_are_seen() -> None:
    door = ModuleType("door")
    vars(door).update(load=len, STRAY=3, _own=4, inner=ModuleType("inner"), __all__=["load"], __dir__=lambda: ["load"])
    assert unlike(door) == {"STRAY"}
    vars(door).update(__all__=["STRAY"])
    assert unlike(door) == {"load"}


def test_all_is_sorted_and_has_no_name_twice() -> None:
    assert list(detente.__all__) == sorted(set(detente.__all__))


def test_the_root_says_its_version() -> None:
    assert detente.__version__ == version("detente")
    with pytest.raises(AttributeError, match="has no attribute 'loed'"):
        _ = detente.loed


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("run", run),
        ("stability", stability),
        ("explore", explore),
        ("compare", compare),
        ("expectations", hold_to_claims),
        ("hindcast", hindcast),
        ("fit", fit),
        ("validate", validate),
    ],
)
def test_a_method_of_a_case_takes_what_its_function_takes(name: str, called: Callable[..., object]) -> None:
    def asked(function: Callable[..., object]) -> dict[str, tuple[Any, Any]]:
        parameters = list(inspect.signature(function).parameters.values())[1:]  # the case itself comes first
        assert all(one.kind is not one.VAR_KEYWORD for one in parameters)
        return {one.name: (one.default, one.annotation) for one in parameters}

    assert asked(getattr(detente.Case, name)) == asked(called)


def test_every_error_stands_in_the_tree() -> None:
    for found in pkgutil.walk_packages(detente.__path__, "detente."):
        if ".cases" not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)

    def below(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*(below(one) for one in kind.__subclasses__()))

    tree = importlib.import_module("detente.errors").__doc__ or ""
    lines = [line for line in tree.splitlines() if "──" in line or line.startswith("    Detente")]
    drawn = {line.split("──")[-1].split()[0] for line in lines}
    assert drawn == {name for name in below(DetenteError) if not name.startswith("_")}
