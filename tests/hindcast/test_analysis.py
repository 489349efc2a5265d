"""The door of a hindcast, on a crisis whose truth is known."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente.errors import RequestError
from detente.hindcast import rolling_origin
from detente.hindcast.analysis import hindcast
from detente.hindcast.filtering import Filter, Worlds
from detente.hindcast.forecasting import Asked
from detente.hindcast.outcomes import Outcomes, outcomes_of
from detente.hindcast.resolution import Resolution
from detente.hindcast.result import Hindcast
from detente.hindcast.rolling_origin import few_left, is_settled, open_at
from detente.run import MIXTURES, run
from detente.scenario import Case, Draws, load
from detente.scenario.posterior import Posterior
from tests.hindcast.synthetic import AS_OF, Truth, crisis, synthetic_records, write_world

DAY = dt.timedelta(days=1)
SMALL = {"worlds": 8_192, "threads": 1, "reasons": False}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Truth]:
    return write_world(tmp_path_factory.mktemp("crisis"))


@pytest.fixture(scope="module")
def stepped(world: tuple[Case, Truth]) -> Hindcast:
    return hindcast(world[0], as_of=AS_OF - 4 * DAY, step=DAY, to=AS_OF + 4 * DAY, **SMALL)  # type: ignore[arg-type]


def test_every_open_question_is_forecast_and_no_other(world: tuple[Case, Truth], stepped: Hindcast) -> None:
    assert len(stepped.cuts) == 9
    for cut in stepped.cuts:
        assert set(cut.standings) <= set(open_at(stepped.resolutions, cut.as_of))
    first, last = stepped.cuts[0], stepped.cuts[-1]
    assert set(first.standings) == set(world[0].elements.questions)
    assert "terms_on_16_may" not in last.standings  # closed on the evening of the 16th
    assert stepped.left_out == {}
    later = hindcast(world[0], as_of=AS_OF + 8 * DAY, **SMALL)  # type: ignore[arg-type]
    assert set(later.left_out) == {"truce_on_20_may", "next_break", "terms_on_16_may"}
    assert "by 2031-05-21" in later.left_out["next_break"]


def test_what_the_record_settles_on_the_day_is_no_forecast(world: tuple[Case, Truth]) -> None:
    on_the_day = hindcast(world[0], as_of=dt.datetime.fromisoformat("2031-05-16T06:00+02:00"), **SMALL)  # type: ignore[arg-type]
    assert "terms_on_16_may" not in on_the_day.cuts[0].standings
    before_it = hindcast(world[0], as_of=dt.datetime.fromisoformat("2031-05-16T04:00+02:00"), **SMALL)  # type: ignore[arg-type]
    assert "terms_on_16_may" in before_it.cuts[0].standings
    assert "settled" in on_the_day.left_out["terms_on_16_may"]


def test_a_sure_forecast_that_is_wrong_is_not_taken_for_settled(world: tuple[Case, Truth]) -> None:
    case = world[0]
    resolution = outcomes_of(case).resolutions["truce_on_20_may"]
    asked = Asked(_program(case), case.elements.questions["truce_on_20_may"], True)
    moment = dt.datetime.fromisoformat("2031-05-20T12:00+02:00")
    wrong, right = (Worlds(np.full((1, 2, 4), value), np.zeros((2, 4))) for value in (0.0, 1.0))
    assert is_settled(asked, resolution, moment, right, 0)
    assert not is_settled(asked, resolution, moment, wrong, 0)
    assert not is_settled(asked, resolution, moment - DAY, right, 0)


def _program(case: Case):  # type: ignore[no-untyped-def]
    from detente.dynamics import build_program

    return build_program(case)


def test_forecasts_are_those_of_a_run_at_the_same_cut(world: tuple[Case, Truth]) -> None:
    case, moment = world[0], AS_OF - 9 * DAY  # early enough for weights alone
    found = hindcast(case, as_of=moment, worlds=24_576, threads=1, reasons=False)
    same = run(case.cut(moment), worlds=24_576, threads=1, other_ranges=False)
    (cut,) = found.cuts
    assert cut.resampled == 0
    assert cut.effective_draws == pytest.approx(same.main.effective_draws, rel=1e-3)
    truce, away = cut.standings["truce_on_20_may"], cut.standings["away_on_30_may"]
    assert truce.model.probability == pytest.approx(same.answers["truce_on_20_may"].probability, abs=1e-4)
    assert truce.model.range == pytest.approx(same.answers["truce_on_20_may"].range, abs=2e-3)
    for account, answer in same.by_account("truce_on_20_may").items():
        assert truce.by_account[account].probability == pytest.approx(answer.probability, abs=1e-4)
    expected, ours = same.answers["away_on_30_may"].quantiles, away.model.quantiles
    assert [ours[p] for p in ours] == pytest.approx([expected[p] for p in ours], rel=0.01)  # type: ignore[index, union-attr]
    date, answer = cut.standings["next_break"].model, same.answers["next_break"]
    assert date.quantiles == answer.quantiles
    assert date.never == pytest.approx(answer.never, abs=1e-4)
    shares = cut.standings["terms_on_16_may"].model.shares
    assert shares == pytest.approx(dict(same.answers["terms_on_16_may"].shares or {}), abs=2e-3)


def test_the_bits_are_the_same_on_any_number_of_threads(world: tuple[Case, Truth]) -> None:
    asked = {"worlds": 4_096, "as_of": AS_OF, "step": DAY, "to": AS_OF + DAY, "reasons": False}
    one, two = (hindcast(world[0], threads=threads, **asked) for threads in (1, 2))  # type: ignore[arg-type]
    assert one.cuts == two.cuts
    assert one.summaries == two.summaries


def test_later_rows_change_nothing_at_an_earlier_cut(world: tuple[Case, Truth], tmp_path: Path) -> None:
    other, _ = write_world(tmp_path)
    file = other.folder / "record_after.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([head, *rows[20:]]) + "\n", encoding="utf-8")
    whole, cut_short = (hindcast(case, as_of=AS_OF, **SMALL) for case in (world[0], load(other.folder)))  # type: ignore[arg-type]
    assert whole.cuts[0].standings == cut_short.cuts[0].standings


def test_a_forecast_moves_only_for_what_became_known(world: tuple[Case, Truth]) -> None:
    """Rows come at five in the morning and at ten in the evening: nothing is learnt over noon."""
    hours = dt.timedelta(hours=6)
    for begins in (AS_OF - 9 * DAY, AS_OF):  # by weights alone, and resampled
        asked = {"as_of": begins, "step": hours, "to": begins + hours}
        early, late = hindcast(world[0], **asked, **SMALL).cuts  # type: ignore[arg-type]
        assert late.movers == ()
        assert late.standings == early.standings


def test_a_cut_s_forecasts_do_not_depend_on_other_cuts(world: tuple[Case, Truth], stepped: Hindcast) -> None:
    for cut in (stepped.cuts[0], stepped.cuts[6]):
        (alone,) = hindcast(world[0], as_of=cut.as_of, **SMALL).cuts  # type: ignore[arg-type]
        assert alone == replace(cut, movers=())


def test_nothing_is_run_where_nothing_became_known_that_bears(world: tuple[Case, Truth]) -> None:
    hour, ran = dt.timedelta(hours=1), []

    class Counted(Filter):
        def _run(self, *arguments: object) -> object:  # type: ignore[override]
            ran.append(arguments)
            return super()._run(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rolling_origin, "Filter", Counted)
        once = hindcast(world[0], as_of=AS_OF, **SMALL)  # type: ignore[arg-type]
        alone = len(ran)
        told: list[int] = []
        twice = hindcast(world[0], as_of=AS_OF, step=hour, to=AS_OF + hour, progress=told.append, **SMALL)  # type: ignore[arg-type]
    assert 0 < alone == len(ran) - alone
    assert sum(told) == 2 * once.provenance.worlds
    assert [cut.learned for cut in twice.cuts][1:] == [False]
    first, second = ({name: one.model for name, one in cut.standings.items()} for cut in twice.cuts)
    assert first == second == {name: one.model for name, one in once.cuts[0].standings.items()}


def test_what_becomes_known_draws_the_forecast_to_the_truth(tmp_path: Path) -> None:
    """Over several worlds the losses fall, on average, as more of each is known."""
    early, late = [], []
    for seed in range(21, 25):
        case, truth = write_world(tmp_path / str(seed), seed)
        found = hindcast(case, as_of=AS_OF - 11 * DAY, step=11 * DAY, to=AS_OF + 11 * DAY, **SMALL)  # type: ignore[arg-type]
        losses = [cut.standings["away_on_30_may"].model.scores["crps"] for cut in found.cuts]
        early.append(losses[0])
        late.append(losses[2])
        assert truth.outcomes["away_on_30_may"] == pytest.approx(found.outcome("away_on_30_may"), abs=0.1)
    assert np.mean(late) < np.mean(early) / 3


def test_cuts_say_what_became_known_and_how_far_worlds_follow(stepped: Hindcast) -> None:
    assert stepped.cuts[0].movers == ()
    for cut in stepped.cuts[1:]:
        assert sorted(mover.measure for mover in cut.movers) == ["people_counted", "terms_asked", "truce_kept"]
    mixed = 8_192 // 16 - 2 * (8_192 // 16 // 3)  # dealt evenly to mixtures and two accounts
    assert all(cut.draws == mixed and 0 < cut.effective_draws <= cut.draws for cut in stepped.cuts)
    resampled = [cut.resampled for cut in stepped.cuts]
    assert resampled == sorted(resampled)
    assert resampled[-1] > 0
    warned = [cut for cut in stepped.cuts if cut.effective_draws < 0.05 * cut.draws]
    assert warned
    assert all("Few worlds follow the record" in cut.warning for cut in warned)


def test_cuts_before_the_newest_source_are_in_sample_and_apart(world: tuple[Case, Truth], tmp_path: Path) -> None:
    case, _ = write_world(tmp_path)
    file = case.folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace('published: "2031-05-01T05:00+02:00"', 'published: "2031-05-12"')
    file.write_text(text, encoding="utf-8")
    found = hindcast(case.folder, as_of=AS_OF - 2 * DAY, step=DAY, to=AS_OF, **SMALL)  # type: ignore[arg-type]
    assert [cut.in_sample for cut in found.cuts] == [True, False, False]
    assert [(summary.in_sample, summary.cuts) for summary in found.summaries] == [(False, 2), (True, 1)]


def test_baselines_stand_beside_the_model(stepped: Hindcast) -> None:
    standings = stepped.cuts[0].standings
    assert set(standings["truce_on_20_may"].baselines) == {"even_odds", "base_rate", "persistence"}
    assert set(standings["away_on_30_may"].baselines) == {"persistence"}
    assert set(standings["next_break"].baselines) == {"persistence"}
    assert set(standings["terms_on_16_may"].baselines) == {"even_odds"}
    for standing in standings.values():
        for forecast in (standing.model, *standing.by_account.values(), *standing.baselines.values()):
            assert forecast.scores
            assert all(np.isfinite(score) for score in forecast.scores.values())


def test_a_run_that_is_stopped_keeps_its_first_cut_and_says_so(world: tuple[Case, Truth]) -> None:
    stop, done = threading.Event(), []

    def progress(worlds: int) -> None:
        done.append(worlds)
        stop.set()

    found = hindcast(world[0], step=DAY, stop=stop, progress=progress, worlds=8_192, threads=1)
    assert found.provenance.partial
    assert len(found.cuts) == 1
    assert done
    assert found.cuts[0].standings
    whole = hindcast(world[0], progress=done.append, **SMALL)  # type: ignore[arg-type]
    assert not whole.provenance.partial
    assert sum(done[1:]) == whole.provenance.worlds


def test_a_cut_that_is_not_done_when_stopped_is_left_out(world: tuple[Case, Truth]) -> None:
    stop, done = threading.Event(), [0]

    def progress(worlds: int) -> None:
        done[0] += worlds
        if done[0] > 8_192:  # all worlds of the first cut, and some of the second
            stop.set()

    found = hindcast(world[0], step=DAY, stop=stop, progress=progress, **SMALL)  # type: ignore[arg-type]
    assert found.provenance.partial
    assert len(found.cuts) == 1
    assert found.cuts[0] == hindcast(world[0], as_of=found.cuts[0].as_of, **SMALL).cuts[0]  # type: ignore[arg-type]


ASKED = """
  kept_when_all_is_asked:
    asks: On what share of the days on which it asks all is the truce kept?
    answer: days(varland.keep and league.terms == all) / days(league.terms == all)
"""
CAME = """
  kept_when_all_is_asked:
    asks: What became of it?
    closes: "2031-05-30T23:00+02:00"
    outcome: 0.5
    resolved: "2031-05-30"
    how: The harbour office wrote it down.
    sources: [the office's book]
    certainty: high
    cluster: kept_when_all_is_asked
    mentions_outcome: false
"""


def test_worlds_without_an_answer_are_told_of(tmp_path: Path) -> None:
    """In a world in which all is never asked there is no such share."""
    case, _ = write_world(tmp_path)
    scenario, resolutions = case.folder / "scenario.yaml", case.folder / "resolutions.yaml"
    text = scenario.read_text(encoding="utf-8").replace("hindcast:", f"{ASKED.strip(chr(10))}\nhindcast:", 1)
    scenario.write_text(text, encoding="utf-8")
    resolutions.write_text(resolutions.read_text(encoding="utf-8") + CAME.lstrip("\n"), encoding="utf-8")
    (cut,) = hindcast(case.folder, as_of=AS_OF - 12 * DAY, **SMALL).cuts  # type: ignore[arg-type]
    model = cut.standings["kept_when_all_is_asked"].model
    assert 0 < model.unanswered < 0.5
    assert model.scores["crps"] < 1
    assert "% of worlds 'kept_when_all_is_asked' has no answer" in cut.warning


def test_questions_asked_by_name(world: tuple[Case, Truth]) -> None:
    found = hindcast(world[0], questions=["next_break"], **SMALL)  # type: ignore[arg-type]
    assert list(found.cuts[0].standings) == ["next_break"] == list(found.resolutions)
    assert found.left_out["away_on_30_may"] == "It was not asked for."
    with pytest.raises(RequestError, match="next_break"):
        hindcast(world[0], questions=["next_brake"], **SMALL)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="cut earlier"):
        hindcast(world[0], questions=["terms_on_16_may"], as_of=AS_OF + 5 * DAY, **SMALL)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", [{"worlds": 0}, {"replicates": 0}, {"replicates": 70_000}])
def test_sizes_that_make_no_sense_are_refused(world: tuple[Case, Truth], asked: dict[str, int]) -> None:
    with pytest.raises(RequestError, match="expected a whole number from 1 to"):
        hindcast(world[0], **asked)  # type: ignore[arg-type]


def test_a_case_that_says_nothing_of_afterwards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="says nothing of what came after"):
        hindcast(crisis(tmp_path))


# ---- reasons


@pytest.fixture(scope="module")
def unsourced(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the crisis with a reason that rests on no claim."""
    case, _ = write_world(tmp_path_factory.mktemp("unsourced"))
    file = case.folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    claimed = "        odds: 1..8\n        claims: [past_truces]\n"
    assert claimed in text
    file.write_text(text.replace(claimed, "        odds: 1..8\n"), encoding="utf-8")
    return load(case.folder)


def test_reasons_that_only_hindsight_may_have_given_are_left_out_beside(unsourced: Case) -> None:
    moment = AS_OF - 9 * DAY
    found = hindcast(unsourced, as_of=moment, worlds=8_192, threads=1)
    assert [reason.decision for reason in found.possible_hindsight] == ["varland.keep"]
    (cut,) = found.cuts
    truce, away = cut.standings["truce_on_20_may"], cut.standings["away_on_30_may"]
    assert truce.without_hindsight is not None
    assert truce.without_hindsight.scores["brier"] != truce.model.scores["brier"]
    assert away.without_hindsight is not None
    assert found.summaries[0].skills_without_hindsight
    assert [reason.label for reason in found.drove["truce_on_20_may"]] == ["reason"]
    # The reason makes a truce likelier, and the truce was not kept.
    assert found.drove["truce_on_20_may"][0].toward_outcome < 0
    assert truce.model.probability is not None
    assert truce.without_hindsight.probability is not None
    assert truce.without_hindsight.probability < truce.model.probability
    plain = hindcast(unsourced, as_of=moment, **SMALL)  # type: ignore[arg-type]
    assert plain.cuts[0].standings["truce_on_20_may"].model == truce.model
    assert plain.cuts[0].standings["truce_on_20_may"].without_hindsight is None
    assert plain.drove == {}


def test_a_posterior_serves_the_case_without_a_reason_too(unsourced: Case) -> None:
    found = hindcast(unsourced, posterior=fitted(unsourced, AS_OF), worlds=2_048, threads=1)
    assert found.cuts[0].standings["truce_on_20_may"].without_hindsight is not None


# ---- posteriors


def fitted(case: Case, until: dt.datetime) -> Posterior:
    """Return a posterior that is no narrower than the ranges: 64 particles anywhere."""
    dice = np.random.default_rng(4)
    program = _program(case)
    return Posterior(
        case.name, case.hash, until, {name: dice.random(64) for name in program.parameters},
        {entry.group or name: dice.random(64) for name, entry in case.switches.items()},
    )  # fmt: skip


def test_a_posterior_is_cut_where_it_was_fitted(world: tuple[Case, Truth]) -> None:
    case = world[0]
    until = AS_OF + DAY
    found = hindcast(case, posterior=fitted(case, until), **SMALL)  # type: ignore[arg-type]
    assert [cut.as_of for cut in found.cuts] == [until]
    assert found.posterior_until == until
    # Worlds are weighted within each draw only: all draws count alike.
    assert found.cuts[0].effective_draws == pytest.approx(found.cuts[0].draws)
    assert not found.cuts[0].in_sample


def test_no_cut_lies_after_a_posterior_and_those_before_it_are_in_sample(world: tuple[Case, Truth]) -> None:
    case = world[0]
    with pytest.raises(RequestError, match="lies after it"):
        hindcast(case, as_of=AS_OF + 2 * DAY, posterior=fitted(case, AS_OF), **SMALL)  # type: ignore[arg-type]
    found = hindcast(case, as_of=AS_OF, posterior=fitted(case, AS_OF + DAY), **SMALL)  # type: ignore[arg-type]
    assert found.cuts[0].in_sample


def test_what_closed_while_a_posterior_was_fitted_is_left_out_by_name(world: tuple[Case, Truth]) -> None:
    case = world[0]
    posterior = fitted(case, AS_OF + 5 * DAY)
    found = hindcast(case, as_of=AS_OF, posterior=posterior, **SMALL)  # type: ignore[arg-type]
    assert "terms_on_16_may" not in found.cuts[0].standings
    assert "fitted" in found.left_out["terms_on_16_may"]
    with pytest.raises(RequestError, match="'terms_on_16_may' closed by"):
        hindcast(case, as_of=AS_OF, posterior=posterior, questions=["terms_on_16_may"], **SMALL)  # type: ignore[arg-type]


# ---- where worlds run out


def test_where_no_world_follows_the_record_it_says_so_and_what_to_do(world: tuple[Case, Truth], tmp_path: Path) -> None:
    case, _ = write_world(tmp_path)
    file = case.folder / "record.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    spoilt = [line if "people_counted" not in line else _far(line) for line in lines]
    file.write_text("\n".join(spoilt) + "\n", encoding="utf-8")
    with pytest.raises(RequestError, match=r"not one of .* worlds follows what was known at 2031-05-13"):
        hindcast(load(case.folder), **SMALL)  # type: ignore[arg-type]


def _far(line: str) -> str:
    """Put the count of people beyond anything that single precision squares."""
    parts = line.split(",")
    parts[3] = "1e30"
    return ",".join(parts)


def test_an_account_that_nothing_follows_is_left_out_by_name() -> None:
    some = Worlds(np.zeros((1, 40, 4)), np.zeros((40, 4)), lost=3)
    none = Worlds(np.zeros((1, 40, 4)), np.full((40, 4), -np.inf))
    few = Worlds(np.zeros((1, 40, 4)), np.concatenate([np.zeros((1, 4)), np.full((39, 4), -50.0)]))
    found = {MIXTURES: some, "one": none, "two": few}
    said = few_left(AS_OF, found, {"one": "As one tells it", "two": "As two tells it"})
    assert set(found) == {MIXTURES, "two"}
    assert "As two tells it: 40 draws are worth 1.0" in said
    assert "No world follows it as these accounts have it: As one tells it." in said
    assert "In 3 worlds something observed is no number" in said
    assert few_left(AS_OF, {MIXTURES: replace(some, lost=0)}, {}) == ""


def test_a_question_is_open_until_it_closes_and_until_its_day_is_over(world: tuple[Case, Truth]) -> None:
    entry = outcomes_of(world[0]).resolutions["next_break"]

    def is_open(resolution: Resolution, text: str) -> bool:
        return open_at({"it": resolution}, dt.datetime.fromisoformat(text)) == ["it"]

    early = replace(entry, resolved=dt.date(2031, 5, 14))
    assert is_open(early, "2031-05-14T23:00+02:00")
    assert not is_open(early, "2031-05-15T00:00+02:00")
    assert not is_open(replace(entry, resolved=dt.date(2031, 6, 9)), entry.closes.isoformat())


def test_truths_are_drawn_from_the_declared_ranges(tmp_path: Path) -> None:
    case = load(crisis(tmp_path))
    truths = synthetic_records(case, 2, 6)
    assert truths == synthetic_records(case, 2, 6)
    program = _program(case)
    drawn = Draws(case, 2, program.parameters).take(np.arange(6, dtype=np.uint32))
    for number, truth in enumerate(truths):
        assert truth.parameters == {name: drawn.values[name][number] for name in program.parameters}
        assert len(truth.observations) == 3 * program.days


def test_the_record_is_that_of_the_world(world: tuple[Case, Truth]) -> None:
    case, truth = world
    after: Outcomes = outcomes_of(case)
    rows = [*case.observations, *after.observations]
    assert sorted((row.about, row.measure, row.value) for row in rows) == sorted(
        (row.about, row.measure, row.value) for row in truth.observations
    )
