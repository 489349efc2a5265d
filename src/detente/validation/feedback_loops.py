"""The feedback loops of a model, named by their elements, with their polarity.

References
----------
R. Oliva, "Model structure analysis through graph theory: partition heuristics and feedback structure decomposition",
System Dynamics Review 20 (2004), 313–336.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np

from detente.validation.influences import links_of
from detente.validation.result import Inquiry, Link, Loop, ValidationTest
from detente.validation.structure import Structure
from detente.validation.survey import States, Survey

__all__ = ["feedback_loops", "shortest_independent_loops"]

INQUIRY = Inquiry(
    "feedback_loops",
    "Feedback loops",
    "structure",
    "Which elements depend on themselves through others, and does each loop reinforce or balance?",
)

Graph = Mapping[str, Sequence[str]]
_NO_DAYS = np.zeros(0, np.intp)


def feedback_loops(
    structure: Structure, survey: Survey | None, why_not: str
) -> tuple[ValidationTest, tuple[Loop, ...]]:
    """Find a shortest independent set of loops, with the sign of each of their links.

    Parameters
    ----------
    structure
        The case with its ordered equations, and where each thing is written.
    survey
        What worlds went through; None where they were not run.
    why_not
        In words, why no polarity was looked at, where the survey is None.

    Returns
    -------
    tuple
        The test, ``described`` or ``does not apply``, with the places that it is about; and the loops, each with
        the signs of its links.
    """
    if not structure.simulated:
        return INQUIRY.came_out("does not apply", "The case simulates nothing."), ()
    links = links_of(structure, survey.states if survey is not None else States({}, _NO_DAYS))
    by_pair = {(link.source, link.target): link for link in links}
    graph: dict[str, list[str]] = {name: [] for name in structure.elements}
    for link in links:
        graph[link.source].append(link.target)
    loops = tuple(_loop(elements, by_pair) for elements in shortest_independent_loops(graph))
    if not loops:
        return INQUIRY.came_out(
            "described", "No element depends on itself, even through others: there is no feedback."
        ), ()
    kinds = {
        kind: sum(one.polarity == kind for one in loops) for kind in ("reinforcing", "balancing", "either", "inactive")
    }
    told = {
        "reinforcing": "reinforcing",
        "balancing": "balancing",
        "either": "either way, by the state",
        "inactive": "not at work in the states looked at",
    }
    parts = ", ".join(f"{kinds[kind]} {words}" for kind, words in told.items() if kinds[kind])
    groups = sum(len(group) > 1 or group[0] in graph[group[0]] for group in strongly_connected(graph))
    says = (
        f"{len(loops)} loops make up a shortest independent set: {parts}. They lie in {groups} "
        f"group{'s' if groups != 1 else ''} of elements that depend on one another."
    )
    if survey is None:
        says += f" Their polarity was not looked at. {why_not}"
    return INQUIRY.came_out("described", says), loops


def shortest_independent_loops(graph: Graph) -> list[tuple[str, ...]]:
    """Return a set of short loops that holds every link of every loop; each has a link that no shorter one has.

    For each link of a group of elements that depend on one another, the shortest loop through it is found; from the
    shortest to the longest, those are kept that bring a link not yet met (Oliva 2004). A loop begins at its first
    element by name.
    """
    candidates: set[tuple[str, ...]] = set()
    for group in strongly_connected(graph):
        inside = {name: sorted(other for other in graph[name] if other in group) for name in group}
        for source in sorted(group):
            for target in inside[source]:
                path = _shortest(inside, target, source)
                if path is not None:
                    candidates.add(_turned(path))
    found: list[tuple[str, ...]] = []
    met: set[tuple[str, str]] = set()
    for loop in sorted(candidates, key=lambda loop: (len(loop), loop)):
        links = set(zip(loop, (*loop[1:], loop[0]), strict=True))
        if links - met:
            met |= links
            found.append(loop)
    return found


def strongly_connected(graph: Graph) -> list[tuple[str, ...]]:
    """Return the groups of elements of which each can be reached from each (Tarjan 1972), without recursion."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    found: list[tuple[str, ...]] = []
    for root in graph:
        work = [(root, iter(sorted(graph[root])))] if root not in number else []
        if work:
            number[root] = lowest[root] = len(number)
            waiting.append(root)
        while work:
            name, following = work[-1]
            other = next(following, None)
            if other is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[name])
                if lowest[name] == number[name]:
                    place = waiting.index(name)
                    found.append(tuple(sorted(waiting[place:])))
                    del waiting[place:]
            elif other not in number:
                number[other] = lowest[other] = len(number)
                waiting.append(other)
                work.append((other, iter(sorted(graph[other]))))
            elif other in waiting:
                lowest[name] = min(lowest[name], number[other])
    return found


def _shortest(graph: Graph, first: str, last: str) -> tuple[str, ...] | None:
    """Return the shortest way from one element to another, the first by name among equals."""
    before: dict[str, str] = {first: ""}
    waiting = deque([first])
    while waiting:
        name = waiting.popleft()
        if name == last:
            path = [name]
            while before[path[-1]]:
                path.append(before[path[-1]])
            return tuple(reversed(path))
        for other in graph[name]:
            if other not in before:
                before[other] = name
                waiting.append(other)
    return None


def _turned(path: tuple[str, ...]) -> tuple[str, ...]:
    place = path.index(min(path))
    return (*path[place:], *path[:place])


def _loop(elements: tuple[str, ...], by_pair: Mapping[tuple[str, str], Link]) -> Loop:
    links = tuple(by_pair[pair] for pair in zip(elements, (*elements[1:], elements[0]), strict=True))
    signs = {link.sign for link in links}
    if "0" in signs:
        return Loop(elements, links, "inactive")
    if "±" in signs:
        return Loop(elements, links, "either")
    against = sum(link.sign == "-" for link in links)
    return Loop(elements, links, "balancing" if against % 2 else "reinforcing")
