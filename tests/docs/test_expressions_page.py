"""``docs/reference/expressions.md`` lists every function with its arguments, its kind and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from detente.equations import AGGREGATES, FUNCTIONS, parse
from detente.equations.functions import CONSTANTS
from detente.equations.signatures import SIGNATURES
from detente.equations.units import STANDARD
from tests.architecture.pages import blocks, read_pages
from tests.docs.tables import REFERENCE, rows

PAGE = REFERENCE / "expressions.md"
KEYS = {"equals", "change", "answer", "toward", "away", "never_below", "never_above"}
KINDS = {"plain": "Plain functions", "clock": "The calendar", "memory": "Memory", "draw": "Luck"}


def call(name: str, arguments: tuple[str, ...], open_ended: bool) -> str:
    """Write a call as the page does."""
    return f"{name}({', '.join(arguments)}{', …' if open_ended else ''})"


def test_every_function_stands_under_its_kind() -> None:
    described = {row.cells[0]: row for row in rows(PAGE) if row.heading in KINDS.values()}
    assert {name: row.heading for name, row in described.items()} == {
        call(f.name, f.arguments, f.open_ended): KINDS[f.kind] for f in FUNCTIONS.values()
    }
    for function in FUNCTIONS.values():
        row = described[call(function.name, function.arguments, function.open_ended)]
        signature = SIGNATURES[function.name]
        assert row.cells[1:3] == (", ".join(signature.arguments), signature.result), function.name


def test_every_summary_is_described() -> None:
    described = {row.cells[0].partition("(")[0]: row.cells[1:3] for row in rows(PAGE, "Summaries over the days")}
    assert described == {name: (", ".join(SIGNATURES[name].arguments), SIGNATURES[name].result) for name in AGGREGATES}


def test_expressions_on_pages_can_be_read() -> None:
    """The language itself reads every expression that stands in a page, in a case or in a list of examples."""
    read = 0
    for block in (block for page in read_pages() for block in blocks(page) if block.language == "yaml"):
        for text in expressions(yaml.safe_load(block.text), listed=block.page == PAGE):
            parse(text)
            read += 1
    assert read > 30


def expressions(data: Any, listed: bool) -> Iterator[str]:
    """Yield what stands where a case has an expression; and, on the page of expressions, in any list."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in KEYS and isinstance(value, str):
                yield value
            else:
                yield from expressions(value, listed=False)
    elif isinstance(data, list):
        for value in data:
            if listed and isinstance(value, str):
                yield value
            else:
                yield from expressions(value, listed=False)


def test_every_given_name_and_unit_is_described() -> None:
    assert {row.cells[0] for row in rows(PAGE, "Names that the language gives")} == CONSTANTS
    assert {row.cells[0] for row in rows(PAGE, "Units")} == set(STANDARD)
