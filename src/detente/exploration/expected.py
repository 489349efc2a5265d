"""What came of holding a model to its claims, frozen: each expectation, in each telling, and the claims behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from detente.results import Provenance
from detente.scenario import Case

__all__ = ["WORLDS", "ClaimTested", "Held", "Outcome", "Told", "Verdict", "claims_tested", "worst"]

WORLDS = 2_048
"""Worlds on either side of every comparison."""
Verdict = Literal["holds", "not resolved", "fails"]
ORDER: tuple[Verdict, ...] = ("holds", "not resolved", "fails")
"""From the best to the worst."""


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the worst of some verdicts."""
    return max(verdicts, key=ORDER.index)


@dataclass(frozen=True)
class Told:
    """One expectation in one telling.

    Parameters
    ----------
    account
        Whose telling it is; None where readings are drawn, or where both sides name an account.
    verdict
        Whether it holds there.
    changed, against
        The mean of what is looked at on either side: a share of worlds, a number of days, a number in its unit.
    effect, low, high
        The one less the other, and its 95 % interval, clustered by draw, by Student's t.
    slight
        The size below which an effect is taken for none: a hundredth of the spread over worlds.
    pairs
        The share of pairs of worlds that count: those in which the condition holds on both sides on some day.
    path
        The shortest way by which the change came to what is looked at, through what it moved; empty where it did not.
    reached
        Where it did not come so far: what it did move, the first first.
    remark
        What else is to be said, in words; empty otherwise.
    """

    account: str | None
    verdict: Verdict
    changed: float
    against: float
    effect: float
    low: float
    high: float
    slight: float
    pairs: float
    path: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Outcome:
    """One expectation: what was asked, and what came of it in each telling.

    Parameters
    ----------
    name, claim, reading
        What it is called, and the claim, or reading, that expects it.
    changed, against
        The two sides, in words.
    looked_at, unit
        What is looked at, as written, with its day or condition; ``point`` for a share of worlds.
    finds
        What is to be found, as written.
    told
        By telling.
    fails_because
        Why it is known to fail; None where the case names no reason.
    """

    name: str
    claim: str
    reading: str | None
    changed: str
    against: str
    looked_at: str
    unit: str
    finds: str
    told: tuple[Told, ...]
    fails_because: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether it holds in every telling: the worst of them."""
        return worst([one.verdict for one in self.told])

    @property
    def worst_told(self) -> Told:
        """The telling that the verdict is from; the first of them."""
        return next(one for one in self.told if one.verdict == self.verdict)

    @property
    def is_unnamed_failure(self) -> bool:
        """Whether it fails, and the case does not say why."""
        return self.verdict == "fails" and self.fails_because is None


@dataclass(frozen=True)
class ClaimTested:
    """Whether the model bears a claim out.

    Parameters
    ----------
    claim
        Its name.
    verdict
        The worst of what it and its readings expect; ``not tested`` where nothing is expected.
    named
        Whether each of its failures is named in the case with a reason.
    outcomes
        Its expectations, those of its readings among them.
    """

    claim: str
    verdict: Literal["holds", "not resolved", "fails", "not tested"]
    named: bool
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Held:
    """A model held to its claims.

    Parameters
    ----------
    provenance
        How it was made; ``worlds`` counts all model runs.
    draws
        Draws on either side of every comparison.
    outcomes
        Every expectation, in the order of the case.
    """

    provenance: Provenance
    draws: int
    outcomes: tuple[Outcome, ...]

    @property
    def worst_first(self) -> tuple[Outcome, ...]:
        """Unnamed failures, then failures that the case names, then what is not resolved, then what holds."""

        def rank(outcome: Outcome) -> tuple[int, bool]:
            return -ORDER.index(outcome.verdict), outcome.fails_because is not None

        return tuple(sorted(self.outcomes, key=rank))

    @property
    def unnamed_failures(self) -> tuple[Outcome, ...]:
        """What fails without a reason in the case."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_unnamed_failure)


def claims_tested(case: Case, held: Held | None) -> tuple[ClaimTested, ...]:
    """Return the claims of cause and condition, and all others that expect something, each with what came of it.

    Parameters
    ----------
    case
        The case.
    held
        What came of holding it to its claims; None where that was not done: every claim is then not tested.
    """
    found = []
    for name, claim in case.scenario.claims.items():
        outcomes = tuple(one for one in (held.outcomes if held is not None else ()) if one.claim == name)
        if outcomes:
            fails = [one for one in outcomes if one.verdict == "fails"]
            named = bool(fails) and all(one.fails_because is not None for one in fails)
            found.append(ClaimTested(name, worst([one.verdict for one in outcomes]), named, outcomes))
        elif claim.is_causal:
            found.append(ClaimTested(name, "not tested", False, ()))
    return tuple(found)
