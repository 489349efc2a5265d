"""A case: its description, its elements and what was known of it at its moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import get_args

from detente.display import Displayed, shortened
from detente.equations import UnitSystem
from detente.errors import Finding, RequestError, nearest
from detente.scenario.document import Document
from detente.scenario.elements import AccountElement, Elements
from detente.scenario.model import Claim, DecisionRule, Scenario
from detente.scenario.record import Observation

__all__ = ["Case"]


@dataclass(frozen=True)
class Case(Displayed):
    """One described crisis, ready to be worked on by every method.

    Parameters
    ----------
    folder
        Where its files are.
    scenario
        The description as written.
    elements
        Its named things, joined.
    document
        The place of every part in the files.
    observations
        The rows of its record known by ``as_of``.
    hash
        SHA-256 of the description, of what was known and of the tables of its reference classes.
    warnings
        What the checks found that does not stop a run.
    first_cut
        Where the case is looked at as of several moments, the first of them; None for ``as_of``.
    """

    folder: Path
    scenario: Scenario
    elements: Elements
    document: Document
    observations: tuple[Observation, ...]
    hash: str
    units: UnitSystem
    warnings: tuple[Finding, ...] = field(default=())
    first_cut: dt.datetime | None = None

    def __repr__(self) -> str:
        scenario = self.scenario
        told = f"{len(scenario.questions)} questions, {len(scenario.accounts)} accounts, {len(scenario.claims)} claims"
        return shortened(f"Case({self.name!r}: {told}, as of {scenario.as_of.isoformat()}, in {str(self.folder)!r})")

    @property
    def name(self) -> str:
        """The case's name."""
        return self.scenario.case

    @cached_property
    def switches(self) -> dict[str, Claim]:
        """The contested claims whose readings change the model, by name."""
        return {name: claim for name, claim in self.scenario.claims.items() if claim.is_switch}

    @property
    def free_from(self) -> dt.datetime:
        """The moment that ``as_of`` stands for in expressions: what is not in the record may happen from it on.

        Worlds that are looked at as of several moments are the same worlds, so that it is the first of these.
        """
        return min(self.first_cut or self.scenario.as_of, self.scenario.as_of)

    @property
    def newest_source(self) -> dt.datetime | None:
        """When the newest source was published that the case was written from; what was compiled later is left out.

        What is forecast from before it is *in sample*: whoever wrote the case had read what came next.
        """
        told = [
            dt.datetime.fromisoformat(source.covers_to or source.published or "")
            for source in self.scenario.sources.values()
            if (source.covers_to or source.published) and not source.compiled_later
        ]
        zone = self.scenario.as_of.tzinfo  # a day without a zone is one of the case's own
        return max((moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in told), default=None)

    def account(self, name: str) -> AccountElement:
        """Return an account by name.

        Raises
        ------
        RequestError
            If the case has no such account; it names the nearest.
        """
        accounts = self.elements.accounts
        if name not in accounts:
            mend = nearest(name, set(accounts)) or "its accounts: " + (", ".join(accounts) or "none")
            raise RequestError(f"{self.name} has no account '{name}'; {mend}")
        return accounts[name]

    def title_of(self, actor: str) -> str:
        """Return how an actor is called in the brief."""
        entry = self.scenario.actors.get(actor)
        return entry.name if entry is not None and entry.name else actor.replace("_", " ")

    def zoned(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment in the zone of the case, whose days are counted; without a zone it is taken to be in it."""
        zone = self.scenario.as_of.tzinfo
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)

    def under_rule(self, rule: DecisionRule) -> Case:
        """Return the case with another rule by which decisions are made; with its own, itself.

        Raises
        ------
        RequestError
            If there is no such rule.
        """
        if rule == self.scenario.rule:
            return self
        rules = get_args(DecisionRule)
        if rule not in rules:
            mend = nearest(rule, set(rules)) or "one of " + ", ".join(rules)
            raise RequestError(f"'{rule}' is no rule of decision; {mend}")
        scenario = self.scenario.model_copy(update={"rule": rule})
        return replace(self, scenario=scenario, hash=f"{rule}+{self.hash}")  # what comes first is kept whole

    def asking(self, questions: Collection[str]) -> Case:
        """Return the case with some of its questions only."""
        asked = {name: question for name, question in self.elements.questions.items() if name in questions}
        kept = {name: question for name, question in self.scenario.questions.items() if name in questions}
        scenario = self.scenario.model_copy(update={"questions": kept})
        return replace(self, scenario=scenario, elements=replace(self.elements, questions=asked))

    def cut(self, as_of: dt.datetime) -> Case:
        """Return the case as it stood at an earlier moment: what became known later is left out.

        A moment without a zone is taken to be in the case's own.

        Raises
        ------
        RequestError
            If the moment is later than the case's own: what came to be known in between is not in it.
        """
        as_of = self.zoned(as_of)
        if as_of > self.scenario.as_of:
            ends = self.scenario.as_of.isoformat()
            raise RequestError(f"the case ends at {ends}; choose that moment or an earlier one")
        kept = tuple(row for row in self.observations if row.known_at <= as_of)
        scenario = self.scenario.model_copy(update={"as_of": as_of})
        return replace(self, scenario=scenario, observations=kept, hash=f"{self.hash[:40]}@{as_of.isoformat()}")
