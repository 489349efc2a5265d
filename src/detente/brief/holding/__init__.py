"""What could hold: the section of a brief, and the page of its own, on the stability of a case's conflict."""

from __future__ import annotations

from detente.brief.holding.rows import Holding
from detente.brief.holding.section import holding_of

__all__ = ["Holding", "holding_of"]
