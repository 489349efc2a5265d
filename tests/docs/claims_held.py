"""Writes docs/reference/claims-of-november-2023.md: what its claims expect, what a review found before, what holds now.

Run it anew after the case has changed: ``.venv/bin/python -m tests.docs.claims_held``. It takes some minutes.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from detente.brief.borne_out import Expected, borne_out_of
from detente.exploration.cached_exploration import cached_expectations
from detente.exploration.expected import Held, Outcome, Verdict
from detente.scenario import Case, load
from tests.docs.tables import REFERENCE

PAGE = REFERENCE / "claims-of-november-2023.md"
BEFORE = Path(__file__).with_name("claims_before.csv")
SEED, WORLDS = 1, 512
NOT_NAMED = "–"
OPENING = """# What the claims of `november_2023` expect, before and after

Every claim of cause or condition of `november_2023` says what a model has to show if it is to say the same
([claims as tests](../explanation/claims-as-tests.md)).

**Before** is what a review found that read the case sentence by sentence, as it stood before its claims were put to
the test: the runs were the reviewer's, of 20,000 worlds at seed 1, or of copies with a few printed measures added. A
dash says that the review named no fault there; it does not say that there was none.

**Now** is what `detente check november_2023 --expectations --worlds {worlds} --seed {seed}` found on {date}, with
{version} and the case whose hash begins with {hash}: an effect with its 95 % interval, in the telling that
decides, and how many tellings agree. {counted}
Of {total} expectations {verdicts}. Why some are not resolved is told on the
page of the [decision](../decisions/2026-12-01-claims-as-tests.md). That one holds says that the model says what its
source says, not that the source is right; of a contested claim each side's expectation is tested where its reading
holds.

`tests/docs/claims_held.py` writes this page, and a test holds it to the case: every expectation stands here, and no
other.
"""
TABLE = """
| expectation | compared, and what is to be found | before | now |
|---|---|---|---|
"""
NAMES: dict[Verdict, str] = {"holds": "holds", "fails": "**fails**", "not resolved": "*not resolved*"}
COUNTED: dict[Verdict, str] = {"holds": "hold", "fails": "fail", "not resolved": "are not resolved"}


def before() -> dict[str, str]:
    """Return what the review found, by claim, or by claim and reading."""
    with BEFORE.open(encoding="utf-8", newline="") as file:
        return {row["claim"]: row["found"] for row in csv.DictReader(file)}


def page(case: Case, held: Held, on: dt.date) -> str:
    """Write the page."""
    counts = Counter(one.verdict for one in held.outcomes)
    told = borne_out_of(case, held)
    opening = OPENING.format(
        worlds=WORLDS, seed=held.provenance.seed, date=on.isoformat(), hash=f"`{case.hash[:12]}`",
        version=f"Détente {held.provenance.versions['detente']}", counted=told.sentence, total=len(held.outcomes),
        verdicts=", ".join(f"{counts[verdict]} {COUNTED[verdict]}" for verdict in NAMES if counts[verdict]),
    )  # fmt: skip
    found = before()
    rows = zip(held.worst_first, told.expected, strict=True)
    by_name = {outcome.name: (outcome, expected) for outcome, expected in rows}
    parts = [opening]
    for heading, names in sections(case, held):
        parts.append(f"\n## {heading}\n{TABLE}")
        parts += [row(*by_name[name], found) for name in names]
    return "".join(parts) + untested(told.untested)


def sections(case: Case, held: Held) -> Iterator[tuple[str, list[str]]]:
    """Yield the expectations of claims that cite the article, by sentence, then of others, then of contested ones."""
    of_claims = [one for one in held.outcomes if one.reading is None]
    by_sentence = sorted((first_sentence(case, one), number) for number, one in enumerate(of_claims))
    yield (
        "Claims of the article, by sentence",
        [of_claims[number].name for first, number in by_sentence if first < 1_000],
    )
    yield "Claims of other pages", [of_claims[number].name for first, number in by_sentence if first >= 1_000]
    yield "Contested claims, each side's", [one.name for one in held.outcomes if one.reading is not None]


def first_sentence(case: Case, outcome: Outcome) -> int:
    """Return the first sentence of the article that a claim cites; 1,000 where it cites none."""
    match = re.search(r"\barticle (\d+)", case.scenario.claims[outcome.claim].cites or "")
    return int(match[1]) if match else 1_000


def row(outcome: Outcome, expected: Expected, found: dict[str, str]) -> str:
    """Write one row."""
    holder = outcome.claim if outcome.reading is None else f"{outcome.claim}.{outcome.reading}"
    was = found.get(outcome.name, found.get(holder, found.get(outcome.claim, NOT_NAMED)))
    cells = [
        f"`{outcome.name}`<br>{expected.says} ({expected.cites})",
        asked(outcome),
        was,
        f"{NAMES[outcome.verdict]}: {expected.found}" + (f"; known: {expected.because}" if expected.because else ""),
    ]
    return "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |\n"


def asked(outcome: Outcome) -> str:
    """Write what is compared, and what is to be found."""
    return f"{outcome.changed} against {outcome.against}: {outcome.looked_at} **{outcome.finds}**".replace("_", " ")


def untested(says: tuple[str, ...]) -> str:
    """Write what expects nothing, and why."""
    return "\n## What expects nothing\n\n" + "".join(f"- {one}\n" for one in says) if says else ""


if __name__ == "__main__":
    the_case = load("november_2023")
    the_held = cached_expectations(the_case, worlds=WORLDS, seed=SEED)
    assert the_held is not None
    PAGE.write_text(page(the_case, the_held, dt.datetime.now(dt.UTC).date()), encoding="utf-8")
