"""From the text of an expression to its tree: a Pratt parser for a short grammar that looks like Python."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from detente.equations.functions import AGGREGATES, FUNCTIONS
from detente.equations.syntax import (
    NOWHERE,
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
    equivalence,
    implication,
)
from detente.errors import DetenteError, Place, nearest

__all__ = ["LONGEST", "ExpressionError", "parse"]

LONGEST = 2_000
DEEPEST = 40
# A chain such as a + b + c + … nests once a sign without nesting in the text; what reads trees may recurse this far.
TALLEST = 100

TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>\d{4}-\d{2}-\d{2})
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<unit>\[[^\[\]]*\])
    | (?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>])
    | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)
BLANK = re.compile(r"\s*", re.ASCII)
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
# How tightly each sign holds what stands to its left; an entry not listed ends an expression.
BINDING = {"if": 1, "iff": 1, "or": 2, "and": 3, "on": 5, "+": 7, "-": 7, "*": 8, "/": 8, "**": 10} | dict.fromkeys(
    COMPARISONS, 6
)
NOT, NEGATE = 4, 9
# What is meant by some characters that are not part of the language.
SLIPS = {
    "=": "write == to compare",
    "[": "close the unit with ]",
    "%": "write a share of 1, or a unit as in 5 [%]",
    "^": "write ** for a power",
    "&": "write and",
    "|": "write or",
    "!": "write not",
    "\N{NO-BREAK SPACE}": "write an ordinary space",
    "\N{MINUS SIGN}": "write -",
    "\N{EN DASH}": "write -",
    "\N{MULTIPLICATION SIGN}": "write *",
    "\N{LESS-THAN OR EQUAL TO}": "write <=",
    "\N{GREATER-THAN OR EQUAL TO}": "write >=",
}
RESERVED = frozenset({"if", "iff", "else", "or", "and", "not", "on", "from", "by", "between", "true", "false"})


class ExpressionError(DetenteError):
    """An expression that the language does not allow; ``place`` says where, ``mend`` what to do."""

    def __init__(self, wrong: str, place: Place, mend: str = "") -> None:
        self.wrong, self.place, self.mend = wrong, place, mend
        super().__init__(f"{place}: {wrong}" + (f"; {mend}" if mend else ""))


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression."""

    kind: str
    text: str
    offset: int


def parse(text: str, locate: Callable[[int], Place] | None = None) -> Node:
    """Parse an expression into its tree.

    Parameters
    ----------
    text
        The expression, at most :data:`LONGEST` characters.
    locate
        Turns an offset in ``text`` into a place in the file; by default columns of an unnamed file.

    Raises
    ------
    ExpressionError
        With the place and what was expected there.
    """
    where = locate or NOWHERE.moved
    if len(text) > LONGEST:
        wrong = f"an expression of {len(text):,} characters; at most {LONGEST:,} are allowed"
        raise ExpressionError(wrong, where(0), "give its parts names of their own")
    return _Parser(_tokens(text, where), where).whole()


def _tokens(text: str, where: Callable[[int], Place]) -> list[Token]:
    found: list[Token] = []
    offset = 0
    while True:
        match = TOKEN.match(text, offset)
        if match is None:
            offset = BLANK.match(text, offset).end()  # type: ignore[union-attr]  # it matches anywhere
            came = text[offset]
            shown = f"'{came}'" if came.isprintable() and not came.isspace() else f"the character U+{ord(came):04X}"
            mend = SLIPS.get(came, "see the list of signs in docs/reference/case-format.md")
            raise ExpressionError(f"{shown} is not part of the language", where(offset), mend)
        kind = str(match.lastgroup)
        word, start = match.group(kind), match.start(kind)
        kind = "sign" if kind == "name" and word in RESERVED else kind
        found.append(Token(kind, word, start))
        if kind == "end":
            return found
        offset = match.end()


class _Parser:
    """One pass over the tokens; each method returns the node that it has read."""

    def __init__(self, tokens: list[Token], where: Callable[[int], Place]) -> None:
        self.tokens, self.where, self.at, self.depth = tokens, where, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def fail(self, wrong: str, token: Token, mend: str = "") -> ExpressionError:
        return ExpressionError(wrong, self.where(token.offset), mend)

    def expect(self, sign: str, after: str) -> Token:
        token = self.take()
        if token.text != sign or token.kind == "end":
            came = f"'{token.text}'" if token.kind != "end" else "the end"
            raise self.fail(f"expected '{sign}' {after}, came {came}", token, f"write '{sign}' there")
        return token

    def whole(self) -> Node:
        node = self.expression(0)
        if self.next.kind != "end":
            mend = "close or open a bracket, or put a sign between the two parts"
            raise self.fail(f"'{self.next.text}' does not follow from what stands before it", self.next, mend)
        if len(self.tokens) > TALLEST and _height(node) > TALLEST:
            wrong = f"more than {TALLEST} signs in one chain"
            raise ExpressionError(wrong, node.place, "give its parts names of their own")
        return node

    def expression(self, holding: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"nested deeper than {DEEPEST} levels", self.next, "give its parts names of their own")
        left = self.prefix()
        while self.next.kind == "sign" and BINDING.get(self.next.text, 0) > holding:
            left = self.infix(left)
        self.depth -= 1
        return left

    def prefix(self) -> Node:
        token = self.take()
        place = self.where(token.offset)
        if token.kind == "number":
            return self.number(token)
        if token.kind == "date":
            return Date(self.date(token), place=place)
        if token.kind == "name":
            return self.call(token) if self.next.text == "(" else Name(token.text, place=place)
        if token.text in ("true", "false") and token.kind == "sign":
            return Truth(token.text == "true", place=place)
        if token.text in ("-", "not") and token.kind == "sign":
            return Unary(token.text, self.expression(NEGATE if token.text == "-" else NOT), place=place)
        if token.text == "(":
            node = self.expression(0)
            self.expect(")", "to close the bracket")
            return node
        came = "the end" if token.kind == "end" else f"'{token.text}'"
        raise self.fail(f"expected a name, a number or a bracket, came {came}", token, "complete the expression")

    def number(self, token: Token) -> Node:
        value = float(token.text)
        if not math.isfinite(value):
            raise self.fail(f"'{token.text}' is too large to be a number", token, "write a finite number")
        unit = self.take().text[1:-1].strip() if self.next.kind == "unit" else None
        return Number(value, unit, place=self.where(token.offset))

    def date(self, token: Token) -> dt.date:
        try:
            return dt.date.fromisoformat(token.text)
        except ValueError:
            raise self.fail(f"'{token.text}' is no day of the calendar", token, "write YEAR-MONTH-DAY") from None

    def call(self, token: Token) -> Node:
        self.expect("(", "after a function")
        arguments: list[Node] = []
        while self.next.text != ")":
            arguments.append(self.expression(0))
            if self.next.text == ",":
                self.take()
            elif self.next.text != ")":
                break
        self.expect(")", f"to close the arguments of {token.text}")
        place = self.where(token.offset)
        if token.text in AGGREGATES:
            if len(arguments) != 1:
                wrong = f"{token.text} takes 1 argument, came {len(arguments)}"
                raise self.fail(wrong, token, f"write {token.text}(x)")
            first, last = self.window()
            return Aggregate(token.text, arguments[0], first, last, place=place)
        function = FUNCTIONS.get(token.text)
        if function is None:
            known = nearest(token.text, set(FUNCTIONS) | AGGREGATES) or "see docs/reference/case-format.md"
            raise self.fail(f"no function is called '{token.text}'", token, known)
        expected = len(function.arguments)
        if len(arguments) != expected and not (function.open_ended and len(arguments) > expected):
            listed = ", ".join(function.arguments)
            wrong = f"{token.text} takes {expected} argument{'s' if expected > 1 else ''}, came {len(arguments)}"
            raise self.fail(wrong, token, f"write {token.text}({listed})")
        return Call(token.text, tuple(arguments), place=place)

    def window(self) -> tuple[dt.date | None, dt.date | None]:
        first = last = None
        while self.next.kind == "sign" and self.next.text in ("from", "by", "between"):
            token = self.take()
            word = token.text
            if (last if word == "by" else first) or (word == "between" and last):
                raise self.fail(f"'{word}' sets an end of the days that is set already", token, "write each end once")
            if word == "between":
                first = self.day()
                self.expect("and", "between the two dates")
                last = self.day()
            elif word == "from":
                first = self.day()
            else:
                last = self.day()
        return first, last

    def day(self) -> dt.date:
        token = self.take()
        if token.kind != "date":
            raise self.fail(f"expected a date, came '{token.text}'", token, "write YEAR-MONTH-DAY")
        return self.date(token)

    def infix(self, left: Node) -> Node:
        token = self.take()
        word, place = token.text, self.where(token.offset)
        if word == "if":
            condition = self.expression(BINDING["if"])
            if self.next.text != "else":
                return implication(left, condition, place)
            self.take()
            return Conditional(left, condition, self.expression(0), place=place)
        if word == "iff":
            return equivalence(left, self.expression(BINDING["iff"]), place)
        if word in ("and", "or"):
            operands = [left, self.expression(BINDING[word])]
            while self.next.text == word and self.next.kind == "sign":
                self.take()
                operands.append(self.expression(BINDING[word]))
            return Logical(word, tuple(operands), place=place)
        if word == "on":
            return On(left, self.day(), place=place)
        if word in COMPARISONS:
            operators, chain = [word], [left, self.expression(BINDING[word])]
            while self.next.kind == "sign" and self.next.text in COMPARISONS:
                operators.append(self.take().text)
                chain.append(self.expression(BINDING[word]))
            return Compare(tuple(operators), tuple(chain), place=place)
        # A power binds to the right; everything else to the left.
        return Binary(word, left, self.expression(BINDING[word] - (word == "**")), place=place)


def _height(node: Node) -> int:
    """Return how many nodes stand on the longest way down, without recursing."""
    height, level = 0, [node]
    while level:
        height += 1
        level = [child for item in level for child in item.children()]
    return height
