"""From the files of a case to one description: parts merged section by section, templates expanded."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.errors import nearest
from detente.scenario.document import Document, Path_
from detente.scenario.files import kind_of, read_document
from detente.scenario.shape import HEAD

__all__ = ["canonical_hash", "expand", "merge_parts"]

TEMPLATED = ("stocks", "flows", "auxiliaries", "measures")
NESTED = ("options",)
"""Sections whose entries stand one level deeper: by actor, then by name."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def merge_parts(folder: Path, shown: Path | None = None) -> Document:
    """Read ``scenario.yaml`` and its parts, merge them section by section and expand templates."""
    shown = shown or folder
    whole = read_document(folder / "scenario.yaml", shown / "scenario.yaml")
    parts = whole.data.get("parts")
    taken: set[str] = {"scenario.yaml"}
    for position, part in enumerate(parts if isinstance(parts, list) else []):
        path: Path_ = ("parts", position)
        if not isinstance(part, str) or Path(part).is_absolute() or ".." in Path(part).parts or "\0" in part:
            wrong = f"expected the name of a file in the case's folder, came {kind_of(part)}"
            whole.fault(path, wrong, "write for example truce.yaml")
        elif part in taken:
            whole.fault(path, f"'{part}' is read already", "name each part once")
        elif not (folder / part).is_file():
            there = nearest(part, {found.name for found in folder.glob("*.yaml")} - taken)
            whole.fault(path, f"no file '{part}' in {shown}", there or "create it, or remove it from parts")
        else:
            _merge(whole, read_document(folder / part, shown / part))
        taken.add(str(part))
    expand(whole)
    return whole


def _merge(whole: Document, part: Document) -> None:
    whole.findings.extend(part.findings)
    whole.broken |= part.broken
    whole.lost |= part.lost
    for section, entries in part.data.items():
        place = part.place((section,))
        if section in HEAD:
            whole.fault((section,), f"'{section}' belongs in scenario.yaml", "move it there", place)
            continue
        if entries is None:
            mend = "write name: and its keys below, or remove the section"
            whole.fault((section,), "expected named entries under this section, came nothing", mend, place)
            whole.broken = True
            continue
        if section in whole.data and not isinstance(whole.data[section], dict):
            continue  # the section's own fault is found when the whole is held to its shape
        if not isinstance(entries, dict):
            wrong = f"expected named entries under this section, came {kind_of(entries)}"
            whole.fault((section,), wrong, "write name: and its keys below", place)
            whole.broken = True
            continue
        target = whole.data.setdefault(section, {})
        for name, entry in entries.items():
            if section in NESTED and isinstance(entry, dict) and isinstance(target.get(name), dict):
                _take(whole, part, target[name], entry, (section, name))
            else:
                _take(whole, part, target, {name: entry}, (section,))
    for path, there in part.places.items():
        whole.places.setdefault(path, there)
    for path, scalar in part.scalars.items():
        whole.scalars.setdefault(path, scalar)


def _take(whole: Document, part: Document, target: dict[str, Any], entries: dict[str, Any], path: Path_) -> None:
    for name, entry in entries.items():
        here = (*path, name)
        if name in target:
            wrong = f"'{name}' is defined twice, first at {whole.place(here)}"
            whole.fault(here, wrong, "rename one of them, or remove it", part.place(here))
        else:
            target[name] = entry


def expand(document: Document) -> None:
    """Replace each entry with ``for_each`` by one entry per member; findings keep naming the template's lines."""
    copies: dict[Path_, list[str]] = {}
    for section in TEMPLATED:
        entries = document.data.get(section)
        if not isinstance(entries, dict) or not any("for_each" in e for e in entries.values() if isinstance(e, dict)):
            continue
        expanded: dict[str, Any] = {}
        for name, entry in entries.items():
            if not isinstance(entry, dict) or "for_each" not in entry:
                _place_new(document, expanded, section, name, name, entry)
                continue
            for word, member in _members(document, entry["for_each"], (section, name, "for_each")):
                filled = {key: _filled(value, word, member) for key, value in entry.items() if key != "for_each"}
                if _place_new(document, expanded, section, name, f"{name}.{member}", filled):
                    copies.setdefault((section, name), []).append(f"{name}.{member}")
        document.data[section] = expanded
    if copies:
        _copy_places(document, copies)


def _place_new(document: Document, expanded: dict[str, Any], section: str, written: str, name: str, entry: Any) -> bool:
    if name in expanded:
        wrong = f"'{name}' is also made by for_each in this section"
        document.fault((section, written), wrong, "rename one of them, or leave the member out")
        return False
    expanded[name] = entry
    return True


def _members(document: Document, loop: Any, path: Path_) -> Iterator[tuple[str, str]]:
    """Yield the word of a template and each member that stands for it."""
    mend = "write {group: [first, second]}"
    if not isinstance(loop, dict) or len(loop) != 1 or not isinstance(next(iter(loop.values())), list):
        document.fault(path, f"expected one word and a list of names, came {kind_of(loop)}", mend)
        return
    word, members = next(iter(loop.items()))
    if not members:
        document.fault(path, "the list of members is empty", mend)
    for position, member in enumerate(members):
        here = (*path, word, position)
        if not isinstance(member, str) or not _NAME.fullmatch(member):
            wrong = f"expected a lower_snake_case name, came {kind_of(member)}"
            document.fault(here, wrong, "use small letters, digits and underscores")
        elif member in members[:position]:
            document.fault(here, f"'{member}' stands twice among the members", "name each once")
        else:
            yield str(word), member


def _filled(entry: Any, word: str, member: str) -> Any:
    if isinstance(entry, dict):
        return {key: _filled(value, word, member) for key, value in entry.items()}
    if isinstance(entry, list):
        return [_filled(value, word, member) for value in entry]
    return re.sub(rf"\.{re.escape(word)}\b", f".{member}", entry) if isinstance(entry, str) else entry


def _copy_places(document: Document, copies: dict[Path_, list[str]]) -> None:
    """Give what a template has made the places of the template."""
    for places in (document.places, document.scalars):
        found = [(path, path[:2]) for path in places if path[:2] in copies]
        for path, template in found:
            for name in copies[template]:
                places[(template[0], name, *path[2:])] = places[path]  # type: ignore[assignment]


def canonical_hash(data: dict[str, Any], extra: bytes = b"") -> str:
    """Return the SHA-256 of a case's description, the same whatever its layout in files, and of its tables.

    Where to find what came after the cut is no part of it, nor is what claims expect: a case stays the same when it
    comes to be scored, or held to its claims.
    """
    kept = {key: value for key, value in data.items() if key not in ("parts", "hindcast")}
    if isinstance(kept.get("claims"), dict):
        kept["claims"] = {name: _without_expectations(claim) for name, claim in kept["claims"].items()}
    text = json.dumps(kept, sort_keys=True, default=str)
    return hashlib.sha256(text.encode() + b"\0" + extra).hexdigest()


def _without_expectations(claim: Any) -> Any:
    """Return a claim, or a reading of one, without what it expects."""
    if not isinstance(claim, dict):
        return claim
    kept = {key: value for key, value in claim.items() if key not in ("expects", "expects_nothing_because")}
    if isinstance(kept.get("readings"), dict):
        kept["readings"] = {name: _without_expectations(reading) for name, reading in kept["readings"].items()}
    return kept
