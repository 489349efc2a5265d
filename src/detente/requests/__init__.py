"""Requests: what is asked of a case, one file for each kind of question, validated once, each knowing its command."""

from __future__ import annotations

from detente.requests.case import own_cut, own_rule, prepared, written_case
from detente.requests.compare import CompareRequest
from detente.requests.explore import ExploreRequest
from detente.requests.fit import FitRequest
from detente.requests.hindcast import HindcastRequest
from detente.requests.request import Request
from detente.requests.run import RunRequest
from detente.requests.stability import StabilityRequest
from detente.requests.validate import ValidateRequest
from detente.requests.work import Work, interruptible

__all__ = [
    "CompareRequest",
    "ExploreRequest",
    "FitRequest",
    "HindcastRequest",
    "Request",
    "RunRequest",
    "StabilityRequest",
    "ValidateRequest",
    "Work",
    "interruptible",
    "own_cut",
    "own_rule",
    "prepared",
    "written_case",
]
