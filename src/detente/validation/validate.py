"""The door of a validation: a case and a seed in; a sheet of tests with their verdicts out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from detente.errors import CaseError
from detente.hindcast.predictive_check import cached_predictive_check
from detente.requests import ValidateRequest, Work, interruptible, own_cut, own_rule, prepared, written_case
from detente.results import Provenance
from detente.scenario import Case, Draws, load
from detente.validation.audit import StructureAudit, gather_findings
from detente.validation.conservation import conservation
from detente.validation.dead_ends import unreacted_to, unused
from detente.validation.decision_occasions import decision_occasions
from detente.validation.decision_rule import decision_rule, rules_of, with_rule
from detente.validation.declared_bounds import declared_bounds
from detente.validation.doubled_ranges import doubled_ranges, with_doubled_ranges
from detente.validation.equation_listing import equation_listing, listed_elements
from detente.validation.feedback_loops import feedback_loops
from detente.validation.forecast_scores import forecast_scores, forecasts_of, reliability_of, scores_of
from detente.validation.longer_horizon import longer_horizon, with_longer_horizon
from detente.validation.occasions import with_occasions
from detente.validation.odd_protocol import odd_protocol, protocol_of
from detente.validation.predictive_rows import foretold_rows, predictive_rows
from detente.validation.range_ends import at_the_ends, range_ends, without_effect
from detente.validation.range_width import range_width, run_with_other_ranges, widened_answers
from detente.validation.result import Validation
from detente.validation.side_by_side import Groups
from detente.validation.structure import Structure, structure_of
from detente.validation.structure_tests import Looked, beside_the_record, of_the_case, of_worlds
from detente.validation.survey import Survey, survey_of
from detente.validation.theil_inequality import theil_inequality
from detente.validation.time_step import time_step, ways_of, with_steps
from detente.validation.turning_claims import under_both_signs
from detente.validation.under_levers import under_levers
from detente.validation.unit_consistency import unit_consistency
from detente.validation.watched import with_ends_and_reasons
from detente.validation.worlds import columns_of

__all__ = ["WORLDS", "perform_validation", "stage_count", "structure_audit", "validate"]

Made = TypeVar("Made")
WORLDS = ValidateRequest.worlds
"""Worlds of each test that runs some."""
REPLICATES = 8
"""Worlds of each draw."""
AGAIN = 8
"""How many times as many draws look once more at what seemed to move nothing."""
MOST_AGAIN = 20_000
"""Worlds of that second look, at most, beyond this."""
SOME = 4
"""Of how many draws one sees every lever and every reading."""
QUICK = "It was left out, since a quick sheet was asked for."
STOPPED = "The validation was stopped before it."


def validate(
    case: Case | str | Path,
    *,
    quick: bool = False,
    worlds: int = WORLDS,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Validation:
    """Hold a case to the tests that a reviewer of a model asks for.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    quick
        Whether to leave out what takes longest: five times the days, other steps within a day, forecasts scored, other
        widths of ranges, and other rules of decision.
    worlds, seed
        Worlds of each test that runs some, at least 16; the same seed gives the same sheet.
    progress
        Called with 1 for each stage that is done, out of :func:`stage_count`.
    stop
        Set to end early: what was not tried by then is marked so.

    Returns
    -------
    Validation
        Every test with its verdict and its places, the listing of equations and the ODD+D protocol.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If too few worlds are asked for.
    """
    given = Work(progress=progress, stop=stop)
    request = ValidateRequest(
        written_case(case), quick=quick, worlds=worlds, seed=seed, rule=own_rule(case), as_of=own_cut(case)
    )
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_validation(request, whole, work)


def perform_validation(request: ValidateRequest, case: Case, work: Work | None = None) -> Validation:
    """Validate what a request asks for.

    Parameters
    ----------
    request, case
        What is asked, and the case that it names, read.
    work
        How the work is watched and stopped.

    Returns
    -------
    Validation
        As :func:`validate` gives it; ``partial`` in its provenance where tests were not tried.
    """
    work, whole = work or Work(), prepared(case, request.rule, request.as_of)
    return _sheet(request, _work(whole, request.worlds, request.seed, request.quick, work.progress, work.stop))


def _sheet(request: ValidateRequest, work: _Work) -> Validation:
    """Do every test, those that run worlds one after the other."""
    structure, seed, why_not = work.structure, work.seed, work.why_not
    drawn = work.stage(lambda: _as_drawn(structure, seed, work.draws))
    ends = work.stage(lambda: at_the_ends(structure, seed, *_of_ends(work.draws)))
    conserved_test, conserved = conservation(structure, drawn, why_not())
    loops_test, loops = work.needed(lambda: feedback_loops(structure, drawn, why_not()))
    occasions_test, occasions = decision_occasions(structure, drawn, why_not())
    check = work.stage(lambda: cached_predictive_check(structure.case, seed=seed))
    still = work.needed(lambda: without_effect(structure, ends, lambda names: _again(work, names), why_not()))
    looked = _looked(work, drawn, ends)
    doubled = work.stage(lambda: with_doubled_ranges(structure, seed, work.draws, REPLICATES))
    longer = work.stage(lambda: with_longer_horizon(structure, seed, work.draws, REPLICATES), costly=True)
    scored, unscored = work.compiled(lambda: forecasts_of(structure.case, seed, work.stop))
    made, unmade = work.compiled(lambda: run_with_other_ranges(structure.case, seed, work.stop))
    steps_test, steps = time_step(structure, _stepped(work), REPLICATES, why_not(costly=True))
    rules_test, rules = decision_rule(structure, _under_rules(work), REPLICATES, why_not(costly=True))
    listing, protocol = listed_elements(structure), protocol_of(structure)
    tests = (
        unit_consistency(structure),
        unused(structure),
        unreacted_to(structure),
        *of_the_case(structure),
        conserved_test,
        loops_test,
        equation_listing(structure, listing),
        odd_protocol(protocol),
        declared_bounds(structure, drawn, why_not()),
        range_ends(structure, ends, why_not()),
        still,
        *of_worlds(structure, looked, why_not()),
        doubled_ranges(structure, doubled, why_not()),
        longer_horizon(structure, longer, why_not(costly=True)),
        steps_test,
        occasions_test,
        *beside_the_record(structure, looked, why_not()),
        predictive_rows(structure, check, why_not()),
        theil_inequality(structure, check, why_not()),
        forecast_scores(structure, scored, unscored),
        range_width(structure, made, unmade),
        rules_test,
    )
    return Validation(
        request, _provenance(work), work.quick, tests, loops, conserved, steps, occasions, foretold_rows(check),
        scores_of(scored), reliability_of(scored), widened_answers(made), rules, listing, protocol,
    )  # fmt: skip


def structure_audit(
    case: Case | str | Path,
    *,
    quick: bool = False,
    worlds: int = WORLDS,
    seed: int = 1,
    texts: Sequence[Path] = (),
    stop: threading.Event | None = None,
) -> StructureAudit:
    """Let a case's structure audit itself: what moves nothing, cannot be reached, is held at an end, or leaks.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    quick
        Whether to leave out what looks at every lever, every reading and both ends of every number: what moves nothing,
        what can be reached, and chances without extremes.
    worlds, seed
        Worlds with numbers as drawn, at least 16; each lever and each reading sees a quarter of them.
    texts
        Sources as plain text, in which words are looked for that the case copied.
    stop
        Set to end early: what was not tried by then is marked so.

    Returns
    -------
    StructureAudit
        Every finding with its place, beside what the case explains of it.

    Raises
    ------
    CaseError
        If the case has faults.
    RequestError
        If too few worlds are asked for.
    """
    request = ValidateRequest(written_case(case), quick=True, worlds=worlds, seed=seed)
    whole = case if isinstance(case, Case) else load(request.case)
    work = _work(whole, request.worlds, request.seed, True, None, stop)
    structure, why_not = work.structure, work.why_not(costly=quick)
    drawn = work.stage(lambda: _as_drawn(structure, work.seed, work.draws))
    ends = None if quick else work.stage(lambda: at_the_ends(structure, work.seed, *_of_ends(work.draws)))
    looked = _looked(work, drawn, ends, quick=quick)
    tests = (
        unused(structure),
        without_effect(structure, ends, lambda names: _again(work, names), why_not),
        declared_bounds(structure, drawn, why_not),
        decision_occasions(structure, drawn, why_not)[0],
        *of_worlds(structure, looked, why_not),
        *of_the_case(structure, texts),
        *beside_the_record(structure, looked, why_not),
    )
    return gather_findings(structure, tests, _provenance(work), texts_at_hand=bool(texts))


def _work(
    case: Case,
    worlds: int,
    seed: int,
    quick: bool,
    progress: Callable[[int], None] | None,
    stop: threading.Event | None,
) -> _Work:
    """Return what is to be done for a case."""
    return _Work(structure_of(case), seed, worlds // REPLICATES, quick, progress, stop or threading.Event())


def _provenance(work: _Work) -> Provenance:
    case = work.structure.case
    return Provenance(
        case.name,
        case.hash,
        case.scenario.as_of.isoformat(),
        None,
        {},
        work.seed,
        work.draws * REPLICATES,
        REPLICATES,
        partial=work.stopped,
        precision="float64",
    )


def stage_count(case: Case, quick: bool) -> int:
    """Return how many stages a validation of a case has."""
    structure = structure_of(case)
    if not structure.simulated:
        return 2
    return 8 if quick else 11 + len(ways_of(structure.program)) + len(rules_of(structure))


@dataclass
class _Work:
    """What is still to be done: stages one after the other, none begun once a stop was asked for."""

    structure: Structure
    seed: int
    draws: int
    quick: bool
    progress: Callable[[int], None] | None
    stop: threading.Event
    stopped: bool = field(default=False)

    def stage(self, make: Callable[[], Made], *, costly: bool = False) -> Made | None:
        """Do a stage that runs worlds, unless there are none, it is left out, or a stop was asked for."""
        if not self.structure.simulated or (costly and self.quick):
            return None
        if self.stop.is_set():
            self.stopped = True
            return None
        return self.needed(make)

    def compiled(self, make: Callable[[], Made | None]) -> tuple[Made | None, str]:
        """Do a costly stage that runs a case through the kernel; where there is nothing of it, say why."""
        try:
            return self.stage(make, costly=True), self.why_not(costly=True)
        except CaseError as error:  # an answer that is no number: the sheet says so, and goes on
            return None, f"A run of the case is refused: {error.findings[0].wrong}."

    def needed(self, make: Callable[[], Made]) -> Made:
        """Do a stage that gives something whatever came before."""
        made = make()
        if self.progress is not None:
            self.progress(1)
        return made

    def why_not(self, *, costly: bool = False) -> str:
        """Say why a test was not tried."""
        return QUICK if costly and self.quick else STOPPED


def _as_drawn(structure: Structure, seed: int, draws: int) -> Survey:
    program = with_ends_and_reasons(with_occasions(structure.program))
    drawn = Draws(structure.case, seed, program.parameters).take(np.arange(draws, dtype=np.uint32))
    return survey_of(structure.case, program, columns_of(drawn, REPLICATES), seed, closely=True)


def _looked(work: _Work, drawn: Survey | None, ends: Groups | None, *, quick: bool = False) -> Looked:
    """Look at worlds under every lever and reading, and at disputed signs."""
    structure, seed, draws = work.structure, work.seed, max(2, work.draws // SOME)
    many = AGAIN * max(draws, REPLICATES)
    return Looked(
        drawn,
        ends,
        None if quick else work.stage(lambda: under_levers(structure, seed, draws, REPLICATES)),
        lambda names: under_levers(structure, seed, draws if work.stop.is_set() else many, REPLICATES, names),
        None if quick else work.stage(lambda: under_both_signs(structure, seed, 2 * draws, REPLICATES)),
    )


def _of_ends(draws: int) -> tuple[int, int]:
    """Return draws and replicates of each end: few, since there are many ends."""
    return max(2, draws // 32), max(1, REPLICATES // 2)


def _again(work: _Work, names: set[str]) -> Groups:
    """Look at some ends once more in more worlds; where a stop was asked for, in no more than before."""
    draws, replicates = _of_ends(work.draws)
    if not work.stop.is_set():
        few = MOST_AGAIN // (REPLICATES * (2 * len(names) + 1))  # where few are left, each is seen in many worlds
        draws, replicates = max(AGAIN * draws, min(work.draws, few)), REPLICATES
    return at_the_ends(work.structure, work.seed, draws, replicates, names)


def _stepped(work: _Work) -> dict[str, Survey]:
    """Survey the worlds in each way of stepping; none of them counts where one is missing."""
    ways = ways_of(work.structure.program)
    return _each(work, {way: partial(with_steps, work.structure, way) for way in ways})


def _under_rules(work: _Work) -> dict[str, Survey]:
    """Survey the worlds under each rule of decision; none of them counts where one is missing."""
    return _each(work, {rule: partial(with_rule, work.structure, rule) for rule in rules_of(work.structure)})


def _each(work: _Work, ways: Mapping[str, Callable[[int, int, int], Survey]]) -> dict[str, Survey]:
    found: dict[str, Survey] = {}
    for way, survey in ways.items():
        made = work.stage(partial(survey, work.seed, work.draws, REPLICATES), costly=True)
        if made is None:
            return {}
        found[way] = made
    return found
