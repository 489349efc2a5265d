"""The door of the dynamics: a case, designs and a seed in; counted worlds with their provenance out."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.accumulators import STOOD_REPLICATES
from detente.dynamics.answers import answer_of, band_of, effective_draws, mean_where, position_of
from detente.dynamics.bounds import crossed_bounds
from detente.dynamics.ensemble import Design, Ensemble, Part
from detente.dynamics.estimates import Estimate
from detente.dynamics.forcing import forced_by
from detente.dynamics.influence import ancestors
from detente.dynamics.nan_trace import refuse_what_is_no_number
from detente.dynamics.observables import Observables, watch
from detente.dynamics.other_ranges import Elsewhere, as_declared, leading_of, measured, with_other_ranges
from detente.dynamics.program import build_program
from detente.journal import Journal
from detente.results import Answer, Band, CrossedBound
from detente.scenario import Case, Equation
from detente.scenario.posterior import Posterior

__all__ = ["Passage", "Simulated", "Simulation", "WorldRequest"]

WorldRequest = tuple[str, Mapping[str, str], int]
"""A part's name, the readings it fixes, and how many draws it takes."""


@dataclass(frozen=True)
class Passage:
    """How an answer stands where a decision was taken and where not, and the share of worlds in which it was."""

    name: str
    without: float | None
    with_it: float | None
    share: float


@dataclass(frozen=True)
class Simulated:
    """The counted worlds of one part, ready to be asked."""

    part: Part
    watch: Observables
    ensemble: Ensemble

    def __repr__(self) -> str:
        tally = self.part.tally
        return f"Simulated({self.part.design.name!r}: {tally.done:,} draws of {tally.replicates} worlds)"

    def answer(self, name: str, asks: str = "") -> Answer:
        """Return the answer to a question, or the value of a measure at the end of the horizon."""
        if name not in self._answers:
            program, tally = self.watch.program, self.part.tally
            self._answers[name] = answer_of(program, tally, self.summary(name), "", lambda: self.uncertain(name))
        return replace(self._answers[name], asks=asks)

    @cached_property
    def _answers(self) -> dict[str, Answer]:
        """The answers that were asked for so far."""
        return {}

    def leading(self, name: str) -> int | None:
        """Return the position of the alternative of a choice in which most worlds are; None for other answers."""
        return leading_of(self.part.tally, position_of(self.watch.program, name), self.summary(name))

    def measured(self, name: str, leading: int | None = None) -> Estimate:
        """Return the mean answer to a question with its error; of a choice the share of one alternative."""
        return measured(self.part.tally, position_of(self.watch.program, name), leading)

    def as_declared(self, name: str, leading: int | None = None) -> Elsewhere:
        """Return the answer to a question in the form in which it is given with other ranges."""
        return as_declared(self.part.tally, position_of(self.watch.program, name), self.summary(name), leading)

    def uncertain(self, name: str) -> bool:
        """Whether a number or a reading that is not known reaches an answer, or the weights of its worlds."""
        program, ensemble = self.watch.program, self.ensemble
        upstream = ancestors(program, self.summary(name).node, self.watch.influences)
        if ensemble.weighted:
            upstream |= self.watch.weighing
        known = ensemble.drawing.parameters
        return any(known[n].varies_under(self.part.design.readings) for n in upstream & set(known))

    def summary(self, name: str) -> Equation:
        """Return the question, measure, sign or hidden summary of that name."""
        return self.watch.program.summaries[position_of(self.watch.program, name)]

    def band(self, name: str) -> Band:
        """Return a counted series day by day."""
        return band_of(self.watch.program, self.part.tally, self.watch.series, self.watch.banded, name)

    def course(self, question: str) -> Band | None:
        """Return the course of a question over the days, where it has one."""
        name = self.watch.courses.get(question)
        return self.band(name) if name is not None and name in self.watch.series else None

    def stands(self, worlds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what each option of the conflict is on its day, ``[worlds, options]``, and each world's log weight.

        The worlds are four of each draw, as far as the replicates go, from the first draw on: options as 0 or 1, or as
        the position of an alternative. Where more are asked for than were kept, they are run anew.
        """
        ensemble, program = self.ensemble, self.watch.program
        each = math.gcd(STOOD_REPLICATES, ensemble.replicates)
        draws = -(-worlds // each)
        if (kept := self.part.tally.stood_in(draws)) is not None:
            return kept[0].T, kept[1]
        drawn = ensemble.drawn(self.part.design, 0, draws)
        parameters = drawn.matrix(program.parameters, ensemble.kernel.dtype)
        answers, log_weight = ensemble.answers(parameters, drawn.numbers, self.part.design.forced, each)
        rows = [position_of(program, name) for name in self.watch.stands]
        return answers[rows].T.astype(np.float64), log_weight.astype(np.float64)

    def passage(self, marker: str, question: str, name: str) -> Passage:
        """Return how a question stands with and without a sign or a decision."""
        without, with_it, share = mean_where(
            self.part.tally, self.watch.markers.index(marker), position_of(self.watch.program, question)
        )
        return Passage(name, without, with_it, share)

    @cached_property
    def crossed_bounds(self) -> tuple[CrossedBound, ...]:
        """The bounds declared in the case that are crossed in some worlds, those crossed most often first."""
        return crossed_bounds(self.ensemble, self.part)

    @property
    def effective_draws(self) -> float:
        """How many equally weighted draws the weighted ones are worth."""
        return effective_draws(self.part.tally)


class Simulation:
    """A case made ready to run: one program, one compilation, any number of parts.

    Parameters
    ----------
    case
        The case.
    seed
        The seed of all luck, readings and parameters.
    replicates
        Worlds per draw.
    weighted
        Whether worlds are weighted by how well they follow what was known.
    block_worlds, threads, dtype
        How the work is done; the first two change no bit of the result.
    posterior
        Draws to take in place of the case's own; worlds then count against those of the same draw only.
    """

    def __init__(
        self,
        case: Case,
        *,
        seed: int = 1,
        replicates: int = 16,
        weighted: bool = True,
        block_worlds: int | None = None,
        threads: int | None = None,
        dtype: type[np.floating] = np.float32,
        posterior: Posterior | None = None,
    ) -> None:
        self.case = case
        self._made: dict[str, Any] = {
            "seed": seed, "replicates": replicates, "weighted": weighted, "block_worlds": block_worlds,
            "threads": threads, "dtype": dtype, "posterior": posterior,
        }  # fmt: skip
        self.watch = watch(case, build_program(case))
        self.forced = forced_by(case, self.watch.program)
        program = self.watch.program
        self.ensemble = Ensemble(
            case, program, seed=seed, replicates=replicates, series=self.watch.series, banded=self.watch.banded,
            markers=[position_of(program, name) for name in self.watch.markers],
            stands=[position_of(program, name) for name in self.watch.stands], threads=threads, dtype=dtype,
            weighted=weighted, posterior=posterior, **({"block_worlds": block_worlds} if block_worlds else {}),
        )  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it anew in another process: a compiled kernel stays in the one that compiled it."""
        return partial(Simulation, **self._made), (self.case,)

    def counted(self, part: Part) -> Simulated:
        """Return the counted worlds of one part, ready to be asked."""
        return Simulated(part, self.watch, self.ensemble)

    def run(
        self,
        requests: Sequence[WorldRequest],
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
        counted: Callable[[Simulated], None] | None = None,
        journal: Journal | None = None,
    ) -> dict[str, Simulated]:
        """Run parts together; where stopped, those begun are returned and marked as partial.

        Parameters
        ----------
        requests
            What is run.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early.
        counted
            Called with each part that is whole while others are still run.
        journal
            Blocks that it has as counted are not run again.

        Raises
        ------
        CaseError
            If an answer or a band is no number: the finding names the element that spoils it, and the day.
        """
        designs = [Design(name, readings, draws, self.forced) for name, readings, draws in requests]
        whole: dict[str, Simulated] = {}

        def tell(part: Part) -> None:
            whole[part.design.name] = self.counted(part)
            if counted is not None:
                counted(whole[part.design.name])

        parts = self._counted(designs, progress, stop, tell, journal)
        return {part.design.name: whole.get(part.design.name) or self.counted(part) for part in parts}

    def with_other_ranges(
        self,
        parts: Mapping[str, Simulated],
        questions: Sequence[str],
        draws: Mapping[str, int],
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> dict[str, dict[str, dict[str, Elsewhere]]]:
        """Return the answers of parts that were run where all ranges are others: by range, part and question.

        Parameters
        ----------
        parts, questions
            The parts, the main one first, and the questions.
        draws
            How many of each part are run with each other range, from the first on.
        progress
            Told how many worlds more are done.
        stop
            Where it is set when this begins, nothing is run.

        Returns
        -------
        dict
            Empty where nothing is to be run, or it was stopped.
        """
        if not draws or (stop is not None and stop.is_set()):
            return {}
        main = next(iter(parts.values()))
        followed = {name: main.leading(name) for name in questions}
        return with_other_ranges(self.ensemble, [part.part for part in parts.values()], followed, draws, progress)

    def lever(self, name: str, readings: Mapping[str, str], draws: int) -> Simulated:
        """Run the worlds of a part with a lever imposed."""
        design = Design(name, readings, draws, forced_by(self.case, self.watch.program, name))
        return Simulated(self._counted([design])[0], self.watch, self.ensemble)

    def _counted(
        self,
        designs: Sequence[Design],
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
        counted: Callable[[Part], None] | None = None,
        journal: Journal | None = None,
    ) -> list[Part]:
        # What is no number is refused by name below; NumPy would only say that it met one.
        with np.errstate(invalid="ignore"):
            parts = self.ensemble.run_all(designs, progress, stop, counted, journal)
        for part in parts:
            refuse_what_is_no_number(self.case, self.watch, self.ensemble, part)
        return parts
