"""The study of a method that has a command of its own: what it found, with its request and its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.analysis.study import Study
from detente.results import Provenance

__all__ = ["MethodStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class MethodStudy(Study):
    """What one method found.

    Parameters
    ----------
    found
        Its result, which tells how it was made.
    """

    found: Any

    @property
    def made(self) -> Provenance:
        """How it was made."""
        made: Provenance = self.found.provenance
        return made
