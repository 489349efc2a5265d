"""What the JSON documents of results have in common: how they are written, their schemas, rounding, and provenance.

A document is a class whose fields are the keys of the JSON, in their order; both its data and its schema come from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AllowInfNan, BaseModel, ConfigDict, PlainSerializer

from detente.results import Provenance

__all__ = ["Compiler", "Document", "Made", "Rounded", "inlined", "made_with", "rounded", "schema_of"]

FIGURES = 6
"""Significant figures of every number that is rounded."""


def rounded(value: float) -> float | None:
    """Return a number with the figures that mean something; None where it is no number, or infinite."""
    return float(f"{value:.{FIGURES}g}") if math.isfinite(value) else None


Rounded = Annotated[float, AllowInfNan(True), PlainSerializer(rounded, return_type=float | None)]
"""A number that is written with six significant figures; null where it is no number, or infinite."""


class Document(BaseModel):
    """A JSON object, by its fields; what stands below a field describes it in the schema.

    A number that is not finite is refused, unless its field is :data:`Rounded`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    def data(self) -> dict[str, Any]:
        """Return it as what JSON can hold: keys as the schema has them, lists in place of tuples."""
        return self.model_dump(mode="json", by_alias=True)


class Compiler(Document):
    """How XLA, which compiles the model, was set."""

    settings: tuple[str, ...]
    """Its settings as ``name=value``."""
    as_wanted: bool | None
    """Whether these are all that this version wants; null where nothing was compiled."""
    fingerprint: str
    """A short name for all that XLA was told; empty where nothing was compiled."""


class Made(Document):
    """What decides about the bits of a result."""

    case_hash: str
    """Of the case's description and record."""
    precision: str
    """Of the worlds' numbers."""
    versions: Mapping[str, str]
    """Versions of Python, Détente and the libraries that decide about bits."""
    processor: str
    """The kind of processor."""
    compiler: Compiler
    """How XLA, which compiles the model, was set."""
    warnings: tuple[str, ...]
    """What a reader should know of what it was computed with, as sentences."""


def made_with(provenance: Provenance) -> Made:
    """Return what a document says about how its result was made."""
    made = {"case_hash": provenance.case_hash, "precision": provenance.precision, **provenance.runtime.told()}
    return Made.model_validate(made)


def schema_of(kind: type[Document], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a document, without references."""
    raw = kind.model_json_schema(mode="serialization", by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **inlined(raw, raw.get("$defs", {}))}


def inlined(schema: Any, named: Mapping[str, Any]) -> Any:
    """Return a schema without references: what is named elsewhere stands where it is used, every field is required.

    Parameters
    ----------
    schema
        A JSON Schema, or a part of one, as pydantic makes it.
    named
        What its references mean, by name.
    """
    if isinstance(schema, list):
        return [inlined(one, named) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    own = {key: value for key, value in schema.items() if key not in ("title", "default", "$defs", "$ref")}
    found = {key: inlined(value, named) for key, value in own.items() if key != "properties"}
    if "$ref" in schema:
        return {**inlined(named[schema["$ref"].rpartition("/")[2]], named), **found}
    if "anyOf" in found:  # here always something or nothing
        kinds = found.pop("anyOf")
        types = [one["type"] for one in kinds]
        alike = list(dict.fromkeys(name for one in types for name in ([one] if isinstance(one, str) else one)))
        found = {**{key: value for one in kinds for key, value in one.items()}, **found, "type": alike}
    if "properties" in own:
        found["properties"] = {name: inlined(value, named) for name, value in own["properties"].items()}
        found |= {"required": list(found["properties"]), "additionalProperties": False}
    return found
