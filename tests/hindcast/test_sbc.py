"""Simulation-based calibration: records written from known truths are fitted, and the truths are where they should be.

On two cores the short test takes some 8 seconds and the long one, over 200 records, 2 minutes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from detente.hindcast.sbc import Recovery, recover
from detente.requests import FitRequest, Work
from detente.scenario import Case, load
from tests.hindcast.coin import coin
from tests.hindcast.synthetic import crisis, known_to, synthetic_records

Record = tuple[Mapping[str, float], Case]


def written(folder: Path, count: int) -> tuple[Case, list[Record]]:
    """Return the crisis, and so many of its records with the numbers that they came from."""
    case = load(crisis(folder))
    return case, [(truth.parameters, known_to(case, truth)) for truth in synthetic_records(case, 11, count)]


def asked(case: Case, particles: int) -> FitRequest:
    return FitRequest(str(case.folder), until=case.scenario.as_of, particles=particles)


def test_intervals_hold_known_truths_about_as_often_as_they_say(tmp_path: Path) -> None:
    case, records = written(tmp_path, 18)
    found = recover(case, records, asked(case, particles=128), work=Work(threads=1))
    assert found.held.shape == found.ranks.shape == (18, len(found.numbers))
    # 144 intervals, eight to a record: two standard errors are five points.
    assert 0.83 <= found.coverage() <= 0.97
    pooled = np.bincount(found.ranks.ravel(), minlength=found.among + 1)
    assert stats.chisquare(pooled).pvalue > 0.001


@pytest.mark.long
def test_ninety_percent_intervals_hold_85_to_95_percent_of_200_truths(tmp_path: Path) -> None:
    case, records = written(tmp_path, 200)
    found = recover(case, records, asked(case, particles=256))
    for number in found.numbers:
        assert 0.85 <= found.coverage(number) <= 0.95, number
        assert found.histogram(number).sum() == 200
        # Eight numbers are looked at: one below a thousandth would be news.
        assert found.evenness(number) > 0.001, f"{number}: {found.histogram(number)}"
    assert 0.88 <= found.coverage() <= 0.92


def test_ranks_betray_a_fit_that_is_too_sure_and_one_that_leans() -> None:
    """What the numbers of a recovery say of fits that are wrong in a known way."""
    luck = np.random.default_rng(4)

    def of(low: float, high: float) -> Recovery:
        ranks = np.floor(luck.uniform(low, high, (400, 1)) * 16).astype(np.int64)
        return Recovery(("n",), ranks, 15, (ranks > 0) & (ranks < 15), 0.875)

    assert of(0, 1).evenness("n") > 0.01
    assert of(0.3, 1).evenness("n") < 1e-6
    assert of(0.3, 0.7).coverage("n") == of(0.3, 0.7).coverage() == 1.0
    assert of(0, 1).coverage() == pytest.approx(0.875, abs=0.06)


def test_it_stops_between_two_records(tmp_path: Path) -> None:
    case, stop = coin(tmp_path), threading.Event()
    stop.set()
    found = recover(case, [({"side.toss/usual": 0.5}, case)], asked(case, particles=8), work=Work(stop=stop))
    assert found.ranks.shape == (0, 1)
