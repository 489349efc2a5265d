"""What is shown is computed before: a page, and what words it, takes results and calls nothing that computes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import policy
from tests.architecture.modules import Module, read

# Asking one of these of a case or a run computes something, whatever the object is called.
COMPUTING = (
    "run",
    "explore",
    "compare",
    "hindcast",
    "fit",
    "validate",
    "expectations",
    "stability",
    "worlds",
    "stands",
)
_CALLED_IN_TEMPLATE = re.compile(rf"\.({'|'.join(COMPUTING)})\(|\.simulation\b")


def calls_into_computing(modules: list[Module]) -> Iterator[str]:
    """Yield what modules of ``brief`` call of rooms that compute: ``module: function``, or ``module: .method``."""
    by_name = {module.name: module for module in modules}
    for module in modules:
        if module.room not in policy.SHOWING:
            continue
        brought = _brought(module, by_name)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in brought:
                yield f"{module.name}: {brought[node.func.id]}"
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                held = node.func.value
                if isinstance(held, ast.Name) and held.id in brought and not held.id.isupper():
                    yield f"{module.name}: {brought[held.id]}.{node.func.attr}"
                elif node.func.attr in COMPUTING:
                    yield f"{module.name}: .{node.func.attr}"
            elif isinstance(node, ast.Attribute) and node.attr == "simulation":
                yield f"{module.name}: .simulation"


def _brought(module: Module, by_name: dict[str, Module]) -> dict[str, str]:
    """Return the names that a module brings in from rooms that compute, each with where it is defined."""
    found: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and _computes(node.module or ""):
            for alias in node.names:
                found[alias.asname or alias.name] = _defined(f"{node.module}.{alias.name}", by_name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _computes(alias.name):
                    found[alias.asname or "detente"] = alias.name
    return found


def _computes(path: str) -> bool:
    parts = path.split(".")
    return parts[0] == "detente" and len(parts) > 1 and parts[1] in policy.COMPUTING


def _defined(path: str, by_name: dict[str, Module]) -> str:
    """Return the path of a name where it is defined, through packages that only pass it on."""
    holder, _, name = path.rpartition(".")
    module = by_name.get(holder)
    passed_on = () if module is None else module.imports
    onwards = next((one.target for one in passed_on if one.target.endswith(f".{name}") and one.target != path), None)
    return path.removeprefix("detente.") if onwards is None else _defined(onwards, by_name)


def test_what_is_shown_calls_nothing_that_computes() -> None:
    found = set(calls_into_computing(read(policy.PACKAGE)))
    allowed = {*policy.CALLED_WHILE_SHOWING, *policy.STILL_COMPUTED_WHILE_SHOWING}
    assert {call for call in found if call.partition(": ")[2] not in allowed} == set()
    assert allowed - {call.partition(": ")[2] for call in found} == set()


def test_templates_call_nothing_that_computes() -> None:
    found = [
        f"{path.name}: {match[0]}"
        for room in policy.SHOWING
        for path in sorted((policy.PACKAGE / room).rglob("*.html"))
        for match in _CALLED_IN_TEMPLATE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("from detente.exploration.explore import explore\nexplore('chicken')", "exploration.explore.explore"),
        ("def page():\n    from detente.exploration import explore as look\n    look()", "exploration.explore.explore"),
        ("import detente.run\ndetente.run.run('chicken')", None),
        ("import detente.exploration.explore as e\ne.explore()", "detente.exploration.explore.explore"),
        ("from detente.exploration import explore as e\ne.perform()", "exploration.explore.explore.perform"),
        ("def page(case):\n    return case.hindcast()", ".hindcast"),
        ("def page(run):\n    return run.simulation.tally", ".simulation"),
    ],
)
def test_a_call_is_caught_in_whatever_way_it_is_made(tmp_path: Path, text: str, called: str | None) -> None:
    files = {
        "brief/__init__.py": "",
        "brief/page.py": text,
        "exploration/__init__.py": "from detente.exploration.explore import explore",
        "exploration/explore.py": "def explore(): ...",
        "run.py": "def run(): ...",
    }
    for name, content in files.items():
        path = tmp_path / "detente" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    found = list(calls_into_computing(read(tmp_path / "detente")))
    assert found == ([f"detente.brief.page: {called}"] if called else ["detente.brief.page: .run"])


def test_a_result_is_taken_without_a_call(tmp_path: Path) -> None:
    folder = tmp_path / "detente" / "brief"
    folder.mkdir(parents=True)
    (folder / "page.py").write_text(
        "from detente.exploration.result import Exploration\ndef page(found: Exploration):\n    return found.rows",
        encoding="utf-8",
    )
    assert list(calls_into_computing(read(tmp_path / "detente"))) == []
