"""What is asked from Python is checked as case files are: wrong kinds, ranges and names get one plain line."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import numpy as np
import pytest

import detente
from detente.errors import RequestError
from detente.exploration.explore import explore
from detente.requests import (
    CompareRequest,
    ExploreRequest,
    FitRequest,
    HindcastRequest,
    Request,
    RunRequest,
    StabilityRequest,
    ValidateRequest,
)
from detente.requests.stability import SANCTIONS
from detente.stability.sanction_reachability import SANCTIONS as RULES_OF_SANCTIONS

# As a notebook has them, in which nothing checks types.
CASE: Any = detente.load("harbour_truce")
CONFLICT: Any = detente.load("elmira_groundwater")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("precision", "float16", "expected 'float32' or 'float64', and 'float16' came"),
        ("precision", np.float32, "expected 'float32' or 'float64'"),
        ("precision", None, "None came"),
        ("seed", -1, "a whole number from 0 to 9,223,372,036,854,775,807, and -1 came"),
        ("seed", 2**63, "a whole number from 0"),
        ("seed", None, "None came"),
        ("worlds", 0, "from 1 to 10,000,000,000, and 0 came"),
        ("worlds", -5, "and -5 came"),
        ("worlds", 100.7, "and 100.7 came"),
        ("worlds", 1e5, "and 100000.0 came; write 100000"),
        ("worlds", True, "and True came"),
        ("worlds", float("nan"), "and nan came"),
        ("worlds", float("inf"), "and inf came"),
        ("worlds", "100", "and '100' came"),
        ("worlds", 10**11, "and 100000000000 came"),
        ("worlds", [1], "and [1] (list) came"),
        ("replicates", 0, "from 1 to 65,535, and 0 came"),
        ("replicates", 70_000, "from 1 to 65,535"),
        ("threads", -3, "a whole number from 1 to 4,096, and -3 came"),
        ("threads", 0, "and 0 came"),
        ("block_worlds", 1.5, "and 1.5 came"),
        ("account", 3, "account: expected a name"),
        ("account", "", "account: expected a name"),
        ("account", "as_varland_tels_it", "did you mean 'as_varland_tells_it'?"),
        ("readings", "pause_helps_league=helps", "expected a mapping from contested claims to readings"),
        ("readings", {"pause_helps_league": 1}, "both names are texts; see 'pause_helps_league'"),
        ("readings", {"pause_helps_leage": "helps"}, "did you mean 'pause_helps_league'?"),
        ("readings", {"pause_helps_league": "help"}, "did you mean 'helps'?"),
        ("as_of", "2031-05-04", "as_of: expected a moment, such as"),
        ("as_of", dt.date(2031, 5, 4), "and 2031-05-04 came"),
        ("weighted", 1, "expected True or False, and 1 came"),
        ("other_ranges", "no", "expected True or False, and 'no' came"),
        ("posterior", "posterior.nc", "expected what load_posterior gives back"),
        ("progress", 3, "progress: expected a function of one number, and int came"),
        ("stop", True, "stop: expected a threading.Event, and bool came"),
    ],
)
def test_a_run_refuses_what_it_cannot_take(name: str, value: Any, said: str) -> None:
    with pytest.raises(RequestError) as refused:
        detente.run("harbour_truce", **{name: value})
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: CASE.run(worlds=-1), "worlds: expected"),
        (lambda: CASE.explore(worlds=-5), "worlds: expected a whole number from 1 to 100,000,000, and -5 came"),
        (lambda: CASE.explore(worlds=0), "and 0 came"),
        (lambda: CASE.explore(question="how_lon"), "did you mean 'how_long'?"),
        (lambda: CASE.explore(question=["how_long"]), "question: expected a name"),
        (lambda: CASE.compare([]), "levers: expected a list with one name or more, and nothing came"),
        (lambda: CASE.compare("brightland_limits"), "write ['brightland_limits']"),
        (lambda: CASE.compare([3]), "levers: expected a list"),
        (lambda: CASE.compare(["brightland_limit"]), "did you mean 'brightland_limits'?"),
        (lambda: CASE.compare(["brightland_limits"], from_day="soon"), "'soon' is no day"),
        (lambda: CASE.compare(["brightland_limits"], from_day=10), "from_day: expected a text, and 10 came"),
        (lambda: CONFLICT.stability(rankings=1.5), "rankings: expected a whole number from 0 to 10,000,000"),
        (lambda: CONFLICT.stability(horizons=3), "and 3 came; for all up to 3 write range(2, 4)"),
        (lambda: CONFLICT.stability(horizons=(1, 2)), "whole numbers from 2 to 100"),
        (lambda: CONFLICT.stability(horizons="2,3"), "whole numbers from 2 to 100"),
        (lambda: CONFLICT.stability(sanctions="legale"), "did you mean 'legal'?"),
        (lambda: CONFLICT.stability(coalitions=None), "coalitions: expected True or False"),
        (lambda: CASE.hindcast(worlds=0), "worlds: expected"),
        (lambda: CASE.hindcast(step=1), "step: expected a timedelta"),
        (lambda: CASE.hindcast(step=dt.timedelta(0)), "a timedelta of one second or more"),
        (lambda: CASE.hindcast(questions="how_long"), "write ['how_long']"),
        (lambda: CASE.hindcast(questions=[]), "questions: expected a list with one name or more"),
        (lambda: CASE.hindcast(questions=["how_lon"]), "did you mean 'how_long'?"),
        (lambda: CASE.fit("soon"), "until: expected a moment"),
        (lambda: CASE.fit(dt.datetime(2031, 5, 4), particles=1), "particles: expected a whole number from 2"),
        (lambda: CASE.validate(worlds=3), "worlds: expected a whole number from 16"),
        (lambda: CASE.validate(quick="yes"), "quick: expected True or False"),
        (lambda: explore(3), "case: expected a case, its folder"),  # type: ignore[arg-type]
        (lambda: detente.run(None), "case: expected a case, its folder"),  # type: ignore[arg-type]
        (lambda: detente.run(""), "case: expected a case, its folder"),
        (lambda: detente.run("harbour_truse"), "did you mean 'harbour_truce'"),
    ],
)
def test_every_door_refuses_what_it_cannot_take(ask: Any, said: str) -> None:
    with pytest.raises(RequestError) as refused:
        ask()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_numpy_gives_is_taken_and_kept_as_plain_values() -> None:
    numbers: dict[str, Any] = {
        "worlds": np.int64(1_600), "seed": np.uint8(3), "weighted": np.bool_(False), "replicates": np.int16(8),
    }  # fmt: skip
    given = RunRequest("harbour_truce", **numbers)
    assert given == RunRequest("harbour_truce", worlds=1_600, seed=3, weighted=False, replicates=8)
    assert [type(value) for value in (given.worlds, given.seed, given.weighted)] == [int, int, bool]
    few: dict[str, Any] = {"worlds": np.int32(160), "threads": np.int8(1)}
    assert detente.run(CASE, **few, stop=threading.Event()).provenance.worlds == 160


def test_what_was_asked_cannot_be_changed_from_outside() -> None:
    readings, levers = {"pause_helps_league": "helps"}, ["brightland_limits"]
    asked, compared = RunRequest("harbour_truce", readings=readings), CompareRequest("harbour_truce", levers=levers)
    readings["pause_helps_league"] = "changes_little"
    levers.append("brightland_adds")
    assert asked.readings == {"pause_helps_league": "helps"}
    assert compared.levers == ("brightland_limits",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"explore": True, "account": "as_varland_tells_it"}, "goes over all readings"),
        ({"explore": True, "readings": {"a": "b"}}, "goes over all readings"),
        ({"explore": True, "posterior": "p.nc"}, "goes over the declared ranges"),
        ({"hindcast": True, "account": "as_varland_tells_it"}, "goes over all accounts"),
        ({"worlds": 10**10, "replicates": 1}, "ask for fewer than 4,294,967,296"),
    ],
)
def test_what_does_not_go_together_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        RunRequest("harbour_truce", **given)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (RunRequest, {"case": ["x"], "world": ["3"]}, "a request to run has no 'world'; did you mean 'worlds'?"),
        (RunRequest, {"case": ["x"], "worlds": ["many"]}, "worlds: expected a whole number"),
        (RunRequest, {"case": ["x"], "worlds": ["0"]}, "worlds: expected a whole number"),
        (RunRequest, {"case": ["x"], "weighted": ["no"]}, "weighted: expected True or False"),
        (HindcastRequest, {"case": ["x"], "step": ["soon"]}, "step: expected a timedelta"),
        (FitRequest, {"case": ["x"], "until": ["soon"]}, "until: expected a moment"),
    ],
)
def test_what_is_read_back_is_held_to_the_same(kind: type[Request], data: dict[str, list[str]], said: str) -> None:
    with pytest.raises(RequestError) as refused:
        kind.of_data(data)
    assert said in str(refused.value)


def test_a_request_is_short_to_look_at() -> None:
    assert repr(RunRequest("harbour_truce", worlds=1_600)) == "RunRequest(case='harbour_truce', worlds=1600)"
    for asked in (ExploreRequest("c"), StabilityRequest("c"), ValidateRequest("c", quick=True)):
        assert len(repr(asked)) < 100


def test_rules_of_sanctions_are_those_that_are_computed() -> None:
    assert tuple(RULES_OF_SANCTIONS) == SANCTIONS


def test_what_a_case_was_made_to_be_before_it_is_asked_is_in_its_request() -> None:
    moment = CASE.scenario.as_of - dt.timedelta(days=1)
    changed = CASE.cut(moment).under_rule("threshold")
    made = detente.run(changed, worlds=160, threads=1)
    assert made.request == RunRequest("harbour_truce", worlds=160, rule="threshold", as_of=moment)
    assert made.request.command().endswith(f"--worlds 160 --rule threshold --as-of {moment.isoformat()}")
