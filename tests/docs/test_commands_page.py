"""``docs/reference/commands.md`` names every command with its arguments, options and defaults."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from detente.cli import parser
from tests.docs.tables import REFERENCE, rows

Commands = dict[str, argparse.ArgumentParser]


def commands(whole: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that can be run, by the words that call it."""
    inner = [action for action in whole._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield whole.prog, whole
    for action in inner:
        for command in action.choices.values():
            yield from commands(command)


def arguments(command: argparse.ArgumentParser) -> dict[str, str]:
    """Return the arguments of a command as the page writes them, with their defaults."""
    found = {}
    for action in command._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        flags = action.option_strings
        value = "" if action.nargs == 0 else action.metavar or action.dest.upper()
        name = f"{flags[-1]} {value}".strip() if flags else str(action.metavar or action.dest.upper())
        given = action.default if isinstance(action.default, int) and not isinstance(action.default, bool) else None
        needed = action.required
        found[name] = "required" if needed else "" if given is None else f"{given:,}".replace(",", " ")
    return found


def test_every_command_is_described() -> None:
    headings = {row.heading for row in rows(REFERENCE / "commands.md")}
    with_arguments = {name for name, command in commands(parser()) if arguments(command)}
    assert headings - {"Exit status"} == with_arguments
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert [name for name, _ in commands(parser()) if f"## {name}\n" not in text] == []


def test_every_option_is_described_with_its_default() -> None:
    for name, command in commands(parser()):
        described = {row.cells[0]: row.cells[1] for row in rows(REFERENCE / "commands.md", name)}
        assert described == arguments(command), name
