"""``docs/reference/report.md`` lists every field of a report, with its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.brief import SCHEMA
from tests.docs.tables import REFERENCE, rows

WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list", "object": "object"}


def fields(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every field below an object, by its path, with its type in words."""
    needed = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield here, worded(inner) + ("" if name in needed else ", where it applies")
        yield from below(inner, here)


def below(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield what stands inside a field: in each item of a list, under each name of a map."""
    yield from fields(schema, path)
    items, values = schema.get("items"), schema.get("additionalProperties")
    if isinstance(items, Mapping):
        yield from fields(items, f"{path}[]")
    if isinstance(values, Mapping):
        yield from fields(values, f"{path}.<name>")


def worded(schema: Mapping[str, Any]) -> str:
    """Write a type as the page does."""
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    types = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
    text = " or ".join(WORDS.get(one, one) for one in types)
    if schema.get("maxItems") == 2:
        text = text.replace("list", "list of two")
    return text


def test_every_field_is_described_with_its_type() -> None:
    page = {row.cells[0]: row.cells[1] for row in rows(REFERENCE / "report.md")}
    assert page == dict(fields(SCHEMA))


def test_fields_are_given_their_meaning() -> None:
    assert [row.cells[0] for row in rows(REFERENCE / "report.md") if len(row.cells[2]) < 10] == []
