"""The report is what its schema says, and says what the result holds."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from detente.stability import SCHEMA, Stability, report, stability, write_stability_report
from tests.stability.quarrel import quarrel

CASES = ("prisoners_dilemma", "chicken", "elmira_groundwater", "garrison_diversion", "euphrates_1975")


@cache
def analysed(name: str) -> Stability:
    return stability(name, rankings=20)


@pytest.mark.parametrize("name", CASES)
def test_every_bundled_conflict_has_a_report_that_the_schema_holds(name: str, tmp_path: Path) -> None:
    result = analysed(name)
    write_stability_report(result, tmp_path / "report.json")
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data == json.loads(json.dumps(report(result)))


def elmira() -> dict[str, Any]:
    return report(analysed("elmira_groundwater"))


def test_options_taken_are_the_state() -> None:
    data = elmira()
    assert [(option["id"], option["owner"]) for option in data["options"]] == [
        ("moe.modify", "moe"),
        ("uniroyal.delay", "uniroyal"),
        ("uniroyal.accept", "uniroyal"),
        ("uniroyal.abandon", "uniroyal"),
        ("local_government.insist", "local_government"),
    ]
    state = data["states"][7]
    assert state["id"] == 8
    assert state["options"] == ["moe.modify", "uniroyal.delay", "local_government.insist"]
    assert state["values"]["uniroyal.accept"] == "false"
    assert data["states"][0]["name"] == "appeal_goes_on"


def test_an_option_of_several_alternatives_is_always_one_of_them() -> None:
    data = report(stability("november_2023", rankings=0, coalitions=False))
    force = next(option for option in data["options"] if option["id"] == "israel.force")
    for state in data["states"]:
        taken = [option for option in state["options"] if option.startswith("israel.force.")]
        assert taken == [f"israel.force.{state['values']['israel.force']}"]
        assert state["values"]["israel.force"] in force["alternatives"]


def test_equilibria_are_what_is_stable_for_everybody() -> None:
    data = elmira()
    assert data["equilibria"]["nash"] == [5, 6, 7, 10, 11, 12]
    for concept, states in data["equilibria"].items():
        held = [set(concepts[concept]) for concepts in data["stable"].values()]
        assert states == sorted(set.intersection(*held))


def test_paths_lead_from_the_status_quo_to_equilibria() -> None:
    data = elmira()
    assert data["status_quo"] == 1
    for path in data["paths"]:
        steps = path["steps"]
        assert [step["from"] for step in steps] == [data["status_quo"], *(step["to"] for step in steps[:-1])][
            : len(steps)
        ]
        assert not steps or steps[-1]["to"] == path["state"]
        assert all(path["state"] in data["equilibria"][concept] for concept in path["concepts"])
        assert path["by"] == "moves" or all(step["improves"] for step in steps)
    found = next(path for path in data["paths"] if path["state"] == 10)
    assert [step["actor"] for step in found["steps"]] == ["local_government", "moe", "uniroyal"]


def test_coalitions_are_told_apart_from_their_members() -> None:
    data = elmira()
    both = next(c for c in data["coalitions"] if c["members"] == ["moe", "uniroyal"])
    assert 7 not in both["equilibria"]["nash"]
    assert both["as_one"]["nash"] == [5, 6, 9, 10, 11, 12]
    assert 9 not in both["equilibria"]["nash"]
    assert 7 not in data["surviving"]["nash"]
    assert 10 in data["surviving"]["nash"]


def test_shares_are_by_state_and_leave_out_none(tmp_path: Path) -> None:
    prefers = "prefers:\n  - wants: ann.fence\n    claims: [quiet]\n"
    data = report(stability(quarrel(tmp_path, ann=prefers), rankings=40))
    assert data["robustness"]["rankings"] == 20
    assert data["by_account"]["as_ann_tells_it"]["robustness"]["rankings"] == 20
    assert data["provenance"]["rankings"] == 40
    for concept, shares in data["robustness"]["equilibria"].items():
        assert all(0 < share <= 1 for share in shares.values())
        assert data["robustness"]["interval"][concept].keys() == shares.keys()
    assert set(data["robustness"]["stable"]["ann"]["nash"]) == {"2", "4", "6", "8"}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("states", [{"id": 0}]),
        ("sanctions", "any"),
        ("equilibria", {"nash": ["5"]}),
        ("paths", [{}]),
        ("robustness", 3),
    ],
)
def test_the_schema_refuses_what_is_no_report(field: str, wrong: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**elmira(), field: wrong}, SCHEMA)
