"""What the record says of the model: whom it speaks for, and which of its rows were not expected."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.analysis.run_study import RunStudy
from detente.brief.naming import plain
from detente.brief.wording import POOLED, amount, day
from detente.dynamics import RecordEvidence
from detente.hindcast.predictive_check import PredictedRow, PredictiveCheck
from detente.scenario import Case

__all__ = ["RECORDED_FIELDS", "Recorded", "recorded_data", "recorded_of"]


@dataclass(frozen=True)
class Recorded:
    """What the record up to the cut says of the model.

    Parameters
    ----------
    evidence
        How well the worlds of accounts and readings follow it; None where it tells no two worlds apart.
    check
        Every row of it beside what the model said just before; None where the draws were fitted to it already.
    pooled
        How the pooled figure is worded: before the record, where that moved a reading.
    said
        What it says of accounts and readings, line by line.
    unexpected
        The rows that the model did not lead one to expect, line by line, one line a measure.
    """

    evidence: RecordEvidence | None
    check: PredictiveCheck | None
    pooled: str
    said: tuple[str, ...]
    unexpected: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """All that is said, misfits first."""
        return (*self.unexpected, *self.said)


def recorded_of(study: RunStudy, titles: Mapping[str, str]) -> Recorded:
    """Gather what the record says of the model."""
    evidence, check, case = study.evidence, study.check, study.case
    moved = evidence is not None and bool(evidence.moved)
    said = () if evidence is None else (*_accounts(evidence, titles), *_readings(evidence, case))
    unexpected = () if check is None else tuple(_unexpected(check, case))
    return Recorded(evidence, check, f"{POOLED} before the record" if moved else POOLED, said, unexpected)


def _accounts(evidence: RecordEvidence, titles: Mapping[str, str]) -> list[str]:
    if not evidence.accounts:
        return []
    ranked = sorted(evidence.accounts.items(), key=lambda item: -item[1][0])
    each = "; ".join(f"{titles[name]} {_times(ratio, ends)}" for name, (ratio, ends) in ranked)
    return [f"How well the worlds of each account follow the record, beside those that mix the readings (1): {each}."]


def _times(ratio: float, ends: tuple[float, float]) -> str:
    return f"{ratio:.2f} ({ends[0]:.2f} to {ends[1]:.2f})"


def _readings(evidence: RecordEvidence, case: Case) -> list[str]:
    found = []
    for claim, rows in evidence.moved.items():
        about = case.scenario.claims[claim].title.rstrip("?")
        before = " / ".join(f"{row.before:.2f}" for row in rows)
        after = " / ".join(f"{row.after:.2f}" for row in rows)
        names = " / ".join(plain(row.reading) for row in rows)
        found.append(f"{about}? {names}: {before} of the draws before the record, {after} by weight after it.")
    return found


def _unexpected(check: PredictiveCheck, case: Case) -> list[str]:
    rows = check.outside
    if not rows:
        return []
    numbers = sum(row.quantiles is not None for row in check.rows)
    outside = sum(row.quantiles is not None for row in rows)
    found = []
    if outside:
        chance = max(1, round(check.expected_outside))
        found.append(
            f"{outside} of {numbers} recorded numbers lie outside the 5th to 95th percentile of what the model said "
            f"just before it knew them; by chance about {chance} would where the model is right."
        )
    by_measure: dict[str, list[PredictedRow]] = {}
    for row in rows:
        by_measure.setdefault(row.measure, []).append(row)
    for measure, some in by_measure.items():
        every = sum(row.measure == measure for row in check.rows)
        worst = max(some, key=_distance)
        name = plain(measure)
        told = f"{name[:1].upper()}{name[1:]}, {len(some)} of {every}: on {day(worst.about.isoformat())} "
        if worst.quantiles is None:
            found.append(f"{told}the record has {_value(worst, case)}, to which the model gave {_chance(worst)}.")
            continue
        low, _, high = worst.quantiles
        said = f"the record has {_value(worst, case)}, the model {amount(low)} to {amount(high)}"
        unseen = "" if worst.weighs else "; it is set to the record, so no answer shows it up to the cut"
        found.append(f"{told}{said}{unseen}.")
    return found


def _distance(row: PredictedRow) -> float:
    """Return how far a row lies from what the model said, among those of its measure."""
    if row.quantiles is None:
        return 1 - (row.chance or 0.0)
    low, middle, high = row.quantiles
    return abs(float(row.value) - middle) / max(high - low, 1e-3 * abs(middle), 1e-9)


def _value(row: PredictedRow, case: Case) -> str:
    if row.bears != "choice":
        return amount(float(row.value), row.unit)
    option = case.elements.options.get(row.element)
    if isinstance(row.value, str) and option is not None and option.alternatives:
        return plain(row.value)
    return "yes" if row.value in (1, "true", "yes") else "no"


def _chance(row: PredictedRow) -> str:
    chance = row.chance or 0.0
    return f"{100 * chance:.1f} %" if chance >= 0.001 else "next to no chance"


def recorded_data(found: Recorded) -> dict[str, Any]:
    """Return what the record says as plain data, numbers not yet rounded."""
    evidence, check = found.evidence, found.check
    return {
        "evidence": None if evidence is None or not math.isfinite(evidence.log_mean_weight) else {
            "log_mean_weight": evidence.log_mean_weight,
            "accounts": {name: {"ratio": ratio, "interval": list(ends)}
                         for name, (ratio, ends) in evidence.accounts.items()},
            "readings": [
                {"claim": claim, "reading": row.reading, "before": row.before, "after": row.after,
                 "interval": list(row.interval), "moved": row.moved}
                for claim, rows in evidence.readings.items() for row in rows
            ],
        },
        "record": None if check is None else {
            "worlds": check.worlds, "effective": check.effective, "outside": len(check.outside),
            "expected_outside": check.expected_outside,
            "rows": [
                {"about": row.about.isoformat(), "measure": row.measure, "by": row.by, "source": row.source,
                 "element": row.element, "bears": row.bears, "value": row.value, "unit": row.unit, "chance": row.chance,
                 "quantiles": None if row.quantiles is None else list(row.quantiles), "below": row.below,
                 "weighs": row.weighs, "outside": row.outside}
                for row in check.rows
            ],
        },
    }  # fmt: skip


def _object(properties: dict[str, Any], *, or_null: bool = False) -> dict[str, Any]:
    kind = ["object", "null"] if or_null else "object"
    return {"type": kind, "properties": properties, "required": list(properties), "additionalProperties": False}


_TEXT, _NUMBER, _WHOLE, _TRUTH = ({"type": kind} for kind in ("string", "number", "integer", "boolean"))
_MAYBE = {"type": ["number", "null"]}
_TWO = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_ROW = _object(
    {
        "about": _TEXT, "measure": _TEXT, "by": _TEXT, "source": _TEXT, "element": _TEXT,
        "bears": {"enum": ["choice", "follow", "measure"]}, "value": {"type": ["number", "string"]}, "unit": _TEXT,
        "chance": _MAYBE,
        "quantiles": {"type": ["array", "null"], "items": _NUMBER, "minItems": 3, "maxItems": 3},
        "below": _MAYBE, "weighs": _TRUTH, "outside": _TRUTH,
    }
)  # fmt: skip
RECORDED_FIELDS: dict[str, Any] = {
    "evidence": _object(
        {
            "log_mean_weight": _NUMBER,
            "accounts": {"type": "object", "additionalProperties": _object({"ratio": _NUMBER, "interval": _TWO})},
            "readings": {
                "type": "array",
                "items": _object(
                    {"claim": _TEXT, "reading": _TEXT, "before": _SHARE, "after": _SHARE, "interval": _TWO,
                     "moved": _TRUTH}
                ),
            },
        },
        or_null=True,
    ),
    "record": _object(
        {
            "worlds": _WHOLE, "effective": _NUMBER, "outside": _WHOLE, "expected_outside": _NUMBER,
            "rows": {"type": "array", "items": _ROW},
        },
        or_null=True,
    ),
}  # fmt: skip
"""The schema of what the record says, as fields of a report."""
