"""Détente: a described international crisis as an explicit, sourced, runnable model.

>>> import detente
>>> case = detente.load("harbour_truce")
>>> case.scenario.title
"A truce between Varland and the Harbour League, under Brightland's eye"
>>> detente.load("elmira_groundwater").stability(rankings=0).equilibria["nash"]
(5, 6, 7, 10, 11, 12)
"""

from __future__ import annotations

import importlib as _importlib
import sys as _sys
import types as _types
from typing import TYPE_CHECKING

from detente.display import render_with as _render_with

if TYPE_CHECKING:
    from detente.analysis.analyse import analyse
    from detente.analysis.run_study import RunStudy
    from detente.analysis.study import Study
    from detente.analysis.study_file import load_study, save_study
    from detente.analysis.study_of_run import study_of_run
    from detente.brief.contents import brief_of
    from detente.brief.page import write_hindcast_page, write_page, write_stability_page, write_validation_page
    from detente.brief.rows import Brief
    from detente.door import Case, examine, load
    from detente.errors import CaseError, DetenteError, Finding, RequestError, ResultError, SourceError
    from detente.exploration.comparison_result import Comparison
    from detente.exploration.expected import Held
    from detente.exploration.result import Exploration
    from detente.hindcast.fitting import Fitted
    from detente.hindcast.posterior_file import load_posterior, save_fitted
    from detente.hindcast.result import Hindcast
    from detente.requests import (
        CompareRequest,
        ExploreRequest,
        FitRequest,
        HindcastRequest,
        RunRequest,
        StabilityRequest,
        ValidateRequest,
    )
    from detente.result_file import load_result
    from detente.results import Answer, Band, Provenance
    from detente.run import Run, run
    from detente.scenario import bundled_cases
    from detente.stability import Stability, required_preferences, why_stable, write_stability_report
    from detente.validation import Validation

__all__ = [
    "Answer",
    "Band",
    "Brief",
    "Case",
    "CaseError",
    "CompareRequest",
    "Comparison",
    "DetenteError",
    "Exploration",
    "ExploreRequest",
    "Finding",
    "FitRequest",
    "Fitted",
    "Held",
    "Hindcast",
    "HindcastRequest",
    "Provenance",
    "RequestError",
    "ResultError",
    "Run",
    "RunRequest",
    "RunStudy",
    "SourceError",
    "Stability",
    "StabilityRequest",
    "Study",
    "ValidateRequest",
    "Validation",
    "analyse",
    "brief_of",
    "bundled_cases",
    "examine",
    "load",
    "load_posterior",
    "load_result",
    "load_study",
    "required_preferences",
    "run",
    "save_fitted",
    "save_study",
    "study_of_run",
    "why_stable",
    "write_hindcast_page",
    "write_page",
    "write_stability_page",
    "write_stability_report",
    "write_validation_page",
]

# Where each name lives. They are brought in when first asked for: reading a case should not wait for JAX.
_ROOMS = {
    **dict.fromkeys(
        ("CaseError", "DetenteError", "Finding", "RequestError", "ResultError", "SourceError"),
        "detente.errors",
    ),
    "load_result": "detente.result_file",
    **dict.fromkeys(("Answer", "Band", "Provenance"), "detente.results"),
    **dict.fromkeys(
        ("write_hindcast_page", "write_page", "write_stability_page", "write_validation_page"), "detente.brief.page"
    ),
    **dict.fromkeys(
        (
            "CompareRequest",
            "ExploreRequest",
            "FitRequest",
            "HindcastRequest",
            "RunRequest",
            "StabilityRequest",
            "ValidateRequest",
        ),
        "detente.requests",
    ),
    **dict.fromkeys(("Stability", "required_preferences", "why_stable", "write_stability_report"), "detente.stability"),
    **dict.fromkeys(("Run", "run"), "detente.run"),
    **dict.fromkeys(("Case", "examine", "load"), "detente.door"),
    **dict.fromkeys(("load_posterior", "save_fitted"), "detente.hindcast.posterior_file"),
    **dict.fromkeys(("load_study", "save_study"), "detente.analysis.study_file"),
    "RunStudy": "detente.analysis.run_study",
    "Study": "detente.analysis.study",
    "analyse": "detente.analysis.analyse",
    "Brief": "detente.brief.rows",
    "Comparison": "detente.exploration.comparison_result",
    "Exploration": "detente.exploration.result",
    "Fitted": "detente.hindcast.fitting",
    "Held": "detente.exploration.expected",
    "Hindcast": "detente.hindcast.result",
    "Validation": "detente.validation",
    "brief_of": "detente.brief.contents",
    "bundled_cases": "detente.scenario",
    "study_of_run": "detente.analysis.study_of_run",
}


def __getattr__(name: str) -> object:
    value: object
    if name == "__version__":
        value = _importlib.import_module("importlib.metadata").version("detente")
    elif name in _ROOMS:
        value = getattr(_importlib.import_module(_ROOMS[name]), name)
    else:
        raise AttributeError(f"module 'detente' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


class _Door(_types.ModuleType):
    """The package itself: the file ``run.py`` does not take the place of the function ``run`` when it is imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _ROOMS and isinstance(value, _types.ModuleType)):
            super().__setattr__(name, value)


def _as_html(result: object) -> str | None:
    """Return a result as a notebook shows it."""
    from detente.brief.notebook import as_html  # brings the figures, which few need

    return as_html(result)


_render_with(_as_html)
_sys.modules[__name__].__class__ = _Door
