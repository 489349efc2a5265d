"""The answers of bundled cases do not hang on the steps in which a day is worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from detente.dynamics.simulation import Simulation
from detente.scenario import Case, load

Method = Literal["euler", "rk4"]


def stepped(case: Case, method: Method, parts: int) -> Case:
    """Return a case whose days are cut otherwise."""
    scenario = case.scenario.model_copy(update={"method": method, "substeps": parts})
    return replace(case, scenario=scenario, hash=f"{case.hash[:40]}, {method} {parts}")


def answers(case: Case, draws: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Return what each question's answer is by name: shares and means, each with the width that it is measured by."""
    made = Simulation(case, seed=1, replicates=16).run([("mixtures", {}, draws)])["mixtures"]
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for name in case.scenario.questions:
        answer = made.answer(name)
        if answer.probability is not None:
            found[name] = {"yes": (answer.probability, 1.0)}
        elif answer.shares is not None:
            found[name] = {key: (share, 1.0) for key, share in answer.shares.items()}
        elif answer.never is not None:
            found[name] = {"never": (answer.never, 1.0)}
        else:
            assert answer.quantiles is not None
            assert answer.mean is not None
            width = float(answer.quantiles["95"]) - float(answer.quantiles["5"])
            found[name] = {"mean": (answer.mean, max(width, 1e-9))}
    return found


def agree(case: Case, ways: list[tuple[Method, int]], draws: int, near: float) -> None:
    declared = answers(case, draws)
    for method, parts in ways:
        for name, by_name in answers(stepped(case, method, parts), draws).items():
            for key, (value, _) in by_name.items():
                expected, width = declared[name][key]
                assert value == pytest.approx(expected, abs=near * width), (method, parts, name, key)


def test_harbour_truce_is_the_same_by_finer_steps() -> None:
    """The same draws and luck, so that what differs is the step and not the sample."""
    agree(load("harbour_truce"), [("euler", 4), ("rk4", 1)], 256, 0.002)


@pytest.mark.long
def test_november_2023_is_the_same_by_finer_steps() -> None:
    """Within a point of a share, or a hundredth of the width of a number's answer; a day is fine enough."""
    agree(load("november_2023"), [("euler", 2), ("euler", 4), ("euler", 8), ("rk4", 1)], 1_250, 0.01)
