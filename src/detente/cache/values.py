"""Values of frozen classes, kept as JSON: read back they are held to their class, and nothing in them can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from detente.cache.entries import load, store

__all__ = ["cached"]

Value = TypeVar("Value")


def cached(
    kind: str,
    name: str,
    adapter: TypeAdapter[tuple[Value]],
    compute: Callable[[], Value],
    *,
    is_whole: Callable[[Value], bool] = lambda _: True,
    context: Mapping[str, Any] | None = None,
) -> Value:
    """Return a value, computed once under a name.

    Parameters
    ----------
    kind, name
        Which kind it is, and the fingerprint of all that it depends on.
    adapter
        Writes and reads values of its class (:func:`detente.stored.adapter_of`).
    compute
        How it is computed where it is not kept yet, or where what is kept is of another form.
    is_whole
        Whether a value may be kept: none is that was stopped on the way.
    context
        What whoever asks puts back into a value that is read, by the name of its field.

    Returns
    -------
    Value
        What was computed, now or before, to the last bit.
    """
    content = load(kind, f"{name}.json")
    if content is not None:
        try:
            return adapter.validate_json(content, context=context)[0]
        except ValidationError:
            pass
    found = compute()
    if is_whole(found):
        store(kind, f"{name}.json", adapter.dump_json((found,)))
    return found
