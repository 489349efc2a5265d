"""Groups of worlds of the same draws and luck, side by side, that differ in one thing: a number, a reading, a lever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.dynamics import Program
from detente.scenario import Drawn
from detente.validation.structure import Structure
from detente.validation.survey import Survey, survey_of
from detente.validation.worlds import Columns, columns_of

__all__ = ["AS_DRAWN", "Group", "Groups", "side_by_side"]

Floats = NDArray[np.float64]
AS_DRAWN = ("", "")


@dataclass(frozen=True)
class Group:
    """What is different in one group: numbers, or a lever that is set; ``label`` says what, and where it stands."""

    label: tuple[str, str]
    values: Mapping[str, Floats]
    lever: str | None = None


@dataclass(frozen=True)
class Groups:
    """Worlds in groups of equal size, world by world with the same luck.

    Parameters
    ----------
    groups
        What is different in each group; the first has everything as it is drawn.
    survey
        What became of all worlds, group by group.
    """

    groups: tuple[tuple[str, str], ...]
    survey: Survey

    @property
    def each(self) -> int:
        """Worlds in a group."""
        return len(self.survey.log_weight) // len(self.groups)

    def worlds(self, group: int) -> slice:
        """Return which worlds belong to a group."""
        return slice(group * self.each, (group + 1) * self.each)

    def values(self, group: int) -> dict[str, Floats]:
        """Return every answer of a group, and how low and how high everything went in it, ``[worlds]`` each."""
        worlds, survey = self.worlds(group), self.survey
        found = {name: answer[worlds] for name, answer in survey.answers.items()}
        for row, name in enumerate(survey.names):
            found[f"{name} at its lowest"] = survey.lowest[row, worlds]
            found[f"{name} at its highest"] = survey.highest[row, worlds]
        return found


def side_by_side(
    structure: Structure,
    seed: int,
    drawn: Drawn,
    groups: Sequence[Group],
    replicates: int,
    program: Program | None = None,
) -> Groups:
    """Carry groups of worlds through all days.

    Parameters
    ----------
    structure, seed
        The case, and the seed of its luck.
    drawn
        The draws that all groups share, and their numbers in the first group, where nothing is different.
    groups
        What is different in each further group.
    replicates
        Worlds of each draw.
    program
        The equations to read, where they are not the case's own.

    Returns
    -------
    Groups
        What was drawn first, then every group, each of the same draws and luck.
    """
    program = program if program is not None else structure.program
    every = (Group(AS_DRAWN, {}), *groups)
    own = [columns_of(replace(drawn, values={**drawn.values, **one.values}), replicates) for one in every]
    columns = Columns(
        {name: np.concatenate([one.numbers[name] for one in own]) for name in program.parameters},
        np.concatenate([one.draw for one in own]),
        np.concatenate([one.replicate for one in own]),
    )
    levers = tuple(one.lever for one in every)
    survey = survey_of(structure.case, program, columns, seed, levers=levers if any(levers) else ())
    return Groups(tuple(one.label for one in every), survey)
