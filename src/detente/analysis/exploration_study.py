"""The study of an exploration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.analysis.method_study import MethodStudy
from detente.exploration.result import Exploration
from detente.requests import ExploreRequest

__all__ = ["ExplorationStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class ExplorationStudy(MethodStudy):
    """What answers hang on."""

    IS: ClassVar[str] = "Exploration"

    request: ExploreRequest
    found: Exploration
