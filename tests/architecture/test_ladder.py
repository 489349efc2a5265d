"""Imports point down only. The rules are held, and shown to catch what they are for."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import policy
from tests.architecture.modules import Module, read

RUNG = {room: rung for rung, rooms in enumerate(policy.LADDER) for room in rooms}


def breaches(modules: list[Module], package: str = "detente") -> Iterator[str]:
    """Yield each import that the ladder does not allow, in words."""
    rooms = {module.room for module in modules}
    for module in modules:
        if module.room not in RUNG:
            yield f"{module.name}: the room '{module.room}' stands on no rung"
            continue
        for item in module.imports:
            place = f"{module.name}:{item.line}: {item.target}"
            first, _, rest = item.target.partition(".")
            if first == "":
                yield f"{place}: a relative import"
            elif first == package:
                target = rest.partition(".")[0]
                if target not in RUNG:
                    what = "a room that stands on no rung" if target in rooms else "the package root"
                    yield f"{place}: imports {what}"
                elif target != module.room and RUNG[target] <= RUNG[module.room]:
                    way = "sideways" if RUNG[target] == RUNG[module.room] else "upward"
                    yield f"{place}: imports {way}"


def circles(modules: list[Module]) -> set[tuple[str, ...]]:
    """Return each circle: modules of which every one imports every other, directly or through some, sorted.

    Every import counts: those that run when a module is loaded, those inside functions, and those for types only.
    """
    names = {module.name for module in modules}
    graph = {module.name: {t for i in module.imports for t in _modules_of(i.target, names)} for module in modules}
    return {tuple(sorted(circle)) for circle in _components(graph) if len(circle) > 1}


def circles_of_packages(modules: list[Module]) -> set[tuple[str, ...]]:
    """Return each circle among packages of which none lies in another, sorted: no module need be in one for that."""
    names = {module.name for module in modules}
    packages = {module.name for module in modules if module.path.name == "__init__.py"}
    graph: dict[str, set[str]] = {package: set() for package in packages}
    for module in modules:
        for target in {t for i in module.imports for t in _modules_of(i.target, names)}:
            for one in _around(module.name, packages):
                for other in _around(target, packages):
                    if not f"{one}.".startswith(f"{other}.") and not f"{other}.".startswith(f"{one}."):
                        graph[one].add(other)
    return {tuple(sorted(circle)) for circle in _components(graph) if len(circle) > 1}


def _around(name: str, packages: set[str]) -> list[str]:
    """Return the packages that a module stands in, from the inmost out."""
    return [package for package in packages if f"{name}.".startswith(f"{package}.")]


def _components(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return the strongly connected components of a graph: of each node, those it reaches that reach it."""
    reached = {name: _reached(graph, name) for name in graph}
    found: list[set[str]] = []
    for name in graph:
        if not any(name in component for component in found):
            found.append({name} | {other for other in reached[name] if name in reached[other]})
    return found


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph[ahead.pop()] - seen
        seen |= new
        ahead.extend(new)
    return seen


def _modules_of(target: str, names: set[str]) -> list[str]:
    """Return the module an imported path means: itself, or the module that holds the name."""
    return [path for path in (target, target.rpartition(".")[0]) if path in names][:1]


def _package(folder: Path, files: dict[str, str]) -> list[Module]:
    for name, text in files.items():
        path = folder / "detente" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read(folder / "detente")


def test_imports_point_down() -> None:
    assert list(breaches(read(policy.PACKAGE))) == []


def test_no_import_circles_but_those_that_are_to_be_dissolved() -> None:
    known = {tuple(sorted(f"detente.{name}" for name in circle)) for circle in policy.KNOWN_CIRCLES}
    assert circles(read(policy.PACKAGE)) == known


def test_no_circles_of_packages() -> None:
    assert circles_of_packages(read(policy.PACKAGE)) == set()


@pytest.mark.parametrize(
    ("path", "text", "wrong"),
    [
        ("errors.py", "from detente.scenario import Scenario", "upward"),
        ("errors.py", "def later():\n    import detente.scenario.files", "upward"),
        ("stability/nash.py", "from detente.dynamics.kernel import run", "sideways"),
        ("evidence/claims.py", "from detente import equations", "sideways"),
        ("odds_and_ends.py", "import math", "no rung"),
        ("errors.py", "from detente import Case", "package root"),
        ("errors.py", "import detente", "package root"),
        ("scenario/files.py", "from . import model", "relative"),
    ],
)
def test_a_forbidden_import_is_caught(tmp_path: Path, path: str, text: str, wrong: str) -> None:
    rooms = ["scenario", "dynamics", "stability", "evidence", "equations"]
    files = {"__init__.py": "", "errors.py": "", **{f"{room}/__init__.py": "" for room in rooms}, path: text}
    found = list(breaches(_package(tmp_path, files)))
    assert len(found) == 1
    assert wrong in found[0]


LAZY = "def later():\n    from detente.scenario.files import load"
TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from detente.scenario.files import load"


@pytest.mark.parametrize("back", ["from detente.scenario.files import load", LAZY, TYPING])
def test_a_circle_is_caught(tmp_path: Path, back: str) -> None:
    files = {
        "scenario/__init__.py": "from detente.scenario.files import load",
        "scenario/files.py": "from detente.scenario import model",
        "scenario/model.py": back,
    }
    assert circles(_package(tmp_path, files)) == {("detente.scenario.files", "detente.scenario.model")}


def test_a_long_circle_is_caught_once_and_what_leads_to_it_is_none_of_it(tmp_path: Path) -> None:
    files = {
        "a.py": "from detente.b import x",
        "b.py": "import detente.c",
        "c.py": "from detente.d import x",
        "d.py": "def later():\n    from detente.b import x",
        "e.py": "from detente.a import x",
    }
    assert circles(_package(tmp_path, files)) == {("detente.b", "detente.c", "detente.d")}


def test_packages_that_need_each_other_are_caught_where_no_module_does(tmp_path: Path) -> None:
    files = {
        "brief/__init__.py": "",
        "brief/figures/__init__.py": "",
        "brief/figures/strips.py": "from detente.brief.scored.rows import Row",
        "brief/figures/theme.py": "",
        "brief/scored/__init__.py": "",
        "brief/scored/rows.py": "from detente.brief.figures.theme import COLOUR",
    }
    modules = _package(tmp_path, files)
    assert circles(modules) == set()
    assert circles_of_packages(modules) == {("detente.brief.figures", "detente.brief.scored")}


def test_libraries_are_listed() -> None:
    import sys

    unlisted = [
        f"{module.name}:{item.line}: {first}"
        for module in read(policy.PACKAGE)
        for item in module.imports
        if (first := item.target.partition(".")[0]) not in {"detente", *policy.LIBRARIES, *sys.stdlib_module_names}
    ]
    assert unlisted == []


def test_listed_libraries_are_declared() -> None:
    project = tomllib.loads((policy.REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w-]", line, maxsplit=1)[0].lower() for line in project["dependencies"]}
    assert set(policy.LIBRARIES.values()) == declared


def test_no_text_is_run_as_code() -> None:
    calls = [
        f"{module.name}:{node.lineno}: {node.func.id}"
        for module in read(policy.PACKAGE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in policy.FORBIDDEN_CALLS
    ]
    assert calls == []
