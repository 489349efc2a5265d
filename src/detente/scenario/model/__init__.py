"""The shape of a case: every section and key, what may stand there, and what it means.

The models only hold what was written; names are joined, expressions parsed and numbers read in
:mod:`detente.scenario.joining`.

===============  ======================================================
``parts``        names, texts, expressions, days and instants
``citing``       what a number cites, and what each claim supports of it
``numbers``      exact numbers, ranges, tables by reading
``expectations`` what a claim expects of the model
``voices``       sources, claims, readings, accounts, actors, terms
``quantities``   stocks, flows, auxiliaries, tables, shocks
``choices``      options, decisions, leans, levers
``stability``    decision makers, preferences, rules of states
``answers``      measures, questions, signs, outside views, the record, what came after
``scenario``     all of it
===============  ======================================================
"""

from __future__ import annotations

from detente.scenario.model.answers import (
    Bearing,
    ClassUse,
    Hindcast,
    Known,
    Measure,
    OutsideView,
    Question,
    ReferenceClass,
    Sign,
    Unanswered,
)
from detente.scenario.model.choices import Decision, DecisionRule, Lean, Lever, Option
from detente.scenario.model.citing import CitationsRead, NumberCitation, NumberCitations, Support
from detente.scenario.model.expectations import Expectation, Side
from detente.scenario.model.numbers import Arm, Number, NumberBlock, Quantity
from detente.scenario.model.parts import Entry
from detente.scenario.model.quantities import Bounded, Shock, Stock, Table, Variable
from detente.scenario.model.scenario import Scenario
from detente.scenario.model.stability import DecisionMaker, NoMove, Preference, Rule, Stability, Statement, StateName
from detente.scenario.model.voices import Account, Actor, Aim, Claim, Context, Reading, Source, Term

__all__ = [
    "Account",
    "Actor",
    "Aim",
    "Arm",
    "Bearing",
    "Bounded",
    "CitationsRead",
    "Claim",
    "ClassUse",
    "Context",
    "Decision",
    "DecisionMaker",
    "DecisionRule",
    "Entry",
    "Expectation",
    "Hindcast",
    "Known",
    "Lean",
    "Lever",
    "Measure",
    "NoMove",
    "Number",
    "NumberBlock",
    "NumberCitation",
    "NumberCitations",
    "Option",
    "OutsideView",
    "Preference",
    "Quantity",
    "Question",
    "Reading",
    "ReferenceClass",
    "Rule",
    "Scenario",
    "Shock",
    "Side",
    "Sign",
    "Source",
    "Stability",
    "StateName",
    "Statement",
    "Stock",
    "Support",
    "Table",
    "Term",
    "Unanswered",
    "Variable",
]
