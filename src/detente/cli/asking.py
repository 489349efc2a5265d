"""The arguments that commands share, and the requests that they make."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from detente.errors import RequestError
from detente.requests import Request
from detente.requests.run import MOST_REPLICATES, MOST_WORLDS, PRECISIONS, RULES

__all__ = [
    "ReadingAction",
    "add_cut_argument",
    "add_explore_argument",
    "add_hindcast_argument",
    "add_precision_arguments",
    "add_reading_argument",
    "add_rule_argument",
    "add_run_arguments",
    "add_unweighted_argument",
    "moment",
    "replicate_count",
    "requested",
    "seed_number",
    "world_count",
    "writing",
]

Asked = TypeVar("Asked", bound=Request)


class ReadingAction(argparse.Action):
    """Gathers what ``--reading CLAIM=READING`` gives, any number of times, as a mapping."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Take one more reading."""
        claim, sign, reading = str(values).partition("=")
        if not (claim.strip() and sign and reading.strip()):
            raise argparse.ArgumentError(self, f"'{values}' is no reading; write CLAIM=READING")
        setattr(namespace, self.dest, {**getattr(namespace, self.dest), claim.strip(): reading.strip()})


def requested(kind: type[Asked], arguments: argparse.Namespace) -> Asked:
    """Return the request that arguments make: each field from the argument of its name, others as by default."""
    given = vars(arguments)
    return kind(**{one.name: given[one.name] for one in fields(kind) if one.name in given})


def add_run_arguments(command: argparse.ArgumentParser, worlds: int) -> None:
    """Add what says which worlds are run."""
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument(
        "--worlds", type=world_count, default=worlds, metavar="N", help="draws times replicates (%(default)s)"
    )
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument("--account", metavar="NAME", help="run only as this account tells it")
    add_reading_argument(command)
    add_rule_argument(command)
    add_cut_argument(command)
    add_precision_arguments(command)
    add_unweighted_argument(command)
    command.add_argument(
        "--posterior", type=Path, metavar="FILE", help="draw from what 'detente fit' left of the declared ranges"
    )
    command.add_argument(
        "--declared-ranges", dest="other_ranges", action="store_false",
        help="run every world with the declared ranges, none with halved, doubled and triangular ones",
    )  # fmt: skip


def add_rule_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish for another rule of decision."""
    command.add_argument("--rule", choices=RULES, metavar="RULE", help="decide by another rule than the case's")


def add_cut_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish for an earlier cut."""
    command.add_argument("--as-of", type=moment, metavar="MOMENT", help="cut what was known at an earlier moment")


def add_unweighted_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish to count every world the same."""
    command.add_argument(
        "--unweighted", dest="weighted", action="store_false", help="do not weight worlds by what was known"
    )


def add_precision_arguments(command: argparse.ArgumentParser) -> None:
    """Add how many worlds a draw has, and the precision of their numbers."""
    command.add_argument(
        "--replicates", type=replicate_count, default=16, metavar="R", help="worlds for each draw (%(default)s)"
    )
    command.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="float32",
        metavar="P",
        help="float32 or float64, of the worlds' numbers",
    )


def add_reading_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish to fix readings."""
    command.add_argument(
        "--reading", action=ReadingAction, dest="readings", default={}, metavar="CLAIM=READING",
        help="fix a reading; may repeat",
    )  # fmt: skip


def add_explore_argument(command: argparse.ArgumentParser, shows: str) -> None:
    """Add the wish to have the case explored too."""
    command.add_argument(
        "--explore",
        action="store_true",
        help=f"{shows}; takes 10 to 30 seconds more the first time, for a case of hundreds of numbers",
    )


def world_count(text: str, most: int = MOST_WORLDS) -> int:
    """Read how many worlds are asked for."""
    try:
        value = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        value = 0
    if not 1 <= value <= most:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of worlds; write for example 100000")
    return value


def replicate_count(text: str) -> int:
    """Read how many worlds each draw has."""
    return world_count(text, MOST_REPLICATES)


def seed_number(text: str) -> int:
    """Read a seed."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value < 2**63:
        raise argparse.ArgumentTypeError(f"'{text}' is no seed; write a whole number of 0 or more")
    return value


def moment(text: str) -> dt.datetime:
    """Read a day, at its beginning, or a moment; without a zone it is in the case's own."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no moment; write for example 2023-11-28 or 2023-11-28T07:30+02:00"
        ) from None


def add_hindcast_argument(command: argparse.ArgumentParser) -> None:
    """Add the wish to have the case held against what came after its cut too."""
    command.add_argument(
        "--hindcast",
        action="store_true",
        help="show on the page what the model said beside what came, day by day, with its scores",
    )


@contextmanager
def writing(where: Path | None) -> Iterator[None]:
    """Turn a failure to write into an error that names the file.

    Raises
    ------
    RequestError
        If something cannot be written; ``where`` is named where the failure itself names no file.
    """
    try:
        yield
    except OSError as error:
        raise RequestError(f"{error.filename or where}: cannot be written ({error.strerror})") from None
