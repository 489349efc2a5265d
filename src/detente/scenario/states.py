"""The states of a conflict: every combination of options that its rules allow, and no other is ever built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.equations import Node

__all__ = ["States"]


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
        """Return in which states an expression over the options holds, ``[states]``."""
        raise NotImplementedError
