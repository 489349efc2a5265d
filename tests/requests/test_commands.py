"""A request prints the command that asks the same again: whatever its fields are, none is lost on the way."""

from __future__ import annotations

import argparse
import datetime as dt
import pickle
import shlex
import typing
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.cli import parser
from detente.cli.asking import requested
from detente.errors import RequestError
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
from detente.scenario import DecisionRule

KINDS = (
    RunRequest, ExploreRequest, CompareRequest, StabilityRequest, HindcastRequest, FitRequest, ValidateRequest,
)  # fmt: skip

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}(\.[a-z_]{1,6})?", fullmatch=True)
# What a shell would take apart, and what argparse would take for an option.
TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20).filter(str.strip)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=st.none() | ZONES)
SEEDS = st.integers(0, 2**63 - 1)
RULES = st.none() | st.sampled_from(typing.get_args(DecisionRule))
READINGS = st.dictionaries(NAMES, NAMES, max_size=3)
FILES = TEXTS.map(Path)
PRECISIONS = st.sampled_from(["float32", "float64"])
STEPS = st.integers(1, 10**9).map(lambda seconds: dt.timedelta(seconds=seconds))


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


FIELDS: dict[type[Request], dict[str, st.SearchStrategy[Any]]] = {
    RunRequest: {
        "worlds": st.integers(1, 10**9), "seed": SEEDS, "account": _maybe(TEXTS), "readings": READINGS, "rule": RULES,
        "as_of": _maybe(MOMENTS), "replicates": st.integers(1, 65_535), "weighted": st.booleans(),
        "precision": PRECISIONS, "posterior": _maybe(FILES), "other_ranges": st.booleans(), "explore": st.booleans(),
        "hindcast": st.booleans(), "expectations": st.booleans(),
    },
    ExploreRequest: {
        "question": _maybe(TEXTS), "worlds": st.integers(1, 10**8), "seed": SEEDS, "weighted": st.booleans(),
        "rule": RULES, "as_of": _maybe(MOMENTS),
    },
    CompareRequest: {
        "levers": st.lists(NAMES, min_size=1, max_size=3), "from_day": _maybe(TEXTS),
        "worlds": st.integers(1, 10**8), "seed": SEEDS, "weighted": st.booleans(), "rule": RULES,
        "as_of": _maybe(MOMENTS),
    },
    StabilityRequest: {
        "account": _maybe(TEXTS), "readings": READINGS, "sanctions": st.sampled_from(["legal", "once", "single"]),
        "horizons": st.lists(st.integers(2, 100), max_size=4), "rankings": st.integers(0, 10**7), "seed": SEEDS,
        "coalitions": st.booleans(), "as_of": _maybe(MOMENTS),
    },
    HindcastRequest: {
        "as_of": _maybe(MOMENTS), "step": _maybe(STEPS), "to": _maybe(MOMENTS),
        "questions": _maybe(st.lists(TEXTS, min_size=1, max_size=3)), "worlds": st.integers(1, 10**9), "seed": SEEDS,
        "replicates": st.integers(1, 65_535), "posterior": _maybe(FILES), "precision": PRECISIONS,
        "reasons": st.booleans(), "rule": RULES,
    },
    FitRequest: {
        "until": MOMENTS, "particles": st.integers(2, 10**6), "replicates": st.integers(1, 65_535), "seed": SEEDS,
        "rule": RULES,
    },
    ValidateRequest: {
        "quick": st.booleans(), "worlds": st.integers(16, 10**6), "seed": SEEDS, "rule": RULES,
        "as_of": _maybe(MOMENTS),
    },
}  # fmt: skip


def of(kind: type[Request], data: st.DataObject) -> Request | None:
    """Return a request of a kind with any of its fields given; None where what is asked does not go together."""
    given = {name: data.draw(values, label=name) for name, values in FIELDS[kind].items()}
    try:
        return kind(data.draw(TEXTS, label="case"), **given)
    except RequestError:
        return None


def asked_by(command: str) -> Request:
    """Return the request that the real command line makes of a command."""
    program, *words = shlex.split(command)
    assert program == "detente"
    kind = next(kind for kind in KINDS if words[0] == kind.COMMAND)
    return requested(kind, read_by(words[0]).parse_args(words))


@cache
def read_by(command: str) -> argparse.ArgumentParser:
    """Return the parser of a command."""
    return parser([command])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.COMMAND)
def test_every_field_is_tried(kind: type[Request]) -> None:
    """A field that is added later is tried too, and the command line has an argument of its name."""
    assert {one.name for one in fields(kind)} == {"case", *FIELDS[kind]}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.COMMAND)
@settings(max_examples=50)
@given(data=st.data())
def test_a_command_its_data_and_its_pickle_ask_the_same_again(kind: type[Request], data: st.DataObject) -> None:
    request = of(kind, data)
    if request is not None:
        assert asked_by(request.command()) == request
        assert kind.of_data(request.data()) == request
        again = pickle.loads(pickle.dumps(request))
        assert again == request
        assert hash(again) == hash(request)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.COMMAND)
def test_the_command_line_leaves_out_what_is_not_given(kind: type[Request]) -> None:
    """What the command line takes by default is what Python takes by default."""
    needed: dict[str, tuple[str, dict[str, Any]]] = {
        "compare": ("a_lever", {"levers": ["a_lever"]}),
        "fit": ("--until 2031-05-04", {"until": dt.datetime(2031, 5, 4)}),
    }
    words, given = needed.get(kind.COMMAND, ("", {}))
    request = kind("a_case", **given)
    assert asked_by(f"detente {kind.COMMAND} a_case {words}") == request
    assert len(request.words()) == 2 + len(words.split())


def test_a_field_that_differs_is_in_the_command() -> None:
    assert RunRequest("harbour_truce").command() == "detente run harbour_truce"
    differing: list[tuple[str, Any, str]] = [
        ("weighted", False, "--unweighted"),
        ("precision", "float64", "--precision float64"),
        ("replicates", 4, "--replicates 4"),
        ("posterior", Path("my fit.nc"), "--posterior 'my fit.nc'"),
        ("other_ranges", False, "--declared-ranges"),
        ("readings", {"first_shot": "league"}, "--reading first_shot=league"),
        ("account", "-x", "--account=-x"),
    ]
    for name, value, words in differing:
        assert RunRequest("harbour_truce", **{name: value}).command() == f"detente run harbour_truce {words}"
    assert HindcastRequest("c", step=dt.timedelta(minutes=90)).command() == "detente hindcast c --step 90m"
    assert StabilityRequest("c", horizons=[5, 4, 3, 2, 2]).command() == "detente stability c --horizon 5"
    assert StabilityRequest("c", horizons=()).command() == "detente stability c --horizon 1"
    assert StabilityRequest("c", horizons=(5,)).command() == "detente stability c --horizons 5"
    assert RunRequest("-harbour").command() == "detente run ./-harbour"
