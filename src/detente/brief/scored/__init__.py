"""The section on a hindcast: what the model said, what came, the scores beside the simplest forecasts."""

from __future__ import annotations

from detente.brief.scored.rows import Scored
from detente.brief.scored.section import scored_of

__all__ = ["Scored", "scored_of"]
