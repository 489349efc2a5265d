"""Which claims the model bears out and which not, worded once."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from detente.brief.wording import amount
from detente.exploration.expected import ClaimTested, Held, Outcome, Told, claims_tested
from detente.scenario import Case

__all__ = ["BorneOut", "Expected", "borne_out_of"]

WORDS = {
    "holds": "borne out",
    "fails": "not borne out",
    "not resolved": "not resolved by these worlds",
    "not tested": "not put to the test",
}


@dataclass(frozen=True)
class Expected:
    """One expectation in words.

    Parameters
    ----------
    verdict
        ``holds``, ``not resolved`` or ``fails``.
    claim, says, cites
        The claim, or reading, that expects it: its name, what it says and where.
    asks
        What is compared, and what was to be found.
    found
        What came of it, in the telling that decides.
    path
        The way by which the change came there, or how far it came.
    because
        Why the case says that it is known to fail; empty where it does not.
    """

    verdict: str
    claim: str
    says: str
    cites: str
    asks: str
    found: str
    path: str
    because: str


@dataclass(frozen=True)
class BorneOut:
    """How a model stands to the claims of cause that it cites.

    Parameters
    ----------
    sentence
        How many it bears out, and how many not.
    expected
        Every expectation, the worst first; empty where none was put to the test.
    untested
        Claims of cause that expect nothing, and readings that say why they do not, in words.
    """

    sentence: str
    expected: tuple[Expected, ...]
    untested: tuple[str, ...]


def borne_out_of(case: Case, held: Held | None) -> BorneOut:
    """Word what came of holding a model to its claims.

    Parameters
    ----------
    case
        The case.
    held
        What came of it; None where it was not asked for.
    """
    claims = claims_tested(case, held)
    expected = () if held is None else tuple(_expected(case, one) for one in held.worst_first)
    untested = [_says(case, one.claim, None) for one in claims if one.verdict == "not tested"]
    untested += [
        f"{told.says} {told.expects_nothing_because}"
        for claim in case.scenario.claims.values()
        for told in (claim.readings or {}).values()
        if told.expects_nothing_because is not None
    ]
    return BorneOut(_sentence(case, claims, held), expected, () if held is None else tuple(untested))


def _sentence(case: Case, claims: tuple[ClaimTested, ...], held: Held | None) -> str:
    if not claims and not case.elements.expectations:
        return ""
    if held is None:
        count = len({one.claim for one in case.elements.expectations})
        if not count:
            return f"None of its {_claims(len(claims))} says what it expects of the model."
        return (
            f"{_claims(count).capitalize()} say{'s' if count == 1 else ''} what to expect of the model; whether it "
            f"bears them out was not asked here: detente check {case.name} --expectations."
        )
    counts = Counter(one.verdict for one in claims)
    named = sum(one.named for one in claims)
    parts = [f"{counts[verdict]} {WORDS[verdict]}" for verdict in ("holds", "fails", "not resolved", "not tested")
             if counts[verdict]]  # fmt: skip
    text = f"Of {_claims(len(claims))} {', '.join(parts)}."
    if named:
        text += (
            f" {named} of those that are not borne out {'is' if named == 1 else 'are'} named in the case with a reason."
        )
    return text


def _claims(count: int) -> str:
    return f"{count} claim{'' if count == 1 else 's'} of cause or condition"


def _says(case: Case, claim: str, reading: str | None) -> str:
    entry = case.scenario.claims[claim]
    told = entry if reading is None else (entry.readings or {})[reading]
    return told.says or entry.about or claim


def _expected(case: Case, one: Outcome) -> Expected:
    entry = case.scenario.claims[one.claim]
    cites = entry.cites if one.reading is None else (entry.readings or {})[one.reading].cites
    told = one.worst_told
    asks = f"{one.changed} against {one.against}, {one.looked_at}: {one.finds}"
    path = " → ".join(told.path)
    if not path and told.reached:
        path = "it moves " + ", ".join(told.reached) + " and goes no further"
    name = one.claim if one.reading is None else f"{one.claim}: {one.reading}"
    says = _says(case, one.claim, one.reading)
    return Expected(one.verdict, name, says, cites or "", asks, _found(case, one, told), path, one.fails_because or "")


def _found(case: Case, one: Outcome, told: Told) -> str:
    """Word the telling that decides, and how many there are of its verdict."""
    alike = sum(other.verdict == one.verdict for other in one.told)
    where = f"in {alike} of {len(one.told)} tellings" if len(one.told) > 1 else ""
    if told.account is not None:
        account = case.account(told.account).title
        where = f"{account[:1].lower()}{account[1:]}" + (f"; so {where}" if where else "")
    text = told.remark
    if math.isfinite(told.effect):
        figures = f"{_size(told.effect, one.unit)} ({_bare(told.low, one.unit)} to {_bare(told.high, one.unit)})"
        text = f"{figures}, {told.remark}" if told.remark else figures
        if told.pairs < 0.995:
            text += f", in {100 * told.pairs:.0f} % of pairs of worlds"
    return f"{text}, {where}" if where else text


def _size(value: float, unit: str) -> str:
    """Write an effect with its sign and unit: points of a share, or its own unit."""
    return (
        f"{_bare(value, unit)} point{'s' if abs(value) != 0.01 else ''}"
        if unit == "point"
        else _bare(value, unit, unit)
    )


def _bare(value: float, unit: str, written: str = "") -> str:
    """Write a difference with its sign, and so many figures that a small one keeps its size."""
    scaled = 100 * value if unit == "point" else value
    sign = "+" if scaled > 0 else "−" if scaled < 0 else ""
    size = abs(scaled)
    if 0 < size < 1:
        return f"{sign}{size:.2g}" + (f" {written}" if written else "")
    return sign + amount(size, written)
