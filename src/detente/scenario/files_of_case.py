"""Which files a case is made of."""

from __future__ import annotations

from detente.scenario.case import Case

__all__ = ["files_of_case"]


def files_of_case(case: Case) -> tuple[str, ...]:
    """Return every file that a case's description names, inside its folder, the description first.

    Its record and tables, the numbered sentences of its sources, and what came after its cut are among them; what else
    lies in the folder is not.
    """
    scenario = case.scenario
    named = ["scenario.yaml", *scenario.parts, scenario.record]
    named += [entry.table for entry in scenario.reference_classes.values()]
    named += [source.sentences for source in scenario.sources.values()]
    if scenario.hindcast is not None:
        named += [scenario.hindcast.record, scenario.hindcast.resolutions]
    return tuple(dict.fromkeys(name for name in named if name is not None and (case.folder / name).is_file()))
