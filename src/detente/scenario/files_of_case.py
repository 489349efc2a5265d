"""Which files a case is made of."""

from __future__ import annotations

from detente.scenario.case import Case

__all__ = ["files_of_case"]


def files_of_case(case: Case, *, what_came: bool) -> tuple[str, ...]:
    """Return every file that a case's description names, inside its folder, the description first.

    Its record and tables and the numbered sentences of its sources are among them; what else lies in the folder is not.

    Parameters
    ----------
    case
        The case.
    what_came
        Whether the files are among them that say what came after its cut: whoever only answers never opens these.
    """
    scenario = case.scenario
    named = ["scenario.yaml", *scenario.parts, scenario.record]
    named += [entry.table for entry in scenario.reference_classes.values()]
    named += [source.sentences for source in scenario.sources.values()]
    if what_came and scenario.hindcast is not None:
        named += [scenario.hindcast.record, scenario.hindcast.resolutions]
    return tuple(dict.fromkeys(name for name in named if name is not None and (case.folder / name).is_file()))
