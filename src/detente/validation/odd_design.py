"""The second part of the ODD+D protocol: how decisions are made, what is sensed, what differs, what is left to luck."""

from __future__ import annotations

from collections.abc import Mapping

from detente.dynamics.evaluator import expressions
from detente.equations import FUNCTIONS, Node, names_in, walk
from detente.equations.syntax import Call
from detente.scenario import DecisionElement
from detente.validation.odd_overview import heading, listed
from detente.validation.result import Heading
from detente.validation.structure import Structure

__all__ = ["design_concepts"]

HOW = {
    "log_odds": "then it is drawn",
    "lexicographic": "of several reasons only the strongest counts; then it is drawn",
    "threshold": "it is chosen where they overcome a resistance that is drawn once for each decision and world",
    "shared_luck": "then it is drawn, with luck of which all decisions of a day share half",
}
"""What is done with the odds, by rule of decision."""


def design_concepts(structure: Structure) -> tuple[Heading, ...]:
    """Return the headings II.i to II.x."""
    return (
        *_background(structure),
        *_deciding(structure),
        *_learning(structure),
        *_sensing(structure),
        *_predicting(structure),
        *_interacting(structure),
        *_collectives(structure),
        *_differing(structure),
        _luck(structure),
        *_observing(structure),
    )


def _background(structure: Structure) -> tuple[Heading, ...]:
    scenario, decisions = structure.case.scenario, structure.case.elements.decisions
    causes = [claim.about for claim in structure.case.switches.values() if claim.about]
    sources = [
        f"{source.title}{f' ({source.published[:10]})' if source.published else ''}"
        for source in scenario.sources.values()
    ]
    reasons = [lean for one in decisions.values() for lean in one.leans]
    grounded = sum(bool(lean.claims) for lean in reasons)
    numbers = structure.case.elements.parameters.values()
    assumed = sum(one.is_assumption for one in numbers)
    return (
        heading(
            "II.i.a",
            "Concepts, theories and hypotheses behind the design",
            f"Hypotheses that sources dispute are drawn, none is preferred: {' '.join(causes)}" if causes else "",
            f"Frame: {scenario.viewpoint}",
        ),
        heading(
            "II.i.b",
            "Assumptions on which decisions are based",
            f"{len(decisions)} decisions rest on {len(reasons)} reasons, {grounded} of them on claims of "
            "sources; the others, "
            "and the size of most odds, are the authors' judgement."
            if decisions
            else "",
        ),
        heading(
            "II.i.c",
            "Why this decision model",
            "It is Détente's: a usual chance and reasons that multiply odds can be written down and "
            "disputed one by one."
            if decisions
            else "",
        ),
        heading(
            "II.i.d",
            "Where data come from",
            f"Sources: {'; '.join(sources)}." if sources else "",
            f"{assumed} of {len(numbers)} numbers rest on no source." if assumed else "",
        ),
        heading(
            "II.i.e",
            "At which level data were available",
            f"Counts are totals in these units: {', '.join(scenario.units)}." if scenario.units else "",
        ),
    )


def _deciding(structure: Structure) -> tuple[Heading, ...]:
    case, decisions = structure.case, structure.case.elements.decisions
    conflict = case.elements.conflict
    by_actor: dict[str, list[str]] = {}
    for name in decisions:
        by_actor.setdefault(case.elements.options[name].actor, []).append(name.partition(".")[2])
    subjects = "; ".join(f"{case.title_of(actor)} decides {', '.join(names)}" for actor, names in by_actor.items())
    aims = [
        f"{case.title_of(name)} wants: {aim.says}"
        for name, actor in case.scenario.actors.items()
        for aim in actor.wants.values()
    ]
    shown = "In the simulation aims are shown beside the outcome and maximised by nobody."
    ranked = "In the conflict each decision maker ranks the states by its stated preferences."
    rule = (
        "On an occasion each alternative has its usual chance; each reason, by its strength from 0 to 1, multiplies "
        f"its odds; {HOW[case.scenario.rule]}. Occasions, chances and reasons stand in the listing of equations."
    )
    return (
        heading(
            "II.ii.a",
            "Who decides, on what",
            f"{subjects}." if subjects else "",
            f"In the conflict: {listed([maker.title for maker in conflict.makers])}." if conflict is not None else "",
        ),
        heading(
            "II.ii.b",
            "Rationality and aims",
            *aims,
            shown if aims and decisions else "",
            ranked if conflict is not None else "",
        ),
        heading(
            "II.ii.c",
            "How decisions are made",
            rule if decisions else "",
            *(f"{name}: {reasons}" for name, one in decisions.items() if (reasons := _reasons(structure, one))),
        ),
        *_adapting(decisions),
    )


def _adapting(decisions: Mapping[str, DecisionElement]) -> tuple[Heading, ...]:
    """Return the headings on what decisions follow: the state, norms, space, time, uncertainty."""
    timed = [
        name
        for name, one in decisions.items()
        if any(
            isinstance(node, Call) and FUNCTIONS[node.function].kind in ("memory", "clock")
            for tree in _trees(one)
            for node in walk(tree)
        )
    ]
    follows = "A reason's strength follows the state of the day."
    unsure = (
        "Decision makers weigh no risks; what is uncertain to the authors, chances and odds, is drawn for each world."
    )
    return (
        heading(
            "II.ii.d",
            "Whether they adapt to what changes",
            follows if any(one.leans for one in decisions.values()) else "",
        ),
        heading("II.ii.e", "Norms and values"),
        heading("II.ii.f", "Space in decisions", "Space plays no part."),
        heading(
            "II.ii.g", "Time in decisions", f"These look back, or at the calendar: {listed(timed)}." if timed else ""
        ),
        heading("II.ii.h", "Uncertainty in decisions", unsure if decisions else ""),
    )


def _trees(one: DecisionElement) -> tuple[Node, ...]:
    return (*((one.when,) if one.when is not None else ()), *(lean.strength for lean in one.leans))


def _reasons(structure: Structure, one: DecisionElement) -> str:
    parts = []
    for lean in one.leans:
        way = ("for" if lean.sign > 0 else "against") + (f" {lean.to}" if lean.to else "")
        by = f", by {', '.join(structure.case.title_of(actor) for actor in lean.exerted_by)}" if lean.exerted_by else ""
        parts.append(f"{way}{by}: {lean.says.rstrip('.') or lean.label.replace('_', ' ')}")
    return "; ".join(parts) + "." if parts else ""


def _learning(structure: Structure) -> tuple[Heading, ...]:
    never = "No decision rule changes in the course of a world." if structure.case.elements.decisions else ""
    return (
        heading("II.iii.a", "Learning of individuals", never),
        heading("II.iii.b", "Learning of collectives", never),
    )


def _sensing(structure: Structure) -> tuple[Heading, ...]:
    elements, decisions = structure.case.elements, structure.case.elements.decisions
    sensed: dict[str, None] = {}
    others: dict[str, None] = {}
    late: dict[str, None] = {}
    for name, one in decisions.items():
        for tree in _trees(one):
            for read in sorted(names_in(tree) & set(structure.elements)):
                sensed[read] = None
                option = elements.options.get(read)
                if option is not None and option.actor != elements.options[name].actor:
                    others[read] = None
            for node in walk(tree):
                if isinstance(node, Call) and node.function[:-1] in ("delay", "smooth"):
                    late[name] = None
    return (
        heading(
            "II.iv.a",
            "What is sensed, and whether wrongly",
            f"Reasons and occasions read {listed(tuple(sensed))}." if sensed else "",
            "They are read as they are, without error." if sensed else "",
        ),
        heading("II.iv.b", "What is seen of others", f"Choices of others: {listed(tuple(others))}." if others else ""),
        heading("II.iv.c", "How far one sees", "Space plays no part." if sensed else ""),
        heading(
            "II.iv.d",
            "How information is come by",
            f"With a delay, in {listed(tuple(late))}."
            if late
            else "It is not modelled: what is read is known."
            if sensed
            else "",
        ),
        heading("II.iv.e", "What knowing costs"),
    )


def _predicting(structure: Structure) -> tuple[Heading, ...]:
    none = (
        "Decision makers predict nothing; reasons look at what is and was." if structure.case.elements.decisions else ""
    )
    looks = (
        "In the conflict they look ahead over moves and answers, as far as each concept of stability says."
        if structure.case.elements.conflict is not None
        else ""
    )
    return (
        heading("II.v.a", "Which data predictions use", none, looks),
        heading("II.v.b", "Which models of the future they have", none, looks),
        heading("II.v.c", "Whether they may err", none),
    )


def _interacting(structure: Structure) -> tuple[Heading, ...]:
    case = structure.case
    pressed: dict[tuple[str, str], int] = {}
    for name, one in case.elements.decisions.items():
        actor = case.elements.options[name].actor
        for lean in one.leans:
            for by in lean.exerted_by:
                if by != actor:
                    pressed[by, actor] = pressed.get((by, actor), 0) + 1
    pairs = [
        f"{case.title_of(by)} on {case.title_of(of)} ({count} reason{'s' if count != 1 else ''})"
        for (by, of), count in pressed.items()
    ]
    audiences = [
        f"{case.title_of(name)} answers to {', '.join(map(case.title_of, actor.answers_to))}"
        for name, actor in case.scenario.actors.items()
        if actor.answers_to
    ]
    return (
        heading(
            "II.vi.a",
            "Direct or indirect",
            f"Reasons that one actor exerts on another: {listed(pairs)}." if pairs else "",
            "All others act through stocks and auxiliaries." if pairs else "",
        ),
        heading(
            "II.vi.b",
            "What interactions depend on",
            "On the strength of each reason, which follows the state of the day." if pairs else "",
        ),
        heading(
            "II.vi.c",
            "Communication",
            f"On the table: {listed(tuple(case.scenario.terms))}." if case.scenario.terms else "",
        ),
        heading("II.vi.d", "Networks of coordination", f"{'; '.join(audiences)}." if audiences else ""),
    )


def _collectives(structure: Structure) -> tuple[Heading, ...]:
    conflict = structure.case.elements.conflict
    joint = [maker.title for maker in conflict.makers if len(maker.actors) > 1] if conflict is not None else []
    looked_at = conflict.coalitions if conflict is not None else ()
    return (
        heading(
            "II.vii.a",
            "Whether individuals form groups",
            "Each actor is a collective that decides as one.",
            f"Several actors decide as one: {listed(joint)}." if joint else "",
            "In the conflict every coalition is looked at."
            if conflict is not None and looked_at is None
            else f"In the conflict {len(looked_at)} coalitions are looked at."
            if looked_at
            else "",
        ),
        heading(
            "II.vii.b", "How groups are represented", "By the options of the actor; nothing inside it is modelled."
        ),
    )


def _differing(structure: Structure) -> tuple[Heading, ...]:
    decisions = structure.case.elements.decisions
    actors = {structure.case.elements.options[name].actor for name in decisions}
    return (
        heading(
            "II.viii.a",
            "Whether agents differ",
            f"Each of the {len(structure.case.scenario.actors)} actors has options and aims of its own."
            if structure.case.scenario.actors
            else "",
        ),
        heading(
            "II.viii.b",
            "Whether their ways of deciding differ",
            f"{len(actors)} actors decide by one kind of rule, each with chances and reasons of its own."
            if actors
            else "",
        ),
    )


def _luck(structure: Structure) -> Heading:
    elements = structure.case.elements
    drawn = sorted(
        one.name
        for one in structure.elements.values()
        if any(
            isinstance(node, Call) and FUNCTIONS[node.function].kind == "draw"
            for tree in expressions(one)
            for node in walk(tree)
        )
    )
    varying = structure.program.parameters
    return heading(
        "II.ix.a",
        "What is left to chance",
        f"Decisions: {len(elements.decisions)}, each drawn on each occasion." if elements.decisions else "",
        f"Shocks: {listed(tuple(elements.shocks))}." if elements.shocks else "",
        f"Elements that draw: {listed(drawn)}." if drawn else "",
        f"{len(varying)} numbers are drawn from their ranges, and {len(structure.case.switches)} contested "
        "claims from their "
        "readings, once for each draw of worlds."
        if varying
        else "",
    )


def _observing(structure: Structure) -> tuple[Heading, ...]:
    scenario, elements = structure.case.scenario, structure.case.elements
    headline = [name for name, one in scenario.measures.items() if one.headline]
    return (
        heading(
            "II.x.a",
            "What is collected from the model",
            f"Answers to {len(elements.questions)} questions, {len(elements.measures)} measures and "
            f"{len(elements.signs)} signs."
            if elements.questions or elements.measures
            else "",
            f"Day by day: {listed(headline)}." if headline else "",
        ),
        heading(
            "II.x.b",
            "Which results emerge from what agents do",
            f"All answers but the start: {listed([one.asks for one in scenario.questions.values()], 5)}."
            if scenario.questions
            else "",
        ),
    )
