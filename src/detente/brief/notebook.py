"""Results as a notebook shows them: a table, and for a run a figure, as HTML. Nothing is computed for it anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import singledispatch
from html import escape

from detente.brief.figure import Figure
from detente.brief.figures.accounts import Told, accounts_figure
from detente.brief.naming import plain
from detente.brief.wording import amount, percent, value_of
from detente.exploration.comparison_result import Comparison
from detente.exploration.result import Entry, Exploration
from detente.hindcast.fitting import Fitted
from detente.hindcast.result import BASELINES, Forecast, Hindcast
from detente.results import Provenance
from detente.run import Run
from detente.scenario import Case
from detente.stability.result import Stability
from detente.validation.result import Validation

__all__ = ["as_html"]

FEW = 5
"""Entries of a ranking, and figures, that are shown."""
STATES = 20


@singledispatch
def as_html(result: object) -> str | None:
    """Return a result as HTML; None for what has no more to show than its text."""
    return None


@as_html.register
def _case(case: Case) -> str:
    rows = [(name, question.asks) for name, question in case.scenario.questions.items()]
    return _titled(case.scenario.title, _table(("question", "asks"), rows))


@as_html.register
def _run(run: Run) -> str:
    accounts = list(run.accounts)
    heads = ("question", *(run.case.account(name).title for name in accounts), "pooled")
    rows, figures = [], []
    for name, answer in run.answers.items():
        told = run.by_account(name)
        rows.append((answer.asks, *(value_of(told[account]) for account in accounts), value_of(answer)))
        drawn = _accounts(run, name)
        figures += [] if drawn is None else [drawn]
    pictures = "".join(_picture(figure) for figure in figures[:FEW])
    note = "Shares are of this model's worlds; pooled: if every unsettled reading were as likely as not."
    return _titled(run.case.scenario.title, _table(heads, rows), pictures, _made(run.provenance, note))


@as_html.register
def _stability(found: Stability) -> str:
    concepts = list(found.equilibria)
    held = {concept: set(states) for concept, states in found.equilibria.items()}
    kept = [state for state in found.states if any(state.id in states for states in held.values())]
    kept.sort(key=lambda state: -sum(state.id in states for states in held.values()))
    rows = [
        (str(state.id), state.name or ", ".join(plain(one) for one in state.taken),
         *("●" if state.id in held[concept] else "" for concept in concepts))
        for state in kept[:STATES]
    ]  # fmt: skip
    left = f"{len(kept)} of {len(found.states)} states are equilibria under some concept; {len(rows)} are shown."
    return _titled(
        found.case.scenario.title,
        _table(("", "state", *concepts), rows),
        _made(found.provenance, left, "rankings sampled"),
    )


@as_html.register
def _exploration(found: Exploration) -> str:
    tables = []
    for target, one in found.targets.items():
        rows = [(str(entry.place or "–"), plain(entry.name), *_interval(entry)) for entry in one.factors[:FEW]]
        heads = ("place", "factor", "share of variance", "95 %")
        tables.append(f"<h4>{escape(plain(target))}</h4>{_table(heads, rows)}")
    note = "What each answer hangs on, given the ranges chosen."
    return _titled(note, *tables, _made(found.provenance, ""))


@as_html.register
def _comparison(found: Comparison) -> str:
    rows = [
        (plain(one.lever), plain(one.target), amount(one.without.value), amount(one.with_it.value),
         f"{one.difference.value:+.3g} ({one.difference.low:+.3g} to {one.difference.high:+.3g})")
        for one in found.effects
        if one.account is None
    ]  # fmt: skip
    heads = ("lever", "answer", "without", "with it", "difference (95 %)")
    note = "What goes with each lever in this model, in the same worlds as without it; no choice is called best."
    return _titled(note, _table(heads, rows), _made(found.provenance, ""))


@as_html.register
def _hindcast(found: Hindcast) -> str:
    rows = [
        (f"{cut.as_of:%Y-%m-%d %H:%M}", plain(name), score, f"{loss:.3g}",
         *(_loss(standing.baselines.get(baseline), score) for baseline in BASELINES))
        for cut in found.cuts
        for name, standing in cut.standings.items()
        for score, loss in standing.model.scores.items()
    ]  # fmt: skip
    heads = ("cut", "question", "score", "model", *(called for called, _ in BASELINES.values()))
    title = "What the model said, scored on what came: lower is better"
    return _titled(title, _table(heads, rows), _made(found.provenance, ""))


@as_html.register
def _fitted(found: Fitted) -> str:
    rows = [("draws left", f"{found.posterior.particles:,}"), ("rows of the record that bear", str(found.rows)),
            ("numbers and readings they can bear on", str(len(found.bearing))),
            ("steps from the declared ranges", str(len(found.stages))),
            ("error of one log likelihood", f"{found.noise:.2g}")]  # fmt: skip
    warnings = "".join(f"<p>{escape(text)}</p>" for text in found.warnings)
    title = "What the record leaves of the declared ranges"
    return _titled(title, _table(("", ""), rows), warnings, _made(found.provenance, ""))


@as_html.register
def _validation(found: Validation) -> str:
    rows = [(test.title, test.verdict, test.says) for test in found.tests]
    heads = ("test", "verdict", "what came out")
    return _titled("Tests of a reviewer", _table(heads, rows), _made(found.provenance, ""))


def _accounts(run: Run, name: str) -> Figure | None:
    """Return the figure of the answers to a question, account by account."""
    case, answer = run.case, run.answers[name]
    titles = {account: case.account(account).title for account in run.accounts}
    starts = dt.date.fromisoformat(case.scenario.starts)
    last = starts + dt.timedelta(days=case.scenario.days - 1)
    told = Told(name, answer.asks, answer, run.by_account(name), run.outside_view(name))
    return accounts_figure(told, titles, last.isoformat())


def _picture(figure: Figure) -> str:
    """Return a figure as a picture that needs no script, with its words."""
    import vl_convert  # as heavy as a browser: only where a notebook asks for a picture

    picture = vl_convert.vegalite_to_svg(figure.complete(width=480))
    says, title = escape(figure.alt), escape(figure.title)
    return f'<figure role="img" aria-label="{says}"><figcaption>{title}</figcaption>{picture}</figure>'


def _interval(entry: Entry) -> tuple[str, str]:
    return percent(entry.index.value), f"{100 * entry.index.low:.0f} to {100 * entry.index.high:.0f} %"


def _loss(said: Forecast | None, score: str) -> str:
    return "–" if said is None or score not in said.scores else f"{said.scores[score]:.3g}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _made(made: Provenance, note: str, counted: str = "worlds") -> str:
    """Say how a result was made."""
    partial = "Stopped on the way: these figures come from fewer worlds than asked for. " if made.partial else ""
    return f"<p><small>{partial}{escape(note)} {made.worlds:,} {counted}, seed {made.seed}.</small></p>"


def _titled(title: str, *parts: str) -> str:
    return f"<div><h3>{escape(title)}</h3>{''.join(parts)}</div>"
