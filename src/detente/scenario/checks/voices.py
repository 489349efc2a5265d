"""Who speaks: claims and readings have a speaker that the case knows, accounts take a place on every switch."""

from __future__ import annotations

from collections.abc import Iterator

from detente.errors import Finding, nearest
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.model import Account, Claim
from detente.scenario.model.voices import SILENT
from detente.scenario.ranges import RangeError, read_range

__all__ = ["accounts", "actors_exist", "groups", "likelihoods", "speakers"]

REMARKS = frozenset(Account.model_fields) - {"readings"}
ACTOR_LISTS = (
    ("actors", "answers_to"),
    ("terms", "offered_by"),
    ("terms", "asked_by"),
    ("questions", "opportunity_for"),
    ("questions", "risk_for"),
)


def speakers(view: View) -> Iterator[Finding]:
    """Check that whoever asserts, reports or disputes a claim is an actor or a source of the case."""
    known = set(view.case.scenario.actors) | set(view.case.scenario.sources)
    for key in ("by", "reported_by", "disputed_by"):
        for path, names in view.holders(key):
            if path[0] != "claims" or "expects" in path:
                continue
            for position, name in enumerate(names):
                if name not in known:
                    mend = nearest(name, known) or "add it under actors or sources"
                    yield view.warning(view.item(path, position), f"'{name}' is no actor or source of this case", mend)


def actors_exist(view: View) -> Iterator[Finding]:
    """Check that whoever is answered to, offers, asks, hopes for an answer or fears it is an actor of the case."""
    actors = set(view.case.scenario.actors)
    for section, key in ACTOR_LISTS:
        for path, names in view.holders(key):
            if path[0] != section:
                continue
            for position, name in enumerate(names):
                if name not in actors:
                    mend = nearest(name, actors) or "add it under actors"
                    yield view.error(view.item(path, position), f"no actor is called '{name}'", mend)


def likelihoods(view: View) -> Iterator[Finding]:
    """Check that a likelihood can be read, has a dated judge, and is given for every reading of a switch."""
    for name, claim in view.case.scenario.claims.items():
        readings = claim.readings or {}
        stated = [reading for reading, entry in readings.items() if entry.likelihood is not None]
        for reading in stated:
            path = ("claims", name, "readings", reading, "likelihood")
            entry = readings[reading]
            if not claim.is_switch:
                wrong = f"a claim of kind {claim.kind} is shown with all sides and never weighed"
                yield view.error(path, wrong, "remove the likelihood")
                continue
            if entry.likelihood_by is None:
                mend = "add likelihood_by: whose judgement and when, or remove the likelihood"
                yield view.error(path, "a likelihood without a dated source or signed judgement", mend)
            try:
                found = read_range(entry.likelihood or "")
            except RangeError as error:
                yield view.error(path, error.wrong, error.mend)
                continue
            if not 0 < found.high <= 1 or found.low < 0:
                yield view.error(path, f"expected a likelihood from 0 to 1, came {found}", "write it as a share")
        if stated and claim.is_switch and len(stated) < len(readings):
            missing = next(reading for reading in readings if reading not in stated)
            wrong = f"some readings have a likelihood and '{missing}' has none"
            yield view.error(("claims", name, "readings", missing), wrong, "give it for each reading, or for none")


def groups(view: View) -> Iterator[Finding]:
    """Check that contested claims of one group have as many readings each, so that the first goes with the first."""
    first: dict[str, tuple[str, Claim]] = {}
    for name, claim in view.case.scenario.claims.items():
        if claim.group is None or claim.readings is None:
            continue
        other, leader = first.setdefault(claim.group, (name, claim))
        if len(claim.readings) != len(leader.readings or {}):
            wrong = (
                f"'{name}' has {len(claim.readings)} readings and '{other}' of the same group {claim.group} has "
                f"{len(leader.readings or {})}"
            )
            mend = "claims of one group are read together, first with first: give both as many"
            yield view.error(("claims", name, "group"), wrong, mend)


def accounts(view: View) -> Iterator[Finding]:
    """Check that an account names a reading of every switch, or says that it is silent."""
    known = set(view.case.scenario.actors) | set(view.case.scenario.sources)
    for name, account in view.case.scenario.accounts.items():
        if account.by is not None and account.by not in known:
            mend = nearest(account.by, known) or "add it under actors or sources"
            yield view.warning(("accounts", name, "by"), f"'{account.by}' is no actor or source of this case", mend)
        yield from _taken(view, name, account)
        left_out = [switch for switch in view.case.switches if switch not in account.readings]
        if left_out:
            wrong = "silent on " + ", ".join(left_out)
            yield view.warning(("accounts", name), wrong, "name a reading of each, or write silent; it is then drawn")
        said = [switch for switch in view.case.switches if account.readings.get(switch) == SILENT]
        if said:
            yield view.note(("accounts", name), "silent on " + ", ".join(said), "their readings are drawn")


def _taken(view: View, name: str, account: Account) -> Iterator[Finding]:
    """Hold what an account takes to the switches and their readings, however it is written."""
    claims, switches, places = view.case.scenario.claims, view.case.switches, view.case.document.places
    path: Path_ = ("accounts", name)
    apart = (*path, "readings") in places
    for key, value in account.readings.items():
        here = (*path, "readings", key) if apart else (*path, key)
        if key not in switches:
            wrong = f"no contested claim is called '{key}'"
            remarks = set() if apart else REMARKS
            mend = nearest(key, {*switches, *remarks}) or "its keys are claims of kind cause, fact or count"
            if key in claims and claims[key].readings:
                wrong, mend = f"'{key}' is of kind {claims[key].kind}: it is shown, never drawn", "remove it"
            yield view.error(here, wrong, mend)
        elif value != SILENT and value not in (switches[key].readings or {}):
            readings = list(switches[key].readings or {})
            mend = nearest(value, {*readings, SILENT}) or "one of " + ", ".join([*readings, SILENT])
            yield view.error(here, f"'{key}' has no reading '{value}'", mend)
    for key in [] if apart else [switch for switch in switches if switch in REMARKS and (*path, switch) in places]:
        wrong = f"'{key}' may be a remark of this account, or its reading of the contested claim '{key}'"
        shown = f"readings: {{{key}: {next(iter(switches[key].readings or {}))}}}"
        mend = f"put what it takes under a key of its own, {shown}, and the remarks beside that key"
        yield view.error((*path, key), wrong, mend)
