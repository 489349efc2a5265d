"""``detente cache``: how much is kept to save time, and where; and how to be rid of it."""

from __future__ import annotations

import argparse
import datetime as dt

from rich.table import Table

from detente.cache import LIMIT, cache_folder, clear, contents
from detente.cache.size import KINDS
from detente.cli.streams import open_console
from detente.errors import RequestError, nearest

__all__ = ["add_to"]

MEGABYTE = 2**20


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("cache", help="show or clear what is kept to save time: compiled models and the like")
    doing = command.add_subparsers(dest="doing", required=True, metavar="WHAT")
    one = doing.add_parser("show", help="say where it lies, what is in it, and how large it may grow")
    one.set_defaults(does=show)
    one = doing.add_parser("clear", help="remove it; everything in it is made anew when it is needed")
    one.add_argument("kinds", nargs="*", default=[], metavar="KIND", help="only these kinds, as 'show' names them")
    one.set_defaults(does=clear_kinds)


def show(arguments: argparse.Namespace) -> int:
    """Print what is kept, kind by kind."""
    found = [one for one in contents() if one.count]
    total = sum(one.size for one in found)
    print(f"{cache_folder()}: {_size(total)}, of {_size(LIMIT)} at most; then what was not used for longest goes")
    if not found:
        return 0
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("kind")
    for heading in ("files", "size"):
        table.add_column(heading, justify="right")
    for heading in ("last used (UTC)", "what it is"):
        table.add_column(heading)
    for one in found:
        used = dt.datetime.fromtimestamp(one.used, dt.UTC)
        table.add_row(one.kind, f"{one.count:,}", _size(one.size), f"{used:%Y-%m-%d %H:%M}", KINDS[one.kind])
    open_console(width=120).print(table)
    return 0


def clear_kinds(arguments: argparse.Namespace) -> int:
    """Remove what is kept of some kinds, or of all.

    Raises
    ------
    RequestError
        If there is no such kind.
    """
    for kind in arguments.kinds:
        if kind not in KINDS:
            raise RequestError(
                f"the cache has no kind '{kind}'; {nearest(kind, set(KINDS)) or 'it has ' + ', '.join(KINDS)}"
            )
    count, size = clear(tuple(arguments.kinds) or tuple(KINDS))
    files = "1 file" if count == 1 else f"{count:,} files"
    print(f"{cache_folder()}: removed {files}, {_size(size)}")
    return 0


def _size(size: int) -> str:
    """Write a number of bytes in megabytes, so that a small one is not told as none."""
    return f"{size / MEGABYTE:,.1f} MB"
