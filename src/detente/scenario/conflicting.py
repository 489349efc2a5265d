"""Join the conflict: decision makers with their options, the states that rules allow, moves and preferences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from detente.equations import Node
from detente.equations.syntax import Truth, Unary
from detente.errors import nearest
from detente.scenario.document import Path_
from detente.scenario.elements import ConflictElement, MakerElement, NoMoveElement, OptionElement, RuleElement
from detente.scenario.holding import Hands, title_of
from detente.scenario.model import DecisionMaker, NoMove, Rule, Stability
from detente.scenario.naming import RESERVED, Naming
from detente.scenario.preferring import Preferring
from detente.scenario.states import States, StatesError, clash, feasible_states, holds_in
from detente.scenario.stating import Stating

__all__ = ["join_conflict"]

SECTION = "stability"


def join_conflict(naming: Naming, options: Mapping[str, OptionElement]) -> ConflictElement | None:
    """Build the conflict of a case; every fault becomes a finding of its document.

    Parameters
    ----------
    naming
        The names of the case, its document and its description.
    options
        All options of the case.

    Returns
    -------
    ConflictElement or None
        None where the case describes no conflict, or its states cannot be built.
    """
    entry = naming.scenario.stability
    return None if entry is None else _Conflicting(naming, options, entry).joined()


class _Conflicting:
    """One pass over the section; what depends on states is left out where they cannot be built."""

    def __init__(self, naming: Naming, options: Mapping[str, OptionElement], entry: Stability) -> None:
        self.naming, self.document, self.entry, self.all = naming, naming.document, entry, options
        self.fault = naming.fault
        self.hands: dict[str, tuple[str, ...]] = {}

    def joined(self) -> ConflictElement | None:
        faults = len(self.document.findings)
        hands = Hands(self.naming, self.all)
        for name, maker in self.entry.decision_makers.items():
            self.hands[name] = hands.options_of(name, maker, (SECTION, "decision_makers", name))
        options = {name: self.all[name] for held in self.hands.values() for name in held}
        if len(self.document.findings) > faults:
            # An option left out by a slip is one fault, not also one in every expression that names it.
            options = dict(self.all)
        self.stating = Stating(self.naming, options, hands.refused)
        rules = self.rules()
        same = self.same()
        # With half its rules a conflict would have states that nobody meant.
        sound = len(self.document.findings) == faults
        states = self.states(tuple(options.values()), rules, same) if sound else None
        names = self.names(states)
        self.preferring = Preferring(self.stating, states, names)
        makers = tuple(self.maker(name, maker) for name, maker in self.entry.decision_makers.items())
        irreversible, no_moves = self.irreversible(options), self.no_moves()
        coalitions, start, day = self.coalitions(), self.start(options, states, rules), self.day()
        if states is None:
            return None
        return ConflictElement(
            says=self.entry.says or "", makers=makers, options=tuple(options), rules=rules, irreversible=irreversible,
            no_moves=no_moves, same=same, states=states,
            names={name: number for name, number in names.items() if number is not None},
            notes={name: one.says for name, one in self.entry.names.items() if one.says is not None},
            start=start, coalitions=coalitions, day=day, path=(SECTION,),
        )  # fmt: skip

    # Who decides, and for what

    def maker(self, name: str, entry: DecisionMaker) -> MakerElement:
        """Read one decision maker's preferences, its own and those it believes others to have."""
        path: Path_ = (SECTION, "decision_makers", name)
        actors = tuple(dict.fromkeys(entry.actors or [name]))
        title = title_of(name, entry, self.naming.scenario)
        preference = self.preferring.preference(entry, path)
        sees = {}
        for other, seen in entry.sees.items():
            here: Path_ = (*path, "sees", other)
            if other == name or other not in self.entry.decision_makers:
                wrong = f"no other decision maker is called '{other}'"
                mend = nearest(other, set(self.entry.decision_makers) - {name}) or "name one of the others"
                self.fault(here, wrong, mend)
            sees[other] = self.preferring.preference(seen, here)
        return MakerElement(name, title, actors, self.hands[name], preference, sees, path)

    # Which states can be

    def rules(self) -> tuple[RuleElement, ...]:
        found = [self.rule(rule, (SECTION, "rules", position)) for position, rule in enumerate(self.entry.rules)]
        return tuple(rule for rule in found if rule is not None)

    def rule(self, entry: Rule, path: Path_) -> RuleElement | None:
        key = "never" if entry.never is not None else "only"
        node = self.stating.expression(entry.never or entry.only or "", (*path, key))
        if node is None:
            return None
        node = Unary("not", node, place=node.place) if key == "never" else node
        return RuleElement(node, entry.says or "", tuple(entry.claims), path)

    def same(self) -> tuple[Node, ...]:
        texts = enumerate(self.entry.same)
        found = [self.stating.expression(text, (SECTION, "same", position)) for position, text in texts]
        return tuple(node for node in found if node is not None)

    def states(
        self, options: tuple[OptionElement, ...], rules: tuple[RuleElement, ...], same: tuple[Node, ...]
    ) -> States | None:
        """Build the states; None, once noted, where there are none or too many."""
        nodes = [rule.node for rule in rules]
        choices = [(option.name, option.alternatives) for option in options]
        try:
            return feasible_states(choices, nodes, same)
        except StatesError as error:
            if error.count != 0:
                self.fault((SECTION,), error.wrong, error.mend)
                return None
        clashing = [rules[position] for position in clash(choices, nodes)]
        many = len(clashing) > 1
        wrong = f"no state is left: {self.shown(clashing)} {'cannot all hold' if many else 'can never hold'}"
        self.fault(clashing[0].path, wrong, "loosen one of them" if many else "correct it")
        return None

    def shown(self, rules: Sequence[RuleElement]) -> str:
        """Write rules as in the file, each with its place."""
        texts = []
        for rule in rules:
            entry = self.entry.rules[int(rule.path[-1])]
            word, text = ("only", entry.only) if entry.never is None else ("never", entry.never)
            texts.append(f"'{word}: {' '.join((text or '').split())}' ({self.document.place(rule.path)})")
        return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))

    def names(self, states: States | None) -> dict[str, int | None]:
        """Return the numbers of states that have names, each one; None for a name whose fault is noted."""
        found: dict[str, int | None] = {}
        for name, entry in self.entry.names.items():
            path: Path_ = (SECTION, "names", name)
            found[name] = None
            if name in RESERVED:
                self.fault(path, f"'{name}' is a word of the language", "choose another name")
            node = self.stating.expression(entry.equals, (*path, "is"))
            if node is None or states is None:
                continue
            positions = np.flatnonzero(states.holds(node))
            number = int(positions[0]) + 1 if len(positions) else 0
            if len(positions) != 1:
                few = ", ".join(str(position + 1) for position in positions[:5]) + (", …" if len(positions) > 5 else "")
                wrong = (
                    f"'{name}' holds in {len(positions):,} states ({few})" if number else f"'{name}' holds in no state"
                )
                self.fault(path, wrong, "write what holds in one state and in no other")
            elif number in found.values():
                other = next(one for one, known in found.items() if known == number)
                self.fault(path, f"state {number} is already called '{other}'", "give a state one name")
            else:
                found[name] = number
        return found

    def start(
        self, options: Mapping[str, OptionElement], states: States | None, rules: tuple[RuleElement, ...]
    ) -> int | None:
        """Return the number of the status quo; None where it is not given and cannot be derived."""
        given = self.entry.start or {}
        values = {}
        for name, option in options.items():
            values[name] = (option.alternatives or ("false", "true"))[option.start]
        faults = len(self.document.findings)
        for name, value in given.items():
            path: Path_ = (SECTION, "start", name)
            if not self.of_the_conflict(name, options, path):
                continue
            allowed = options[name].alternatives or ("false", "true")
            if value not in allowed:
                mend = nearest(value, set(allowed)) or "one of " + ", ".join(allowed)
                self.fault(path, f"'{value}' is none of the alternatives of {name}", mend)
            values[name] = value
        if states is None or len(self.document.findings) > faults:
            return None
        number = states.find(values)
        if number is None and given:
            broken = [rule for rule in rules if not self.satisfied(rule, values, options)]
            self.fault((SECTION, "start"), f"the status quo breaks {self.shown(broken)}", "correct one of them")
        return number

    def satisfied(self, rule: RuleElement, values: Mapping[str, str], options: Mapping[str, OptionElement]) -> bool:
        """Say whether one combination of options keeps a rule."""
        return holds_in(rule.node, values, {name: option.alternatives for name, option in options.items()})

    # How one moves

    def of_the_conflict(self, name: str, options: Mapping[str, OptionElement], path: Path_) -> bool:
        """Say whether a name is that of an option of this conflict; if not, note it."""
        if name in options or name in self.stating.refused:
            return name in options
        wrong = f"no option of this conflict is called '{name}'"
        if name in self.all:
            wrong = f"'{name}' is an option, and no decision maker of this conflict has it"
        self.fault(path, wrong, nearest(name, set(options)) or "use the options of the decision makers")
        return False

    def irreversible(self, options: Mapping[str, OptionElement]) -> dict[str, str]:
        """Return which options can be moved one way only."""
        found = {name: "taken" for name, option in options.items() if option.lasting}
        for name, way in self.entry.irreversible.items():
            path: Path_ = (SECTION, "irreversible", name)
            if not self.of_the_conflict(name, options, path):
                continue
            if way == "given_up" and options[name].lasting:
                wrong = f"'{name}' is lasting: once taken it stays, and cannot be given up"
                self.fault(path, wrong, "remove 'lasting' there, or this")
            if way == "given_up" and options[name].alternatives and not options[name].ordered:
                wrong = f"'{name}' is one of several, of which none is given up"
                self.fault(path, wrong, "write taken: once it has left its start it stays")
            found[name] = way
        return found

    def no_moves(self) -> tuple[NoMoveElement, ...]:
        found = [self.no_move(move, (SECTION, "no_moves", place)) for place, move in enumerate(self.entry.no_moves)]
        return tuple(move for move in found if move is not None)

    def no_move(self, entry: NoMove, path: Path_) -> NoMoveElement | None:
        self.known_maker(entry.by, (*path, "by"))
        ends: list[Node | None] = []
        for key, text in (("from", entry.leaving), ("to", entry.arriving)):
            ends.append(Truth(True) if text is None else self.stating.expression(text, (*path, key)))
        leaving, arriving = ends
        if leaving is None or arriving is None:
            return None
        return NoMoveElement(entry.by, leaving, arriving, entry.says or "", tuple(entry.claims), path)

    def known_maker(self, name: str, path: Path_) -> None:
        """Refuse the name of a decision maker that the conflict does not have."""
        if name not in self.entry.decision_makers:
            mend = nearest(name, set(self.entry.decision_makers)) or "name one of the decision makers"
            self.fault(path, f"no decision maker is called '{name}'", mend)

    def coalitions(self) -> tuple[tuple[str, ...], ...] | None:
        """Return the coalitions to look at; None for every one."""
        if self.entry.coalitions is None:
            return None
        found: list[tuple[str, ...]] = []
        for position, members in enumerate(self.entry.coalitions):
            path: Path_ = (SECTION, "coalitions", position)
            for place, member in enumerate(members):
                self.known_maker(member, (*path, place))
                if member in members[:place]:
                    self.fault((*path, place), f"'{member}' stands twice in one coalition", "name each once")
            if any(set(members) == set(other) for other in found):
                self.fault(path, "this coalition is listed already", "remove one of them")
            found.append(tuple(members))
        return tuple(found)

    def day(self) -> int:
        """Return the day, from 0, on which the simulation's states are compared."""
        scenario = self.naming.scenario
        if self.entry.compared_on is None:
            return scenario.days - 1
        first = dt.date.fromisoformat(scenario.starts)
        day = (dt.date.fromisoformat(self.entry.compared_on) - first).days
        if not 0 <= day < scenario.days:
            ends = dt.date.fromordinal(min(first.toordinal() + scenario.days - 1, dt.date.max.toordinal()))
            wrong = f"{self.entry.compared_on} lies outside the days of the case, {first} to {ends}"
            self.fault((SECTION, "compared_on"), wrong, "choose a day within, or raise 'days'")
        return day
