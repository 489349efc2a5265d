"""Which readings hold in a draw: as likely as stated, together within a group, each by itself otherwise."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.scenario import Case
from detente.scenario.draws import Draws
from tests.dynamics.small import small

DRAWS = np.arange(40_000, dtype=np.uint32)
ERROR = 4 * math.sqrt(0.25 / len(DRAWS))
"""Four standard errors of a share among so many draws."""
MEASURED = {"measures": {"level": "1"}, "questions": {"high": {"asks": "Is it high?", "answer": "level on 2031-05-02"}}}


def claim(*likelihoods: str, group: str | None = None, readings: int = 2) -> dict[str, Any]:
    """Write a contested claim, with a likelihood for each reading or for none."""
    sides = {f"r{n}": {"says": "So."} for n in range(len(likelihoods) or readings)}
    for side, likelihood in zip(sides.values(), likelihoods, strict=False):
        side |= {"likelihood": likelihood, "likelihood_by": "a named analyst, 2031-04-30"}
    return {"kind": "cause", "about": "Which?", "readings": sides, **({"group": group} if group else {})}


def case_of(folder: Path, **claims: Any) -> Case:
    return small(folder, days=2, claims=claims, **MEASURED)


def shares(positions: Any, readings: int) -> list[float]:
    return [float((positions == n).mean()) for n in range(readings)]


def test_readings_are_drawn_as_likely_as_stated(tmp_path: Path) -> None:
    drawing = Draws(case_of(tmp_path, exact=claim("0.2", "0.7", "0.1"), wide=claim("0.2", "0.3..0.5", "0.4")), 1, [])
    drawn = drawing.readings(DRAWS)
    assert shares(drawn["exact"], 3) == pytest.approx([0.2, 0.7, 0.1], abs=ERROR)
    # The likelihood of the second is even over its range, and the three are made to add up to one in each draw:
    # the mean of a / (0.6 + w) over w from 0.3 to 0.5 is a * ln(1.1 / 0.9) / 0.2.
    mean = math.log(1.1 / 0.9) / 0.2
    assert shares(drawn["wide"], 3) == pytest.approx([0.2 * mean, 1 - 0.6 * mean, 0.4 * mean], abs=ERROR)


def test_readings_without_a_likelihood_are_as_likely_as_each_other(tmp_path: Path) -> None:
    drawn = Draws(case_of(tmp_path, plain=claim(readings=3)), 1, []).readings(DRAWS)
    assert shares(drawn["plain"], 3) == pytest.approx([1 / 3] * 3, abs=ERROR)


@pytest.mark.parametrize("likelihoods", [(), ("0.2", "0.8")])
def test_claims_of_one_group_are_read_together(tmp_path: Path, likelihoods: tuple[str, ...]) -> None:
    both = {"first": claim(*likelihoods, group="pair"), "second": claim(*likelihoods, group="pair")}
    drawing = Draws(case_of(tmp_path, **both, apart=claim(*likelihoods)), 1, [])
    drawn = drawing.readings(DRAWS)
    np.testing.assert_array_equal(drawn["first"], drawn["second"])
    likely = [float(part) for part in likelihoods] or [0.5, 0.5]
    agree = sum(share**2 for share in likely)
    assert float((drawn["first"] == drawn["apart"]).mean()) == pytest.approx(agree, abs=ERROR)
    at = {"pair": np.linspace(0.01, 0.99, 50), "apart": np.full(50, 0.99)}
    placed = drawing.place({}, at).readings
    for name in both:
        assert placed[name].tolist() == [int(u >= likely[0]) for u in at["pair"]]
    assert placed["apart"].tolist() == [1] * 50
