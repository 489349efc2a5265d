"""Hold a description to its model, and say in plain words, with lines, what the model refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from detente.errors import Finding, nearest
from detente.scenario.document import Document, Path_, dotted
from detente.scenario.files import kind_of
from detente.scenario.model import Scenario

__all__ = ["HEAD", "shape_findings", "validated"]

HEAD = frozenset(
    {"case", "title", "authors", "viewpoint", "background", "missing_voices", "left_out", "as_of", "starts", "days"}
    | {"units", "method", "substeps", "parts", "note", "record", "hindcast", "citations_read"}
)
"""Keys that stand in ``scenario.yaml`` alone."""

FORMAT = "see docs/reference/case-format.md"
WANTED = {  # what the model calls a thing, in words
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a pair of numbers",
    "dict_type": "named entries",
    "model_type": "named entries",
    "model_attributes_type": "named entries",
    "none_required": "nothing",
}
MENDS = {
    "string_type": "put it in quotes if it is meant as text",
    "bool_type": "write true or false, without quotes",
    "list_type": "write [first, second], or lines that begin with '- '",
    "dict_type": "write name: and its keys below",
    "model_type": "write the keys below it, each on a line",
    "tuple_type": "write [0, 0.5]",
    "int_type": "write digits alone",
    "int_from_float": "write digits alone",
    "float_type": "write digits, with a point for decimals",
}
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def validated(document: Document) -> Scenario | None:
    """Hold the merged data to the model; faults are added to the document's findings."""
    try:
        return Scenario.model_validate(document.data)
    except ValidationError as error:
        document.findings.extend(shape_findings(document, error))
        return None


def shape_findings(
    document: Document, error: ValidationError, *, whole: bool = True, model: type[BaseModel] = Scenario
) -> list[Finding]:
    """Turn what the model refused into findings with lines, one for each path.

    Parameters
    ----------
    document
        Where each thing stands.
    error
        What the model refused.
    whole
        Whether the document is a whole case; if not, sections may be missing.
    model
        What it was held to.
    """
    found: dict[Path_, Finding] = {}
    details = error.errors(include_url=False, include_context=True)
    for detail in _without_other_branches(details):
        path = _file_path(document.data, detail["loc"])
        if detail["type"] == "missing" and len(detail["loc"]) == 1 and not whole:
            continue
        if any(path[: len(lost)] == lost for lost in document.lost):
            continue
        wrong, mend = _worded(detail, path, model)
        shown = path[:-1] if detail["type"] == "missing" else path
        found.setdefault(path, Finding(document.place(shown), dotted(shown), wrong, mend))
    return list(found.values())


def _without_other_branches(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out what a union's other branch refused: where text or a list may stand, a list's fault is meant."""
    lists = {detail["loc"][:position] for detail in details for position in _branches(detail["loc"], "list[")}
    for detail in details:
        last = detail["loc"][-1] if detail["loc"] else ""
        if last == "str" and detail["loc"][:-1] in lists and isinstance(detail["input"], list):
            continue
        yield detail


def _branches(loc: tuple[str | int, ...], start: str) -> Iterator[int]:
    return (position for position, step in enumerate(loc) if isinstance(step, str) and step.startswith(start))


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
    """Say whether a step of a path is the model's own: the branch of a union, a key held to its pattern."""
    return not step or not re.fullmatch(r"[a-z_]+", step) or step in ("str", "int", "float", "bool")


def _worded(detail: ErrorDetails, path: Path_, model: type[BaseModel]) -> tuple[str, str]:
    kind, came, context = detail["type"], detail["input"], detail.get("ctx", {})
    last = str(path[-1]) if path else "the file"
    if kind == "extra_forbidden":
        known = _known_keys(path, model)
        return f"unknown key '{last}'", nearest(last, known) or "known here: " + ", ".join(sorted(known))
    if kind == "missing":
        return f"'{last}' is missing", f"add '{last}:'"
    if kind == "value_error":
        wrong, _, mend = str(context.get("error", detail["msg"])).partition("; ")
        return wrong, mend or FORMAT
    if kind == "string_pattern_mismatch":
        key = detail["loc"][-1] == "[key]"
        shown = came if isinstance(came, str) and not key else last
        if "\\d{4}" in str(context.get("pattern")):
            return f"'{shown}' is no day or instant", "write 2031-05-04, or 2031-05-04T06:00+02:00"
        if str(context.get("pattern")).startswith("^[0-9]"):
            return f"'{shown}' is no number of days", "write digits, as 7 or 0.5"
        return f"'{shown}' is not a lower_snake_case name", "use small letters, digits and underscores"
    if kind == "literal_error":
        allowed = [single or double for single, double in _QUOTED.findall(str(context.get("expected", "")))]
        mend = nearest(str(came), set(allowed)) or "choose one of these"
        return f"expected {' or '.join(allowed)}, came {kind_of(came)}", mend
    if kind.startswith(("timezone", "datetime", "date")):
        return f"{kind_of(came)} is no instant with a zone", "write for example 2031-05-04T06:00+02:00, in quotes"
    return _plainly(kind, came, context, str(detail["msg"]))


def _plainly(kind: str, came: Any, context: dict[str, Any], message: str) -> tuple[str, str]:
    """Word what is of the wrong type or size."""
    if kind in WANTED:
        return f"expected {WANTED[kind]}, came {kind_of(came)}", MENDS.get(kind, FORMAT)
    if kind in ("too_short", "too_long"):
        least = context.get("min_length", context.get("max_length"))
        bound = "at least" if kind == "too_short" else "at most"
        wrong = f"expected {bound} {least} entries, came {context.get('actual_length')}"
        return wrong, "add what is missing, or remove the key"
    if kind == "string_too_short":
        return "is empty", "write a plain sentence, or remove the key"
    for word, sign in (("ge", "at least"), ("le", "at most")):
        if word in context:
            return f"expected {sign} {context[word]}, came {kind_of(came)}", "choose a number within"
    return f"{message[:1].lower()}{message[1:]}, came {kind_of(came)}", FORMAT


def _known_keys(path: Path_, top: type[BaseModel]) -> set[str]:
    """Return the keys that the model knows beside the last key of a path."""
    model: Any = top
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
