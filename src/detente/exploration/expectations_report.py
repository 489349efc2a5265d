"""A model held to its claims as data: what ``check --expectations --json`` writes, and the schema that holds it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from detente.documents import Document, Made, Rounded, made_with, schema_of
from detente.exploration.expected import Held, Outcome, Told, Verdict, claims_tested
from detente.scenario import Case

__all__ = ["EXPECTATIONS_SCHEMA", "ExpectationsDocument", "expectations_data"]


class ToldDocument(Document):
    """One expectation in one telling."""

    account: str | None
    """Whose telling it is; null where readings are drawn, or where both sides name an account."""
    verdict: Verdict
    """Whether it holds there."""
    changed: Rounded = Field(serialization_alias="with")
    """The mean of what is looked at on the changed side."""
    against: Rounded
    """The mean of what is looked at on the other side."""
    effect: Rounded
    """The one less the other."""
    interval: tuple[Rounded, Rounded]
    """The 95 % interval of the effect."""
    slight: Rounded
    """The size below which an effect is taken for none."""
    pairs: Rounded
    """The share of pairs of worlds that count."""
    path: tuple[str, ...]
    """The shortest way by which the change came to what is looked at; empty where it did not."""
    reached: tuple[str, ...]
    """What the change did move, where it did not come so far."""
    remark: str
    """What else is to be said, in words; empty otherwise."""


class OutcomeDocument(Document):
    """One expectation: what was asked, and what came of it in each telling."""

    id: str
    """What it is called."""
    claim: str
    """The claim that expects it."""
    reading: str | None
    """The reading that expects it; null where the claim itself does."""
    changed: str = Field(serialization_alias="with")
    """The changed side, in words."""
    against: str
    """The other side, in words."""
    effect_on: str
    """What is looked at, as written, with its day or condition."""
    unit: str
    """Its unit; ``point`` for a share of worlds, which is then given as a share; empty for a plain number."""
    finds: str
    """What is to be found, as written."""
    verdict: Verdict
    """Whether it holds in every telling: the worst of them."""
    fails_because: str | None
    """Why it is known to fail; null where the case names no reason."""
    told: tuple[ToldDocument, ...]
    """By telling."""


class ClaimDocument(Document):
    """What came of all that one claim expects."""

    claim: str
    """The claim."""
    verdict: Literal["holds", "not resolved", "fails", "not tested"]
    """The worst of what it and its readings expect."""
    named: bool
    """Whether each of its failures is named in the case with a reason."""


class ExpectationsDocument(Document):
    """A model held to its claims."""

    case: str
    """The name of the case."""
    as_of: str
    """Up to when its record is known."""
    draws: int
    """Draws on either side of every comparison."""
    replicates: int
    """Worlds per draw."""
    worlds: int
    """Worlds run in all."""
    seed: int
    """The seed of all luck."""
    version: str
    """The version of Détente."""
    weighted: bool
    """Whether worlds count by how well they follow the record."""
    partial: bool
    """True where it was stopped on the way: fewer draws, so wider intervals."""
    expectations: tuple[OutcomeDocument, ...]
    """Every expectation, the worst first."""
    claims: tuple[ClaimDocument, ...]
    """Every claim of cause or condition, and every other that expects something."""
    provenance: Made
    """What it was made with."""


def expectations_data(case: Case, held: Held) -> dict[str, Any]:
    """Return what came of it as plain data, as ``docs/reference/expectations-report.md`` describes it."""
    made = held.provenance
    return ExpectationsDocument(
        case=made.case,
        as_of=made.as_of,
        draws=held.draws,
        replicates=made.replicates,
        worlds=made.worlds,
        seed=made.seed,
        version=made.versions["detente"],
        weighted=made.weighted,
        partial=made.partial,
        expectations=tuple(_outcome(one) for one in held.worst_first),
        claims=tuple(
            ClaimDocument(claim=one.claim, verdict=one.verdict, named=one.named) for one in claims_tested(case, held)
        ),
        provenance=made_with(made),
    ).data()


def _outcome(one: Outcome) -> OutcomeDocument:
    return OutcomeDocument(
        id=one.name,
        claim=one.claim,
        reading=one.reading,
        changed=one.changed,
        against=one.against,
        effect_on=one.looked_at,
        unit=one.unit,
        finds=one.finds,
        verdict=one.verdict,
        fails_because=one.fails_because,
        told=tuple(_told(told) for told in one.told),
    )


def _told(one: Told) -> ToldDocument:
    return ToldDocument(
        account=one.account,
        verdict=one.verdict,
        changed=one.changed,
        against=one.against,
        effect=one.effect,
        interval=(one.low, one.high),
        slight=one.slight,
        pairs=one.pairs,
        path=one.path,
        reached=one.reached,
        remark=one.remark,
    )


EXPECTATIONS_SCHEMA: dict[str, Any] = schema_of(ExpectationsDocument, "A model held to its claims")
"""The JSON Schema of such a report; the tests hold every one to it."""
