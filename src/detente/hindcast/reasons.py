"""Reasons in decisions: which only hindsight may have given, and how far each moved a forecast toward what came."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program, Simulation, ancestors, build_program, direct_influences, position_of
from detente.dynamics.ensemble import Design, Ensemble
from detente.dynamics.forcing import forced_by
from detente.dynamics.kernel import Forced
from detente.evidence import parse_citations
from detente.hindcast.resolution import Outcome, Resolution
from detente.hindcast.result import Reason
from detente.requests import Work
from detente.scenario import Case, LeanElement, Parameter
from detente.scenario.elements import ParameterArm
from detente.scenario.model import Claim, Reading, Source
from detente.scenario.ranges import Range

__all__ = ["possible_hindsight", "reasons", "without"]

Floats = NDArray[np.float64]
GENERAL = "general knowledge"
DRAWS, REPLICATES = 512, 8
TOGETHER = 8
"""Reasons that are silenced in one call of the kernel."""
BEYOND = 2.576
"""Standard errors of a 99 % interval."""


def possible_hindsight(case: Case) -> tuple[Reason, ...]:
    """Return the reasons in decisions that have no source dated before the cut.

    A reason counts as sourced if one of its claims, or a reading of it, cites a source that was public by the case's
    ``as_of`` (a data set: that covers no later day). General knowledge that no page shows is no source. Whoever wrote
    such a reason may have known what came; whether that is why it stands there nobody can tell, so it is listed and not
    judged.

    Parameters
    ----------
    case
        The case, at the cut up to which sources count.

    Returns
    -------
    tuple of Reason
        In the order of the case; ``toward_outcome`` is 0, since nothing is run.
    """
    dated = {name for name, source in case.scenario.sources.items() if _is_dated_by(source, case.scenario.as_of)}
    sourced = {name for name in case.scenario.claims if not dated.isdisjoint(_cited(case, name))}
    return tuple(
        Reason(decision, lean.label, lean.claims, True, 0.0)
        for decision, lean in _leans(case)
        if sourced.isdisjoint(lean.claims)
    )


def _leans(case: Case) -> Iterator[tuple[str, LeanElement]]:
    for name, decision in case.elements.decisions.items():
        for lean in decision.leans:
            yield name, lean


def _cited(case: Case, claim: str) -> set[str]:
    """Return the sources that a claim or one of its readings cites; none where it is general knowledge."""
    entry = case.scenario.claims[claim]
    voices: list[Claim | Reading] = [entry, *(entry.readings or {}).values()]
    lines = [part.cites for part in voices if part.cites and not (part.source_kind or "").startswith(GENERAL)]
    return {citation.source for line in lines for citation in parse_citations(line)}


def _is_dated_by(source: Source, as_of: dt.datetime) -> bool:
    """Say whether a source was public by a moment; of a day without an hour no more is known than that it had begun."""
    written = source.covers_to if source.covers_to is not None else source.published
    if written is None or source.kind == GENERAL:
        return False
    if len(written) == len("2031-05-04"):
        return dt.date.fromisoformat(written) <= as_of.date()
    return dt.datetime.fromisoformat(written) <= as_of


def without(case: Case, leans: Iterable[Reason]) -> Case:
    """Return the case with some reasons silenced: whatever their strength, they pull nowhere.

    Their odds become 1. The decisions come up on the same days as before, also where they come up because something
    changes that only a silenced reason reads; so the two cases can be compared world by world.

    Parameters
    ----------
    case
        The case.
    leans
        Reasons, found again by their decision and label.

    Returns
    -------
    Case
        With a hash of its own, so that nothing kept for the one is taken for the other.
    """
    silent = sorted({(lean.decision, lean.label) for lean in leans})
    if not silent:
        return case
    mark = hashlib.sha256(repr(silent).encode()).hexdigest()[:16]

    def alone(decision: str, lean: LeanElement, parameter: Parameter) -> Parameter | None:
        return replace(parameter, arms=(_one(1.0, "exact"),)) if (decision, lean.label) in silent else None

    return _with_odds(case, alone, f"without {mark}")[0]


def _one(value: float, shape: str) -> ParameterArm:
    """Return a range of a single value: an exact number is compiled in, a range is a row of the kernel's numbers."""
    return ParameterArm((), Range("exact" if shape == "exact" else "uniform", value, value, value))


def _with_odds(
    case: Case, alone: Callable[[str, LeanElement, Parameter], Parameter | None], mark: str
) -> tuple[Case, dict[str, str]]:
    """Give chosen reasons a number of their own for their odds; return also whose place each takes."""
    parameters, options = dict(case.elements.parameters), dict(case.elements.options)
    taken: dict[str, str] = {}
    for name, option in options.items():
        if option.decision is None:
            continue
        leans = []
        for lean in option.decision.leans:
            parameter = alone(name, lean, parameters[lean.odds])
            if parameter is not None:
                own = f"{name}/{lean.label}"
                taken[own] = lean.odds
                parameters[own] = replace(parameter, name=own, role="odds", owner=name)
                lean = replace(lean, odds=own)
            leans.append(lean)
        options[name] = replace(option, decision=replace(option.decision, leans=tuple(leans)))
    elements = replace(case.elements, parameters=parameters, options=options)
    return replace(case, elements=elements, hash=f"{case.hash}, {mark}"), taken


@dataclass(frozen=True)
class _Stand:
    """Where forecasts stand: their weighted means, ``[questions]``, and each draw's part in their error."""

    mean: Floats
    residuals: Floats


@dataclass(frozen=True)
class _Apart:
    """The same worlds with a number of its own for each reason's odds, so that one can be silenced at a time.

    ``parameters`` are its numbers, ``[p, draws]``; ``outcomes`` what became of each question asked.
    """

    ensemble: Ensemble
    program: Program
    parameters: NDArray[np.floating]
    numbers: NDArray[np.uint32]
    forced: Forced
    outcomes: Mapping[str, Outcome]
    within_draws: bool

    def stands(self, silenced: Sequence[tuple[str, LeanElement] | None]) -> list[_Stand]:
        """Return where the forecasts stand with each of these reasons silenced; None for none of them."""
        replicates = self.ensemble.replicates
        columns = np.repeat(self.parameters[:, None, :], len(silenced), axis=1)
        for column, reason in enumerate(silenced):
            if reason is not None:
                columns[self.program.parameters.index(f"{reason[0]}/{reason[1].label}"), column] = 1.0
        answers, log_weight = self.ensemble.answers(
            columns.reshape(len(columns), -1), np.tile(self.numbers, len(silenced)), self.forced, replicates
        )
        shape = (len(silenced), len(self.numbers), replicates)
        values = np.stack([self.values(name, answers) for name in self.outcomes]).reshape(-1, *shape)
        weights = _weights(log_weight.astype(np.float64).reshape(shape), self.within_draws)
        return [_stand(values[:, column], weights[column]) for column in range(len(silenced))]

    def values(self, name: str, answers: NDArray[np.float32]) -> Floats:
        """Return each world's answer as a number that has a mean: for a choice, whether it is what came."""
        row = position_of(self.program, name)
        kind, value = self.program.summaries[row].kind, answers[row].astype(np.float64)
        if kind.name == "choice":
            value = (value == kind.alternatives.index(str(self.outcomes[name]))).astype(np.float64)
        return np.asarray(np.where(np.isinf(value), self.program.days, value))

    def toward(self, begun: _Stand, ended: _Stand, number: int, name: str) -> float | None:
        """Return how much nearer a forecast comes to what came with a reason than without; None within its noise."""
        error = float(np.sqrt(((begun.residuals[number] - ended.residuals[number]) ** 2).sum()))
        with_it, without_it = float(begun.mean[number]), float(ended.mean[number])
        if abs(with_it - without_it) <= BEYOND * error + 1e-9:
            return None
        came = self.came(name)
        return abs(without_it - came) - abs(with_it - came)

    def came(self, name: str) -> float:
        """Return what came as the number that forecasts are held against."""
        outcome = self.outcomes[name]
        if isinstance(outcome, dt.date):
            return float(self.program.day_of(outcome))
        if isinstance(outcome, str):
            return 1.0
        return float(self.program.days) if outcome is None else float(outcome)


def _apart(
    simulation: Simulation, case: Case, outcomes: Mapping[str, Outcome], size: tuple[int, int], within_draws: bool
) -> _Apart:
    """Compile the case once more with the odds of every reason apart; its worlds are those of the simulation."""

    def alone(decision: str, lean: LeanElement, parameter: Parameter) -> Parameter:
        arms = parameter.arms if parameter.varies else (_one(parameter.arms[0].range.low, "uniform"),)
        return replace(parameter, arms=arms)

    parted, taken = _with_odds(simulation.case, alone, "reasons apart")
    program, known, draws = build_program(parted), simulation.watch.program, size[0]
    ensemble = Ensemble(
        parted, program, seed=simulation.ensemble.drawing.seed, replicates=size[1],
        weighted=simulation.ensemble.weighted, threads=simulation.ensemble.threads,
        dtype=simulation.ensemble.kernel.dtype,
    )  # fmt: skip
    drawn = simulation.ensemble.drawn(Design("reasons", {}, draws, simulation.forced), 0, draws)
    matrix = np.zeros((len(program.parameters), draws), ensemble.kernel.dtype)
    for row, name in enumerate(program.parameters):
        origin = taken.get(name, name)
        exact = parted.elements.parameters[name].arms[0].range.low
        matrix[row] = drawn.values[origin] if origin in known.parameters else exact
    return _Apart(ensemble, program, matrix, drawn.numbers, forced_by(case, program), outcomes, within_draws)


def reasons(
    simulation: Simulation,
    case: Case,
    resolutions: Mapping[str, Resolution],
    questions: Sequence[str],
    *,
    size: tuple[int, int] = (DRAWS, REPLICATES),
    within_draws: bool = False,
    work: Work | None = None,
) -> dict[str, tuple[Reason, ...]]:
    """Return how far each reason in a decision moved the model's forecasts toward what came.

    Each reason from which a question can be reached is silenced in turn (its odds set to 1), in the same worlds, and
    the weighted means are compared: the probability of what came, or the distance of the mean from what came, a day
    that never comes counting as the end of the days. What is listed moved the mean beyond its 99 % sampling interval.
    The reasons need not add up to the whole: where two of them are each enough, neither moves much.

    It is the model's answer that was moved. Nothing follows for whether anybody had such a reason.

    Parameters
    ----------
    simulation
        The case, ready to run. The case is compiled once more, with the odds of every reason apart.
    case
        The case as it stood at the cut: its record weights the worlds.
    resolutions, questions
        What became of the questions, and those to look at.
    size
        The worlds in which each reason is silenced: how many draws, and worlds of each.
    within_draws
        Whether worlds are weighted within each draw only, as where a posterior has used the record already.
    work
        How the work is watched and stopped: progress is told the number of worlds done since the last call, and where
        it is stopped, the reasons so far are returned.

    Returns
    -------
    dict
        For each question, reasons by the size of what they moved, in points of probability (from 0 to 1), or in the
        question's unit; days for a date.
    """
    outcomes = {name: resolutions[name].outcome for name in questions if name in resolutions}
    apart = _apart(simulation, case, outcomes, size, within_draws)
    influences, asked = direct_influences(apart.program), apart.program.elements.questions
    upstream = {name: ancestors(apart.program, asked[name].node, influences) for name in outcomes}
    reached = set().union(*upstream.values())
    plan = [(decision, lean) for decision, lean in _leans(apart.ensemble.case) if decision in reached]
    hindsight = {(reason.decision, reason.label) for reason in possible_hindsight(case)}
    found: dict[str, list[Reason]] = {name: [] for name in outcomes}
    for (decision, lean), begun, ended in _silenced(apart, plan, work or Work()):
        for number, (name, listed) in enumerate(found.items()):
            moved = apart.toward(begun, ended, number, name) if decision in upstream[name] else None
            if moved is not None:
                known = (decision, lean.label) in hindsight
                listed.append(Reason(decision, lean.label, lean.claims, known, moved))
    return {name: tuple(sorted(listed, key=lambda one: -abs(one.toward_outcome))) for name, listed in found.items()}


def _silenced(
    apart: _Apart,
    plan: Sequence[tuple[str, LeanElement]],
    work: Work,
) -> Iterator[tuple[tuple[str, LeanElement], _Stand, _Stand]]:
    """Silence reasons in turn, several in a call; yield each with where forecasts stand with it and without."""
    worlds = len(apart.numbers) * apart.ensemble.replicates
    begun: _Stand | None = None
    for first in range(0, len(plan), TOGETHER):
        if work.stopped:
            return
        chunk = plan[first : first + TOGETHER]
        stands = apart.stands(chunk if begun else [None, *chunk])
        begun, ended = (begun, stands) if begun else (stands[0], stands[1:])
        for reason, stand in zip(chunk, ended, strict=True):
            yield reason, begun, stand
        if work.progress is not None:
            work.progress(worlds * len(stands))


def _weights(log_weight: Floats, within_draws: bool) -> Floats:
    """Return weights of worlds, ``[…, draws, replicates]``, each set of draws scaled to a sum of one."""
    top = log_weight.max(axis=(-1 if within_draws else (-2, -1)), keepdims=True)
    weight = np.exp(log_weight - top)
    total = weight.sum(axis=(-1 if within_draws else (-2, -1)), keepdims=True)
    return np.asarray(weight / total / (log_weight.shape[-2] if within_draws else 1))


def _stand(values: Floats, weights: Floats) -> _Stand:
    """Return weighted means over worlds, and each draw's part in the error of that ratio, ``[questions, draws]``.

    Worlds without an answer (the mean over no day, say) are left out.
    """
    answered = ~np.isnan(values)
    counted, values = np.where(answered, weights, 0.0), np.where(answered, values, 0.0)
    total = np.maximum(counted.sum(axis=(1, 2)), np.finfo(np.float64).tiny)
    mean = (values * counted).sum(axis=(1, 2)) / total
    residuals = ((values - mean[:, None, None]) * counted).sum(axis=2) / total[:, None]
    return _Stand(mean, residuals)
