"""Run the command line: ``detente``, or ``python -m detente``.

Until a command's libraries are brought in, which takes seconds, there is nothing to end in order: whoever presses
Ctrl-C then ends the process at once, with the same status as later.
"""

from __future__ import annotations

import os
import signal

__all__ = ["main"]


def main() -> None:
    """Run the command of this process, and end it."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(128 + signal.SIGINT))
    from detente.cli import main as run_command

    run_command()


if __name__ == "__main__":
    main()
