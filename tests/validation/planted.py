"""Cases with one thing planted in each: a law of conservation, a loop, a dead end, a clock that depends on the step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.door import Case, load
from tests.dynamics.programs import STARTS, written

HEAD = {
    "case": "planted", "title": "A planted case", "authors": ["a test"], "viewpoint": "None.",
    "as_of": "2031-05-01T06:00+02:00", "starts": STARTS, "units": ["person"],
}  # fmt: skip


def planted(folder: Path, days: int = 20, **sections: Any) -> Case:
    """Load a case made of these sections."""
    actors = {name: {"is": "someone"} for name in sections.get("options", {})}
    return load(written({**HEAD, "days": days, "actors": actors, **sections}, folder))


def tank(leak: str = "0 [person/day]", **sections: Any) -> dict[str, Any]:
    """Return two stocks between which people go to and fro, and what leaks out of the second."""
    return {
        "uncertainties": {"to_and_fro": {"unit": "1/day", "range": "0.05..0.3"}},
        "stocks": {
            "inside": {"unit": "person", "start": "80..120", "change": "back - out"},
            "outside": {"unit": "person", "start": 10, "change": f"out - back - {leak}"},
        },
        "flows": {
            "out": {"unit": "person/day", "equals": "to_and_fro * inside"},
            "back": {"unit": "person/day", "equals": "to_and_fro * outside / 2"},
        },
        "questions": {"left": {"asks": "How many are outside?", "answer": "outside on 2031-05-15"}},
        **sections,
    }
