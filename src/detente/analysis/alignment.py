"""How the aims of decision makers go together over draws: in the same worlds, or one at the other's cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.dynamics import draw_means, position_of
from detente.run import Run

__all__ = ["Alignment", "alignment_of"]


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
    values = {}
    for _, _, _, measure in aims:
        means = np.nan_to_num(draw_means(part.part.tally, position_of(part.watch.program, str(measure))))
        values[measure] = means - np.average(means, weights=weights)
    found = []
    for number, (actor, says, better, measure) in enumerate(aims):
        for other_actor, other_says, other_better, other_measure in aims[number + 1 :]:
            x, y = values[measure], values[other_measure]
            if actor == other_actor or measure == other_measure or np.allclose(np.abs(x), np.abs(y)):
                continue
            spread = float(np.sqrt(np.average(x * x, weights=weights) * np.average(y * y, weights=weights)))
            same = 1.0 if (better in ("more", "true")) == (other_better in ("more", "true")) else -1.0
            agreement = same * float(np.average(x * y, weights=weights)) / spread if spread > 0 else 0.0
            found.append(Alignment(actor, says, other_actor, other_says, agreement))
    return tuple(found)
