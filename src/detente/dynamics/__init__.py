"""Simulation: ordered equations, one compiled kernel, many possible worlds counted exactly.

JAX comes in with this room; its compiler gets its settings when something is first compiled (``detente.runtime``).
"""

from __future__ import annotations

from detente.dynamics.accumulators import Block
from detente.dynamics.answers import draw_means, luck_variance, position_of
from detente.dynamics.dataset import dataset_of
from detente.dynamics.ensemble import Design, Ensemble, Part
from detente.dynamics.executables import read_ahead, used_for
from detente.dynamics.forcing import forced_by
from detente.dynamics.influence import ancestors, direct_influences, weighing_ancestors
from detente.dynamics.kernel import Forced, luck_keys
from detente.dynamics.observables import Observables, watch
from detente.dynamics.program import Program, build_program
from detente.dynamics.record_evidence import ReadingAfter, RecordEvidence, record_evidence
from detente.dynamics.simulation import Passage, Simulated, Simulation

__all__ = [
    "Block",
    "Design",
    "Ensemble",
    "Forced",
    "Observables",
    "Part",
    "Passage",
    "Program",
    "ReadingAfter",
    "RecordEvidence",
    "Simulated",
    "Simulation",
    "ancestors",
    "build_program",
    "dataset_of",
    "direct_influences",
    "draw_means",
    "forced_by",
    "luck_keys",
    "luck_variance",
    "position_of",
    "read_ahead",
    "record_evidence",
    "used_for",
    "watch",
    "weighing_ancestors",
]
