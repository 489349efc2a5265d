"""An exploration as data: what ``detente explore --json`` writes, and the schema that holds it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from detente.exploration.result import (
    Contested,
    Entry,
    Exploration,
    Gradient,
    Index,
    Indicator,
    ReadingAnswer,
    Region,
    Sensitivity,
    Side,
    Tipping,
)
from detente.exploration.targets import target_of
from detente.runtime import SCHEMA_OF_RUNTIME
from detente.scenario import Case

__all__ = ["HEADING", "SCHEMA", "explored_data", "figure", "listed"]

HEADING = "What this model's answer hangs on, given the ranges we chose"
FIGURES = 5
"""Significant figures of every number: more would be the noise of few worlds."""
RANKINGS = ("factors", "claims", "sentences", "sources")


def explored_data(case: Case, found: Exploration) -> dict[str, Any]:
    """Return an exploration as plain data, as ``docs/reference/exploration-report.md`` describes it."""
    made = found.provenance
    questions, measures = [], []
    for name in found.targets:
        target = target_of(case, name)
        about = {"id": target.summary, "alternative": target.alternative, **_answer(case, found, name)}
        if target.summary in case.scenario.questions:
            questions.append({"asks": case.scenario.questions[target.summary].asks, **about})
        else:
            measures.append({"says": case.elements.measures[target.summary].says, **about})
    return {
        "heading": HEADING,
        "case": made.case,
        "as_of": made.as_of,
        "worlds": made.worlds,
        "rows": found.rows,
        "seed": made.seed,
        "version": made.versions["detente"],
        "weighted": made.weighted,
        "partial": made.partial,
        "questions": questions,
        "measures": measures,
        "provenance": {
            "case_hash": made.case_hash,
            "precision": made.precision,
            **made.runtime.told(),
        },
    }


def figure(value: float) -> float:
    """Return a number with the figures that mean something."""
    return float(f"{value:.{FIGURES}g}")


def listed(index: Index | None) -> dict[str, Any] | None:
    """Return a figure with its interval."""
    return (
        None if index is None else {"value": figure(index.value), "interval": [figure(index.low), figure(index.high)]}
    )


def _answer(case: Case, found: Exploration, name: str) -> dict[str, Any]:
    one = found.targets[name]
    return {
        "type": one.type,
        "mean": figure(one.mean),
        "variance": figure(one.variance),
        "luck_free_share": listed(one.luck_free_share),
        **{part: _part(getattr(one, part)) for part in ("luck", "ignorance", "dispute", "assumptions")},
        "interactions": listed(one.interactions),
        **_rankings(one),
        "check_first": list(one.check_first),
        "contested": [_contested(entry) for entry in found.contested if entry.target == name],
        "accounts": [_held(entry) for entry in found.accounts[name]],
        "region": _region(found.regions.get(name)),
        "tipping": [_tipping(entry) for entry in found.tipping if entry.target == name],
        "indicators": [_indicator(case, entry) for entry in found.indicators.get(name, ())],
        "gradient": _gradient(found.gradients[name]),
    }


def _gradient(found: Gradient) -> dict[str, Any]:
    tellings = [
        {
            "account": told.account,
            "readings": dict(told.readings),
            "value": figure(told.value),
            "slopes": [
                {
                    "factor": slope.factor,
                    "at": figure(slope.at),
                    **{part: _maybe(getattr(slope, part)) for part in ("derivative", "per_tenth", "elasticity")},
                    "sides": None if slope.sides is None else [figure(side) for side in slope.sides],
                }
                for slope in told.slopes
            ],
        }
        for told in found.tellings
    ]
    return {"obstacle": found.obstacle, "tellings": tellings}


def _region(region: Region | None) -> dict[str, Any] | None:
    if region is None:
        return None
    return {
        "above": _maybe(region.above),
        "sides": [{**_side(side), "quasi_p": figure(side.quasi_p or 0.0)} for side in region.sides],
        **{part: figure(getattr(region, part)) for part in ("mass", "density", "base", "coverage")},
        "tree": [
            {
                "sides": [_side(side) for side in branch.sides],
                "mass": figure(branch.mass),
                "share": figure(branch.share),
            }
            for branch in region.tree
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "factor": side.factor,
        "low": side.low,
        "high": side.high,
        "low_value": _maybe(side.low_value),
        "high_value": _maybe(side.high_value),
        "readings": list(side.readings),
    }


def _tipping(entry: Tipping) -> dict[str, Any]:
    return {
        "factor": entry.factor,
        "at_low": listed(entry.at_low),
        "at_high": listed(entry.at_high),
        "place": listed(entry.place),
        "value": _maybe(entry.value),
    }


def _indicator(case: Case, entry: Indicator) -> dict[str, Any]:
    day = dt.date.fromisoformat(case.scenario.starts) + dt.timedelta(days=entry.day)
    return {"measure": entry.measure, "day": day.isoformat(), "skill": figure(entry.skill), "more": entry.more}


def _maybe(value: float | None) -> float | None:
    return None if value is None else figure(value)


def _rankings(one: Sensitivity) -> dict[str, Any]:
    return {ranking: [_entry(entry) for entry in getattr(one, ranking)] for ranking in RANKINGS}


def _part(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "index": figure(entry.index.value),
        "interval": [figure(entry.index.low), figure(entry.index.high)],
        "luck_free": listed(entry.luck_free),
        "total": listed(entry.total),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        **(_part(entry) or {}),
        "place": entry.place,
        "places": list(entry.places or ()),
        "keeps_place": entry.keeps_place,
        "moves": entry.moves,
    }


def _held(entry: ReadingAnswer) -> dict[str, Any]:
    return {"name": entry.name, **(listed(entry.value) or {})}


def _contested(entry: Contested) -> dict[str, Any]:
    return {
        "claim": entry.claim,
        "readings": [_held(reading) for reading in entry.readings],
        "swing": listed(entry.swing),
        "between": list(entry.between),
        "settling": listed(entry.settling),
    }


def _object(properties: dict[str, Any], nullable: bool = False) -> dict[str, Any]:
    kind: Any = ["object", "null"] if nullable else "object"
    return {"type": kind, "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT, _NUMBER, _WHOLE, _TRUTH = ({"type": kind} for kind in ("string", "number", "integer", "boolean"))
_ENDS = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_FIGURE = {"value": _NUMBER, "interval": _ENDS}
_PART = {
    "index": _NUMBER,
    "interval": _ENDS,
    "luck_free": _object(_FIGURE, nullable=True),
    "total": _object(_FIGURE, nullable=True),
}
_RANKED = _list(
    _object(
        {
            "name": _TEXT,
            **_PART,
            "place": _WHOLE,
            "places": _ENDS | {"items": _WHOLE},
            "keeps_place": _TRUTH,
            "moves": _TRUTH,
        }
    )
)
_HELD = _list(_object({"name": _TEXT, **_FIGURE}))
_CONTESTED = _list(
    _object(
        {
            "claim": _TEXT,
            "readings": _HELD,
            "swing": _object(_FIGURE),
            "between": _ENDS | {"items": _TEXT},
            "settling": _object(_FIGURE),
        }
    )
)
_MAYBE = {"type": ["number", "null"]}
_SIDE = {
    "factor": _TEXT,
    **dict.fromkeys(("low", "high", "low_value", "high_value"), _MAYBE),
    "readings": _list(_TEXT),
}
_REGION = _object(
    {
        "above": _MAYBE,
        "sides": _list(_object({**_SIDE, "quasi_p": _NUMBER})),
        **dict.fromkeys(("mass", "density", "base", "coverage"), _NUMBER),
        "tree": _list(_object({"sides": _list(_object(_SIDE)), "mass": _NUMBER, "share": _NUMBER})),
    },
    nullable=True,
)
_TIPPING = _list(
    _object(
        {
            "factor": _TEXT,
            "at_low": _object(_FIGURE),
            "at_high": _object(_FIGURE),
            "place": _object(_FIGURE, nullable=True),
            "value": _MAYBE,
        }
    )
)
_INDICATORS = _list(_object({"measure": _TEXT, "day": _TEXT, "skill": _NUMBER, "more": _TRUTH}))
_SLOPE = {"factor": _TEXT, "at": _NUMBER, **dict.fromkeys(("derivative", "per_tenth", "elasticity"), _MAYBE)}
_GRADIENT = _object(
    {
        "obstacle": {"type": ["string", "null"]},
        "tellings": _list(
            _object(
                {
                    "account": {"type": ["string", "null"]},
                    "readings": {"type": "object", "additionalProperties": _TEXT},
                    "value": _NUMBER,
                    "slopes": _list(_object({**_SLOPE, "sides": _ENDS | {"type": ["array", "null"]}})),
                }
            )
        ),
    }
)
_ANSWER: dict[str, Any] = {
    "alternative": {"type": ["string", "null"]},
    "type": {"enum": ["yes/no", "number", "date", "choice"]},
    "mean": _NUMBER,
    "variance": _NUMBER,
    "luck_free_share": _object(_FIGURE, nullable=True),
    **{part: _object(_PART, nullable=True) for part in ("luck", "ignorance", "dispute", "assumptions")},
    "interactions": _object(_FIGURE, nullable=True),
    **dict.fromkeys(RANKINGS, _RANKED),
    "check_first": _list(_TEXT),
    "contested": _CONTESTED,
    "accounts": _HELD,
    "region": _REGION,
    "tipping": _TIPPING,
    "indicators": _INDICATORS,
    "gradient": _GRADIENT,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "An exploration of Détente",
    **_object(
        {
            "heading": _TEXT,
            "case": _TEXT,
            "as_of": _TEXT,
            "worlds": _WHOLE,
            "rows": _WHOLE,
            "seed": _WHOLE,
            "version": _TEXT,
            "weighted": _TRUTH,
            "partial": _TRUTH,
            "questions": _list(_object({"id": _TEXT, "asks": _TEXT, **_ANSWER})),
            "measures": _list(_object({"id": _TEXT, "says": _TEXT, **_ANSWER})),
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
"""The JSON Schema of a report; the tests hold every report to it."""
