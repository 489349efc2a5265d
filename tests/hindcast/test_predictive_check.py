"""Every row of a record beside what the model said just before: closed forms of a coin and of a normal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from detente.dynamics import Simulation
from detente.hindcast import predictive_check as check_file
from detente.hindcast.fitting import fit_to
from detente.hindcast.predictive_check import PredictedRow, PredictiveCheck, cached_predictive_check, predictive_check
from detente.run import run
from detente.runtime import current
from detente.scenario import Case, load
from tests.dynamics.programs import RECORD, written
from tests.dynamics.small import HEAD
from tests.hindcast.coin import UNTIL

PRIOR = 2 / stats.norm.ppf(0.95)
"""The standard deviation of a normal whose 90 % interval is from -2 to 2."""


def known(folder: Path, told: list[tuple[int, str, float | str]], **sections: Any) -> Case:
    """Load a case with a record: days from 1, measures, values."""
    actors = {name: {"is": "someone"} for name in sections.get("options", {})}
    entry = {**HEAD, "as_of": "2031-05-15T06:00+02:00", "days": 20, "record": "record.csv", "actors": actors}
    where = written({**entry, **sections}, folder)
    lines = [f"2031-05-{day:02d},2031-05-{day:02d}T05:00+02:00,{measure},{value},,,,,side,office,high,"
             for day, measure, value in told]  # fmt: skip
    (where / "record.csv").write_text(RECORD + "\n".join(lines) + "\n", encoding="utf-8")
    return load(where)


COIN: dict[str, Any] = {
    "options": {"side": {"toss": {}}},
    "decisions": {"side.toss": {"when": "true", "usual": {"chance": "0..1"}}},
    "known": {"heads": {"choice": "side.toss"}},
    "measures": {"tossed": {"equals": "days(side.toss) / 1 [day]"}},
    "questions": {"again": {"asks": "Heads on the last day?", "answer": "side.toss on 2031-05-20"}},
}  # fmt: skip


def test_a_coin_is_foretold_by_the_rule_of_succession(tmp_path: Path) -> None:
    """Laplace: after s heads in n tosses of a coin of unknown chance the next is heads with (s + 1) / (n + 2)."""
    tosses = [1, 1, 0, 1, 1]
    case = known(tmp_path, [(day + 1, "heads", toss) for day, toss in enumerate(tosses)], **COIN)
    found = predictive_check(case, worlds=8_192)
    expected = []
    for number, toss in enumerate(tosses):
        heads = (sum(tosses[:number]) + 1) / (number + 2)
        expected.append(heads if toss else 1 - heads)
    assert [row.chance for row in found.rows] == pytest.approx(expected, abs=0.015)
    assert found.outside == ()
    # What was foretold step by step multiplies to the evidence of the whole record.
    simulation = Simulation(case, threads=1, replicates=4)
    evidence = fit_to(simulation, simulation.forced, UNTIL, particles=512).log_evidence
    assert sum(np.log([row.chance or 0 for row in found.rows])) == pytest.approx(evidence, abs=0.15)


def test_what_could_not_happen_is_told_with_the_chance_of_none(tmp_path: Path) -> None:
    shut = {**COIN, "decisions": {"side.toss": {"when": "day > 5 [day]", "usual": {"chance": "0..1"}}}}
    case = known(tmp_path, [(2, "heads", 0), (3, "heads", 1)], **shut)
    held, impossible = predictive_check(case, worlds=64).rows
    assert held.chance == 1
    assert not held.outside
    assert impossible.chance == 0
    assert impossible.outside


def flowing(error: float | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"follow": "flow"} | ({} if error is None else {"error": {"value": error}})
    return {
        "uncertainties": {"rate": {"range": "-2 to 2"}},
        "flows": {"flow": {"unit": "1/day", "equals": "rate / 1 [day]"}},
        "stocks": {"held": {"start": {"value": 0}, "change": "flow"}},
        "known": {"flowed": entry},
        "measures": {"how_fast": {"equals": "rate"}, "how_much": {"equals": "held"}},
        "questions": {"fast": {"asks": "How fast?", "answer": "how_fast on 2031-05-20"},
                      "much": {"asks": "How much by 3 May?", "answer": "how_much on 2031-05-03"}},
    }  # fmt: skip


def test_what_is_followed_is_told_as_the_model_had_it(tmp_path: Path) -> None:
    """Following alone teaches nothing: the model says the same of every day, whatever came before."""
    case = known(tmp_path, [(1, "flowed", 0.0), (2, "flowed", 1.5), (3, "flowed", 4.0)], **flowing(None))
    rows = predictive_check(case, worlds=8_192).rows
    for row, value in zip(rows, (0.0, 1.5, 4.0), strict=True):
        assert row.quantiles == pytest.approx((-2, 0, 2), abs=0.1)
        assert row.below == pytest.approx(stats.norm.cdf(value / PRIOR), abs=0.025)
        assert not row.weighs
    assert [row.outside for row in rows] == [False, False, True]


def test_what_is_followed_with_an_error_weighs_too(tmp_path: Path) -> None:
    """A normal prior, normal errors: each row is foretold, and the rate is learnt, as the normal theory says."""
    seen, error = [1.0, 1.5, 0.5], 0.8
    case = known(tmp_path, [(day + 1, "flowed", value) for day, value in enumerate(seen)], **flowing(error))
    found: list[PredictedRow] = list(predictive_check(case, worlds=8_192).rows)
    precision, mean = PRIOR**-2, 0.0
    for row, value in zip(found, seen, strict=True):
        spread = np.sqrt(1 / precision + error**2)
        assert row.below == pytest.approx(stats.norm.cdf((value - mean) / spread), abs=0.02)
        assert row.quantiles == pytest.approx(stats.norm.ppf([0.05, 0.5, 0.95], mean, spread), abs=0.12)
        assert row.weighs
        mean = (mean * precision + value / error**2) / (precision + error**-2)
        precision += error**-2
    answers = run(case, worlds=40_000, replicates=4).answers
    assert answers["fast"].mean == pytest.approx(mean, abs=0.02)
    # The stock stays in balance with the record, not with what the model would have had.
    assert answers["much"].mean == pytest.approx(sum(seen), abs=1e-4)


def test_two_choices_of_one_day_are_told_in_their_order(tmp_path: Path) -> None:
    """The second follows the first nearly always: once the first is known its chance is 0.9, not 0.9 of a half."""
    sections = {
        "options": {"side": {"first": {}, "second": {}}},
        "decisions": {
            "side.first": {"when": "true", "usual": {"chance": 0.5}},
            "side.second": {"when": "side.first", "usual": {"chance": 0.9}},
        },
        "known": {"one": {"choice": "side.first"}, "two": {"choice": "side.second"}},
        "measures": {"both": {"equals": "side.second"}},
        "questions": {"last": {"asks": "Both?", "answer": "side.second on 2031-05-20"}},
    }
    case = known(tmp_path, [(1, "two", 1), (1, "one", 1)], **sections)
    by_measure = {row.measure: row.chance for row in predictive_check(case, worlds=64).rows}
    assert by_measure == pytest.approx({"one": 0.5, "two": 0.9})


def test_a_case_without_a_record_has_nothing_to_check() -> None:
    case = load("harbour_truce")
    assert predictive_check(case.cut(case.scenario.as_of.replace(year=2030)), worlds=16).rows == ()


def test_harbour_truce_is_told_row_by_row() -> None:
    case = load("harbour_truce")
    found = predictive_check(case, worlds=256)
    assert found == predictive_check(case, worlds=256)
    assert {row.bears for row in found.rows} == {"follow", "choice"}
    assert {row.measure for row in found.outside} == {"released_by_day"}


def test_a_check_is_kept_by_what_was_asked_and_what_it_is_computed_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    made: list[dict[str, Any]] = []

    def noted(case: Case, **asked: Any) -> PredictiveCheck:
        made.append(asked)
        return PredictiveCheck((), 1, 1.0, 1)

    monkeypatch.setattr(check_file, "predictive_check", noted)
    case = load("harbour_truce")
    for _ in range(2):
        cached_predictive_check(case)
    assert len(made) == 1
    cached_predictive_check(case, seed=2)
    cached_predictive_check(case, readings={"one": "so"})
    cached_predictive_check(replace(case, hash="another"))
    assert len(made) == 4
    here = current()
    others: list[Any] = [{"versions": {"numpy": "1.0"}}, {"processor": "another"}, {"features": "another"}]
    for count, other in enumerate(others, start=5):
        changed = replace(here, **other)
        monkeypatch.setattr(check_file, "current", lambda changed=changed: changed)
        cached_predictive_check(case)
        assert len(made) == count
