"""The study of a validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.analysis.method_study import MethodStudy
from detente.requests import ValidateRequest
from detente.validation.result import Validation

__all__ = ["ValidationStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class ValidationStudy(MethodStudy):
    """A case held to the tests of a reviewer."""

    IS: ClassVar[str] = "Validation"

    request: ValidateRequest
    found: Validation
