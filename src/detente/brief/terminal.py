"""The brief in a terminal: the questions with their answers, account by account first."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from detente.brief.explored import ExploredAnswer
from detente.brief.rows import Brief, QuestionBrief
from detente.brief.terminal_heading import heading
from detente.brief.wording import HANGS_ON, THROUGH, sampling_of, spread_of, value_of

__all__ = ["print_brief", "why_tree"]

FEW = 5
MOST_LINES = 4
"""Of what could hold; the page and ``detente stability`` say more."""


def print_brief(brief: Brief, console: Console) -> None:
    """Print a brief for a reader in a hurry: every question, what it hangs on, and what the model cannot tell."""
    provenance = brief.provenance
    console.print(heading(brief.title, provenance.as_of))
    for row in brief.background:
        says = row.by + (f", disputed by {row.disputed_by}" if row.disputed_by else "")
        console.print(Padding(Text(f"{row.says} ({says})"), (0, 0, 0, 2)))
    console.print(Text(brief.case.scenario.viewpoint, style="italic"))
    if provenance.partial:
        console.print(Text("Stopped on the way: these figures come from fewer worlds than asked for.", style="bold"))
    if brief.study.unfinished:
        console.print(
            Text(f"Stopped on the way, before this was done: {', '.join(brief.study.unfinished)}.", style="bold")
        )
    for question in brief.questions:
        _print_question(question, brief, console)
    holding = brief.holding
    if holding is not None:
        console.print(Text.assemble(("\nWhat could hold", "bold"), ": equilibria of the conflict"))
        for line in holding.summary[:MOST_LINES]:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
    if brief.recorded.lines:
        console.print(Text("\nWhat the record says of the model", style="bold"))
        for line in brief.recorded.lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
    if brief.scored is not None:
        console.print(Text("\nWas it right?", style="bold"))
        for line in (brief.scored.opening, *brief.scored.proves, *brief.scored.summary):
            console.print(Padding(Text(line), (0, 0, 0, 2)))
    if brief.unanswered:
        console.print(Text("\nNot answered here", style="bold"))
        for asks, why, _ in brief.unanswered:
            console.print(Padding(Text(f"{asks} {why}"), (0, 0, 0, 2)))
    _print_evidence(brief, console)
    console.print(Text("\nWhat this model cannot tell", style="bold"))
    for limit in brief.limits:
        console.print(Padding(Text(f"• {limit}"), (0, 0, 0, 2)))
    draws = f"{brief.effective_draws:,.0f}"
    console.print(
        Text(f"\n{provenance.worlds:,} worlds, seed {provenance.seed}, {draws} effective draws.", style="dim")
    )


def _print_evidence(brief: Brief, console: Console) -> None:
    """Print which sentences are used, and which claims the model does not bear out."""
    covered = brief.coverage
    if covered.source:
        counts = ", ".join(f"{len(covered.numbers(s))} {s}" for s in ("tested", "moves", "feeds", "context", "missing"))
        console.print(Text.assemble((f"\nSentences of {covered.source}", "bold"), f": {counts}."))
    if brief.claims_held.sentence:
        console.print(Text(f"\n{brief.claims_held.sentence}"))
        for one in brief.claims_held.expected:
            if one.verdict == "fails":
                because = f" Known: {one.because}" if one.because else ""
                console.print(
                    Padding(Text(f"• Not borne out: {one.says} ({one.asks}; {one.found}){because}"), (0, 0, 0, 2))
                )


def _print_question(question: QuestionBrief, brief: Brief, console: Console) -> None:
    console.print()
    console.print(Text(question.asks, style="bold"))
    console.print(Padding(Text(question.headline, style="bold cyan"), (0, 0, 0, 2)))
    if question.by_account:
        across = "across worlds" if question.answer.type in ("number", "date") else "across uncertain inputs"
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for column in ("told as", "answer", across, "sampling, 95 %"):
            table.add_column(column)
        for name, answer in question.by_account.items():
            said = (value_of(answer), spread_of(answer), sampling_of(answer))
            table.add_row(
                Text(brief.account_titles[name]), *(Text(text, style="dim" * (n > 0)) for n, text in enumerate(said))
            )
        console.print(Padding(table, (0, 0, 0, 4)))
    console.print(Padding(Text(question.pooled), (0, 0, 0, 2)))
    if question.other_ranges is not None:
        console.print(Padding(Text(question.other_ranges.line), (0, 0, 0, 2)))
    if question.outside:
        console.print(Padding(Text(question.outside, style="dim"), (0, 0, 0, 2)))
    if question.factors:
        console.print(Padding(Text(HANGS_ON, style="italic"), (0, 0, 0, 2)))
        for factor in question.factors[:FEW]:
            who = factor.said_by or "assumption"
            console.print(Padding(Text(f"{factor.effect_text}  {factor.label} — {who}"), (0, 0, 0, 4)))
    console.print(Padding(Text(question.rests_on, style="dim"), (0, 0, 0, 2)))
    if brief.explored is not None:
        found = brief.explored.answers[question.id]
        console.print(Padding(Text(found.parts, style="dim"), (0, 0, 0, 2)))
        if found.check_first:
            places = ", ".join(check.place for check in found.check_first)
            console.print(Padding(Text(f"Sentences to check first: {places}.", style="dim"), (0, 0, 0, 2)))


def why_tree(brief: Brief, question: QuestionBrief, sentences: dict[str, dict[int, str]]) -> Tree:
    """Return the chain behind an answer as a tree: answer, factors, claims, sentence numbers.

    Parameters
    ----------
    brief, question
        What was asked.
    sentences
        By source and number, the sentences of the user's own copy, where given.

    Returns
    -------
    Tree
        For a terminal, from the answer down to the sentences.
    """
    from detente.evidence import parse_citations

    tree = Tree(Text(question.asks, style="bold"))
    tree.add(Text(question.headline))
    tree.add(Text(question.pooled))
    hangs = tree.add(Text(HANGS_ON, style="italic"))
    for factor in question.factors:
        branch = hangs.add(Text(f"{factor.effect_text}  {factor.label}"))
        if factor.is_assumption:
            branch.add(Text("assumption: no claim stands behind this number", style="dim"))
        elif factor.kind == "number":
            branch.add(Text(factor.said_by, style="dim"))
        for name in factor.claims:
            claim = brief.case.scenario.claims[name]
            sides = [(claim.says, claim.by, claim.cites)] if claim.says else []
            sides += [(f"{key}: {r.says}", r.by, r.cites) for key, r in (claim.readings or {}).items()]
            leaf = branch.add(Text(name.replace("_", " ")))
            for says, by, cites in sides:
                who = by if isinstance(by, str) else ", ".join(by or ())
                side = leaf.add(Text(f"{says} ({who.replace('_', ' ')}; {cites or 'no place given'})"))
                for citation in parse_citations(cites) if cites else ():
                    for number in citation.units:
                        if (text := sentences.get(citation.source, {}).get(number)) is not None:
                            side.add(Text(f"{citation.source} {number}: {text}", style="green"))
    if brief.explored is not None:
        _add_ranking(tree, brief.explored.answers[question.id])
    through = tree.add(Text("Runs through", style="italic"))
    if question.through:
        through.add(Text(THROUGH, style="dim"))
    for line in question.through:
        through.add(Text(line))
    tree.add(Text(question.rests_on, style="dim"))
    return tree


def _add_ranking(tree: Tree, answer: ExploredAnswer) -> None:
    """Add what an exploration found: luck, ignorance and dispute; claims and sentences by share; what to check."""
    explored = tree.add(Text("Luck, ignorance, dispute", style="italic"))
    explored.add(Text(answer.parts))
    for title, rows in (("Claims, by share", answer.claims), ("Sentences, by share", answer.sentences)):
        if not rows:
            continue
        branch = explored.add(Text(title))
        for row in rows:
            says = row.says if title.startswith("Claims") else f"{row.name}: {row.says}"
            branch.add(Text(f"{row.mark} {row.share}  {says}" + ("" if row.place else f" ({row.untold})")))
    if answer.check_first:
        first = explored.add(Text("To check first", style="bold"))
        for check in answer.check_first:
            first.add(Text(f"{check.place}: {' '.join(check.claims)}"))
