"""``detente why``: the chain behind one answer, from factors to claims to sentences."""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.analysis import analyse
from detente.brief.contents import brief_of
from detente.brief.terminal import why_tree
from detente.cli.asking import add_explore_argument, add_run_arguments, requested
from detente.cli.run import tell_closed
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.errors import RequestError, nearest
from detente.evidence import compare_copy
from detente.requests import RunRequest, prepared
from detente.run import refuse_closed, refuse_unasked
from detente.scenario import load

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("why", help="show what one answer hangs on, down to sentences")
    add_run_arguments(command, worlds=50_000)
    command.add_argument("question", help="the name of a question of the case")
    add_explore_argument(command, "rank claims and sentences too, and name those to check first")
    command.add_argument(
        "--text", type=Path, metavar="FILE", help="your own copy of the main source, to show its sentences"
    )
    command.set_defaults(does=why)


def why(arguments: argparse.Namespace) -> int:
    """Print the tree of one question.

    Raises
    ------
    RequestError
        If the case has no such question, or no source with numbered sentences to show.
    """
    request = requested(RunRequest, arguments)
    case = prepared(load(request.case), request.rule)
    refuse_unasked(case)
    known = list(case.scenario.questions)
    if arguments.question not in known:
        mend = nearest(arguments.question, known) or "its questions: " + ", ".join(known)
        raise RequestError(f"{case.name} has no question '{arguments.question}'; {mend}")
    sentences: dict[str, dict[int, str]] = {}
    if arguments.text is not None:
        source = next((name for name, entry in case.scenario.sources.items() if entry.sentences), None)
        if source is None:
            raise RequestError(f"{case.name} has no source with numbered sentences to show")
        matches = compare_copy(case.folder, source, arguments.text)
        sentences[source] = {match.unit.number: match.text for match in matches if match.text is not None}
    with watching() as watch:
        study = analyse(request, case=case, progress=watch.progress, stop=watch.stop)
    refuse_closed(arguments.question, study.closed, study.provenance)
    tell_closed(study)
    brief = brief_of(study)
    question = next(entry for entry in brief.questions if entry.id == arguments.question)
    open_console().print(why_tree(brief, question, sentences))
    return watch.status(study.partial)
