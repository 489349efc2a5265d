"""A fit in a file of its own, to be applied to later runs: never a part of the case."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import RequestError, ResultError
from detente.hindcast.fitting import Fitted
from detente.hindcast.smc import Stage
from detente.requests import FitRequest
from detente.result_file import load_result, save_result
from detente.results import Provenance
from detente.scenario.posterior import Posterior

if TYPE_CHECKING:
    import xarray

__all__ = ["FORM", "load_fitted", "load_posterior", "save_fitted"]

FORM = 1
"""The form of the file; a newer one is refused by an older Détente."""


def save_fitted(fitted: Fitted, path: Path | str) -> None:
    """Save a fit as NetCDF, with its ``until``, its case's hash, its seed and the versions that made it.

    Raises
    ------
    RequestError
        If it was stopped on the way: it is neither the declared ranges nor what the record leaves of them.
    ResultError
        If the file cannot be written.
    """
    import xarray  # half a second that most commands do not need

    if fitted.partial:
        raise RequestError("a fit that was stopped on the way is not saved; let it run to its end")
    posterior = fitted.posterior
    dataset = xarray.Dataset(
        {
            "parameters": (("number", "particle"), _stacked(posterior.parameters, posterior.particles)),
            "readings": (("reading", "particle"), _stacked(posterior.readings, posterior.particles)),
            "roots": ("particle", fitted.roots),
        },
        # Objects: h5netcdf writes texts of any length, and none at all where there are none.
        coords={"number": _names(posterior.parameters), "reading": _names(posterior.readings)},
        attrs={
            "form": FORM,
            "posterior_of": posterior.case,
            "case_hash": posterior.case_hash,
            "until": posterior.until.isoformat(),
            "fit": json.dumps(
                {
                    "request": fitted.request.data(),
                    "rows": fitted.rows,
                    "bearing": sorted(fitted.bearing),
                    "stages": [asdict(stage) for stage in fitted.stages],
                    "log_evidence": fitted.log_evidence,
                    "noise": fitted.noise,
                    "warnings": fitted.warnings,
                }
            ),
        },
    )
    save_result(dataset, fitted.provenance, Path(path))


def load_posterior(path: Path | str) -> Posterior:
    """Load what a fit left of the declared ranges, to be applied to a run.

    Raises
    ------
    ResultError
        If the file cannot be read, or holds something else.
    """
    return load_fitted(path).posterior


def load_fitted(path: Path | str) -> Fitted:
    """Load a fit saved by :func:`save_fitted`.

    Raises
    ------
    ResultError
        If the file cannot be read, or holds something else.
    """
    path = Path(path)
    if not path.is_file():
        raise ResultError(f"{path}: no such file; 'detente fit CASE --until MOMENT --out {path.name}' makes one")
    dataset, provenance = load_result(path)
    if "posterior_of" not in dataset.attrs:
        raise ResultError(f"{path}: holds a run and no posterior; 'detente fit' makes one")
    try:
        if int(dataset.attrs["form"]) > FORM:
            raise ResultError(f"{path}: was written by a newer Détente; fit it anew, or update")
        made = json.loads(dataset.attrs["fit"])
        posterior = Posterior(
            str(dataset.attrs["posterior_of"]),
            str(dataset.attrs["case_hash"]),
            dt.datetime.fromisoformat(str(dataset.attrs["until"])),
            _by_name(dataset, "parameters", "number"),
            _by_name(dataset, "readings", "reading"),
            path,
        )
        stages = tuple(Stage(**stage) for stage in made["stages"])
        request = _request(made, posterior, provenance)
        return Fitted(
            request, posterior, provenance, int(made["rows"]), frozenset(made["bearing"]), stages,
            float(made["log_evidence"]), np.asarray(dataset["roots"].values, np.int64), float(made["noise"]),
            tuple(made["warnings"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ResultError(f"{path}: is damaged ({error}); fit it anew") from None


def _request(made: Mapping[str, Any], posterior: Posterior, provenance: Provenance) -> FitRequest:
    """Return what was asked of a fit; files of older versions tell it by what came of it."""
    if "request" in made:
        return FitRequest.of_data(made["request"])
    return FitRequest(
        posterior.case, until=posterior.until, particles=posterior.particles, replicates=provenance.replicates,
        seed=provenance.seed,
    )  # fmt: skip


def _names(values: Mapping[str, Any]) -> Any:
    return np.array(list(values), dtype=object) if values else np.array([], dtype="U1")


def _stacked(values: Mapping[str, Any], particles: int) -> Any:
    return np.stack(list(values.values())) if values else np.zeros((0, particles))


def _by_name(dataset: xarray.Dataset, what: str, along: str) -> dict[str, Any]:
    """Return one array for each name; what is no probability strictly between 0 and 1 makes the file a damaged one."""
    values = np.asarray(dataset[what].values, np.float64)
    if not ((values > 0) & (values < 1)).all():
        raise ValueError(f"{what} hold something that is no cumulative probability")
    return {str(name): row for name, row in zip(dataset[along].values, values, strict=True)}
