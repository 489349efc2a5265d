"""``detente check``: every fault of a case in one go; if asked, which sentences it uses, and what its claims expect."""

from __future__ import annotations

import argparse
from pathlib import Path

from detente.cli.asking import seed_number, world_count
from detente.cli.outputs import tell_written, write_json
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.errors import Finding, RequestError
from detente.exploration.expected import WORLDS, Held
from detente.interrupts import STOPPED
from detente.scenario import Case, examine, sources_per_actor

__all__ = ["add_to"]

AUDITED, MOST_AUDITED = 1_024, 10**6
"""Worlds that an audit of the structure looks at, all held at once."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("check", help="name every fault of a case, with file and line")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument(
        "--coverage", action="store_true", help="say which sentences are tested, move an answer, feed one, or neither"
    )
    command.add_argument(
        "--actors", action="store_true", help="print how many claims of each kind stand for each actor"
    )
    command.add_argument(
        "--expectations", action="store_true", help="hold the model to what its claims expect, in paired worlds"
    )
    command.add_argument(
        "--structure", action="store_true", help="let the structure audit itself; status 1 if anything is unexplained"
    )
    command.add_argument(
        "--worlds",
        type=world_count,
        metavar="N",
        help=f"with --expectations or --coverage: worlds on either side of each comparison ({WORLDS}); "
        f"with --structure: worlds as drawn ({AUDITED}, at most {MOST_AUDITED})",
    )
    command.add_argument(
        "--seed",
        type=seed_number,
        default=1,
        metavar="S",
        help="with --expectations, --structure or --coverage: the seed (%(default)s)",
    )
    command.add_argument(
        "--text", type=Path, action="append", default=[], metavar="FILE",
        help="with --structure: your own copy of a source, to look for words copied from it; may be repeated",
    )  # fmt: skip
    command.add_argument(
        "--json", type=Path, metavar="FILE", help="with --expectations or --structure: write what came of it as data"
    )
    command.set_defaults(does=check)


def check(arguments: argparse.Namespace) -> int:
    """Print the findings; exit status 1 if any is an error, or what is asked for fails without a named reason.

    Raises
    ------
    RequestError
        If what is asked for does not go together.
    """
    if arguments.json is not None and arguments.expectations == arguments.structure:
        raise RequestError("--json writes what came of one of --expectations and --structure; ask for one of them")
    if arguments.structure and (arguments.worlds or AUDITED) > MOST_AUDITED:
        raise RequestError(f"--structure holds all its worlds at once; ask for {MOST_AUDITED} at most")
    case, findings = examine(arguments.case)
    scored, later = _afterwards(case, findings)
    findings = [*findings, *later]
    for finding in findings:
        print(finding)
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    if case is None or errors:
        print(f"{errors} error{'s' if errors != 1 else ''}, {warnings} warning{'s' if warnings != 1 else ''}")
        return 1
    print(f"{case.name}: sound, {warnings} warning{'s' if warnings != 1 else ''}")
    conflict = case.elements.conflict
    if conflict is not None:
        makers, options = len(conflict.makers), len(conflict.options)
        print(f"  stability: {conflict.states.count:,} states of {makers} decision makers with {options} options")
    if scored:
        print(scored)
    if arguments.actors:
        _print_actors(case)
    if arguments.coverage:
        _print_support(case)
        _print_coverage(case, arguments)
    failed = _hold_to_claims(case, arguments) if arguments.expectations else 0
    return max(failed, _audited(case, arguments) if arguments.structure else 0)


def _hold_to_claims(case: Case, arguments: argparse.Namespace) -> int:
    """Hold the model to what its claims expect; exit status 1 if any fails for which the case names no reason."""
    from detente.brief.borne_out import borne_out_of
    from detente.brief.terminal_expectations import print_expectations
    from detente.exploration.expectations_report import expectations_data

    held = _held_to_claims(case, arguments.worlds or WORLDS, arguments.seed)
    if held is None:
        raise RequestError(f"no claim of {case.name} expects anything; write 'expects' below one")
    console = open_console()
    if arguments.json is not None:
        write_json(expectations_data(case, held), arguments.json)
        tell_written(console, "data", arguments.json)
    else:
        print_expectations(borne_out_of(case, held), console)
    if held.provenance.partial:
        return STOPPED
    return 1 if held.unnamed_failures else 0


def _held_to_claims(case: Case, worlds: int, seed: int) -> Held | None:
    """Return what came of holding a case to its claims, with a bar meanwhile; None where none expects anything."""
    from detente.exploration.cached_exploration import cached_expectations
    from detente.exploration.expectations import worlds_to_run  # these bring JAX, which a plain check does not need

    with watching() as watch:
        progress = watch.progress("holding to claims", worlds_to_run(case, worlds))
        return cached_expectations(case, worlds=worlds, seed=seed, progress=progress, stop=watch.stop)


def _afterwards(case: Case | None, findings: list[Finding]) -> tuple[str, list[Finding]]:
    """Return a line on what of a sound case can be scored, and what is wrong with the files that say what came."""
    unsound = any(finding.severity == "error" for finding in findings)
    if case is None or unsound or case.scenario.hindcast is None:
        return "", []
    from detente.hindcast.outcomes import examine_outcomes  # few cases say what came after

    found, later = examine_outcomes(case)
    resolved, asked = len(found.resolutions), len(case.elements.questions)
    says = f"  hindcast: {resolved} of {asked} questions {'has a resolution' if resolved == 1 else 'have resolutions'}"
    left = len(found.not_answerable)
    return f"{says}, {left} more {'is' if left == 1 else 'are'} listed as not answerable", later


def _audited(case: Case, arguments: argparse.Namespace) -> int:
    from detente.cli.auditing import audit_structure  # worlds are run, which a plain check does not

    return audit_structure(case, arguments, arguments.worlds or AUDITED)


def _print_actors(case: Case) -> None:
    print("\nClaims that each actor makes, by the source that reports them:")
    for actor, kinds in sources_per_actor(case).items():
        counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none"
        print(f"  {case.title_of(actor)}: {counted}")


def _print_support(case: Case) -> None:
    from detente.brief.supporting import numbers_supported  # brings all that a brief is made of

    print(f"\n{numbers_supported(case)}")


def _print_coverage(case: Case, arguments: argparse.Namespace) -> None:
    if not any(source.sentences for source in case.scenario.sources.values()):
        print("no source has numbered sentences")
        return
    from detente.dynamics import Simulation  # brings JAX, which a plain check does not need
    from detente.exploration.coverage import coverage

    covered = coverage(Simulation(case), _held_to_claims(case, arguments.worlds or WORLDS, arguments.seed))
    print(f"\nSentences of {covered.source} ({len(covered.sentences)}):")
    for status in ("tested", "moves", "feeds", "context", "missing"):
        numbers = covered.numbers(status)
        print(f"  {status:8} {len(numbers):3}  {' '.join(map(str, numbers))}")
    for sentence in covered.sentences:
        print(f"    {sentence.number:3} {sentence.status:8} {', '.join(sentence.by[:4])}")
