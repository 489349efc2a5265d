"""Fitting: what paper says, the same bits however the work is cut, and plain words where it cannot go well."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, stats
from scipy.special import betaln

import detente
from detente.hindcast.contraction import Contraction, contraction_of
from detente.hindcast.fit_report import FIT_SCHEMA, fitted_data
from detente.hindcast.fitting import Fitted, fit, fit_to
from detente.hindcast.pcn import Particles, accept, jump_distance, propose, step_lengths
from detente.hindcast.smc import next_temperature, systematic
from detente.requests import Work
from detente.scenario import Case, load
from tests.docs.schemas import fields
from tests.docs.tables import REFERENCE, rows
from tests.dynamics.small import small
from tests.hindcast.coin import TOSSES, UNTIL, coin, length, measured, ready, tossed, two_tales
from tests.hindcast.synthetic import write_world

SHARES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
MANY = 2_048


def only(fitted: Fitted) -> NDArray[np.float64]:
    """Return the cumulative probabilities of the one number of a case."""
    (found,) = fitted.posterior.parameters.values()
    return found


# ---- what can be worked out on paper


def test_a_coin_of_unknown_chance_has_the_beta_distribution(tmp_path: Path) -> None:
    made = ready(coin(tmp_path))
    found = fit_to(made, tossed(made), UNTIL, particles=MANY)
    expected = stats.beta(8, 4)
    at = expected.ppf(SHARES)
    # The error of a quantile of so many particles, were they independent; they are not quite.
    error = np.sqrt(SHARES * (1 - SHARES) / MANY) / expected.pdf(at)
    np.testing.assert_array_less(np.abs(np.quantile(only(found), SHARES) - at), 5 * error)
    assert found.log_evidence == pytest.approx(betaln(8, 4), abs=0.1)
    assert found.rows == len(TOSSES)
    assert found.noise == pytest.approx(0, abs=1e-3)
    assert found.warnings == ()


def test_a_measured_length_has_the_normal_distribution(tmp_path: Path) -> None:
    made, seen = ready(length(tmp_path, 0.8)), (0.5, 1.2, 0.9, 1.4)
    found = fit_to(made, measured(made, *seen), UNTIL, particles=MANY)
    spread = 2 / stats.norm.ppf(0.95)
    values = stats.norm.ppf(only(found)) * spread
    variance = 1 / (spread**-2 + len(seen) / 0.8**2)
    assert values.mean() == pytest.approx(variance * sum(seen) / 0.8**2, abs=5 * np.sqrt(variance / MANY))
    assert values.std() == pytest.approx(np.sqrt(variance), rel=5 / np.sqrt(2 * MANY))


def test_an_error_that_is_not_known_pays_for_its_width(tmp_path: Path) -> None:
    """Measurements that hardly differ say that the error is small; without its width the largest would seem best."""
    made, seen = ready(length(tmp_path, "0.2..2")), (0.5, 1.2, 0.9, 1.4)
    found = fit_to(made, measured(made, *seen), UNTIL, particles=MANY)
    wide = (2 / stats.norm.ppf(0.95)) ** 2
    identity = np.eye(len(seen))

    def density(error: float) -> float:
        return float(stats.multivariate_normal(np.zeros(len(seen)), wide + error**2 * identity).pdf(seen))

    whole = integrate.quad(density, 0.2, 2)[0]
    mean = integrate.quad(lambda error: error * density(error) / whole, 0.2, 2)[0]
    drawn = 0.2 + 1.8 * found.posterior.parameters["measured/error"]
    assert drawn.mean() == pytest.approx(mean, abs=0.03)
    assert drawn.mean() < 1


def test_readings_get_the_shares_of_bayes_rule(tmp_path: Path) -> None:
    made = ready(two_tales(tmp_path))
    found = fit_to(made, tossed(made, (1, 1, 0, 1, 1)), UNTIL, particles=MANY)
    loaded, fair = 0.8**4 * 0.2, 0.4**4 * 0.6
    share = float((found.posterior.readings["kind_of_coin"] < 0.5).mean())
    assert share == pytest.approx(loaded / (loaded + fair), abs=0.05)
    table = contraction_of(made.case, found)
    before, after = ([getattr(one, name) for one in table.readings] for name in ("before", "after"))
    assert before == pytest.approx([0.5, 0.5], abs=0.01)
    assert after == pytest.approx([share, 1 - share])
    assert all(one.moved for one in table.readings)


# ---- the pieces


def test_steps_leave_independent_normals_as_they_are() -> None:
    luck = np.random.default_rng(5)
    scores = luck.standard_normal((20_000, 3))
    cloud = Particles(scores, np.arange(20_000, dtype=np.uint32), np.zeros(20_000), np.arange(20_000))
    fresh = np.arange(20_000, 40_000, dtype=np.uint32)
    proposal, worlds = propose(cloud, 2, 0.12, fresh, luck)
    np.testing.assert_allclose(proposal.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(proposal.T), np.eye(3), atol=0.04)
    assert 0.45 < (worlds < 20_000).mean() < 0.55
    assert 0.08 < (proposal[:, 2] != scores[:, 2]).mean() < 0.16
    # Where particles stand close together steps are short; where they fill the range, they are draws anew.
    assert step_lengths(np.concatenate([scores[:, :1] / 10, scores[:, 1:2]], axis=1), 2, 1.0) == pytest.approx(
        [0.1, 1], abs=0.02
    )


def test_likelier_places_are_always_taken_and_hopeless_ones_never() -> None:
    def at(value: float) -> Particles:
        return Particles(np.full((4, 1), value), np.full(4, 7, np.uint32), np.full(4, value), np.arange(4))

    for proposal, expected in ((at(3.0), 1.0), (at(-1e9), 0.0)):
        found, share = accept(at(1.0), proposal, 1.0, np.random.default_rng(1))
        assert share == expected
        assert (found.scores == (3.0 if expected else 1.0)).all()


def test_the_temperature_rises_until_half_of_the_particles_are_lost() -> None:
    assert next_temperature(np.zeros(10), 0.0) == 1.0
    steep = np.array([0.0, -1e4] * 50)
    reached = next_temperature(np.linspace(-100, 0, 100), 0.0)
    weights = np.exp(reached * np.linspace(-100, 0, 100))
    assert weights.sum() ** 2 / (weights**2).sum() == pytest.approx(50, rel=1e-6)
    assert 0 < next_temperature(steep, 0.2) <= 1.0


def test_systematic_resampling_takes_each_as_often_as_it_weighs_within_one() -> None:
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    for u in (0.0, 0.3, 0.999):
        taken = np.bincount(systematic(weights, u), minlength=4)
        assert (np.abs(taken - 4 * weights) < 1).all()


def test_how_far_particles_moved_goes_from_nothing_to_independence() -> None:
    luck = np.random.default_rng(2)
    one, other = luck.standard_normal((2, 5_000, 3))
    assert jump_distance(one, one) == pytest.approx(0)
    assert jump_distance(one, other) == pytest.approx(1, abs=0.03)
    assert jump_distance(one[:, :0], one[:, :0]) == 0.0


# ---- bits


@pytest.fixture(scope="module")
def truce() -> Fitted:
    return fit("harbour_truce", until=load("harbour_truce").scenario.as_of, particles=256, replicates=8, threads=1)


@pytest.mark.parametrize("work", [{"threads": 2}, {"block_worlds": 512}])
def test_the_same_seed_gives_the_same_bits_however_the_work_is_cut(truce: Fitted, work: dict[str, int]) -> None:
    until = truce.posterior.until
    again = fit("harbour_truce", until=until, particles=256, replicates=8, **work)  # type: ignore[arg-type]
    for name, values in truce.posterior.parameters.items():
        np.testing.assert_array_equal(again.posterior.parameters[name], values)
    assert again.stages == truce.stages
    assert again.log_evidence == truce.log_evidence


def test_another_seed_gives_another_fit_and_the_case_stays_as_it_was(truce: Fitted) -> None:
    case = load("harbour_truce")
    other = fit(case, until=truce.posterior.until, particles=256, replicates=8, seed=2, threads=1)
    assert not np.array_equal(other.posterior.parameters["heed"], truce.posterior.parameters["heed"])
    assert case.hash == load("harbour_truce").hash == truce.posterior.case_hash


# ---- what the record does not reach


def test_with_nothing_observed_the_declared_ranges_come_back(tmp_path: Path) -> None:
    made = ready(coin(tmp_path))
    found = fit_to(made, tossed(made, ()), UNTIL, particles=MANY)
    assert found.log_evidence == 0
    assert found.rows == 0
    assert "declared ranges stay" in found.warnings[0]
    assert stats.kstest(only(found), "uniform").pvalue > 0.001
    table = contraction_of(made.case, found)
    assert not any(one.narrowed or one.moved or one.bears for one in table.numbers)
    assert table.numbers[0].narrowing == pytest.approx(0, abs=0.01)
    assert "not confirmed" in table.says


def test_numbers_that_nothing_observed_hangs_on_keep_their_ranges(tmp_path: Path) -> None:
    case = coin(tmp_path, uncertainties={"aside": {"range": "0..1"}}, auxiliaries={"far": {"equals": "aside * 2"}})
    made = ready(case)
    found = fit_to(made, tossed(made), UNTIL, particles=512)
    assert found.bearing == {"side.toss/usual"}
    even = np.sort(found.posterior.parameters["aside"])
    np.testing.assert_allclose(even, (np.arange(512) + 0.5) / 512, atol=0.5 / 512)


def test_before_anything_was_known_a_case_cannot_be_fitted_to_it() -> None:
    early = dt.datetime.fromisoformat("2031-05-01T05:00+02:00")
    found = fit("harbour_truce", until=early, particles=64, replicates=4, threads=1)
    assert found.rows == 0


# ---- what goes wrong is said


def test_a_day_that_no_world_can_follow_is_named(tmp_path: Path) -> None:
    case = coin(tmp_path, decisions={"side.toss": {"when": "true", "usual": {"chance": "0.0..0.0000001"}}})
    made = ready(case)
    found = fit_to(made, tossed(made, (0, 0, 1)), UNTIL, particles=64)
    assert any("2031-05-03: ranges or equations miss it" in one for one in found.warnings)


def rooted(folder: Path, under: str) -> Case:
    """Return a case in which the root of a number is measured."""
    return small(
        folder, record="record.csv", known={"measured": {"measure": "root", "error": {"value": 0.5}}},
        auxiliaries={"root": {"equals": "sqrt(under)"}}, uncertainties={"under": {"range": under}},
        questions={"far": {"asks": "How far?", "answer": "root on 2031-05-20"}},
    )  # fmt: skip


def test_numbers_with_which_what_is_observed_is_no_number_are_left_behind(tmp_path: Path) -> None:
    made = ready(rooted(tmp_path, "-1..1"))
    found = fit_to(made, measured(made, 0.5), UNTIL, particles=256)
    assert only(found).min() > 0.5
    assert np.isfinite(found.log_evidence)


def test_a_record_that_nothing_can_be_held_to_is_refused(tmp_path: Path) -> None:
    made = ready(rooted(tmp_path, "-1..-0.5"))
    with pytest.raises(detente.RequestError, match="no number in any world"):
        fit_to(made, measured(made, 0.5), UNTIL, particles=64)


def test_luck_that_decides_more_than_numbers_do_is_said(tmp_path: Path) -> None:
    walk: dict[str, Any] = {
        "stocks": {"long": {"start": {"range": "0..1"}, "change": "step_of"}},
        "flows": {"step_of": {"equals": "normal(0 [1/day], size)", "unit": "1/day"}},
        "constants": {"size": {"value": 40, "unit": "1/day"}},
    }
    case = small(
        tmp_path, record="record.csv", known={"measured": {"measure": "long", "error": {"value": 0.5}}},
        questions={"far": {"asks": "How far?", "answer": "long on 2031-05-20"}}, **walk,
    )  # fmt: skip
    made = ready(case)
    found = fit_to(made, measured(made, 1.0, 3.0, 2.0), UNTIL, particles=64)
    assert found.noise > 1.5
    assert any("luck decides more" in one for one in found.warnings)


def test_a_fit_that_is_stopped_is_marked_and_goes_no_further(tmp_path: Path) -> None:
    made, stop = ready(coin(tmp_path)), threading.Event()
    seen: list[int] = []

    def look(done: int) -> None:
        seen.append(done)
        if len(seen) == 2:
            stop.set()

    found = fit_to(made, tossed(made), UNTIL, particles=64, work=Work(progress=look, stop=stop))
    assert found.partial
    assert "stopped" in found.warnings[0]
    assert len(seen) == 2
    assert sum(seen) == found.provenance.worlds == 2 * 64 * 4


def test_progress_counts_every_world(truce: Fitted) -> None:
    seen: list[int] = []
    found = fit(
        "harbour_truce", until=truce.posterior.until, particles=64, replicates=4, threads=1, progress=seen.append
    )
    assert sum(seen) == found.provenance.worlds


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"until": dt.datetime(2031, 5, 4, tzinfo=dt.UTC), "particles": 1},
            "particles: expected a whole number from 2",
        ),
        (
            {"until": dt.datetime(2031, 5, 4, tzinfo=dt.UTC), "replicates": 0},
            "replicates: expected a whole number from 1",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_named(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(detente.RequestError, match=said):
        fit("harbour_truce", **settings)


def test_a_case_that_does_not_say_what_came_after_cannot_be_fitted_to_it(tmp_path: Path) -> None:
    with pytest.raises(detente.RequestError, match="small"):
        fit(coin(tmp_path), until=UNTIL)


def test_rows_that_became_known_after_the_cut_are_used_up_to_the_moment_asked_for(tmp_path: Path) -> None:
    case, truth = write_world(tmp_path)
    own = case.scenario.as_of
    later = own + dt.timedelta(days=5)
    rows = {
        moment: fit(case, until=moment, particles=8, replicates=4, threads=1).rows
        for moment in (own - dt.timedelta(days=3), own, later)
    }
    for moment, count in rows.items():
        # A count of people is taken in when its day is over.
        known = [row for row in truth.observations if row.known_at <= moment]
        assert count == sum(row.measure != "people_counted" or row.about < moment.date() for row in known)
    assert rows[later] == rows[own] + 15


# ---- the table


def test_the_table_tells_narrowing_from_noise(tmp_path: Path) -> None:
    case = coin(tmp_path, uncertainties={"aside": {"range": "0..1"}}, auxiliaries={"far": {"equals": "aside * 2"}})
    made = ready(case)
    table = contraction_of(case, fit_to(made, tossed(made), UNTIL, particles=MANY))
    by_name = {one.name: one for one in table.numbers}
    known, silent = by_name["side.toss/usual"], by_name["aside"]
    expected = stats.beta(8, 4).ppf([0.05, 0.5, 0.95])
    assert known.declared == pytest.approx((0.05, 0.95), abs=0.001)
    assert (known.left[0], known.median, known.left[1]) == pytest.approx(expected, abs=0.03)
    assert known.narrowing == pytest.approx(1 - (expected[2] - expected[0]) / 0.9, abs=4 * known.error)
    assert known.place == pytest.approx(8 / 12, abs=4 * known.place_error)
    assert known.narrowed
    assert known.moved
    assert 0.001 < known.error < 0.05
    assert (silent.narrowed, silent.moved, silent.bears, silent.error) == (False, False, False, 0.0)
    assert table.says.startswith("10 choices and measurements of the record up to 2031-05-15")
    assert "1 range narrowed" in table.says


def test_monte_carlo_errors_are_those_that_other_seeds_show(tmp_path: Path) -> None:
    made = ready(coin(tmp_path))
    tables: list[Contraction] = [
        contraction_of(made.case, fit_to(made, tossed(made), UNTIL, particles=128, seed=seed)) for seed in range(24)
    ]
    for value, error in (("narrowing", "error"), ("place", "place_error")):
        found = np.array([getattr(one.numbers[0], value) for one in tables])
        said = np.array([getattr(one.numbers[0], error) for one in tables])
        ratio = found.std(ddof=1) / np.sqrt((said**2).mean())
        assert 0.6 < ratio < 1.6, f"{value}: {found.std(ddof=1):.3f} shown, {said.mean():.3f} said"


def test_the_data_of_a_fit_are_held_by_their_schema(truce: Fitted) -> None:
    data = fitted_data(truce, contraction_of(load("harbour_truce"), truce))
    jsonschema.validate(data, FIT_SCHEMA)
    assert data["until"] == truce.posterior.until.isoformat()
    assert {one["name"] for one in data["numbers"]} == set(truce.posterior.parameters)


def test_the_page_describes_every_field_of_the_data() -> None:
    described = {row.cells[0]: row.cells[1] for row in rows(REFERENCE / "fit-report.md")}
    assert described == dict(fields(FIT_SCHEMA))
