"""Reads the package's modules and their imports from the text alone, without importing any."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """One imported module or name, as a dotted path, and where it stands."""

    target: str
    line: int
    at_load: bool
    """Whether it is run when the module is loaded, not later inside a function."""


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path
    name: str
    """Dotted, from the package on: ``detente.scenario.files``; a room's ``__init__.py`` has the room's name."""

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def room(self) -> str:
        """The room the module belongs to: ``scenario``; the package root is ``__init__``."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        found: list[Import] = []
        _collect(self.tree, True, found)
        return tuple(found)


def _collect(node: ast.AST, at_load: bool, found: list[Import]) -> None:
    if isinstance(node, ast.Import):
        found.extend(Import(alias.name, node.lineno, at_load) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = "." * node.level + (node.module or "")
        found.extend(Import(f"{start}.{alias.name}", node.lineno, at_load) for alias in node.names)
    inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    typing_only = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    for child in ast.iter_child_nodes(node):
        _collect(child, at_load and not inside and not typing_only, found)


def read(package: Path) -> list[Module]:
    """Return every module under a package's folder."""
    modules = []
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        modules.append(Module(path, ".".join(parts)))
    return modules
