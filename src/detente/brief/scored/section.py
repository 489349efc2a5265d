"""Everything that the section on a hindcast shows, gathered once and worded once."""

from __future__ import annotations

import datetime as dt

from detente.brief.figures.outside import Curve
from detente.brief.naming import plain
from detente.brief.outside import Outside, curve_of_quantiles, outside_of, reached_by_cut
from detente.brief.scored.questions import asked_of, first_standing, what_weighs, whose
from detente.brief.scored.rows import Hindsight, Scored
from detente.brief.scored.scores import scores_of, summary_lines
from detente.brief.scored.steps import became_of, stepped_of
from detente.brief.scored.words import moment
from detente.brief.wording import amount
from detente.hindcast.information_cut import learns_nothing_after, standing_still
from detente.hindcast.report import opening
from detente.hindcast.result import Cut, Hindcast
from detente.scenario import Case

__all__ = ["scored_of"]

BOUNDS = (
    "A yes/no forecast of the model is kept between 0.1 and 99.9 %, and a simple forecast that would be certain, such "
    "as persistence, between 1 and 99 %: one sure forecast that fails would otherwise weigh more than all others."
)


def scored_of(case: Case, found: Hindcast) -> Scored:
    """Gather what the page says of a hindcast of its case.

    Parameters
    ----------
    case, found
        The case as it stands, and its hindcast.
    """
    asked = asked_of(case, found)
    several = len(found.cuts) > 1
    return Scored(
        hindcast=found,
        opening=opening(found),
        proves=tuple(one.says for one in sorted(found.summaries, key=lambda one: one.in_sample)[:1]),
        summary=summary_lines(found),
        asked=asked,
        scores=scores_of(found),
        stepped=stepped_of(case, found, {one.id: one.came for one in asked}),
        learns=_learns(found),
        became=became_of(case, found) if several else (),
        outside=_outside(case, found),
        not_answerable=tuple((one.asks, one.why) for one in found.not_answerable.values()),
        left_out=tuple((_asks(case, name), why) for name, why in found.left_out.items()),
        hindsight=_hindsight(case, found),
        cautions=_cautions(found),
    )


def _asks(case: Case, name: str) -> str:
    entry = case.scenario.questions.get(name)
    return plain(name) if entry is None else entry.asks


def _hindsight(case: Case, found: Hindcast) -> tuple[Hindsight, ...]:
    """Group the reasons that only hindsight may have given by the decisions they stand in."""
    grouped: dict[str, list[str]] = {}
    for one in found.possible_hindsight:
        grouped.setdefault(one.decision, []).append(what_weighs(case, one))
    return tuple(Hindsight(whose(case, decision), tuple(reasons)) for decision, reasons in grouped.items())


def _outside(case: Case, found: Hindcast) -> tuple[Outside, ...]:
    """Return each reference class that a question names, beside the model where the question asks for a day."""
    told: dict[str, Outside] = {}
    first, reached = dt.date.fromisoformat(case.scenario.starts), reached_by_cut(case)
    by_type = sorted(found.resolutions, key=lambda name: _type(found, name) != "date")
    for name in by_type:
        standing = first_standing(found, name)
        curve: Curve = ()
        if standing is not None and standing[1].type == "date" and standing[1].model.quantiles:
            curve = tuple(curve_of_quantiles(standing[1].model.quantiles, first, reached))
        one = outside_of(case, name, found.lasting.get(name), curve, f"hindcast-{name}-outside")
        if one is not None:
            told.setdefault(one.name, one)
    return tuple(told.values())


def _type(found: Hindcast, name: str) -> str:
    standing = first_standing(found, name)
    return "" if standing is None else standing[1].type


def _cautions(found: Hindcast) -> tuple[str, ...]:
    lines = [_draws(found.cuts)] if found.cuts else []
    lines += [f"{moment(cut.as_of)}: {cut.warning}" for cut in found.cuts if cut.warning]
    lines += [_nothing_new(since, last) for since, last in standing_still(found.cuts)]
    inside = sum(cut.in_sample for cut in found.cuts)
    if inside:
        lines.append(
            f"{inside} of {len(found.cuts)} cuts lie before the newest source that the case was written from. What "
            "they foretell is in sample: it is shown apart and never pooled with later cuts."
        )
    if found.posterior_until is not None:
        lines.append(
            "Numbers and readings were drawn from a posterior fitted to the record up to "
            f"{moment(found.posterior_until)}; questions that closed by then are left out."
        )
    if found.provenance.partial:
        lines.append("This hindcast was stopped on its way: later cuts are missing.")
    return (*lines, BOUNDS)


def _nothing_new(since: Cut, last: Cut) -> str:
    """Say that from one cut to a later one nothing came to be known that could move a forecast."""
    return (
        f"Nothing that bears on the model became known after {moment(since.as_of)}, up to {moment(last.as_of)}: what "
        "the later cuts say rests on what was known then, and moves at most because days had passed."
    )


def _learns(found: Hindcast) -> str:
    """Say from which cut on nothing more is learned; nothing where something is learned up to the last."""
    still = learns_nothing_after(found.cuts)
    if still is None:
        return ""
    return (
        f"From {moment(still)} on nothing more is learned: no row of the later record that bears on the model became "
        "known, and what follows is the same forecast, told again."
    )


def _draws(cuts: tuple[Cut, ...]) -> str:
    """Say how many draws the worlds were worth once weighted by what was known."""
    worst = min(cuts, key=lambda cut: cut.effective_draws / max(cut.draws, 1))
    text = f"{amount(worst.effective_draws)} of {worst.draws:,} draws carry the weight".replace(",", " ")
    if len(cuts) > 1:
        text += f" at the cut where they are fewest ({moment(worst.as_of)})"
    return f"{text}: what the worlds are worth, once weighted by how well they follow what was known."
