"""What matters: what an answer hangs on, what each factor does in paired worlds, and which sentences the model uses."""

from __future__ import annotations

from detente.exploration.coverage import Coverage, SentenceStatus, coverage
from detente.exploration.effects import Factor, Hanging, Through, hanging
from detente.exploration.swings import Swing, swings

__all__ = ["Coverage", "Factor", "Hanging", "SentenceStatus", "Swing", "Through", "coverage", "hanging", "swings"]
