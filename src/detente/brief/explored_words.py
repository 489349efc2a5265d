"""How an exploration is worded: shares of variance, where odds cross, what to watch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from detente.brief.naming import label_of, plain
from detente.brief.wording import amount, percent, spoken_date
from detente.exploration.result import (
    Branch,
    CentralSlopes,
    Contested,
    Entry,
    Exploration,
    Index,
    Indicator,
    Region,
    Sensitivity,
    Side,
    Slope,
    Tipping,
)
from detente.exploration.targets import target_of
from detente.scenario import Case

__all__ = [
    "MARKS",
    "NOTHING_VARIES",
    "TOO_CLOSE",
    "UNTOLD",
    "WATCHING",
    "centre_line",
    "claim_says",
    "day_of",
    "gradients_line",
    "leaf",
    "lives",
    "parts_line",
    "place",
    "place_within",
    "share",
    "share_of",
    "signed",
    "slope",
    "swing",
    "swinging",
    "tipping",
    "title_of",
    "unit_of",
    "untold",
    "watched",
    "whether",
]

NOTHING_VARIES = "The same in every world: it hangs on nothing that varies."
LARGER = {"yes/no": ("likelier", "less likely"), "date": ("later", "sooner")}
"""What goes with more, and with less, of a measure, by type of answer."""
UNTOLD = "order depends on our ranges"
TOO_CLOSE = "too close to others to tell"
MARKS = {"": "", UNTOLD: "·", TOO_CLOSE: "≈"}
"""What stands in the place of a place, by why there is none."""
LEAST_SWING = 0.005
"""Of a share of worlds: half a point."""
WATCHING = "how often it tells two worlds apart, one of either kind; a coin is right in 50 of 100 pairs"


def share(index: Index) -> str:
    """Write a share of variance with its interval, in percent."""
    value, low, high = (f"{100 * _clipped(one):.1f}" for one in (index.value, index.low, index.high))
    return f"{value} % ({low} to {high})"


def share_of(entry: Entry) -> str:
    """Write what an entry accounts for by itself; in company, where only that can be told from nothing."""
    if entry.only_in_company and entry.total is not None:
        return f"{share(entry.total)}, only together with others"
    return share(entry.index)


def place(entry: Entry) -> str:
    """Write a place that is kept, or between which two it stands; nothing where it is not kept, or cannot be told."""
    if not entry.keeps_place:
        return ""
    first, last = entry.places or (entry.place, entry.place)
    return f"{first}." if first == last else f"{first}–{last}."


def untold(entry: Entry) -> str:
    """Say why an entry has no place; nothing where it has one."""
    return "" if entry.keeps_place else UNTOLD if entry.moves else TOO_CLOSE


def whether(case: Case, name: str, share_of_worlds: float) -> str:
    """Write what is asked of an alternative without order: how often it comes; nothing for any other answer.

    Parameters
    ----------
    case
        The case.
    name
        The name of the target.
    share_of_worlds
        In how large a share of worlds it comes, from 0 to 1.

    Returns
    -------
    str
        Never 0 or 100 %: a share of worlds is no certainty.
    """
    alternative = target_of(case, name).alternative
    if alternative is None:
        return ""
    return f"“{plain(alternative)}” ({100 * min(max(share_of_worlds, 0.01), 0.99):.0f} % of worlds)"


def parts_line(one: Sensitivity) -> str:
    """Write in one line how much of an answer is luck, ignorance, dispute, and all that only together."""
    if one.variance <= 0:
        return NOTHING_VARIES
    parts = [
        f"{what} {_part(entry.index)}"
        for what, entry in (("luck", one.luck), ("ignorance", one.ignorance), ("dispute", one.dispute))
        if entry is not None
    ]
    if not parts:
        return "How much of it is luck, ignorance or dispute cannot be told from these worlds."
    text = f"Of all that makes worlds differ here, luck counted, each accounts by itself for: {', '.join(parts)}."
    if one.interactions is not None:
        text += f" Only together they account for {_part(one.interactions)}."
    if one.assumptions is not None:
        text += f" Numbers that no claim supports, part of ignorance: {_part(one.assumptions.index)}."
    return text


def tipping(case: Case, tip: Tipping) -> str:
    """Write where along a number the share of worlds crosses one half."""
    place = tip.place.value if tip.place is not None else 0.0
    low, high = (f"{100 * min(max(end.value, 0.01), 0.99):.0f} %" for end in (tip.at_low, tip.at_high))
    at = place_within(tip.value, place)
    return f"{title_of(case, tip.factor)}: at {at}; the share goes from {low} at its low end to {high} at its high end"


def unit_of(case: Case, name: str) -> str:
    """Return the unit of a question or measure that is a number."""
    summary = target_of(case, name).summary
    equation = case.elements.questions.get(summary) or case.elements.measures[summary]
    return str(equation.kind.unit) if equation.kind.unit is not None else ""


def lives(case: Case, region: Region, kind: str) -> str:
    """Write a box as a sentence: where in the space of assumptions an answer of some type comes, or is high.

    Parameters
    ----------
    case
        The case.
    region
        The box, with its shares of worlds.
    kind
        The type of the answer, such as ``yes/no``.

    Returns
    -------
    str
        One sentence, shares in percent.
    """
    density, base, coverage = (f"{100 * share:.0f} %" for share in (region.density, region.base, region.coverage))
    there = f"there {_comes(case, region, kind)} in {density} of worlds, against {base} of all"
    return f"When {_all_of(case, region.sides)}: {there}; {coverage} of all worlds in which it does lie there."


def leaf(case: Case, region: Region, branch: Branch, kind: str) -> str:
    """Write one leaf of a decision tree: where it is, how many worlds it holds, how often the outcome comes there.

    Parameters
    ----------
    case
        The case.
    region
        The region whose tree it is.
    branch
        The leaf, with its shares of worlds.
    kind
        The type of the answer, such as ``yes/no``.

    Returns
    -------
    str
        Without a full stop, shares in percent.
    """
    held, share_there = 100 * branch.mass, 100 * min(max(branch.share, 0.01), 0.99)
    comes = f"{_comes(case, region, kind)} in {share_there:.0f} %"
    return f"When {_all_of(case, branch.sides)}: {comes} of these {held:.0f} % of worlds"


def _comes(case: Case, region: Region, kind: str) -> str:
    if region.above is None:
        return "it comes"
    if kind == "date":
        return f"it is later than {day_of(case, region.above)}"
    return f"it is above {amount(region.above, unit_of(case, region.target))}"


def _all_of(case: Case, given: Sequence[Side]) -> str:
    """Write the sides of a box, all of which hold."""
    sides = []
    for side in given:
        label = f"“{title_of(case, side.factor)}”"
        if side.readings:
            sides.append(f"{label} is answered {' or '.join(plain(reading) for reading in side.readings)}")
            continue
        low, high = side.low or 0.0, 1.0 if side.high is None else side.high
        ends = [] if low <= 0 else [f"above {place_within(side.low_value, low)}"]
        ends += [] if high >= 1 else [f"below {place_within(side.high_value, high)}"]
        sides.append(f"{label} is {' and '.join(ends)}")
    return "; and ".join(sides)


def swinging(found: Exploration, name: str, kind: str) -> list[Contested]:
    """Return the contested claims whose readings move an answer of a type by what is worth telling, largest first.

    Parameters
    ----------
    found
        The exploration.
    name
        The name of the target.
    kind
        The type of the answer, such as ``yes/no``.

    Returns
    -------
    list
        Those whose swing exceeds :data:`LEAST_SWING` with its error, or nought where the answer is no yes/no.
    """
    least = LEAST_SWING if kind == "yes/no" else 0.0
    return [one for one in found.contested if one.target == name and one.swing.low > least]


def swing(case: Case, claim: Contested, kind: str) -> str:
    """Write between which readings an answer of some type moves most, by how much, and what settling it is worth.

    Parameters
    ----------
    case
        The case.
    claim
        The contested claim and its effect on the answer.
    kind
        The type of the answer, such as ``yes/no``.

    Returns
    -------
    str
        In points for a yes/no, in days for a date, else in the answer's unit.
    """
    about = case.scenario.claims[claim.claim].title
    low, high = (plain(name) for name in claim.between)
    unit = "" if kind == "yes/no" else "day" if kind == "date" else unit_of(case, claim.target)

    def size(index: Index) -> str:
        if kind == "yes/no":
            points = f"{100 * index.value:.0f}"
            return f"{points} {'point' if points == '1' else 'points'}"
        return amount(index.value, unit)

    error = (claim.swing.high - claim.swing.low) / 2
    within = f"{100 * error:.0f}" if kind == "yes/no" else amount(error)
    moved = f"“{about}” From “{low}” to “{high}”: {size(claim.swing)} more (± {within})"
    return f"{moved}; to know which holds would move the answer by {size(claim.settling)} on the average"


def centre_line(case: Case, told: CentralSlopes, unit: str) -> str:
    """Write an answer at the middle of all ranges, and which readings hold there.

    Parameters
    ----------
    case
        The case.
    told
        The answer there, and the readings.
    unit
        The answer's unit.

    Returns
    -------
    str
        Without a full stop.
    """
    held = [f"“{case.scenario.claims[claim].title}” {plain(name)}" for claim, name in told.readings.items()]
    under = f", under the readings {'; '.join(held)}" if held else ""
    return f"With every number at the middle of its range{under}: {amount(told.value, unit)}"


def slope(case: Case, one: Slope, unit: str) -> str:
    """Write how an answer moves with one number about the middle of all ranges.

    Parameters
    ----------
    case
        The case.
    one
        The number, and how the answer moves with it.
    unit
        The answer's unit.

    Returns
    -------
    str
        In the answer's unit for a tenth of the range, and in percent for one percent where both are told.
    """
    title = title_of(case, one.factor)
    if one.sides is not None:
        below, above = (signed(side, unit) for side in one.sides)
        return f"{title}: its middle lies on an edge, {below} for a tenth just below and {above} just above"
    if one.per_tenth is None:
        return f"{title}: the answer leaps at its middle"
    text = f"{title}: {signed(one.per_tenth, unit)} for a tenth of its range more"
    if one.elasticity is None:
        return text
    return f"{text}; {signed(one.elasticity, '')} % for 1 % more"


def signed(value: float, unit: str) -> str:
    """Write a change with its sign, two figures of it at least."""
    size, counted = abs(value), amount(2, unit).partition(" ")[2]
    text = amount(size) if size >= 1 else f"{size:.2g}"
    return f"{'−' if value < 0 else '+'}{text}{' ' if counted else ''}{counted}"


def gradients_line(found: Exploration) -> str:
    """Say of how many answers there is a gradient at the centre, and why of the others there is none."""
    reasons = [one.obstacle for one in found.gradients.values()]
    smooth, steps = reasons.count(None), reasons.count("steps")
    lucky = len(reasons) - smooth - steps
    go = "goes" if steps == 1 else "go"
    why = [f"{steps} {go} in steps (yes or no, dates, choices, counts of days)"] if steps else []
    why += [f"decisions, shocks or draws are upstream of {lucky}"] if lucky else []
    answers = "1 answer" if len(reasons) == 1 else f"{len(reasons)} answers"
    begins = f"Of {answers} {smooth or 'none'} {'have' if smooth > 1 else 'has'} an exact gradient"
    if not why:
        return f"{begins}."
    held = "A derivative with the choices held as they fell would not tell how the answer moves, so none is given."
    return f"{begins}: {', and '.join(why)}. {held}"


def watched(case: Case, one: Indicator, kind: str) -> str:
    """Write what a measure seen on a day tells of an answer of some type.

    Parameters
    ----------
    case
        The case.
    one
        The measure, the day, and how well it tells.
    kind
        The type of the answer, such as ``yes/no``.

    Returns
    -------
    str
        Without a full stop; never more than 99 of 100 pairs.
    """
    says = (case.elements.measures[one.measure].says or plain(one.measure)).partition(";")[0].rstrip(".")
    more, less = LARGER.get(kind, ("more", "less"))
    pairs = f"{100 * min(one.skill, 0.99):.0f} of 100 pairs of worlds"
    return f"{says}, on {day_of(case, one.day)}: the more, the {more if one.more else less}, in {pairs}"


def title_of(case: Case, factor: str) -> str:
    """Return what a factor is called; claims that share a draw go by the name of their group."""
    known = factor in case.elements.parameters or factor in case.scenario.claims
    return label_of(case, factor) if known else plain(factor)


def claim_says(case: Case, name: str) -> str:
    """Return a claim in our words, or what it is about."""
    return case.scenario.claims[name].title


def place_within(value: float | None, place: float) -> str:
    """Write a number by its value and by how far up its range it lies."""
    within = f"{100 * place:.0f} % of its range"
    if value is None:
        return within
    text = amount(value) if value == 0 or abs(value) >= 0.1 else f"{value:.2g}"
    return f"{text} ({within})"


def day_of(case: Case, number: float) -> str:
    """Write a day of the case as a date."""
    return spoken_date((dt.date.fromisoformat(case.scenario.starts) + dt.timedelta(days=int(number))).isoformat())


def _part(index: Index) -> str:
    low, high = (f"{100 * _clipped(end):.0f}" for end in (index.low, index.high))
    return f"{percent(_clipped(index.value))} ({low} to {high})"


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
