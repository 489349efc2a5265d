"""The package root holds what it says it holds, and nothing else."""

from __future__ import annotations

from types import ModuleType

import detente

# What `from __future__ import annotations` and the like leave behind.
BY_THE_WAY = {"annotations", "TYPE_CHECKING"}


def test_all_equals_what_the_root_holds() -> None:
    held = {
        name
        for name in dir(detente)
        if not name.startswith("_") and name not in BY_THE_WAY and not isinstance(getattr(detente, name), ModuleType)
    }
    assert {name for name in detente.__all__ if not name.startswith("_")} == held


def test_all_is_sorted_and_has_no_name_twice() -> None:
    assert list(detente.__all__) == sorted(set(detente.__all__))
