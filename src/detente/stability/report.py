"""The result as data: what ``detente stability --json`` writes, and the schema that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.results import write_data
from detente.runtime import SCHEMA_OF_RUNTIME
from detente.stability.result import (
    CoalitionStability,
    Equilibria,
    PathTo,
    Robustness,
    Stability,
    Stable,
    ViewStability,
)

__all__ = ["SCHEMA", "report", "write_stability_report"]

FIGURES = 6
"""Significant figures of every share."""


def report(result: Stability) -> dict[str, Any]:
    """Return the result as plain data, as ``docs/reference/stability-report.md`` describes it."""
    provenance = result.provenance
    start = result.conflict.start
    return {
        "case": provenance.case,
        "as_of": provenance.as_of,
        "account": provenance.account,
        "readings": dict(provenance.readings),
        "seed": provenance.seed,
        "version": provenance.versions["detente"],
        "partial": provenance.partial,
        "sanctions": result.sanctions,
        "concepts": list(result.concepts),
        "actors": _actors(result),
        "options": _options(result),
        "states": [
            {"id": state.id, "name": state.name, "options": list(state.taken), "values": dict(state.values)}
            for state in result.states
        ],
        "status_quo": None if start is None else start + 1,
        "stable": _stable(result.stable),
        "equilibria": _equilibria(result.equilibria),
        "unknown": {kind: _equilibria(found) for kind, found in result.unknown.items()},
        "strong": {degree: _equilibria(found) for degree, found in result.strong.items()},
        "coalitions": [_coalition(coalition) for coalition in result.coalitions],
        "surviving": _equilibria(result.surviving),
        "paths": [_path(path) for path in result.paths],
        "robustness": _robustness(result.robustness),
        "by_account": {
            told.account: {
                "title": told.title,
                "readings": dict(told.readings),
                "stable": _stable(told.stable),
                "equilibria": _equilibria(told.equilibria),
                "robustness": _robustness(told.robustness),
            }
            for told in result.by_account
        },
        "views": [_view(view, result.equilibria) for view in result.views],
        "disputed": _equilibria(result.disputed),
        "by_own_view": _equilibria(result.by_own_view),
        "skipped": list(result.skipped),
        "provenance": {
            "case_hash": provenance.case_hash,
            "rankings": provenance.worlds,
            **provenance.runtime.told(),
        },
    }


def write_stability_report(result: Stability, path: Path | str) -> None:
    """Write the result as JSON."""
    write_data(report(result), Path(path))


def _actors(result: Stability) -> list[dict[str, Any]]:
    element = result.case.elements.conflict
    makers = () if element is None else element.makers
    return [{"id": maker.name, "name": maker.title, "actors": list(maker.actors)} for maker in makers]


def _options(result: Stability) -> list[dict[str, Any]]:
    element, conflict = result.case.elements.conflict, result.conflict
    names = () if element is None else element.options
    found = []
    for position, name in enumerate(names):
        option = result.case.elements.options[name]
        owner = conflict.makers[int(conflict.owners[position])]
        entry: dict[str, Any] = {"id": name, "owner": owner, "says": option.says}
        if option.alternatives:
            entry["alternatives"] = list(option.alternatives)
        found.append(entry)
    return found


def _stable(stable: Stable) -> dict[str, dict[str, list[int]]]:
    return {maker: _equilibria(concepts) for maker, concepts in stable.items()}


def _equilibria(found: Equilibria) -> dict[str, list[int]]:
    return {concept: list(states) for concept, states in found.items()}


def _coalition(coalition: CoalitionStability) -> dict[str, Any]:
    return {
        "members": list(coalition.members),
        "joint": _equilibria(coalition.joint),
        "stable": _equilibria(coalition.stable),
        "equilibria": _equilibria(coalition.equilibria),
        "as_one": _equilibria(coalition.as_one),
    }


def _path(path: PathTo) -> dict[str, Any]:
    steps = [
        {"actor": step.maker, "from": step.leaves, "to": step.arrives, "improves": step.improves} for step in path.steps
    ]
    return {"state": path.state, "by": path.by, "concepts": list(path.concepts), "steps": steps}


def _robustness(robustness: Robustness | None) -> dict[str, Any] | None:
    if robustness is None:
        return None
    return {
        "rankings": robustness.rankings,
        "stable": {
            maker: {concept: _shares(shares) for concept, shares in concepts.items()}
            for maker, concepts in robustness.stable.items()
        },
        "equilibria": {concept: _shares(shares) for concept, shares in robustness.equilibria.items()},
        "interval": {
            concept: {
                str(state): [_rounded(end) for end in ends]
                for state, ends in intervals.items()
                if robustness.equilibria[concept][state] > 0
            }
            for concept, intervals in robustness.interval.items()
        },
    }


def _shares(shares: Mapping[int, float]) -> dict[str, float]:
    """Return shares by state; most states of a large conflict have none, and are left out."""
    return {str(state): _rounded(share) for state, share in shares.items() if share > 0}


def _rounded(value: float) -> float:
    return float(f"{float(value):.{FIGURES}g}")


def _view(view: ViewStability, held: Equilibria) -> dict[str, Any]:
    """Return one decision maker's view, with the states on which it and the conflict as described disagree."""
    disagrees = {concept: sorted(set(found) ^ set(held.get(concept, ()))) for concept, found in view.equilibria.items()}
    return {
        "viewer": view.viewer,
        "stable": _stable(view.stable),
        "equilibria": _equilibria(view.equilibria),
        "disagrees": disagrees,
    }


_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 1}
_TEXTS = {"type": "array", "items": _TEXT}
_STATES = {"type": "array", "items": _NUMBER}
_BY_CONCEPT = {"type": "object", "additionalProperties": _STATES}
_BY_ACTOR = {"type": "object", "additionalProperties": _BY_CONCEPT}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_SHARES = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _SHARE}}
_ENDS = {"type": "array", "items": _SHARE, "minItems": 2, "maxItems": 2}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    needed = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_ROBUSTNESS = {
    **_object(
        {
            "rankings": {"type": "integer"},
            "stable": {"type": "object", "additionalProperties": _SHARES},
            "equilibria": _SHARES,
            "interval": {
                "type": "object",
                "additionalProperties": {"type": "object", "additionalProperties": _ENDS},
            },
        }
    ),
    "type": ["object", "null"],
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What could hold, by Détente",
    **_object(
        {
            "case": _TEXT,
            "as_of": _TEXT,
            "account": {"type": ["string", "null"]},
            "readings": {"type": "object", "additionalProperties": _TEXT},
            "seed": {"type": "integer"},
            "version": _TEXT,
            "partial": {"type": "boolean"},
            "sanctions": {"enum": ["legal", "once", "single"]},
            "concepts": _TEXTS,
            "actors": _list_of(_object({"id": _TEXT, "name": _TEXT, "actors": _TEXTS})),
            "options": _list_of(
                _object({"id": _TEXT, "owner": _TEXT, "says": _TEXT, "alternatives": _TEXTS}, ("alternatives",))
            ),
            "states": _list_of(
                _object(
                    {
                        "id": _NUMBER,
                        "name": _TEXT,
                        "options": _TEXTS,
                        "values": {"type": "object", "additionalProperties": _TEXT},
                    }
                )
            ),
            "status_quo": {"type": ["integer", "null"]},
            "stable": _BY_ACTOR,
            "equilibria": _BY_CONCEPT,
            "unknown": _BY_ACTOR,
            "strong": _BY_ACTOR,
            "coalitions": _list_of(
                _object(
                    {
                        "members": _TEXTS,
                        "joint": _BY_CONCEPT,
                        "stable": _BY_CONCEPT,
                        "equilibria": _BY_CONCEPT,
                        "as_one": _BY_CONCEPT,
                    }
                )
            ),
            "surviving": _BY_CONCEPT,
            "paths": _list_of(
                _object(
                    {
                        "state": _NUMBER,
                        "by": {"enum": ["improvements", "moves"]},
                        "concepts": _TEXTS,
                        "steps": _list_of(
                            _object({"actor": _TEXT, "from": _NUMBER, "to": _NUMBER, "improves": {"type": "boolean"}})
                        ),
                    }
                )
            ),
            "robustness": _ROBUSTNESS,
            "by_account": {
                "type": "object",
                "additionalProperties": _object(
                    {
                        "title": _TEXT,
                        "readings": {"type": "object", "additionalProperties": _TEXT},
                        "stable": _BY_ACTOR,
                        "equilibria": _BY_CONCEPT,
                        "robustness": _ROBUSTNESS,
                    }
                ),
            },
            "views": _list_of(
                _object({"viewer": _TEXT, "stable": _BY_ACTOR, "equilibria": _BY_CONCEPT, "disagrees": _BY_CONCEPT})
            ),
            "disputed": _BY_CONCEPT,
            "by_own_view": _BY_CONCEPT,
            "skipped": _TEXTS,
            "provenance": _object(
                {
                    "case_hash": _TEXT,
                    "rankings": {"type": "integer"},
                    **SCHEMA_OF_RUNTIME,
                }
            ),
        }
    ),
}
"""The JSON Schema of a report; the tests hold every report to it."""
