"""Where the model misses a series of the record: its level, how far it swings, or when.

References
----------
H. Theil, Applied Economic Forecasting (1966), 26–36.
J. D. Sterman, "Appropriate summary statistics for evaluating the historical fit of system dynamics models", Dynamica 10
(1984), 51–66.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from detente.hindcast.predictive_check import PredictedRow, PredictiveCheck
from detente.validation.result import Inquiry, ValidationTest, Where
from detente.validation.structure import Structure

__all__ = ["inequality", "theil_inequality"]

INQUIRY = Inquiry(
    "theil_inequality",
    "What a misfit is made of",
    "record",
    "Does the model miss a series of the record by its level, by how far it swings, or from day to day?",
)
FEWEST = 4
"""Rows of a series below which a spread and a correlation say nothing."""


def theil_inequality(structure: Structure, check: PredictiveCheck | None, why_not: str) -> ValidationTest:
    """Divide the mean squared error of each series of the record into Theil's three parts.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    check
        The record one step ahead; None where it was not looked at.
    why_not
        In words, why the test is not tried, where what it looks at is None or empty.

    Returns
    -------
    ValidationTest
        ``described``, ``not tried`` or ``does not apply``, with the places that it is about.
    """
    if not structure.simulated or not structure.case.scenario.known:
        return INQUIRY.came_out("does not apply", "No record bears on the model.")
    if check is None:
        return INQUIRY.came_out("not tried", why_not)
    series: dict[str, list[PredictedRow]] = {}
    for row in check.rows:
        if row.quantiles is not None:
            series.setdefault(row.measure, []).append(row)
    long = {measure: rows for measure, rows in series.items() if len(rows) >= FEWEST}
    if not long:
        return INQUIRY.came_out("does not apply", f"No series of the record has {FEWEST} numbers or more.")
    where = tuple(
        Where(rows[0].element, structure.at(("known", measure)), _worded(measure, rows))
        for measure, rows in long.items()
    )
    listed = "; ".join(one.says for one in where)
    says = f"Of {len(long)} series, the middle world one step ahead against the record: {listed}."
    return INQUIRY.came_out("described", says, where, tried=f"{check.worlds} worlds followed the record day by day.")


def inequality(model: ArrayLike, record: ArrayLike) -> tuple[float, float, float, float]:
    """Return the mean squared error of a series, and the parts of it that level, spread and covariation make up.

    With means m and r, standard deviations s and t and correlation c the error is
    ``(m - r)**2 + (s - t)**2 + 2 * (1 - c) * s * t``.

    Parameters
    ----------
    model, record
        The two series, row by row.

    Returns
    -------
    tuple
        The error, and the parts of the three terms in it, which are 1 together; all 0 where there is no error.
    """
    said, came = np.asarray(model, np.float64), np.asarray(record, np.float64)
    error = float(((said - came) ** 2).mean())
    if error == 0:
        return 0.0, 0.0, 0.0, 0.0
    level = float(said.mean() - came.mean()) ** 2 / error
    spread = float(said.std() - came.std()) ** 2 / error
    return error, level, spread, max(1 - level - spread, 0.0)


def _worded(measure: str, rows: Sequence[PredictedRow]) -> str:
    said = [row.quantiles[1] for row in rows if row.quantiles is not None]
    error, level, spread, rest = inequality(said, [float(row.value) for row in rows])
    name = measure.replace("_", " ")
    if error == 0:
        return f"{name} ({len(rows)} rows) is met in each"
    return (
        f"{name} ({len(rows)} rows) is missed by {error**0.5:.3g} on the whole, {100 * level:.0f} % of it squared by "
        f"its level, {100 * spread:.0f} % by how far it swings, {100 * rest:.0f} % from row to row"
    )
