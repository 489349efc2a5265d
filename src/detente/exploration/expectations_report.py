"""A model held to its claims as data: what ``check --expectations --json`` writes, and the schema that holds it."""

from __future__ import annotations

import math
from typing import Any

from detente.exploration.expected import Held, Outcome, Told, claims_tested
from detente.runtime import SCHEMA_OF_RUNTIME
from detente.scenario import Case

__all__ = ["EXPECTATIONS_SCHEMA", "expectations_data"]

FIGURES = 6
"""Significant figures of every number."""


def expectations_data(case: Case, held: Held) -> dict[str, Any]:
    """Return what came of it as plain data, as ``docs/reference/expectations-report.md`` describes it."""
    made = held.provenance
    return {
        "case": made.case,
        "as_of": made.as_of,
        "draws": held.draws,
        "replicates": made.replicates,
        "worlds": made.worlds,
        "seed": made.seed,
        "version": made.versions["detente"],
        "weighted": made.weighted,
        "partial": made.partial,
        "expectations": [_outcome(one) for one in held.worst_first],
        "claims": [
            {"claim": one.claim, "verdict": one.verdict, "named": one.named} for one in claims_tested(case, held)
        ],
        "provenance": {
            "case_hash": made.case_hash,
            "precision": made.precision,
            **made.runtime.told(),
        },
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "id": one.name,
        "claim": one.claim,
        "reading": one.reading,
        "with": one.changed,
        "against": one.against,
        "effect_on": one.looked_at,
        "unit": one.unit,
        "finds": one.finds,
        "verdict": one.verdict,
        "fails_because": one.fails_because,
        "told": [_told(told) for told in one.told],
    }


def _told(one: Told) -> dict[str, Any]:
    return {
        "account": one.account,
        "verdict": one.verdict,
        "with": _figure(one.changed),
        "against": _figure(one.against),
        "effect": _figure(one.effect),
        "interval": [_figure(one.low), _figure(one.high)],
        "slight": _figure(one.slight),
        "pairs": _figure(one.pairs),
        "path": list(one.path),
        "reached": list(one.reached),
        "remark": one.remark,
    }


def _figure(value: float) -> float | None:
    """Return a number with the figures that mean something; what is no number, or infinite, is null."""
    return float(f"{value:.{FIGURES}g}") if math.isfinite(value) else None


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


_TEXT, _OR_NONE, _TEXTS = (
    {"type": "string"},
    {"type": ["string", "null"]},
    {"type": "array", "items": {"type": "string"}},
)
_NUMBER = {"type": ["number", "null"]}
_VERDICT = {"enum": ["holds", "not resolved", "fails"]}
_TOLD = _object(
    {
        "account": _OR_NONE,
        "verdict": _VERDICT,
        **dict.fromkeys(("with", "against", "effect"), _NUMBER),
        "interval": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        "slight": _NUMBER,
        "pairs": _NUMBER,
        "path": _TEXTS,
        "reached": _TEXTS,
        "remark": _TEXT,
    }
)
_OUTCOME = _object(
    {
        "id": _TEXT,
        "claim": _TEXT,
        "reading": _OR_NONE,
        **dict.fromkeys(("with", "against", "effect_on", "unit", "finds"), _TEXT),
        "verdict": _VERDICT,
        "fails_because": _OR_NONE,
        "told": {"type": "array", "items": _TOLD},
    }
)
EXPECTATIONS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A model held to its claims",
    **_object(
        {
            "case": _TEXT,
            "as_of": _TEXT,
            "draws": {"type": "integer"},
            "replicates": {"type": "integer"},
            "worlds": {"type": "integer"},
            "seed": {"type": "integer"},
            "version": _TEXT,
            "weighted": {"type": "boolean"},
            "partial": {"type": "boolean"},
            "expectations": {"type": "array", "items": _OUTCOME},
            "claims": {
                "type": "array",
                "items": _object(
                    {
                        "claim": _TEXT,
                        "verdict": {"enum": ["holds", "not resolved", "fails", "not tested"]},
                        "named": {"type": "boolean"},
                    }
                ),
            },
            "provenance": _object(
                {
                    "case_hash": _TEXT,
                    "precision": _TEXT,
                    **SCHEMA_OF_RUNTIME,
                }
            ),
        }
    ),
}
"""The JSON Schema of such a report; the tests hold every one to it."""
