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


def circles(modules: list[Module]) -> Iterator[str]:
    """Yield each circle among the imports that run when modules are loaded, as ``a > b > a``."""
    names = {module.name for module in modules}
    graph = {
        module.name: sorted({t for i in module.imports if i.at_load for t in _modules_of(i.target, names)})
        for module in modules
    }
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> Iterator[str]:
        if name in trail:
            yield " > ".join((*trail[trail.index(name) :], name))
        elif name not in done:
            for target in graph[name]:
                yield from walk(target, (*trail, name))
            done.add(name)

    for name in graph:
        yield from walk(name, ())


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


def test_no_import_circles() -> None:
    assert list(circles(read(policy.PACKAGE))) == []


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


def test_a_circle_is_caught(tmp_path: Path) -> None:
    files = {
        "scenario/__init__.py": "from detente.scenario.files import load",
        "scenario/files.py": "from detente.scenario import model",
        "scenario/model.py": "from detente.scenario.files import load",
    }
    found = list(circles(_package(tmp_path, files)))
    assert found == ["detente.scenario.files > detente.scenario.model > detente.scenario.files"]


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
