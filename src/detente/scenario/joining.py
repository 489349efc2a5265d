"""Join what was written: give every number a name, parse every expression, and infer what kind each thing is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.equations import ExpressionError, Kind, Node, Unit, UnitError, UnitSystem, infer, parse
from detente.equations.syntax import (
    Aggregate,
    Call,
    Compare,
    Conditional,
    Logical,
    Name,
    Number,
    On,
    Truth,
    Unary,
)
from detente.errors import Finding, nearest
from detente.scenario.elements import (
    DecisionElement,
    Elements,
    Equation,
    LeanElement,
    OptionElement,
    Parameter,
    ParameterArm,
    ShockElement,
    StockElement,
    TableElement,
)
from detente.scenario.files import Document, Path_, dotted
from detente.scenario.model import Decision, Entry, Lean, NumberBlock, Option, Quantity, Scenario, Variable
from detente.scenario.ranges import RangeError, read_range

__all__ = ["join"]

TRUTH = Kind("truth")
NOTHING: Node = Number(0.0)


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


class _Joiner:
    def __init__(self, scenario: Scenario, document: Document) -> None:
        self.scenario, self.document = scenario, document
        self.units = self._unit_system()
        self.parameters: dict[str, Parameter] = {}
        self.tables: dict[str, TableElement] = {}
        self.stocks: dict[str, StockElement] = {}
        self.variables: dict[str, Equation] = {}
        self.shocks: dict[str, ShockElement] = {}
        self.options: dict[str, OptionElement] = {}
        self.summaries: dict[str, dict[str, Equation]] = {"measures": {}, "questions": {}, "signs": {}}
        self.known_errors: dict[str, str] = {}
        self.kinds: dict[str, Kind] = {}
        self.first: dict[str, Path_] = {}

    # ---- small services -------------------------------------------------------------------------------------------

    def fault(self, path: Path_, wrong: str, mend: str = "") -> None:
        self.document.fault(path, wrong, mend)

    def _unit_system(self) -> UnitSystem:
        try:
            return UnitSystem(self.scenario.units)
        except UnitError as error:
            self.document.fault(("units",), error.wrong, error.mend)
            return UnitSystem([])

    def unit(self, text: str | None, path: Path_) -> Unit:
        """Read a unit; an element's unit must be a whole one, such as day and not week."""
        try:
            unit = self.units.parse(text or "1")
        except UnitError as error:
            self.fault(path, error.wrong, error.mend)
            return self.units.NONE
        if unit.factor != 1:
            wrong = f"'{text}' is {unit.factor:g} times the unit that the case reckons in"
            self.fault(path, wrong, "declare it in days and in the units listed under 'units'")
        return unit

    def named(self, name: str, path: Path_) -> None:
        """Refuse a second thing of one name."""
        if name in self.first:
            wrong = f"'{name}' is already the name of {dotted(self.first[name])} at {self.document.place(self.first[name])}"
            self.fault(path, wrong, "rename one of them")
        self.first.setdefault(name, path)

    def tree(self, text: str, path: Path_) -> Node:
        """Parse an expression; a fault is noted with its place and the tree is then just 0."""
        try:
            return parse(text, self.document.locator(path))
        except ExpressionError as error:
            self.document.findings.append(Finding(error.place, dotted(path), error.wrong, error.mend))
            return NOTHING

    def checked(self, node: Node, path: Path_, wanted: Kind | None, *, summaries: bool = False) -> Kind:
        """Infer the kind of an expression and hold it to the one wanted."""
        tables = {name: (table.along, table.up) for name, table in self.tables.items()}
        kind, faults = infer(node, self.kinds, self.units, tables, summaries=summaries, expected=wanted)
        for error in faults:
            self.document.findings.append(Finding(error.place, dotted(path), error.wrong, error.mend))
        if not faults and wanted is not None and not self.fits(node, kind, wanted):
            wrong = f"expected {described(wanted)}, came {described(kind)}"
            finding = Finding(node.place, dotted(path), wrong, "change the expression or the declared unit")
            self.document.findings.append(finding)
        return kind

    def fits(self, node: Node, kind: Kind, wanted: Kind) -> bool:
        if wanted.name == "number" and isinstance(node, Number) and node.value == 0 and node.unit is None:
            return True
        if kind.name != wanted.name:
            return False
        if wanted.name == "choice":
            return kind.alternatives == wanted.alternatives
        return wanted.unit is None or kind.unit is None or self.units.compatible(kind.unit, wanted.unit)

    # ---- numbers --------------------------------------------------------------------------------------------------

    def numbers(self) -> None:
        for section in ("constants", "uncertainties"):
            for name, entry in getattr(self.scenario, section).items():
                self.named(name, (section, name))
                self.quantity(name, entry, section)
        for name, table in self.scenario.tables.items():
            path: Path_ = ("tables", name)
            self.named(name, path)
            along = [point[0] for point in table.points]
            if any(left >= right for left, right in zip(along, along[1:], strict=False)):
                self.fault((*path, "points"), "the points do not rise along the first number", "order them")
            self.tables[name] = TableElement(
                name, self.unit(table.of, (*path, "of")), self.unit(table.unit, (*path, "unit")),
                tuple(table.points), tuple(table.claims),
            )  # fmt: skip

    def quantity(self, name: str, entry: Quantity, section: str) -> None:
        path: Path_ = (section, name)
        unit = self.unit(entry.unit, (*path, "unit"))
        role = section.removesuffix("s").replace("uncertaintie", "uncertainty")
        block = NumberBlock(range=entry.range, by_reading=entry.by_reading, claims=entry.claims, says=entry.says)
        arms = self.arms(block, path)
        if section == "constants" and any(arm.range.shape != "exact" for arm in arms):
            wrong = "a constant is exact by definition or agreement, came a range"
            self.fault(path, wrong, "move it to uncertainties, or write one number")
        self.kinds[name] = Kind("number", unit)
        self.parameters[name] = Parameter(name, role, name, unit, arms, tuple(entry.claims), path, entry.says or "")

    def arms(self, block: NumberBlock, path: Path_) -> tuple[ParameterArm, ...]:
        if block.by_reading is None:
            found = self.range(block.range or "", path)
            return (ParameterArm((), found),) if found else ()
        arms = []
        for position, arm in enumerate(block.by_reading):
            here: Path_ = (*path, "by_reading", position)
            found = self.range(arm.range or "", here)
            self.readings_exist(arm.when or {}, (*here, "when"))
            if found:
                arms.append(ParameterArm(tuple((arm.when or {}).items()), found, tuple(arm.claims)))
        return tuple(arms)

    def range(self, text: str, path: Path_) -> Any:
        for key in ("range", "value", "chance", "otherwise"):
            if (*path, key) in self.document.places:
                path = (*path, key)
                break
        try:
            return read_range(text)
        except RangeError as error:
            self.fault(path, error.wrong, error.mend)
            return None

    def readings_exist(self, when: Mapping[str, str], path: Path_) -> None:
        for claim, reading in when.items():
            contested = self.scenario.claims.get(claim)
            if contested is None or contested.readings is None:
                known = {name for name, other in self.scenario.claims.items() if other.readings}
                mend = nearest(claim, known) or "name a claim that lists readings"
                self.fault((*path, claim), f"no contested claim is called '{claim}'", mend)
            elif not contested.is_switch:
                wrong = f"'{claim}' is a claim of kind {contested.kind}: it is shown, never drawn, and moves no number"
                self.fault((*path, claim), wrong, "use a claim of kind cause, fact or count")
            elif reading not in contested.readings:
                mend = nearest(reading, set(contested.readings)) or "its readings: " + ", ".join(contested.readings)
                self.fault((*path, claim), f"'{claim}' has no reading '{reading}'", mend)

    def inline(self, name: str, role: str, owner: str, block: NumberBlock, unit: Unit, path: Path_) -> str:
        """Give a number that stands inside an entry a name, or return the name of the entry it refers to."""
        if block.range is not None and block.range[:1].isalpha() and not block.range.startswith("about"):
            other = self.parameters.get(block.range)
            if other is None:
                mend = nearest(block.range, set(self.parameters)) or "name an entry of constants or uncertainties"
                self.fault(path, f"no number is called '{block.range}'", mend)
                return block.range
            if not self.units.compatible(other.unit, unit):
                wrong = f"expected {unit.text}, and '{block.range}' is in {other.unit.text}"
                self.fault(path, wrong, "use a number in the right unit")
            return block.range
        if block.unit is not None:
            own = self.unit(block.unit, (*path, "unit"))
            if not self.units.compatible(own, unit):
                self.fault((*path, "unit"), f"expected {unit.text}, came {block.unit}", "remove it or mend it")
        arms = self.arms(block, path)
        for arm in arms:
            positive = role == "odds" and arm.range.low <= 0
            share = role in ("usual", "chance") and not 0 <= arm.range.low <= arm.range.high <= 1
            if positive or share:
                wanted = "odds above 0" if positive else "a chance from 0 to 1"
                self.fault(path, f"expected {wanted}, came {arm.range}", "odds of 1 pull neither way" if positive else "")
        self.parameters[name] = Parameter(name, role, owner, unit, arms, tuple(block.claims), path, block.says or "")
        return name

    # ---- quantities -----------------------------------------------------------------------------------------------

    def quantities(self) -> None:
        for name, stock in self.scenario.stocks.items():
            path: Path_ = ("stocks", name)
            self.named(name, path)
            unit = self.unit(stock.unit, (*path, "unit"))
            self.kinds[name] = Kind("number", unit)
            start = self.inline(f"{name}/start", "start", name, stock.start, unit, (*path, "start"))
            change = self.tree(stock.change, (*path, "change"))
            says = stock.says or ""
            self.stocks[name] = StockElement(name, unit, start, change, path, tuple(stock.claims), says)
        for actor, options in self.scenario.options.items():
            for option, entry in options.items():
                self.option(f"{actor}.{option}", actor, entry, ("options", actor, option))
        for name, shock in self.scenario.shocks.items():
            path = ("shocks", name)
            self.named(name, path)
            self.kinds[name] = TRUTH
            chance = self.inline(f"{name}/chance", "chance", name, shock.chance, self.units.NONE, (*path, "chance"))
            when = self.tree(shock.when, (*path, "when"))
            self.shocks[name] = ShockElement(name, when, chance, path, tuple(shock.claims), shock.says or "")
        trees: dict[str, tuple[Node, Variable, str]] = {}
        for section in ("flows", "auxiliaries"):
            for name, variable in getattr(self.scenario, section).items():
                path = (section, name)
                self.named(name, path)
                place = (*path, "equals") if (*path, "equals") in self.document.places else path
                trees[name] = (self.tree(variable.equals, place), variable, section)
        guess = _Guess({name: tree for name, (tree, _, _) in trees.items()}, self.kinds, self.units)
        for name, (_, variable, section) in trees.items():
            declared = variable.unit is not None or section == "flows"
            unit = self.unit(variable.unit, (section, name, "unit")) if declared else self.units.NONE
            self.kinds[name] = Kind("number", unit) if declared else guess.kind(name)
        for name, (tree, variable, section) in trees.items():
            path = (section, name)
            self.checked(tree, (*path, "equals"), self.kinds[name])
            role = "flow" if section == "flows" else "auxiliary"
            self.variables[name] = Equation(
                name, role, self.kinds[name], tree, path, tuple(variable.claims), variable.says or ""
            )
        per_day = self.units.parse("1/day")
        for name, element in self.stocks.items():
            wanted = Kind("number", self.units.multiply(element.unit, per_day))
            self.checked(element.change, ("stocks", name, "change"), wanted)
        for name, shocking in self.shocks.items():
            self.checked(shocking.when, ("shocks", name, "when"), TRUTH)

    # ---- options and decisions ------------------------------------------------------------------------------------

    def option(self, name: str, actor: str, entry: Option, path: Path_) -> None:
        self.named(name, path)
        if actor not in self.scenario.actors:
            mend = nearest(actor, set(self.scenario.actors)) or "add it under actors"
            self.fault(path, f"no actor is called '{actor}'", mend)
        if entry.one_of is not None and entry.ladder is not None:
            self.fault(path, "'one_of' and 'ladder' both stand here", "keep one")
        alternatives = tuple(entry.one_of or entry.ladder or ())
        if len(set(alternatives)) != len(alternatives):
            self.fault(path, "an alternative stands twice", "name each once")
        given = [
            key
            for key, there in (
                ("a decision", name in self.scenario.decisions),
                ("is", entry.equals is not None),
                ("outside_simulation", entry.outside_simulation is not None),
            )
            if there
        ]
        if len(given) != 1:
            came = " and ".join(given) if given else "none"
            wrong = f"the value of an option comes from exactly one of a decision, 'is' and 'outside_simulation', came {came}"
            self.fault(path, wrong, f"add decisions: {name}: or keep one of them")
        start = self.start(entry, alternatives, path)
        node = self.tree(entry.equals, (*path, "is")) if entry.equals is not None else None
        self.options[name] = OptionElement(
            name, actor, alternatives, entry.ladder is not None, start, entry.lasting, path, node,
            outside=entry.outside_simulation, says=entry.says or "",
        )  # fmt: skip
        self.kinds[name] = self.options[name].kind

    def start(self, entry: Option, alternatives: tuple[str, ...], path: Path_) -> int:
        allowed = alternatives or ("false", "true")
        value = entry.start or allowed[0]
        if value not in allowed:
            mend = nearest(value, set(allowed)) or "one of " + ", ".join(allowed)
            self.fault((*path, "start"), f"'{value}' is none of its alternatives", mend)
            return 0
        return allowed.index(value)

    def choices(self) -> None:
        for name, option in self.options.items():
            if option.equation is not None:
                self.checked(option.equation, (*option.path, "is"), option.kind)
        for name, decision in self.scenario.decisions.items():
            path: Path_ = ("decisions", name)
            found = self.options.get(name)
            if found is None:
                mend = nearest(name, set(self.options)) or "declare it under options"
                self.fault(path, f"no option is called '{name}'", mend)
                continue
            element = self.decision(name, decision, found, path)
            self.options[name] = OptionElement(
                name, found.actor, found.alternatives, found.ordered, found.start, found.lasting, found.path,
                None, element, None, found.says,
            )  # fmt: skip

    def decision(self, name: str, entry: Decision, option: OptionElement, path: Path_) -> DecisionElement:
        when = None
        if entry.when is not None:
            when = self.tree(entry.when, (*path, "when"))
            self.checked(when, (*path, "when"), TRUTH)
        targets = ("up", "down") if option.ordered else option.alternatives or ("",)
        usual = []
        for to, block in entry.usual.items():
            here: Path_ = (*path, "usual", to) if to else (*path, "usual")
            if to not in targets:
                wanted = "one chance" if targets == ("",) else "a chance for each of " + ", ".join(targets)
                self.fault(here, f"expected {wanted}, came '{to or 'one chance'}'", nearest(to, set(targets)))
            label = f"{name}/usual" + (f".{to}" if to else "")
            usual.append((to, self.inline(label, "usual", name, block, self.units.NONE, here)))
        leans = tuple(
            self.lean(name, lean, targets, (*path, "leans", position), entry)
            for position, lean in enumerate(entry.leans)
        )
        claims, says = tuple(entry.claims), entry.says or ""
        return DecisionElement(name, when, tuple(usual), leans, path, claims, says)

    def lean(self, name: str, lean: Lean, targets: tuple[str, ...], path: Path_, entry: Decision) -> LeanElement:
        key = "toward" if lean.toward is not None else "away"
        strength = self.tree(lean.toward or lean.away or "0", (*path, key))
        kind = self.checked(strength, (*path, key), None)
        plain = kind.name == "number" and (kind.unit is None or self.units.compatible(kind.unit, self.units.NONE))
        if kind.name != "truth" and not plain:
            wrong = f"a strength goes from 0 to 1 and has no unit, came {described(kind)}"
            self.fault((*path, key), wrong, "write share(x, full)")
        to = lean.to or ""
        if to not in targets:
            wrong = f"'to: {to}' is none of " + ", ".join(targets) if lean.to else "a lean on this option needs 'to'"
            self.fault(path, wrong, "one of " + ", ".join(targets) if targets != ("",) else "remove 'to'")
        by = (lean.exerted_by,) if isinstance(lean.exerted_by, str) else tuple(lean.exerted_by or ())
        for actor in by:
            if actor not in self.scenario.actors:
                mend = nearest(actor, set(self.scenario.actors)) or "add it under actors"
                self.fault((*path, "from"), f"no actor is called '{actor}'", mend)
        label = self.label(lean, entry)
        odds = self.inline(f"{name}/{label}", "odds", name, lean.odds, self.units.NONE, (*path, "odds"))
        claims = tuple(lean.claims)
        parameter = self.parameters.get(odds)
        if parameter is not None and parameter.owner == name:
            merged = tuple(dict.fromkeys((*parameter.claims, *claims)))
            self.parameters[odds] = Parameter(
                odds, "odds", name, parameter.unit, parameter.arms, merged, parameter.path, lean.says or ""
            )
        sign = 1 if key == "toward" else -1
        return LeanElement(label, strength, sign, to, odds, by, claims, lean.says or "", path)

    def label(self, lean: Lean, entry: Decision) -> str:
        """Name a lean by its label, or by who exerts it and a count, so that others keep their names."""

        def stem(other: Lean) -> str:
            by = other.exerted_by if isinstance(other.exerted_by, str) else "_".join(other.exerted_by or ())
            return other.label or f"{by or 'reason'}{'_' + other.to if other.to else ''}"

        same = [other for other in entry.leans if stem(other) == stem(lean)]
        ordinal = next(position for position, other in enumerate(same) if other is lean)
        return stem(lean) + (f"_{ordinal + 1}" if ordinal else "")

    # ---- measures, questions, signs, known ------------------------------------------------------------------------

    def answers(self) -> None:
        for name, measure in self.scenario.measures.items():
            path: Path_ = ("measures", name)
            place = (*path, "equals") if (*path, "equals") in self.document.places else path
            wanted = Kind("number", self.unit(measure.unit, (*path, "unit"))) if measure.unit else None
            self.summary("measures", name, "measure", measure.equals, place, wanted, measure)
            self.kinds.setdefault(name, self.summaries["measures"][name].kind)
        for name, question in self.scenario.questions.items():
            path = ("questions", name, "answer")
            self.summary("questions", name, "question", question.answer, path, None, question)
        for name, sign in self.scenario.signs.items():
            self.summary("signs", name, "sign", sign.see, ("signs", name, "see"), TRUTH, sign)
        for name, known in self.scenario.known.items():
            if known.error is not None:
                kind = self.kinds.get(known.measure or "")
                unit = kind.unit if kind is not None and kind.unit is not None else self.units.NONE
                path = ("known", name, "error")
                self.known_errors[name] = self.inline(f"{name}/error", "error", name, known.error, unit, path)
        for actor, entry in self.scenario.actors.items():
            for aim, wish in entry.wants.items():
                if wish.full is not None and wish.measure in self.summaries["measures"]:
                    unit = self.summaries["measures"][wish.measure].kind.unit or self.units.NONE
                    path = ("actors", actor, "wants", aim, "full")
                    self.inline(f"{actor}.{aim}/full", "full", f"{actor}.{aim}", wish.full, unit, path)

    def summary(
        self, section: str, name: str, role: str, text: str, path: Path_, wanted: Kind | None, entry: Entry
    ) -> None:
        node = self.tree(text, path)
        kind = self.checked(node, path, wanted, summaries=True)
        claims, says = tuple(entry.claims), entry.says or ""
        self.summaries[section][name] = Equation(name, role, kind, node, path, claims, says)

    def finished(self) -> Elements:
        return Elements(
            parameters=self.parameters, tables=self.tables, stocks=self.stocks, variables=self.variables,
            shocks=self.shocks, options=self.options, measures=self.summaries["measures"],
            questions=self.summaries["questions"], signs=self.summaries["signs"],
            known_errors=self.known_errors, kinds=self.kinds,
        )  # fmt: skip


def described(kind: Kind) -> str:
    """Say in words what kind of thing an expression gives."""
    if kind.name == "number":
        unit = kind.unit.text if kind.unit is not None else "1"
        return "a plain number" if unit == "1" else f"a number in {unit}"
    return {"truth": "yes or no", "date": "a date", "choice": "a choice"}[kind.name]


class _Guess:
    """Tells yes/no from number for variables that declare no unit, looking through the names they mention."""

    def __init__(self, trees: Mapping[str, Node], known: Mapping[str, Kind], units: UnitSystem) -> None:
        self.trees, self.known, self.number = trees, known, Kind("number", units.NONE)
        self.open: set[str] = set()

    def kind(self, name: str) -> Kind:
        if name in self.known:
            return self.known[name]
        if name in self.open or name not in self.trees:
            return self.number
        self.open.add(name)
        found = self.of(self.trees[name])
        self.open.discard(name)
        return found

    def of(self, node: Node) -> Kind:
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
            if node.function in ("previous", "initial", "delay1", "smooth1"):
                return self.of(node.arguments[-1] if node.function == "previous" else node.arguments[0])
        return self.number
