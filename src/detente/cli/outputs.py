"""Where what came of a request goes: printed with its page, as data, and saved with its case."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from detente.cli.asking import writing
from detente.cli.streams import write_as_is
from detente.errors import RequestError
from detente.results import as_json, write_data

if TYPE_CHECKING:
    from detente.analysis.study import Study  # brings JAX, which a check does not need

__all__ = ["STANDARD_OUTPUT", "Outputs", "add_output_arguments", "tell_written", "write_json"]

STANDARD_OUTPUT = Path("-")
"""What standard output is called where a file is asked for."""


@dataclass(frozen=True)
class Outputs:
    """Where a study goes.

    Parameters
    ----------
    json
        The file of its data; None for none.
    out
        The folder of its page; None for the current one.
    save
        The file of itself with its case; None for none.
    """

    json: Path | None = None
    out: Path | None = None
    save: Path | None = None

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Outputs:
        """Return what a command line asks for."""
        given = vars(arguments)
        return cls(**{name: given.get(name) for name in ("json", "out", "save")})

    @property
    def shown(self) -> bool:
        """Whether it is printed, and its page written: always but where data or the study alone are asked for."""
        return self.out is not None or (self.json is None and self.save is None)

    def write(
        self,
        study: Study,
        console: Console,
        *,
        data: Callable[[], Any],
        show: Callable[[Console], None],
        page: tuple[str, Callable[[Path], None]] | None = None,
    ) -> None:
        """Write and print what is asked for.

        Parameters
        ----------
        study, console
            What came of the request, and where it is printed.
        data
            Gives it as plain data.
        show
            Prints it.
        page
            The name of its page, and what writes it to a file; None where it has none.

        Raises
        ------
        RequestError
            If something cannot be written.
        """
        written = {"data": self.json} if self.json is not None else {}
        with writing(self.out):
            if self.json is not None:
                write_json(data(), self.json)
            if self.shown and page is not None:
                name, make = page
                written["page"] = (self.out or Path()) / name
                make(written["page"])
            if self.save is not None:
                from detente.analysis.study_file import save_study  # a plain command does without

                save_study(study, self.save)
                written["study"] = self.save
        # What is printed may break off where nobody reads on: by then everything is written.
        if self.shown and self.json != STANDARD_OUTPUT:
            show(console)
        for what, file in written.items():
            tell_written(console, what, file)


def write_json(data: Mapping[str, Any], file: Path) -> None:
    """Write data as JSON to a file, or to standard output where that is called ``-``.

    Raises
    ------
    RequestError
        If it cannot be written.
    """
    if file == STANDARD_OUTPUT:
        fault = write_as_is(as_json(data, ascii_only=True))  # whole in any encoding
        if fault is not None and not isinstance(fault, BrokenPipeError):
            raise RequestError(f"standard output: cannot be written ({fault.strerror})")
        return
    with writing(file):
        write_data(data, file)


def tell_written(console: Console, what: str, file: Path) -> None:
    """Say what was written where, on one line, however long; nothing where it went to a stream and not to a file.

    Parameters
    ----------
    console
        Where it is said.
    what, file
        What it is, in a word, and the file.
    """
    if file != STANDARD_OUTPUT and file.is_file():
        console.print(Text(f"{what}: {file}"), soft_wrap=True)


def add_output_arguments(command: argparse.ArgumentParser, page: str | None, *, saved: bool = True) -> None:
    """Add where what comes of a request goes.

    Parameters
    ----------
    command
        The command.
    page
        The name of its page; None where it has none.
    saved
        Whether it can be saved with its case.
    """
    alone = "write the result as data, to standard output where it is -; alone, "
    alone += "no page is made" if page else "not shown"
    command.add_argument("--json", type=Path, metavar="FILE", help=alone)
    if page is not None:
        command.add_argument("--out", type=Path, metavar="DIR", help=f"where {page} goes (the current folder)")
    if saved:
        command.add_argument(
            "--save",
            type=Path,
            metavar="FILE",
            help="save all that was computed, with the case, for 'detente brief FILE'; alone, it is not shown",
        )
        command.add_argument(
            "--again", action="store_true", help="compute it also where it is kept in the store from before"
        )
