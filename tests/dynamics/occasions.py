"""Random cases in which it is not certain whether a decision comes up: small programs side by side in one description.

Every program has hidden luck, a shock, a yes/no decision, a ladder and a choice among several, which read one another,
and a flow that a record may set. None reads another program's names, so each can be conditioned by itself.
"""

from __future__ import annotations

import random
from typing import Any

STARTS = "2031-05-01"
SOMETIMES = (
    *("{at}_lucky", "{at}_a > 0.4", "{at}_storm", "{at}_a > {at}_b", "{at}_lucky or {at}_storm", "{at}_risen > 1"),
)
"""Occasions: by luck of the day, by a number that nobody knows, by a shock, by what has accumulated."""


def pick(dice: random.Random, *ways: Any) -> Any:
    return dice.choice(ways)


def occasion(dice: random.Random, at: str) -> str:
    """Write whether something comes up: now and then always, mostly not."""
    return "true" if dice.random() < 0.2 else dice.choice(SOMETIMES).format(at=at)


def leans(dice: random.Random, at: str, targets: tuple[str, ...]) -> list[dict[str, Any]]:
    found = []
    for _ in range(dice.randint(0, 2)):
        strength = pick(dice, f"{at}_b", f"1 if {at}_storm else 0", f"share({at}_risen, 3)")
        lean: dict[str, Any] = {pick(dice, "toward", "away"): strength, "odds": pick(dice, "1.5..6", "3")}
        found.append(lean | ({"to": dice.choice(targets)} if targets != ("",) else {}))
    return found


def decision(dice: random.Random, at: str, targets: tuple[str, ...]) -> dict[str, Any]:
    usual = {to: {"chance": pick(dice, "0.1..0.45", "0.3", "0.05..0.4")} for to in targets}
    entry: dict[str, Any] = {"usual": usual if targets != ("",) else usual[""], "leans": leans(dice, at, targets)}
    # Without an occasion of its own it comes up when what its reasons read has changed.
    if not entry["leans"] or dice.random() < 0.8:
        entry["when"] = occasion(dice, at)
    return entry


def add_program(case: dict[str, Any], number: int, dice: random.Random) -> None:
    """Add one program, whose names begin with its number."""
    at, actor = f"p{number}", f"p{number}_actor"
    case["actors"][actor] = {"is": "someone"}
    case["uncertainties"] |= {f"{at}_a": {"range": "0..1"}, f"{at}_b": {"range": "0.1..0.9"}}
    case["auxiliaries"] |= {
        f"{at}_lucky": {"equals": pick(dice, f"chance({at}_a)", f"chance({at}_b)", f"{at}_a + uniform(0, 1) > 1")},
    }
    case["shocks"][f"{at}_storm"] = {
        "when": pick(dice, "true", f"{at}_a > 0.5", f"chance({at}_a)", f"previous({actor}.yes, false)"),
        "chance": pick(dice, "0.2..0.6", f"{at}_b", "0.4"),
    }
    ladder, several = ("low", "mid", "high"), ("red", "green", "blue")
    case["options"][actor] = {
        "yes": {"lasting": dice.random() < 0.3},
        "rung": {"ladder": list(ladder), "start": pick(dice, *ladder), "lasting": dice.random() < 0.15},
        "way": {"one_of": list(several), "start": pick(dice, *several)},
    }
    case["decisions"] |= {
        f"{actor}.yes": decision(dice, at, ("",)),
        f"{actor}.rung": decision(dice, at, ("up", "down")),
        f"{actor}.way": decision(dice, at, several[1:]),
    }
    case["flows"][f"{at}_flow"] = {"unit": "1/day", "equals": f"(({at}_b if {actor}.yes else 0) + {at}_a) / 1 [day]"}
    case["stocks"][f"{at}_risen"] = {"start": "0..1", "change": f"{at}_flow - {at}_risen / 1 [week]"}
    case["known"] |= {
        f"{at}_yes_told": {"choice": f"{actor}.yes"},
        f"{at}_rung_told": {"choice": f"{actor}.rung"},
        f"{at}_way_told": {"choice": f"{actor}.way"},
        f"{at}_storm_told": {"choice": f"{at}_storm"},
        f"{at}_flow_told": {"follow": f"{at}_flow"},
        f"{at}_risen_told": {"measure": f"{at}_risen", "error": {"value": 0.5}},
    }
    last = f"on 2031-05-{case['days']:02d}"
    questions = {
        "a": f"{at}_a", "b": f"{at}_b", "yes": f"{actor}.yes {last}", "storms": f"days({at}_storm) / 1 [day]",
        "lucky": f"days({at}_lucky) / 1 [day]", "rung": f"rung({actor}.rung) {last}",
        "red": f"({actor}.way == red) {last}", "risen": f"{at}_risen {last}",
    }  # fmt: skip
    case["measures"] |= {f"{at}_{name}_asked": {"equals": asked} for name, asked in questions.items()}


def occasional_case(seed: int, programs: int, days: int = 7) -> dict[str, Any]:
    """Return the description of some programs side by side."""
    sections = ("actors", "uncertainties", "auxiliaries", "shocks", "options", "decisions", "flows", "stocks", "known",
                "measures")  # fmt: skip
    case: dict[str, Any] = {
        "case": "occasions", "title": "Decisions that may not come up", "authors": ["a test"], "viewpoint": "None.",
        "as_of": "2031-05-06T06:00+02:00", "starts": STARTS, "days": days, "record": "record.csv",
        **{section: {} for section in sections},
    }  # fmt: skip
    dice = random.Random(f"occasions {seed}")
    for number in range(programs):
        add_program(case, number, dice)
    return case
