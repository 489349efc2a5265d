"""The study of a fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.analysis.method_study import MethodStudy
from detente.hindcast.contraction import Contraction
from detente.hindcast.fitting import Fitted
from detente.requests import FitRequest

__all__ = ["FitStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class FitStudy(MethodStudy):
    """What a record leaves of declared ranges, and how far each narrowed."""

    IS: ClassVar[str] = "Fit"

    request: FitRequest
    found: Fitted
    narrowing: Contraction
