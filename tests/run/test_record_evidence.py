"""What a record says of accounts and readings: Bayes factors of two coins, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.report import report
from detente.brief.terminal import print_brief
from detente.run import Run, run
from detente.scenario import Case, load
from tests.dynamics.programs import RECORD, written
from tests.dynamics.small import HEAD

READINGS = {name: {"says": "It says so.", "by": "side"} for name in ("loaded", "fair")}
COINS: dict[str, Any] = {
    "claims": {"coin": {"kind": "cause", "about": "What coin is it?", "readings": READINGS}},
    "accounts": {
        "as_one_tells_it": {"readings": {"coin": "loaded"}},
        "as_another_tells_it": {"readings": {"coin": "fair"}},
    },
    "uncertainties": {
        "heads": {"by_reading": [{"when": {"coin": "loaded"}, "range": "0.799..0.801"}, {"otherwise": "0.399..0.401"}]}
    },
    "options": {"side": {"toss": {}}},
    "decisions": {"side.toss": {"when": "true", "usual": {"chance": "heads"}}},
    "known": {"told": {"choice": "side.toss"}},
    "questions": {"again": {"asks": "Heads on the last day?", "answer": "side.toss on 2031-05-10"}},
}


def tossed(folder: Path, *tosses: int) -> Case:
    entry = {**HEAD, "as_of": "2031-05-08T06:00+02:00", "days": 10, "record": "record.csv",
             "actors": {"side": {"is": "someone"}}, **COINS}  # fmt: skip
    where = written(entry, folder)
    lines = [f"2031-05-{day:02d},2031-05-{day:02d}T05:00+02:00,told,{toss},,,,,side,office,high,"
             for day, toss in enumerate(tosses, 1)]  # fmt: skip
    (where / "record.csv").write_text(RECORD + "\n".join(lines) + "\n", encoding="utf-8")
    return load(where)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tossed(tmp_path_factory.mktemp("coins"), 1, 1, 0), worlds=40_000, replicates=4)


LOADED, FAIR = 0.8 * 0.8 * 0.2, 0.4 * 0.4 * 0.6


def test_accounts_stand_beside_the_mixtures_by_their_bayes_factors(made: Run) -> None:
    evidence = made.evidence
    assert evidence is not None
    mean = (LOADED + FAIR) / 2
    for name, likelihood in (("as_one_tells_it", LOADED), ("as_another_tells_it", FAIR)):
        ratio, (low, high) = evidence.accounts[name]
        assert ratio == pytest.approx(likelihood / mean, abs=0.01)
        assert low < likelihood / mean < high
    assert evidence.log_mean_weight == pytest.approx(-2.189, abs=0.01)  # the logarithm of 0.112


def test_readings_stand_before_and_after_the_record(made: Run) -> None:
    assert made.evidence is not None
    loaded, fair = made.evidence.readings["coin"]
    assert (loaded.before, fair.before) == pytest.approx((0.5, 0.5), abs=0.02)
    after = LOADED / (LOADED + FAIR)
    assert loaded.after == pytest.approx(after, abs=0.02)
    assert loaded.interval[0] < after < loaded.interval[1]
    assert loaded.moved
    assert list(made.evidence.moved) == ["coin"]


def test_the_brief_says_that_the_mixture_is_one_before_the_record(
    made: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console

    brief = brief_of(study_of_run(made))
    assert brief.questions[0].pooled.endswith("if every unsettled reading were as likely as not before the record.")
    print_brief(brief, Console(width=200))
    text = capsys.readouterr().out
    assert "What the record says of the model" in text
    assert "What coin is it? loaded / fair: " in text
    data = report(brief)
    assert [row["moved"] for row in data["evidence"]["readings"]] == [True, True]
    assert [row["chance"] for row in data["record"]["rows"]] == pytest.approx([0.6, 0.667, 0.3], abs=0.05)


def test_a_record_that_tells_nothing_apart_moves_nothing(tmp_path: Path) -> None:
    free = run(tossed(tmp_path), worlds=8_000, replicates=4)
    assert free.evidence is None
    assert brief_of(study_of_run(free)).questions[0].pooled.endswith("as likely as not.")
    told = run(tossed(tmp_path / "told", 1), worlds=8_000, replicates=4, weighted=False)
    assert told.evidence is None
