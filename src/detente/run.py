"""One door: a case, readings and a seed in; a run with its provenance out."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.display import Displayed, shortened
from detente.dynamics import RecordEvidence, Simulated, Simulation, dataset_of, record_evidence
from detente.dynamics.contrast import Contrast, contrast_of, leads_differ
from detente.dynamics.ensemble import Part
from detente.dynamics.other_ranges import Elsewhere, Widths, draws_with_other_ranges, widths_of
from detente.errors import RequestError, nearest
from detente.requests import RunRequest, Work, interruptible, own_cut, own_rule, prepared, written_case
from detente.result_file import save_result
from detente.results import Answer, CrossedBound, Interval, Provenance, clopper_pearson, data_frame
from detente.scenario import Case, fixed_readings, load
from detente.scenario.draws import refuse_unfit
from detente.scenario.model.voices import MIXTURES
from detente.scenario.posterior import Posterior, closed_questions, file_of

if TYPE_CHECKING:
    import xarray

__all__ = ["MIXTURES", "OutsideView", "Run", "dealt", "perform_run", "refuse_closed", "refuse_unasked", "run"]

EVEN = 64
"""The draws of an account are a multiple of this where they are many."""


@dataclass(frozen=True)
class OutsideView:
    """How often it happened in cases like this one, with the exact 95 % interval."""

    says: str
    happened: int
    of: int
    share: float
    interval: Interval
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Run(Displayed):
    """A case run in many worlds: the mixtures of readings, and each account by itself.

    Parameters
    ----------
    case
        The case as it stood at ``as_of``, with the questions that are answered.
    request
        What was asked; its ``command()`` asks it again.
    provenance
        How the run was made.
    simulation
        What was run, ready for further parts in the same worlds.
    parts
        The counted worlds by part: :data:`MIXTURES`, or the one account asked for, first; then the accounts.
    closed
        Questions that are not answered, since they close while the record that a posterior was fitted to lasts.
    other_ranges
        The answers with all ranges halved, doubled and triangular, by range, part and question; empty where they were
        not asked for, the worlds were too few, or the declared ranges were not drawn.
    """

    case: Case
    request: RunRequest
    provenance: Provenance
    simulation: Simulation
    parts: Mapping[str, Simulated]
    closed: tuple[str, ...] = ()
    other_ranges: Mapping[str, Mapping[str, Mapping[str, Elsewhere]]] = field(default_factory=dict)

    def __repr__(self) -> str:
        made = self.provenance
        told = ", ".join(f"{name} {_figure(answer)}" for name, answer in self.answers.items())
        partial = ", stopped on the way" if made.partial else ""
        return shortened(f"Run({made.case!r}: {made.worlds:,} worlds, seed {made.seed}{partial}; {told})")

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it anew in another process: all but the compiled kernel is taken there."""
        counted = {name: part.part for name, part in self.parts.items()}
        others = self.closed, self.other_ranges
        return _restored, (self.case, self.request, self.provenance, self.simulation, counted, *others)

    def to_pandas(self) -> Any:
        """Return a table of answers, one for each question and part, as a ``pandas.DataFrame``.

        Columns: ``question``, ``part`` (the mixtures, then each account), ``type``, ``unit``, ``value``, ``low`` and
        ``high`` (5th and 95th percentile over draws, luck taken out), ``sampling_low`` and ``sampling_high`` (of
        ``value``, 95 %).
        """
        rows = []
        for name, question in self.case.scenario.questions.items():
            for part, simulated in self.parts.items():
                found = simulated.answer(name, question.asks)
                (low, high), (near, far) = found.range or (None, None), found.value_interval or (None, None)
                row = {"question": name, "part": part, "type": found.type, "unit": found.unit, "value": found.value}
                rows.append({**row, "low": low, "high": high, "sampling_low": near, "sampling_high": far})
        return data_frame(rows)

    @property
    def main(self) -> Simulated:
        """The part that the pooled figures come from."""
        return next(iter(self.parts.values()))

    @property
    def accounts(self) -> dict[str, Simulated]:
        """The accounts that were run beside the mixtures."""
        return {name: part for name, part in self.parts.items() if name in self.case.scenario.accounts}

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The pooled answer to each question."""
        questions = self.case.scenario.questions
        return {name: self.main.answer(name, question.asks) for name, question in questions.items()}

    @cached_property
    def evidence(self) -> RecordEvidence | None:
        """What the record says of accounts and readings; None where it tells no two worlds apart."""
        return record_evidence(self.main, self.accounts)

    def by_account(self, question: str) -> dict[str, Answer]:
        """Return the answer to a question as each account has it."""
        self.refuse_closed(question)
        asks = self.case.scenario.questions[question].asks
        return {name: part.answer(question, asks) for name, part in self.accounts.items()}

    def contrast(self, question: str) -> Contrast | None:
        """Return how the accounts' answers stand to one another and to even odds; None where none is told."""
        summary = self.main.summary(question)
        if not self.accounts:
            return None
        found = contrast_of(
            {name: part.measured(question, self.main.leading(question)) for name, part in self.accounts.items()},
            0.5 if summary.kind.name == "truth" else None,
        )
        if summary.kind.name != "choice":
            return found
        among = range(len(summary.kind.alternatives))
        shares = {name: {str(n): part.measured(question, n) for n in among} for name, part in self.accounts.items()}
        return replace(found, divided=leads_differ(shares))

    def widths(self, question: str) -> Widths | None:
        """Return how wide other ranges than the declared ones make an answer, beside how wide the accounts make it."""
        if not self.other_ranges:
            return None
        leading = self.main.leading(question)
        declared = {name: part.as_declared(question, leading) for name, part in self.parts.items()}
        others = {shape: {name: found[question] for name, found in by_part.items()}
                  for shape, by_part in self.other_ranges.items()}  # fmt: skip
        return widths_of(declared, others)

    def refuse_closed(self, question: str) -> None:
        """Refuse a question that closes while the record lasts that the draws were fitted to.

        Raises
        ------
        RequestError
            Which says up to when they were fitted.
        """
        refuse_closed(question, self.closed, self.provenance)

    @cached_property
    def crossed_bounds(self) -> tuple[CrossedBound, ...]:
        """The bounds declared in the case that are crossed: of every part, the largest share and the earliest day."""
        found: dict[tuple[str, str], CrossedBound] = {}
        for one in (one for part in self.parts.values() for one in part.crossed_bounds):
            other = found.get((one.element, one.side), one)
            share, day = max(one.share, other.share), min(one.first_day, other.first_day)
            found[one.element, one.side] = replace(one, share=share, first_day=day)
        return tuple(sorted(found.values(), key=lambda one: -one.share))

    def outside_view(self, question: str) -> OutsideView | None:
        """Return how often it happened in the question's reference class, where it names one."""
        name = self.case.scenario.questions[question].outside_view
        if name is None:
            return None
        view = self.case.scenario.outside_views[name]
        interval = clopper_pearson(view.happened, view.of)
        return OutsideView(view.says, view.happened, view.of, view.happened / view.of, interval, tuple(view.claims))

    def worlds(self, numbers: Sequence[tuple[int, int]], names: Sequence[str]) -> NDArray[np.float64]:
        """Return whole trajectories of chosen worlds of the main part, ``[worlds, days, names]``.

        Parameters
        ----------
        numbers
            Pairs of draw and replicate, counted from 0.
        names
            Elements and measures of the case.

        Raises
        ------
        RequestError
            If the case has no such name, or there is no such world.
        """
        program = self.simulation.watch.program
        known = {step.name for step in (*program.order, *program.stocks, *program.summaries)}
        for name in names:
            if name not in known:
                mend = nearest(name, known) or "name an element or a measure"
                raise RequestError(f"{self.case.name} has nothing called '{name}'; {mend}")
        for draw, replicate in numbers:
            if not (0 <= draw < 2**32 and 0 <= replicate < self.provenance.replicates):
                raise RequestError(
                    f"there is no world ({draw}, {replicate}); replicates go to {self.provenance.replicates - 1}"
                )
        return self.simulation.ensemble.worlds(self.main.part.design, numbers, names)

    def dataset(self) -> xarray.Dataset:
        """Return every part as one ``xarray`` dataset over ``part``; shorter parts end in missing draws."""
        import xarray  # half a second that a plain run does not need

        parts = [dataset_of(part) for part in self.parts.values()]
        return xarray.concat(parts, dim=xarray.DataArray(list(self.parts), dims="part", name="part"), join="outer")

    def save(self, path: Path | str) -> None:
        """Save the run's figures and provenance as NetCDF; :func:`detente.result_file.load_result` reads them back."""
        save_result(self.dataset(), self.provenance, Path(path))

    @property
    def in_sample(self) -> bool:
        """Whether the cut lies before the newest source that the case was written from."""
        newest = self.case.newest_source
        return newest is not None and self.case.scenario.as_of < newest


def _restored(
    case: Case,
    request: RunRequest,
    provenance: Provenance,
    simulation: Simulation,
    counted: Mapping[str, Part],
    closed: tuple[str, ...],
    other_ranges: Mapping[str, Mapping[str, Mapping[str, Elsewhere]]],
) -> Run:
    """Return a run that was taken to this process."""
    parts = {name: simulation.counted(part) for name, part in counted.items()}
    return Run(case, request, provenance, simulation, parts, closed, other_ranges)


def refuse_closed(question: str, closed: Sequence[str], made: Provenance) -> None:
    """Refuse a question that closes while the record lasts that the draws were fitted to.

    Parameters
    ----------
    question
        The question that is asked about.
    closed
        Those that close by then.
    made
        How the run was made: up to when draws were fitted.

    Raises
    ------
    RequestError
        Which says up to when they were fitted.
    """
    if question in closed:
        raise RequestError(
            f"'{question}' closes on or before {made.posterior_until}, up to when the posterior was fitted: the record "
            f"it would be held to is in the draws; fit until an earlier moment, or leave out the posterior"
        )


def _figure(answer: Answer) -> str:
    """Return the one figure of an answer, short."""
    value = answer.value
    if answer.probability is not None:
        return f"{100 * answer.probability:.0f} %"
    return f"{value:.4g} {answer.unit}".strip() if isinstance(value, float) else str(value or "never")


def run(
    case: Case | str | Path,
    *,
    worlds: int = 100_000,
    seed: int = 1,
    account: str | None = None,
    readings: Mapping[str, str] | None = None,
    as_of: dt.datetime | None = None,
    replicates: int = 16,
    weighted: bool = True,
    precision: Literal["float32", "float64"] = "float32",
    block_worlds: int | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
    posterior: Posterior | None = None,
    other_ranges: bool = True,
) -> Run:
    """Run a case in many possible worlds.

    They are dealt evenly to mixtures of the readings of unsettled claims, each as likely as not, and to every account,
    in the same draws; one of four has other ranges than the declared ones. With ``account`` all follow that account.

    Parameters
    ----------
    case
        A case, its folder, or the name of a bundled one.
    worlds, seed
        Draws times replicates, over all parts; the same seed, the same bits.
    account, readings, as_of
        An account to tell, single readings to fix, an earlier moment at which what was known is cut.
    replicates, weighted, precision
        Worlds per draw, which average luck out; whether worlds are weighted by how well they follow what was known; of
        their numbers.
    block_worlds, threads
        How the work is cut, which changes no bit.
    progress, stop
        Called with the number of worlds done since the last call; set to stop early, marked as partial.
    posterior, other_ranges
        Draws to take in place of the declared ranges (questions that close by its ``until`` are left out); whether some
        of the worlds are run with all ranges halved, doubled and triangular.

    Returns
    -------
    Run
        Answers, bands and courses by part, pooled over the parts, with the provenance.

    Raises
    ------
    CaseError
        If the case has faults, or an answer is no number, as where 0 is divided by 0.
    RequestError
        If the case lacks what is asked for, or the posterior does not serve it.
    """
    given = Work(threads, block_worlds, progress, stop)
    request = RunRequest(
        written_case(case), worlds=worlds, seed=seed, account=account, readings={} if readings is None else readings,
        rule=own_rule(case), as_of=own_cut(case) if as_of is None else as_of, replicates=replicates, weighted=weighted,
        precision=precision, posterior=file_of(posterior), other_ranges=other_ranges,
    )  # fmt: skip
    whole = case if isinstance(case, Case) else load(request.case)
    with interruptible(given) as work:
        return perform_run(request, whole, posterior, work)


def perform_run(
    request: RunRequest,
    case: Case,
    posterior: Posterior | None = None,
    work: Work | None = None,
    counted: Callable[[Run], None] | None = None,
) -> Run:
    """Run what a request asks for.

    Parameters
    ----------
    request, case, posterior
        What is asked; the case and the draws that it names, read.
    work
        How the work is cut, watched and stopped.
    counted
        Called with each part that is counted while others are still run, as a run of that part alone, from another
        thread.

    Returns
    -------
    Run
        As :func:`run` gives it; ``partial`` in its provenance where worlds were not reached.

    Raises
    ------
    CaseError
        If an answer is no number, as where 0 is divided by 0.
    RequestError
        If the case lacks what is asked for, or the posterior does not serve it.
    """
    work = work or Work()
    whole, asked, closed = _left_to_ask(prepared(case, request.rule, request.as_of), posterior)
    fixed = fixed_readings(whole, request.account, request.readings)
    draws, replicates = max(1, request.worlds // request.replicates), request.replicates
    wanted = request.other_ranges and posterior is None
    others, cost = _others(whole, request.account, draws, replicates) if wanted else ({}, 0)
    parts_asked = _parts_asked(whole, request.account, fixed, request.readings, draws - cost)
    simulation = Simulation(
        whole, seed=request.seed, replicates=replicates, weighted=request.weighted, posterior=posterior,
        dtype=np.float64 if request.precision == "float64" else np.float32, threads=work.threads,
        block_worlds=work.block_worlds,
    )  # fmt: skip

    def tell(part: Simulated) -> None:
        if counted is not None:
            made = _provenance(simulation, request.account, fixed, part.part.tally.done, partial=False)
            counted(Run(asked, request, made, simulation, {part.part.design.name: part}, closed))

    parts = simulation.run(parts_asked, work.progress, work.stop, tell, work.journal)
    found = simulation.with_other_ranges(parts, list(asked.scenario.questions), others, work.progress, work.stop)
    done = sum(part.part.tally.done for part in parts.values()) + cost * bool(found)
    partial = done < cost + sum(count for _, _, count in parts_asked)
    provenance = _provenance(simulation, request.account, fixed, done, partial)
    return Run(asked, request, provenance, simulation, parts, closed, found)


def _provenance(
    simulation: Simulation, account: str | None, readings: Mapping[str, str], draws: int, partial: bool
) -> Provenance:
    """Return how a run of so many draws was made."""
    case, ensemble = simulation.case, simulation.ensemble
    return Provenance(
        case.name, case.hash, case.scenario.as_of.isoformat(), account, readings, ensemble.drawing.seed,
        draws * ensemble.replicates, ensemble.replicates, ensemble.weighted, partial, ensemble.kernel.dtype.__name__,
        posterior_until=None if ensemble.posterior is None else ensemble.posterior.until.isoformat(),
    )  # fmt: skip


def _left_to_ask(case: Case, posterior: Posterior | None) -> tuple[Case, Case, tuple[str, ...]]:
    """Return a case, the same with the questions that may be answered, and the names of those that may not."""
    refuse_unasked(case)
    if posterior is None:
        return case, case, ()
    refuse_unfit(posterior, case)
    until, name = posterior.until.isoformat(), case.name
    if case.scenario.as_of > posterior.until:
        cut = case.scenario.as_of.isoformat()
        mend = f"fit until then: detente fit {name} --until {cut}"
        raise RequestError(f"the posterior was fitted until {until}, and {name} is cut later, at {cut}; {mend}")
    closed = closed_questions(case, posterior.until)
    kept = [name for name in case.scenario.questions if name not in closed]
    if not kept:
        mend = "fit until an earlier moment"
        raise RequestError(
            f"every question of {name} closes on or before {until}, when the posterior's record ends; {mend}"
        )
    return case, case.asking(kept), closed


def refuse_unasked(case: Case) -> None:
    """Refuse a case that asks nothing which worlds could answer.

    Raises
    ------
    RequestError
        Which says what the case does serve.
    """
    if not case.scenario.questions:
        other = f"'detente stability {case.name}' says which outcomes could hold"
        mend = other if case.elements.conflict is not None else "add one under questions"
        raise RequestError(f"{case.name} has no question for a run to answer; {mend}")


def _others(case: Case, account: str | None, draws: int, replicates: int) -> tuple[dict[str, int], int]:
    """Return how many draws of each part are run with each other range, and how many whole draws that costs."""
    if not any(parameter.varies for parameter in case.elements.parameters.values()):
        return {}, 0
    told = len(case.scenario.accounts) if account is None else 0
    return draws_with_other_ranges(draws, replicates, 1 + told)


def _parts_asked(
    case: Case, account: str | None, fixed: Mapping[str, str], readings: Mapping[str, str], draws: int
) -> list[tuple[str, Mapping[str, str], int]]:
    accounts = list(case.scenario.accounts)
    if account is not None or not accounts:
        return [(account or MIXTURES, fixed, draws)]
    mixed, each = dealt(draws, len(accounts))
    return [(MIXTURES, fixed, mixed), *((name, {**fixed_readings(case, name), **readings}, each) for name in accounts)]


def dealt(draws: int, accounts: int) -> tuple[int, int]:
    """Return how many draws the mixtures of readings get, and how many each account: as evenly as whole lots allow."""
    each = max(1, draws // (accounts + 1))
    if each > 4 * EVEN:
        each -= each % EVEN  # so that few worlds of an account's last block are run for nothing
    return max(1, draws - each * accounts), each
