"""``docs/reference/python.md`` names everything behind the public door, with arguments and fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass

import pytest

import detente
from detente.exploration.comparison import Comparison, compare
from detente.exploration.expectations import hold_to_claims
from detente.exploration.explore import explore
from detente.exploration.result import Exploration
from detente.hindcast.analysis import hindcast
from detente.hindcast.fitting import fit
from detente.runtime import Runtime
from detente.stability import stability
from detente.validation import validate
from tests.docs.tables import REFERENCE, rows

PAGE = REFERENCE / "python.md"
TEXT = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""


def test_every_name_is_listed() -> None:
    assert {row.cells[0] for row in rows(PAGE, "What is behind the door")} == set(detente.__all__)


def test_arguments_of_run_are_described() -> None:
    signature = inspect.signature(detente.run)
    described = {row.cells[0]: row.cells[1] for row in rows(PAGE, "run")}
    assert described == {
        name: "required" if p.default is p.empty else repr(p.default) for name, p in signature.parameters.items()
    }


def test_arguments_of_stability_are_described() -> None:
    parameters = dict(inspect.signature(stability).parameters)
    assert parameters.pop("case").default is inspect.Parameter.empty
    described = {row.cells[0]: row.cells[1] for row in rows(PAGE, "Case.stability")}
    assert described == {name: repr(parameter.default) for name, parameter in parameters.items()}


@pytest.mark.parametrize(
    ("heading", "called"),
    [
        ("Case.explore", explore),
        ("Case.compare", compare),
        ("Case.expectations", hold_to_claims),
        ("Case.hindcast", hindcast),
        ("Case.fit", fit),
        ("Case.validate", validate),
    ],
)
def test_arguments_of_other_methods_are_described(heading: str, called: Callable[..., object]) -> None:
    parameters = dict(inspect.signature(called).parameters)
    assert parameters.pop("case").default is inspect.Parameter.empty
    described = {row.cells[0]: row.cells[1] for row in rows(PAGE, heading)}
    assert described == {
        name: "required" if p.default is p.empty else repr(p.default) for name, p in parameters.items()
    }


def test_a_method_that_names_its_arguments_takes_those_of_its_function() -> None:
    method, function = (inspect.signature(one).parameters for one in (detente.Case.expectations, hold_to_claims))
    taken = [(one.name, one.kind, one.default) for one in method.values()][1:]
    assert taken == [(one.name, one.kind, one.default) for one in function.values()][1:]


def test_fields_of_results_are_described() -> None:
    results = (
        Runtime,
        detente.Answer,
        detente.Band,
        detente.Provenance,
        detente.Finding,
        detente.Hindcast,
        detente.Fitted,
    )
    for what in (*results, Exploration, Comparison, detente.Validation):
        assert is_dataclass(what)
        described = [row.cells[0] for row in rows(PAGE, what.__name__)]
        assert described == [field.name for field in fields(what)], what.__name__


def test_what_a_run_a_case_and_an_analysis_hold_is_described() -> None:
    for what in (detente.Run, detente.Case, detente.Stability, detente.Held):
        assert is_dataclass(what)
        described = {row.cells[0].partition("(")[0] for row in rows(PAGE, what.__name__)}
        own = {name for kind in what.__mro__[:-1] for name in vars(kind)}
        held = {name for name in own if not name.startswith("_")} | {field.name for field in fields(what)}
        assert described == held, what.__name__
