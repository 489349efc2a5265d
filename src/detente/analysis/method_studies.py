"""The studies of the methods that have a command of their own: what one found, with its request and its case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
    "StabilityStudy",
    "ValidationStudy",
]


@dataclass(frozen=True, kw_only=True, repr=False)
class ExplorationStudy(Study):
    """What answers hang on."""

    IS: ClassVar[str] = "Exploration"

    request: ExploreRequest
    found: Exploration

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.found.provenance


@dataclass(frozen=True, kw_only=True, repr=False)
class ComparisonStudy(Study):
    """What goes with setting levers."""

    IS: ClassVar[str] = "Comparison"

    request: CompareRequest
    found: Comparison

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.found.provenance


@dataclass(frozen=True, kw_only=True, repr=False)
class StabilityStudy(Study):
    """Which states of a conflict could hold."""

    IS: ClassVar[str] = "Stability"

    request: StabilityRequest
    found: Stability

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.found.provenance


@dataclass(frozen=True, kw_only=True, repr=False)
class HindcastStudy(Study):
    """How a model did on what came."""

    IS: ClassVar[str] = "Hindcast"

    request: HindcastRequest
    found: Hindcast

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.found.provenance


@dataclass(frozen=True, kw_only=True, repr=False)
class FitStudy(Study):
    """What a record leaves of declared ranges, and how far each narrowed."""

    IS: ClassVar[str] = "Fit"

    request: FitRequest
    found: Fitted
    narrowing: Narrowing

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.found.provenance


@dataclass(frozen=True, kw_only=True, repr=False)
class ValidationStudy(Study):
    """A case held to the tests of a reviewer."""

    IS: ClassVar[str] = "Validation"

    request: ValidateRequest
    found: Validation

    @property
    def made(self) -> Provenance:
        """How it was made."""
        return self.found.provenance
