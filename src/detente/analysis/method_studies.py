"""The studies of the methods that have a command of their own: what one found, with its request and its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from detente.analysis.study import Study
from detente.exploration.compared import Comparison
from detente.exploration.result import Exploration
from detente.hindcast.fitting import Fitted
from detente.hindcast.narrowing import Narrowing
from detente.hindcast.result import Hindcast
from detente.requests import (
    CompareRequest,
    ExploreRequest,
    FitRequest,
    HindcastRequest,
    StabilityRequest,
    ValidateRequest,
)
from detente.results import Provenance
from detente.stability.result import Stability
from detente.validation.result import Validation

__all__ = [
    "ComparisonStudy",
    "ExplorationStudy",
    "FitStudy",
    "HindcastStudy",
    "MethodStudy",
    "StabilityStudy",
    "ValidationStudy",
]


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


@dataclass(frozen=True, kw_only=True, repr=False)
class ExplorationStudy(MethodStudy):
    """What answers hang on."""

    IS: ClassVar[str] = "Exploration"

    request: ExploreRequest
    found: Exploration


@dataclass(frozen=True, kw_only=True, repr=False)
class ComparisonStudy(MethodStudy):
    """What goes with setting levers."""

    IS: ClassVar[str] = "Comparison"

    request: CompareRequest
    found: Comparison


@dataclass(frozen=True, kw_only=True, repr=False)
class StabilityStudy(MethodStudy):
    """Which states of a conflict could hold."""

    IS: ClassVar[str] = "Stability"

    request: StabilityRequest
    found: Stability


@dataclass(frozen=True, kw_only=True, repr=False)
class HindcastStudy(MethodStudy):
    """How a model did on what came."""

    IS: ClassVar[str] = "Hindcast"

    request: HindcastRequest
    found: Hindcast


@dataclass(frozen=True, kw_only=True, repr=False)
class FitStudy(MethodStudy):
    """What a record leaves of declared ranges, and how far each narrowed."""

    IS: ClassVar[str] = "Fit"

    request: FitRequest
    found: Fitted
    narrowing: Narrowing


@dataclass(frozen=True, kw_only=True, repr=False)
class ValidationStudy(MethodStudy):
    """A case held to the tests of a reviewer."""

    IS: ClassVar[str] = "Validation"

    request: ValidateRequest
    found: Validation
