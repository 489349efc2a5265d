"""Sizes, names and places of files."""

from __future__ import annotations

import ast
from statistics import median

from tests.architecture import policy
from tests.architecture.modules import read


def test_modules_are_short() -> None:
    lines = {module.name: len(module.text.splitlines()) for module in read(policy.PACKAGE)}
    assert {name: n for name, n in lines.items() if n > policy.LINES_IN_A_MODULE} == {}
    assert median(lines.values()) < policy.MEDIAN_LINES_IN_A_MODULE


def test_functions_are_short() -> None:
    long = [
        f"{module.name}:{node.lineno}: {node.name} has {length} lines"
        for module in read(policy.PACKAGE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > policy.LINES_IN_A_FUNCTION
    ]
    assert long == []


def test_names_say_what_is_inside() -> None:
    names = {part for module in read(policy.PACKAGE) for part in module.name.split(".")}
    assert names & set(policy.FORBIDDEN_NAMES) == set()


def test_every_module_says_what_it_is() -> None:
    assert [m.name for m in read(policy.PACKAGE) if m.text.strip() and ast.get_docstring(m.tree) is None] == []


def test_data_folders_hold_no_code() -> None:
    assert [str(path) for folder in policy.DATA_FOLDERS for path in (policy.PACKAGE / folder).rglob("*.py")] == []


def test_the_package_tells_that_it_is_typed() -> None:
    assert (policy.PACKAGE / "py.typed").is_file()
