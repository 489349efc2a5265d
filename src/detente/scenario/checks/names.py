"""Names that could be taken for something else: for a word of the format, or for another name in one list."""

from __future__ import annotations

from collections.abc import Iterator

from detente.errors import Finding
from detente.scenario.checks.view import View
from detente.scenario.document import Path_
from detente.scenario.model.choices import NO_LEVER
from detente.scenario.model.expectations import AS_IT_STANDS
from detente.scenario.model.voices import MIXTURES, SILENT

__all__ = ["factors", "taken_words"]

TAKEN = {
    "levers": {
        AS_IT_STANDS: "the side of an expectation on which nothing is set",
        NO_LEVER: "what levers are compared with",
    },
    "accounts": {MIXTURES: "the part of a run in which readings are drawn"},
    "readings": {SILENT: "an account that takes no reading"},
}
"""Words that stand where names of one kind stand too, and what each of them means there."""


def taken_words(view: View) -> Iterator[Finding]:
    """Check that no lever, account or reading has a name that stands for something else in its place."""
    scenario = view.case.scenario
    named: list[tuple[str, Path_]] = [("levers", ("levers", name)) for name in scenario.levers]
    named += [("accounts", ("accounts", name)) for name in scenario.accounts]
    for claim, entry in scenario.claims.items():
        named += [("readings", ("claims", claim, "readings", reading)) for reading in entry.readings or {}]
    for kind, path in named:
        word = str(path[-1])
        if word in TAKEN[kind]:
            yield view.error(path, f"'{word}' stands for {TAKEN[kind][word]}", f"choose another name, such as {word}_")


def factors(view: View) -> Iterator[Finding]:
    """Check that what an answer can hang on, numbers, contested claims and their groups, has names that differ."""
    numbers, claims = view.case.elements.parameters, view.case.scenario.claims
    for name, entry in claims.items():
        if entry.readings is None:
            continue
        for word, path in ((name, ("claims", name)), (entry.group, ("claims", name, "group"))):
            if word is not None and word in numbers:
                other = numbers[word].path
                wrong = f"'{word}' is also the name of a number at {view.case.document.place(other)}"
                yield view.error(path, wrong, "rename one of them: what an answer hangs on is told by name")
        alone = claims.get(entry.group or name)
        if alone is not None and alone.group != entry.group:
            wrong = f"'{entry.group}' is also the name of a claim that is not of this group"
            yield view.error(("claims", name, "group"), wrong, "rename one of them")
