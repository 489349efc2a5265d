"""The study of a hindcast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detente.analysis.method_study import MethodStudy
from detente.hindcast.result import Hindcast
from detente.requests import HindcastRequest

__all__ = ["HindcastStudy"]


@dataclass(frozen=True, kw_only=True, repr=False)
class HindcastStudy(MethodStudy):
    """How a model did on what came."""

    IS: ClassVar[str] = "Hindcast"

    request: HindcastRequest
    found: Hindcast
