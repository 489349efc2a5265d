"""The third part of the ODD+D protocol: implementation, start, input data, submodels."""

from __future__ import annotations

from detente.validation.odd_overview import heading, listed
from detente.validation.result import Heading
from detente.validation.structure import Structure

__all__ = ["details"]


def details(structure: Structure) -> tuple[Heading, ...]:
    """Return the headings III.i to III.iv."""
    return (
        heading(
            "III.i.a",
            "How the model is implemented",
            "As a case of Détente: plain text files, compiled to one function over days and blocks of worlds.",
        ),
        heading(
            "III.i.b",
            "Whether it is accessible",
            f"The files of the case '{structure.case.name}' are the model; its fingerprint is {structure.case.hash}.",
        ),
        *_start(structure),
        _inputs(structure),
        *_submodels(structure),
    )


def _start(structure: Structure) -> tuple[Heading, ...]:
    elements = structure.case.elements
    starts = [elements.parameters[stock.start] for stock in elements.stocks.values()]
    exact = sum(not one.varies for one in starts)
    claimed = sum(not one.is_assumption for one in starts)
    options = [
        f"{one.name} = {one.alternatives[one.start] if one.alternatives else ('yes' if one.start else 'no')}"
        for one in elements.options.values()
    ]
    return (
        heading(
            "III.ii.a",
            "The state at the start",
            f"{len(starts)} stocks, each from its start in the listing of equations." if starts else "",
            f"Options: {listed(options)}." if options else "",
        ),
        heading(
            "III.ii.b",
            "Whether it is always the same",
            f"{exact} stocks start at one exact number; {len(starts) - exact} are drawn." if starts else "",
        ),
        heading(
            "III.ii.c",
            "Where start values come from",
            f"{claimed} of {len(starts)} starts rest on claims of sources; the others are assumptions or "
            "zero by definition."
            if starts
            else "",
        ),
    )


def _inputs(structure: Structure) -> Heading:
    case = structure.case
    known = {
        "sets": [name for name, one in case.scenario.known.items() if one.follow],
        "tells choices of": [name for name, one in case.scenario.known.items() if one.choice],
        "is compared with": [name for name, one in case.scenario.known.items() if one.measure],
    }
    ways = "; ".join(f"{way} {listed(names)}" for way, names in known.items() if names)
    classes = tuple(case.scenario.reference_classes)
    return heading(
        "III.iii.a",
        "Input data",
        f"A record of {len(case.observations)} rows known by the cut. It {ways}." if case.observations and ways else "",
        f"Reference classes beside the answers: {listed(classes)}." if classes else "",
    )


def _submodels(structure: Structure) -> tuple[Heading, ...]:
    modules: dict[str, list[str]] = {}
    for name, one in structure.elements.items():
        modules.setdefault(structure.case.document.place(one.path).file.stem, []).append(name)
    parts = [f"{module}: {listed(names)}." for module, names in modules.items()]
    numbers = structure.case.elements.parameters.values()
    assumed = sum(one.is_assumption for one in numbers)
    return (
        heading("III.iv.a", "The submodels", *parts),
        heading(
            "III.iv.b",
            "Parameters, units and reference values",
            f"{len(numbers)} numbers with units and ranges, in the listing of equations." if numbers else "",
        ),
        heading(
            "III.iv.c",
            "How submodels were chosen, set and tested",
            f"{len(numbers) - assumed} of {len(numbers)} numbers rest on claims. The tests are those of this sheet."
            if numbers
            else "",
        ),
    )
