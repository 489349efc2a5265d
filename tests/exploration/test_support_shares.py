"""How much of an answer rests on what sources give: a sum whose shares of variance are known exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.report import report
from detente.exploration.importance import importance_of
from detente.exploration.one_at_a_time import swings
from detente.run import run
from detente.scenario import load

CASE = """
case: sums
title: What a sum is made of
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 3
citations_read: {by: a test, date: "2031-05-01"}
sources:
  page: {title: A page, published: "2031-04-30T06:00+02:00"}
claims:
  four: {says: It is up to four., by: page, cites: page}
  more: {says: It is more than nothing., by: page, cites: page}
  there: {says: There is such a thing., by: page, cites: page}
actors:
  adder: {is: somebody who adds}
uncertainties:
  sized: {range: 0..4, claims: {four: size}}
  directed: {range: 0..3, claims: {more: direction}}
  existing: {range: 0..2, claims: {there: existence}}
  unsaid: {range: 0..2, claims: [there]}
  assumed: {range: 0..1}
auxiliaries:
  sum: sized + directed + existing + unsaid + assumed
questions:
  how_much:
    asks: How much is it?
    answer: sum on 2031-05-02
"""
WHOLE = 4**2 + 3**2 + 2**2 + 2**2 + 1
"""The variance of a uniform number goes with the square of its range."""
SHARES = {"size": 16 / WHOLE, "direction": 9 / WHOLE, "existence": 4 / WHOLE, "not said": 4 / WHOLE, "reading": 0.0}


def test_the_shares_are_those_of_the_squares(tmp_path: Path) -> None:
    (tmp_path / "sums").mkdir()
    (tmp_path / "sums" / "scenario.yaml").write_text(CASE, encoding="utf-8")
    found = run(load(tmp_path / "sums"), worlds=32_768, seed=5)
    causes = importance_of(found, swings(found.simulation, ["how_much"]))["how_much"]
    assert causes.assumption_share == pytest.approx(1 / WHOLE, abs=0.02)
    assert dict(causes.sourced_by) == pytest.approx(SHARES, abs=0.03)
    assert sum(causes.sourced_by.values()) == pytest.approx(causes.sourced_share)
    brief = brief_of(study_of_run(found))
    data = report(brief)
    assert data["numbers_by_support"] == {"size": 1, "direction": 1, "existence": 1, "not_said": 1, "assumed": 1}
    assert {one["factor"]: one["support"] for one in data["questions"][0]["hangs_on"]} == {
        "sized": "size", "directed": "direction", "existing": "existence", "unsaid": "not said", "assumed": "assumed"
    }  # fmt: skip
    who = {factor.name: factor.said_by for factor in brief.questions[0].factors}
    assert who["sized"].startswith("size from ")
    assert who["directed"].startswith("direction from ")
    assert who["directed"].endswith("; size: ours")
    assert who["assumed"] == ""
    assert "% on numbers of which a source gives the direction and we the size" in brief.questions[0].rests_on
    (told,) = (line for line in brief.limits if line.startswith("Of its 5 uncertain numbers: 1 sized by a source"))
    assert told.endswith("was decided by a test, 1 May 2031.")
