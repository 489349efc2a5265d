"""One door: a case with a conflict in; which of its states could hold out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError
from detente.requests import StabilityRequest, Work, interruptible, own_cut, prepared, written_case
from detente.results import Provenance
from detente.scenario import Case, ConflictElement, fixed_readings, load
from detente.stability.coalitional import LARGEST, Coalitions, coalition_stability, every_coalition, surviving
from detente.stability.concepts import CONCEPTS, stable_states
from detente.stability.conflict import Conflict, conflict_of
from detente.stability.misperception import views
from detente.stability.preference_degrees import preference_degrees
from detente.stability.result import (
    AccountStability,
    CoalitionStability,
    Equilibria,
    Robustness,
    Stability,
    Stable,
    State,
)
from detente.stability.robustness import robustness
from detente.stability.status_quo import shortest_paths
from detente.stability.unknown_preference import LARGEST as MOST_UNKNOWN
from detente.stability.unknown_preference import unknown_preference
from detente.stability.wording import concept_title

__all__ = ["perform_stability", "stability"]

MANY_MAKERS = 5
"""Decision makers beyond which only the coalitions that a case names are looked at."""
MOST = {"sim": 100_000, "non_myopic": 20_000}
"""States beyond which a concept takes too long to be looked at beside the others."""
MOST_SAMPLED = 32_768
"""States beyond which no other rankings are sampled."""


def stability(
    case: Case | str | Path,
    *,
    account: str | None = None,
    readings: Mapping[str, str] | None = None,
    sanctions: str = "legal",
    horizons: Sequence[int] = (2, 3),
    rankings: int = 1_000,
    seed: int = 1,
    coalitions: bool = True,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Stability:
    """Say which states of a case's conflict could hold, as each account tells it and under other rankings.

    Parameters
    ----------
    case
        A case with a section ``stability``, its folder, or the name of a bundled one.
    account, readings
        An account to tell, and single readings to fix. Without an account every account is told beside the plain
        analysis, which leaves out what is wanted only under a reading that is not fixed.
    sanctions
        The rule of sanctioning sequences: ``legal``, nobody moves twice running; ``once``, nobody moves twice;
        ``single``, one move.
    horizons
        Of limited-move stability, 2 or more each.
    rankings, seed
        How many rankings to sample of those that the claims allow: half of them with unsettled readings as likely as
        not, the other half shared equally by the accounts; all of them with ``account``. 0 for none; the same seed, the
        same shares.
    coalitions
        Whether decision makers may join.
    progress, stop
        Called with the number of rankings done since the last call; set to stop early, marked as partial. The
        provenance counts sampled rankings as ``worlds``, of one replicate each.

    Returns
    -------
    Stability
        States, stable states and equilibria under every concept, and what was asked for besides; states are
        numbered from 1.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If the case has no section ``stability``, or lacks what is asked for, or is too large for the machine.
    """
    given = Work(progress=progress, stop=stop)
    request = StabilityRequest(
        written_case(case), account=account, readings={} if readings is None else readings, sanctions=sanctions,
        horizons=horizons, rankings=rankings, seed=seed, coalitions=coalitions, as_of=own_cut(case),
    )  # fmt: skip
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_stability(request, whole, work)


def perform_stability(
    request: StabilityRequest,
    case: Case,
    work: Work | None = None,
) -> Stability:
    """Analyse what a request asks for.

    Parameters
    ----------
    request, case
        What is asked, and the case that it names, read.
    work
        How the work is watched and stopped.

    Returns
    -------
    Stability
        As :func:`stability` gives it; ``partial`` in its provenance where it was stopped on the way.

    Raises
    ------
    RequestError
        If the case has no section ``stability``, or lacks what is asked for, or is too large for the machine.
    """
    work, whole = work or Work(), prepared(case, None, request.as_of)
    count = _element(whole).states.count
    wanted = _concepts(request.horizons)
    concepts = tuple(c for c in wanted if count <= MOST.get(c, count))
    asked = _Work(whole, request, concepts, work.progress, work.stop)
    for concept in wanted:
        if concept not in asked.concepts:
            asked.skip(f"{concept_title(concept)} stability: it is looked at for up to {MOST[concept]:,} states")
    accounts = list(whole.scenario.accounts) if request.account is None else []
    each = request.rankings // (2 * len(accounts)) if accounts else 0
    fixed = fixed_readings(whole, request.account, request.readings)
    plain = asked.plain(fixed, request.rankings - each * len(accounts))
    told = tuple(asked.told(name, request.readings, each) for name in accounts)
    provenance = replace(plain.provenance, worlds=asked.sampled, partial=asked.partial)
    return replace(plain, by_account=told, provenance=provenance, skipped=tuple(asked.skipped))


def _concepts(horizons: Sequence[int]) -> tuple[str, ...]:
    """Return the concepts to look at, limited moves of the horizons asked for among them."""
    plain = [name for name in CONCEPTS if not name.startswith("l")]
    limited = [f"l{horizon}" for horizon in sorted(set(horizons))]
    return tuple(plain[:-1] + limited + plain[-1:])


def _equilibria(stable: Stable) -> Equilibria:
    every = list(stable.values())
    return {
        concept: tuple(sorted(set.intersection(*(set(concepts[concept]) for concepts in every))))
        for concept in every[0]
    }


def _numbers(truths: NDArray[np.bool_] | np.bool_) -> tuple[int, ...]:
    """Return the numbers, from 1, of the states for which something holds."""
    return tuple((np.flatnonzero(truths) + 1).tolist())


def _states(element: ConflictElement) -> tuple[State, ...]:
    """Word every state: its name, what each option is in it, and which are taken."""
    names = {number: name for name, number in element.names.items()}
    plain = {o for o, words in zip(element.states.options, element.states.alternatives, strict=True) if not words}
    found = []
    for number in range(1, element.states.count + 1):
        values = element.states.values(number)
        taken = (o if o in plain else f"{o}.{v}" for o, v in values.items() if o not in plain or v == "true")
        name = names.get(number, "")
        found.append(State(number, name, element.notes.get(name, ""), values, tuple(taken)))
    return tuple(found)


def _element(case: Case) -> ConflictElement:
    if case.elements.conflict is None:
        raise RequestError(f"{case.name} has no section stability; describe the conflict there to ask what could hold")
    return case.elements.conflict


@dataclass
class _Work:
    """What every telling of one case is asked, what was left out of the answers, and how much was sampled."""

    case: Case
    request: StabilityRequest
    concepts: tuple[str, ...]
    progress: Callable[[int], None] | None
    stop: threading.Event | None
    sampled: int = 0
    partial: bool = False
    skipped: list[str] = field(default_factory=list)

    @property
    def sanctions(self) -> str:
        """The rule of sanctioning sequences."""
        return self.request.sanctions

    def plain(self, readings: Mapping[str, str], rankings: int) -> Stability:
        """Return everything but what the accounts tell."""
        case, element = self.case, _element(self.case)
        conflict = conflict_of(case, readings)
        stable = self.stable(conflict)
        equilibria = _equilibria(stable)
        coalitions, left = self.coalitions(conflict) if self.request.coalitions else ((), {})
        seen = views(element, conflict, readings, self.concepts, self.sanctions)
        as_of, asked = case.scenario.as_of.isoformat(), self.request
        made = Provenance(case.name, case.hash, as_of, asked.account, readings, asked.seed, 0, 1, weighted=False)
        return Stability(
            case=case,
            request=asked,
            conflict=conflict,
            provenance=made,
            sanctions=self.sanctions,
            states=_states(element),
            stable=stable,
            equilibria=equilibria,
            unknown=self.unknown(conflict),
            strong=self.strong(conflict),
            coalitions=coalitions,
            surviving=left,
            paths=shortest_paths(conflict, equilibria),
            views=seen.views,
            disputed=seen.disputed,
            by_own_view=seen.everybody,
            robustness=self.robustness(conflict, readings, rankings),
        )

    def stable(self, conflict: Conflict) -> Stable:
        """Return the stable states by decision maker and concept."""
        found = stable_states(conflict, self.concepts, self.sanctions)
        return {
            maker: {concept: _numbers(truths[i]) for concept, truths in found.items()}
            for i, maker in enumerate(conflict.makers)
        }

    def coalitions(self, conflict: Conflict) -> tuple[tuple[CoalitionStability, ...], Equilibria]:
        """Return how states stand against coalitions: those the case names, or every one of a few decision makers."""
        named = _element(self.case).coalitions
        if conflict.count > LARGEST:
            self.skip(f"coalitions: they are looked at for up to {LARGEST:,} states")
            return (), {}
        if named is None and len(conflict.makers) > MANY_MAKERS:
            self.skip(f"coalitions: of more than {MANY_MAKERS} decision makers only those that the case names")
            return (), {}
        given = every_coalition(conflict) if named is None else named
        known = Coalitions(conflict, self.sanctions)
        joined = (coalition_stability(conflict, members, sanctions=self.sanctions, known=known) for members in given)
        return tuple(joined), surviving(conflict, given, sanctions=self.sanctions, known=known)

    def unknown(self, conflict: Conflict) -> Mapping[str, Equilibria]:
        """Return the equilibria by type of stability under unknown preference; none where all are known."""
        if not any(map(len, conflict.unknown)):
            return {}
        if conflict.count > MOST_UNKNOWN:
            self.skip(f"unknown preferences: they are looked at for up to {MOST_UNKNOWN:,} states")
            return {}
        found = unknown_preference(conflict, self.sanctions)
        return {kind: {c: _numbers(held.all(axis=0)) for c, held in by.items()} for kind, by in found.items()}

    def strong(self, conflict: Conflict) -> Mapping[str, Equilibria]:
        """Return the equilibria that are strong, and those that are weak; none where no preference is strong."""
        if not conflict.levels.any():
            return {}
        found = preference_degrees(conflict, self.sanctions)
        strongly = {concept: held.all(axis=0) for concept, held in found["strong"].items()}
        # Weak for somebody, and for everybody else at least that.
        weakly = {c: (found["strong"][c] | found["weak"][c]).all(axis=0) & ~held for c, held in strongly.items()}
        return {
            degree: {concept: _numbers(held) for concept, held in by.items()}
            for degree, by in (("strong", strongly), ("weak", weakly))
        }

    def robustness(self, conflict: Conflict, readings: Mapping[str, str], rankings: int) -> Robustness | None:
        """Return how stable states are under other rankings; None where none is asked for, or was done in time."""
        if not rankings:
            return None
        if conflict.count > MOST_SAMPLED:
            self.skip(f"other rankings: they are sampled for up to {MOST_SAMPLED:,} states")
            return None
        found = robustness(
            self.case, conflict, rankings=rankings, seed=self.request.seed, readings=readings, sanctions=self.sanctions,
            work=Work(progress=self.progress, stop=self.stop),
        )  # fmt: skip
        self.sampled += 0 if found.settled else found.rankings
        self.partial |= found.rankings < rankings and not (found.settled and found.rankings)
        return found if found.rankings else None

    def told(self, account: str, readings: Mapping[str, str], rankings: int) -> AccountStability:
        """Return what holds as an account tells it."""
        fixed = {**fixed_readings(self.case, account), **readings}
        conflict = conflict_of(self.case, fixed)
        stable, robust = self.stable(conflict), self.robustness(conflict, fixed, rankings)
        title = self.case.account(account).title
        return AccountStability(account, title, fixed, stable, _equilibria(stable), robust)

    def skip(self, what: str) -> None:
        """Note what is left out, once."""
        if what not in self.skipped:
            self.skipped.append(what)
