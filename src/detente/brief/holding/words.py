"""The words of the section on stability: concepts, states, lists of them, shares of rankings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.brief.naming import plain
from detente.scenario.elements import ConflictElement
from detente.stability.conflict import Conflict, conflict_of
from detente.stability.explanation import Explainer, Reason
from detente.stability.result import Equilibria, Robustness, Stability, State
from detente.stability.wording import Wording

__all__ = [
    "BASIC",
    "Words",
    "abbreviation",
    "listing",
    "lowered",
    "opened",
    "possessive",
    "rankings",
    "strength",
    "valued",
]

BASIC = ("nash", "gmr", "smr", "seq")
"""The four that the field always gives; the others stand behind them."""
ABBREVIATIONS = {
    "nash": "R", "gmr": "GMR", "smr": "SMR", "seq": "SEQ", "sseq": "SSEQ", "sim": "SIM", "non_myopic": "NM",
}  # fmt: skip
STRENGTH = {"nash": 0, "sseq": 1, "non_myopic": 1, "seq": 2, "smr": 3, "gmr": 5}
OTHER_STRENGTH = 4
WEAKEST = 9
MOST_NUMBERS = 12


def abbreviation(concept: str) -> str:
    """Return the field's letters for a concept: ``L3`` is limited move of horizon 3."""
    return ABBREVIATIONS.get(concept, concept.upper())


def strength(concepts: Iterable[str]) -> int:
    """Return how strong an equilibrium is: 0 where nobody has a move he likes, up to 9 where it is none."""
    return min((STRENGTH.get(concept, OTHER_STRENGTH) for concept in concepts), default=WEAKEST)


def listing(parts: Sequence[str]) -> str:
    """Write a list: ``one, two and three``."""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


def opened(text: str) -> str:
    """Write the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Write what began a sentence inside of one."""
    return text[:1].lower() + text[1:]


def possessive(name: str) -> str:
    """Write whose something is."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def valued(value: str) -> str:
    """Write what an option is: ``yes``, ``no`` or an alternative."""
    return {"true": "yes", "false": "no"}.get(value, plain(value))


def rankings(share: float, of: int) -> str:
    """Write a share of the sampled rankings as a count of them."""
    count = round(share * of)
    return f"{'none' if count == 0 else 'all' if count == of else f'{count:,}'} of {of:,}"


@dataclass(frozen=True)
class Words:
    """Words for the states and decision makers of one analysis. States count from 1."""

    stability: Stability

    @cached_property
    def element(self) -> ConflictElement:
        """The conflict as the case describes it."""
        element = self.stability.case.elements.conflict
        assert element is not None  # there is no result without one
        return element

    @cached_property
    def makers(self) -> dict[str, str]:
        """How each decision maker is called, in the order of the conflict."""
        return {maker.name: maker.title for maker in self.element.makers}

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that were asked for."""
        return tuple(self.stability.equilibria)

    @cached_property
    def basic(self) -> tuple[str, ...]:
        """Those of the four that were asked for; all, where none of the four was."""
        return tuple(concept for concept in self.concepts if concept in BASIC) or self.concepts

    @cached_property
    def leading(self) -> str:
        """The concept that sentences speak of first: the strongest, after Nash, under which anything holds."""
        for concept in ("seq", "smr", "gmr", "nash"):
            if self.stability.equilibria.get(concept):
                return concept
        return self.basic[0]

    @cached_property
    def _conflicts(self) -> dict[tuple[tuple[str, str], ...], Conflict]:
        return {tuple(sorted(self.readings.items())): self.stability.conflict}

    def conflict_as(self, readings: Mapping[str, str]) -> Conflict:
        """Return the conflict as certain readings tell it, built once for each set of them."""
        key = tuple(sorted(readings.items()))
        if key not in self._conflicts:
            self._conflicts[key] = conflict_of(self.stability.case, readings)
        return self._conflicts[key]

    def reason(self, number: int, maker: str, concept: str, readings: Mapping[str, str]) -> Reason:
        """Tell why a state is stable for a decision maker or not, as certain readings tell the conflict.

        Parameters
        ----------
        number
            The state's number, from 1.
        maker, concept
            For whom, and under which concept.
        readings
            The reading of each switch that is settled.

        Returns
        -------
        Reason
            As :func:`detente.stability.explanation.why_stable` gives it.
        """
        conflict = self.conflict_as(readings)
        wording = Wording(self.stability.case, conflict, readings)
        place = conflict.makers.index(maker)
        return Explainer(wording, place, number - 1, self.stability.sanctions).reason(concept)

    @cached_property
    def readings(self) -> Mapping[str, str]:
        """The readings that the plain analysis fixes."""
        return self.stability.provenance.readings

    def entry(self, number: int) -> State:
        """Return a state."""
        return self.stability.states[number - 1]

    def name(self, number: int) -> str:
        """Return the name of a state, in words; nothing where it has none."""
        return plain(self.entry(number).name)

    def state(self, number: int) -> str:
        """Write a state with its name: ``state 4 (the truce holds)``."""
        name = self.name(number)
        return f"state {number} ({name})" if name else f"state {number}"

    def states(self, numbers: Sequence[int], most: int = MOST_NUMBERS) -> str:
        """Write several states: ``states 4 (the truce holds) and 9``."""
        if len(numbers) == 1:
            return self.state(numbers[0])
        shown = [f"{n} ({self.name(n)})" if self.name(n) else str(n) for n in numbers[:most]]
        if len(numbers) > most:
            return f"states {', '.join(shown)} and {len(numbers) - most} more"
        return f"states {listing(shown)}"

    def short(self, option: str) -> str:
        """Write an option shortly, by its name without its actor's."""
        return plain(option.partition(".")[2])

    def long(self, option: str) -> str:
        """Write an option as the case words it."""
        return self.stability.case.elements.options[option].says or self.short(option)

    def owner(self, option: str) -> str:
        """Write which decision maker has an option."""
        return next(maker.title for maker in self.element.makers if option in maker.options)

    def either(self, number: int) -> frozenset[str]:
        """Return the options that may be this or that in a state which stands for several combinations."""
        states = self.element.states
        if states.count == len(states.codes):
            return frozenset()
        codes = states.codes[states.state_of == number - 1]
        digits = codes[:, None] // states.places % np.asarray(states.sizes)
        return frozenset(
            name for name, column in zip(states.options, digits.T, strict=True) if len(np.unique(column)) > 1
        )

    def told(self, number: int) -> str:
        """Write what everybody does in a state."""
        entry, either = self.entry(number), self.either(number)
        parts = []
        for maker in self.element.makers:
            done = []
            for option in maker.options:
                value = entry.values[option]
                if option in either:
                    continue
                if value == "true":
                    done.append(self.short(option))
                elif value != "false":
                    done.append(f"{self.short(option)}: {plain(value)}")
            loose = [self.short(option) for option in maker.options if option in either]
            text = ", ".join(done) or ("anything" if loose else "none of its options")
            parts.append(f"{maker.title}: {text}" + (f" ({' and '.join(loose)}: either)" if loose and done else ""))
        return "; ".join(parts)

    def under(self, number: int, equilibria: Equilibria, concepts: Iterable[str] | None = None) -> list[str]:
        """Return the concepts under which a state is an equilibrium.

        Parameters
        ----------
        number
            The state's number, from 1.
        equilibria
            By concept, the states that are equilibria.
        concepts
            Those to look at; by default all.

        Returns
        -------
        list
            In the order of the concepts.
        """
        wanted = self.concepts if concepts is None else tuple(concepts)
        return [concept for concept in wanted if number in equilibria.get(concept, ())]

    def letters(self, number: int, equilibria: Equilibria) -> str:
        """Write the basic concepts under which a state is an equilibrium; a dash for none."""
        return " ".join(abbreviation(concept) for concept in self.under(number, equilibria, self.basic)) or "–"

    def counted(self, numbers: Sequence[int], most: int = MOST_NUMBERS) -> str:
        """Write states by number while there are few of them, else how many there are."""
        return self.states(numbers) if len(numbers) <= most else f"{len(numbers):,} states"

    def grouped(self, found: Equilibria, concepts: Iterable[str]) -> list[str]:
        """Write states by concept, concepts of the same states together: ``states 4 and 9 (R, SEQ)``."""
        alike: dict[tuple[int, ...], list[str]] = {}
        for concept in concepts:
            if states := tuple(sorted(found.get(concept, ()))):
                alike.setdefault(states, []).append(abbreviation(concept))
        return [f"{self.counted(states)} ({', '.join(letters)})" for states, letters in alike.items()]

    def share(self, robustness: Robustness, concept: str, number: int) -> str:
        """Write in how many of the sampled rankings a state is an equilibrium, with the interval.

        Parameters
        ----------
        robustness
            The shares of sampled rankings.
        concept
            The concept.
        number
            The state's number, from 1.

        Returns
        -------
        str
            A count of rankings with the ends of its interval; yes or no where one ranking is all there is.
        """
        of = robustness.rankings
        share = robustness.equilibria.get(concept, {}).get(number, 0.0)
        if robustness.settled:
            return "yes" if share else "no"
        low, high = robustness.interval.get(concept, {}).get(number, (share, share))
        ends = f" ({round(low * of):,} to {round(high * of):,})" if round(low * of) != round(high * of) else ""
        return f"{round(share * of):,}{ends}"
