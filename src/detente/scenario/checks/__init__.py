"""What a case is held to beyond its shape: one file per concern, each check a function from a case to findings.

===============  ==========================================================================================
``head``         its name, its days, its record
``names``        names that could be taken for something else
``citing``       sources, sentences and claims that are named exist
``supporting``   what a claim supports of a number that cites it, and who decided that
``voices``       speakers, readings, groups, accounts
``leaks``        nothing later than the cut behind a number; nothing unverified
``recording``    the record and what it bears on
``deciding``     chances, reasons, occasions and levers
``outcomes``     the status quo, statements and forbidden moves that change nothing
``asking``       outside views, reference classes, days inside the horizon, aims
``arguments``    what is drawn from, delays shorter than a step, starts beyond bounds
``expecting``    what claims expect: sides that exist and differ, days on which they can
``contesting``   readings of a cause: each expects something, and not what another expects
``computing``    circles, memories, luck in summaries, numbers without a name or a reader
``balance``      charged words, one party on another, pressures without aims, decisions without levers
===============  ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from detente.errors import Finding
from detente.scenario.case import Case
from detente.scenario.checks import (
    arguments,
    asking,
    balance,
    citing,
    computing,
    contesting,
    deciding,
    expecting,
    head,
    leaks,
    names,
    outcomes,
    recording,
    supporting,
    voices,
)
from detente.scenario.checks.balance import sources_per_actor
from detente.scenario.checks.view import View
from detente.scenario.record import Observation

__all__ = ["check", "sources_per_actor"]

CHECKS: tuple[Callable[[View], Iterator[Finding]], ...] = (
    head.head,
    names.taken_words,
    names.factors,
    citing.source_files,
    citing.citations,
    citing.few_sentences,
    citing.claims_exist,
    citing.background,
    voices.speakers,
    voices.actors_exist,
    voices.likelihoods,
    voices.groups,
    voices.accounts,
    leaks.later_sources,
    leaks.later_spells,
    leaks.unverified_numbers,
    supporting.supports_nothing,
    supporting.undecided,
    supporting.sizes_without_figures,
    supporting.unsaid,
    supporting.general_knowledge,
    recording.known_names,
    recording.rows,
    recording.revisions,
    recording.unmapped,
    deciding.chances,
    deciding.strong_reasons,
    deciding.occasions,
    deciding.levers,
    outcomes.status_quo,
    outcomes.idle_statements,
    outcomes.idle_moves,
    asking.names,
    asking.days_inside,
    asking.headlines,
    asking.aims,
    arguments.draws,
    arguments.short_delays,
    arguments.starts,
    expecting.sides,
    expecting.holders,
    expecting.differences,
    contesting.unheld,
    contesting.alike,
    computing.loops,
    computing.memory,
    computing.summaries,
    computing.unnamed,
    computing.unread,
    balance.charged_words,
    balance.one_sided,
    balance.pressures_without_aims,
    balance.uncovered_decisions,
)


def check(case: Case, record: list[Observation]) -> list[Finding]:
    """Run every check on a case.

    Parameters
    ----------
    case
        The case, as far as it could be built.
    record
        Every row of the record file, those after the cut among them.
    """
    view = View(case, record)
    return [finding for one in CHECKS for finding in one(view)]
