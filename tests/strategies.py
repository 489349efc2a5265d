"""What Hypothesis draws for the tests, in one file: units, ranges, expressions as trees and as texts."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from detente.equations import AGGREGATES, FUNCTIONS, Kind, Node, UnitSystem
from detente.equations.parse import COMPARISONS, RESERVED
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
    equivalence,
    implication,
)
from detente.scenario import OptionElement

DECLARED = ("person", "truck", "prisoner")
SYSTEM = UnitSystem(DECLARED)
CONDUCT = Kind("choice", None, ("as_before", "narrower"))
MEANS = Kind("choice", None, ("adds", "as_before", "delays", "limits"), ordered=True)


def number(unit: str) -> Kind:
    """Return the kind of a number in a unit of the test system."""
    return Kind("number", SYSTEM.parse(unit))


NAMES: dict[str, Kind] = {
    "captives": number("person"),
    "offered": number("person"),
    "released": number("person/day"),
    "trucks": number("truck/day"),
    "rate": number("1/day"),
    "term": number("day"),
    "strength": number("1"),
    "truce": Kind("truth"),
    "varland.extend": Kind("truth"),
    "varland.conduct": CONDUCT,
    "league.conduct": CONDUCT,
    "brightland.means": MEANS,
}
TABLES = {"fatigue": (SYSTEM.parse("day"), SYSTEM.parse("1")), "need": (SYSTEM.parse("person"), SYSTEM.parse("truck"))}

# Units

names_of_units = st.sampled_from(sorted(SYSTEM.names))
powers = st.sampled_from(["", "", "", "**2", "**-1", "^2", " ** 0.5"])
factors = st.one_of(st.just("1"), st.builds(str.__add__, names_of_units, powers))


@st.composite
def units(draw: st.DrawFn) -> str:
    """Draw the text of a unit that the test system knows."""
    text = draw(factors)
    for _ in range(draw(st.integers(0, 2))):
        text += draw(st.sampled_from(["*", "/", " * ", " / "])) + draw(factors)
    return text


# Ranges, as texts

finite = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """Draw the text of a range: between hard bounds, triangular, or a 90 % interval."""
    low, middle, high = sorted(draw(st.lists(finite, min_size=3, max_size=3, unique=True)))
    form = draw(st.sampled_from(["{low}..{high}", "about {middle}, {low}..{high}", "{low} to {high}"]))
    return form.format(low=low, middle=middle, high=high)


# Expressions, as trees; most of them make no sense, on purpose

days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
words = st.from_regex(r"[a-z_]{1,3}(\.[a-z]{1,2})?", fullmatch=True).filter(lambda word: word not in RESERVED)
known_names = st.sampled_from([*NAMES, *TABLES, "day", "today", "narrower", "limits"])
values = st.one_of(st.integers(0, 3).map(float), st.floats(0, 1e300), st.floats(0, 10))
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(
        Number, values, st.none() | st.none() | units().map(str.strip) | st.text("ab1/* ", max_size=4).map(str.strip)
    ),
    st.builds(Name, known_names),
    st.builds(Name, known_names | words),
    st.builds(Truth, st.booleans()),
    st.builds(Date, days),
)


def _calls(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def of(name: str) -> st.SearchStrategy[Node]:
        least = len(FUNCTIONS[name].arguments)
        most = least + 2 if FUNCTIONS[name].open_ended else least
        return st.builds(Call, st.just(name), st.lists(below, min_size=least, max_size=most).map(tuple))

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(of)


@st.composite
def _comparisons(draw: st.DrawFn, below: st.SearchStrategy[Node]) -> Node:
    operators = draw(st.lists(st.sampled_from(sorted(COMPARISONS)), min_size=1, max_size=3))
    operands = draw(st.lists(below, min_size=len(operators) + 1, max_size=len(operators) + 1))
    return Compare(tuple(operators), tuple(operands))


def _larger(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(below, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "not"]), below),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "**"]), below, below),
        _comparisons(below),
        st.builds(Logical, st.sampled_from(["and", "or"]), several),
        st.builds(Conditional, below, below, below),
        st.builds(implication, below, below),
        st.builds(equivalence, below, below),
        st.builds(On, below, days),
        st.builds(Aggregate, st.sampled_from(sorted(AGGREGATES)), below, st.none() | days, st.none() | days),
        _calls(below),
    )


def trees() -> st.SearchStrategy[Node]:
    """Draw a tree of any shape that the grammar allows, whether or not its kinds and units agree."""
    return st.recursive(leaves, _larger, max_leaves=12)


# Options of a conflict, and expressions over them

ALTERNATIVES = ("p", "q", "r", "s")


@st.composite
def conflict_options(draw: st.DrawFn, most: int = 6) -> tuple[OptionElement, ...]:
    """Draw the options of a conflict: yes/no, one of several, ladders."""
    sizes = draw(st.lists(st.sampled_from((0, 0, 0, 2, 3, 4)), min_size=1, max_size=most))
    return tuple(
        OptionElement(f"a.o{k}", "a", ALTERNATIVES[:size], draw(st.booleans()), 0, False, ())
        for k, size in enumerate(sizes)
    )


def over(options: tuple[OptionElement, ...]) -> st.SearchStrategy[Node]:
    """Draw an expression that holds or not in a state, as the check of a conflict lets it pass."""

    def compared(option: OptionElement) -> st.SearchStrategy[Node]:
        signs = sorted(COMPARISONS) if option.ordered else ["!=", "=="]
        word = st.sampled_from(option.alternatives)
        one = st.builds(Name, word) | st.builds(
            Conditional, st.builds(Name, word), st.builds(Truth, st.booleans()), st.builds(Name, word)
        )
        return st.builds(lambda sign, other: Compare((sign,), (Name(option.name), other)), st.sampled_from(signs), one)

    plain = [st.just(Name(option.name)) for option in options if not option.alternatives]
    leaf = st.one_of(*plain, *(compared(option) for option in options if option.alternatives))

    def larger(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(below, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Unary, st.just("not"), below),
            st.builds(Logical, st.sampled_from(["and", "or"]), several),
            st.builds(Conditional, below, below, below),
            st.builds(implication, below, below),
            st.builds(equivalence, below, below),
        )

    return st.recursive(leaf, larger, max_leaves=8)


# Expressions that Python reads too, as texts

atoms = st.sampled_from(["x", "y", "z", "0", "1", "2.5", "1e3", ".5", "true", "f(x)"])


def _python(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(
        [
            " + ",
            "-",
            "*",
            " / ",
            "**",
            "<",
            " <= ",
            ">",
            ">=",
            "==",
            " != ",
            " and ",
            " or ",
            " if x else ",
            "+ -",
            "** -",
        ]
    )
    return st.one_of(
        st.builds("{}{}{}".format, below, signs, below),
        st.builds("{} if {} else {}".format, below, below, below),
        st.builds("-{}".format, below),
        st.builds("not {}".format, below),
        st.builds("({})".format, below),
    )


def python_texts() -> st.SearchStrategy[str]:
    """Draw a text with few brackets, which Python either reads as well or refuses."""
    return st.recursive(atoms, _python, max_leaves=10)
