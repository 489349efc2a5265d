"""The same answers under other rules of decision, side by side, as data and from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from detente.cli import main
from detente.exploration.under_rules import RULES, UNDER_RULES_SCHEMA, under_rules, under_rules_data
from detente.run import run
from detente.scenario import load
from tests.dynamics.test_rules import two_sides


def test_each_rule_answers_as_a_run_of_its_own(tmp_path: Path) -> None:
    case = two_sides(tmp_path, "threshold", [{"toward": "1", "odds": 2}, {"away": "1", "odds": 4}], usual=0.5)
    found = under_rules(case, worlds=4_096)
    assert found.own == "threshold"
    assert [one.rule for one in found.rules] == ["threshold", "log_odds", "lexicographic", "shared_luck"]
    for one in found.rules:
        alone = run(case.under_rule(one.rule), worlds=4_096).answers
        assert one.answers == alone
    by_rule = {one.rule: one.answers["last"].probability for one in found.rules}
    # Odds of 2/4 together, and of 1/4 where the stronger decides alone.
    assert by_rule["log_odds"] == pytest.approx(1 / 3, abs=0.03)
    assert by_rule["lexicographic"] == pytest.approx(1 / 5, abs=0.03)
    low, high = found.spread("last") or (0.0, 0.0)
    assert high - low == pytest.approx(1 / 3 - 1 / 5, abs=0.05)
    jsonschema.validate(under_rules_data(found), UNDER_RULES_SCHEMA)


def test_the_command_prints_a_column_for_each_rule(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = two_sides(tmp_path, "log_odds", [])
    assert main(["rules", str(case.folder), "--worlds", "1024"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "log odds (the case's)" in text
    assert "The same answers under other rules of decision" in text
    file = tmp_path / "rules.json"
    assert main(["rules", str(case.folder), "--worlds", "1024", "--json", str(file)]) == 0
    assert [one["rule"] for one in json.loads(file.read_text(encoding="utf-8"))["rules"]] == list(RULES)


def test_a_run_takes_another_rule_and_says_so(tmp_path: Path) -> None:
    case = two_sides(tmp_path, "log_odds", [])
    arguments = ["run", str(case.folder), "--worlds", "1024", "--rule", "threshold", "--out", str(tmp_path)]
    assert main(arguments) == 0
    assert "--rule threshold" in (tmp_path / "brief.html").read_text(encoding="utf-8")


def test_cut_earlier_the_rules_stay_apart() -> None:
    """What is kept is found by a case's fingerprint: two rules must not share one, whatever the cut."""
    case = load("harbour_truce")
    cut = [case.under_rule(rule).cut(case.scenario.as_of).hash for rule in RULES]
    assert len(set(cut)) == len(RULES)
