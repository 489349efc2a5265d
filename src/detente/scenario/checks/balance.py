"""The same care for each side: neutral words, a second source, aims beside pressures, levers for every decision."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from detente.errors import Finding
from detente.evidence import CitationError, parse_citations
from detente.scenario.case import Case
from detente.scenario.checks.view import View
from detente.scenario.model import Claim, Reading

__all__ = ["charged_words", "one_sided", "pressures_without_aims", "sources_per_actor", "uncovered_decisions"]

WORDS = Path(__file__).parent / "charged_words.csv"
SHORT = 4
OWN_WORDS = ("says", "asks", "why", "title", "about")
"""Keys whose text is the author's own."""
ATTRIBUTED = ("claims", "accounts", "sources", "actors")
"""Sections whose text is somebody's: what is contested is worded as its holder would."""


@cache
def _charged() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds a charged word, and the neutral one for each."""
    with WORDS.open(encoding="utf-8", newline="") as lines:
        words = {row["word"]: row["instead"] for row in csv.DictReader(lines)}
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b", re.IGNORECASE), words


def charged_words(view: View) -> Iterator[Finding]:
    """Check that words that take a side stand in attributed claims only."""
    pattern, instead = _charged()
    for path, part in view.parts:
        if path and path[0] in ATTRIBUTED:
            continue
        for key in OWN_WORDS:
            text = vars(part).get(key)
            match = pattern.search(text) if isinstance(text, str) else None
            if match is not None:
                wrong = f"'{match[0]}' takes a side outside an attributed claim"
                place = view.case.document.locator((*path, key))(match.start())
                mend = f"write {instead[match[0].casefold()]}, or attribute it"
                yield view.warning((*path, key), wrong, mend, place)


def one_sided(view: View) -> Iterator[Finding]:
    """Check that what one party says of another has a second source, or is known to be disputed."""
    scenario = view.case.scenario
    names = {actor: _called(actor, entry.name) for actor, entry in scenario.actors.items()}
    for name, claim in scenario.claims.items():
        speakers = [by for by in _listed(claim.by) if by in scenario.actors]
        if claim.readings is not None or not speakers or claim.disputed_by or len(_listed(claim.by)) > 1:
            continue
        if len(_sources(claim)) > 1 or claim.source_kind == "independent record":
            continue
        akin = set(speakers) | set(scenario.actors[speakers[0]].answers_to)
        for actor, words in names.items():
            if actor not in akin and words.search(claim.says or ""):
                wrong = f"what {speakers[0]} says of {actor} has one source and no answer to it"
                mend = "add a second source, disputed_by, or make it a contested claim with both readings"
                yield view.warning(("claims", name), wrong, mend)
                break


def _called(actor: str, name: str | None) -> re.Pattern[str]:
    """Return what finds the words by which a text would name an actor; short names are told by their capitals."""
    words = {actor.replace("_", " ")}
    if name:
        words.add(re.sub(r"(?i)^(the )?(government|people|public|families) of ", "", name))
    listed = "|".join(
        re.escape(word.upper()) if len(word) <= SHORT else f"(?i:{re.escape(word)})" for word in sorted(words)
    )
    return re.compile(rf"\b(?:{listed})\b")


def pressures_without_aims(view: View) -> Iterator[Finding]:
    """Check that whoever presses somebody is also seen to want something."""
    actors = view.case.scenario.actors
    seen: set[str] = set()
    for decision in view.case.elements.decisions.values():
        for lean in decision.leans:
            for actor in lean.exerted_by:
                if actor in actors and not actors[actor].wants and actor not in seen:
                    seen.add(actor)
                    wrong = "exerts pressure here and is given no aim"
                    yield view.warning(("actors", actor), wrong, "add what it wants, as it would say it itself")


def uncovered_decisions(view: View) -> Iterator[Finding]:
    """Check that there is a lever for each decision maker, or readers will ask why there is none."""
    set_by_levers = {target for lever in view.case.scenario.levers.values() for target in lever.sets}
    makers: dict[str, bool] = {}
    for name, option in view.case.elements.options.items():
        if option.decision is not None:
            makers[option.actor] = makers.get(option.actor, False) or name in set_by_levers
    for actor, covered in makers.items():
        if not covered and actor in view.case.scenario.actors:
            wrong = "decides here, and no lever sets any of its choices"
            yield view.warning(("actors", actor), wrong, "add a lever and its counterpart for one of its decisions")


def sources_per_actor(case: Case) -> dict[str, dict[str, int]]:
    """Return, for each actor, in how many of its claims and readings each source is cited.

    Parameters
    ----------
    case
        The case; what cannot be read in it is left out.
    """
    counts: dict[str, Counter[str]] = {actor: Counter() for actor in case.scenario.actors}
    for claim in case.scenario.claims.values():
        parts: list[Claim | Reading] = [claim, *(claim.readings or {}).values()]
        for part in parts:
            sources = _sources(part)
            for actor in _listed(part.by):
                if actor in counts:
                    counts[actor].update(sources)
    return {actor: dict(sorted(found.items())) for actor, found in counts.items()}


def _listed(names: str | list[str] | None) -> list[str]:
    return [names] if isinstance(names, str) else list(names or [])


def _sources(part: Claim | Reading) -> set[str]:
    try:
        return {citation.source for citation in parse_citations(part.cites)} if part.cites else set()
    except CitationError:
        return set()
