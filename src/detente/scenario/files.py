"""Read the files of a case: YAML 1.2 through a fast composer, every value with its place, every fault a finding."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from detente.errors import Finding, Place

__all__ = ["BIGGEST", "Document", "Path_", "read_document"]

BIGGEST = 2_000_000
"""Bytes of one file beyond which it is refused unread."""
DEEPEST = 24

Path_ = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BOOLEAN_LOOKING = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


@dataclass(frozen=True, slots=True)
class Scalar:
    """Where a text came from, so that an offset inside it can be traced back to its line and column."""

    text: str
    raw: str
    place: Place
    block: bool

    def locate(self, offset: int) -> Place:
        """Return the place of a character of the text, by counting the characters that are not blanks."""
        wanted = sum(not character.isspace() for character in self.text[:offset])
        # A quoted or a block text begins with marks that are not part of it.
        start = 1 if self.raw[:1] in "'\"" else self.raw.find("\n") + 1 if self.block else 0
        line, column = self.place.line + self.raw.count("\n", 0, start), self.place.column + start
        if self.block:
            column = 1
        for character in self.raw[start:]:
            if not character.isspace():
                if wanted == 0:
                    break
                wanted -= 1
            line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
        return Place(self.place.file, line, column)


@dataclass(slots=True)
class Document:
    """Plain data read from one or more files, with the place of every key and every value."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, Place] = field(default_factory=dict)
    scalars: dict[Path_, Scalar] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def place(self, path: Path_) -> Place:
        """Return the place of a path, or of the nearest part of it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(Path("scenario.yaml")))

    def locator(self, path: Path_) -> Callable[[int], Place]:
        """Return what turns an offset in the text at a path into a place."""
        scalar = self.scalars.get(path)
        return scalar.locate if scalar is not None else self.place(path).moved

    def fault(self, path: Path_, wrong: str, mend: str = "", place: Place | None = None) -> None:
        """Note an error at a path."""
        self.findings.append(Finding(place or self.place(path), dotted(path), wrong, mend))


def dotted(path: Path_) -> str:
    """Write a path as ``decisions.varland.extend.leans[1].odds``."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "file"


def read_document(file: Path, shown: Path | None = None) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    file
        The file to read.
    shown
        How the file is named in findings; by default its own path.

    Returns
    -------
    Document
        Its ``findings`` name everything that is refused: a file too big or too deep, tabs, aliases, duplicate and
        boolean-looking keys, infinities, and text cut by the commas of ``{…}``.
    """
    name = shown or file
    document = Document(places={(): Place(name)})
    try:
        content = file.read_bytes()
    except OSError as error:
        document.fault((), f"cannot be read ({error.strerror or error})", "check the path and its permissions")
        return document
    text = _decoded(content, document)
    if text is None or _too_deep(text, document):
        return document
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        wrong = f"not valid YAML: {error.problem or error.context}"
        document.fault((), wrong, "check indentation, colons and quotes on this line and the one above", place)
        return document
    except yaml.YAMLError as error:
        document.fault((), f"not valid YAML: {str(error).splitlines()[0]}", "remove control characters")
        return document
    walker = _Walker(document, name, text)
    data = walker.value(node, ()) if node is not None else {}
    if isinstance(data, dict):
        document.data = data
    else:
        document.fault((), "expected sections with names, came " + _kind(data), "begin with 'case: name'")
    return document


def _decoded(content: bytes, document: Document) -> str | None:
    if len(content) > BIGGEST:
        wrong = f"{len(content):,} bytes; a file of a case has at most {BIGGEST:,}"
        document.fault((), wrong, "split the case into parts")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(document.places[()].file, line)
        document.fault((), "is not UTF-8 text", "save it with the encoding UTF-8", place)
        return None


def _too_deep(text: str, document: Document) -> bool:
    """Refuse tabs and deep nesting before the composer, which works by recursion, sees them."""
    file = document.places[()].file
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        blank = len(line) - len(line.lstrip(" \t"))
        if "\t" in line[:blank]:
            wrong = "a tab in the indentation"
            document.fault((), wrong, "indent with spaces", Place(file, number, line.index("\t") + 1))
            return True
        depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")
        dashes = len(line[blank:]) - len(line[blank:].lstrip("- "))
        if depth > DEEPEST or blank + dashes > 8 * DEEPEST:
            wrong = "nested too deeply"
            document.fault((), wrong, "a case needs no more than eight levels", Place(file, number))
            return True
        depth = max(depth, 0)
    return False


def _kind(data: object) -> str:
    names = {dict: "named entries", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(data), "nothing")


class _Walker:
    """Turns composed nodes into plain data, noting places and faults."""

    def __init__(self, document: Document, file: Path, text: str) -> None:
        self.document, self.file, self.text = document, file, text
        self.seen: set[int] = set()

    def place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def value(self, node: yaml.Node, path: Path_) -> Any:
        self.document.places.setdefault(path, self.place(node))
        if not isinstance(node, yaml.ScalarNode):
            if id(node) in self.seen:
                wrong = "an alias (*name) stands here"
                self.document.fault(path, wrong, "write the entry out; aliases are not part of the format")
                return None
            self.seen.add(id(node))
        if len(path) > DEEPEST:
            self.document.fault(path, "nested too deeply", "a case needs no more than eight levels", self.place(node))
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self.entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, position)) for position, item in enumerate(node.value)]
        return self.scalar(node, path)

    def entries(self, node: yaml.MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        first: dict[str, Place] = {}
        for key_node, value_node in node.value:
            place = self.place(key_node)
            key = self.key(key_node, value_node, path, flow=bool(node.flow_style))
            if key is None:
                continue
            if key in first:
                wrong = f"'{key}' stands twice in one entry, first on line {first[key].line}"
                self.document.fault((*path, key), wrong, "keep one, or give the other a name of its own", place)
                continue
            first[key] = place
            self.document.places[(*path, key)] = place
            yield key, self.value(value_node, (*path, key))

    def key(self, node: yaml.Node, value: yaml.Node, path: Path_, *, flow: bool) -> str | None:
        place = self.place(node)
        if not isinstance(node, yaml.ScalarNode):
            self.document.fault(path, "a key must be a plain name", "write name: value", place)
            return None
        text = str(node.value)
        if node.tag.endswith(":merge") or text == "<<":
            self.document.fault(path, "a merge key (<<) stands here", "write the entries out", place)
            return None
        empty = isinstance(value, yaml.ScalarNode) and value.value == "" and value.style is None
        if flow and empty and not _PLAIN_KEY.fullmatch(text):
            wrong = f"the comma before '{text}' has cut the text in two: an expression or range stands inside {{…}}"
            self.document.fault(path, wrong, "put it on a line of its own, or in quotes", place)
            return None
        if text.casefold() in _BOOLEAN_LOOKING and node.style is None:
            self.document.fault((*path, text), f"the key '{text}' looks like true or false", "choose another name", place)
            return None
        return text

    def scalar(self, node: yaml.ScalarNode, path: Path_) -> Any:
        text = str(node.value)
        raw = self.text[node.start_mark.index : node.end_mark.index]
        scalar = Scalar(text, raw, self.place(node), node.style in ("|", ">"))
        self.document.scalars[path] = scalar
        if node.style is not None or (node.tag and node.tag.endswith(":str") and raw.startswith("!")):
            return text
        if raw.startswith("!"):
            self.document.fault(path, "a YAML tag (!name) stands here", "remove it", scalar.place)
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return text.lower() == "true"
        if _NOT_FINITE.fullmatch(text):
            self.document.fault(path, f"'{text}' is not a finite number", "write a finite number", scalar.place)
            return 0.0
        if _NUMBER.fullmatch(text):
            return self.number(text, path, scalar.place)
        return text

    def number(self, text: str, path: Path_, place: Place) -> int | float:
        if text.lstrip("+-").isdigit() and len(text) < 19:
            return int(text)
        value = float(text)
        if not math.isfinite(value):
            self.document.fault(path, f"'{text}' is too large to be a number", "write a finite number", place)
            return 0.0
        return value
