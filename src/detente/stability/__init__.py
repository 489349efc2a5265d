"""Stability: which states of a conflict could hold, in the graph model for conflict resolution."""

from __future__ import annotations

from detente.stability.analysis import stability
from detente.stability.conflict import Conflict, Moves, conflict_of
from detente.stability.explanation import Reason, Sentence, why_stable
from detente.stability.inverse import Inverse, required_preferences
from detente.stability.report import SCHEMA, report, write_stability_report
from detente.stability.result import (
    AccountStability,
    CoalitionStability,
    PathTo,
    Robustness,
    Stability,
    State,
    Step,
    ViewStability,
)

__all__ = [
    "SCHEMA",
    "AccountStability",
    "CoalitionStability",
    "Conflict",
    "Inverse",
    "Moves",
    "PathTo",
    "Reason",
    "Robustness",
    "Sentence",
    "Stability",
    "State",
    "Step",
    "ViewStability",
    "conflict_of",
    "report",
    "required_preferences",
    "stability",
    "why_stable",
    "write_stability_report",
]
