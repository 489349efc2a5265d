"""A posterior in its file, in draws, and in a run: what it moves, what it leaves, and what it refuses."""

from __future__ import annotations

import argparse
import datetime as dt
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente
from detente.analysis import analyse
from detente.cli import fit as fit_command
from detente.cli import main
from detente.hindcast.fitting import Fitted, fit, fit_to
from detente.hindcast.posterior_file import FORM, load_fitted, load_posterior, save_fitted
from detente.requests import RunRequest
from detente.result_file import save_result
from detente.run import run
from detente.scenario import Case, Draws, load
from detente.scenario.posterior import Posterior, closed_questions, closes_on
from tests.dynamics.small import small
from tests.hindcast.coin import UNTIL, coin, ready, tossed

CASE = load("harbour_truce")
AS_OF = CASE.scenario.as_of
NUMBERS = np.arange(4_000, dtype=np.uint32)


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(CASE, until=AS_OF, particles=256, replicates=4, threads=1)


@pytest.fixture
def file(fitted: Fitted, tmp_path: Path) -> Path:
    save_fitted(fitted, tmp_path / "posterior.nc")
    return tmp_path / "posterior.nc"


def at(case: Case, until: dt.datetime, particles: int = 3) -> Posterior:
    """Return a posterior that says nothing in particular."""
    values = (np.arange(particles) + 0.5) / particles
    drawn = {entry.group or name for name, entry in case.switches.items()}
    return Posterior(
        case.name, case.hash, until, dict.fromkeys(case.elements.parameters, values), dict.fromkeys(drawn, values)
    )


# ---- in a file


def test_a_fit_is_saved_and_read_back_whole(fitted: Fitted, file: Path) -> None:
    again = load_fitted(file)
    for name in ("provenance", "rows", "bearing", "stages", "log_evidence", "noise", "warnings"):
        assert getattr(again, name) == getattr(fitted, name), name
    np.testing.assert_array_equal(again.roots, fitted.roots)
    for one, other in ((again.posterior.parameters, fitted.posterior.parameters),
                       (again.posterior.readings, fitted.posterior.readings)):  # fmt: skip
        assert list(one) == list(other)
        for name, values in one.items():
            np.testing.assert_array_equal(values, other[name])
    assert (again.posterior.case_hash, again.posterior.until) == (CASE.hash, AS_OF)


def test_a_case_without_contested_claims_is_saved_too_and_one_that_is_sure_of_all_is_refused(tmp_path: Path) -> None:
    made = ready(coin(tmp_path))
    save_fitted(fit_to(made, tossed(made), UNTIL, particles=8), tmp_path / "coin.nc")
    assert load_posterior(tmp_path / "coin.nc").readings == {}
    sure = ready(coin(tmp_path / "sure", decisions={"side.toss": {"when": "true", "usual": {"chance": 0.5}}}))
    with pytest.raises(detente.RequestError, match="nothing to fit"):
        fit_to(sure, tossed(sure), UNTIL, particles=8)


def test_what_is_no_posterior_is_refused_by_name(fitted: Fitted, tmp_path: Path) -> None:
    import xarray

    with pytest.raises(detente.ResultError, match="no such file; 'detente fit CASE"):
        load_posterior(tmp_path / "missing.nc")
    (tmp_path / "text.nc").write_text("not a posterior", encoding="utf-8")
    with pytest.raises(detente.ResultError, match="cannot be read"):
        load_posterior(tmp_path / "text.nc")
    run(CASE, worlds=1_600).save(tmp_path / "run.nc")
    with pytest.raises(detente.ResultError, match="holds a run and no posterior"):
        load_posterior(tmp_path / "run.nc")
    save_fitted(fitted, tmp_path / "good.nc")
    good = xarray.load_dataset(tmp_path / "good.nc", engine="h5netcdf")
    for name, spoilt, said in (
        ("newer", good.assign_attrs(form=FORM + 1), "newer Détente"),
        ("later", good.assign_attrs(until="some day"), "is damaged"),
        ("outside", good.assign(parameters=good["parameters"] + 1), "is damaged"),
        ("nan", good.assign(parameters=good["parameters"] * np.nan), "is damaged"),
        ("short", good.drop_vars("readings"), "is damaged"),
    ):
        save_result(spoilt, fitted.provenance, tmp_path / f"{name}.nc")
        with pytest.raises(detente.ResultError, match=said):
            load_posterior(tmp_path / f"{name}.nc")


def test_a_fit_that_was_stopped_is_not_saved(fitted: Fitted, tmp_path: Path) -> None:
    stopped = replace(fitted, provenance=replace(fitted.provenance, partial=True))
    with pytest.raises(detente.RequestError, match="stopped on the way is not saved"):
        save_fitted(stopped, tmp_path / "posterior.nc")
    assert not (tmp_path / "posterior.nc").exists()


# ---- in draws


def test_draws_take_whole_particles_each_about_as_often(fitted: Fitted) -> None:
    names = tuple(fitted.posterior.parameters)
    drawing = Draws(CASE, 5, names, fitted.posterior)
    uniforms = drawing.uniforms(NUMBERS)
    which = drawing.particle(fitted.posterior, NUMBERS)
    for row, name in zip(uniforms, names, strict=True):
        np.testing.assert_array_equal(row, fitted.posterior.parameters[name][which])
    counts = np.bincount(which, minlength=256)
    assert counts.min() > 0
    assert np.abs(counts - len(NUMBERS) / 256).max() < 6 * np.sqrt(len(NUMBERS) / 256)
    drawn = drawing.take(NUMBERS)
    readings = fitted.posterior.readings["pause_helps_league"][which]
    np.testing.assert_array_equal(drawn.readings["pause_helps_league"], (readings >= 0.5).astype(int))


def test_the_same_draw_takes_the_same_particle_whatever_else_is_drawn(fitted: Fitted) -> None:
    names = tuple(fitted.posterior.parameters)
    all_of_them = Draws(CASE, 5, names, fitted.posterior).take(NUMBERS[:50])
    one = Draws(CASE, 5, names[2:3], fitted.posterior).take(NUMBERS[20:50])
    np.testing.assert_array_equal(one.values[names[2]], all_of_them.values[names[2]][20:])


def test_a_fixed_reading_wins_and_a_set_number_too(fitted: Fitted) -> None:
    drawing = Draws(CASE, 5, ("heed",), fitted.posterior)
    drawn = drawing.take(NUMBERS, {"pause_helps_league": "changes_little"}, {"heed": 0.5})
    assert set(drawn.readings["pause_helps_league"]) == {1}
    assert set(drawn.readings["what_varland_heeds"]) == {0, 1}
    np.testing.assert_allclose(np.unique(drawn.values["heed"]), [1.025, 2.75])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"case": "other"}, "fitted for other and not for harbour_truce; fit it anew"),
        ({"case_hash": "0" * 64}, "as it stood before it was changed"),
        ({"parameters": {"heeed": np.full(3, 0.5)}}, "a number 'heeed' that harbour_truce does not have"),
        ({"parameters": {}}, "says nothing of 'heed'"),
        ({"readings": {}}, "says nothing of '"),
    ],
)
def test_a_posterior_of_something_else_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(detente.RequestError, match=said):
        Draws(CASE, 1, ("heed",), replace(at(CASE, AS_OF), **changed))


def test_a_case_cut_at_another_moment_is_served() -> None:
    cut = CASE.cut(AS_OF - dt.timedelta(days=1))
    assert cut.hash != CASE.hash
    Draws(cut, 1, ("heed",), at(CASE, AS_OF))


# ---- in a run


def test_a_run_with_what_its_own_record_left_answers_as_a_weighted_one(fitted: Fitted) -> None:
    fine = fit(CASE, until=AS_OF, particles=1_024, replicates=4, threads=1).posterior
    plain = run(CASE, worlds=40_000).answers["holds_to_friday"].probability
    made = run(CASE, worlds=40_000, posterior=fine)
    assert made.answers["holds_to_friday"].probability == pytest.approx(plain, abs=0.01)
    assert made.provenance.posterior_until == AS_OF.isoformat()
    assert made.closed == ()
    # The record that tells draws apart is in already: they all count alike.
    assert made.main.effective_draws == pytest.approx(made.main.part.tally.done, rel=1e-3)
    unweighted = run(CASE, worlds=40_000, weighted=False).answers["holds_to_friday"].probability
    assert unweighted is not None
    assert plain is not None
    assert plain - unweighted > 0.025, "the record must matter for this test to show anything"


def test_a_run_without_a_posterior_says_so() -> None:
    assert run(CASE, worlds=1_600).provenance.posterior_until is None


def test_questions_that_close_before_the_records_end_are_left_out_and_named() -> None:
    later = at(CASE, AS_OF + dt.timedelta(days=10))
    made = run(CASE, worlds=1_600, posterior=later)
    assert made.closed == ("holds_to_friday",)
    assert list(made.answers) == ["how_long", "captives_by_june"]
    assert list(made.case.scenario.questions) == list(made.case.elements.questions) == list(made.answers)
    with pytest.raises(detente.RequestError, match="'holds_to_friday' closes on or before 2031-05-14"):
        made.by_account("holds_to_friday")
    assert set(made.by_account("how_long")) == set(CASE.scenario.accounts)


def test_a_posterior_of_too_early_or_too_late_a_record_is_refused() -> None:
    with pytest.raises(detente.RequestError, match="detente fit harbour_truce --until 2031-05-04T06:00:00"):
        run(CASE, worlds=1_600, posterior=at(CASE, AS_OF - dt.timedelta(days=1)))
    with pytest.raises(detente.RequestError, match="every question of harbour_truce closes on or before 2032"):
        run(CASE, worlds=1_600, posterior=at(CASE, AS_OF + dt.timedelta(days=365)))
    with pytest.raises(detente.RequestError, match="not for november_2023"):
        run("november_2023", worlds=1_600, posterior=at(CASE, AS_OF))


def test_a_question_closes_on_the_last_day_it_looks_at(tmp_path: Path) -> None:
    asks = {
        "on_a_day": ("held on 2031-05-06", 6),
        "by_a_day": ("ever(held) by 2031-05-07", 7),
        "the_later_of_two": ("(size on 2031-05-04) < (size on 2031-05-09)", 9),
        "through_a_measure": ("early_days", 5),
        "a_measure_looked_at_later": ("early_days on 2031-05-08", 5),
        "from_a_day_on": ("first_day(held) from 2031-05-03", 20),
        "at_the_end": ("size", 20),
        "beyond_the_end": ("held on 2031-05-20 and held on 2031-05-02", 20),
    }
    case = small(
        tmp_path, stocks={"size": {"start": 1, "change": "0"}}, auxiliaries={"held": {"equals": "size > 0"}},
        measures={"early_days": {"equals": "days(held) by 2031-05-05"}},
        questions={name: {"asks": "Well?", "answer": answer} for name, (answer, _) in asks.items()},
    )  # fmt: skip
    assert {name: closes_on(case, name).day for name in asks} == {name: day for name, (_, day) in asks.items()}
    # A moment belongs to the day of the case's zone: it is 7 May there already.
    late = dt.datetime(2031, 5, 6, 23, tzinfo=dt.UTC)
    assert closed_questions(case, late) == tuple(name for name, (_, day) in asks.items() if day <= 7)
    # At midnight a day has ended and none of the next has begun; a moment later it has.
    midnight = dt.datetime(2031, 5, 7, tzinfo=case.scenario.as_of.tzinfo)
    second = dt.timedelta(seconds=1)
    for moment, begun in ((midnight - second, 6), (midnight, 6), (midnight + second, 7)):
        assert closed_questions(case, moment) == tuple(name for name, (_, day) in asks.items() if day <= begun)


# ---- on the command line


ASKED = RunRequest("harbour_truce", worlds=1_600)


def test_a_posterior_is_applied_where_it_is_named(file: Path) -> None:
    assert analyse(replace(ASKED, posterior=file)).provenance.posterior_until == AS_OF.isoformat()
    assert analyse(ASKED).provenance.posterior_until is None
    with pytest.raises(detente.RequestError, match="leave out --explore, or --posterior"):
        replace(ASKED, explore=True, posterior=file)


def test_closed_questions_are_named_aloud_and_refused_by_name(
    fitted: Fitted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = replace(fitted, posterior=replace(fitted.posterior, until=AS_OF + dt.timedelta(days=10)))
    save_fitted(later, tmp_path / "later.nc")
    wished = ["harbour_truce", "--worlds", "1600", "--posterior", str(tmp_path / "later.nc")]
    assert main(["run", *wished, "--json", str(tmp_path / "data.json")]) == 0
    assert "not answered, since they close by 2031-05-14T06:00:00+02:00: holds_to_friday" in capsys.readouterr().err
    assert main(["why", *wished, "holds_to_friday"]) == 1
    assert "'holds_to_friday' closes" in capsys.readouterr().err


def fitted_by_command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    fit_command.add_to(parser.add_subparsers())
    arguments = parser.parse_args(["fit", *words])
    status: int = arguments.does(arguments)
    return status


def test_the_command_prints_a_table_and_writes_a_posterior(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, data = tmp_path / "made" / "truce.nc", tmp_path / "truce.json"
    few = ("--particles", "64", "--worlds", "256", "--out", str(out))
    assert fitted_by_command("harbour_truce", "--until", AS_OF.isoformat(), *few, "--all") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "6 choices and measurements of the record up to 2031-05-04" in printed
    assert "is not confirmed" in printed
    assert load_posterior(out).particles == 64
    assert load_fitted(out).provenance.replicates == 4
    assert fitted_by_command("harbour_truce", "--until", AS_OF.isoformat(), *few, "--json", str(data)) == 0
    assert '"narrowing"' in data.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "2031-05-04T06:00+02:00", "--out", "scenario.yaml"), "ends in .nc"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(detente.RequestError, match=said):
        fitted_by_command("harbour_truce", *words)


def test_a_stopped_fit_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(10))

    def interrupted(*_: object, **__: object) -> Any:
        if next(calls) == 2:
            signal.raise_signal(signal.SIGINT)
        return np.zeros((1, 256), np.float32), np.linspace(0, 1, 256, dtype=np.float32)

    monkeypatch.setattr("detente.dynamics.ensemble.Ensemble.answers", interrupted)
    out = tmp_path / "posterior.nc"
    few = ("--particles", "64", "--worlds", "256", "--out", str(out))
    assert fitted_by_command("harbour_truce", "--until", AS_OF.isoformat(), *few) == 130
    assert "no posterior was written" in capsys.readouterr().out
    assert not out.exists()
