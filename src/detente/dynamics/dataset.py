"""Counted worlds as labelled arrays: bands, courses and each draw's answers, with their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.dynamics.accumulators import BAND
from detente.dynamics.answers import draw_means, position_of
from detente.dynamics.simulation import Simulated

if TYPE_CHECKING:
    import xarray

__all__ = ["dataset_of"]

OWN = ("day", "quantile", "draw", "part", "weight")
"""Names that a data set has whatever the case asks."""


def dataset_of(simulated: Simulated) -> xarray.Dataset:
    """Return a part as an ``xarray`` dataset.

    Returns
    -------
    xarray.Dataset
        For each counted series a variable over ``day`` and, for numbers, ``quantile``; for each question
        ``<question>`` over ``draw`` (its mean over the draw's own worlds, whose luck is still in it); ``weight`` over
        ``draw``. A question with the name of one of these has ``_answer`` behind its name. Each carries its unit.
    """
    import xarray  # half a second that a plain run does not need

    program, tally = simulated.watch.program, simulated.part.tally
    dates = np.array([np.datetime64(program.date_of(day), "ns") for day in range(program.days)])
    variables: dict[str, xarray.DataArray] = {}
    for name in simulated.watch.series:
        band = simulated.band(name)
        key = name.replace("/", "_")
        if band.quantiles is not None:
            variables[f"{key}_band"] = xarray.DataArray(
                band.quantiles, dims=("day", "quantile"), attrs={"units": band.unit or "1"}
            )
        else:
            variables[f"{key}_share"] = xarray.DataArray(band.share, dims=("day",), attrs={"units": "1"})
    for name, question in program.elements.questions.items():
        position, coming = position_of(program, name), set(program.elements.questions) - {name}
        unit = "day" if question.kind.name == "date" else question.kind.unit.text if question.kind.unit else "1"
        attributes = {"units": unit, "kind": question.kind.name}
        while name in OWN or name in variables or name in coming:
            name += "_answer"
        variables[name] = xarray.DataArray(draw_means(tally, position), dims=("draw",), attrs=attributes)
    variables["weight"] = xarray.DataArray(tally.weight, dims=("draw",), attrs={"units": "1"})
    draws = np.arange(len(tally.weight))
    return xarray.Dataset(variables, coords={"day": dates, "quantile": list(BAND), "draw": draws})
