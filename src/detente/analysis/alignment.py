"""How the aims of decision makers go together over draws: in the same worlds, or one at the other's cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import draw_means, position_of
from detente.run import Run

__all__ = ["Alignment", "alignment_of"]

ROUNDING, RELATIVE_ROUNDING = 1e-8, 1e-5


@dataclass(frozen=True)
class Alignment:
    """How two decision makers' aims go together over the draws.

    Parameters
    ----------
    first_actor, first, second_actor, second
        Whose aims, and what they are.
    agreement
        Of the measures that show how far they are met, each counted in the direction that its aim wants: +1 where they
        are met in the same worlds, -1 where one is met at the other's cost.
    """

    first_actor: str
    first: str
    second_actor: str
    second: str
    agreement: float


def alignment_of(run: Run) -> tuple[Alignment, ...]:
    """Correlate, over draws, the measures of the aims of each pair of decision makers at the horizon's end.

    Two aims that one measure stands for, or a measure and what is left of it, are one figure twice: no pair.
    """
    case, part = run.case, run.main
    deciders = list(dict.fromkeys(option.actor for option in case.elements.options.values() if option.decision))
    aims = [
        (actor, aim.says, aim.better, aim.measure)
        for actor in deciders
        for aim in case.scenario.actors[actor].wants.values()
        if aim.measure in case.elements.measures
    ]
    weights = part.part.tally.weight.astype(float)
    measures = list(dict.fromkeys(str(measure) for _, _, _, measure in aims))
    places = [position_of(part.watch.program, measure) for measure in measures]
    values = np.nan_to_num([draw_means(part.part.tally, place) for place in places])
    off = values - np.average(values, axis=1, weights=weights)[:, None] if measures else values
    products = (off * (weights / weights.sum())) @ off.T if measures else off
    size, row = np.abs(off), {measure: number for number, measure in enumerate(measures)}
    found = []
    for number, (actor, says, better, measure) in enumerate(aims):
        for other_actor, other_says, other_better, other_measure in aims[number + 1 :]:
            one, other = row[str(measure)], row[str(other_measure)]
            if actor == other_actor or one == other or _alike(size[one], size[other]):
                continue
            spread = float(np.sqrt(products[one, one] * products[other, other]))
            same = 1.0 if (better in ("more", "true")) == (other_better in ("more", "true")) else -1.0
            agreement = same * float(products[one, other]) / spread if spread > 0 else 0.0
            found.append(Alignment(actor, says, other_actor, other_says, agreement))
    return tuple(found)


def _alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether the figures of two measures lie equally far from their means in every draw, but for rounding."""
    return bool((np.abs(one - other) <= ROUNDING + RELATIVE_ROUNDING * other).all())
