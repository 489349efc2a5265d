"""Which sentences of a source the model uses, and how: tested, moving an answer, feeding one, context, or not used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from detente.dynamics import Simulation, ancestors, position_of
from detente.evidence import parse_citations, read_units
from detente.exploration.cached_swings import cached_swings
from detente.exploration.expected import Held
from detente.exploration.one_at_a_time import Swing
from detente.scenario import Case

__all__ = ["Coverage", "SentenceStatus", "coverage"]

RANKS = ("missing", "context", "feeds", "moves", "tested")


@dataclass(frozen=True)
class SentenceStatus:
    """How one sentence is used: the highest status that applies, and by what."""

    number: int
    status: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How the sentences of the main source are used.

    Parameters
    ----------
    source
        The source with numbered sentences; the first, where there are several; empty where there is none.
    sentences
        Each sentence with its status: ``tested``, ``moves``, ``feeds``, ``context`` or ``missing``.
    moved
        For each number and contested claim, the targets that it moves, by itself or in company.
    """

    source: str
    sentences: tuple[SentenceStatus, ...]
    moved: Mapping[str, Swing] = field(default_factory=dict)

    def numbers(self, status: str) -> tuple[int, ...]:
        """Return the sentences of one status."""
        return tuple(sentence.number for sentence in self.sentences if sentence.status == status)


def coverage(simulation: Simulation, held: Held | None = None) -> Coverage:
    """Compute how the sentences of a case's main source are used; nothing is declared by hand.

    What moves an answer is found whether or not a source has numbered sentences.

    Parameters
    ----------
    simulation
        The case, ready to run.
    held
        What came of holding it to its claims; without it no sentence is ``tested``.
    """
    case = simulation.case
    targets = [*case.scenario.questions, *(n for n, m in case.scenario.measures.items() if m.headline)]
    moved = cached_swings(simulation, targets)
    numbered = [(name, entry) for name, entry in case.scenario.sources.items() if entry.sentences]
    if not numbered:
        return Coverage("", (), moved)
    source, entry = numbered[0]
    units = read_units(case.folder / str(entry.sentences))
    status: dict[int, tuple[int, set[str]]] = {unit.number: (0, set()) for unit in units}
    for rank, number, by in _uses(source, [*_cited(simulation, moved, targets), *_tested(case, held)]):
        if number in status:
            best, names = status[number]
            status[number] = (rank, {by}) if rank > best else (best, names | {by} if rank == best else names)
    return Coverage(
        source,
        tuple(SentenceStatus(n, RANKS[rank], tuple(sorted(by))) for n, (rank, by) in sorted(status.items())),
        moved,
    )


def _uses(source: str, cited: Iterable[tuple[str | None, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield every use of a sentence: rank, number, and the name of what uses it."""
    for text, rank, by in cited:
        for citation in parse_citations(text) if text else ():
            if citation.source == source:
                for number in citation.units:
                    yield rank, number, by


def _cited(
    simulation: Simulation, moved: Mapping[str, Swing], targets: list[str]
) -> Iterator[tuple[str | None, int, str]]:
    """Yield every text of places with the rank of its use and the name of what uses it."""
    scenario = simulation.case.scenario
    for name, entry in scenario.context.items():
        yield entry.cites, 1, name
    for name, claim, rank in _claims_at_work(simulation, moved, targets):
        found = scenario.claims[claim]
        yield found.cites, rank, f"{claim} on {name}"
        for reading in (found.readings or {}).values():
            yield reading.cites, rank, f"{claim} on {name}"
    for name, question in scenario.questions.items():
        yield question.cites, 2, name
        yield from ((scenario.claims[claim].cites, 2, name) for claim in question.claims)
    for name, unanswered in scenario.unanswered.items():
        yield unanswered.cites, 2, name
    yield from _aims_cited(simulation.case)


def _tested(case: Case, held: Held | None) -> Iterator[tuple[str | None, int, str]]:
    """Yield what is cited by claims and readings that the model bears out: one expectation holds, and none fails."""
    verdicts: dict[tuple[str, str | None], list[str]] = {}
    for outcome in held.outcomes if held is not None else ():
        verdicts.setdefault((outcome.claim, outcome.reading), []).append(outcome.verdict)
    for (claim, reading), found in verdicts.items():
        if "holds" in found and "fails" not in found:
            entry = case.scenario.claims[claim]
            told = entry if reading is None else (entry.readings or {})[reading]
            yield told.cites, RANKS.index("tested"), claim if reading is None else f"{claim}: {reading}"


def _aims_cited(case: Case) -> Iterator[tuple[str | None, int, str]]:
    for actor, entry in case.scenario.actors.items():
        for aim, wish in entry.wants.items():
            if wish.measure in case.elements.measures:
                yield wish.cites, 2, f"{actor}.{aim}"
                yield from ((case.scenario.claims[claim].cites, 2, f"{actor}.{aim}") for claim in wish.claims)


def _claims_at_work(
    simulation: Simulation, moved: Mapping[str, Swing], targets: list[str]
) -> Iterator[tuple[str, str, int]]:
    """Yield claims by what they stand on: 3 where that moves an answer in paired worlds, 2 where it lies on a path."""
    case, path = simulation.case, _path_to(simulation, targets)
    for name, parameter in case.elements.parameters.items():
        if name in path or parameter.owner in path:
            moves = name in moved and moved[name].anything
            for claim in parameter.all_claims:
                yield name, claim, 3 if moves and claim not in parameter.switches else 2
    for claim, swing in moved.items():
        if claim in case.switches:
            yield claim, claim, 3 if swing.anything else 2
    elements = case.elements
    standing = [(element.name, element.claims) for element in elements.variables.values()]
    standing += [(element.name, element.claims) for element in elements.stocks.values()]
    standing += [(element.name, element.claims) for element in elements.shocks.values()]
    standing += [(element.name, element.claims) for element in elements.decisions.values()]
    standing += [(name, measure.claims) for name, measure in elements.measures.items() if name in targets]
    standing += [
        (f"{actor}.{name}", tuple(option.claims))
        for actor, options in case.scenario.options.items()
        for name, option in options.items()
    ]
    for name, claims in standing:
        if name in path:
            yield from ((name, claim, 2) for claim in claims)


def _path_to(simulation: Simulation, targets: list[str]) -> set[str]:
    """Return everything upstream of the targets, and the targets themselves."""
    program = simulation.watch.program
    influences = simulation.watch.influences
    path = set(targets)
    for target in targets:
        path |= ancestors(program, program.summaries[position_of(program, target)].node, influences)
    return path
