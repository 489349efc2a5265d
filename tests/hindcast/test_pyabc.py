"""Our fitting beside pyabc's, on the same compiled kernel: run where pyabc is installed (the extra ``crosscheck``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from detente.dynamics import Forced, position_of
from detente.hindcast.fitting import fit_to
from detente.results import weighted_quantile
from tests.hindcast.coin import TOSSES, UNTIL, coin, ready, tossed

pyabc = pytest.importorskip("pyabc", reason="pyabc is not installed; pip install 'detente[crosscheck]'")
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
POPULATION = 300


def test_pyabc_finds_the_same_distribution_of_a_coins_chance(tmp_path: Path) -> None:
    """How many heads there were says as much of the coin as their order, so no tolerance is left in pyabc's answer."""
    case = coin(tmp_path)
    one_by_one = ready(case, replicates=1, block_worlds=1)
    heads = position_of(one_by_one.watch.program, "tossed")
    nothing, luck = Forced.nothing(one_by_one.watch.program), iter(range(2**31))

    def worlds(given: Mapping[str, float]) -> dict[str, float]:
        number = np.array([next(luck)], np.uint32)
        answers, _ = one_by_one.ensemble.answers(np.array([[given["chance"]]]), number, nothing, 1)
        return {"heads": float(answers[heads, 0])}

    def apart(one: Mapping[str, float], other: Mapping[str, float]) -> float:
        return abs(one["heads"] - other["heads"])

    np.random.seed(7)  # noqa: NPY002 - pyabc draws from the generator of the whole process
    search = pyabc.ABCSMC(
        worlds, pyabc.Distribution(chance=pyabc.RV("uniform", 0, 1)), apart, population_size=POPULATION,
        eps=pyabc.ListEpsilon([2, 1, 0.5]), sampler=pyabc.SingleCoreSampler(),
    )  # fmt: skip
    search.new(f"sqlite:///{tmp_path / 'abc.db'}", {"heads": float(sum(TOSSES))})
    frame, weights = search.run(max_nr_populations=3).get_distribution()
    theirs = weighted_quantile(frame["chance"].to_numpy(), np.asarray(weights), SHARES)

    made = ready(case)
    ours = np.quantile(
        fit_to(made, tossed(made), UNTIL, particles=2_048).posterior.parameters["side.toss/usual"], SHARES
    )
    effective = 1 / (np.asarray(weights) ** 2).sum()
    print(f"pyabc {np.round(theirs, 3)}, ours {np.round(ours, 3)}, pyabc's effective particles {effective:.0f}")
    # The spread of the distribution is 0.13: quantiles of so few particles err by about a tenth of that.
    np.testing.assert_allclose(ours, theirs, atol=4 * 0.13 / np.sqrt(effective) * 1.5)
