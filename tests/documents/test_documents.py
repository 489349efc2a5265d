"""What the JSON documents of results have in common, held to decimal arithmetic and to a validator of schemas."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from detente.documents import Document, Rounded, rounded, schema_of
from detente.exploration.expectations_report import EXPECTATIONS_SCHEMA
from detente.hindcast.fit_report import FIT_SCHEMA


@dataclass(frozen=True)
class Place:
    """A frozen class of a result, as a document holds it."""

    name: str
    day: int


class Inner(Document):
    """One of two."""

    value: Rounded
    """A number."""


class Outer(Document):
    """What holds them."""

    changed: Inner = Field(serialization_alias="with")
    """One side."""
    against: Inner | None
    """The other, or none."""
    ends: tuple[Rounded, Rounded]
    """From and to."""
    exact: float
    """Not rounded."""
    places: tuple[Place, ...]
    """Where."""


SCHEMA = schema_of(Outer, "Two sides")


def outer(value: float = 1 / 3, exact: float = 0.1) -> Outer:
    ends = (math.nan, 1234567.0)
    return Outer(changed=Inner(value=value), against=None, ends=ends, exact=exact, places=(Place("here", 3),))


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_six_figures_are_those_of_decimal_arithmetic(value: float) -> None:
    expected = Context(prec=6, rounding=ROUND_HALF_EVEN).create_decimal(Decimal(value))
    assert rounded(value) == float(expected)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_null_where_it_is_rounded(value: float) -> None:
    data = outer(value).data()
    assert data["with"] == {"value": None}
    json.dumps(data, allow_nan=False)
    jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused_elsewhere(value: float) -> None:
    with pytest.raises(ValidationError, match="exact"):
        outer(exact=value)


def test_the_data_have_the_keys_in_the_order_of_the_fields() -> None:
    told = {"with": {"value": 0.333333}, "against": None, "ends": [None, 1234570.0], "exact": 0.1}
    data = outer().data()
    assert json.dumps(data) == json.dumps({**told, "places": [{"name": "here", "day": 3}]})


def test_the_schema_holds_the_data_and_refuses_what_is_left_out_added_or_of_another_type() -> None:
    data = outer().data()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(data, SCHEMA)
    without = {name: value for name, value in data.items() if name != "against"}
    faulty = [
        without,
        {**data, "more": 1},
        {**data, "with": None},
        {**data, "against": {}},
        {**data, "ends": [1.0]},
        {**data, "exact": None},
        {**data, "places": [{"name": "here"}]},
    ]
    for one in faulty:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(one, SCHEMA)


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every part of a schema that lists fields."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("properties"), Mapping):
            yield schema
        for inner in schema.values():
            yield from objects(inner)


@pytest.mark.parametrize("schema", [SCHEMA, FIT_SCHEMA, EXPECTATIONS_SCHEMA])
def test_every_object_requires_all_its_fields_and_allows_no_others(schema: Mapping[str, Any]) -> None:
    assert "$ref" not in json.dumps(schema)
    for one in objects(schema):
        assert one["required"] == list(one["properties"])
        assert one["additionalProperties"] is False
        assert one["description"]


def test_what_stands_below_a_field_describes_it() -> None:
    assert SCHEMA["properties"]["against"]["description"] == "The other, or none."
    assert all(one["description"] for one in EXPECTATIONS_SCHEMA["properties"].values())
