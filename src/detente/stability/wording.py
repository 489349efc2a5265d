"""The words for states, moves and preferences: what a move does, and why somebody likes one state better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.equations import unparse
from detente.scenario import Case
from detente.scenario.document import Path_
from detente.scenario.elements import ConflictElement, MakerElement, StatementElement
from detente.stability.conflict import Conflict
from detente.stability.preferences import applies

__all__ = ["CONCEPTS", "Because", "Wording", "concept_title"]

CONCEPTS = {
    "nash": "Nash",
    "gmr": "general metarational",
    "smr": "symmetric metarational",
    "seq": "sequential",
    "sseq": "symmetric sequential",
    "sim": "simultaneous",
    "non_myopic": "non-myopic",
}
"""What each concept is called; limited move of horizon h is ``l2``, ``l3`` and so on."""


def concept_title(concept: str) -> str:
    """Return what a concept is called: ``l3`` is limited move of horizon 3."""
    return CONCEPTS.get(concept) or f"limited-move ({concept[1:]} ahead)"


@dataclass(frozen=True)
class Because:
    """Why a decision maker likes one state better than another, in words, with the claims that it rests on."""

    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """Words for one conflict of a case, under the readings that it was analysed with.

    States count from 0 here, as in :class:`Conflict`, and from 1 in what is written.
    """

    case: Case
    conflict: Conflict
    readings: Mapping[str, str]

    @property
    def element(self) -> ConflictElement:
        """The conflict as the case describes it."""
        element = self.case.elements.conflict
        assert element is not None  # there is no result without one
        return element

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """How each decision maker is called."""
        by_name = {maker.name: maker.title for maker in self.element.makers}
        return tuple(by_name[name] for name in self.conflict.makers)

    @cached_property
    def state_names(self) -> dict[int, str]:
        """The names of states that have one."""
        return {number - 1: name.replace("_", " ") for name, number in self.element.names.items()}

    def maker(self, number: int) -> MakerElement:
        """Return a decision maker as the case describes it."""
        return next(maker for maker in self.element.makers if maker.name == self.conflict.makers[number])

    def state(self, number: int) -> str:
        """Write a state: ``state 4``, with its name after it where it has one."""
        name = self.state_names.get(number)
        return f"state {number + 1}" + (f" “{name}”" if name else "")

    def states(self, numbers: list[int], most: int = 8) -> str:
        """Write a list of states."""
        if len(numbers) == 1:
            return self.state(numbers[0])
        shown = [str(number + 1) for number in numbers[:most]]
        if len(numbers) > most:
            return f"states {', '.join(shown)} and {len(numbers) - most} more"
        return f"states {', '.join(shown[:-1])} and {shown[-1]}"

    def option(self, name: str) -> str:
        """Write an option as the case words it, in quotation marks."""
        says = self.case.elements.options[name].says.strip().rstrip(".")
        return f"“{says or name.partition('.')[2].replace('_', ' ')}”"

    def move(self, maker: int, leaves: int, arrives: int, *, gerund: bool) -> str:
        """Write what a move does: ``take up “Extend the pause”``, or with ``gerund`` ``taking up …``.

        Parameters
        ----------
        maker
            Who moves, from 0.
        leaves, arrives
            The states that the move goes from and to, from 0.
        gerund
            Whether the verb ends in “-ing”.

        Returns
        -------
        str
            One phrase, what changes joined by commas and “and”.
        """
        done = []
        for position, name in enumerate(self.element.options):
            if self.conflict.owners[position] != maker:
                continue
            before, after = (int(self.conflict.digits[state, position]) for state in (leaves, arrives))
            if before != after:
                done.append(self._change(name, before, after, gerund))
        if not done:
            # Where the case calls several combinations one state, its options are those of the first of them.
            return "moving on" if gerund else "move on"
        return ", ".join(done[:-1]) + (" and " if len(done) > 1 else "") + done[-1]

    def _change(self, name: str, before: int, after: int, gerund: bool) -> str:
        option = self.case.elements.options[name]
        if not option.alternatives:
            verb = ("taking up" if gerund else "take up") if after else ("giving up" if gerund else "give up")
            return f"{verb} {self.option(name)}"
        old, new = (option.alternatives[digit].replace("_", " ") for digit in (before, after))
        return f"{'changing' if gerund else 'change'} {self.option(name)} from “{old}” to “{new}”"

    def truths(self, statement: StatementElement) -> NDArray[np.bool_]:
        """Return in which states a statement holds, ``[states]``."""
        if statement.path not in self._truths:
            self._truths[statement.path] = self.element.states.holds(statement.node)
        return self._truths[statement.path]

    @cached_property
    def _truths(self) -> dict[Path_, NDArray[np.bool_]]:
        return {}

    def wanted(self, statement: StatementElement) -> str:
        """Write what a statement wants, in the case's words or, without them, as its expression."""
        return f"“{statement.says.strip().rstrip('.') or unparse(statement.node)}”"

    def decisive(self, maker: int, better: int, worse: int) -> StatementElement | None:
        """Return the most important statement on which two states differ; None for a ranking, or where none does.

        Parameters
        ----------
        maker
            Whose preferences, from 0.
        better, worse
            Two states, from 0, of which it likes the first better.

        Returns
        -------
        StatementElement or None
            It applies under the readings and is met in one of the two only.
        """
        preference = self.maker(maker).preference
        if preference.ranking is not None:
            return None
        for statement in preference.statements:
            if applies(statement, self.readings) and (truth := self.truths(statement))[better] != truth[worse]:
                return statement
        return None

    def because(self, maker: int, better: int, worse: int) -> Because:
        """Say why a decision maker likes one state better than another, as a clause that follows ``since``.

        Parameters
        ----------
        maker
            Whose preferences, from 0.
        better, worse
            Two states, from 0, of which it likes, or is taken to like, the first better.

        Returns
        -------
        Because
            The clause, and the claims that it rests on.
        """
        if not self.is_known(maker, better, worse):
            taken = f"it is taken to like state {better + 1} better than state {worse + 1}"
            return Because(f"{taken}, though which it prefers is not known", ())
        statement = self.decisive(maker, better, worse)
        if statement is None:
            claims = self.maker(maker).preference.claims
            text = f"it ranks state {better + 1} above state {worse + 1}"
        else:
            claims = tuple(dict.fromkeys((*statement.claims, *(claim for claim, _ in statement.when))))
            text = f"{self.wanted(statement)} matters most to it of what differs and is met only in state {better + 1}"
        strong = self.conflict.levels[maker, better] > self.conflict.levels[maker, worse]
        return Because(text + (", a strong preference" if strong else "") + self.rests_on(claims), claims)

    def is_known(self, maker: int, one: int, other: int) -> bool:
        """Say whether it is known which of two states a decision maker prefers, or that it likes them equally.

        Parameters
        ----------
        maker
            Whose preferences, from 0.
        one, other
            Two states, from 0, in either order.

        Returns
        -------
        bool
            Whether the case says so: False where it declares the pair unknown.
        """
        return (min(one, other), max(one, other)) not in self._unknown[maker]

    @cached_property
    def _unknown(self) -> tuple[frozenset[tuple[int, int]], ...]:
        return tuple(frozenset((int(a), int(b)) for a, b in pairs) for pairs in self.conflict.unknown)

    def rests_on(self, claims: tuple[str, ...]) -> str:
        """Write what a reason rests on: its claims with the places that they cite."""
        if not claims:
            return ", which rests on no claim"
        return ", which rests on " + " and ".join(self.cited(claim) for claim in claims)

    def cited(self, name: str) -> str:
        """Write a claim with the places it cites, those of the reading that holds where it is contested."""
        claim = self.case.scenario.claims[name]
        places = [claim.cites] if claim.cites else []
        fixed = self.readings.get(name)
        for reading, entry in (claim.readings or {}).items():
            if entry.cites and fixed in (None, reading):
                places.append(entry.cites)
        read = f", read as {fixed.replace('_', ' ')}" if claim.readings and fixed else ""
        cites = "; ".join(dict.fromkeys(places))
        return f"claim {name.replace('_', ' ')}{read}" + (f" ({cites})" if cites else "")
