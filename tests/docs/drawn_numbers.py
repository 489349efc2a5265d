"""Writes docs/reference/what-claims-support.md: forty drawn numbers of november_2023, and what claims support of them.

Run it anew after the case has changed: ``.venv/bin/python -m tests.docs.drawn_numbers``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from detente.brief.supporting import numbers_supported
from detente.scenario import Case, load
from detente.scenario.elements import SUPPORTED, Parameter
from detente.scenario.model import Arm, CitationsRead, Lean, NumberBlock, NumberCitation, Quantity
from detente.scenario.model.parts import Part
from tests.docs.tables import REFERENCE

PAGE = REFERENCE / "what-claims-support.md"
SEED = "20231130"
DRAWN = 40
OPENING = f"""# What claims support, in forty numbers drawn

Of `november_2023`, {DRAWN} numbers and reasons, whether they cite a claim or not, drawn by the seed {SEED}:
those whose SHA-256 of the seed and their name comes first, so that anybody draws the same and a change of the
case changes few rows. What the words mean: [the case format](case-format.md#what-a-claim-supports). A reason
whose odds stand elsewhere is listed with what its own claims support.

`tests/docs/drawn_numbers.py` writes this page, and a test runs it. *{{counted}}*

| number or reason | its range | claim | supports | who decided |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Item:
    """A number, or a reason whose odds are the number of another entry."""

    name: str
    says: str
    range: str
    cited: Mapping[str, NumberCitation]


def items(case: Case) -> list[Item]:
    """Return every uncertain number of a case, and every reason with odds of another entry."""
    found = [
        Item(name, one.says, _range(one), _cited(case, one))
        for name, one in case.elements.parameters.items()
        if one.varies
    ]
    for decision, element in case.elements.decisions.items():
        entry = case.scenario.decisions[decision]
        for lean, written in zip(element.leans, entry.leans, strict=True):
            if case.elements.parameters[lean.odds].owner != decision:
                found.append(Item(f"{decision}/{lean.label}", lean.says, f"odds: {lean.odds}", written.claims))
    return found


def drawn(case: Case) -> list[Item]:
    """Return the items whose names come first by the seed."""
    return sorted(items(case), key=lambda one: hashlib.sha256(f"{SEED} {one.name}".encode()).hexdigest())[:DRAWN]


def page(case: Case) -> str:
    """Write the page."""
    read = case.scenario.citations_read
    assert read is not None
    return OPENING.format(counted=numbers_supported(case)) + "".join(row(one, read) for one in drawn(case))


def row(one: Item, read: CitationsRead) -> str:
    """Write one row of the table."""
    claims = "<br>".join(f"`{name}`" for name in one.cited) or "none"
    supports = "<br>".join(cited.supports or "not said" for cited in one.cited.values()) or "assumed"
    who = "<br>".join(f"{cited.by or read.by}, {cited.date or read.date}" for cited in one.cited.values()) or "–"
    says = " ".join((one.says or one.name).split()).replace("|", "/").rstrip(".")
    return f"| {says} (`{one.name}`) | {one.range} | {claims} | {supports} | {who} |\n"


def _range(one: Parameter) -> str:
    return "; ".join(dict.fromkeys(str(arm.range) for arm in one.arms))


def _cited(case: Case, one: Parameter) -> dict[str, NumberCitation]:
    """Return what a number cites where it is written, its rows by reading and its reason among them."""
    found: dict[str, NumberCitation] = {}
    for part in _parts(case, one):
        if isinstance(part, Arm | Lean | NumberBlock | Quantity):
            found |= {name: cited for name, cited in part.claims.items() if name not in found}
            for arm in getattr(part, "by_reading", None) or ():
                found |= {name: cited for name, cited in arm.claims.items() if name not in found}
    return dict(sorted(found.items(), key=lambda pair: SUPPORTED.index(pair[1].supports or "not said")))


def _parts(case: Case, one: Parameter) -> list[Part]:
    """Return the parts of the description along the path of a number."""
    found: list[Part] = []
    here: object = case.scenario
    for step in one.path:
        if isinstance(here, dict):
            here = here[step]
        elif isinstance(here, list):
            here = here[int(step)]
        else:
            fields = type(here).model_fields  # type: ignore[attr-defined]
            name = next((key for key, field in fields.items() if (field.alias or key) == step), str(step))
            here = getattr(here, name)
        if isinstance(here, dict) and set(here) == {""}:
            here = here[""]
        if isinstance(here, Part):
            found.append(here)
    return found


if __name__ == "__main__":
    PAGE.write_text(page(load("november_2023")), encoding="utf-8")
