"""Everything that a validation sheet shows, gathered once and worded once."""

from __future__ import annotations

from itertools import groupby

from detente.brief.figure import Table
from detente.brief.validated.rows import Glance, ListedKind, ProtocolPart, Sheet, Shown, ShownFamily
from detente.brief.wording import amount
from detente.validation.result import (
    VERDICTS,
    Calibrated,
    Conserved,
    Foretold,
    Loop,
    Occasions,
    PairedAnswer,
    Validation,
    ValidationTest,
    Verdict,
    Widened,
)

__all__ = ["sheet_of"]

VERDICT_WORDS: dict[Verdict, str] = {
    "does not pass": "Does not pass",
    "passes": "Passes",
    "described": "For you to judge",
    "not tried": "Not tried",
    "does not apply": "Does not apply",
}
FAMILIES = {
    "structure": ("What the equations say", "Found by reading the case."),
    "behaviour": ("What the equations do", "Found by running worlds under other numbers, steps and horizons."),
    "record": ("Beside what was observed", "Found by holding worlds to the record."),
    "choices": ("What hangs on the authors' choices", "Found by choosing otherwise."),
}
KINDS = {
    "stock": "Stocks",
    "flow": "Flows",
    "auxiliary": "Auxiliaries",
    "option": "Options and decisions",
    "shock": "Shocks",
    "measure": "Measures",
    "question": "Questions",
    "sign": "Signs",
    "table": "Tables",
    "number": "Numbers",
}
PARTS = {"I": "Overview", "II": "Design concepts", "III": "Details"}
POLARITIES = {
    "reinforcing": "R, reinforcing",
    "balancing": "B, balancing",
    "either": "either way, by the state",
    "inactive": "not at work in the states looked at",
}


def sheet_of(found: Validation) -> Sheet:
    """Gather what the page and the terminal say of a validation."""
    glance = tuple(
        Glance(VERDICT_WORDS[verdict], tests, verdict == "does not pass")
        for verdict in VERDICTS
        if (tests := found.having(verdict))
    )
    families = tuple(
        ShownFamily(name, *words, tuple(_shown(found, test) for test in found.tests if test.family == name))
        for name, words in FAMILIES.items()
        if any(test.family == name for test in found.tests)
    )
    listing = tuple(
        ListedKind(KINDS[kind], tuple(elements)) for kind, elements in groupby(found.listing, lambda one: one.type)
    )
    protocol = tuple(
        ProtocolPart(
            f"{part}. {title}",
            tuple(
                (one.number, one.title, one.says, one.silent)
                for one in found.protocol
                if one.number.split(".")[0] == part
            ),
        )
        for part, title in PARTS.items()
    )
    return Sheet(found, _opening(found), glance, families, listing, protocol)


def _opening(found: Validation) -> str:
    """Say in one sentence how many tests there were and what came of them."""
    words: dict[Verdict, str] = {
        "does not pass": "do not pass",
        "passes": "pass",
        "described": "are for you to judge",
        "not tried": "were not tried",
        "does not apply": "do not apply",
    }
    singular = {
        "do not pass": "does not pass",
        "pass": "passes",
        "are for you to judge": "is for you to judge",
        "were not tried": "was not tried",
        "do not apply": "does not apply",
    }
    parts = []
    for verdict in VERDICTS:
        count = len(found.having(verdict))
        if count:
            parts.append(f"{count} {words[verdict] if count > 1 else singular[words[verdict]]}")
    text = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"Of {len(found.tests)} tests {text}."


def _shown(found: Validation, test: ValidationTest) -> Shown:
    rows = tuple((_broken(one.element), one.at, one.says) for one in test.where)
    where = Table(("What", "Where", "What was found"), rows) if rows else None
    return Shown(test, VERDICT_WORDS[test.verdict], where, tuple(_tables(found, test.name)))


def _tables(found: Validation, name: str) -> list[tuple[str, Table]]:
    """Return the tables that stand behind a test, each with what opens it."""
    if name == "feedback_loops" and found.loops:
        long = tuple(one for one in found.loops if len(one.elements) > 1)
        short = tuple(one for one in found.loops if len(one.elements) == 1)
        tables = [(f"The {len(long)} loops of two elements or more", _loops(long))] if long else []
        return tables + ([(f"The {len(short)} elements that act on themselves", _loops(short))] if short else [])
    if name == "conservation" and found.conserved:
        return [("The sums that may not change", _sums(found.conserved))]
    if name == "time_step" and found.steps:
        return [("Every answer, each way", _paired(found.steps))]
    if name == "decision_occasions" and found.occasions:
        return [("Every decision", _occasions(found.occasions))]
    if name == "predictive_rows" and found.foretold:
        return [("Every row of the record", _foretold(found.foretold))]
    if name == "forecast_scores" and found.reliability:
        return [("How often came what was forecast", _reliability(found.reliability))]
    if name == "decision_rule" and found.rules:
        return [("Every answer under each rule", _paired(found.rules))]
    if name == "range_width" and found.widths:
        return [("Every answer with other ranges", _widths(found.widths))]
    return []


def _widths(widths: tuple[Widened, ...]) -> Table:
    ways = tuple(widths[0].by_range)
    rows = tuple(
        (
            _broken(one.question),
            _broken(one.unit) or "–",
            *(amount(one.by_range[way]) for way in ways),
            f"{one.spread:.2g}",
            "–" if one.accounts is None else f"{one.accounts:.2g}",
        )
        for one in widths
    )
    columns = ("Answer", "Unit", *(way.capitalize() for way in ways), "Apart by ranges", "Apart by accounts")
    note = (
        "Pooled over readings: shares of worlds in percent, means, or mean days, at most those of the "
        "case; of a choice "
        "the alternative that leads."
    )
    return Table(columns, rows, note)


def _reliability(bins: tuple[Calibrated, ...]) -> Table:
    rows = tuple(
        (
            f"{100 * one.low:.0f} to {100 * one.high:.0f} %",
            str(one.count),
            "–" if one.mean is None else f"{100 * one.mean:.0f} %",
            "–" if one.came is None else f"{100 * one.came:.0f} %",
        )
        for one in bins
    )
    return Table(("Forecast", "How many", "Their mean", "Came"), rows)


def _foretold(rows: tuple[Foretold, ...]) -> Table:
    listed = []
    for one in rows:
        if one.quantiles is None:
            said = f"a chance of {100 * (one.chance or 0):.2g} %"
        else:
            low, middle, high = (amount(value) for value in one.quantiles)
            said = f"{middle} ({low} to {high})"
        value = amount(one.value) if isinstance(one.value, float) else one.value
        listed.append((_broken(one.measure), one.about, value, said, "yes" if one.outside else ""))
    return Table(("Row", "Day", "The record says", "The model said", "Surprising"), tuple(listed))


def _loops(loops: tuple[Loop, ...]) -> Table:
    rows = []
    for one in loops:
        path = _broken(one.elements[0])
        for link in one.links:
            path += f" →({link.sign.replace('-', '−')}{', later' if link.delayed else ''}) {_broken(link.target)}"
        rows.append((path, POLARITIES[one.polarity]))
    note = (
        "+: more of the first makes more of the second. −: less. ±: now the one and now the other, or without a "
        "direction, as where it only sets when a decision comes up. 0: nothing moved. Later: through a "
        "stock or a delay."
    )
    return Table(("Loop", "Polarity"), tuple(rows), note)


def _sums(sums: tuple[Conserved, ...]) -> Table:
    rows = []
    for one in sums:
        parts = [f"{'' if weight == 1 else f'{weight:g} × '}{_broken(name)}" for name, weight in one.stocks.items()]
        departure = "not looked at" if one.departure is None else f"{one.departure:.1g} of its size"
        rows.append((" + ".join(parts), one.unit, departure))
    return Table(("Sum", "Unit", "Largest departure"), tuple(rows))


def _paired(steps: tuple[PairedAnswer, ...]) -> Table:
    ways = tuple(steps[0].answers)
    rows = tuple(
        (
            _broken(one.answer),
            _broken(one.unit) or "–",
            *("–" if (value := one.answers[way]) is None else amount(value) for way in ways),
            f"{one.difference:.2g}",
            f"{one.tolerance:.2g}",
        )
        for one in steps
    )
    note = (
        "A yes/no is the share of worlds in which it holds, a date the days until then, at most those of "
        "the case. What "
        "sampling explains: how far two runs of 100 000 worlds lie apart, and what so few worlds leave "
        "open, in 999 of 1 000."
    )
    return Table(
        ("Answer", "Unit", *(way.replace("_", " ") for way in ways), "Largest difference", "Explained by sampling"),
        rows,
        note,
    )


def _occasions(occasions: tuple[Occasions, ...]) -> Table:
    rows = tuple(
        (
            _broken(one.decision),
            f"{100 * one.ever:.3g} %",
            f"{one.mean:.2g}",
            "–" if one.taken is None else f"{100 * one.taken:.2g} %",
        )
        for one in occasions
    )
    return Table(("Decision", "Worlds in which it comes up", "Times in a world", "Times it then changes"), rows)


def _broken(name: str) -> str:
    """Let a long name break where its words meet."""
    return name.replace("_", "_\u200b")
