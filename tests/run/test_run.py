"""One door: parts, accounts, cuts, weights, and what a run remembers of how it was made."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import detente
from detente.dynamics import position_of
from detente.result_file import load_result
from detente.results import clopper_pearson
from detente.run import MIXTURES, Run, run


@pytest.fixture(scope="module")
def small() -> Run:
    return run("harbour_truce", worlds=8_000, seed=3)


def test_the_worlds_are_dealt_evenly_to_mixtures_accounts_and_other_ranges(small: Run) -> None:
    assert list(small.parts) == [MIXTURES, *small.case.scenario.accounts]
    counts = [part.part.tally.done for part in small.parts.values()]
    # 500 draws. A quarter of them for other ranges: 32 each, three times as many where doubled, of four worlds each;
    # that is 15 times 32 times 4 worlds, or 120 draws. The rest in three.
    assert counts == [128, 126, 126]
    assert small.provenance.worlds == 8_000


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not(small: Run) -> None:
    again = run("harbour_truce", worlds=8_000, seed=3, block_worlds=1_000, threads=1)
    assert again.answers == small.answers
    assert run("harbour_truce", worlds=8_000, seed=4).answers != small.answers


def test_the_days_of_an_answer_are_those_by_which_so_many_worlds_have_seen_it(small: Run) -> None:
    """Brute force over the worlds that were kept: the first day by which at least that share of worlds has seen it."""
    program = small.simulation.watch.program
    for part in small.parts.values():
        found = part.answer("how_long", "")
        days, weights = part.part.tally.worlds_of(position_of(program, "how_long"))
        assert found.never == pytest.approx(float(weights[np.isinf(days)].sum() / weights.sum()))
        for percent, told in (found.quantiles or {}).items():
            by = [float(weights[days <= day].sum() / weights.sum()) for day in range(program.days)]
            first = next((day for day, share in enumerate(by) if share >= int(percent) / 100), None)
            assert told == (None if first is None else program.date_of(first).isoformat())


def test_an_account_alone_fills_the_whole_run() -> None:
    alone = run("harbour_truce", worlds=1_600, account="as_varland_tells_it")
    assert list(alone.parts) == ["as_varland_tells_it"]
    assert alone.provenance.readings["pause_helps_league"] == "helps"
    drawn = alone.main.ensemble.drawn(alone.main.part.design, 0, 100)
    assert set(drawn.readings["pause_helps_league"]) == {0}
    assert alone.accounts == {"as_varland_tells_it": alone.main}


def test_a_silent_switch_is_drawn_and_a_fixed_reading_is_not() -> None:
    told = run("harbour_truce", worlds=1_600, account="as_brightland_tells_it")
    drawn = told.main.ensemble.drawn(told.main.part.design, 0, 100)
    assert set(drawn.readings["what_varland_heeds"]) == {0, 1}
    fixed = run("harbour_truce", worlds=1_600, readings={"what_varland_heeds": "limits"})
    for part in fixed.parts.values():
        assert set(part.ensemble.drawn(part.part.design, 0, 100).readings["what_varland_heeds"]) == {0}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"account": "as_varland_tell_it"}, "did you mean 'as_varland_tells_it'"),
        ({"readings": {"pause_helps": "helps"}}, "did you mean 'pause_helps_league'"),
        ({"readings": {"pause_helps_league": "help"}}, "did you mean 'helps'"),
        ({"readings": {"first_shot": "the_pier"}}, "no switch"),
        ({"worlds": 0}, "worlds: expected a whole number"),
        ({"as_of": dt.datetime(2031, 6, 1, tzinfo=dt.UTC)}, "earlier"),
    ],
)
def test_what_the_case_does_not_have_is_named(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(detente.RequestError, match=said):
        run("harbour_truce", **arguments)  # type: ignore[arg-type]


def test_a_cut_leaves_out_what_became_known_later() -> None:
    cut = run(
        "harbour_truce", worlds=1_600, as_of=dt.datetime(2031, 5, 2, 7, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    )
    assert {row.about.isoformat() for row in cut.case.observations} == {"2031-05-01", "2031-05-02"}
    whole = run("harbour_truce", worlds=1_600)
    assert cut.case.hash != whole.case.hash
    # After the cut worlds part: some truces end on 3 May, which the whole record excludes.
    days = cut.worlds([(draw, 0) for draw in range(60)], ["truce"])[:, 2, 0]
    assert 0 < days.mean() < 1
    assert whole.worlds([(draw, 0) for draw in range(60)], ["truce"])[:, 2, 0].all()
    assert cut.in_sample
    assert not whole.in_sample


def test_weights_move_answers_and_can_be_left_out() -> None:
    weighted, plain = run("harbour_truce", worlds=8_000), run("harbour_truce", worlds=8_000, weighted=False)
    assert plain.main.effective_draws == pytest.approx(plain.main.part.tally.done)
    assert weighted.main.effective_draws < plain.main.effective_draws
    chance, equal = (each.answers["holds_to_friday"].probability for each in (weighted, plain))
    assert chance is not None
    assert equal is not None
    # Worlds in which the known extensions were likely count for more, and in them further ones are likelier too.
    assert chance > equal


def test_a_stopped_run_says_that_it_is_partial() -> None:
    stop = threading.Event()
    stop.set()
    partial = run("harbour_truce", worlds=200_000, stop=stop)
    assert partial.provenance.partial
    assert 0 < partial.provenance.worlds < 200_000


def test_progress_counts_every_world() -> None:
    seen: list[int] = []
    done = run("harbour_truce", worlds=20_000, progress=seen.append)
    assert sum(seen) == done.provenance.worlds


def test_trajectories_follow_the_record_and_refuse_what_is_not_there(small: Run) -> None:
    paths = small.worlds([(0, 0), (7, 3)], ["released", "captives"])
    assert paths.shape == (2, 60, 2)
    np.testing.assert_allclose(paths[:, :3, 0], [[12, 10, 11], [12, 10, 11]])
    with pytest.raises(detente.RequestError, match="did you mean 'captives'"):
        small.worlds([(0, 0)], ["captive"])
    with pytest.raises(detente.RequestError, match="no world"):
        small.worlds([(0, 16)], ["captives"])


def test_a_run_is_saved_and_read_back_whole(small: Run, tmp_path: Path) -> None:
    path = tmp_path / "run.nc"
    small.save(path)
    dataset, provenance = load_result(path)
    assert provenance == small.provenance
    assert dataset.equals(small.dataset())
    assert dataset["captives_home_band"].attrs["units"] == "person"


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.nc"
    other.write_bytes(b"not a result")
    with pytest.raises(detente.ResultError, match="cannot be read"):
        load_result(other)
    with pytest.raises(detente.ResultError, match="cannot be"):
        load_result(tmp_path / "missing.nc")
    import xarray

    xarray.Dataset({"x": ("n", [1.0])}).to_netcdf(tmp_path / "plain.nc", engine="h5netcdf")
    with pytest.raises(detente.ResultError, match=r"Run\.save"):
        load_result(tmp_path / "plain.nc")


@pytest.mark.parametrize(
    ("happened", "of", "low", "high"), [(2, 9, 0.0281, 0.6001), (0, 10, 0.0, 0.3085), (9, 9, 0.6637, 1)]
)
def test_clopper_pearson_gives_the_published_intervals(happened: int, of: int, low: float, high: float) -> None:
    assert clopper_pearson(happened, of) == pytest.approx((low, high), abs=1e-4)


def test_double_precision_gives_the_same_answers_within_rounding() -> None:
    """In a process of its own: JAX allows double precision only for a whole process."""
    program = (
        "import detente; r = detente.run('harbour_truce', worlds=4000, precision='float64'); "
        "print(r.answers['holds_to_friday'].probability, r.main.ensemble.kernel.dtype.__name__, r.provenance.precision)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    probability, kernel, precision = done.stdout.split()
    assert (kernel, precision) == ("float64", "float64")
    single = run("harbour_truce", worlds=4_000).answers["holds_to_friday"].probability
    # A yes/no may turn within rounding of a chance: one world in thousands.
    assert float(probability) == pytest.approx(single, abs=0.01)


def test_a_case_that_asks_nothing_is_told_what_it_serves() -> None:
    with pytest.raises(detente.RequestError, match="'detente stability chicken' says which outcomes could hold"):
        run("chicken")
