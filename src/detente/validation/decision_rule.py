"""How far the answers move with the rule by which reasons make a choice, in the same worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import numpy as np

from detente.dynamics import build_program
from detente.scenario import DecisionRule, Draws
from detente.validation.paired_answers import difference_of, paired_answers
from detente.validation.result import Inquiry, PairedAnswer, ValidationTest, Where
from detente.validation.structure import Structure
from detente.validation.survey import Survey, survey_of
from detente.validation.worlds import columns_of

__all__ = ["decision_rule", "rules_of", "with_rule"]

INQUIRY = Inquiry(
    "decision_rule",
    "The rule of decision",
    "choices",
    "What becomes of the answers where reasons and luck make choices by another rule?",
)


def rules_of(structure: Structure) -> tuple[DecisionRule, ...]:
    """Return the rules to try, the case's own first; none where nobody decides."""
    if not structure.case.elements.decisions:
        return ()
    return tuple(dict.fromkeys((structure.case.scenario.rule, *get_args(DecisionRule))))


def with_rule(structure: Structure, rule: DecisionRule, seed: int, draws: int, replicates: int) -> Survey:
    """Survey worlds in which all decisions are made by a rule.

    Parameters
    ----------
    structure
        The case, and for how many days it is run.
    rule
        The rule of decision.
    seed
        The seed of draws and luck.
    draws, replicates
        How many draws, and worlds of each.

    Returns
    -------
    Survey
        In the same draws and luck as under any other rule.
    """
    case = structure.case.under_rule(rule)
    program = replace(build_program(case), days=structure.program.days)
    drawn = Draws(case, seed, program.parameters).take(np.arange(draws, dtype=np.uint32))
    return survey_of(case, program, columns_of(drawn, replicates), seed)


def decision_rule(
    structure: Structure, surveys: Mapping[str, Survey], replicates: int, why_not: str
) -> tuple[ValidationTest, tuple[PairedAnswer, ...]]:
    """Say which answers move with the rule of decision by more than sampling explains.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    surveys
        By way, what the same draws with the same luck went through, the case's own way first; empty where none were
        run.
    replicates
        Worlds of each draw.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    tuple
        The test, ``described``, ``not tried`` or ``does not apply``, with the places that it is about; and every
        answer under each rule, in its own unit.
    """
    questions = structure.case.elements.questions
    if not structure.simulated or not rules_of(structure) or not questions:
        return INQUIRY.came_out("does not apply", "The case has no decision that an answer could hang on."), ()
    if not surveys:
        return INQUIRY.came_out("not tried", why_not), ()
    own = next(iter(surveys))
    found = paired_answers(structure, surveys, replicates)
    moved = [one for one in found if one.difference > one.tolerance]
    where = [Where(one.answer, structure.at(questions[one.question].path), difference_of(one, own)) for one in moved]
    says = f"{len(moved)} of {len(found)} answers move with the rule of decision by more than sampling explains."
    shares = [one for one in moved if one.unit == "%"]
    if shares:
        most = max(shares, key=lambda one: one.difference)
        says += f" Most of all {most.answer}: {difference_of(most, own)}."
    worlds = len(next(iter(surveys.values())).log_weight)
    tried = f"{worlds} worlds were run under {len(surveys)} rules: {', '.join(surveys)}. The case's own is {own}."
    return INQUIRY.came_out("described", says, where, tried=tried), found
