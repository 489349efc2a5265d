"""Reads a JSON Schema as a page of reference lists it: every field by its path, with its type in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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
