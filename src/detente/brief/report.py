"""The brief as data: what ``--json`` writes, and the schema that holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from detente.brief.recorded import RECORDED_FIELDS, recorded_data
from detente.brief.rows import Brief, QuestionBrief
from detente.exploration.importance import READING, SOURCED_BY, WAYS
from detente.results import Answer, write_data
from detente.runtime import SCHEMA_OF_RUNTIME
from detente.scenario import SUPPORTED, Case

__all__ = ["SCHEMA", "report", "write_report"]

T = TypeVar("T")
FIGURES = 6
"""Significant figures of every number: more would be the noise of the last bits."""


def report(brief: Brief) -> dict[str, Any]:
    """Return the brief as plain data, as ``docs/reference/report.md`` describes it."""
    provenance, covered = brief.provenance, brief.coverage
    return {
        "case": provenance.case,
        "as_of": provenance.as_of,
        "worlds": provenance.worlds,
        "seed": provenance.seed,
        "version": provenance.versions["detente"],
        "account": provenance.account,
        "readings": dict(provenance.readings),
        "partial": brief.study.partial,
        "weighted": provenance.weighted,
        "effective_draws": _rounded(brief.effective_draws),
        "posterior_until": provenance.posterior_until,
        "closed": list(brief.study.closed),
        "questions": [_question(brief.case, question, brief.study.in_sample) for question in brief.questions],
        "measures": [_measure(brief, row.name) for row in brief.bands],
        **_rounded(recorded_data(brief.recorded)),
        "numbers_by_support": _keyed(brief.case.elements.numbers_by_support),
        "crossed_bounds": [{**asdict(one), "share": _rounded(one.share)} for one in brief.study.crossed_bounds],
        "coverage": {
            "source": covered.source,
            "sentences": len(covered.sentences),
            "tested": list(covered.numbers("tested")),
            "moves": list(covered.numbers("moves")),
            "feeds": list(covered.numbers("feeds")),
            "context": list(covered.numbers("context")),
            "missing": list(covered.numbers("missing")),
        },
        "provenance": {
            "case_hash": provenance.case_hash,
            "replicates": provenance.replicates,
            "precision": provenance.precision,
            **provenance.runtime.told(),
        },
    }


def write_report(brief: Brief, path: Path) -> None:
    """Write the brief as JSON."""
    write_data(report(brief), path)


def _question(case: Case, question: QuestionBrief, in_sample: bool) -> dict[str, Any]:
    causes = question.hanging
    view = question.outside_view
    return {
        "id": question.id,
        "asks": question.asks,
        **_answer(question.answer),
        "headline": question.headline,
        "other_ranges": None if question.other_ranges is None else _rounded(dict(question.other_ranges.data)),
        "hangs_on": [
            {
                "factor": factor.name,
                "label": factor.label,
                "kind": factor.kind,
                "acts": factor.acts,
                "effect": _rounded(factor.effect),
                "together_with": list(factor.together),
                "claims": list(factor.claims),
                "assumption": factor.is_assumption,
                "support": factor.support,
            }
            for factor in question.factors
        ],
        "runs_through": [
            {
                "decision": through.decision,
                "share": _rounded(through.share),
                "without": _rounded(through.without),
                "with": _rounded(through.with_it),
            }
            for through in causes.through
        ],
        "by_account": {name: _answer(answer) for name, answer in question.by_account.items()},
        "assumption_share": _rounded(causes.assumption_share),
        "sourced_share": _rounded(causes.sourced_share),
        "interactions": _rounded(causes.interactions),
        "sourced_by": _rounded(_keyed(causes.sourced_by)) if causes.sourced_by else None,
        "outside_view": None
        if view is None
        else {
            "says": view.says,
            "share": _rounded(view.share),
            "interval": _rounded(list(view.interval)),
            "n": view.of,
            "claims": list(view.claims),
        },
        "reference_class": _reference_class(case, question.id),
        "in_sample": in_sample,
    }


def _reference_class(case: Case, question: str) -> dict[str, Any] | None:
    """Return the reference class that a question names; its curve is computed only where it is drawn."""
    entry = case.scenario.questions.get(question)
    found = case.elements.reference_classes.get(entry.reference_class.name if entry and entry.reference_class else "")
    if found is None:
        return None
    return {"id": found.name, "says": found.says, "n": found.of, "claims": list(found.claims)}


def _answer(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"type": answer.type}
    if answer.unit:
        found["unit"] = answer.unit
    for key in ("probability", "quantiles", "never", "shares", "mean"):
        value = getattr(answer, key)
        if value is not None:
            found[key] = _rounded(dict(value) if isinstance(value, Mapping) else value)
    found["range"] = _rounded(list(answer.range)) if answer.range is not None else None
    found["no_range"] = answer.no_range
    interval = answer.sampling_interval
    found["sampling_interval"] = _rounded(list(interval)) if interval is not None else None
    if answer.median_interval is not None:
        found["median_interval"] = _rounded(list(answer.median_interval))
    for key in ("share_ranges", "share_intervals"):
        ends = getattr(answer, key)
        if ends is not None:
            found[key] = {name: None if pair is None else _rounded(list(pair)) for name, pair in ends.items()}
    return found


def _measure(brief: Brief, name: str) -> dict[str, Any]:
    band = next(band for band in brief.bands if band.name == name)
    scenario = brief.case.scenario
    starts = dt.date.fromisoformat(scenario.starts)
    dates = [(starts + dt.timedelta(days=number)).isoformat() for number in range(scenario.days)]
    found: dict[str, Any] = {"id": name, "unit": band.unit, "dates": dates}
    if band.quantiles is not None:
        columns = ("5", "25", "50", "75", "95")
        found["quantiles"] = {key: _rounded(list(band.quantiles[:, n])) for n, key in enumerate(columns)}
    if band.share is not None:
        found["share"] = _rounded(list(band.share))
    return found


def _keyed(counts: Mapping[str, T]) -> dict[str, T]:
    """Write what is said in words as keys."""
    return {key.replace(" ", "_"): value for key, value in counts.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    if isinstance(value, float) or hasattr(value, "dtype"):
        return float(f"{float(value):.{FIGURES}g}")
    return value


_NUMBER = {"type": "number"}
_MAYBE = {"type": ["number", "null"]}
_ENDS = {"type": ["array", "null"], "items": {"type": ["number", "string", "null"]}, "minItems": 2, "maxItems": 2}
_ANSWER: dict[str, Any] = {
    "type": {"enum": ["yes/no", "number", "date", "choice"]},
    "unit": {"type": "string"},
    "probability": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "quantiles": {
        "type": "object",
        "required": ["5", "25", "50", "75", "95"],
        "additionalProperties": {"type": ["number", "string", "null"]},
    },
    "never": {"type": "number", "minimum": 0, "maximum": 1},
    "shares": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}},
    "mean": _NUMBER,
    "range": _ENDS,
    "no_range": {"type": ["string", "null"]},
    "sampling_interval": _ENDS,
    "median_interval": _ENDS,
    "share_ranges": {"type": "object", "additionalProperties": _ENDS},
    "share_intervals": {"type": "object", "additionalProperties": _ENDS},
}
_NUMBERS = {"type": "array", "items": {"type": "integer"}}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    needed = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


_OPTIONAL = (
    "unit", "probability", "quantiles", "never", "shares", "mean", "median_interval", "share_ranges", "share_intervals"
)  # fmt: skip
_FACTOR = _object(
    {
        "factor": {"type": "string"},
        "label": {"type": "string"},
        "kind": {"enum": ["number", "claim"]},
        "acts": {"enum": list(WAYS)},
        "effect": _NUMBER,
        "together_with": {"type": "array", "items": {"type": "string"}},
        "claims": {"type": "array", "items": {"type": "string"}},
        "assumption": {"type": "boolean"},
        "support": {"enum": [*SUPPORTED, READING]},
    }
)
_THROUGH = _object({"decision": {"type": "string"}, "share": _NUMBER, "without": _MAYBE, "with": _MAYBE})
_END = {"type": ["number", "string", "null"]}
_OTHER_RANGES = {
    **_object(
        {
            "by_range": {
                "type": "object",
                "additionalProperties": _object(
                    {
                        "value": _END,
                        "interval": _ENDS,
                        "by_account": {"type": "object", "additionalProperties": _END},
                        "left_out": {"type": "number", "minimum": 0, "maximum": 1},
                    }
                ),
            },
            "spread": _NUMBER,
            "spread_error": _NUMBER,
            "spread_of_accounts": _MAYBE,
            "spread_of_accounts_error": _MAYBE,
            "more_than_accounts": {"type": "boolean"},
        }
    ),
    "type": ["object", "null"],
}
_VIEW = {
    **_object(
        {
            "says": {"type": "string"},
            "share": _NUMBER,
            "interval": _ENDS,
            "n": {"type": "integer"},
            "claims": {"type": "array", "items": {"type": "string"}},
        }
    ),
    "type": ["object", "null"],
}
_CLASS = {
    **_object(
        {
            "id": {"type": "string"},
            "says": {"type": "string"},
            "n": {"type": "integer"},
            "claims": {"type": "array", "items": {"type": "string"}},
        }
    ),
    "type": ["object", "null"],
}
_QUESTION = _object(
    {
        "id": {"type": "string"},
        "asks": {"type": "string"},
        **_ANSWER,
        "headline": {"type": "string"},
        "other_ranges": _OTHER_RANGES,
        "hangs_on": {"type": "array", "items": _FACTOR},
        "runs_through": {"type": "array", "items": _THROUGH},
        "by_account": {"type": "object", "additionalProperties": _object(_ANSWER, _OPTIONAL)},
        "assumption_share": _MAYBE,
        "sourced_share": _MAYBE,
        "interactions": _MAYBE,
        "sourced_by": {
            **_object(dict.fromkeys(_keyed(dict.fromkeys(SOURCED_BY, 0)), _NUMBER)),
            "type": ["object", "null"],
        },
        "outside_view": _VIEW,
        "reference_class": _CLASS,
        "in_sample": {"type": "boolean"},
    },
    _OPTIONAL,
)
_MEASURE = _object(
    {
        "id": {"type": "string"},
        "unit": {"type": "string"},
        "dates": {"type": "array", "items": {"type": "string"}},
        "quantiles": {"type": "object", "additionalProperties": {"type": "array", "items": _NUMBER}},
        "share": {"type": "array", "items": _NUMBER},
    },
    ("quantiles", "share"),
)
_CROSSED = _object(
    {
        "element": {"type": "string"},
        "side": {"enum": ["below", "above"]},
        "limit": {"type": "string"},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "first_day": {"type": "string"},
    }
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A brief of Détente",
    **_object(
        {
            "case": {"type": "string"},
            "as_of": {"type": "string"},
            "worlds": {"type": "integer"},
            "seed": {"type": "integer"},
            "version": {"type": "string"},
            "account": {"type": ["string", "null"]},
            "readings": {"type": "object", "additionalProperties": {"type": "string"}},
            "partial": {"type": "boolean"},
            "weighted": {"type": "boolean"},
            "effective_draws": _NUMBER,
            "posterior_until": {"type": ["string", "null"]},
            "closed": {"type": "array", "items": {"type": "string"}},
            "questions": {"type": "array", "items": _QUESTION},
            "measures": {"type": "array", "items": _MEASURE},
            **RECORDED_FIELDS,
            "numbers_by_support": _object({key: {"type": "integer"} for key in _keyed(dict.fromkeys(SUPPORTED, 0))}),
            "crossed_bounds": {"type": "array", "items": _CROSSED},
            "coverage": _object(
                {
                    "source": {"type": "string"},
                    "sentences": {"type": "integer"},
                    "tested": _NUMBERS,
                    "moves": _NUMBERS,
                    "feeds": _NUMBERS,
                    "context": _NUMBERS,
                    "missing": _NUMBERS,
                }
            ),
            "provenance": _object(
                {
                    "case_hash": {"type": "string"},
                    "replicates": {"type": "integer"},
                    "precision": {"type": "string"},
                    **SCHEMA_OF_RUNTIME,
                }
            ),
        }
    ),
}
"""The JSON Schema of a report; the tests hold every report to it."""
