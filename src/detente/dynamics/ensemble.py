"""Many possible worlds: blocks of them run through one kernel on a few threads, counted as they come."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detente.dynamics.accumulators import FEWEST, PILOT_DRAWS, Accumulators, Block, Scale
from detente.dynamics.buffers import ROWS, Buffers, in_turn
from detente.dynamics.checkpoint import Checkpoints
from detente.dynamics.counting import preparations
from detente.dynamics.kernel import Forced, Kernel, luck_keys
from detente.dynamics.program import Program, takes_few_values
from detente.journal import Journal
from detente.machine import usable_processors
from detente.scenario import Case, Drawn, Draws
from detente.scenario.posterior import Posterior

__all__ = ["Design", "Ensemble", "Part"]

BLOCK_WORLDS = 4_096
LEVELS = 64
"""Values that are counted one by one in every case: those of short cases then share the code that counts."""
MOST_WORLDS = 65_536
"""Worlds of a block whose weights still add up in 32 bits."""
BY_WORLD = ("date", "choice")
"""Answers whose mean says little: they are kept world by world, as those to questions are."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Design:
    """One part of a run: which readings are fixed, how many draws, and what is forced.

    Parameters
    ----------
    name
        An account, ``mixtures``, or a lever.
    readings
        Switches that are fixed; the others are drawn.
    draws
        How many draws, numbered from 0: parts share their draws, so they can be compared world by world.
    forced
        What the record or a lever sets, by day.
    at
        Numbers put at one value each, in their own unit, instead of drawn.
    """

    name: str
    readings: Mapping[str, str]
    draws: int
    forced: Forced
    at: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What came of one design."""

    design: Design
    tally: Accumulators
    partial: bool


class Ensemble:
    """Runs designs of one case through one compiled kernel.

    Parameters
    ----------
    case, program
        The case and its ordered equations.
    seed
        The seed of all luck, readings and parameters.
    replicates
        Worlds per draw.
    series
        Names whose value is counted on every day, numbers before yes/no.
    banded
        How many of them are numbers.
    markers
        Yes/no summaries whose joint counts with every other summary are wanted, by position.
    stands
        Summaries wanted world by world of the first draws, and no mean or interval of them, by position.
    weighted
        Whether worlds count by how well they follow what was known, or each the same.
    block_worlds, threads
        How the work is cut; neither changes a bit of the result.
    dtype
        The kernel's precision.
    posterior
        Draws to take in place of the case's own; worlds then count against those of the same draw only: the record that
        tells draws apart is in already.
    """

    def __init__(
        self,
        case: Case,
        program: Program,
        *,
        seed: int,
        replicates: int = 16,
        series: Sequence[str] = (),
        banded: int = 0,
        markers: Sequence[int] = (),
        stands: Sequence[int] = (),
        weighted: bool = True,
        block_worlds: int = BLOCK_WORLDS,
        threads: int | None = None,
        dtype: type[np.floating] = np.float32,
        posterior: Posterior | None = None,
    ) -> None:
        self.case, self.program, self.replicates, self.banded = case, program, replicates, banded
        self.weighted, self.posterior = weighted, posterior
        self.kernel = Kernel(program, replicates, series, dtype)
        self.drawing = Draws(case, seed, program.parameters, posterior)
        self.luck = luck_keys(program, seed)
        self.block_draws = max(1, min(block_worlds, MOST_WORLDS) // replicates)
        # One more than there are processors to use: while one waits for Python, the others keep the cores busy.
        self.threads = threads or min(usable_processors() + 1, 8)
        self._free: list[Buffers] = []
        self._prepared = False
        self.markers, self.stands = tuple(markers), tuple(stands)
        self.asked = tuple(n for n, summary in enumerate(program.summaries) if summary.role == "question")
        # How the decisions stood is counted, and where the questions stand beside them; nobody asks more of it.
        aside = {*stands, *(number for number in self.markers if program.summaries[number].role == "hidden")}
        self.stated = tuple(number for number in range(len(program.summaries)) if number not in aside)
        most = max((len(summary.kind.alternatives) for summary in program.summaries), default=0)
        self.never = 1 + max(program.days, most, LEVELS)
        self.told = tuple(n for n in self.stated if n in self.asked or program.summaries[n].kind.name in BY_WORLD)
        self.levelled = np.array([takes_few_values(program, summary.node) for summary in program.summaries], np.bool_)

    def drawn(self, design: Design, first: int, count: int) -> Drawn:
        """Return readings and parameters of consecutive draws of a design."""
        numbers = np.arange(first, first + count, dtype=np.uint32)
        return self.drawing.take(numbers, design.readings, design.at)

    def block(self, design: Design, first: int) -> Block:
        """Run one block of worlds; draws beyond the design's last are run too and counted by nobody."""
        drawn = self.drawn(design, first, self.block_draws)
        parameters = drawn.matrix(self.program.parameters, self.kernel.dtype)
        inputs = self.kernel.inputs(parameters, self.luck, drawn.numbers, design.forced)
        out = self.kernel.run(inputs, self._written_before())
        return Block(first, out.by_world, self._weighed(out.weight_by_world), out)

    def _weighed(self, log_weight: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return what worlds weigh in this ensemble, ``[replicates, draws]``, from how they follow what was known."""
        if not self.weighted:
            return np.where(np.isnan(log_weight), log_weight, log_weight.dtype.type(0))
        return log_weight if self.posterior is None else within_draws(log_weight)

    def _written_before(self) -> Buffers | None:
        """Return what a block was written to that has been counted: its memory serves again."""
        try:
            return self._free.pop()
        except IndexError:
            return None

    def run(self, design: Design, progress: Progress | None = None, stop: threading.Event | None = None) -> Part:
        """Run a design; where ``stop`` is set on the way, what is done so far is returned, marked as partial."""
        return self.run_all([design], progress, stop)[0]

    def run_all(
        self,
        designs: Sequence[Design],
        progress: Progress | None = None,
        stop: threading.Event | None = None,
        counted: Callable[[Part], None] | None = None,
        journal: Journal | None = None,
    ) -> list[Part]:
        """Run designs, the blocks of all of them shared among the same threads, so that none waits for a part's end.

        Where ``stop`` is set on the way, those begun are returned, marked as partial; the first always is.

        Parameters
        ----------
        designs
            What is run.
        progress, stop
            Called with the number of worlds done since the last call; set to stop early.
        counted
            Called with each part that is whole while others are still run, from the thread that counted its last block.
        journal
            Blocks that it has as counted are not run again.
        """
        stop, checkpoints = stop or threading.Event(), Checkpoints(journal, self.block_draws)
        begun: list[Future[Accumulators]] = [Future() for _ in designs]
        running = _Running(self, designs, begun, checkpoints, progress, counted, dict(enumerate(designs)))
        works: list[Callable[[], None]] = []
        for number, design in enumerate(designs):
            held = checkpoints.taken_up(_named(number, design), partial(self._counting, design))
            if held is None:
                works.append(partial(running.begin, number))
                continue
            begun[number].set_result(held)
            if progress is not None:
                progress(held.done * self.replicates)
        for number, design in enumerate(designs):
            known = checkpoints.blocks(_named(number, design)) if begun[number].done() else self._first_blocks(design)
            works += [partial(running.go_on, number, first) for first in self._left(design, known)]
        self._spread([*self._preparations(), *works], stop)
        if not begun[0].done():
            works[0]()
        checkpoints.offer(last=True)
        final = []
        for number, (design, future) in enumerate(zip(designs, begun, strict=True)):
            if future.done():
                tally, name = future.result(), _named(number, design)
                final.append((design, self._anew(name, design, tally, stop, journal) if tally.outgrown else tally))
        return [Part(design, tally, tally.done < design.draws) for design, tally in final]

    def _piloted(self, design: Design) -> tuple[list[Block], Accumulators]:
        """Return the first blocks of a design, and a tally with nothing in it, its scales and edges set from them."""
        pilot = [self.block(design, first) for first in self._first_blocks(design)]
        drawn = np.arange(len(pilot) * self.block_draws)
        return pilot, self._empty(design, pilot, drawn < min(PILOT_DRAWS, design.draws))

    def _first_blocks(self, design: Design) -> range:
        return range(0, min(PILOT_DRAWS, design.draws), self.block_draws)

    def _left(self, design: Design, known: Iterable[int]) -> list[int]:
        """Return the first draws of the blocks of a design but those that are known."""
        without = set(known)
        return [first for first in range(0, design.draws, self.block_draws) if first not in without]

    def _anew(
        self, name: str, design: Design, outgrown: Accumulators, stop: threading.Event, journal: Journal | None
    ) -> Accumulators:
        """Count a design once more, with scales and edges set from its heaviest draws instead of its first."""
        if outgrown.done < design.draws:
            return outgrown  # stopped on the way: it is told as partial
        name, checkpoints = f"{name} anew", Checkpoints(journal, self.block_draws)
        tally = checkpoints.taken_up(name, partial(self._counting, design))
        if tally is None:
            tally = self._from_heaviest(design, outgrown)
            checkpoints.follow(name, tally)

        def count(first: int) -> None:
            block = self.block(design, first)
            checkpoints.add(name, block)
            self._free.append(block.out.kept)

        self._spread([partial(count, first) for first in self._left(design, checkpoints.blocks(name))], stop)
        checkpoints.offer(last=True)
        return tally if tally.done == design.draws else outgrown

    def _from_heaviest(self, design: Design, outgrown: Accumulators) -> Accumulators:
        """Return a tally with nothing in it, its scales and edges set from the heaviest draws of another."""
        firsts = dict.fromkeys(int(draw) // self.block_draws * self.block_draws for draw in outgrown.heaviest[:FEWEST])
        pilot = [self.block(design, first) for first in firsts]
        heavy = np.isin([draw for first in firsts for draw in range(first, first + self.block_draws)],
                        outgrown.heaviest)  # fmt: skip
        return self._empty(design, pilot, heavy)

    def _preparations(self) -> list[Callable[[], None]]:
        """Return what makes compiled code ready, once, each for a thread of its own."""
        if self._prepared:
            return []
        self._prepared = True
        draws = np.arange(self.block_draws, dtype=np.uint32)
        drawn = np.zeros((len(self.program.parameters), self.block_draws), self.kernel.dtype)
        inputs = self.kernel.inputs(drawn + 0.5, self.luck, draws, Forced.nothing(self.program))
        kept = self.kernel.empty(inputs)
        shape = (len(self.program.summaries), self.replicates, self.block_draws)
        by_world = np.broadcast_to(np.zeros((), self.kernel.dtype), shape)
        counting = preparations(kept, by_world, self.levelled, self.never)
        return [partial(self.kernel.compiled.prepare, inputs.lineage.shape, inputs, kept), *counting]

    def _spread(self, works: Sequence[Callable[[], None]], stop: threading.Event) -> None:
        """Share work among threads; each takes the next piece that is left."""
        left: Iterator[Callable[[], None]] = iter(works)
        lock = threading.Lock()

        def take() -> None:
            while not stop.is_set():
                with lock:
                    work = next(left, None)
                if work is None:
                    return
                work()

        if self.threads == 1 or len(works) < 2:
            take()
            return
        with ThreadPoolExecutor(self.threads) as pool:
            running = [pool.submit(take) for _ in range(self.threads)]
            try:
                for future in running:
                    future.result()
            except BaseException:
                stop.set()
                raise

    def _empty(self, design: Design, pilot: Sequence[Block], draws: NDArray[np.bool_]) -> Accumulators:
        """Return a tally with nothing in it, its scales and edges set from some draws of some blocks."""
        answers = np.concatenate([block.by_world for block in pilot], axis=2)[:, :, draws]
        weights = np.concatenate([block.log_weight_by_world for block in pilot], axis=1)[:, draws]
        # The first replicate of each draw tells well enough where a series lies.
        shape = (self.program.days, self.banded, self.replicates, self.block_draws)
        series = [np.asarray(block.out.kept.numbers).reshape(shape)[:, :, 0] for block in pilot]
        lies = np.concatenate(series, axis=2)[..., draws]
        return self._counting(design, Scale.of(answers, weights.reshape(-1), lies, weights[0]))

    def _counting(self, design: Design, scale: Scale) -> Accumulators:
        """Return a tally with nothing in it, of a scale."""
        return Accumulators(
            scale, design.draws, self.replicates, self.levelled, self.banded,
            len(self.kernel.series) - self.banded, self.program.days, self.never, self.markers, self.asked,
            self.told, self.stated, self.stands,
        )  # fmt: skip

    def answers(
        self,
        parameters: NDArray[np.floating],
        draws: NDArray[np.uint32],
        forced: Forced,
        replicates: int,
        lineage: NDArray[np.uint32] | None = None,
        rows: Sequence[int] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run any parameters through the compiled kernel: ``[parameters, n]`` with a draw number for each column.

        Nothing is compiled anew where ``replicates`` divides the worlds of a block and shares as large a part of
        ``ROWS`` as the replicates of the ensemble do: 4, 8 and 16 are alike.

        Parameters
        ----------
        parameters, draws
            ``[parameters, n]``, and the number of the draw whose luck each column has, ``[n]``.
        forced
            What is set from outside.
        replicates
            Worlds per draw.
        lineage
            The replicate whose luck each world has on each day, ``[days, replicates, n]``; without it, its own number
            on every day. Two worlds of a draw with one lineage up to a day are the same world up to that day.
        rows
            Positions of the summaries wanted; without it, all.

        Returns
        -------
        tuple
            Answers ``[summaries wanted, worlds]`` and log weights ``[worlds]``, of ``n * replicates`` worlds,
            replicates running fastest.
        """
        count, size = len(draws), self.block_draws * self.replicates // replicates
        filled = np.arange(-(-count // size) * size) % max(count, 1)  # the last block is filled up and cut off again
        # Other numbers of replicates may stand otherwise in memory.
        shapes = [(math.gcd(each, ROWS), many * each) for each, many in
                  ((replicates, size), (self.replicates, self.block_draws))]  # fmt: skip
        reused = shapes[0] == shapes[1]

        wanted = list(range(len(self.program.summaries)) if rows is None else rows)
        answers = np.empty((len(wanted), len(filled) * replicates), self.kernel.dtype)
        log_weight = np.empty(len(filled) * replicates, self.kernel.dtype)

        def block(first: int) -> None:
            columns = filled[first : first + size]
            lines = None if lineage is None else lineage[:, :, columns]
            inputs = self.kernel.inputs(parameters[:, columns], self.luck, draws[columns], forced, replicates, lines)
            out = self.kernel.run(inputs, self._written_before() if reused else None, replicates)
            if reused:
                self._free.append(out.kept)
            worlds = slice(first * replicates, (first + size) * replicates)
            answers[:, worlds] = in_turn(out.by_world[wanted])
            log_weight[worlds] = in_turn(self._weighed(out.weight_by_world))

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(block, range(0, len(filled), size)))
        keep = count * replicates
        return answers[:, :keep], log_weight[:keep]

    def first_days(
        self, program: Program, design: Design, draws: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Run the worlds of a design once more for days that its program asks for, and say when each comes first.

        Parameters
        ----------
        program
            The program of the ensemble with these days as its summaries.
        design
            Which worlds.
        draws
            How many draws are enough; where no day comes in these, more are run until one does.

        Returns
        -------
        tuple
            Days ``[summaries, worlds]``, infinite where never, and log weights ``[worlds]``.
        """
        kernel = Kernel(program, self.replicates, (), self.kernel.dtype)
        found, weights, some = [], [], False
        for first in range(0, design.draws, self.block_draws):
            if first >= draws and some:
                break
            drawn = self.drawn(design, first, self.block_draws)
            parameters = drawn.matrix(program.parameters, kernel.dtype)
            out = kernel.run(kernel.inputs(parameters, self.luck, drawn.numbers, design.forced))
            inside = min(self.block_draws, design.draws - first)
            found.append(out.by_world[:, :, :inside].reshape(len(program.summaries), -1))
            weights.append(self._weighed(out.weight_by_world)[:, :inside].reshape(-1))
            some = some or bool(np.isfinite(found[-1]).any())
        return np.concatenate(found, axis=1).astype(np.float64), np.concatenate(weights).astype(np.float64)

    def worlds(
        self,
        design: Design,
        numbers: Sequence[tuple[int, int]],
        names: Sequence[str],
        program: Program | None = None,
    ) -> NDArray[np.float64]:
        """Return whole trajectories of chosen worlds, ``[worlds, days, names]``.

        Parameters
        ----------
        design
            The part of the run that they are worlds of.
        numbers
            Pairs of draw and replicate.
        names
            Elements and summaries wanted.
        program
            That of the ensemble, with more elements computed after its own.

        Returns
        -------
        numpy.ndarray
            Each in the unit of its name; a yes/no is 1 or 0, an alternative its position, a day its number.
        """
        kernel = Kernel(program or self.program, self.replicates, names, self.kernel.dtype)
        wanted = np.array(sorted({draw for draw, _ in numbers}), np.uint32)
        drawn = self.drawing.take(wanted, design.readings, design.at)
        parameters = drawn.matrix(self.program.parameters, kernel.dtype)
        out = kernel.run(kernel.inputs(parameters, self.luck, wanted, design.forced))
        series = np.asarray(out.series, np.float64)
        row = {int(draw): position for position, draw in enumerate(wanted)}
        return np.stack([series[:, :, row[draw] * self.replicates + replicate] for draw, replicate in numbers])


def _named(number: int, design: Design) -> str:
    """Return what a part is called in a journal."""
    return f"part {number} {design.name}"


@dataclass(frozen=True)
class _Running:
    """Designs while they are run by several threads: the tally of each, where it is written down, and who is told."""

    ensemble: Ensemble
    designs: Sequence[Design]
    begun: Sequence[Future[Accumulators]]
    checkpoints: Checkpoints
    progress: Progress | None
    counted: Callable[[Part], None] | None
    untold: dict[int, Design]

    def begin(self, number: int) -> None:
        """Run the first blocks of a design, which its scales are set from."""
        design = self.designs[number]
        try:
            pilot, tally = self.ensemble._piloted(design)
        except BaseException as error:
            self.begun[number].set_exception(error)
            raise
        self.begun[number].set_result(tally)
        self.checkpoints.follow(_named(number, design), tally)
        for block in pilot:
            self._count(number, block)

    def go_on(self, number: int, first: int) -> None:
        """Run a further block of a design, once another thread that came here before has begun it."""
        self.begun[number].result()
        self._count(number, self.ensemble.block(self.designs[number], first))

    def _count(self, number: int, block: Block) -> None:
        design = self.designs[number]
        tally = self.checkpoints.add(_named(number, design), block)
        self.ensemble._free.append(block.out.kept)
        if self.progress is not None:
            draws = min(self.ensemble.block_draws, design.draws - block.first)
            self.progress(draws * self.ensemble.replicates)
        # Only one thread finds the design among those that nobody was told of.
        if self.counted is not None and tally.is_whole and self.untold.pop(number, None) is not None:
            self.counted(Part(design, tally, partial=False))


def within_draws(log_weight: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return log weights ``[replicates, draws]`` less the log of their mean over each draw: all draws count alike."""
    exact = log_weight.astype(np.float64)
    top = exact.max(axis=0)
    return np.asarray(exact - top - np.log(np.mean(np.exp(exact - top), axis=0)), log_weight.dtype)
