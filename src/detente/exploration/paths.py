"""The way by which a change came to what is looked at: the shortest through what it moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping

__all__ = ["path_through", "reached_by"]


def path_through(
    sources: Mapping[str, str], targets: Collection[str], reads: Mapping[str, Collection[str]], moved: Collection[str]
) -> tuple[str, ...]:
    """Return a shortest path from what was set to what is looked at, over names that moved.

    Parameters
    ----------
    sources
        The names that were set differently, each with what it is told as: itself, or the claim that chooses it.
    targets
        The names that what is looked at is made of.
    reads
        By name, the names that it depends on directly.
    moved
        The names that differ between the two sides; what was set counts among them.

    Returns
    -------
    tuple of str
        From the source to what is looked at; empty where no path leads through what moved.
    """
    passable = {*moved, *sources}
    after: dict[str, str | None] = {name: None for name in sorted(targets) if name in passable}
    left = list(after)
    for name in left:  # grows as it goes: nearest first
        if name in sources:
            return _told(name, sources, after)
        for below in sorted(reads.get(name, ())):
            if below in passable and below not in after:
                after[below] = name
                left.append(below)
    return ()


def _told(source: str, sources: Mapping[str, str], after: Mapping[str, str | None]) -> tuple[str, ...]:
    found, name = [], source if sources[source] == source else sources[source]
    found.append(name)
    step: str | None = source if name != source else after[source]
    while step is not None:
        found.append(step)
        step = after[step]
    return tuple(found)


def reached_by(first_moved: Mapping[str, int], sources: Mapping[str, str], most: int = 6) -> tuple[str, ...]:
    """Return what a change moved, the first first: where one looks for the link that is missing.

    Parameters
    ----------
    first_moved
        By name, the first day on which it differs in any world.
    sources
        What was set.
    most
        How many names are returned at most.

    Returns
    -------
    tuple
        Names in the order of their days, those of one day in alphabetical order; what was set is left out.
    """
    names = sorted((day, name) for name, day in first_moved.items() if name not in sources)
    return tuple(name for _, name in names[:most])
