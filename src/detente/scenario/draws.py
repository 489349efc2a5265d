"""Which readings and which numbers a draw has: keyed by name, so that adding one leaves the others as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError, nearest
from detente.randomness import keys, name_key, uniform64
from detente.scenario.case import Case
from detente.scenario.elements import Parameter
from detente.scenario.posterior import Posterior
from detente.scenario.ranges import Range, read_range

__all__ = ["Drawn", "Draws", "fixed_readings", "refuse_unfit"]

Uniforms = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """The readings and numbers of some draws.

    Parameters
    ----------
    numbers
        The draws' numbers, ``[n]``.
    readings
        For each switch, the position of the reading that holds, ``[n]``.
    values
        For each parameter, its value, ``[n]``.
    """

    numbers: NDArray[np.uint32]
    readings: Mapping[str, NDArray[np.int32]]
    values: Mapping[str, NDArray[np.float64]]

    def matrix(self, parameters: Sequence[str], dtype: type[np.floating]) -> NDArray[np.floating]:
        """Return the values of the named parameters, one row each, ``[p, n]``."""
        if not parameters:
            return np.zeros((0, len(self.numbers)), dtype)
        return np.stack([self.values[name] for name in parameters]).astype(dtype)


class Draws:
    """Draws readings and parameters of a case by number.

    Parameters
    ----------
    case
        The case.
    seed
        The seed of the run.
    parameters
        Names of the parameters wanted.
    posterior
        What fitting to the record left of the declared ranges: draws take its particles in place of the case's own
        cumulative probabilities. Readings that an account fixes stay fixed.

    Raises
    ------
    RequestError
        If the posterior was fitted for another case, or for other numbers or contested claims than this one's.
    """

    def __init__(self, case: Case, seed: int, parameters: Sequence[str], posterior: Posterior | None = None) -> None:
        if posterior is not None:
            refuse_unfit(posterior, case, parameters)
        self.case, self.seed, self.posterior = case, seed, posterior
        self.parameters = {name: case.elements.parameters[name] for name in parameters}
        self.keys = keys([("parameter", name) for name in parameters], seed)
        self.likelihoods = {name: _likelihoods(case, name) for name in case.switches}

    def uniform(self, kind: str, name: str, numbers: NDArray[np.uint32]) -> Uniforms:
        """Return the uniform number of a named thing in each draw."""
        first, second = name_key(kind, name, seed=self.seed)
        zero = np.zeros(1, np.uint32)
        return np.asarray(uniform64(np.uint32(first), np.uint32(second), numbers, zero, zero, np))

    def uniforms(self, numbers: NDArray[np.uint32], rows: Sequence[int] | None = None) -> Uniforms:
        """Return the uniform numbers of all parameters, or of those in some rows, in each draw, ``[parameters, n]``."""
        keys, names = self.keys, list(self.parameters)
        if rows is not None:
            keys, names = keys[list(rows)], [names[row] for row in rows]
        if self.posterior is not None:
            particle = self.particle(self.posterior, numbers)
            taken = [self.posterior.parameters[name][particle] for name in names]
            return np.stack(taken) if taken else np.zeros((0, len(numbers)))
        zero = np.zeros(1, np.uint32)
        return np.asarray(uniform64(keys[:, :1], keys[:, 1:], numbers[None, :], zero, zero, np))

    def particle(self, posterior: Posterior, numbers: NDArray[np.uint32]) -> NDArray[np.intp]:
        """Return which particle of a posterior each draw takes: by a uniform of its own, so no other luck moves."""
        u = self.uniform("posterior", "particle", numbers)
        return np.minimum(u * posterior.particles, posterior.particles - 1).astype(np.intp)

    def take(
        self,
        numbers: NDArray[np.uint32],
        readings: Mapping[str, str] | None = None,
        at: Mapping[str, Uniforms | float] | None = None,
        parameters: Mapping[str, Parameter] | None = None,
    ) -> Drawn:
        """Return the draws of these numbers.

        Parameters
        ----------
        numbers
            Which draws, ``[n]``.
        readings
            Switches that are fixed; the others are drawn.
        at
            Parameters whose cumulative probability is set instead of drawn, for paired comparisons.
        parameters
            Parameters to use in place of the case's own, such as those with other ranges: drawn with the same uniforms.
        """
        chosen = self.readings(numbers, readings)
        values = {}
        known = parameters or self.parameters
        for u, name in zip(self.uniforms(numbers), self.parameters, strict=True):
            if at is not None and name in at:
                u = np.broadcast_to(np.asarray(at[name], np.float64), u.shape)
            values[name] = self._value(known[name], u, chosen)
        return Drawn(numbers, chosen, values)

    def readings(
        self, numbers: NDArray[np.uint32], fixed: Mapping[str, str] | None = None
    ) -> dict[str, NDArray[np.int32]]:
        """Return for each contested claim the position of the reading that holds in each draw, ``[n]``."""
        return {name: self._reading(name, numbers, (fixed or {}).get(name)) for name in self.case.switches}

    def retold(
        self, drawn: Drawn, readings: Mapping[str, str] | None, parameters: Mapping[str, Parameter] | None = None
    ) -> Drawn:
        """Return the same draws with other readings fixed: only numbers whose range a reading chooses are taken anew.

        Parameters
        ----------
        drawn
            Draws of the same parameters, whatever readings they have.
        readings, parameters
            As :meth:`take` has them.
        """
        numbers, known = drawn.numbers, parameters or self.parameters
        chosen = {name: self._reading(name, numbers, (readings or {}).get(name)) for name in self.case.switches}
        rows = [row for row, name in enumerate(self.parameters) if len(known[name].arms) > 1]
        names = list(self.parameters)
        values = dict(drawn.values)
        for row, u in zip(rows, self.uniforms(numbers, rows), strict=True):
            values[names[row]] = self._value(known[names[row]], u, chosen)
        return Drawn(numbers, chosen, values)

    def place(
        self,
        at: Mapping[str, Uniforms],
        readings_at: Mapping[str, Uniforms],
        parameters: Mapping[str, Parameter] | None = None,
    ) -> Drawn:
        """Return draws whose every number and reading stands at a given cumulative probability.

        Parameters
        ----------
        at
            For each parameter, its cumulative probabilities, ``[n]``.
        readings_at
            For each contested claim, or group of claims that share a draw, the cumulative probabilities at which its
            reading is taken, ``[n]``. Stated likelihoods stand at the middle of their bands.
        parameters
            Parameters to use in place of the case's own, such as those with other ranges.
        """
        some = next(iter((*at.values(), *readings_at.values())), np.zeros(0))
        chosen = {
            name: self.reading_at(name, readings_at[entry.group or name]) for name, entry in self.case.switches.items()
        }
        known = parameters or self.parameters
        values = {name: self._value(known[name], np.asarray(at[name], np.float64), chosen) for name in self.parameters}
        return Drawn(np.arange(len(some), dtype=np.uint32), chosen, values)

    def value(self, name: str, u: Uniforms | float, drawn: Drawn) -> NDArray[np.float64]:
        """Return a parameter at one cumulative probability, or one for each draw, under the readings of some draws."""
        at = np.broadcast_to(np.asarray(u, np.float64), len(drawn.numbers))
        return self._value(self.parameters[name], at, drawn.readings)

    def _reading(self, claim: str, numbers: NDArray[np.uint32], fixed: str | None) -> NDArray[np.int32]:
        entry = self.case.switches[claim]
        names = list(entry.readings or {})
        if fixed is not None:
            return np.full(len(numbers), names.index(fixed), np.int32)
        if self.posterior is not None:
            at = self.posterior.readings[entry.group or claim]
            return self.reading_at(claim, at[self.particle(self.posterior, numbers)])
        stated = self.likelihoods[claim]
        # Claims of one group share a draw: the first readings hold together, the second together, and so on.
        u = self.uniform("reading", entry.group or claim, numbers)
        if stated is None:
            return np.minimum(u * len(names), len(names) - 1).astype(np.int32)
        weights = np.stack(
            [
                width.at(self.uniform("likelihood", f"{claim}.{n}", numbers))
                for n, width in zip(names, stated, strict=True)
            ]
        )
        edges = np.cumsum(weights, axis=0) / weights.sum(axis=0)
        return np.asarray(np.minimum((u >= edges).sum(axis=0), len(names) - 1), np.int32)

    def reading_at(self, claim: str, u: Uniforms) -> NDArray[np.int32]:
        """Return the position of the reading that holds at each cumulative probability, ``[n]``."""
        stated, count = self.likelihoods[claim], len(self.case.switches[claim].readings or {})
        middle = np.full(1, 0.5)
        weights = np.ones(count) if stated is None else np.array([float(width.at(middle)[0]) for width in stated])
        edges = np.cumsum(weights) / weights.sum()
        return np.asarray(np.minimum((u >= edges[:, None]).sum(axis=0), count - 1), np.int32)

    def _value(self, parameter: Parameter, u: Uniforms, readings: Mapping[str, NDArray[np.int32]]) -> Uniforms:
        if len(parameter.arms) == 1:
            return parameter.arms[0].range.at(u)
        value = np.zeros_like(u)
        open_ = np.ones(u.shape, bool)
        for arm in parameter.arms:
            holds = open_.copy()
            for claim, reading in arm.when:
                names = list(self.case.switches[claim].readings or {})
                holds &= readings[claim] == names.index(reading)
            value = np.where(holds, arm.range.at(u), value)
            open_ &= ~holds
        return value


def refuse_unfit(posterior: Posterior, case: Case, parameters: Sequence[str] = ()) -> None:
    """Refuse a posterior that was fitted for another case, or lacks a number or a contested claim.

    Raises
    ------
    RequestError
        Which says what to do.
    """
    again = f"fit it anew with 'detente fit {case.name}'"
    if not posterior.serves(case.name, case.hash):
        which = "as it stood before it was changed" if posterior.case == case.name else f"and not for {case.name}"
        raise RequestError(f"the posterior was fitted for {posterior.case} {which}; {again}")
    drawn = {entry.group or name for name, entry in case.switches.items()}
    for name in posterior.parameters:
        if name not in case.elements.parameters:
            raise RequestError(f"the posterior has a number '{name}' that {case.name} does not have; {again}")
    for name in (*parameters, *drawn):
        if name not in posterior.parameters and name not in posterior.readings:
            raise RequestError(f"the posterior says nothing of '{name}'; {again}")


def _likelihoods(case: Case, claim: str) -> list[Range] | None:
    """Return the stated likelihoods of a claim's readings, or None where any is not stated."""
    readings = case.switches[claim].readings or {}
    stated = [reading.likelihood for reading in readings.values()]
    if any(text is None for text in stated):
        return None
    return [read_range(text) for text in stated if text is not None]


def fixed_readings(case: Case, account: str | None, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the readings that an account and single choices fix; switches left out are drawn.

    Raises
    ------
    RequestError
        If the case has no such account, contested claim or reading.
    """
    fixed = dict(case.account(account).readings) if account is not None else {}
    for claim, reading in (chosen or {}).items():
        if claim not in case.switches:
            mend = nearest(claim, set(case.switches)) or "only claims of kind cause, fact or count are switches"
            raise RequestError(f"{case.name} has no switch '{claim}'; {mend}")
        readings = list(case.switches[claim].readings or {})
        if reading not in readings:
            mend = nearest(reading, set(readings)) or "its readings: " + ", ".join(readings)
            raise RequestError(f"'{claim}' has no reading '{reading}'; {mend}")
        fixed[claim] = reading
    return fixed
