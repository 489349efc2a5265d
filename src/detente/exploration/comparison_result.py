"""What a comparison of choices found, frozen: differences, robustness across draws and across accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.display import Displayed, shortened
from detente.exploration.result import Index
from detente.requests import CompareRequest
from detente.results import Provenance, data_frame

__all__ = ["Across", "AsChosen", "Choice", "Comparison", "Effect", "Robustness", "Under"]


@dataclass(frozen=True)
class Choice:
    """A lever of the case, and the day from which it is set."""

    name: str
    says: str
    begins: dt.date
    pair: str | None


@dataclass(frozen=True)
class Effect:
    """What goes with setting a lever, in the same worlds, for one answer and one telling.

    Parameters
    ----------
    lever, target
        Which lever, and which question or measure.
    account
        An account, or None for mixtures of readings.
    without, with_it, difference
        The mean outcome with no lever and with this one, and the difference world by world, with 95 % intervals.
    """

    lever: str
    target: str
    account: str | None
    without: Index
    with_it: Index
    difference: Index


@dataclass(frozen=True)
class AsChosen:
    """How an answer stands where a choice was made of itself, and where not: worlds that differ in much besides."""

    lever: str
    target: str
    share: float
    with_it: float
    without: float


@dataclass(frozen=True)
class Robustness:
    """How one choice's answer holds across draws, luck averaged out; each figure in the answer's own unit.

    Parameters
    ----------
    choice, target
        A lever, or no lever; a question or measure.
    account
        Across whose draws: an account's, or None for mixtures of readings.
    low, middle, high
        The 10th, 50th and 90th percentile across draws.
    from_middle
        Regret of type 1: how far it goes, in nine draws of ten, from where it is with every number at its middle.
    short_of_most, short_of_least
        Regret of type 2: how far it falls short of the choice that does best in the same draw, in nine draws of ten,
        where more is wanted, and where less is.
    at_least, at_most
        Satisficing: in what share of draws it is at least, and at most, what no lever gives in the middle draw of the
        mixtures: one requirement for all accounts.
    """

    choice: str
    target: str
    account: str | None
    low: float
    middle: float
    high: float
    from_middle: float
    short_of_most: float
    short_of_least: float
    at_least: float
    at_most: float


@dataclass(frozen=True)
class Under:
    """A figure that is one account's, with its 95 % interval: the account in which it is worst."""

    account: str
    value: Index


@dataclass(frozen=True)
class Across:
    """How one choice's answer holds across accounts: each is one state of affairs, luck and numbers averaged out.

    No account is taken to be likelier than another, so there is no average: only the worst of them. What is worse
    depends on whether more or less is wanted, so each figure is given both ways.

    Parameters
    ----------
    choice, target
        A lever, or no lever; a question or measure.
    lowest, highest
        The account with the lowest mean answer, the worst for who wants more; and with the highest.
    short_of_most, short_of_least
        Regret of type 2 (Savage): the account in which it falls short most of the choice that does best there, where
        more is wanted, and where less is.
    from_pooled
        Regret of type 1: the account in which it is farthest from what it is over all mixtures of readings.
    seldom_at_least, seldom_at_most
        Satisficing: the account with the smallest share of draws in which it is at least, and at most, what no lever
        gives in the middle draw.
    """

    choice: str
    target: str
    lowest: Under
    highest: Under
    short_of_most: Under
    short_of_least: Under
    from_pooled: Under
    seldom_at_least: Under
    seldom_at_most: Under


@dataclass(frozen=True)
class Comparison(Displayed):
    """Choices compared in the same worlds.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again.
    provenance
        How it was made; ``worlds`` counts all model runs.
    choices
        The levers compared.
    targets
        Questions and headline measures.
    effects
        By lever, target and telling.
    robustness
        By target, choice and telling, mixtures first.
    across
        By target and choice; empty for a case without accounts.
    as_chosen
        By lever and target, where some worlds made the choice and some did not.
    wanted
        For each measure, who wants more of it and who less: pairs of actor and ``more`` or ``less``.
    """

    request: CompareRequest
    provenance: Provenance
    choices: tuple[Choice, ...]
    targets: tuple[str, ...]
    effects: tuple[Effect, ...]
    robustness: tuple[Robustness, ...]
    across: tuple[Across, ...]
    as_chosen: tuple[AsChosen, ...]
    wanted: Mapping[str, tuple[tuple[str, str], ...]]

    def __repr__(self) -> str:
        made, levers = self.provenance, ", ".join(self.request.levers)
        return shortened(f"Comparison({made.case!r}: {levers}; {made.worlds:,} model runs, seed {made.seed})")

    def to_pandas(self) -> Any:
        """Return what goes with each lever, one row for each lever, target and account, as a ``pandas.DataFrame``.

        Columns: ``lever``, ``target``, ``account`` (``mixtures`` of readings, or one), ``without``, ``with_it``,
        ``difference``, ``low`` and ``high`` (its 95 % interval).
        """
        rows = []
        for one in self.effects:
            row: dict[str, Any] = {"lever": one.lever, "target": one.target, "account": one.account or "mixtures"}
            row |= {"without": one.without.value, "with_it": one.with_it.value}
            change = one.difference
            rows.append({**row, "difference": change.value, "low": change.low, "high": change.high})
        return data_frame(rows)
