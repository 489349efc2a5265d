"""A command in a process of its own that writes its journal at once, and says when its work begins.

``python -m tests.store.child MARK COMMAND …`` makes the file MARK when the work is about to begin.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from detente import journal
from detente.cli import main
from detente.store import answering


def begun(mark: Path) -> Any:
    """Return what opens a journal, and makes a file before."""

    def opened(file: Path) -> journal.Journal:
        mark.touch()
        return journal.Journal(file)

    return opened


if __name__ == "__main__":
    journal.QUIET, journal.PAUSE, journal.SHARE = 0.0, 0.02, 2.0
    setattr(answering, "Journal", begun(Path(sys.argv[1])))  # noqa: B010
    sys.argv = ["detente", *sys.argv[2:]]
    main()  # which ends the process as a command does
