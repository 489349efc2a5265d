"""Sizes, names and places of files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
        and (length := _lines(node)) > policy.LINES_IN_A_FUNCTION
    ]
    assert long == []


def test_functions_take_few_arguments() -> None:
    many = {name for module in read(policy.PACKAGE) for name in _take_more(module.tree, module.room)}
    known = {*policy.SAYS_EVERY_FIELD, *policy.STILL_TAKE_MORE}
    assert sorted(many - known) == []
    assert sorted(known - many) == []


def _take_more(node: ast.AST, where: str) -> Iterator[str]:
    """Yield the functions below a node that take more arguments than a function should, ``self`` not counted."""
    for child in ast.iter_child_nodes(node):
        name = f"{where}.{child.name}" if isinstance(child, ast.FunctionDef | ast.ClassDef) else where
        if isinstance(child, ast.FunctionDef):
            given = [one.arg for one in (*child.args.posonlyargs, *child.args.args, *child.args.kwonlyargs)]
            if len([one for one in given if one not in ("self", "cls")]) > policy.ARGUMENTS:
                yield name
        yield from _take_more(child, name)


def test_arguments_are_counted_wherever_they_stand() -> None:
    text = "class Kernel:\n    def inputs(self, a, b, c, /, d, *more, e, f, g{}):\n        def inner(): ...\n"
    assert list(_take_more(ast.parse(text.format("")), "detente")) == []
    assert list(_take_more(ast.parse(text.format(", h")), "detente")) == ["detente.Kernel.inputs"]


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, its docstring not counted: what is said in full makes none longer."""
    first = function.body[0]
    said = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


def test_a_docstring_makes_no_function_longer() -> None:
    (function,) = ast.parse('def held() -> int:\n    """Return it.\n\n    In full.\n    """\n    return 1\n').body
    assert isinstance(function, ast.FunctionDef)
    assert _lines(function) == 2


def test_names_say_what_is_inside() -> None:
    names = {part for module in read(policy.PACKAGE) for part in module.name.split(".")}
    assert names & set(policy.FORBIDDEN_NAMES) == set()


def test_every_module_says_what_it_is() -> None:
    assert [m.name for m in read(policy.PACKAGE) if m.text.strip() and ast.get_docstring(m.tree) is None] == []


def test_data_folders_hold_no_code() -> None:
    assert [str(path) for folder in policy.DATA_FOLDERS for path in (policy.PACKAGE / folder).rglob("*.py")] == []


def test_the_package_tells_that_it_is_typed() -> None:
    assert (policy.PACKAGE / "py.typed").is_file()
