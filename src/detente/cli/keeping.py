"""What a command keeps of its answers, and what it says of that on the error stream."""

from __future__ import annotations

import argparse
import sys

from detente.store import Answering

__all__ = ["kept", "tell"]


def kept(arguments: argparse.Namespace) -> Answering:
    """Return what answers a command's request and keeps what came of it, inside a ``with`` block."""
    return Answering(tell, again=arguments.again)


def tell(sentence: str) -> None:
    """Say something that a person should know, and no program reads."""
    print(f"detente: {sentence}", file=sys.stderr)
