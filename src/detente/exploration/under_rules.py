"""The same answers under other rules of decision: how much hangs on how reasons and luck make a choice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from detente.requests import Work, interruptible
from detente.results import Answer, Provenance
from detente.run import run
from detente.scenario import Case, DecisionRule, load

__all__ = ["RULES", "UNDER_RULES_SCHEMA", "UnderRule", "UnderRules", "under_rules", "under_rules_data"]

RULES: tuple[DecisionRule, ...] = get_args(DecisionRule)
WORLDS = 40_000


@dataclass(frozen=True)
class UnderRule:
    """A case's answers under one rule of decision.

    Parameters
    ----------
    rule
        The rule.
    answers
        The pooled answer to each question, by question.
    by_account
        For each question, the answer as each account has it.
    effective_draws, draws
        How many equally weighted draws the weighted ones were worth, and how many were drawn.
    """

    rule: DecisionRule
    answers: Mapping[str, Answer]
    by_account: Mapping[str, Mapping[str, Answer]]
    effective_draws: float
    draws: int


@dataclass(frozen=True)
class UnderRules:
    """A case's answers under several rules of decision, from the same draws of its numbers and readings.

    Parameters
    ----------
    provenance
        How it was made; ``worlds`` counts those of all rules.
    own
        The rule of the case.
    rules
        Each rule's answers, the case's own first.
    """

    provenance: Provenance
    own: DecisionRule
    rules: tuple[UnderRule, ...]

    def spread(self, question: str) -> tuple[float, float] | None:
        """Return the lowest and the highest pooled share of a yes/no question over the rules; None for another type."""
        shares = [share for one in self.rules if (share := one.answers[question].probability) is not None]
        return (min(shares), max(shares)) if shares else None


def under_rules(
    case: Case | str | Path,
    rules: Sequence[DecisionRule] = RULES,
    *,
    worlds: int = WORLDS,
    seed: int = 1,
    weighted: bool = True,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> UnderRules:
    """Run a case under several rules of decision.

    With no reason pulling, every rule gives each occasion the same chance, so that what differs between the answers is
    how reasons combine, and whose luck decides (:mod:`detente.dynamics.decisions`). Each rule is compiled once.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    rules
        The rules; the case's own is run too, and comes first.
    worlds
        Worlds for each rule.
    seed, weighted, progress, stop
        As :func:`detente.run.run` takes them.

    Returns
    -------
    UnderRules
        The answers by rule, the case's own first; rules not reached where it was stopped are left out.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If there is no such rule, or the case asks nothing.
    """
    whole = case if isinstance(case, Case) else load(case)
    own = whole.scenario.rule
    wanted = tuple(dict.fromkeys((own, *rules)))
    found: list[UnderRule] = []
    made: list[Provenance] = []
    with interruptible(Work(progress=progress, stop=stop)) as work:
        for rule in wanted:
            if made and work.stopped:
                break
            ruled = whole.under_rule(rule)
            one = run(ruled, worlds=worlds, seed=seed, weighted=weighted, progress=work.progress, stop=work.stop)
            by_account = {name: one.by_account(name) for name in one.answers}
            found.append(UnderRule(rule, one.answers, by_account, one.main.effective_draws, one.main.part.tally.done))
            made.append(one.provenance)
    total = sum(one.worlds for one in made)
    first = made[0]
    provenance = Provenance(
        first.case, first.case_hash, first.as_of, None, {}, seed, total, first.replicates, weighted,
        any(one.partial for one in made) or len(made) < len(wanted), first.precision, runtime=first.runtime,
    )  # fmt: skip
    return UnderRules(provenance, own, tuple(found))


def under_rules_data(found: UnderRules) -> dict[str, Any]:
    """Return answers under several rules as plain data."""
    made = found.provenance
    return {
        "case": made.case,
        "as_of": made.as_of,
        "worlds": made.worlds,
        "seed": made.seed,
        "version": made.versions["detente"],
        "partial": made.partial,
        "own_rule": found.own,
        "rules": [
            {
                "rule": one.rule,
                "draws": one.draws,
                "effective_draws": _short(one.effective_draws),
                "answers": {
                    name: {
                        **_figures(answer),
                        "by_account": {account: _figures(its) for account, its in one.by_account[name].items()},
                    }
                    for name, answer in one.answers.items()
                },
            }
            for one in found.rules
        ],
    }


def _figures(answer: Answer) -> dict[str, Any]:
    return {
        "type": answer.type,
        "probability": None if answer.probability is None else _short(answer.probability),
        "quantiles": None if answer.quantiles is None else {
            key: _short(value) if isinstance(value, float) else value for key, value in answer.quantiles.items()
        },
        "never": None if answer.never is None else _short(answer.never),
        "shares": None if answer.shares is None else {key: _short(value) for key, value in answer.shares.items()},
    }  # fmt: skip


def _short(value: float) -> float:
    """Return a number with five significant figures: more would be the noise of sampling."""
    return float(f"{value:.5g}")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_MAYBE: dict[str, Any] = {"type": ["number", "null"]}
_FIGURES: dict[str, Any] = {
    "type": {"enum": ["yes/no", "number", "date", "choice"]},
    "probability": _MAYBE,
    "quantiles": {"type": ["object", "null"]},
    "never": _MAYBE,
    "shares": {"type": ["object", "null"]},
}
_ANSWER = _object({**_FIGURES, "by_account": {"type": "object", "additionalProperties": _object(_FIGURES)}})
UNDER_RULES_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Answers under several rules of decision",
    **_object(
        {
            "case": {"type": "string"},
            "as_of": {"type": "string"},
            "worlds": {"type": "integer"},
            "seed": {"type": "integer"},
            "version": {"type": "string"},
            "partial": {"type": "boolean"},
            "own_rule": {"enum": list(RULES)},
            "rules": {
                "type": "array",
                "items": _object(
                    {
                        "rule": {"enum": list(RULES)},
                        "draws": {"type": "integer"},
                        "effective_draws": {"type": "number"},
                        "answers": {"type": "object", "additionalProperties": _ANSWER},
                    }
                ),
            },
        }
    ),
}
"""The JSON Schema of that data."""
