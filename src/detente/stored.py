"""How the frozen classes of results are written as JSON and read back: annotations that pydantic goes by.

Arrays are written with their type and shape, exactly. What belongs to a case is not written with a result: whoever
reads it gives the case, and it is put back where it stood.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, PlainSerializer, PlainValidator, TypeAdapter, ValidationInfo

__all__ = ["FromCase", "StoredFloats", "StoredInts", "StoredOutcome", "adapter_of"]

Value = TypeVar("Value")

CONFIGURATION = ConfigDict(ser_json_inf_nan="constants", arbitrary_types_allowed=True)
"""How a type adapter of results is made: an answer that never comes is infinite."""
_adapters: dict[Any, TypeAdapter[Any]] = {}


def adapter_of(kind: type[Value]) -> TypeAdapter[tuple[Value]]:
    """Return what writes values of a frozen class as JSON, and reads them back to the last bit.

    A value stands alone in a tuple: only so the configuration reaches plain classes. An adapter is made once.
    """
    if kind not in _adapters:
        alone: Any = tuple[kind]  # type: ignore[valid-type]
        _adapters[kind] = TypeAdapter(alone, config=CONFIGURATION)
    return _adapters[kind]


NUMBERS = "biuf"
"""The kinds of array that results hold, as NumPy names them."""


def _written(array: NDArray[Any]) -> dict[str, Any]:
    return {"dtype": array.dtype.str, "shape": list(array.shape), "values": array.ravel().tolist()}


def _read(given: Any) -> NDArray[Any]:
    if isinstance(given, np.ndarray):
        return given
    if not (isinstance(given, dict) and set(given) == {"dtype", "shape", "values"}):
        raise ValueError("an array is written with dtype, shape and values")
    try:
        kind = np.dtype(given["dtype"])
        if kind.kind not in NUMBERS:
            raise ValueError(f"an array holds numbers, not '{given['dtype']}'")
        return np.array(given["values"], kind).reshape(given["shape"])
    except (TypeError, OverflowError) as error:
        raise ValueError(f"an array cannot be read: {error}") from None


_ARRAY = (PlainValidator(_read), PlainSerializer(_written))
StoredFloats = Annotated[NDArray[np.float64], *_ARRAY]
StoredInts = Annotated[NDArray[np.int64], *_ARRAY]


def _from_case(given: Any, info: ValidationInfo) -> Any:
    """Return what stands in the place of something that belongs to the case, by the name of its field."""
    return (info.context or {}).get(info.field_name) if given is None else given


FromCase = (PlainValidator(_from_case), PlainSerializer(lambda _: None))
"""Annotations of a field that is not written: the reader's context gives it, under the field's name."""


def _dated(outcome: bool | float | str | dt.date | None) -> Any:
    return {"day": outcome.isoformat()} if isinstance(outcome, dt.date) else outcome


def _undated(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    if set(given) != {"day"} or not isinstance(given["day"], str):
        raise ValueError("a day is written as {'day': '2023-11-30'}")
    return dt.date.fromisoformat(given["day"])


StoredOutcome = Annotated[bool | float | str | dt.date | None, PlainValidator(_undated), PlainSerializer(_dated)]
"""What came of a question: a day is written apart from words that look like one."""
