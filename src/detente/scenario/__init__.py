"""A crisis, described: files with their lines, the model they are held to, checks, readings and draws."""

from __future__ import annotations

from detente.scenario.case import Case
from detente.scenario.catalog import bundled_cases, find_case
from detente.scenario.checks import sources_per_actor
from detente.scenario.draws import Drawn, Draws, fixed_readings
from detente.scenario.elements import (
    NOT_SAID,
    SUPPORTED,
    UNSUPPORTED,
    BoundElement,
    ConflictElement,
    DecisionElement,
    Elements,
    Equation,
    ExpectationElement,
    LeanElement,
    MakerElement,
    NoMoveElement,
    OptionElement,
    Parameter,
    PreferenceElement,
    ReferenceClass,
    RuleElement,
    ShockElement,
    Spell,
    StatementElement,
    StockElement,
    TableElement,
)
from detente.scenario.loading import examine, load
from detente.scenario.model import DecisionRule, Scenario
from detente.scenario.record import Observation
from detente.scenario.schema import check_fragment, schema
from detente.scenario.states import States

__all__ = [
    "NOT_SAID",
    "SUPPORTED",
    "UNSUPPORTED",
    "BoundElement",
    "Case",
    "ConflictElement",
    "DecisionElement",
    "DecisionRule",
    "Drawn",
    "Draws",
    "Elements",
    "Equation",
    "ExpectationElement",
    "LeanElement",
    "MakerElement",
    "NoMoveElement",
    "Observation",
    "OptionElement",
    "Parameter",
    "PreferenceElement",
    "ReferenceClass",
    "RuleElement",
    "Scenario",
    "ShockElement",
    "Spell",
    "StatementElement",
    "States",
    "StockElement",
    "TableElement",
    "bundled_cases",
    "check_fragment",
    "examine",
    "find_case",
    "fixed_readings",
    "load",
    "schema",
    "sources_per_actor",
]
