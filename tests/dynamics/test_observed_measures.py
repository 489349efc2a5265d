"""What is counted as a measure can be observed: worlds are weighted by its value in the evening, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.dynamics.forcing import forced_by
from detente.dynamics.program import build_program
from detente.hindcast.predictive_check import predictive_check
from detente.scenario import load
from detente.scenario.record import COLUMNS
from tests.dynamics.small import ensemble, small


def observed(folder: Path, headline: bool) -> Path:
    """Return a case whose record counts a measure of its stock on 3 May, in the evening of that day."""
    case = small(
        folder,
        days=6,
        as_of="2031-05-05T06:00+02:00",
        record="record.csv",
        uncertainties={"rate": {"range": "1..5", "unit": "1/day"}, "reported_before": {"range": "10..20"}},
        stocks={"risen": {"start": 0, "change": "rate"}},
        measures={"reported": {"equals": "reported_before + risen", "headline": headline}},
        known={"report": {"measure": "reported", "error": {"range": "0.5..2"}}},
        questions={"in_the_end": {"asks": "How many?", "answer": "risen"}},
    )  # fmt: skip
    rows = [",".join(COLUMNS), "2031-05-03,2031-05-03T22:00+02:00,report,25,,,,,office,,high,", ""]
    (case.folder / "record.csv").write_text("\n".join(rows), encoding="utf-8")
    return case.folder


def test_a_measure_weighs_by_its_value_when_the_day_is_over(tmp_path: Path) -> None:
    for headline in (False, True):  # a measure that nothing else looks at each day is computed each day for this
        case = load(observed(tmp_path / str(headline), headline))
        program = build_program(case)
        made = ensemble(case, replicates=4)
        drawn = made.drawing.take(np.arange(8, dtype=np.uint32), {})
        matrix = drawn.matrix(program.parameters, np.float32)
        _, log_weight = made.answers(matrix, drawn.numbers, forced_by(case, program), 4, rows=())
        values = {name: np.asarray(column, np.float64) for name, column in drawn.values.items()}
        error = values[program.observed[0][2]]
        off = (values["reported_before"] + 3 * values["rate"] - 25) / error  # three evenings: 1, 2 and 3 May
        expected = np.repeat(-off * off / 2 - np.log(error), 4)
        np.testing.assert_allclose(log_weight, expected, rtol=2e-3, atol=2e-3)


def test_it_is_set_beside_what_the_model_said_just_before(tmp_path: Path) -> None:
    """The check of each row computes the measure as well: after three evenings 15 and three times 3, in the middle."""
    (row,) = predictive_check(load(observed(tmp_path, False)), worlds=8_000).rows
    assert row.measure == "report"
    assert row.quantiles is not None
    low, middle, high = row.quantiles
    assert middle == pytest.approx(15 + 9, abs=0.6)
    assert low < middle < high
