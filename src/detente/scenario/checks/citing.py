"""What is cited exists: sources, sentence numbers, claims; and no claim leans on half a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detente.errors import Finding, nearest
from detente.evidence import CitationError, parse_citations
from detente.scenario.checks.view import View
from detente.scenario.document import Path_

__all__ = ["background", "citations", "claims_exist", "few_sentences", "source_files"]

MOST_SENTENCES = 4
_RUN = re.compile(r"(\d+)(?:\s*[-\u2013]\s*(\d+))?")


def source_files(view: View) -> Iterator[Finding]:
    """Check that each source's table of sentences lies in the case and can be read."""
    for _, faults in view.unit_tables.values():
        yield from faults


def citations(view: View) -> Iterator[Finding]:
    """Check that each ``cites`` can be read and names sources and sentences that exist."""
    sources = view.case.scenario.sources
    for path, part in view.parts:
        text = vars(part).get("cites")
        if text is None:
            continue
        here = (*path, "cites")
        locate = view.case.document.locator(here)
        try:
            found = parse_citations(text)
        except CitationError as error:
            yield view.error(here, error.message, error.mend or "write gazette 12, 14, 21-22", locate(error.column))
            continue
        for citation in found:
            column = _column(text, citation.source)
            if citation.source not in sources:
                mend = nearest(citation.source, set(sources)) or "add it under sources"
                yield view.error(here, f"no source is called '{citation.source}'", mend, locate(column))
            elif citation.units and view.case.scenario.sources[citation.source].sentences is None:
                wrong = f"'{citation.source}' has no numbered sentences, came {citation.units[0]}"
                yield view.error(here, wrong, "cite it without numbers, or number it", locate(column))
            else:
                known, _ = view.unit_tables[citation.source]
                missing = [unit for unit in citation.units if known is not None and unit not in known]
                if missing and known:
                    wrong = f"'{citation.source}' has no sentence {missing[0]}; its numbers go to {max(known)}"
                    at = locate(_column(text, citation.source, missing[0]))
                    yield view.error(here, wrong, "correct the number", at)


def few_sentences(view: View) -> Iterator[Finding]:
    """Check that a claim, or one reading of it, rests on at most four sentences of one source."""
    for path, cited in view.cited.items():
        if path[0] != "claims":
            continue
        for citation in cited:
            if len(citation.units) > MOST_SENTENCES:
                wrong = f"{len(citation.units)} sentences of '{citation.source}', at most {MOST_SENTENCES} are allowed"
                mend = "make several claims of it, each with what its sentences all say"
                yield view.error((*path, "cites"), wrong, mend)


def claims_exist(view: View) -> Iterator[Finding]:
    """Check that each claim that is named exists."""
    claims = view.case.scenario.claims
    for path, names in view.holders("claims"):
        if path == ("claims",):
            continue
        for position, name in enumerate(names):
            if name not in claims:
                mend = nearest(name, set(claims)) or "add it under claims"
                yield view.error(view.item(path, position, name), f"no claim is called '{name}'", mend)


def background(view: View) -> Iterator[Finding]:
    """Check that the background is told by claims of the case, each with its words and with who says so."""
    claims = view.case.scenario.claims
    for position, name in enumerate(view.case.scenario.background):
        path: Path_ = ("background", position)
        if name not in claims:
            yield view.error(path, f"no claim is called '{name}'", nearest(name, set(claims)) or "add it under claims")
        elif claims[name].says is None:
            wrong = f"'{name}' is contested: its readings stand where the brief shows what is contested"
            yield view.error(path, wrong, "name a claim that says something, or remove it")
        elif claims[name].by is None:
            yield view.error(path, f"'{name}' does not say who says it", "add by: to the claim")


def _column(text: str, source: str, unit: int | None = None) -> int:
    """Return where a source, or one of its sentences, stands in a line of citations."""
    found = re.search(rf"(?<![a-z0-9_]){re.escape(source)}(?![a-z0-9_])", text)
    start = found.start() if found else 0
    if unit is None or found is None:
        return start
    for run in _RUN.finditer(text, found.end()):
        if int(run[1]) <= unit <= int(run[2] or run[1]):
            return run.start()
    return start
