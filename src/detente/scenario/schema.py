"""The case format as a JSON Schema for editors, and fragments of cases, as pages show them, held to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.errors import Finding
from detente.scenario.files import read_text
from detente.scenario.merging import expand
from detente.scenario.model import Scenario
from detente.scenario.shape import shape_findings

__all__ = ["check_fragment", "schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return a JSON Schema of ``scenario.yaml``, for editors that complete and check as one writes.

    It holds a file to its shape: sections, keys, kinds of values. Names, units and expressions are held to the rest of
    the case by ``detente check``.
    """
    found = Scenario.model_json_schema(by_alias=True, mode="validation")
    _close(found)
    # A case that is not simulated need not name its days.
    days = ["starts", "days"]
    found["required"] = [key for key in found["required"] if key not in days]
    found["anyOf"] = [{"required": days}, {"required": ["stability"]}]
    found["$schema"] = DIALECT
    found["title"] = "A case of Détente"
    return found


def _close(part: Any) -> None:
    """Refuse, wherever entries have names, names of another form, as the check does."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        for below in part.values():
            _close(below)
    elif isinstance(part, list):
        for below in part:
            _close(below)


def check_fragment(text: str, file: Path) -> list[Finding]:
    """Hold a part of a case to the shape of the format: any of its sections, each entry whole.

    Parameters
    ----------
    text
        YAML, as a page shows it.
    file
        The file that findings name.

    Returns
    -------
    list of Finding
        What the format does not allow; names and expressions are not looked into.
    """
    document = read_text(text, file)
    if document.broken:
        return document.findings
    expand(document)
    try:
        Scenario.model_validate(document.data)
    except ValidationError as error:
        document.findings.extend(shape_findings(document, error, whole=False))
    return document.findings
