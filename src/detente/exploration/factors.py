"""The factors of a case: each number and each contested reading that is not known, and what stands behind it.

This is the file in which a sensitivity study reads the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Simulation, ancestors, position_of, weighing_ancestors
from detente.evidence import parse_citations
from detente.exploration.targets import target_of
from detente.scenario import Case

__all__ = ["Factors", "factors_of", "reach_of"]

Columns = frozenset[int]


@dataclass(frozen=True)
class Factors:
    """What a case leaves open, in the order of a design's columns, and the groups it falls into.

    Parameters
    ----------
    names
        Parameters first, then contested claims; claims of one group share a draw and go by the group's name.
    parameters
        How many of them are parameters.
    switches
        For each of the others, the contested claims that its draw settles.
    assumptions
        The columns of parameters that rest on no claim.
    claims, sentences, sources
        For each claim, sentence (``source number``) and source, the columns of all that hangs on it.
    support
        For each column, the sentences that stand behind it, each once however many claims repeat it.
    """

    names: tuple[str, ...]
    parameters: int
    switches: Mapping[str, tuple[str, ...]]
    assumptions: Columns
    claims: Mapping[str, Columns]
    sentences: Mapping[str, Columns]
    sources: Mapping[str, Columns]
    support: tuple[tuple[str, ...], ...]

    @property
    def luck(self) -> int:
        """The column that stands for luck, after all others."""
        return len(self.names)

    @property
    def ignorance(self) -> Columns:
        """The columns of numbers that nobody knows."""
        return frozenset(range(self.parameters))

    @property
    def dispute(self) -> Columns:
        """The columns of contested readings."""
        return frozenset(range(self.parameters, len(self.names)))


def factors_of(simulation: Simulation) -> Factors:
    """Return the factors of a case that is ready to run."""
    case, parameters = simulation.case, simulation.watch.program.parameters
    switches: dict[str, list[str]] = {}
    for claim, entry in case.switches.items():
        switches.setdefault(entry.group or claim, []).append(claim)
    behind = [case.elements.parameters[name].all_claims for name in parameters]
    behind += [tuple(claims) for claims in switches.values()]
    places = [places_of(case, claims) for claims in behind]
    sentences = [[place for place in found if " " in place] for found in places]
    sources = [dict.fromkeys(place.split(" ")[0] for place in found) for found in places]
    return Factors(
        (*parameters, *switches),
        len(parameters),
        {name: tuple(claims) for name, claims in switches.items()},
        frozenset(column for column in range(len(parameters)) if not behind[column]),
        _gathered(behind),
        _gathered(sentences),
        _gathered(sources),
        tuple(tuple(found) for found in sentences),
    )


def places_of(case: Case, claims: Iterable[str]) -> list[str]:
    """Return the sentences, and the sources cited as a whole, that some claims rest on: each once."""
    found: dict[str, None] = {}
    for claim in claims:
        entry = case.scenario.claims.get(claim)
        if entry is None:
            continue
        for text in (entry.cites, *(reading.cites for reading in (entry.readings or {}).values())):
            for citation in parse_citations(text) if text else ():
                found.update(dict.fromkeys(f"{citation.source} {unit}" for unit in citation.units))
                if not citation.units:
                    found[citation.source] = None
    return list(found)


def reach_of(simulation: Simulation, factors: Factors, targets: Sequence[str]) -> NDArray[np.bool_]:
    """Return from which factors each question or measure can be reached at all, ``[targets, factors]``.

    Parameters
    ----------
    simulation
        The case, ready to run.
    factors
        Its numbers, then its contested claims.
    targets
        Questions and measures.

    Returns
    -------
    array
        Truths, ``[targets, factors]``; what worlds are weighted by counts as reached by every answer.
    """
    program, known = simulation.watch.program, simulation.case.elements.parameters
    influences = simulation.watch.influences
    weighing = weighing_ancestors(program, influences) if simulation.ensemble.weighted else set()
    reach = np.zeros((len(targets), len(factors.names)), bool)
    for row, target in enumerate(targets):
        node = program.summaries[position_of(program, target_of(simulation.case, target).summary)].node
        upstream = ancestors(program, node, influences) | weighing
        numbers = [name for name in factors.names[: factors.parameters] if name in upstream]
        switched = {claim for name in numbers for claim in known[name].switches}
        for column, name in enumerate(factors.names):
            reach[row, column] = (
                name in upstream if column < factors.parameters else bool(switched & set(factors.switches[name]))
            )
    return reach


def _gathered(names: Iterable[Iterable[str]]) -> dict[str, Columns]:
    """Turn the names behind each column into the columns behind each name."""
    found: dict[str, set[int]] = {}
    for column, some in enumerate(names):
        for name in some:
            found.setdefault(name, set()).add(column)
    return {name: frozenset(columns) for name, columns in found.items()}
