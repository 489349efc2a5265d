"""Join what is decided: options, their decisions, and the reasons that pull them."""

from __future__ import annotations

from dataclasses import replace

from detente.equations import CONSTANTS, Kind
from detente.errors import nearest
from detente.scenario.document import Document, Path_
from detente.scenario.elements import DecisionElement, LeanElement, OptionElement
from detente.scenario.model import Decision, Lean, Option, Scenario
from detente.scenario.naming import SIGNS, TRUTH, Naming, said_of

__all__ = ["Choosing"]

NOT_SIMULATED = "Nothing is simulated in this case."


class Choosing(Naming):
    """Names and numbers, with options and decisions on top of them."""

    def __init__(self, scenario: Scenario, document: Document) -> None:
        super().__init__(scenario, document)
        self.options: dict[str, OptionElement] = {}
        declared = {f"{actor}.{option}" for actor, options in scenario.options.items() for option in options}
        # A decision whose name is misspelt is one fault, not also an option without a decision.
        self.strayed = {
            name
            for name in declared - set(scenario.decisions)
            if any(f"'{name}'" in nearest(stray, declared) for stray in set(scenario.decisions) - declared)
        }

    def option(self, name: str, actor: str, entry: Option, path: Path_) -> None:
        """Read one option; its decision comes later, when every name is known."""
        if not self.named(name, path):
            return
        if entry.one_of is not None and entry.ladder is not None:
            self.fault(path, "'one_of' and 'ladder' both stand here", "keep one")
        alternatives = tuple(entry.one_of or entry.ladder or ())
        if len(set(alternatives)) != len(alternatives):
            self.fault(path, "an alternative stands twice", "name each once")
        for word in alternatives:
            if word in SIGNS or word in CONSTANTS:
                key = "one_of" if entry.one_of else "ladder"
                self.fault((*path, key), f"'{word}' is a word of the language", "choose another name")
        given = [
            key
            for key, there in (
                ("a decision", name in self.scenario.decisions or name in self.strayed),
                ("'is'", entry.equals is not None),
                ("'outside_simulation'", entry.outside_simulation is not None),
            )
            if there
        ]
        if len(given) != 1 and (given or self.scenario.is_simulated):
            came = " and ".join(given) if given else "none of them"
            wrong = f"an option has its value from one of a decision, 'is' and 'outside_simulation', came {came}"
            self.fault(path, wrong, "keep one of them" if given else f"add '{name}:' under decisions")
        start = self.start(entry, alternatives, path)
        node = self.tree(entry.equals, (*path, "is")) if entry.equals is not None else None
        ordered = entry.one_of is None and entry.ladder is not None
        outside = entry.outside_simulation if given or self.scenario.is_simulated else NOT_SIMULATED
        self.options[name] = OptionElement(
            name, actor, alternatives, ordered, start, entry.lasting, path, node, outside=outside, says=entry.says or ""
        )
        self.kinds[name] = self.options[name].kind

    def start(self, entry: Option, alternatives: tuple[str, ...], path: Path_) -> int:
        """Return the position of the alternative that an option starts from."""
        allowed = alternatives or ("false", "true")
        value = entry.start or allowed[0]
        if value not in allowed:
            mend = nearest(value, set(allowed)) or "one of " + ", ".join(allowed)
            self.fault((*path, "start"), f"'{value}' is none of its alternatives", mend)
            return 0
        return allowed.index(value)

    def choices(self) -> None:
        """Read every decision and hold the options with an equation to it."""
        for option in self.options.values():
            if option.equation is not None:
                self.checked(option.equation, (*option.path, "is"), option.kind)
        for name, decision in self.scenario.decisions.items():
            path: Path_ = ("decisions", name)
            found = self.options.get(name)
            if found is None:
                mend = nearest(name, set(self.options)) or "declare it under options"
                self.fault(path, f"no option is called '{name}'", mend)
                continue
            self.options[name] = replace(found, equation=None, decision=self.decision(name, decision, found, path))

    def decision(self, name: str, entry: Decision, option: OptionElement, path: Path_) -> DecisionElement:
        """Read one decision."""
        when = None
        if entry.when is not None:
            when = self.tree(entry.when, (*path, "when"))
            self.checked(when, (*path, "when"), TRUTH)
        targets = ("up", "down") if option.ordered else option.alternatives or ("",)
        usual = []
        for to, block in entry.usual.items():
            here: Path_ = (*path, "usual", to) if to else (*path, "usual")
            if to not in targets:
                self.misplaced(to, targets, here)
            label = f"{name}/usual" + (f".{to}" if to else "")
            usual.append((to, self.inline(label, "usual", name, block, self.units.NONE, here)))
        leans = tuple(
            self.lean(name, lean, targets, (*path, "leans", position), entry)
            for position, lean in enumerate(entry.leans)
        )
        return DecisionElement(name, when, tuple(usual), leans, path, tuple(entry.claims), entry.says or "")

    def misplaced(self, to: str, targets: tuple[str, ...], path: Path_) -> None:
        """Note a usual chance that the option has no place for."""
        if targets == ("",):
            self.fault(path, f"expected one chance, came '{to}'", "write usual: {chance: 0.2..0.6}")
            return
        came = f"'{to}'" if to else "one chance alone"
        mend = nearest(to, set(targets)) or f"write {targets[0]}: and its chance below usual"
        self.fault(path, f"expected a chance for each of {', '.join(targets)}, came {came}", mend)

    def lean(self, name: str, lean: Lean, targets: tuple[str, ...], path: Path_, entry: Decision) -> LeanElement:
        """Read one reason."""
        key = "toward" if lean.toward is not None else "away"
        strength = self.tree(lean.toward or lean.away or "0", (*path, key))
        kind = self.checked(strength, (*path, key), None)
        if kind is not None and not self.is_strength(kind):
            wrong = f"a strength goes from 0 to 1 and has no unit, came {kind}"
            self.fault((*path, key), wrong, "write share(x, full)")
        to = lean.to or ""
        if to not in targets:
            listed = " or ".join(targets)
            wrong = f"expected {listed}, came '{to}'" if to else f"a reason on this option pulls to one of {listed}"
            mend = nearest(to, set(targets)) or f"write to: {targets[0]}"
            if targets == ("",):
                wrong, mend = f"'to: {to}' stands at an option of yes/no", "remove 'to'"
            self.fault((*path, "to"), wrong, mend)
        by = (lean.exerted_by,) if isinstance(lean.exerted_by, str) else tuple(lean.exerted_by or ())
        for actor in by:
            self.actor(actor, (*path, "from"))
        label = self.label(lean, entry)
        if label == "usual" or f"{name}/{label}" in self.parameters:
            self.fault((*path, "label"), f"'{label}' already names a number of this decision", "choose another label")
        odds = self.inline(f"{name}/{label}", "odds", name, lean.odds, self.units.NONE, (*path, "odds"))
        claims = tuple(lean.claims)
        parameter = self.parameters.get(odds)
        if parameter is not None and parameter.owner == name:
            merged = tuple(dict.fromkeys((*parameter.claims, *claims)))
            supports = (*parameter.supports, *said_of(lean.claims))
            self.parameters[odds] = replace(parameter, claims=merged, supports=supports, says=lean.says or "")
        sign = 1 if key == "toward" else -1
        return LeanElement(label, strength, sign, to, odds, by, claims, lean.says or "", path, said_of(lean.claims))

    def is_strength(self, kind: Kind) -> bool:
        """Say whether a kind can be the strength of a reason."""
        if kind.name == "truth":
            return True
        return kind.name == "number" and (kind.unit is None or self.units.compatible(kind.unit, self.units.NONE))

    def label(self, lean: Lean, entry: Decision) -> str:
        """Name a lean by its label, or by who exerts it and a count, so that others keep their names."""

        def stem(other: Lean) -> str:
            by = other.exerted_by if isinstance(other.exerted_by, str) else "_".join(other.exerted_by or ())
            return other.label or f"{by or 'reason'}{'_' + other.to if other.to else ''}"

        same = [other for other in entry.leans if stem(other) == stem(lean)]
        ordinal = next(position for position, other in enumerate(same) if other is lean)
        return stem(lean) + (f"_{ordinal + 1}" if ordinal else "")
