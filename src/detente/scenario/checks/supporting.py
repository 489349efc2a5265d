"""What a number cites supports it, somebody has decided so, and a claim that is said to give a size holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detente.errors import Finding
from detente.evidence import CitationError, parse_citations
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.model import Arm, Claim, Lean, NumberBlock, NumberCitation, Quantity, Reading

__all__ = ["general_knowledge", "sizes_without_figures", "supports_nothing", "undecided", "unsaid"]

FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|"
    r"millions?|dozens?|half|halves|thirds?|quarters?|twice|doubled?|daily)\b",
    re.IGNORECASE,
)
"""What a size is told in: digits and numerals."""
GENERAL = re.compile(r"general knowledge", re.IGNORECASE)
NUMBERED = (Arm, Lean, NumberBlock, Quantity)
"""Parts of a case that are numbers, and cite claims for them."""


def _cited(view: View) -> Iterator[tuple[Path_, str, NumberCitation]]:
    """Yield every claim that a number cites, with the path of the number."""
    for path, part in view.parts:
        if isinstance(part, NUMBERED):
            for name, cited in part.claims.items():
                yield path, name, cited


def supports_nothing(view: View) -> Iterator[Finding]:
    """Check that no number cites a claim that a reader found to support nothing of it."""
    for path, name, cited in _cited(view):
        if cited.supports == "nothing":
            wrong = f"'{name}' names neither this number nor its effect, and is cited for it"
            mend = "take the claim out; a number that is left without one is counted as an assumption"
            yield view.error((*path, "claims", name), wrong, mend)


def undecided(view: View) -> Iterator[Finding]:
    """Check that the case records who decided what claims support, and when."""
    if view.case.scenario.citations_read is not None:
        return
    for path, name, cited in _cited(view):
        if cited.supports is not None and (cited.by is None or cited.date is None):
            wrong = f"'{name}' is said to support {cited.supports}, and nothing says who decided that, and when"
            mend = "add citations_read: {by: NAME, date: DATE} to scenario.yaml"
            yield view.error((*path, "claims", name), wrong, mend)
            return


def sizes_without_figures(view: View) -> Iterator[Finding]:
    """Check that a claim which is said to give a number's size holds a figure, or cites a dataset that does."""
    scenario = view.case.scenario
    datasets = {name for name, source in scenario.sources.items() if source.kind == "dataset"}
    for path, name, cited in _cited(view):
        claim = scenario.claims.get(name)
        if cited.supports != "size" or claim is None:
            continue
        parts: list[Claim | Reading] = [claim, *(claim.readings or {}).values()]
        if any(FIGURE.search(part.says or "") for part in parts):
            continue
        if any(datasets & _sources(part.cites) for part in parts):
            continue
        wrong = f"'{name}' is said to give this number's size, and its words hold no figure"
        mend = "write the figure that its source gives into the claim, or say direction"
        yield view.error((*path, "claims", name), wrong, mend)


def unsaid(view: View) -> Iterator[Finding]:
    """Check that each number says what the claims it cites support; one warning for each file."""
    found: dict[str, list[tuple[Path_, str]]] = {}
    for path, name, cited in _cited(view):
        if cited.supports is None:
            file = str(view.case.document.place((*path, "claims")).file)
            found.setdefault(file, []).append((path, name))
    for rows in found.values():
        path, name = rows[0]
        numbers = len(dict.fromkeys(path for path, _ in rows))
        many = f"{numbers} numbers of this file cite" if numbers > 1 else "a number of this file cites"
        wrong = f"{many} claims without saying what they support, first '{name}'"
        mend = f"write claims: {{{name}: direction}}, or size, or existence; or take it out"
        yield view.warning((*path, "claims"), wrong, mend)


def general_knowledge(view: View) -> Iterator[Finding]:
    """Check that no remark on a number leans on general knowledge that no page shows."""
    for path, part in view.parts:
        if isinstance(part, NUMBERED) and part.note and GENERAL.search(part.note):
            wrong = "general knowledge stands behind a number"
            mend = "cite a page, or say that the number is an assumption and why its range is so wide"
            yield view.error((*path, "note"), wrong, mend)


def _sources(cites: str | None) -> set[str]:
    try:
        return {citation.source for citation in parse_citations(cites)} if cites else set()
    except CitationError:
        return set()
