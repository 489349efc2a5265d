"""From the files of a case to one checked description: parts merged, templates expanded, shape held to the model."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from detente.errors import Finding, nearest
from detente.scenario.files import Document, Path_, dotted, read_document
from detente.scenario.model import Scenario

__all__ = ["canonical_hash", "merge_parts", "shape_findings", "validated"]

HEAD = frozenset(
    {"case", "title", "authors", "viewpoint", "missing_voices", "left_out", "as_of", "starts", "days", "units"}
    | {"method", "substeps", "parts", "note", "record"}
)
TEMPLATED = ("stocks", "flows", "auxiliaries", "measures")
INPUTS = (  # what pydantic tells the branches of a union apart by; no part of a path in the file
    "str", "list[str]", "list[constrained-str]", "constrained-str", "function-before", "function-after", "int", "float",
)  # fmt: skip


def merge_parts(folder: Path, shown: Path | None = None) -> Document:
    """Read ``scenario.yaml`` and its parts, merge them section by section and expand templates."""
    shown = shown or folder
    whole = read_document(folder / "scenario.yaml", shown / "scenario.yaml")
    parts = whole.data.get("parts")
    for position, part in enumerate(parts if isinstance(parts, list) else []):
        path: Path_ = ("parts", position)
        if not isinstance(part, str) or Path(part).is_absolute() or ".." in Path(part).parts:
            whole.fault(path, "expected the name of a file in the case's folder", "write for example truce.yaml")
            continue
        if not (folder / part).is_file():
            there = nearest(part, {found.name for found in folder.glob("*.yaml")})
            whole.fault(path, f"no file '{part}' in {shown}", there or "create it, or remove it from parts")
            continue
        _merge(whole, read_document(folder / part, shown / part))
    _expand(whole)
    return whole


def _merge(whole: Document, part: Document) -> None:
    whole.findings.extend(part.findings)
    for section, entries in part.data.items():
        if section in HEAD:
            wrong = f"'{section}' belongs in scenario.yaml"
            whole.fault((section,), wrong, "move it there", part.place((section,)))
            continue
        target = whole.data.setdefault(section, {})
        if not isinstance(entries, dict) or not isinstance(target, dict):
            if entries is not None:
                wrong = "expected named entries under this section"
                whole.fault((section,), wrong, "write name: and its keys below", part.place((section,)))
            continue
        nested = section == "options"
        for name, entry in entries.items():
            if nested and isinstance(entry, dict) and isinstance(target.get(name), dict):
                _take(whole, part, target[name], entry, (section, name))
            else:
                _take(whole, part, target, {name: entry}, (section,))
    for path, place in part.places.items():
        whole.places.setdefault(path, place)
    for path, scalar in part.scalars.items():
        whole.scalars.setdefault(path, scalar)


def _take(whole: Document, part: Document, target: dict[str, Any], entries: dict[str, Any], path: Path_) -> None:
    for name, entry in entries.items():
        here = (*path, name)
        if name in target:
            first, second = whole.place(here), part.place(here)
            wrong = f"'{name}' is defined twice, first at {first}"
            whole.fault(here, wrong, "rename one of them, or remove it", second)
        else:
            target[name] = entry


def _expand(document: Document) -> None:
    """Replace each entry with ``for_each`` by one entry per member; findings keep naming the template's lines."""
    for section in TEMPLATED:
        entries = document.data.get(section)
        if not isinstance(entries, dict):
            continue
        expanded: dict[str, Any] = {}
        for name, entry in entries.items():
            loop = entry.get("for_each") if isinstance(entry, dict) else None
            if loop is None:
                expanded[name] = entry
                continue
            path = (section, name, "for_each")
            well_formed = isinstance(loop, dict) and len(loop) == 1 and isinstance(next(iter(loop.values())), list)
            if not well_formed or not all(isinstance(member, str) for member in next(iter(loop.values()))):
                document.fault(path, "expected one word and a list of names", "write {group: [first, second]}")
                continue
            word, members = next(iter(loop.items()))
            for member in members:
                expanded[f"{name}.{member}"] = _filled(entry, word, member)
                _copy_places(document, (section, name), (section, f"{name}.{member}"))
        document.data[section] = expanded


def _filled(entry: Any, word: str, member: str) -> Any:
    if isinstance(entry, dict):
        return {key: _filled(value, word, member) for key, value in entry.items() if key != "for_each"}
    if isinstance(entry, list):
        return [_filled(value, word, member) for value in entry]
    return re.sub(rf"\.{re.escape(word)}\b", f".{member}", entry) if isinstance(entry, str) else entry


def _copy_places(document: Document, source: Path_, target: Path_) -> None:
    size = len(source)
    for places in (document.places, document.scalars):
        found = [path for path in places if path[:size] == source]
        for path in found:
            places[(*target, *path[size:])] = places[path]  # type: ignore[index,assignment]


def validated(document: Document) -> Scenario | None:
    """Hold the merged data to the model; faults are added to the document's findings."""
    try:
        return Scenario.model_validate(document.data)
    except ValidationError as error:
        document.findings.extend(shape_findings(document, error))
        return None


def shape_findings(document: Document, error: ValidationError) -> list[Finding]:
    """Turn what the model refused into findings with lines."""
    found: dict[tuple[Path_, str], Finding] = {}
    for detail in error.errors(include_url=False, include_context=True):
        path = _file_path(document.data, detail["loc"])
        wrong, mend = _worded(detail, path)
        if detail["type"] == "missing":
            path = path[:-1]
        finding = Finding(document.place(path), dotted(path), wrong, mend)
        found.setdefault((path, detail["type"]), finding)
    return list(found.values())


def _file_path(data: Any, loc: tuple[str | int, ...]) -> Path_:
    """Drop from an error's path the steps that are pydantic's own and not keys of the file."""
    path: list[str | int] = []
    here = data
    for position, step in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(here, dict) and isinstance(step, str) and step in here:
            path.append(step)
            here = here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            path.append(step)
            here = here[step]
        elif last and isinstance(here, dict) and isinstance(step, str) and not _internal(step):
            path.append(step)
    return tuple(path)


def _internal(step: str) -> bool:
    return step == "[key]" or "[" in step or step in INPUTS


def _worded(detail: ErrorDetails, path: Path_) -> tuple[str, str]:
    kind, came, context = detail["type"], detail["input"], detail.get("ctx", {})
    last = str(path[-1]) if path else "the file"
    if kind == "extra_forbidden":
        known = _known_keys(path)
        return f"unknown key '{last}'", nearest(last, known) or "known here: " + ", ".join(sorted(known))
    if kind == "missing":
        return f"'{last}' is missing", f"add '{last}:'"
    if kind == "value_error":
        return str(context.get("error", detail["msg"])), "see docs/reference/case-format.md"
    if kind == "string_pattern_mismatch":
        shown = came if isinstance(came, str) else last
        if "\\d{4}" in str(context.get("pattern")):
            return f"'{shown}' is no day or instant", "write YEAR-MONTH-DAY, or 2023-11-30T07:30+02:00"
        return f"'{shown}' is not a lower_snake_case name", "use small letters, digits and underscores"
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", ""))
        known = nearest(str(came), set(re.findall(r"'((?:[^'\\]|\\.)*)'", expected)))
        return f"expected {expected}, came '{came}'", known or "choose one of these"
    if kind.startswith(("timezone", "datetime", "date")):
        return f"'{came}' is no instant with a zone", "write for example 2023-11-30T07:30+02:00, in quotes"
    shown = "nothing" if came is None else f"'{came}'" if isinstance(came, str | int | float) else _shape(came)
    message = str(detail["msg"]).replace("Input should be ", "expected ").replace("valid ", "")
    words = {"dictionary": "named entries", "string": "text", "integer": "whole number"}
    for word, plain in words.items():
        message = message.replace(word, plain)
    return f"{message}, came {shown}", "see docs/reference/case-format.md"


def _shape(came: Any) -> str:
    return "named entries" if isinstance(came, dict) else "a list" if isinstance(came, list) else type(came).__name__


def _known_keys(path: Path_) -> set[str]:
    """Return the keys that the model knows beside the last key of a path."""
    model: Any = Scenario
    for step in path[:-1]:
        model = _below(model, step)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return {field.alias or name for name, field in model.model_fields.items()}
    return set()


def _below(annotation: Any, step: str | int) -> Any:
    """Return the annotation one step further down."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                return _unwrapped(field.annotation)
        return None
    if get_origin(annotation) in (dict, list):
        return _unwrapped(get_args(annotation)[-1])
    return None


def _unwrapped(annotation: Any) -> Any:
    """Look through unions with None and through annotations."""
    while get_origin(annotation) is not None and get_origin(annotation) not in (dict, list):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        if not inner:
            return None
        models = [part for part in inner if isinstance(part, type) and issubclass(part, BaseModel)]
        annotation = models[0] if models else inner[0]
    return annotation


def canonical_hash(data: dict[str, Any], extra: bytes = b"") -> str:
    """Return the SHA-256 of a case's description, the same whatever its layout in files, and of its record."""
    text = json.dumps({key: value for key, value in data.items() if key != "parts"}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode() + b"\0" + extra).hexdigest()
