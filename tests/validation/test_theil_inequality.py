"""Theil's parts of an error: alone where the error is of one kind, and as the published identity has them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from detente.hindcast.predictive_check import PredictedRow, PredictiveCheck
from detente.scenario import load
from detente.validation.structure import structure_of
from detente.validation.theil_inequality import inequality, theil_inequality

CAME = [3.0, 7.0, 4.0, 9.0, 12.0, 1.0]


def test_an_error_of_one_kind_is_of_that_kind_alone() -> None:
    came = np.array(CAME)
    assert inequality(came + 2, came) == pytest.approx((4.0, 1.0, 0.0, 0.0))
    swings = came.mean() + 3 * (came - came.mean())
    assert inequality(swings, came)[1:] == pytest.approx((0.0, 1.0, 0.0))
    assert inequality(2 * came.mean() - came, came)[1:] == pytest.approx((0.0, 0.0, 1.0))  # all the other way round
    assert inequality(came, came) == (0.0, 0.0, 0.0, 0.0)


def test_the_parts_are_those_of_the_identity() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        said, came = rng.normal(3, 2, 9), rng.normal(1, 4, 9)
        error, level, spread, rest = inequality(said, came)
        covariation = 2 * (1 - np.corrcoef(said, came)[0, 1]) * said.std() * came.std()
        assert error == pytest.approx(np.mean((said - came) ** 2))
        assert rest * error == pytest.approx(covariation)
        assert level + spread + rest == pytest.approx(1.0)


def rows(count: int, off: float) -> PredictiveCheck:
    found = tuple(
        PredictedRow(dt.date(2031, 5, 1 + n), "released_by_day", "", "", "person", "released", "follow", CAME[n], None,
                     (0.0, CAME[n] + off, 20.0), 0.5, False, False)
        for n in range(count)
    )  # fmt: skip
    return PredictiveCheck(found, 512, 500.0, 1)


def test_a_series_is_told_from_four_rows_on() -> None:
    structure = structure_of(load("harbour_truce"))
    test = theil_inequality(structure, rows(4, 3.0), "")
    assert test.verdict == "described"
    assert "released by day (4 rows) is missed by 3 on the whole, 100 % of it squared by its level" in test.says
    assert test.where[0].at.startswith("scenario.yaml:")
    assert theil_inequality(structure, rows(3, 3.0), "").verdict == "does not apply"
    assert theil_inequality(structure, None, "Too slow.").says == "Too slow."
    assert "is met in each" in theil_inequality(structure, rows(5, 0.0), "").says
