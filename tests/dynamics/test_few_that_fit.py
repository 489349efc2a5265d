"""Where hardly any world follows the record, quantiles are those of the worlds that do, not of one place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.results import weighted_quantile
from detente.run import run

CASE = """\
case: narrow
title: A number seen nearly exactly
authors: [the Détente authors]
viewpoint: Nobody's.
as_of: "2031-05-09T06:00+02:00"
starts: "2031-05-01"
days: 12
record: record.csv
uncertainties: {start_value: 0..10}
stocks: {level: {start: start_value, change: 0}}
known: {seen: {measure: level, error: ERROR}}
measures: {course: {equals: level, headline: true}}
questions: {where: {asks: Where?, answer: level}}
"""
RECORD = (
    "about,known_at,measure,value,low,high,unit,counts,by,source,certainty,note\n"
    "2031-05-03,2031-05-04T06:00+02:00,seen,4,,,,,us,,,\n"
)


@pytest.mark.parametrize("error", [0.03, 0.01])
def test_quantiles_do_not_collapse(tmp_path: Path, error: float) -> None:
    folder = tmp_path / "narrow"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(CASE.replace("ERROR", str(error)), encoding="utf-8")
    (folder / "record.csv").write_text(RECORD, encoding="utf-8")
    done = run(folder, worlds=50_000, replicates=1)
    found = done.answers["where"].quantiles
    band = done.main.band("course").quantiles
    assert found is not None
    assert band is not None
    # Some two hundred draws follow the record, or seventy: the same draws, weighted by hand.
    drawn = done.simulation.ensemble.drawing.take(np.arange(50_000, dtype=np.uint32)).values["start_value"]
    weights = np.exp(-(((drawn - 4) / error) ** 2) / 2)
    expected = weighted_quantile(drawn, weights, (0.05, 0.5, 0.95))
    np.testing.assert_allclose([found["5"], found["50"], found["95"]], expected, atol=0.25 * error)
    np.testing.assert_allclose(band[-1, [0, 2, 4]], expected, atol=0.5 * error)
