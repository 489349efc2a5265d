"""How a command comes to its answer: by way of the store, followed by a person, laid out at the end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TypeVar

from detente.analysis.study import Study
from detente.cli.outputs import Outputs
from detente.cli.watching import watching
from detente.requests import Request
from detente.store import Answering

__all__ = ["answer", "kept", "tell"]

Found = TypeVar("Found", bound=Study)


def answer(
    request: Request, kind: type[Found], arguments: argparse.Namespace, show: Callable[[Found, Outputs], None]
) -> int:
    """Answer a request, lay out what came of it, and return the exit status.

    Parameters
    ----------
    request, kind
        What is asked, and which kind of study comes of it.
    arguments
        Of the command line: where what came of it goes, and whether it is computed again.
    show
        Lays a study out.

    Returns
    -------
    int
        0, or another number where the study was stopped on the way.
    """
    with kept(arguments) as answering:
        with watching() as watch:
            study = answering.study(request, kind, watch.progress, watch.stop)
        show(study, Outputs.of(arguments))
    return watch.status(study.partial)


def kept(arguments: argparse.Namespace) -> Answering:
    """Return what answers a command's request and keeps what came of it, inside a ``with`` block."""
    return Answering(tell, again=arguments.again)


def tell(sentence: str) -> None:
    """Say something that a person should know, and no program reads."""
    print(f"detente: {sentence}", file=sys.stderr)
