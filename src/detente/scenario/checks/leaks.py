"""Nothing that became public after the cut informs a number; what nobody can check sets none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from detente.errors import Finding
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.elements import Parameter
from detente.scenario.model import Source

__all__ = ["later_sources", "later_spells", "unverified_numbers"]

NUMBERED = ("constants", "uncertainties", "tables", "stocks", "shocks", "outside_views", "reference_classes")
"""Sections whose entries are numbers, or hold them."""
GENERAL = "general knowledge, unverified"


def later_sources(view: View) -> Iterator[Finding]:
    """Check that what a range, a reason, a base rate or a preference rests on was public by ``as_of``."""
    scenario = view.case.scenario
    late = {name: moment for name, source in scenario.sources.items() if (moment := _later(view, source)) is not None}
    for name, source in scenario.sources.items():
        if source.compiled_later and source.covers_to is None:
            path: Path_ = ("sources", name)
            mend = "add covers_to: the last moment that its rows cover"
            yield view.error(path, "compiled later, and nothing says up to when its rows go", mend)
    if not late:
        return
    behind = dict.fromkeys(_claims_behind_preferences(view), "a preference or a rule")
    behind |= dict.fromkeys(_claims_behind_numbers(view), "a number")
    for path, cited in view.cited.items():
        for citation in cited:
            if citation.source not in late:
                continue
            moment = late[citation.source]
            wrong = f"'{citation.source}' is of {moment}, after as_of ({scenario.as_of.isoformat()})"
            what = behind.get(str(path[1])) if path[0] == "claims" else None
            if what or path[0] in NUMBERED:
                wrong += f", and '{path[1]}' stands behind {what}" if what else ", and stands behind a number"
                mend = f"cite what was public by then, or take it from {(what or 'a number').replace('a ', 'the ')}"
                yield view.error((*path, "cites"), wrong, mend)
            else:
                yield view.warning((*path, "cites"), wrong, "show nothing that was not public by then")


def later_spells(view: View) -> Iterator[Finding]:
    """Check that the cases of a reference class lie before the cut: what came of them later was not known."""
    cut = view.case.scenario.as_of.date()
    for entry in view.case.elements.reference_classes.values():
        for spell in entry.spells:
            if spell.begins > cut:
                wrong = f"begins on {spell.begins}, after as_of ({cut})"
                yield Finding(spell.place, "begins", wrong, "leave out what was not known by then")
            elif spell.lasted > (cut - spell.begins).days + 1:
                wrong = f"{spell.lasted:g} days from {spell.begins} go beyond as_of ({cut})"
                mend = "write how long it had lasted by then, and 0 under 'ended' if it still ran"
                yield Finding(spell.place, "lasted", wrong, mend)


def unverified_numbers(view: View) -> Iterator[Finding]:
    """Check that general knowledge that no page shows may word a reading; it sets no number."""
    claims = view.case.scenario.claims
    general = {name for name, claim in claims.items() if claim.source_kind == GENERAL}
    for parameter in view.case.elements.parameters.values():
        stated = [claim for claim in parameter.all_claims if claim in claims]
        if stated and all(claim in general for claim in stated):
            wrong = f"rests on {', '.join(stated)} alone, which is general knowledge that no source shows"
            mend = "name a claim with a source, or none: it is then counted as an assumption"
            yield view.error(parameter.path, wrong, mend)


def _later(view: View, source: Source) -> str | None:
    """Return the moment of a source if it lies after the cut."""
    written = source.covers_to if source.covers_to is not None else source.published
    if written is None or (source.compiled_later and source.covers_to is None):
        return None
    as_of = view.case.scenario.as_of
    if len(written) == len("2031-05-04"):
        # Of a day without an hour no more can be said than that it had begun.
        return written if dt.date.fromisoformat(written) > as_of.date() else None
    return written if dt.datetime.fromisoformat(written) > as_of else None


def _claims_behind_numbers(view: View) -> Iterator[str]:
    """Yield every claim that a number, a reason, a table or a base rate rests on."""
    elements, scenario = view.case.elements, view.case.scenario
    parameters: list[Parameter] = list(elements.parameters.values())
    for parameter in parameters:
        yield from parameter.all_claims
    for decision in elements.decisions.values():
        for lean in decision.leans:
            yield from lean.claims
    for table in elements.tables.values():
        yield from table.claims
    for entry in (*scenario.outside_views.values(), *scenario.reference_classes.values()):
        yield from entry.claims


def _claims_behind_preferences(view: View) -> Iterator[str]:
    """Yield every claim that a preference, a rule or a forbidden move of the conflict rests on."""
    for key in ("claims", "when"):
        for path, names in view.holders(key):
            if path[0] == "stability":
                yield from names
