"""``detente fit``: which parts of the declared ranges are consistent with the record up to a moment."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from detente.analysis.fit_study import FitStudy
from detente.brief.terminal_fit import print_fit
from detente.cli.answering import kept
from detente.cli.asking import (
    add_rule_argument,
    moment,
    replicate_count,
    requested,
    seed_number,
    world_count,
    writing,
)
from detente.cli.outputs import Outputs, add_output_arguments, tell_written
from detente.cli.streams import open_console
from detente.cli.watching import watching
from detente.errors import RequestError
from detente.hindcast.fit_report import fitted_data
from detente.hindcast.posterior_file import save_fitted
from detente.requests import FitRequest
from detente.requests.fit import MOST_PARTICLES

__all__ = ["add_to", "show"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("fit", help="find what the record up to a moment leaves of the declared ranges")
    command.add_argument("case", help="a folder, its scenario.yaml, or the name of a bundled case")
    command.add_argument("--until", type=moment, required=True, metavar="MOMENT", help="use the record known by then")
    command.add_argument(
        "--out", type=Path, default=Path("posterior.nc"), metavar="FILE", help="where the posterior goes (%(default)s)"
    )
    command.add_argument(
        "--particles",
        type=particle_count,
        default=FitRequest.particles,
        metavar="N",
        help="draws that are left (%(default)s)",
    )
    of_each = command.add_mutually_exclusive_group()
    of_each.add_argument(
        "--replicates", type=replicate_count, default=FitRequest.replicates, metavar="R",
        help="worlds of each draw, each time it is weighed (%(default)s)",
    )  # fmt: skip
    of_each.add_argument(
        "--worlds",
        type=world_count,
        metavar="W",
        help="the same as worlds of all draws together",
    )
    add_rule_argument(command)
    command.add_argument(
        "--seed", type=seed_number, default=1, metavar="S", help="the same seed gives the same bits (%(default)s)"
    )
    command.add_argument("--all", action="store_true", help="list every number, also those that stay as declared")
    add_output_arguments(command, None)
    command.set_defaults(does=run)


def particle_count(text: str) -> int:
    """Read how many draws are to be left."""
    return world_count(text, MOST_PARTICLES)


def run(arguments: argparse.Namespace) -> int:
    """Fit, print, write; a fit that was stopped on the way is printed and not written.

    Raises
    ------
    RequestError
        If the posterior's file does not end in ``.nc``.
    """
    if arguments.out.suffix != ".nc":
        raise RequestError(f"{arguments.out}: a posterior is a NetCDF file; give it a name that ends in .nc")
    request = requested(FitRequest, arguments)
    if arguments.worlds is not None:
        request = replace(request, replicates=max(1, arguments.worlds // request.particles))
    with kept(arguments) as answering:
        with watching() as watch:
            study = answering.study(request, FitStudy, watch.progress, watch.stop)
        console = open_console()
        if not study.partial:
            with writing(arguments.out):
                save_fitted(study.found, arguments.out)
        show(study, replace(Outputs.of(arguments), out=None), every=arguments.all)
        if study.partial:
            console.print("stopped on the way: no posterior was written")
        else:
            tell_written(console, "posterior", arguments.out)
    return watch.status(study.partial)


def show(study: FitStudy, outputs: Outputs, *, every: bool = False) -> None:
    """Print how far ranges narrowed, and write it as data.

    Parameters
    ----------
    study, outputs
        The fit, and where it goes.
    every
        Whether numbers that stay as declared are printed too.
    """
    case, found, narrowing = study.case, study.found, study.narrowing
    outputs.write(
        study,
        open_console(),
        data=lambda: fitted_data(found, narrowing),
        show=lambda console: print_fit(case, found, narrowing, every, console),
    )
