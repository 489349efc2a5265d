"""Where what came of a request goes: printed with its page, as data, and saved with its case."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from detente.analysis.study import Study
from detente.cli.asking import writing
from detente.results import write_data

__all__ = ["Outputs", "add_output_arguments"]


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
        with writing(self.out):
            if self.json is not None:
                write_data(data(), self.json)
                console.print(f"data: {self.json}")
            if self.shown:
                show(console)
                if page is not None:
                    name, written = page
                    folder = self.out or Path()
                    written(folder / name)
                    console.print(f"page: {folder / name}")
            if self.save is not None:
                from detente.analysis.study_file import save_study  # a plain command does without

                save_study(study, self.save)
                console.print(f"study: {self.save}")


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
    alone = "write the result as data; alone, no page is made" if page else "write the result as data; alone, not shown"
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
