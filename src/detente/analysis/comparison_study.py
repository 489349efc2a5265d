"""The study of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.analysis.method_study import MethodStudy
from detente.exploration.comparison_result import Comparison
from detente.requests import CompareRequest

__all__ = ["ComparisonStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class ComparisonStudy(MethodStudy):
    """What goes with setting levers."""

    IS: ClassVar[str] = "Comparison"

    request: CompareRequest
    found: Comparison
