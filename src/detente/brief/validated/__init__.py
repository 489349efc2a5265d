"""The validation sheet as it is shown: short first, everything behind it on request."""

from __future__ import annotations

from detente.brief.validated.rows import Sheet
from detente.brief.validated.sheet import sheet_of

__all__ = ["Sheet", "sheet_of"]
