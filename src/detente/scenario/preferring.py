"""Join what is preferred: statements in their order, rankings by number or name, pairs that nobody can compare."""

from __future__ import annotations

import re
from collections.abc import Mapping

from detente.errors import nearest
from detente.scenario.document import Path_
from detente.scenario.elements import PreferenceElement, StatementElement
from detente.scenario.model import Preference, Statement
from detente.scenario.states import States
from detente.scenario.stating import Stating

__all__ = ["Preferring"]

A_NUMBER = re.compile(r"-?[0-9]{1,9}")
SHOWN = 8
"""Numbers of states that a message lists before it says how many more there are."""


class Preferring:
    """Reads preferences over the states of a conflict.

    Parameters
    ----------
    stating
        Reads expressions over its options.
    states
        Its states; None where they could not be built, and then nothing that numbers them is looked at.
    names
        The names of states, with their numbers from 1; None for one whose fault is noted.
    """

    def __init__(self, stating: Stating, states: States | None, names: Mapping[str, int | None]) -> None:
        self.stating, self.states, self.names = stating, states, names
        self.fault = stating.document.fault

    def preference(self, entry: Preference, path: Path_) -> PreferenceElement:
        """Read one preference."""
        ranking = self.ranking(entry, path) if entry.ranking is not None else None
        return PreferenceElement(
            statements=self.statements(entry, path),
            ranking=ranking,
            strong_after=self.strong_after(entry, ranking or (), path),
            partial=entry.partial,
            unknown=self.unknown(entry, path),
            claims=tuple(entry.claims),
            path=path,
        )

    def statements(self, entry: Preference, path: Path_) -> tuple[StatementElement, ...]:
        """Read the statements, most important first; those in any order share a tier."""
        found: list[StatementElement | None] = []
        for tier, statement in enumerate(entry.prefers or ()):
            here: Path_ = (*path, "prefers", tier)
            if statement.any_order is None:
                found.append(self.statement(statement, tier, here))
            for position, inner in enumerate(statement.any_order or ()):
                found.append(self.statement(inner, tier, (*here, "any_order", position)))
        return tuple(statement for statement in found if statement is not None)

    def statement(self, entry: Statement, tier: int, path: Path_) -> StatementElement | None:
        """Read one statement; None, once noted, if its expression has a fault."""
        self.stating.naming.readings_exist(entry.when or {}, (*path, "when"))
        node = self.stating.expression(entry.wants or "", (*path, "wants"))
        if node is None:
            return None
        when = tuple((entry.when or {}).items())
        return StatementElement(node, entry.says or "", tuple(entry.claims), when, entry.strong, tier, path)

    def ranking(self, entry: Preference, path: Path_) -> tuple[tuple[int, ...], ...] | None:
        """Read a ranking; note states that do not exist, stand twice or, unless it is partial, are missing."""
        if self.states is None:
            return None
        here: Path_ = (*path, "ranking")
        levels: list[tuple[int, ...]] = []
        seen: set[int] = set()
        sound = True
        for position, level in enumerate(entry.ranking or ()):
            numbers = []
            for place, text in enumerate(level):
                item = self.stating.written((*here, position, place))
                number = self.state(text, item)
                if number in seen:
                    self.fault(item, f"state {self.called(number)} stands twice in the ranking", "name each once")
                sound &= number is not None and number not in seen
                if number is not None:
                    seen.add(number)
                    numbers.append(number)
            levels.append(tuple(numbers))
        missing = [number for number in range(1, self.states.count + 1) if number not in seen]
        if sound and missing and not entry.partial:
            wrong = f"the ranking leaves out {len(missing)} of {self.states.count} states: {self.listed(missing)}"
            self.fault(here, wrong, "add them, or write 'partial: true' if how they compare is unknown")
        return tuple(levels)

    def strong_after(self, entry: Preference, ranking: tuple[tuple[int, ...], ...], path: Path_) -> tuple[int, ...]:
        """Read the states below which the step down is strong; each has a step below it."""
        if self.states is None:
            return ()
        found = []
        for position, text in enumerate(entry.strong_after):
            here: Path_ = (*path, "strong_after", position)
            number = self.state(text, here)
            if number is None:
                continue
            if not any(number in level for level in ranking):
                self.fault(here, f"state {self.called(number)} is not in the ranking", "name one that is")
            elif number in ranking[-1]:
                wrong = f"no step leads down from state {self.called(number)}, which stands last in the ranking"
                self.fault(here, wrong, "name the state above the step")
            found.append(number)
        return tuple(found)

    def unknown(self, entry: Preference, path: Path_) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """Read pairs of states, or of sets of states, between which the preference is unknown."""
        found = []
        for position, (one, other) in enumerate(entry.unknown):
            here: Path_ = (*path, "unknown", position)
            sides = (self.several(one, (*here, 0)), self.several(other, (*here, 1)))
            if all(sides) and sides[0] == sides[1] and len(sides[0]) == 1:
                self.fault(here, f"state {self.called(sides[0][0])} is compared with itself", "name two states")
            found.append(sides)
        return tuple(found)

    def several(self, text: str, path: Path_) -> tuple[int, ...]:
        """Read a state by number or name, or every state in which an expression holds; nothing, once noted."""
        if A_NUMBER.fullmatch(text) or text in self.names:
            number = self.state(text, path) if self.states is not None else None
            return () if number is None else (number,)
        node = self.stating.expression(text, path)
        if node is None or self.states is None:
            return ()
        found = self.states.where(node)
        if not found:
            self.fault(path, "holds in no state", "name states that can be")
        return found

    def state(self, text: str, path: Path_) -> int | None:
        """Read a state by its number or its name; None, once noted, if there is none."""
        if self.states is None or text in self.names:
            return self.names.get(text)
        count = self.states.count
        if A_NUMBER.fullmatch(text) and 1 <= int(text) <= count:
            return int(text)
        mend = nearest(text, set(self.names)) or f"write a number from 1 to {count}, or a name given under names"
        self.fault(path, f"there is no state '{text}'", mend)
        return None

    def called(self, number: int | None) -> str:
        """Write a state's number, and its name where it has one."""
        name = next((name for name, one in self.names.items() if one == number), "")
        return f"{number} ({name})" if name else str(number)

    def listed(self, numbers: list[int]) -> str:
        """Write numbers of states, the first of them if there are many."""
        more = f" and {len(numbers) - SHOWN:,} more" if len(numbers) > SHOWN else ""
        return ", ".join(self.called(number) for number in numbers[:SHOWN]) + more
