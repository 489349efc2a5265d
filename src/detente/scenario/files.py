"""Read the files of a case: YAML 1.2 by its events, every value with its place, every fault a finding.

The events are read one by one instead of letting the library build its tree: so nesting is counted before anything
recurses, aliases are met as such, and a file of three thousand lines takes a tenth of a second.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from detente.errors import Place
from detente.scenario.document import Document, Path_, Scalar

__all__ = ["BIGGEST", "kind_of", "read_document", "read_text"]

BIGGEST = 2_000_000
"""Bytes of one file beyond which it is refused unread."""
DEEPEST = 16

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?(\.inf|\.Inf|\.INF|\.nan|\.NaN|\.NAN)")
_BOOLEAN_LOOKING = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})
_WORDS: dict[str, bool | None] = dict.fromkeys(("", "~", "null", "Null", "NULL"), None) | (
    dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
)
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_COLON = re.compile(r"[\"']?\s*:")


class _RefusedError(Exception):
    """The file cannot be read any further; the finding is in the document."""


def read_document(file: Path, shown: Path | None = None, begins: str = "case: name") -> Document:
    """Read one YAML file.

    Parameters
    ----------
    file
        The file to read.
    shown
        How the file is named in findings; by default its own path.
    begins
        How such a file may begin, for the message on one that is empty.

    Returns
    -------
    Document
        Its ``findings`` name everything that is refused: a file too big or too deep, tabs, aliases, duplicate and
        boolean-looking keys, infinities, and text cut by the commas of ``{…}``.
    """
    name = shown or file
    document = Document(places={(): Place(name)})
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= BIGGEST else b""
    except OSError as error:
        document.fault((), f"cannot be read ({error.strerror or error})", "check the path and its permissions")
        document.broken = True
        return document
    if size > BIGGEST:
        wrong = f"{size:,} bytes; a file of a case has at most {BIGGEST:,}"
        document.fault((), wrong, "split the case into parts, and leave data to the record")
        document.broken = True
        return document
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(name, content.count(b"\n", 0, error.start) + 1)
        document.fault((), "is not UTF-8 text", "save it with the encoding UTF-8", place)
        document.broken = True
        return document
    return read_text(text, name, document, begins)


def read_text(text: str, name: Path, document: Document | None = None, begins: str = "case: name") -> Document:
    """Read YAML from a text that is already at hand; ``name`` is the file that findings name."""
    document = document or Document(places={(): Place(name)})
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        _refuse_characters(text, document)
        document.data = _Builder(document, text, begins).whole()
    except _RefusedError:
        document.broken = True
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        wrong = f"not valid YAML: {error.problem or error.context}"
        flow = mark is not None and "{" in "".join(text.split("\n")[mark.line : mark.line + 1])
        mend = "check indentation, colons and quotes on this line and the one above"
        if flow:
            mend = "inside {…} text with , [ or : needs quotes, and an expression a line of its own"
        document.fault((), wrong, mend, place)
        document.broken = True
    except yaml.YAMLError as error:
        document.fault((), f"not valid YAML: {str(error).splitlines()[0]}", "remove control characters")
        document.broken = True
    return document


def _refuse_characters(text: str, document: Document) -> None:
    for pattern, wrong, mend in (
        (_UNPRINTABLE, "the character U+{:04X} does not belong in a text", "remove it"),
        (_TAB, "a tab in the indentation", "indent with spaces"),
    ):
        if match := pattern.search(text):
            at = match.end() - 1
            place = Place(document.places[()].file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
            document.fault((), wrong.format(ord(text[at])), mend, place)
            raise _RefusedError


@dataclass(slots=True)
class _Open:
    """A list or an entry that is being filled; ``key`` is where its next value goes."""

    path: Path_
    data: dict[str, Any] | list[Any]
    flow: bool
    key: str | None = None
    first: dict[str, int] = field(default_factory=dict)
    twice: bool = False


class _Builder:
    """Turns events into plain data, noting places and faults."""

    def __init__(self, document: Document, text: str, begins: str) -> None:
        self.document, self.text, self.begins = document, text, begins
        self.file = document.places[()].file
        self.open: list[_Open] = []
        self.top: Any = None

    def whole(self) -> dict[str, Any]:
        documents = 0
        for event in yaml.parse(self.text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                self.scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self.begin(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self.open.pop()
            elif isinstance(event, yaml.AliasEvent):
                mend = "write the entry out; aliases are not part of the format"
                self.refuse(event, f"an alias (*{event.anchor}) stands here", mend)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "a second document begins here (---)", "keep one document in a file")
        if self.top is None:
            self.refuse(None, "the file holds nothing", f"begin with '{self.begins}', or remove it")
        if not isinstance(self.top, dict):
            wrong = "expected sections with names, came " + kind_of(self.top)
            self.refuse(None, wrong, f"begin with '{self.begins}'")
        return dict(self.top)

    def refuse(self, event: yaml.Event | None, wrong: str, mend: str) -> None:
        place = self.place(event) if event is not None else None
        self.document.fault(self.path(), wrong, mend, place)
        raise _RefusedError

    def place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1) if mark is not None else Place(self.file)

    def path(self) -> Path_:
        """Return the path of the value that comes next."""
        if not self.open:
            return ()
        holder = self.open[-1]
        if isinstance(holder.data, list):
            return (*holder.path, len(holder.data))
        return holder.path if holder.key is None else (*holder.path, holder.key)

    def put(self, value: Any) -> None:
        """Give a value to what is being filled."""
        if not self.open:
            self.top = value
            return
        holder = self.open[-1]
        if isinstance(holder.data, list):
            holder.data.append(value)
        elif holder.key is not None:
            if not holder.twice:
                holder.data[holder.key] = value
            holder.key = None

    def begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self.refuse_marks(event)
        holder = self.open[-1] if self.open else None
        if holder is not None and isinstance(holder.data, dict) and holder.key is None:
            self.refuse(event, "a key must be a plain name", "write name: value")
        if len(self.open) >= DEEPEST:
            self.refuse(event, "nested too deeply", "a case needs no more than eight levels")
        path = self.path()
        data: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.document.places.setdefault(path, self.place(event))
        self.put(data)
        self.open.append(_Open(path, data, bool(event.flow_style)))

    def refuse_marks(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            mend = "write the entry out where it is needed; anchors and aliases are not part of the format"
            self.refuse(event, f"an anchor (&{event.anchor}) stands here", mend)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(event, f"a YAML tag ({tag}) stands here", "remove it")

    def scalar(self, event: yaml.ScalarEvent) -> None:
        holder = self.open[-1] if self.open else None
        if holder is not None and isinstance(holder.data, dict) and holder.key is None:
            self.refuse_marks(event)
            self.key(event, holder)
            return
        self.refuse_marks(event)
        path = self.path()
        place = self.place(event)
        self.document.places.setdefault(path, place)
        raw = self.text[_index(event.start_mark) : _index(event.end_mark)]
        block = event.style in ("|", ">")
        self.document.scalars.setdefault(path, Scalar(event.value, raw, place, block))
        self.put(event.value if event.style else self.plain(event.value, path, place))

    def key(self, event: yaml.ScalarEvent, holder: _Open) -> None:
        text = str(event.value)
        path = (*holder.path, text)
        if text == "<<":
            self.refuse(event, "a merge key (<<) stands here", "write the entries out")
        if holder.flow and not _COLON.match(self.text, _index(event.end_mark)):
            wrong = f"the comma before '{text}' has cut the text in two: it stands inside {{…}}"
            self.refuse(event, wrong, "put the expression, range or sentence on a line of its own, or in quotes")
        holder.key, holder.twice = text, text in holder.first
        if holder.twice:
            wrong = f"'{text}' stands twice in one entry, first on line {holder.first[text]}"
            self.document.fault(path, wrong, "keep one, or give the other a name of its own", self.place(event))
            return
        place = self.place(event)
        holder.first[text] = place.line
        self.document.places.setdefault(path, place)
        if text.casefold() in _BOOLEAN_LOOKING and not event.style:
            self.document.fault(path, f"the key '{text}' looks like true or false", "choose another name", place)
            self.document.lost.add(path)

    def plain(self, text: str, path: Path_, place: Place) -> Any:
        """Read a word without quotes: nothing, true or false, a number, or text."""
        if text in _WORDS:
            return _WORDS[text]
        finite = not _NOT_FINITE.fullmatch(text)
        if finite and not _NUMBER.fullmatch(text):
            return text
        if finite and text.lstrip("+-").isdigit() and len(text) < 19:
            return int(text)
        value = float(text) if finite else math.inf
        if math.isfinite(value):
            return value
        self.document.fault(path, f"'{text}' is not a finite number", "write a finite number", place)
        self.document.broken = True
        return text


def _index(mark: Any) -> int:
    """Return how many characters stand before a mark of the library."""
    return int(mark.index)


def kind_of(data: object) -> str:
    """Say in words what kind of thing stands in a file."""
    if data is None:
        return "nothing"
    if isinstance(data, dict | list):
        return "named entries" if isinstance(data, dict) else "a list"
    return f"'{data}'" if isinstance(data, str) else str(data).lower()
