"""``detente schema``: the JSON Schema of a case, for editors."""

from __future__ import annotations

import argparse
import json

from detente.scenario import schema as case_schema

__all__ = ["add_to"]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    command = commands.add_parser("schema", help="print the JSON Schema of a case, for editors")
    command.set_defaults(does=schema)


def schema(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(case_schema(), indent=2, ensure_ascii=False))
    return 0
