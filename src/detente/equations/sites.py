"""Which call of an element is which: every call that draws, or keeps something, has a number of its own, its site.

A site is where luck is drawn and where memory is kept, so the numbers are part of what a case and a seed give: a call
keeps its luck as long as as many draws stand before it in its element.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from detente.equations.functions import FUNCTIONS
from detente.equations.syntax import Aggregate, Call, Node, On, parts_of

__all__ = ["number_calls", "site_kind"]


def site_kind(node: Node) -> str | None:
    """Return among which calls a node is numbered, ``draw`` or ``memory``; None for all that has no site.

    What summarises over days is numbered among what remembers: both keep something from day to day.
    """
    match node:
        case On() | Aggregate():
            return "memory"
        case Call():
            kind = FUNCTIONS[node.function].kind
            return kind if kind in ("draw", "memory") else None
    return None


def number_calls(trees: Iterable[Node]) -> tuple[Node, ...]:
    """Return the expressions of one element with their calls numbered from 1 among their kind, in the order written.

    A call stands before its arguments. What is numbered so already comes back as the same object.
    """
    counts = {"draw": 0, "memory": 0}
    return tuple(_numbered(tree, counts) for tree in trees)


def _numbered(node: Node, counts: dict[str, int]) -> Node:
    changes: dict[str, object] = {}
    kind = site_kind(node)
    if kind is not None:
        counts[kind] += 1
        if node.site != counts[kind]:  # type: ignore[attr-defined]  # what has a kind of site has a site
            changes["site"] = counts[kind]
    for name in parts_of(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            below: object = _numbered(value, counts)
            changed = below is not value
        elif isinstance(value, tuple):
            parts = tuple(_numbered(item, counts) if isinstance(item, Node) else item for item in value)
            below, changed = parts, any(new is not old for new, old in zip(parts, value, strict=True))
        else:
            continue
        if changed:
            changes[name] = below
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]  # fields, by name
