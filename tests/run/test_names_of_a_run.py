"""A question may be called as anything that a saved run has a name for."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from detente.result_file import load_result
from detente.run import run
from tests.dynamics.programs import written
from tests.dynamics.small import HEAD

CALLED = ("weight", "draw", "part", "quantile", "level_band", "weight_answer")


def test_a_question_with_the_name_of_a_dimension_is_saved_beside_it(tmp_path: Path) -> None:
    case = {
        **HEAD,
        "days": 2,
        "uncertainties": {"height": "0..1"},
        "measures": {"level": {"equals": "height", "headline": True}},
        "questions": {
            name: {"asks": "How high?", "answer": f"{n} + height on 2031-05-01"} for n, name in enumerate(CALLED)
        },
    }
    made = run(written(case, tmp_path), worlds=64, replicates=1, threads=1)
    made.save(tmp_path / "run.nc")
    found, _ = load_result(tmp_path / "run.nc")
    first, *others = [
        "weight_answer_answer",
        "draw_answer",
        "part_answer",
        "quantile_answer",
        "level_band_answer",
        "weight_answer",
    ]
    for n, name in enumerate((first, *others)):
        assert np.allclose(found[name].values, found[first].values + n)
    assert found["level_band"].dims == ("part", "day", "quantile")
    assert found["weight"].dims == ("part", "draw")
