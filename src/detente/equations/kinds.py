"""What kind of value an expression has, and in which unit; every fault is found in one pass, none ends it.

A node whose kind cannot be told (its own fault is already reported) is ``None`` here and fits everything, so that one
slip is reported once. A number whose unit is ``None`` is a bare 0, which fits any unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from detente.equations.functions import CONSTANTS
from detente.equations.parse import ExpressionError
from detente.equations.signatures import SIGNATURES, Signature
from detente.equations.syntax import (
    Aggregate,
    Binary,
    Call,
    Compare,
    Conditional,
    Date,
    Logical,
    Name,
    Node,
    Number,
    On,
    Truth,
    Unary,
)
from detente.equations.units import DAY, NONE, Unit, UnitError, UnitSystem, compatible, divide, multiply, power, rooted
from detente.errors import nearest

__all__ = ["DATE", "PLAIN", "TRUTH", "Kind", "Tables", "infer", "unnamed_numbers"]

Tables = Mapping[str, tuple[Unit, Unit]]


@dataclass(frozen=True)
class Kind:
    """What a value is: a number in a unit, a truth value, a date, or one of several alternatives.

    Parameters
    ----------
    name
        Which of the four.
    unit
        For numbers; ``None`` fits any unit (a bare 0).
    alternatives
        For a choice, in their order.
    ordered
        Whether the alternatives are rungs of a ladder.
    """

    name: Literal["number", "truth", "date", "choice"]
    unit: Unit | None = None
    alternatives: tuple[str, ...] = ()
    ordered: bool = False

    def __str__(self) -> str:
        if self.name == "number":
            return f"a number in {self.unit}" if self.unit and self.unit.dimensions else "a plain number"
        return {"truth": "yes/no", "date": "a date", "choice": "one of " + ", ".join(self.alternatives)}[self.name]


TRUTH, DATE, PLAIN, ZERO = Kind("truth"), Kind("date"), Kind("number", NONE), Kind("number")
NUMBER_FOR_TRUTH = "write 1 if … else 0 to make a number of a yes/no"


def infer(
    node: Node,
    names: Mapping[str, Kind | None],
    system: UnitSystem,
    tables: Tables | None = None,
    *,
    summaries: bool = False,
    expected: Kind | None = None,
) -> tuple[Kind, tuple[ExpressionError, ...]]:
    """Return what an expression gives and every fault in its names, kinds and units.

    Parameters
    ----------
    node
        The parsed expression.
    names
        The kind of every element and option that it may name; None for one whose own fault is already reported, which
        fits everywhere. Alternatives of an option are not among them: a name is
        one where it stands beside its option, in a comparison, in an arm of ``if`` or in ``previous``; there it
        counts as the alternative even if an element is called the same.
    system
        The units of the case.
    tables
        For each table the unit of what goes in and of what comes out.
    summaries
        Whether summaries over days, and ``x on DATE``, are allowed: in measures, questions and signs.
    expected
        The choice that the whole expression has to give, so that its alternatives may stand in it alone.

    Returns
    -------
    tuple
        The kind, and the faults in the order of reading. With faults, the kind is the best guess.
    """
    checker = _Checker(names, system, tables or {}, summaries)
    kind = checker.family([node], expected)[0]
    return kind or ZERO, tuple(sorted(checker.faults, key=lambda fault: fault.place))


def unnamed_numbers(node: Node) -> tuple[Number, ...]:
    """Return the literals that ought to have a name, so that each can carry a claim.

    Free of one are 0, 1 and 2, with a unit or without, the bounds of ``clip`` and the full measure of ``share``.
    """
    return tuple(number for number in _numbers_but_bounds(node) if number.value not in (0, 1, 2))


def _numbers_but_bounds(node: Node) -> Iterator[Number]:
    """Yield every literal, left to right, but those that are bounds of ``clip`` or the full of ``share``."""
    match node:
        case Number():
            yield node
        case Call(function="clip" | "share", arguments=(first, *bounds)):
            yield from _numbers_but_bounds(first)
            for bound in bounds:
                if not isinstance(bound.operand if isinstance(bound, Unary) else bound, Number):
                    yield from _numbers_but_bounds(bound)
        case _:
            for child in node.children():
                yield from _numbers_but_bounds(child)


class _Checker:
    """One pass over one tree; ``faults`` gathers what is wrong."""

    def __init__(self, names: Mapping[str, Kind | None], system: UnitSystem, tables: Tables, summaries: bool) -> None:
        self.names, self.system, self.tables, self.summaries = names, system, tables, summaries
        self.faults: list[ExpressionError] = []
        self.within = ""  # the summary that is being read, since summaries do not nest

    def visit(self, node: Node) -> Kind | None:
        match node:
            case Name():
                return self.name(node)
            case Number():
                return self.number(node)
            case Truth():
                return TRUTH
            case Date():
                return DATE
            case Call():
                return self.call(node)
            case Unary():
                return self.unary(node)
            case Binary():
                return self.binary(node)
            case Compare():
                return self.compare(node)
            case Logical():
                return self.logical(node)
            case Conditional():
                return self.conditional(node)
            case On():
                return self.on(node)
            case Aggregate():
                return self.aggregate(node)
        raise TypeError(f"no kind of {type(node).__name__}")

    def fault(self, node: Node, wrong: str, mend: str = "") -> None:
        self.faults.append(ExpressionError(wrong, node.place, mend))

    # Leaves

    def number(self, node: Number) -> Kind | None:
        if node.unit is None:
            return PLAIN if node.value else ZERO
        try:
            return Kind("number", rooted(self.system.parse(node.unit).dimensions))
        except UnitError as error:
            self.fault(node, error.wrong, error.mend)
            return None

    def name(self, node: Name) -> Kind | None:
        if node.id in CONSTANTS:
            return Kind("number", DAY) if node.id == "day" else DATE
        known = self.names.get(node.id)
        if known is None and node.id not in self.names:
            holders = [name for name, kind in self.names.items() if kind and node.id in kind.alternatives]
            if node.id in self.tables:
                mend = f"read the table with lookup(x, {node.id})"
            elif holders:
                mend = f"an alternative stands beside its option: {holders[0]} == {node.id}"
            else:
                mend = nearest(node.id, {*self.names, *CONSTANTS}) or "define it, or use a name that the case has"
            self.fault(node, f"no element or option is called '{node.id}'", mend)
        return known

    def family(self, nodes: Sequence[Node], hint: Kind | None = None) -> list[Kind | None]:
        """Visit nodes that belong together; a lone name among them may be an alternative of another's choice."""
        kinds: dict[int, Kind | None] = {i: self.visit(node) for i, node in enumerate(nodes) if not self.is_loose(node)}
        choices = (kind for kind in kinds.values() if kind and kind.name == "choice")
        choice = next(choices, hint if hint and hint.name == "choice" else None)
        for i, node in enumerate(nodes):
            if i not in kinds:
                kinds[i] = self.loose(node, choice)
        return [kinds[i] for i in range(len(nodes))]

    def is_loose(self, node: Node) -> bool:
        """Say whether the node may be an alternative: a name that is no option, or two such in an ``if``."""
        match node:
            case Conditional():
                return self.is_loose(node.then) and self.is_loose(node.otherwise)
            case Name():
                known = self.names.get(node.id)
                return known is None or known.name != "choice"
        return False

    def loose(self, node: Node, choice: Kind | None) -> Kind | None:
        if isinstance(node, Conditional):
            return self.conditional(node, choice)
        if choice is None or not isinstance(node, Name):
            return self.visit(node)
        if node.id in choice.alternatives:
            return choice
        if node.id in self.names or node.id in CONSTANTS:
            return self.visit(node)
        listed = ", ".join(choice.alternatives)
        mend = nearest(node.id, choice.alternatives) or "use one of those"
        self.fault(node, f"expected one of {listed}, came '{node.id}'", mend)
        return choice

    # Signs

    def unary(self, node: Unary) -> Kind | None:
        kind = self.visit(node.operand)
        if node.operator == "not":
            self.truth(node.operand, kind, "'not'")
            return TRUTH
        return self.numeric(node.operand, kind, "'-'")

    def numeric(self, node: Node, kind: Kind | None, what: str) -> Kind | None:
        """Return the kind if it is a number, else report and return None."""
        if kind is None or kind.name == "number":
            return kind
        mend = {"truth": NUMBER_FOR_TRUTH, "date": "use day, the number of days since the start"}
        self.fault(
            node, f"{what} expects a number, came {kind}", mend.get(kind.name, "compare it, or use rung(option)")
        )
        return None

    def truth(self, node: Node, kind: Kind | None, what: str) -> None:
        if kind is not None and kind.name != "truth":
            mend = "compare it with one of its alternatives" if kind.name == "choice" else "compare it: x > 0"
            self.fault(node, f"{what} expects yes/no, came {kind}", mend)

    def same(self, node: Node, kinds: Sequence[Kind | None], what: str) -> Kind | None:
        """Return the kind that all numbers share; report the first that has another unit."""
        found: Kind | None = None
        for kind in kinds:
            if kind is None or kind.name != "number":
                continue
            if found is None or found.unit is None:
                found = kind
            elif kind.unit is not None and not compatible(found.unit, kind.unit):
                units = (str(unit) if unit.dimensions else "no unit" for unit in (found.unit, kind.unit))
                wrong = f"{what} expects one unit throughout, came {' and '.join(units)}"
                self.fault(node, wrong, _conversion(found.unit, kind.unit))
                return found
        return found

    def binary(self, node: Binary) -> Kind | None:
        what = f"'{node.operator}'"
        left = self.numeric(node.left, self.visit(node.left), what)
        right = self.numeric(node.right, self.visit(node.right), what)
        if node.operator in "+-":
            return self.same(node, (left, right), what)
        if left is None or right is None:
            return None
        a, b = left.unit or NONE, right.unit or NONE
        if node.operator == "**":
            return self.powered(node, a, b)
        return Kind("number", multiply(a, b) if node.operator == "*" else divide(a, b))

    def powered(self, node: Binary, base: Unit, exponent: Unit) -> Kind | None:
        if exponent.dimensions:
            wrong = f"an exponent is a plain number, came a number in {exponent}"
            self.fault(node.right, wrong, f"divide it by 1 [{exponent}]")
            return None
        if not base.dimensions:
            return PLAIN
        value = _literal(node.right, self.system)
        if value is None:
            wrong = f"the exponent of a number in {base} has to be written out, or its unit would not be known"
            self.fault(node.right, wrong, f"write a number there, or divide the base by 1 [{base}]")
            return None
        return self.raised(node, base, value)

    def raised(self, node: Node, base: Unit, exponent: float) -> Kind | None:
        try:
            return Kind("number", power(base, exponent))
        except UnitError as error:
            self.fault(node, error.wrong, error.mend)
            return None

    def logical(self, node: Logical) -> Kind:
        if node.written == "if":
            return self.implied(node)
        for operand in node.operands:
            self.truth(operand, self.visit(operand), f"'{node.operator}'")
        return TRUTH

    def implied(self, node: Logical) -> Kind:
        """Hold ``a if b`` to yes/no on both sides; of a number, an ``else`` is missing."""
        then, negated = node.operands
        kind = self.visit(then)
        if kind is not None and kind.name != "truth":
            wrong = f"'if' without 'else' joins yes/no with yes/no, came {kind}"
            self.fault(node, wrong, "write 'else' and what it is otherwise")
        condition = next(negated.children())
        self.truth(condition, self.visit(condition), "'if'")
        return TRUTH

    def conditional(self, node: Conditional, hint: Kind | None = None) -> Kind | None:
        self.truth(node.condition, self.visit(node.condition), "'if'")
        return self.alike(node, (node.then, node.otherwise), "'if … else'", hint)

    def alike(self, node: Node, parts: Sequence[Node], what: str, hint: Kind | None = None) -> Kind | None:
        """Return the kind that all the parts share, of whatever family; report the first that differs."""
        kinds = [kind for kind in self.family(parts, hint) if kind is not None]
        if not kinds:
            return None
        first = kinds[0]
        if all(kind.name == "number" for kind in kinds):
            return self.same(node, kinds, what)
        other = next((kind for kind in kinds if kind != first), None)
        if other is not None:
            mend = NUMBER_FOR_TRUTH if {first.name, other.name} == {"truth", "number"} else "give both the same kind"
            self.fault(node, f"{what} expects one kind throughout, came {first} and {other}", mend)
            return None
        return first

    # Comparison

    def compare(self, node: Compare) -> Kind:
        if node.written == "iff":
            for operand in node.operands:
                self.truth(operand, self.visit(operand), "'iff'")
            return TRUTH
        kinds = self.family(node.operands)
        for i, (operator, (left, right)) in enumerate(zip(node.operators, pairwise(kinds), strict=True)):
            if left is not None and right is not None:
                parts = (node.operands[i], node.operands[i + 1])
                # The comparison's own place is that of its first sign; further along a chain the operand is nearer.
                self.pair(parts[1] if i else node, operator, parts, left, right)
        return TRUTH

    def pair(self, node: Node, operator: str, parts: tuple[Node, Node], left: Kind, right: Kind) -> None:
        what = f"'{operator}'"
        if left.name == right.name == "number":
            self.same(node, (left, right), what)
        elif left.name != right.name or left.alternatives != right.alternatives:
            mend = NUMBER_FOR_TRUTH if {left.name, right.name} == {"truth", "number"} else "compare like with like"
            self.fault(node, f"{what} expects two of a kind, came {left} and {right}", mend)
        elif left.name == "date":
            if not any(isinstance(part, Name) for part in parts):
                wrong = f"{what} between dates expects today on one side"
                self.fault(node, wrong, "write today >= DATE, or ask ever(… by DATE) of what happens")
        elif operator not in ("==", "!=") and not left.ordered:
            mend = "write == or !=; a ladder's rungs can be compared by their order"
            self.fault(node, f"{what} expects an order, came {left}, which has none", mend)

    # Functions

    def call(self, node: Call) -> Kind | None:
        signature = SIGNATURES[node.function]
        if "table" in signature.arguments:
            return self.lookup(node)
        if "any" in signature.arguments:
            return self.alike(node, node.arguments, node.function)
        kinds = [self.visit(argument) for argument in node.arguments]
        return self.given(node, signature, node.arguments, kinds)

    def given(
        self, node: Call | Aggregate, signature: Signature, parts: Sequence[Node], kinds: list[Kind | None]
    ) -> Kind | None:
        """Hold each argument to its word in the signature and make the kind of the result."""
        alike: list[Kind | None] = []
        for i, (part, kind) in enumerate(zip(parts, kinds, strict=True)):
            word = signature.argument(i)
            if word == "u" or (word == "u or yes/no" and kind != TRUTH):
                alike.append(self.numeric(part, kind, node.function))
            elif word == "u or yes/no":
                alike.append(PLAIN)
            else:
                self.argument(node.function, word, part, kind)
        shared = self.same(node, alike, node.function)
        return self.result(node, signature.result, shared)

    def argument(self, function: str, word: str, part: Node, kind: Kind | None) -> None:
        """Hold one argument to a word that fixes its kind alone."""
        if word == "date":
            if not isinstance(part, Date):
                came = "" if kind is None else f", came {kind}"
                self.fault(part, f"{function} expects a date written out{came}", "write YEAR-MONTH-DAY")
        elif kind is None:
            return
        elif word == "yes/no":
            self.truth(part, kind, function)
        elif word == "ladder":
            if not kind.ordered:
                self.fault(part, f"{function} expects an option with rungs, came {kind}", "give it a ladder option")
        elif self.numeric(part, kind, function) and kind.unit is not None:
            unit = DAY if word == "day" else NONE
            if not compatible(kind.unit, unit):
                wanted = "a number of days" if word == "day" else "a plain number"
                mend = _conversion(unit, kind.unit) if word == "day" else f"divide it by 1 [{kind.unit}]"
                self.fault(part, f"{function} expects {wanted}, came {kind}", mend)

    def result(self, node: Node, word: str, shared: Kind | None) -> Kind | None:
        fixed = {"1": PLAIN, "yes/no": TRUTH, "date": DATE, "day": Kind("number", DAY)}.get(word)
        if fixed is not None or shared is None or shared.unit is None or word == "u":
            return fixed or shared
        if word == "u*day":
            return Kind("number", multiply(shared.unit, DAY))
        return self.raised(node, shared.unit, 0.5)

    def lookup(self, node: Call) -> Kind | None:
        x, table = node.arguments
        kind = self.numeric(x, self.visit(x), "lookup")
        units = self.tables.get(table.id) if isinstance(table, Name) else None
        if units is None:
            came = f"'{table.id}'" if isinstance(table, Name) else "an expression"
            known = nearest(table.id, set(self.tables)) if isinstance(table, Name) else ""
            self.fault(table, f"lookup expects the name of a table, came {came}", known or "define it under tables")
            return None
        self.same(node, (Kind("number", units[0]), kind), f"lookup in {table.id}" if isinstance(table, Name) else "")
        return Kind("number", units[1])

    # Summaries

    def summary(self, node: Node, what: str, operand: Node) -> Kind | None:
        if not self.summaries:
            mend = "summaries belong in measures, questions and signs; here use previous, initial or a stock"
            self.fault(node, f"'{what}' looks over the days of a world, which an equation cannot", mend)
        elif self.within:
            mend = "give the inner one a name under measures"
            self.fault(node, f"'{what}' stands inside '{self.within}'; summaries do not nest", mend)
        outer, self.within = self.within, what
        kind = self.visit(operand)
        self.within = outer
        return kind

    def on(self, node: On) -> Kind | None:
        return self.summary(node, "on", node.operand)

    def aggregate(self, node: Aggregate) -> Kind | None:
        if node.first and node.last and node.first > node.last:
            wrong = f"{node.function} runs from {node.first} to {node.last}, which is earlier"
            self.fault(node, wrong, "put the earlier date first")
        kind = self.summary(node, node.function, node.operand)
        return self.given(node, SIGNATURES[node.function], (node.operand,), [kind])


def _literal(node: Node, system: UnitSystem) -> float | None:
    """Return the value of a number written out, or None for anything else; its unit is known to be plain."""
    match node:
        case Unary(operator="-", operand=Number()):
            return -float(_literal(node.operand, system) or 0.0)
        case Number():
            return node.value * (system.parse(node.unit).factor if node.unit is not None else 1.0)
    return None


def _conversion(wanted: Unit, came: Unit) -> str:
    """Say how to bring one unit to the other where a time is all that parts them."""
    between = divide(wanted, came).dimensions
    if between == (("day", 1.0),):
        return f"multiply {_called(came)} by a time, such as 1 [day]"
    if between == (("day", -1.0),):
        return f"divide {_called(came)} by a time, such as 1 [day]"
    return "check which unit was meant; counts of different things are never added or compared"


def _called(unit: Unit) -> str:
    return f"what is in {unit}" if unit.dimensions else "what has no unit"
