"""Expressions over the options of one conflict: what a rule, a preference or the name of a state may speak of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from detente.equations import CONSTANTS, Kind, Node, infer, names_in, unparse, walk
from detente.equations.syntax import (
    Aggregate,
    Binary,
    Call,
    Compare,
    Conditional,
    Date,
    Logical,
    Name,
    Number,
    Truth,
    Unary,
)
from detente.errors import nearest
from detente.scenario.document import Path_
from detente.scenario.elements import OptionElement
from detente.scenario.naming import TRUTH, Naming

__all__ = ["Stating"]

MAY_STAND = "only options, their alternatives, comparisons, and, or, not, if and iff may stand there"


class Stating:
    """Reads expressions over the options of a conflict; each fault is noted where it stands.

    Parameters
    ----------
    naming
        The names of the whole case; takes the faults.
    options
        The options of the conflict.
    refused
        Names whose own fault is noted already: what names them is not looked into.
    """

    def __init__(self, naming: Naming, options: Mapping[str, OptionElement], refused: Collection[str] = ()) -> None:
        self.naming, self.document = naming, naming.document
        self.refused = set(refused)
        self.kinds: dict[str, Kind | None] = {name: option.kind for name, option in options.items()}
        self.words = {word for option in options.values() for word in option.alternatives}

    def written(self, path: Path_) -> Path_:
        """Return the path of an expression, which may stand for its whole entry."""
        return path if path in self.document.places else path[:-1]

    def expression(self, text: str, path: Path_) -> Node | None:
        """Read an expression that holds or not in a state; None, once noted, if it has a fault."""
        path = self.written(path)
        node = self.naming.tree(text, path)
        if path in self.naming.failed or names_in(node) & self.refused:
            return None
        if self.foreign(node, path) or self.strange(node, path):
            return None
        kind, faults = infer(node, self.kinds, self.naming.units, expected=TRUTH)
        for error in faults:
            self.document.fault(path, error.wrong, error.mend or MAY_STAND, error.place)
        if faults:
            return None
        if kind != TRUTH:
            mend = "compare it with one of its alternatives"
            self.document.fault(path, f"expected {TRUTH}, came {kind}", mend, node.place)
            return None
        if not names_in(node) & set(self.kinds):
            wrong = "names no option of the conflict: it holds in every state or in none"
            self.document.fault(path, wrong, "say it with options, or remove it", node.place)
            return None
        return node

    def foreign(self, node: Node, path: Path_) -> bool:
        """Note the first thing in an expression that no state has."""
        for part in walk(node):
            what = _foreign(part)
            if what:
                self.document.fault(path, f"{what} stands in an expression over states", MAY_STAND, part.place)
                return True
        return False

    def strange(self, node: Node, path: Path_) -> bool:
        """Note the first name in an expression that is no option of this conflict and no word of one."""
        for part in walk(node):
            if not isinstance(part, Name) or part.id in self.kinds or part.id in self.words:
                continue
            first = self.naming.first.get(part.id)
            if first is None:
                wrong = f"no option of this conflict is called '{part.id}'"
                mend = nearest(part.id, set(self.kinds) | self.words) or "use the options of the decision makers"
                section = self.naming.scenario.stability
                if section is not None and part.id in section.names:
                    wrong = f"'{part.id}' is the name of a state, and no name of a state may stand in an expression"
                    holds = section.names[part.id].equals
                    mend = f"write what holds in that state: {holds}"
            elif first[0] == "options":
                wrong = f"'{part.id}' is an option, and no decision maker of this conflict has it"
                mend = "add it to a decision maker's options, or say it with theirs"
            else:
                wrong = f"'{part.id}' stands under {first[0]}; a state consists of options alone"
                mend = "say it with the options of the decision makers"
            self.document.fault(path, wrong, mend, part.place)
            return True
        return False


def _foreign(node: Node) -> str:
    """Say what a part of an expression is, if a state has no such thing; else nothing."""
    match node:
        case Truth() | Logical() | Compare() | Conditional() | Unary(operator="not"):
            return ""
        case Name():
            return f"'{node.id}'" if node.id in CONSTANTS else ""
        case Number():
            return f"the number {unparse(node)}"
        case Date():
            return f"the date {unparse(node)}"
        case Call() | Aggregate():
            return f"'{node.function}'"
        case Unary() | Binary():
            return f"'{node.operator}'"
    return "'on'"
