"""Whose choice is what: the options in the hands of each decision maker of a conflict."""

from __future__ import annotations

from collections.abc import Mapping

from detente.errors import nearest
from detente.scenario.document import Path_
from detente.scenario.elements import OptionElement
from detente.scenario.model import DecisionMaker, Scenario
from detente.scenario.naming import Naming

__all__ = ["Hands", "title_of"]

MOST_ALTERNATIVES = 127
"""Alternatives of one option beyond which its position would not fit where it is kept."""


class Hands:
    """Gives options to decision makers, each to one; faults are noted where they stand.

    Parameters
    ----------
    naming
        The names of the case; takes the faults.
    options
        All options of the case.

    Attributes
    ----------
    refused
        Names that were given to somebody and are those of no option.
    """

    def __init__(self, naming: Naming, options: Mapping[str, OptionElement]) -> None:
        self.naming, self.all, self.fault = naming, options, naming.fault
        self.owners: dict[str, str] = {}
        self.refused: set[str] = set()

    def options_of(self, name: str, entry: DecisionMaker, path: Path_) -> tuple[str, ...]:
        """Return the options in one decision maker's hands, each in nobody else's."""
        actors = self.actors_of(name, entry, path)
        if not set(actors) <= set(self.naming.scenario.actors):
            return ()
        held = [option.name for actor in actors for option in self.all.values() if option.actor == actor]
        if entry.options is None:
            # What an equation gives is nobody's choice, unless the case says so by naming it.
            found = [(one, path) for one in held if self.all[one].equation is None]
        else:
            found = [(one, (*path, "options", position)) for position, one in enumerate(entry.options)]
        kept = [option for option, here in found if self.in_hand(option, name, held, here)]
        if not found:
            wrong = f"'{name}' has no options, so that there is nothing for it to decide"
            self.fault(path, wrong, "add options of its actors, or leave it out")
        return tuple(kept)

    def in_hand(self, option: str, maker: str, held: list[str], path: Path_) -> bool:
        """Say whether a decision maker may have an option; if not, note why."""
        if option not in self.all:
            mend = nearest(option, set(held) or set(self.all)) or "declare it under options"
            self.fault(path, f"no option is called '{option}'", mend)
            self.refused.add(option)
            return False
        if option not in held:
            actor = self.all[option].actor
            wrong = f"'{option}' is an option of {actor}, who is not among the actors of '{maker}'"
            self.fault(path, wrong, f"add {actor} to its actors, or leave the option out")
            return False
        if option in self.owners:
            other = self.owners[option]
            wrong = f"'{option}' is in the hands of both '{other}' and '{maker}'"
            if other == maker:
                wrong = f"'{option}' stands twice among the options of '{maker}'"
            self.fault(path, wrong, "leave it with one of them" if other != maker else "name it once")
            return False
        self.owners[option] = maker
        if len(self.all[option].alternatives) > MOST_ALTERNATIVES:
            came = len(self.all[option].alternatives)
            wrong = f"expected at most {MOST_ALTERNATIVES} alternatives in a conflict, came {came}"
            self.fault(self.all[option].path, wrong, "join some of them, or leave the option out of the conflict")
            return False
        return True

    def actors_of(self, name: str, entry: DecisionMaker, path: Path_) -> list[str]:
        """Return who acts under a decision maker's name, as far as the case knows them."""
        known = self.naming.scenario.actors
        if entry.actors is None:
            if name not in known:
                mend = nearest(name, set(known)) or "add it under actors, or list who acts under this name: actors: […]"
                self.fault(path, f"no actor is called '{name}'", mend)
            return [name]
        for position, actor in enumerate(entry.actors):
            here: Path_ = (*path, "actors", position)
            self.naming.actor(actor, here)
            if actor in entry.actors[:position]:
                self.fault(here, f"'{actor}' stands twice", "name each once")
        return list(dict.fromkeys(entry.actors))


def title_of(name: str, entry: DecisionMaker, scenario: Scenario) -> str:
    """Return how a decision maker is called in the brief."""
    actors = entry.actors or [name]
    actor = scenario.actors.get(actors[0]) if len(actors) == 1 else None
    return entry.name or (actor.name if actor is not None and actor.name else name.replace("_", " "))
