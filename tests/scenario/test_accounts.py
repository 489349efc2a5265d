"""An account holds its readings apart from its title and other remarks, so that no claim's name is taken for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.errors import RequestError
from detente.scenario import examine, fixed_readings, load
from detente.scenario.model import Account

REMARKS = sorted(set(Account.model_fields) - {"readings"})
SIDES = {"one": {"says": "So."}, "other": {"says": "Otherwise."}}


def case_of(folder: Path, switches: list[str], accounts: dict[str, Any]) -> Path:
    """Write a case with these contested claims and accounts."""
    case = {
        "case": folder.name, "title": "Two readings", "authors": ["nobody"], "viewpoint": "None.", "days": 2,
        "as_of": "2031-05-02T06:00+00:00", "starts": "2031-05-01",
        "claims": {name: {"kind": "cause", "about": "Which?", "readings": SIDES} for name in switches},
        "accounts": accounts,
        "measures": {"level": "2"},
        "questions": {"high": {"asks": "Is it high?", "answer": "level > 1 on 2031-05-02"}},
    }  # fmt: skip
    (folder / "scenario.yaml").write_text(json.dumps(case), encoding="utf-8")  # which is YAML too
    return folder


def errors_of(folder: Path) -> list[str]:
    return [str(finding) for finding in examine(folder)[1] if finding.severity == "error"]


@pytest.mark.parametrize("name", [*Account.model_fields, "silent"])
def test_a_claim_may_be_called_as_any_key_of_an_account(name: str, tmp_path: Path) -> None:
    told = {"title": "As one tells it", "note": "A remark.", "readings": {name: "other"}}
    case = load(case_of(tmp_path, [name], {"as_one_tells_it": told}))
    account = case.account("as_one_tells_it")
    assert (account.title, account.note, account.readings) == ("As one tells it", "A remark.", {name: "other"})
    assert fixed_readings(case, "as_one_tells_it") == {name: "other"}


@pytest.mark.parametrize("name", REMARKS)
def test_what_may_be_a_remark_or_a_reading_is_refused_with_the_spelling_that_tells(name: str, tmp_path: Path) -> None:
    (error,) = errors_of(case_of(tmp_path, [name, "apart"], {"as_one_tells_it": {name: "other", "apart": "one"}}))
    assert f"accounts.as_one_tells_it.{name}:" in error
    assert f"readings: {{{name}: one}}" in error


def test_readings_beside_the_remarks_are_read_as_those_below(tmp_path: Path) -> None:
    beside = {"title": "As one tells it", "by": "gazette", "apart": "one", "left": "silent"}
    below = {"title": "As one tells it", "by": "gazette", "readings": {"apart": "one", "left": "silent"}}
    case = load(case_of(tmp_path, ["apart", "left"], {"beside": beside, "below": below}))
    assert case.scenario.accounts["beside"] == case.scenario.accounts["below"]
    assert case.account("beside").readings == {"apart": "one"}, "it is silent on the other"


def test_an_account_is_called_by_its_title_or_its_name(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, ["apart"], {"as_one_tells_it": {}, "as_two_tell_it": {"title": "As 2 tell it"}}))
    assert [account.title for account in case.elements.accounts.values()] == ["As one tells it", "As 2 tell it"]
    with pytest.raises(RequestError, match="did you mean 'as_one_tells_it'"):
        case.account("as_one_tell_it")
