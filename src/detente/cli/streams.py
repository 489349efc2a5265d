"""The standard streams, whatever is at their other end: nobody, a full disk, a pipe that closed, an old encoding."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from detente.printable import printable

__all__ = ["WIDTH_WITHOUT_TERMINAL", "GuardedStream", "guard_streams", "open_console", "write_as_is"]

WIDTH_WITHOUT_TERMINAL = 160
"""Columns of a wide table where no terminal says how many it has."""
IN_PLAIN_SIGNS = {
    "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "…": "...", "→": "->", "←": "<-",
    "≤": "<=", "≥": ">=", "×": "x", "·": "-", "•": "*", "\u00a0": " ", "\u202f": " ", "\u200b": "", "▶": ">", "±": "+-",
}  # fmt: skip
"""What stands for a sign of our own pages where an encoding lacks it; a question mark for any other."""
ERRORS = "detente.plain"


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(IN_PLAIN_SIGNS.get(sign, "?") for sign in lacking), error.end


codecs.register_error(ERRORS, _plain)


class GuardedStream(io.TextIOBase):
    """A stream that outlasts its other end, and on which no text from outside steers a terminal.

    What cannot be written any more is dropped, and nothing is raised.

    Parameters
    ----------
    inner
        The stream; None where there is none, as after ``>&-``.
    as_is
        Whether such signs are let through: for a console, which steers the terminal itself and writes out what is in a
        text, and for data that a program reads.
    """

    def __init__(self, inner: TextIO | None, *, as_is: bool = False) -> None:
        self.inner, self.as_is = inner, as_is
        if isinstance(inner, io.TextIOWrapper):
            inner.reconfigure(errors=ERRORS)
        self.fault: OSError | None = None
        """Why something was dropped; None where nothing was."""

    def write(self, text: str, /) -> int:
        """Write, signs that steer written out, or drop."""
        if self.inner is not None and self.fault is None:
            try:
                self.inner.write(text if self.as_is else printable(text))
            except OSError as error:
                self._drop(error)
        return len(text)

    def flush(self) -> None:
        """Write what waits, or drop it."""
        if self.inner is not None and self.fault is None:
            try:
                self.inner.flush()
            except OSError as error:
                self._drop(error)

    def _drop(self, error: OSError) -> None:
        """Drop what follows, and what waits: Python would complain of it at the very end."""
        self.fault = error
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, cast(TextIO, self.inner).fileno())
            os.close(nowhere)
        except (OSError, ValueError):
            pass

    def isatty(self) -> bool:
        """Whether a person looks on."""
        return self.inner is not None and self.inner.isatty()

    def fileno(self) -> int:
        """Return the number of the file behind it."""
        if self.inner is None:
            raise OSError("there is no stream")
        return self.inner.fileno()

    def writable(self) -> bool:
        """Whether it takes text: it always does."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What its signs are written in."""
        return getattr(self.inner, "encoding", None) or "utf-8"

    @property
    def buffer(self) -> Any:
        """The stream of bytes behind it."""
        return getattr(self.inner, "buffer", None)


def guard_streams() -> None:
    """Guard the standard streams of this process."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, GuardedStream):
            setattr(sys, name, GuardedStream(stream))


def write_as_is(text: str) -> OSError | None:
    """Write data for a program to standard output, and return why it could not be; None where it could."""
    stream = _as_is(sys.stdout)
    stream.write(text)
    stream.flush()
    return stream.fault if isinstance(stream, GuardedStream) else None


def _as_is(stream: TextIO) -> TextIO | GuardedStream:
    """Return a stream without what is done to the signs of a text, where that is done at all."""
    return GuardedStream(stream.inner, as_is=True) if isinstance(stream, GuardedStream) else stream


class _Console(Console):
    """A console that shows signs from outside that would steer a terminal, in place of doing what they say."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render, with such signs written out."""
        return self._shown(super().render(renderable, options))

    @staticmethod
    def _shown(segments: Iterable[Segment]) -> Iterator[Segment]:
        for segment in segments:
            text, style, control = segment
            if control or text.isprintable() or text == "\n":
                yield segment
            else:
                yield Segment(printable(text), style)


def open_console(*, error: bool = False, width: int | None = None) -> Console:
    """Return where something is printed.

    Parameters
    ----------
    error
        Whether it goes to the error stream.
    width
        Columns where nobody looks on; a terminal has its own.

    Returns
    -------
    rich.console.Console
        It takes brackets and colons in a text for what they are, and no markup.
    """
    file = cast(IO[str], _as_is(sys.stderr if error else sys.stdout))
    given = width if width is not None and not file.isatty() and "COLUMNS" not in os.environ else None
    return _Console(file=file, width=given, markup=False, emoji=False)
