"""The states of a conflict: every combination of options that its rules allow, and no other is ever built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.equations import Node
from detente.scenario.feasible import MOST_BITS, TangledError, feasible
from detente.scenario.three_valued import Reading

__all__ = ["MOST_STATES", "States", "StatesError", "clash", "feasible_states", "holds_in"]

Choice = tuple[str, Sequence[str]]
"""The name of an option and the words of its alternatives, none for yes/no."""
MOST_STATES = 2**23
"""States beyond which a conflict is refused before any is built."""


class StatesError(ValueError):
    """Options and rules that leave no states, or more than can be held; ``mend`` says what to do.

    ``count`` is how many combinations there are, None where they could not be counted.
    """

    def __init__(self, wrong: str, mend: str, count: int | None = None) -> None:
        self.wrong, self.mend, self.count = wrong, mend, count
        super().__init__(f"{wrong}; {mend}")


@dataclass(frozen=True)
class States:
    """The feasible states of a conflict, numbered from 1 in the order of their codes.

    A combination of options is coded by its alternatives' positions, the first option counting fastest: for options of
    yes/no the code is the sum of ``2**k`` over the options taken. States that the case calls one and the same share a
    number.

    Parameters
    ----------
    options
        Their names, in order.
    sizes
        How many alternatives each has.
    alternatives
        The words of each option's alternatives, empty for yes/no.
    codes
        The codes of the feasible combinations, ascending, ``[combinations]``.
    state_of
        The position of each combination's state, from 0, ``[combinations]``.
    digits
        For each state, the position of each option's alternative (of its first combination), ``[states, options]``.
    """

    options: tuple[str, ...]
    sizes: tuple[int, ...]
    alternatives: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int64]
    state_of: NDArray[np.int32]
    digits: NDArray[np.int8]

    @property
    def count(self) -> int:
        """How many states there are."""
        return len(self.digits)

    @property
    def places(self) -> NDArray[np.int64]:
        """The worth of one step of each option in a code, ``[options]``."""
        return np.cumprod((1, *self.sizes[:-1]), dtype=np.int64)

    def values(self, state: int) -> Mapping[str, str]:
        """Return what each option is in a state, given by its number from 1: ``true``, ``false`` or an alternative."""
        words = ((names or ("false", "true")) for names in self.alternatives)
        return {o: w[int(d)] for o, w, d in zip(self.options, words, self.digits[state - 1], strict=True)}

    def holds(self, node: Node) -> NDArray[np.bool_]:
        """Return in which states an expression over the options holds, ``[states]``.

        A state that stands for several combinations is judged by the first of them.
        """
        return _holds(node, self.options, self.alternatives, self.digits)

    def where(self, node: Node) -> tuple[int, ...]:
        """Return the numbers, from 1, of the states in which an expression over the options holds."""
        return tuple(int(state) + 1 for state in np.flatnonzero(self.holds(node)))

    def find(self, values: Mapping[str, str]) -> int | None:
        """Return the number, from 1, of the state with these values of all options; None where it cannot be."""
        words = ((names or ("false", "true")) for names in self.alternatives)
        digits = [w.index(values[o]) for o, w in zip(self.options, words, strict=True)]
        code = int(np.dot(self.places, np.asarray(digits, np.int64)))
        at = int(np.searchsorted(self.codes, code))
        return int(self.state_of[at]) + 1 if at < len(self.codes) and self.codes[at] == code else None


def feasible_states(options: Sequence[Choice], rules: Sequence[Node] = (), same: Sequence[Node] = ()) -> States:
    """Return the states of a conflict: the combinations of options that satisfy every rule.

    They are counted before any is built, and only those that can be are ever built.

    Parameters
    ----------
    options
        The name of each option and its alternatives, none for yes/no, in the order that fixes the numbering.
    rules
        Expressions over the options, each of which holds in every state.
    same
        All states in which such an expression holds are one state; where two of them meet, all of both are.

    Raises
    ------
    StatesError
        Where no state is left, where there are more than :data:`MOST_STATES`, or where they cannot be counted.
    """
    names = tuple(name for name, _ in options)
    alternatives = tuple(tuple(words) for _, words in options)
    sizes = tuple(len(words) or 2 for words in alternatives)
    every = prod(sizes)
    if every > 2**MOST_BITS:
        wrong = f"the options have {every:,} combinations, more than the {2**MOST_BITS:,} that can be numbered"
        raise StatesError(wrong, "leave options out")
    try:
        found = feasible(names, alternatives, sizes, rules)
    except TangledError as error:
        wrong = f"the rules tie too many options together for the states to be counted: {error}"
        raise StatesError(wrong, "write simpler rules, or leave options out") from None
    if found.count > MOST_STATES:
        wrong = f"expected at most {MOST_STATES:,} states, came {found.count:,}"
        raise StatesError(wrong, "add rules or leave options out", found.count)
    if not found.count:
        raise StatesError("the rules leave no state", "loosen one of them", 0)
    codes = found.codes()
    digits = _digits(codes, sizes)
    state_of = np.arange(len(codes), dtype=np.int32)
    if same:
        state_of, firsts = _as_one(state_of, [_holds(node, names, alternatives, digits) for node in same])
        digits = digits[firsts]
    return States(names, sizes, alternatives, codes, state_of, digits)


def clash(options: Sequence[Choice], rules: Sequence[Node]) -> tuple[int, ...]:
    """Return the positions of rules that together leave no state, none of which can be spared.

    The shortest beginning of the list that leaves no state ends with a rule that belongs to a clash; with that rule put
    first the search is repeated until those put first clash alone. It is made from both ends; the smaller clash counts.

    References
    ----------
    U. Junker (2004), QuickXplain: preferred explanations and relaxations for over-constrained problems.
    """

    def empty(chosen: Sequence[int]) -> bool:
        try:
            return _counted(options, [rules[position] for position in chosen]) == 0
        except TangledError:
            return False

    found = []
    for candidates in (list(range(len(rules))), list(reversed(range(len(rules))))):
        core: list[int] = []
        # Where a part is too entangled to be counted, the search ends with more rules than it needs.
        while candidates and not empty(core):
            low, high = 1, len(candidates)
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if empty(core + candidates[:middle]) else (middle + 1, high)
            core.append(candidates[low - 1])
            candidates = candidates[: low - 1]
        found.append(tuple(sorted(core)))
    return min(found, key=len)


def holds_in(node: Node, values: Mapping[str, str], alternatives: Mapping[str, Sequence[str]]) -> bool:
    """Say whether an expression holds for one combination of options, feasible or not."""
    columns = {
        name: np.asarray((alternatives[name] or ("false", "true")).index(value), np.int8)
        for name, value in values.items()
    }
    return bool(Reading(columns, alternatives).of(node) == 1)


def _counted(options: Sequence[Choice], rules: Sequence[Node]) -> int:
    names, alternatives = [name for name, _ in options], [words for _, words in options]
    return feasible(names, alternatives, [len(words) or 2 for words in alternatives], rules).count


def _digits(codes: NDArray[np.int64], sizes: Sequence[int]) -> NDArray[np.int8]:
    digits = np.empty((len(codes), len(sizes)), np.int8, order="F")
    rest = codes.copy()
    for k, size in enumerate(sizes):
        bits = size.bit_length() - 1
        # Dividing by two, which nearly every option asks for, is ten times as dear as moving bits.
        digits[:, k] = rest & (size - 1) if size == 1 << bits else rest % size
        rest = rest >> bits if size == 1 << bits else rest // size
    return digits


def _holds(
    node: Node, names: Sequence[str], alternatives: Sequence[Sequence[str]], digits: NDArray[np.int8]
) -> NDArray[np.bool_]:
    columns = {name: digits[:, k] for k, name in enumerate(names)}
    value = Reading(columns, dict(zip(names, alternatives, strict=True))).of(node)
    return np.broadcast_to(value == 1, (len(digits),))


def _as_one(
    state_of: NDArray[np.int32], groups: Sequence[NDArray[np.bool_]]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Give all members of a group the number of its first, then number anew; also return the first of each."""
    for group in groups:
        if group.any():
            met = np.zeros(len(state_of), np.bool_)
            met[state_of[group]] = True
            # Whoever already shared a state with a member comes along.
            joined = met[state_of]
            state_of = np.where(joined, state_of[joined].min(), state_of).astype(np.int32)
    firsts = np.flatnonzero(state_of == np.arange(len(state_of)))
    numbers = np.zeros(len(state_of), np.int32)
    numbers[firsts] = np.arange(len(firsts), dtype=np.int32)
    return numbers[state_of], firsts.astype(np.int64)
