"""What the page of a run takes beside its figures, brought in while a core is idle.

The script of the figures, which takes seconds where none is kept, is begun before anything else; libraries are brought
in while the kernel is compiled. Little is brought in with this file itself, since the process begins with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module

from detente.brief.bundle import begin_script

__all__ = ["begin", "brought_in"]

LATER, LATER_FOR_PAGE = ("scipy.special",), ("detente.brief.page", "detente.brief.terminal")
"""What only the brief needs, and what only its page needs."""


def begin(argv: Sequence[str]) -> None:
    """Begin to make the script of the figures, if a command line looks as if it asked for a page."""
    given = {word.split("=")[0] for word in argv[1:]}
    if argv[:1] == ["run"] and ("--json" not in given or "--out" in given):
        begin_script()


@contextmanager
def brought_in(page: bool) -> Iterator[None]:
    """Meanwhile bring in the libraries that the brief needs, and its page, while the compiler leaves a core idle."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_bring_in, LATER + LATER_FOR_PAGE if page else LATER)
        yield


def _bring_in(modules: Sequence[str]) -> None:
    for module in modules:
        import_module(module)
