"""Join what was written: give every number a name, parse every expression, and infer what kind each thing is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from detente.equations import FUNCTIONS, Kind, Node, Unit, UnitSystem, names_in, walk
from detente.equations.syntax import Aggregate, Call, Compare, Conditional, Logical, Name, On, Truth, Unary
from detente.scenario.accounts import join_accounts
from detente.scenario.choosing import Choosing
from detente.scenario.conflicting import join_conflict
from detente.scenario.document import Document, Path_
from detente.scenario.elements import BoundElement, Elements, Equation, ShockElement, StockElement
from detente.scenario.expecting import join_expectations
from detente.scenario.model import Bounded, Entry, Scenario, Variable
from detente.scenario.naming import TRUTH
from detente.scenario.ordering import ordered

__all__ = ["join"]


def join(scenario: Scenario, document: Document) -> Elements:
    """Build the elements of a case; every fault becomes a finding of the document.

    Parameters
    ----------
    scenario
        The description, already held to the model.
    document
        Where each thing stands; takes the findings.

    Returns
    -------
    Elements
        Complete only if the document has no errors afterwards.
    """
    joiner = _Joiner(scenario, document)
    joiner.numbers()
    joiner.quantities()
    joiner.choices()
    joiner.answers()
    return joiner.finished()


class _Joiner(Choosing):
    def __init__(self, scenario: Scenario, document: Document) -> None:
        super().__init__(scenario, document)
        self.stocks: dict[str, StockElement] = {}
        self.variables: dict[str, Equation] = {}
        self.shocks: dict[str, ShockElement] = {}
        self.summaries: dict[str, dict[str, Equation]] = {"measures": {}, "questions": {}, "signs": {}}
        self.known_errors: dict[str, str] = {}
        self.bounds: list[BoundElement] = []

    def quantities(self) -> None:
        for name, stock in self.scenario.stocks.items():
            path: Path_ = ("stocks", name)
            if not self.named(name, path):
                continue
            unit = self.unit(stock.unit, (*path, "unit"))
            self.kinds[name] = Kind("number", unit) if unit is not None else None
            start = self.inline(f"{name}/start", "start", name, stock.start, unit, (*path, "start"))
            change = self.tree(stock.change, (*path, "change"))
            self.stocks[name] = StockElement(
                name, unit or self.units.NONE, start, change, path, tuple(stock.claims), stock.says or ""
            )
        for actor, options in self.scenario.options.items():
            self.actor(actor, ("options", actor))
            for option, entry in options.items():
                self.option(f"{actor}.{option}", actor, entry, ("options", actor, option))
        for name, shock in self.scenario.shocks.items():
            path = ("shocks", name)
            if not self.named(name, path):
                continue
            self.kinds[name] = TRUTH
            chance = self.inline(f"{name}/chance", "chance", name, shock.chance, self.units.NONE, (*path, "chance"))
            when = self.tree(shock.when, (*path, "when"))
            self.shocks[name] = ShockElement(name, when, chance, path, tuple(shock.claims), shock.says or "")
        self.equations()
        per_day = self.units.parse("1/day")
        for name, element in self.stocks.items():
            sound = self.kinds[name] is not None
            wanted = Kind("number", self.units.multiply(element.unit, per_day) if sound else None)
            self.checked(element.change, ("stocks", name, "change"), wanted)
        for name, shocking in self.shocks.items():
            self.checked(shocking.when, ("shocks", name, "when"), TRUTH)
        for section in ("stocks", "flows", "auxiliaries"):
            for name, entry in getattr(self.scenario, section).items():
                self.bounded(name, entry, (section, name))

    def bounded(self, name: str, entry: Bounded, path: Path_) -> None:
        """Read what an element never goes beyond; plain, so that it has a value of its own on each day."""
        sides: tuple[tuple[Literal["below", "above"], str | None], ...]
        sides = (("below", entry.never_below), ("above", entry.never_above))
        for side, text in sides:
            if text is None or name not in self.kinds:
                continue
            place: Path_ = (*path, f"never_{side}")
            limit, kind = self.tree(text, place), self.kinds[name]
            if kind is not None and kind.name != "number":
                self.fault(place, f"'{name}' is a yes/no, which has no bounds", "remove it")
                continue
            self.checked(limit, place, kind)
            calls = (
                node for node in walk(limit) if isinstance(node, Call) and FUNCTIONS[node.function].kind != "plain"
            )
            for call in calls:
                self.fault(
                    place, f"'{call.function}' stands in a bound", "give it a name under auxiliaries, and name that"
                )
            self.bounds.append(BoundElement(name, side, limit, text, place))

    def equations(self) -> None:
        """Read flows and auxiliaries: first all of them, then their kinds, for they may name one another."""
        trees: dict[str, tuple[Node, Variable, str, Path_]] = {}
        for section in ("flows", "auxiliaries"):
            for name, variable in getattr(self.scenario, section).items():
                path: Path_ = (section, name)
                if not self.named(name, path):
                    continue
                place = self.where((*path, "equals"))
                trees[name] = (self.tree(variable.equals, place), variable, section, place)
        guess = _Guess({name: tree for name, (tree, _, _, _) in trees.items()}, self.kinds, self.units)
        kinds: dict[str, Kind | None] = {}
        for name, (_, variable, section, place) in trees.items():
            if variable.unit is not None or section == "flows":
                unit = self.unit(variable.unit, (section, name, "unit"))
                kinds[name] = Kind("number", unit) if unit is not None else None
            else:
                kinds[name] = None if place in self.failed else guess.kind(name)
        self.kinds.update(kinds)
        for name, (tree, variable, section, place) in trees.items():
            kind = self.kinds[name]
            if kind is not None and kind.name == "choice":
                wrong = "an auxiliary gives a number or yes/no, came a choice"
                self.fault(place, wrong, "compare it with its alternatives, or use rung(option)")
            else:
                self.checked(tree, place, kind)
            role = "flow" if section == "flows" else "auxiliary"
            self.variables[name] = Equation(
                name,
                role,
                kind or Kind("number"),
                tree,
                (section, name),
                tuple(variable.claims),
                variable.says or "",
                variable.once_a_day,
            )

    def where(self, path: Path_) -> Path_:
        """Return the path of an expression, which may stand for its whole entry."""
        return path if path in self.document.places else path[:-1]

    def answers(self) -> None:
        self.measures()
        for name, question in self.scenario.questions.items():
            self.apart(name, "questions")
            path: Path_ = ("questions", name, "answer")
            self.summary("questions", name, "question", self.tree(question.answer, path), path, None, question)
        for name, sign in self.scenario.signs.items():
            self.apart(name, "signs")
            path = ("signs", name, "see")
            self.summary("signs", name, "sign", self.tree(sign.see, path), path, TRUTH, sign)
        self.errors_and_aims()

    def measures(self) -> None:
        """Read every measure after those that it names, whatever their order in the files."""
        trees: dict[str, tuple[Node, Path_]] = {}
        for name, measure in self.scenario.measures.items():
            if self.named(name, ("measures", name)):
                path = self.where(("measures", name, "equals"))
                trees[name] = (self.tree(measure.equals, path), path)
                self.kinds[name] = None
        order, _ = ordered({name: names_in(tree) & set(trees) for name, (tree, _) in trees.items()})
        for name in order or trees:
            measure, (tree, path) = self.scenario.measures[name], trees[name]
            unit = self.unit(measure.unit, ("measures", name, "unit")) if measure.unit else None
            wanted = Kind("number", unit) if measure.unit else None
            self.summary("measures", name, "measure", tree, path, wanted, measure)

    def apart(self, name: str, section: str) -> None:
        """Refuse a question or sign with the name of anything else: what a world gives back is found by name."""
        first = self.first.get(name)
        taken = [first] if first is not None else []
        others = {"questions", "signs"} - {section}
        taken += [(other, name) for other in sorted(others) if name in self.summaries[other]]
        for other in taken:
            wrong = f"'{name}' is also the name of one of the {other[0]} at {self.document.place(other)}"
            self.fault((section, name), wrong, "rename one of them")

    def errors_and_aims(self) -> None:
        """Name the errors of what is observed and the numbers at which aims are met."""
        for name, known in self.scenario.known.items():
            if known.error is not None:
                kind = self.kinds.get(known.measure or known.follow or "")
                path: Path_ = ("known", name, "error")
                unit = _unit_of(kind)
                self.known_errors[name] = self.inline(f"{name}/error", "error", name, known.error, unit, path)
        for actor, entry in self.scenario.actors.items():
            for aim, wish in entry.wants.items():
                if wish.full is not None and wish.measure in self.summaries["measures"]:
                    unit = _unit_of(self.summaries["measures"][wish.measure].kind)
                    path = ("actors", actor, "wants", aim, "full")
                    self.inline(f"{actor}.{aim}/full", "full", f"{actor}.{aim}", wish.full, unit, path)

    def summary(
        self, section: str, name: str, role: str, node: Node, path: Path_, wanted: Kind | None, entry: Entry
    ) -> None:
        kind = self.checked(node, path, wanted, summaries=True)
        if section == "measures":
            self.kinds[name] = kind
        claims, says = tuple(entry.claims), entry.says or ""
        self.summaries[section][name] = Equation(name, role, kind or Kind("number"), node, path, claims, says)

    def finished(self) -> Elements:
        measures = self.summaries["measures"]
        declared = {name: measures[name] for name in self.scenario.measures if name in measures}
        return Elements(
            parameters=self.parameters, tables=self.tables, stocks=self.stocks, variables=self.variables,
            shocks=self.shocks, options=self.options, measures=declared,
            questions=self.summaries["questions"], signs=self.summaries["signs"],
            known_errors=self.known_errors, conflict=join_conflict(self, self.options),
            kinds={n: kind for n, kind in self.kinds.items() if kind is not None}, bounds=tuple(self.bounds),
            expectations=join_expectations(self, self.summaries["questions"]), accounts=join_accounts(self.scenario),
        )  # fmt: skip


def _unit_of(kind: Kind | None) -> Unit | None:
    return kind.unit if kind is not None else None


class _Guess:
    """Tells yes/no from number for variables that declare no unit, looking through the names they mention."""

    def __init__(self, trees: Mapping[str, Node], known: Mapping[str, Kind | None], units: UnitSystem) -> None:
        self.trees, self.known, self.number = trees, known, Kind("number", units.NONE)
        self.open: set[str] = set()
        self.found: dict[str, Kind] = {}

    def kind(self, name: str) -> Kind:
        """Return the kind of a variable; one that reads itself in a circle counts as a number."""
        known = self.known.get(name) or self.found.get(name)
        if known is not None:
            return known
        if name in self.open or name not in self.trees:
            return self.number
        self.open.add(name)
        kind = self.of(self.trees[name])
        self.open.discard(name)
        if not self.open:
            self.found[name] = kind
        return kind

    def of(self, node: Node) -> Kind:
        """Return the kind that an expression seems to have."""
        if isinstance(node, Compare | Logical | Truth) or (isinstance(node, Unary) and node.operator == "not"):
            return TRUTH
        if isinstance(node, Name):
            return self.kind(node.id)
        if isinstance(node, Conditional):
            return self.of(node.then)
        if isinstance(node, On | Aggregate):
            return self.of(node.operand)
        if isinstance(node, Call):
            if node.function == "chance":
                return TRUTH
            if node.function in ("previous", "initial"):
                return self.of(node.arguments[-1])
        return self.number
