"""The cuts of a hindcast, and what moved its forecasts, as a journal has them: what was scored is not scored anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from detente.hindcast.result import Cut, Reason
from detente.journal import Journal
from detente.stored import adapter_of

__all__ = ["cut_remembered", "reasons_remembered"]

Reasons = Mapping[str, tuple[Reason, ...]]
Found = TypeVar("Found")


def cut_remembered(
    journal: Journal | None, name: str, worlds: int, stop: threading.Event, compute: Callable[[], Cut]
) -> tuple[Cut, bool]:
    """Return a cut, and whether a journal had it.

    Parameters
    ----------
    journal, name, worlds
        Of the hindcast, None where none is kept; what the cut is called in it, and how many worlds are run for it.
    stop
        What was computed while it is set is not whole, and not written down.
    compute
        Makes the cut.

    Returns
    -------
    tuple
        The cut, and whether it was read and not computed.
    """
    return _remembered(Cut, journal, (f"cut {name}", worlds), stop, compute)


def reasons_remembered(journal: Journal | None, stop: threading.Event, compute: Callable[[], Reasons]) -> Reasons:
    """Return the reasons that moved forecasts, by question.

    Parameters
    ----------
    journal, stop, compute
        As :func:`cut_remembered` takes them.

    Returns
    -------
    dict
        By question, reasons in the order in which they were found.
    """
    return _remembered(dict[str, tuple[Reason, ...]], journal, ("reasons", 0), stop, compute)[0]


def _remembered(
    kind: Any,
    journal: Journal | None,
    step: tuple[str, int],
    stop: threading.Event,
    compute: Callable[[], Found],
) -> tuple[Found, bool]:
    if journal is None:
        return compute(), False
    name, worlds = step
    held = journal.recall(name)
    if held is not None:
        try:
            (found,) = adapter_of(kind).validate_json(held)
            return found, True
        except ValidationError:
            pass  # it is mended by computing
    made = compute()
    if not stop.is_set():
        journal.note(name, worlds, adapter_of(kind).dump_json((made,)))
    return made, False
