"""A decision whose occasion is an outcome has no effect printed: the difference between worlds would be a selection."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.dynamics.occasions import same_occasions, what_occasions_hang_on
from detente.exploration.importance import importance_of
from detente.run import Run, run
from tests.validation.planted import planted


def _case(folder: Path) -> object:
    """Return a truce that ends by luck: breaking it does nothing, and can be done only while it runs."""
    return planted(
        folder,
        days=30,
        uncertainties={"ending": {"range": "0.02..0.2"}},
        options={
            "ann": {
                "fire": {"says": "Fire while the truce runs.", "lasting": True},
                "speak": {"says": "Speak on the third day."},
            },
            "bea": {"end": {"says": "End the truce.", "lasting": True}},
        },
        decisions={
            "ann.fire": {"when": "not bea.end", "usual": "0.1"},
            "ann.speak": {"when": "day == 3 [day]", "usual": "0.4..0.6"},
            "bea.end": {"when": "day > 0 [day]", "usual": {"by_reading": [{"otherwise": "0.02..0.2"}]}},
        },
        flows={
            "killed": {"unit": "person/day", "equals": "1 [person/day] if bea.end else 0 [person/day]"},
            "more": {"unit": "person/day", "equals": "2 [person/day] if ann.speak else 0 [person/day]"},
            "owed_to_fire": {"unit": "person/day", "equals": "0 * killed if ann.fire else 0 [person/day]"},
        },
        stocks={"dead": {"unit": "person", "start": 0, "change": "killed + more + owed_to_fire"}},
        questions={"toll": {"asks": "How many have died?", "answer": "dead on 2031-05-30"}},
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(_case(tmp_path_factory.mktemp("selection")), worlds=4_000, other_ranges=False)  # type: ignore[arg-type]


def test_what_an_occasion_hangs_on_is_found(made: Run) -> None:
    hangs_on = what_occasions_hang_on(made.simulation.watch.program)
    assert hangs_on["ann.speak"] == ()
    assert "bea.end" in hangs_on["ann.fire"]
    assert same_occasions(made.simulation.watch.program) == {"ann.speak", "bea.end"}


def test_a_selection_is_not_compared(made: Run) -> None:
    # The planted selection is there: worlds in which the truce was broken are those that had more of it.
    marker = made.main.watch.passed["toll"]["ann.fire"]
    passage = made.main.passage(marker, "toll", "ann.fire")
    assert passage.with_it is not None
    assert passage.without is not None
    assert passage.with_it < passage.without - 1
    told = {one.decision: one for one in importance_of(made, {})["toll"].through}
    assert (told["ann.fire"].with_it, told["ann.fire"].without) == (None, None)
    assert told["ann.fire"].share == pytest.approx(passage.share)


def test_equals_are_compared(made: Run) -> None:
    (told,) = (one for one in importance_of(made, {})["toll"].through if one.decision == "ann.speak")
    assert told.with_it is not None
    assert told.without is not None
    # Spoken on the third day, it holds for 27 days, twice a day: the closed form.
    assert told.with_it - told.without == pytest.approx(54, abs=1.5)
    assert np.isclose(told.share, 0.5, atol=0.05)


def test_the_brief_prints_no_difference_of_a_selection(made: Run) -> None:
    (question,) = brief_of(study_of_run(made)).questions
    lines = {line.split(": ")[1].split(" —")[0]: line for line in question.through}
    fire = next(line for says, line in lines.items() if says.startswith("Fire"))
    speak = next(line for says, line in lines.items() if says.startswith("Speak"))
    assert "differs" not in fire
    assert "% of worlds" in fire
    assert "differs there by +5" in speak
