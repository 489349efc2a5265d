"""How far sources support numbers, in words: the size, the direction, that there is such a thing, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from detente.brief.wording import spoken_date
from detente.exploration.importance import READING
from detente.scenario import NOT_SAID, UNSUPPORTED, Case

__all__ = ["numbers_supported", "of_which", "who_gives"]

LEAST = 0.01
"""The smallest part of an answer that is written out."""
COUNTED = {
    "size": "sized by a source",
    "direction": "with the direction from a source and the size from us",
    "existence": "of which a source says only that there is such a thing",
    NOT_SAID: "with claims of which it is not said what they support",
    UNSUPPORTED: "assumed, with no claim behind them",
}
OF_WHICH = {
    READING: "readings of contested claims",
    "size": "numbers whose size a source gives",
    "direction": "numbers of which a source gives the direction and we the size",
    "existence": "numbers of which a source says only that there is such a thing",
    NOT_SAID: "numbers whose claims are not said to give anything",
}


def numbers_supported(case: Case) -> str:
    """Count the uncertain numbers of a case by what sources give of them."""
    counts = case.elements.numbers_by_support
    parts = [f"{counts[key]} {says}" for key, says in COUNTED.items() if counts[key]]
    read = case.scenario.citations_read
    who = "" if read is None else f" What citations support was decided by {read.by}, {spoken_date(read.date)}."
    return f"Of its {sum(counts.values())} uncertain numbers: {', '.join(parts) or 'none'}.{who}"


def who_gives(support: str, speakers: str) -> str:
    """Say who gives what of a factor: of most numbers a source gives the direction, and the size is the authors'."""
    by = speakers or "nobody named"
    if support == "size":
        return f"size from {by}"
    if support == "direction":
        return f"direction from {by}; size: ours"
    if support == "existence":
        return f"that it exists from {by}; direction and size: ours"
    return f"{by}; what for is not said" if support == NOT_SAID else speakers


def of_which(shares: Mapping[str, float]) -> str:
    """Say how the part of an answer that claims support divides by what they give; nothing where no part tells."""
    told = [f"{100 * shares[key]:.0f} % on {says}" for key, says in OF_WHICH.items() if shares.get(key, 0.0) >= LEAST]
    return f" ({', '.join(told)})" if told else ""
