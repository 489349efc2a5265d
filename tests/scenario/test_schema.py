"""The JSON Schema takes what the check takes, and fragments of cases are held to the shape alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.scenario import bundled_cases, check_fragment, find_case, schema
from detente.scenario.merging import merge_parts
from tests.scenario.broken import broken_cases, good_cases

jsonschema = pytest.importorskip("jsonschema")
SHAPE_ONLY = (
    "misspelt_key",
    "misspelt_section",
    "wrong_type_days",
    "missing_asks",
    "days_zero",
    "method",
    "empty_list",
    "starts_missing",
    "stability_misspelt_key",
    "stability_without_decision_makers",
    "unknown_of_three",
    "coalition_of_one",
    "irreversible_other_word",
    "any_order_of_one",
    "points_above_one",
    "points_in_words",
    "points_of_nothing",
    "reference_class_misspelt_key",
    "hindcast_misspelt_key",
    "hindcast_empty",
)
PAGE = Path("page.md")


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("folder", [*good_cases(), *map(find_case, bundled_cases())], ids=lambda folder: folder.name)
def test_sound_cases_pass(folder: Path, validator: Any) -> None:
    assert [error.message for error in validator.iter_errors(merge_parts(folder).data)] == []


@pytest.mark.parametrize("name", SHAPE_ONLY)
def test_cases_of_a_wrong_shape_do_not(name: str, validator: Any, tmp_path: Path) -> None:
    broken = next(one for one in broken_cases() if one.name == name)
    assert not validator.is_valid(merge_parts(broken.build(tmp_path)).data)


def test_every_section_and_key_is_described() -> None:
    found = schema()
    assert found["title"] == "A case of Détente"
    assert [name for name, entry in found["properties"].items() if "description" not in entry] == []
    assert [name for name, entry in found["$defs"].items() if "description" not in entry and "anyOf" not in entry] == []
    assert json.loads(json.dumps(found)) == found
    assert {"is", "from"} <= set(json.dumps(found).replace('"', " ").split())


def test_a_fragment_may_lack_sections_but_no_keys() -> None:
    assert check_fragment("stocks:\n  water: {start: 3, change: inflow}\n", PAGE) == []
    (finding,) = check_fragment("\n\nstocks:\n  water: {start: 3}\n", PAGE)
    assert str(finding) == "page.md:4: stocks.water: 'change' is missing; add 'change:'"


def test_a_fragment_is_held_to_names_of_keys_and_forms() -> None:
    text = "flows:\n  held:\n    for_each: {group: [a, b]}\n    equals: x.group\n    unitt: person\n"
    found = check_fragment(text, PAGE)
    assert {finding.wrong for finding in found} == {"unknown key 'unitt'"}
    assert found[0].place.line == 5
    assert "not valid YAML" in check_fragment("a: [", PAGE)[0].wrong
    assert check_fragment("days: 3\ndays: 4\n", PAGE)[0].wrong.startswith("'days' stands twice")
