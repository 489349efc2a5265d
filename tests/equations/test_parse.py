"""The parser: precedence as in Python, places of errors, limits."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.equations import AGGREGATES, FUNCTIONS, ExpressionError, Node, names_in, parse, unparse, walk
from detente.equations.parse import DEEPEST, LONGEST, TALLEST
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
    On,
    Truth,
    Unary,
)
from detente.errors import Place
from tests.strategies import python_texts, trees

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.USub: "-",
    ast.Not: "not",
    ast.And: "and",
    ast.Or: "or",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def as_python_reads(node: ast.expr) -> Node:
    """Turn Python's own tree into ours: the oracle of precedence."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return Number(float(value))
        case ast.Name(id=name):
            return Truth(name == "true") if name in ("true", "false") else Name(name)
        case ast.Call(func=ast.Name(), args=arguments):
            return Call("abs", tuple(map(as_python_reads, arguments)))
        case ast.UnaryOp():
            return Unary(SIGNS[type(node.op)], as_python_reads(node.operand))
        case ast.BinOp():
            return Binary(SIGNS[type(node.op)], as_python_reads(node.left), as_python_reads(node.right))
        case ast.BoolOp():
            return Logical(SIGNS[type(node.op)], tuple(map(as_python_reads, node.values)))
        case ast.Compare():
            operands = tuple(map(as_python_reads, [node.left, *node.comparators]))
            return Compare(tuple(SIGNS[type(operator)] for operator in node.ops), operands)
        case ast.IfExp():
            return Conditional(as_python_reads(node.body), as_python_reads(node.test), as_python_reads(node.orelse))
    raise AssertionError(ast.dump(node))


@given(python_texts())
def test_reads_as_python_does(text: str) -> None:
    text = text.replace("f(", "abs(")
    try:
        theirs = ast.parse(text, mode="eval").body
    except SyntaxError:
        assume(False)
    assert parse(text) == as_python_reads(theirs)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("2 ** 3 ** 2", "2 ** (3 ** 2)"),
        ("-2 ** 2", "-(2 ** 2)"),
        ("2 ** -1", "2 ** (-1)"),
        ("not a == b", "not (a == b)"),
        ("a or b and c", "a or (b and c)"),
        ("a if b else c if d else e", "a if b else (c if d else e)"),
        ("a if b", "a or not b"),
        ("a or b if c and d", "(a or b) or not (c and d)"),
        ("a if b if c", "(a if b) if c"),
        ("a if b else c if d", "a if b else (c or not d)"),
        ("a iff b", "a == b"),
        ("a or b iff not c", "(a or b) == (not c)"),
        ("a iff b iff c", "(a iff b) iff c"),
        ("a iff b if c", "(a iff b) if c"),
        ("a if b iff c", "(a if b) iff c"),
        ("a iff b if c else d", "(a iff b) if c else d"),
        ("a if b else c iff d", "a if b else (c iff d)"),
        ("a < 1 iff b on 2031-05-09", "(a < 1) == (b on 2031-05-09)"),
        ("a + b on 2031-05-09", "(a + b) on 2031-05-09"),
        ("a < b on 2031-05-09", "(a < b) on 2031-05-09"),
        ("not a on 2031-05-09", "not (a on 2031-05-09)"),
        ("a and b on 2031-05-09", "a and (b on 2031-05-09)"),
        ("a on 2031-05-09 and b", "(a on 2031-05-09) and b"),
        ("1 [day] * 2", "(1 [day]) * 2"),
        ("min(a, b,)", "min(a, b)"),
        ("a\n  + b", "a + b"),
        ("ever(a) between 2031-05-01 and 2031-05-09", "ever(a) from 2031-05-01 by 2031-05-09"),
    ],
)
def test_groups(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_every_part_of_the_language() -> None:
    text = "ever(a.b > 10 [person/day]) by 2031-05-09 or total(x) from 2031-05-01 > 0 and (y on 2031-05-02) != 1.5e3"
    node = parse(text)
    found = {type(item) for item in walk(node)}
    assert found == {Logical, Aggregate, Compare, Name, Number, On}
    assert names_in(node) == {"a.b", "x", "y"}
    assert [item.value for item in walk(node) if isinstance(item, Number)] == [10, 0, 1500]
    assert parse("today >= 2031-05-09") == Compare((">=",), (Name("today"), parse("2031-05-09")))
    assert isinstance(parse("2031-05-09"), Date)


@given(trees())
def test_unparsed_reads_back(tree: Node) -> None:
    text = unparse(tree)
    assume(len(text) <= LONGEST)
    assert parse(text) == tree


@given(st.text("abx12.+-*/()<=>,[] \n%ifelsandort[day]", max_size=60) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except ExpressionError as error:
        assert error.wrong
        assert 1 <= error.place.column <= len(text) + 1


@pytest.mark.parametrize(
    "text",
    [
        "a if b",
        "a iff b",
        "not a iff b",
        "a or b if c and d",
        "(a if b) if c",
        "a iff (b if c)",
        "(a iff b) iff c",
        "a if b else c if d",
        "a if b else c iff d",
        "(a if b) and not (c iff d)",
        "(a if b) on 2031-05-09",
    ],
)
def test_implications_are_written_as_they_were(text: str) -> None:
    assert unparse(parse(text)) == text
    assert parse(unparse(parse(text))) == parse(text)


def test_implications_are_other_signs_under_another_name() -> None:
    implied, both = parse("a if b"), parse("a iff b")
    assert implied == Logical("or", (Name("a"), Unary("not", Name("b"))))
    assert both == Compare(("==",), (Name("a"), Name("b")))
    assert (implied.place.column, both.place.column) == (3, 3)
    assert unparse(Logical("or", (Name("a"), Unary("not", Name("b"))))) == "a or not b"
    # However long the chain, each part stands in the tree once.
    assert len(list(walk(parse(" iff ".join("a" * 50))))) == 99


def test_unparse_refuses_what_is_no_node() -> None:
    with pytest.raises(TypeError, match="no such node"):
        unparse(Node())


BAD = [
    # text, column, what is wrong, how to mend it
    ("", 1, "came the end", "complete the expression"),
    ("a +", 4, "came the end", "complete the expression"),
    ("a + * b", 5, "came '*'", "complete the expression"),
    ("(a + b", 7, "expected ')' to close the bracket, came the end", "write ')'"),
    ("a b", 3, "'b' does not follow", "put a sign between"),
    ("a)", 2, "')' does not follow", "bracket"),
    ("a = b", 3, "'=' is not part of the language", "write == to compare"),
    ("a ? b", 3, "'?' is not part of the language", "docs/reference/case-format.md"),
    ("10 [person", 4, "'[' is not part of the language", "close the unit"),
    ("a ^ 2", 3, "'^' is not part", "write **"),
    ("a\N{NO-BREAK SPACE}+ b", 2, "the character U+00A0 is not part", "ordinary space"),
    ("a \N{MINUS SIGN} b", 3, "is not part", "write -"),
    ("1e999", 1, "'1e999' is too large", "finite"),
    ("2031-02-30", 1, "'2031-02-30' is no day of the calendar", "YEAR-MONTH-DAY"),
    ("a on day", 6, "expected a date, came 'day'", "YEAR-MONTH-DAY"),
    ("a + if b", 5, "came 'if'", "complete"),
    ("a else b", 3, "'else' does not follow", "sign"),
    ("a if", 5, "came the end", "complete the expression"),
    ("a iff", 6, "came the end", "complete the expression"),
    ("iff a", 1, "came 'iff'", "complete the expression"),
    ("a if b iff c else d", 14, "'else' does not follow", "bracket"),
    ("ever(a) between 2031-05-01", 27, "expected 'and' between the two dates", "write 'and'"),
    ("ever(a) from 2031-05-01 from 2031-05-02", 25, "'from' sets an end of the days", "once"),
    ("ever(a) by 2031-05-01 between 2031-05-01 and 2031-05-02", 23, "'between' sets an end", "once"),
    ("ever(a, b)", 1, "ever takes 1 argument, came 2", "write ever(x)"),
    ("exp(a, b)", 1, "exp takes 1 argument, came 2", "write exp(x)"),
    ("min(a)", 1, "min takes 2 arguments, came 1", "write min(a, b)"),
    ("a + clip(b)", 5, "clip takes 3 arguments, came 1", "write clip(x, low, high)"),
    ("logistc(a)", 1, "no function is called 'logistc'", "did you mean 'logistic'?"),
    ("qqqq(a)", 1, "no function is called 'qqqq'", "docs/reference/case-format.md"),
    ("min(a b)", 7, "expected ')' to close the arguments of min, came 'b'", "write ')'"),
    ("min(a,", 7, "came the end", "complete"),
    ("a [day]", 3, "'[day]' does not follow", "sign"),
    ("1.5.3", 4, "'.3' does not follow", "sign"),
]


@pytest.mark.parametrize(("text", "column", "wrong", "mend"), BAD)
def test_an_error_names_its_place(text: str, column: int, wrong: str, mend: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert wrong in caught.value.wrong
    assert mend in caught.value.mend
    assert caught.value.place.column == column
    assert str(caught.value).startswith(str(caught.value.place))


def test_places_are_those_of_the_file() -> None:
    file = Path("harbour/scenario.yaml")
    node = parse("captives\n- released", lambda offset: Place(file, 71 + (offset > 8), 10 + offset))
    assert [item.place for item in walk(node)] == [Place(file, 72, 19), Place(file, 71, 10), Place(file, 72, 21)]
    with pytest.raises(ExpressionError, match=r"harbour/scenario\.yaml:71: ") as caught:
        parse("captives +", lambda offset: Place(file, 71, 10 + offset))
    assert caught.value.place == Place(file, 71, 20)


def test_signs_that_are_words_have_places_too() -> None:
    node = parse("a if not b and true else ever(c) > 0 or c on 2031-05-09")
    columns = {type(item): item.place.column for item in walk(node) if not isinstance(item, Name | Number)}
    assert columns == {Conditional: 3, Unary: 6, Logical: 38, Truth: 16, Aggregate: 26, Compare: 34, On: 43}


def refused_at_once(text: str) -> str:
    begun = time.perf_counter()
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert time.perf_counter() - begun < 0.5
    return caught.value.wrong


def test_limits() -> None:
    assert "10,000 characters" in refused_at_once("1+" * 5_000)
    assert f"{LONGEST:,}" in refused_at_once("1" * (LONGEST + 1))
    assert "nested deeper" in refused_at_once("(" * 999 + "1" + ")" * 999)
    assert "nested deeper" in refused_at_once("-" * 1_999 + "1")
    assert "nested deeper" in refused_at_once("not " * 400 + "a")
    assert "nested deeper" in refused_at_once("2**" * 600 + "2")
    assert "nested deeper" in refused_at_once("abs(" * 300 + "1" + ")" * 300)
    assert "signs in one chain" in refused_at_once("1" + "+1" * 900)
    assert "does not follow" in refused_at_once("1 " * 900)
    assert "too large" in refused_at_once("9" * LONGEST)


def test_up_to_the_limits() -> None:
    parse("(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1))
    tall = parse("1" + "+1" * (TALLEST - 1))
    assert parse(unparse(tall)) == tall
    assert "signs in one chain" in refused_at_once("1" + "+1" * TALLEST)
    # Length alone is no fault: a call with many arguments is wide, not tall.
    assert len(list(walk(parse("min(" + "1, " * 500 + "1)")))) == 502


def test_no_name_is_both_a_function_and_a_summary() -> None:
    assert not AGGREGATES & set(FUNCTIONS)
    assert all(name == function.name for name, function in FUNCTIONS.items())
