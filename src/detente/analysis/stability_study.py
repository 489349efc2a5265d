"""The study of a stability analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.analysis.method_study import MethodStudy
from detente.requests import StabilityRequest
from detente.stability.result import Stability

__all__ = ["StabilityStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class StabilityStudy(MethodStudy):
    """Which states of a conflict could hold."""

    IS: ClassVar[str] = "Stability"

    request: StabilityRequest
    found: Stability
