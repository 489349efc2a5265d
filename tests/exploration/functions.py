"""Functions whose indices are known: on the unit cube, in closed form, as published, or counted out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["G_WEIGHTS", "KNOWN", "Known", "ishigami", "morris", "sobol_g"]

Floats = NDArray[np.float64]
Model = Callable[[Floats], Floats]
G_WEIGHTS = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


@dataclass(frozen=True)
class Known:
    """A function of points ``[n, factors]`` and its first-order and total indices."""

    name: str
    model: Model
    first: tuple[float, ...]
    total: tuple[float, ...]

    @property
    def factors(self) -> int:
        """How many factors it has; the last ones may do nothing."""
        return len(self.first)


def ishigami(u: Floats) -> Floats:
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def sobol_g(u: Floats) -> Floats:
    """Sobol's G function with the weights of Saltelli and others (2008)."""
    return np.asarray(np.prod((np.abs(4 * u[:, :8] - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1))


def _g_indices() -> tuple[tuple[float, ...], tuple[float, ...]]:
    parts = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    whole = np.prod(1 + parts) - 1
    return tuple(parts / whole), tuple(parts * (whole + 1) / (1 + parts) / whole)


def _morris_terms() -> dict[tuple[int, ...], float]:
    """Return the coefficients of Morris (1991), counted from 0; those that he draws alternate between 1 and -1."""
    terms: dict[tuple[int, ...], float] = {(i,): 20.0 if i < 10 else (-1.0) ** (i + 1) for i in range(20)}
    for i, j in combinations(range(20), 2):
        terms[i, j] = -15.0 if j < 6 else (-1.0) ** (i + j)
    thirds: list[tuple[int, ...]] = list(combinations(range(5), 3))
    fourths: list[tuple[int, ...]] = list(combinations(range(4), 4))
    terms |= dict.fromkeys(thirds, -10.0) | dict.fromkeys(fourths, 5.0)
    return terms


def _morris_inputs(u: Floats) -> Floats:
    w = 2 * (u - 0.5)
    for column in (2, 4, 6):
        w[:, column] = 2 * (1.1 * u[:, column] / (u[:, column] + 0.1) - 0.5)
    return w


def morris(u: Floats) -> Floats:
    """Morris (1991), twenty inputs: ten matter, four of them in company above all."""
    w = _morris_inputs(u[:, :20])
    return np.asarray(sum(weight * w[:, list(term)].prod(axis=1) for term, weight in _morris_terms().items()))


def _morris_indices() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return its indices: of a polynomial in which no input is squared, each part of the variance is a product."""
    even = (np.arange(1_000_000) + 0.5) / 1_000_000
    mean, square = 0.0 * np.ones(20), np.ones(20) / 3
    for column in (2, 4, 6):
        w = 2 * (1.1 * even / (even + 0.1) - 0.5)
        mean[column], square[column] = w.mean(), w.var()
    centred: dict[tuple[int, ...], float] = {}
    for term, weight in _morris_terms().items():
        for size in range(1, len(term) + 1):
            for kept in combinations(term, size):
                left = [mean[one] for one in term if one not in kept]
                centred[kept] = centred.get(kept, 0.0) + weight * float(np.prod(left))
    parts = {term: weight**2 * float(np.prod(square[list(term)])) for term, weight in centred.items()}
    whole = sum(parts.values())
    first = tuple(parts[(i,)] / whole for i in range(20))
    return first, tuple(sum(part for term, part in parts.items() if i in term) / whole for i in range(20))


def _u_shape(u: Floats) -> Floats:
    """Return a share that is high at either end of the first factor and low between."""
    x, y = 2 * u[:, 0] - 1, 2 * u[:, 1] - 1
    return np.asarray(0.5 + 0.15 * (3 * x**2 - 1) + 0.05 * y)


def _product(u: Floats) -> Floats:
    """Return a share that two factors move only together."""
    return np.asarray(0.5 + 0.45 * (2 * u[:, 0] - 1) * (2 * u[:, 1] - 1))


def _either(u: Floats) -> Floats:
    """Return a share that is high where one of two factors is high and the other is not."""
    return np.where((u[:, 0] > 0.5) != (u[:, 1] > 0.5), 0.9, 0.1)


_BENT, _LEANING = 0.15**2 * 4 / 5, 0.05**2 / 3
KNOWN = {
    known.name: known
    for known in (
        Known("ishigami", ishigami, (0.3139, 0.4424, 0.0, 0.0), (0.5576, 0.4424, 0.2437, 0.0)),
        Known("sobol_g", sobol_g, *_g_indices()),
        Known("morris", morris, *_morris_indices()),
        Known("u_shape", _u_shape, *2 * ((_BENT / (_BENT + _LEANING), _LEANING / (_BENT + _LEANING), 0.0),)),
        Known("product", _product, (0.0, 0.0, 0.0), (1.0, 1.0, 0.0)),
        Known("either", _either, (0.0, 0.0, 0.0), (1.0, 1.0, 0.0)),
    )
}
"""The last factor of ``ishigami`` (published to four figures), ``u_shape``, ``product`` and ``either`` does nothing."""
