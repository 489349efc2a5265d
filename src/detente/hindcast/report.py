"""A hindcast as data: what ``detente hindcast --json`` writes, and the schema that holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from detente.hindcast.information_cut import learns_nothing_after
from detente.hindcast.resolution import Outcome, Resolution
from detente.hindcast.result import Bin, Cut, Forecast, Hindcast, Reason, Skill, Standing, Summary
from detente.runtime import SCHEMA_OF_RUNTIME

__all__ = ["OPENING", "SCHEMA", "hindcast_data", "opening"]

OPENING = (
    "The questions and the model were written by people who knew the outcome. This tests the machinery and shows where "
    "the model fails; it is not evidence of foresight."
)
ASKED_BEFORE = (
    "The questions were written before the events that decide them. The model may still have been written by people "
    "who knew the outcome: only forecasts that were made public before the event are evidence of foresight."
)
FIGURES = 6
"""Significant figures of every number."""


def opening(found: Hindcast) -> str:
    """Return what stands above every hindcast: what it tests, and what it is no evidence of."""
    told = [resolution.written for resolution in found.resolutions.values()]
    return ASKED_BEFORE if told and all(written == "before the event" for written in told) else OPENING


def hindcast_data(found: Hindcast) -> dict[str, Any]:
    """Return a hindcast as plain data, as ``docs/reference/hindcast-report.md`` describes it."""
    made = found.provenance
    by_kind = {summary.in_sample: summary for summary in found.summaries}
    return {
        "opening": opening(found),
        "case": made.case,
        "as_of": made.as_of,
        "worlds": made.worlds,
        "seed": made.seed,
        "version": made.versions["detente"],
        "partial": made.partial,
        "posterior_until": None if found.posterior_until is None else found.posterior_until.isoformat(),
        "summary": {"out_of_sample": _summary(by_kind.get(False)), "in_sample": _summary(by_kind.get(True))},
        "forecasts": [_standing(found, cut, one) for cut in found.cuts for one in cut.standings.values()],
        "cuts": [_cut(cut, first=number == 0) for number, cut in enumerate(found.cuts)],
        "learns_nothing_after": None if (still := learns_nothing_after(found.cuts)) is None else still.isoformat(),
        "questions": [_resolution(found, one) for one in found.resolutions.values()],
        "not_answerable": [
            {"id": one.name, "asks": one.asks, "why": one.why} for one in found.not_answerable.values()
        ],
        "left_out": dict(found.left_out),
        "possible_hindsight": [
            {"decision": one.decision, "label": one.label, "claims": list(one.claims)}
            for one in found.possible_hindsight
        ],
        "provenance": {
            "case_hash": made.case_hash,
            "replicates": made.replicates,
            "precision": made.precision,
            **made.runtime.told(),
        },
    }  # fmt: skip


def _standing(found: Hindcast, cut: Cut, one: Standing) -> dict[str, Any]:
    without = one.without_hindsight
    return {
        "question": one.question,
        "date": cut.as_of.isoformat(),
        "in_sample": cut.in_sample,
        "type": one.type,
        "unit": one.unit,
        **_forecast(one.model),
        "outcome": _plain(found.outcome(one.question)),
        "pit": _plain(one.pit),
        "baselines": {name: _baseline(forecast) for name, forecast in one.baselines.items()},
        "by_account": {name: _forecast(forecast) for name, forecast in one.by_account.items()},
        "without_hindsight": None if without is None else _forecast(without),
    }


def _forecast(one: Forecast) -> dict[str, Any]:
    told: dict[str, Any] = {
        "probability": one.probability,
        "quantiles": None if one.quantiles is None else dict(one.quantiles),
        "never": one.never,
        "shares": None if one.shares is None else dict(one.shares),
    }
    said = {name: _plain(value) for name, value in told.items() if value is not None}
    return {
        **said,
        "range": None if one.range is None else [_plain(end) for end in one.range],
        "scores": _plain(dict(one.scores)),
        "unanswered": _plain(one.unanswered),
    }


def _baseline(one: Forecast) -> dict[str, Any]:
    return {**_forecast(one), "assumes": one.assumes, "cases": _plain(one.cases)}


def _cut(cut: Cut, *, first: bool) -> dict[str, Any]:
    return {
        "date": cut.as_of.isoformat(),
        "in_sample": cut.in_sample,
        "effective_draws": _plain(cut.effective_draws),
        "draws": cut.draws,
        "resampled": cut.resampled,
        "warning": cut.warning,
        "learned": first or cut.learned,
        "became_known": [
            {
                "about": mover.about.isoformat(),
                "known_at": mover.known_at.isoformat(),
                "measure": mover.measure,
                "says": mover.says,
                "bears": mover.bears,
            }
            for mover in cut.movers
        ],
    }


def _resolution(found: Hindcast, one: Resolution) -> dict[str, Any]:
    return {
        "id": one.question,
        "listed_as": one.listed_as,
        "asks": one.asks,
        "closes": one.closes.isoformat(),
        "outcome": _plain(one.outcome),
        "resolved": one.resolved.isoformat(),
        "how": one.how,
        "sources": list(one.sources),
        "certainty": one.certainty,
        "cluster": one.cluster,
        "written": one.written,
        "mentions_outcome": one.mentions_outcome,
        "note": one.note,
        "drove": [_reason(reason) for reason in found.drove.get(one.question, ())],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "decision": reason.decision,
        "label": reason.label,
        "claims": list(reason.claims),
        "possible_hindsight": reason.possible_hindsight,
        "toward_outcome": _plain(reason.toward_outcome),
    }


def _summary(one: Summary | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "says": one.says,
        "cuts": one.cuts,
        "questions": one.questions,
        "clusters": one.clusters,
        "skills": [_skill(skill) for skill in one.skills],
        "skills_without_hindsight": [_skill(skill) for skill in one.skills_without_hindsight],
        "reliability": [_bin(one) for one in one.reliability],
        "pit": [_bin(one) for one in one.pit],
    }


def _skill(one: Skill) -> dict[str, Any]:
    return {
        "baseline": one.baseline,
        "score": one.score,
        "questions": one.questions,
        "clusters": one.clusters,
        "model": _plain(one.model),
        "baseline_score": _plain(one.baseline_score),
        "skill": _plain(one.skill),
        "interval": None if one.interval is None else [_plain(end) for end in one.interval],
    }


def _bin(one: Bin) -> dict[str, Any]:
    return {
        "low": _plain(one.low),
        "high": _plain(one.high),
        "count": one.count,
        "mean": _plain(one.mean),
        "came": _plain(one.came),
    }


def _plain(value: Outcome | Mapping[str, Any]) -> Any:
    """Return a value as JSON holds it: days as ISO text, numbers with the figures that mean something."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | str) or value is None:
        return value
    return float(f"{float(value):.{FIGURES}g}")


_TEXT, _NUMBER, _WHOLE, _TRUTH = ({"type": kind} for kind in ("string", "number", "integer", "boolean"))
_MAYBE = {"type": ["number", "null"]}
_MAYBE_TEXT = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_ENDS = {"type": ["array", "null"], "items": {"type": ["number", "string", "null"]}, "minItems": 2, "maxItems": 2}
_NUMBERS = {"type": "object", "additionalProperties": _NUMBER}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = (), nullable: bool = False) -> dict[str, Any]:
    kind: Any = ["object", "null"] if nullable else "object"
    needed = [name for name in properties if name not in optional]
    return {"type": kind, "properties": properties, "required": needed, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_SAID: dict[str, Any] = {
    "probability": _SHARE,
    "quantiles": {
        "type": "object",
        "required": ["5", "25", "50", "75", "95"],
        "additionalProperties": {"type": ["number", "string", "null"]},
    },
    "never": _SHARE,
    "shares": {"type": "object", "additionalProperties": _SHARE},
    "range": _ENDS,
    "scores": _NUMBERS,
    "unanswered": _SHARE,
}
_BASELINE = {**_SAID, "assumes": _TEXT, "cases": _MAYBE}
_OPTIONAL = ("probability", "quantiles", "never", "shares")
_FORECAST = _object(
    {
        "question": _TEXT,
        "date": _TEXT,
        "in_sample": _TRUTH,
        "type": {"enum": ["yes/no", "number", "date", "choice"]},
        "unit": _TEXT,
        **_SAID,
        "outcome": {"type": ["boolean", "number", "string", "null"]},
        "pit": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "baselines": {"type": "object", "additionalProperties": _object(_BASELINE, _OPTIONAL)},
        "by_account": {"type": "object", "additionalProperties": _object(_SAID, _OPTIONAL)},
        "without_hindsight": _object(_SAID, _OPTIONAL, nullable=True),
    },
    _OPTIONAL,
)
_REASONS = _list(
    _object(
        {
            "decision": _TEXT,
            "label": _TEXT,
            "claims": _TEXTS,
            "possible_hindsight": _TRUTH,
            "toward_outcome": _NUMBER,
        }
    )
)
_SKILLS = _list(
    _object(
        {
            "baseline": _TEXT,
            "score": _TEXT,
            "questions": _WHOLE,
            "clusters": _WHOLE,
            "model": _NUMBER,
            "baseline_score": _NUMBER,
            "skill": _NUMBER,
            "interval": {"type": ["array", "null"], "items": _NUMBER, "minItems": 2, "maxItems": 2},
        }
    )
)
_BINS = _list(_object({"low": _NUMBER, "high": _NUMBER, "count": _WHOLE, "mean": _MAYBE, "came": _MAYBE}))
_SUMMARY = _object(
    {
        "says": _TEXT,
        "cuts": _WHOLE,
        "questions": _WHOLE,
        "clusters": _WHOLE,
        "skills": _SKILLS,
        "skills_without_hindsight": _SKILLS,
        "reliability": _BINS,
        "pit": _BINS,
    },
    nullable=True,
)
_KNOWN = _list(_object({"about": _TEXT, "known_at": _TEXT, "measure": _TEXT, "says": _TEXT, "bears": _TRUTH}))
_CUTS = _list(
    _object(
        {
            "date": _TEXT,
            "in_sample": _TRUTH,
            "effective_draws": _NUMBER,
            "draws": _WHOLE,
            "resampled": _WHOLE,
            "warning": _TEXT,
            "learned": _TRUTH,
            "became_known": _KNOWN,
        }
    )
)
_QUESTIONS = _list(
    _object(
        {
            **dict.fromkeys(("id", "listed_as", "asks", "closes"), _TEXT),
            "outcome": {"type": ["boolean", "number", "string", "null"]},
            **dict.fromkeys(("resolved", "how"), _TEXT),
            "sources": _TEXTS,
            "certainty": {"enum": ["high", "medium", "low"]},
            "cluster": _TEXT,
            "written": {"enum": ["before the event", "after the event"]},
            "mentions_outcome": _TRUTH,
            "note": _TEXT,
            "drove": _REASONS,
        }
    )
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A hindcast of Détente",
    **_object(
        {
            "opening": _TEXT,
            "case": _TEXT,
            "as_of": _TEXT,
            "worlds": _WHOLE,
            "seed": _WHOLE,
            "version": _TEXT,
            "partial": _TRUTH,
            "posterior_until": _MAYBE_TEXT,
            "summary": _object({"out_of_sample": _SUMMARY, "in_sample": _SUMMARY}),
            "forecasts": _list(_FORECAST),
            "cuts": _CUTS,
            "learns_nothing_after": _MAYBE_TEXT,
            "questions": _QUESTIONS,
            "not_answerable": _list(_object({"id": _TEXT, "asks": _TEXT, "why": _TEXT})),
            "left_out": {"type": "object", "additionalProperties": _TEXT},
            "possible_hindsight": _list(_object({"decision": _TEXT, "label": _TEXT, "claims": _TEXTS})),
            "provenance": _object(
                {
                    "case_hash": _TEXT,
                    "replicates": _WHOLE,
                    "precision": _TEXT,
                    **SCHEMA_OF_RUNTIME,
                }
            ),
        }
    ),
}
"""The JSON Schema of a report; the tests hold every report to it."""
