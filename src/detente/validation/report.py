"""A validation as data: what ``detente validate --json`` writes, and the schema that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from detente.documents import inlined, rounded
from detente.results import Provenance
from detente.runtime import SCHEMA_OF_RUNTIME
from detente.validation.result import Validation

__all__ = ["SCHEMA", "plain_report", "schema_of", "validation_data"]

_ADAPTER = TypeAdapter(Validation)


def validation_data(found: Validation) -> dict[str, Any]:
    """Return a validation as plain data, as ``docs/reference/validation-report.md`` describes it."""
    return plain_report(_ADAPTER, found, found.provenance)


def plain_report(adapter: TypeAdapter[Any], found: Any, provenance: Provenance) -> dict[str, Any]:
    """Return a result as plain data, with what it was computed with as every report tells it.

    Parameters
    ----------
    adapter
        Writes results of this kind.
    found
        The result.
    provenance
        How it was made.

    Returns
    -------
    dict
        What JSON can hold, as the schema of the report has it.
    """
    data: dict[str, Any] = plain_data(adapter.dump_python(found, mode="json"))
    del data["provenance"]["runtime"]
    data["provenance"] |= provenance.runtime.told()
    return data


def plain_data(value: Any) -> Any:
    """Return data with the figures that mean something; what is no number is null."""
    if isinstance(value, Mapping):
        return {name: plain_data(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(inner) for inner in value]
    if isinstance(value, float):
        return rounded(value)
    return value


def _nullable(schema: Any) -> Any:
    """Return a schema in which every number may be null: where the model gives none."""
    if isinstance(schema, list):
        return [_nullable(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: _nullable(value) for key, value in schema.items()}
    return {**found, "type": ["number", "null"]} if found.get("type") == "number" else found


def schema_of(adapter: TypeAdapter[Any], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a report, without references."""
    raw = _nullable(adapter.json_schema(mode="serialization"))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    found = {**head, **inlined(raw, raw.get("$defs", {}))}
    made = found["properties"]["provenance"]
    del made["properties"]["runtime"]
    made["properties"] |= SCHEMA_OF_RUNTIME
    made["required"] = list(made["properties"])
    return found


SCHEMA: dict[str, Any] = schema_of(_ADAPTER, "A validation of Détente")
"""The JSON Schema of a report; the tests hold every report to it."""
