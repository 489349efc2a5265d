"""Reads what docstrings say of parameters, of what is returned and of errors, and what the code says of them."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.modules import Module

Function = ast.FunctionDef | ast.AsyncFunctionDef

NOTHING = ("None", "NoReturn", "Never")
"""Annotations of functions that return nothing."""


@dataclass(frozen=True)
class Documented:
    """One public function, method or class, with its docstring by section."""

    place: str
    """``module:line: name``, the method's name after its class."""
    sections: dict[str, str]
    parameters: tuple[str, ...]
    """In the signature's order, without ``self``; of a class, its fields or what it is made from."""
    own: tuple[str, ...] | None = None
    """Of a class that inherits fields, those that are its own: it may leave the others to the class they come from."""
    returns: str = "None"
    raises: frozenset[str] = frozenset()
    """Names of what the body itself raises, not what it calls."""
    is_class: bool = False

    @property
    def described(self) -> tuple[str, ...] | None:
        """The names that the docstring describes as parameters or attributes, in order; None where it has neither."""
        for title in ("Parameters", "Attributes"):
            if title in self.sections:
                return _names(self.sections[title])
        return None


class Classes:
    """The classes of modules, each found from where its name stands.

    Parameters
    ----------
    modules
        The modules of a package.
    """

    def __init__(self, modules: list[Module]) -> None:
        self._known: dict[tuple[str, str], tuple[Module, ast.ClassDef]] = {
            (module.name, node.name): (module, node)
            for module in modules
            for node in module.tree.body
            if isinstance(node, ast.ClassDef)
        }

    def named(self, name: str, module: Module) -> tuple[Module, ast.ClassDef] | None:
        """Return the class that a name means in a module, and where it is defined; None where it is of a library."""
        here = self._known.get((module.name, name))
        brought = {one.target.rpartition(".")[0] for one in module.imports if one.target.endswith(f".{name}")}
        return here or next((self._known[path, name] for path in brought if (path, name) in self._known), None)

    def made_from(self, kind: ast.ClassDef, module: Module) -> tuple[str, ...]:
        """Return what a class is made from: the parameters of ``__init__``, else its public fields, inherited first."""
        for node in kind.body:
            if isinstance(node, Function) and node.name == "__init__":
                return _parameters(node, is_method=True)
        names: list[str] = []
        for base in kind.bases:
            found = self.named(ast.unparse(base).partition("[")[0], module)
            names += [] if found is None else self.made_from(found[1], found[0])
        return tuple(dict.fromkeys([*names, *_fields(kind)]))


def documented(modules: list[Module]) -> Iterator[Documented]:
    """Yield every public function, method and class of modules whose names have no underscore in front."""
    classes = Classes(modules)
    for module in modules:
        if not any(part.startswith("_") for part in module.name.split(".")):
            yield from _in_body(module, module.tree.body, "", classes)


def _in_body(module: Module, body: list[ast.stmt], owner: str, classes: Classes) -> Iterator[Documented]:
    for node in body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield Documented(
                f"{module.name}:{node.lineno}: {owner}{node.name}",
                sections(ast.get_docstring(node)),
                _parameters(node, is_method=bool(owner)),
                returns="None" if node.returns is None else ast.unparse(node.returns),
                raises=frozenset(_raised(node.body)),
            )
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            place, made_from = f"{module.name}:{node.lineno}: {owner}{node.name}", classes.made_from(node, module)
            yield Documented(place, sections(ast.get_docstring(node)), made_from, tuple(_fields(node)), is_class=True)
            yield from _in_body(module, node.body, f"{node.name}.", classes)


def sections(docstring: str | None) -> dict[str, str]:
    """Return the sections of a docstring as numpydoc has them, by title."""
    parts = re.split(r"^([A-Z][A-Za-z ]*)\n-{3,}$", inspect.cleandoc(docstring or ""), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _names(section: str) -> tuple[str, ...]:
    """Return what the lines that are not indented name: ``a``, ``a, b`` or ``a : int``."""
    heads = [line.partition(":")[0] for line in section.splitlines() if line.strip() and not line.startswith(" ")]
    return tuple(name.strip().lstrip("*") for head in heads for name in head.split(","))


def _parameters(function: Function, *, is_method: bool) -> tuple[str, ...]:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    if is_method and not any(ast.unparse(one) == "staticmethod" for one in function.decorator_list):
        del names[0]
    names += [given.vararg.arg] if given.vararg else []
    names += [one.arg for one in given.kwonlyargs]
    return (*names, *([given.kwarg.arg] if given.kwarg else []))


def _fields(kind: ast.ClassDef) -> list[str]:
    return [
        node.target.id
        for node in kind.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and not node.target.id.startswith("_")
        and "ClassVar" not in ast.unparse(node.annotation)
        and "init=False" not in ast.unparse(node)
    ]


def _raised(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the names of the errors that are raised in some lines, not inside functions that are defined there."""
    for node in body:
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield ast.unparse(node.exc.func).rpartition(".")[2]
        if not isinstance(node, Function | ast.ClassDef):
            for _, value in ast.iter_fields(node):
                if isinstance(value, list):
                    yield from _raised([one for one in value if isinstance(one, ast.stmt)])
                    for one in value:
                        if isinstance(one, ast.ExceptHandler | ast.match_case):
                            yield from _raised(one.body)
