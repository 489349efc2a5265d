"""A fit as data: what ``detente fit --json`` writes, and the schema that holds it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from detente.hindcast.contraction import Contraction
from detente.hindcast.fitting import Fitted
from detente.runtime import SCHEMA_OF_RUNTIME

__all__ = ["FIT_SCHEMA", "fitted_data"]


def fitted_data(fitted: Fitted, found: Contraction) -> dict[str, Any]:
    """Return a fit as plain data, without its particles."""
    made = fitted.provenance
    told = {
        "case": made.case,
        "until": made.as_of,
        "particles": fitted.posterior.particles,
        "replicates": made.replicates,
        "worlds": made.worlds,
        "seed": made.seed,
        "version": made.versions["detente"],
        "partial": made.partial,
        "rows": fitted.rows,
        "log_evidence": fitted.log_evidence,
        **asdict(found),
        "warnings": fitted.warnings,
        "stages": [asdict(stage) for stage in fitted.stages],
        "provenance": {
            "case_hash": made.case_hash,
            "precision": made.precision,
            **made.runtime.told(),
        },
    }
    plain: dict[str, Any] = json.loads(json.dumps(told))  # lists in place of tuples
    return plain


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT, _NUMBER, _WHOLE, _TRUTH = ({"type": kind} for kind in ("string", "number", "integer", "boolean"))
_ENDS = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_STAGE = _object(
    {"temperature": _NUMBER, "effective": _NUMBER, "sweeps": _WHOLE, "acceptance": _NUMBER, "moved": _NUMBER}
)
_NARROWED = _object(
    {
        "name": _TEXT,
        "unit": _TEXT,
        "declared": _ENDS,
        "left": _ENDS,
        **dict.fromkeys(("median", "narrowing", "error", "place", "place_error"), _NUMBER),
        **dict.fromkeys(("bears", "narrowed", "moved"), _TRUTH),
    }
)
_WEIGHED = _object(
    {"claim": _TEXT, "reading": _TEXT, "before": _NUMBER, "after": _NUMBER, "error": _NUMBER, "moved": _TRUTH}
)
FIT_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A fit of Détente",
    **_object(
        {
            **dict.fromkeys(("case", "until", "version", "says"), _TEXT),
            **dict.fromkeys(("particles", "replicates", "worlds", "seed", "rows"), _WHOLE),
            "partial": _TRUTH,
            "log_evidence": _NUMBER,
            "numbers": _list(_NARROWED),
            "readings": _list(_WEIGHED),
            "warnings": _list(_TEXT),
            "stages": _list(_STAGE),
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
"""The JSON Schema of a fit; the tests hold every fit to it."""
