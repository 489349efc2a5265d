"""The scores of a hindcast in words and tables: where a baseline beats the model, the page says so."""

from __future__ import annotations

from detente.brief.figures import Table, pit_figure, reliability_figure, skills_figure
from detente.brief.scored.rows import Scores
from detente.brief.scored.words import SCORE_NAMES, baseline_name, loss
from detente.hindcast.result import Hindcast, Skill, Summary
from detente.hindcast.skill import IN_UNITS, MAIN, MOST, told_apart

__all__ = ["baseline_line", "scores_of", "summary_lines"]

TITLES = {False: "Out of sample", True: "In sample"}
HARDLY = 0.02
"""A skill about zero that is told as no difference."""


def scores_of(found: Hindcast) -> tuple[Scores, ...]:
    """Gather the scores, those out of sample first."""
    return tuple(_scores(one) for one in sorted(found.summaries, key=lambda one: one.in_sample))


def summary_lines(found: Hindcast) -> tuple[str, ...]:
    """Say in a few sentences how the model did beside each baseline, where it lost first."""
    summaries = sorted(found.summaries, key=lambda one: one.in_sample)
    return _lines(summaries[0]) if summaries else ()


def _scores(one: Summary) -> Scores:
    kind = "in" if one.in_sample else "later"
    return Scores(
        one.in_sample,
        TITLES[one.in_sample],
        one.says,
        _lines(one),
        skills_figure(f"hindcast-skill-{kind}", one),
        _table(one),
        reliability_figure(f"hindcast-reliability-{kind}", one.reliability),
        pit_figure(f"hindcast-pit-{kind}", one.pit),
    )


def _lines(one: Summary) -> tuple[str, ...]:
    """Word each comparison in the scores that questions are told by, the worst for the model first."""
    told = sorted((skill for skill in one.skills if skill.score in MAIN), key=lambda skill: skill.skill)
    return tuple(baseline_line(skill) for skill in told)


def baseline_line(one: Skill) -> str:
    """Say who did better, by how much, and whether the difference can be told from none."""
    name = baseline_name(one.baseline)
    which = MAIN["crps" if one.score in IN_UNITS else "brier"]
    events = f"{_counted(one.questions, 'question')}, {_counted(one.clusters, 'deciding event')}"
    if abs(one.skill) < HARDLY:
        text = f"On {which} the model and {name} did about the same"
    elif one.skill < 0:
        text = f"On {which} {name} did better than the model: the model’s mean loss is {_more(one)}"
    else:
        text = f"On {which} the model did better than {name}: its mean loss is {100 * one.skill:.0f} % smaller"
    against = "" if one.score in IN_UNITS else f"{loss(one.model)} against {loss(one.baseline_score)}; "
    return f"{text} ({against}{events}). {_sure(one)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _more(one: Skill) -> str:
    if one.skill <= 1 - MOST:
        return f"{MOST:.0f} times as large, or more"
    return f"{-100 * one.skill:.0f} % larger" if one.skill > -1 else f"{1 - one.skill:.1f} times as large"


def _sure(one: Skill) -> str:
    """Say whether the difference can be told from none, by the one rule that the head of the page goes by as well."""
    if one.interval is None:
        return f"So few events give no interval{_capped(one)}."
    low, high = one.interval
    ends = f"skill {_signed(one.skill)}, 95 % interval {_signed(low)} to {_signed(high)}{_capped(one)}"
    verdict = told_apart(one)
    if verdict == "few":
        return f"{_by_luck(one)} ({ends})."
    if verdict == "alike":
        return f"The difference cannot be told from none ({ends})."
    return f"The difference is larger than resampling the events explains ({ends})."


def _by_luck(one: Skill) -> str:
    """Say what an interval of so few events is worth."""
    assert one.interval is not None
    low, high = one.interval
    if low <= 0 <= high:
        return f"{one.clusters} events are too few to tell the difference from none"
    often = 2 ** (one.clusters - 1)
    return (
        f"All resamples fall on one side, and prove little: of two equally good forecasters luck puts one ahead on all "
        f"{one.clusters} events once in {often} times"
    )


def _capped(one: Skill) -> str:
    """Say so where a figure is the end of what a ratio of losses is kept within."""
    least, most = 1 - MOST, 1 - 1 / MOST
    figures = (one.skill, *(one.interval or ()))
    if any(figure <= least or figure >= most for figure in figures):
        ends = f"{_signed(least)} and {most:.2f}"
        return f"; a ratio of losses is kept within 1/{MOST:.0f} and {MOST:.0f}, a skill within {ends}"
    return ""


def _signed(value: float) -> str:
    return f"{value:z.2f}".replace("-", "−")


def _table(one: Summary) -> Table:
    """Return each comparison, with and without reasons that only hindsight may have given."""
    bare = {(skill.baseline, skill.score): skill for skill in one.skills_without_hindsight}
    rows = tuple(_row(skill, bare.get((skill.baseline, skill.score)), bool(bare)) for skill in one.skills)
    columns = ("Baseline", "Score", "Questions, events", "Model’s loss", "Baseline’s loss", "Skill (95 % interval)")
    return Table(
        (*columns, "Skill without possible hindsight") if bare else columns,
        rows,
        "Losses are averaged within events first, then over events; intervals resample events, and with fewer than six "
        "events they are no evidence. Skill is 1 less the model's loss over the baseline's: 0 is no better, below 0 is "
        "worse. CRPS and interval scores stand in each question's unit, so it is the ratio of the model's loss to the "
        "baseline's that is averaged (×). A ratio is kept within 1/100 and 100, and so a skill within −99 and 0.99: a "
        "single value that is exactly right has no loss at all.",
    )


def _row(one: Skill, bare: Skill | None, with_bare: bool) -> tuple[str, ...]:
    name = baseline_name(one.baseline)
    row = (
        f"{name[:1].upper()}{name[1:]}", SCORE_NAMES.get(one.score, one.score), f"{one.questions}, {one.clusters}",
        *_losses(one), _with_interval(one),
    )  # fmt: skip
    return (*row, "–" if bare is None else _with_interval(bare)) if with_bare else row


def _losses(one: Skill) -> tuple[str, str]:
    """Return the two losses; where each question has a unit of its own, the mean of their ratios."""
    if one.score in IN_UNITS:
        return f"× {loss(one.model)}", "1"
    return loss(one.model), loss(one.baseline_score)


def _with_interval(one: Skill) -> str:
    if one.interval is None:
        return _signed(one.skill)
    low, high = one.interval
    return f"{_signed(one.skill)} ({_signed(low)} to {_signed(high)})"
