"""A comparison of choices as data: what ``detente compare --json`` writes, and the schema that holds it."""

from __future__ import annotations

from typing import Any

from detente.exploration.comparison import Across, Comparison, Effect, Robustness
from detente.exploration.report import figure, listed
from detente.exploration.targets import target_of
from detente.runtime import SCHEMA_OF_RUNTIME
from detente.scenario import Case

__all__ = ["COMPARISON_SCHEMA", "compared_data", "tellings_by_direction"]

ROBUST = ("low", "middle", "high", "from_middle", "short_of_most", "short_of_least", "at_least", "at_most")
ACROSS = (
    "lowest", "highest", "short_of_most", "short_of_least", "from_pooled", "seldom_at_least", "seldom_at_most",
)  # fmt: skip


def compared_data(case: Case, found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, as ``docs/reference/comparison-report.md`` describes it."""
    made = found.provenance
    return {
        "case": made.case,
        "as_of": made.as_of,
        "worlds": made.worlds,
        "replicates": made.replicates,
        "seed": made.seed,
        "version": made.versions["detente"],
        "weighted": made.weighted,
        "partial": made.partial,
        "levers": [
            {"id": one.name, "says": one.says, "from": one.begins.isoformat(), "pair": one.pair}
            for one in found.choices
        ],
        "answers": [_answer(case, found, target) for target in found.targets],
        "provenance": {
            "case_hash": made.case_hash,
            "precision": made.precision,
            **made.runtime.told(),
        },
    }


def tellings_by_direction(found: Comparison, lever: str, target: str) -> dict[str, list[str]]:
    """Return under which accounts a lever goes with more, with less, and with no difference that can be told.

    Parameters
    ----------
    found
        The comparison.
    lever, target
        Which lever, and which answer.

    Returns
    -------
    dict
        Accounts in their order under ``more``, ``less`` and ``untold``.
    """
    directions: dict[str, list[str]] = {"more": [], "less": [], "untold": []}
    for effect in found.effects:
        if (effect.lever, effect.target) == (lever, target) and effect.account is not None:
            change = effect.difference
            directions["more" if change.low > 0 else "less" if change.high < 0 else "untold"].append(effect.account)
    return directions


def _answer(case: Case, found: Comparison, target: str) -> dict[str, Any]:
    followed = target_of(case, target)
    question = case.scenario.questions.get(followed.summary)
    return {
        "id": followed.summary,
        "alternative": followed.alternative,
        "asks": question.asks if question is not None else case.elements.measures[followed.summary].says,
        "is_question": question is not None,
        "wanted": [{"by": actor, "better": better} for actor, better in found.wanted.get(target, ())],
        "levers": [_lever(found, choice.name, target) for choice in found.choices],
        "robustness": [_robustness(one) for one in found.robustness if one.target == target and one.account is None],
        "across_accounts": [_across(found, one) for one in found.across if one.target == target],
    }


def _across(found: Comparison, one: Across) -> dict[str, Any]:
    """Return what holds across accounts, and below it each account's own draws."""
    own = [each for each in found.robustness if (each.target, each.choice) == (one.target, one.choice)]
    worst = {name: getattr(one, name) for name in ACROSS}
    return {
        "choice": one.choice,
        **{name: {"account": under.account, **(listed(under.value) or {})} for name, under in worst.items()},
        "by_account": [{"account": each.account, **_figures(each)} for each in own if each.account is not None],
    }


def _lever(found: Comparison, lever: str, target: str) -> dict[str, Any]:
    effects = [one for one in found.effects if (one.lever, one.target) == (lever, target)]
    pooled = next(one for one in effects if one.account is None)
    chosen = next((one for one in found.as_chosen if (one.lever, one.target) == (lever, target)), None)
    directions = tellings_by_direction(found, lever, target)
    return {
        "lever": lever,
        **_effect(pooled),
        "more_under": directions["more"],
        "less_under": directions["less"],
        "untold_under": directions["untold"],
        "by_account": [{"account": one.account, **_effect(one)} for one in effects if one.account is not None],
        "as_chosen": None
        if chosen is None
        else {
            "share": figure(chosen.share),
            "where_chosen": figure(chosen.with_it),
            "where_not": figure(chosen.without),
        },
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "without": listed(effect.without),
        "with_it": listed(effect.with_it),
        "difference": listed(effect.difference),
    }


def _robustness(one: Robustness) -> dict[str, Any]:
    return {"choice": one.choice, **_figures(one)}


def _figures(one: Robustness) -> dict[str, float]:
    return {name: figure(getattr(one, name)) for name in ROBUST}


def _object(properties: dict[str, Any], nullable: bool = False) -> dict[str, Any]:
    kind: Any = ["object", "null"] if nullable else "object"
    return {"type": kind, "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT, _NUMBER, _WHOLE, _TRUTH = ({"type": kind} for kind in ("string", "number", "integer", "boolean"))
_MAYBE_TEXT = {"type": ["string", "null"]}
_ENDS = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_FIGURE = _object({"value": _NUMBER, "interval": _ENDS})
_EFFECT = {"without": _FIGURE, "with_it": _FIGURE, "difference": _FIGURE}
_LEVER = _object(
    {
        "lever": _TEXT,
        **_EFFECT,
        "more_under": _list(_TEXT),
        "less_under": _list(_TEXT),
        "untold_under": _list(_TEXT),
        "by_account": _list(_object({"account": _TEXT, **_EFFECT})),
        "as_chosen": _object({"share": _NUMBER, "where_chosen": _NUMBER, "where_not": _NUMBER}, nullable=True),
    }
)
_UNDER = _object({"account": _TEXT, "value": _NUMBER, "interval": _ENDS})
_ACROSS = _object(
    {
        "choice": _TEXT,
        **dict.fromkeys(ACROSS, _UNDER),
        "by_account": _list(_object({"account": _TEXT, **dict.fromkeys(ROBUST, _NUMBER)})),
    }
)
COMPARISON_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A comparison of choices of Détente",
    **_object(
        {
            "case": _TEXT,
            "as_of": _TEXT,
            "worlds": _WHOLE,
            "replicates": _WHOLE,
            "seed": _WHOLE,
            "version": _TEXT,
            "weighted": _TRUTH,
            "partial": _TRUTH,
            "levers": _list(_object({"id": _TEXT, "says": _TEXT, "from": _TEXT, "pair": _MAYBE_TEXT})),
            "answers": _list(
                _object(
                    {
                        "id": _TEXT,
                        "alternative": _MAYBE_TEXT,
                        "asks": _TEXT,
                        "is_question": _TRUTH,
                        "wanted": _list(_object({"by": _TEXT, "better": {"enum": ["more", "less"]}})),
                        "levers": _list(_LEVER),
                        "robustness": _list(_object({"choice": _TEXT, **dict.fromkeys(ROBUST, _NUMBER)})),
                        "across_accounts": _list(_ACROSS),
                    }
                )
            ),
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
