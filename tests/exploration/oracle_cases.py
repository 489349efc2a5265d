"""The functions of ``tests.exploration.functions`` written as cases."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from pathlib import Path

__all__ = ["ORACLES", "written"]

HEAD = """
case: {name}
title: A function whose indices are known
authors: [a test]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 2
sources:
  page: {{title: A page, published: "2031-04-30T06:00+02:00"}}
claims:
  {claim}: {{says: So it is., by: page, cites: page}}
actors:
  keeper: {{is: keeper}}
"""
CLAIM = "so_it_is"
SINE = "{x} * " + " * ".join(f"(1 - {{q}} / {n}" for n in ("six", "twenty", "n42", "n72", "n110", "n156")) + ")" * 6
"""Of a number between -pi and pi, to four decimals."""
CONSTANTS = {
    "pi": 3.14159265, "half": 0.5, "six": 6, "seven": 7, "twenty": 20, "n42": 42, "n72": 72, "n110": 110, "n156": 156,
    "tenth": 0.1, "three": 3, "four": 4, "g3": 4.5, "nine": 9, "g5": 99, "bent": 0.15, "leaning": 0.05,
    "joint": 0.45, "often": 0.9, "seldom": 0.1, "n11": 1.1, "five": 5, "ten": 10, "fifteen": 15,
}  # fmt: skip


def _ishigami() -> dict[str, str]:
    found = {f"x{n}": f"pi * (2 * u{n} - 1)" for n in (1, 2, 3)}
    found |= {f"q{n}": f"x{n} * x{n}" for n in (1, 2, 3)}
    found |= {f"sin{n}": SINE.format(x=f"x{n}", q=f"q{n}") for n in (1, 2)}
    found["outcome"] = "sin1 + seven * sin2 * sin2 + tenth * q3 * q3 * sin1 + 0 * u4"
    return found


def _sobol_g() -> dict[str, str]:
    weights = ("0", "1", "g3", "nine", "g5", "g5", "g5", "g5")
    found = {f"g{n}_": f"(abs(four * u{n} - 2) + {w}) / (1 + {w})" for n, w in enumerate(weights, 1)}
    found["outcome"] = " * ".join(f"g{n}_" for n in range(1, 9))
    return found


def _morris() -> dict[str, str]:
    """Pairs, threes and fours are put together from sums of powers and sums of products, place by place."""
    found = {f"w{n}": f"2 * u{n} - 1" for n in range(1, 21)}
    found |= {f"w{n}": f"2 * (n11 * u{n} / (u{n} + tenth) - half)" for n in (3, 5, 7)}
    found["signed"] = " + ".join(f"w{n}" if n % 2 == 0 else f"(0 - w{n})" for n in range(1, 21))
    found["squares"] = " + ".join(f"w{n} * w{n}" for n in range(1, 21))
    found["pairs"] = _symmetric(6, 2)
    found["signed_six"] = " + ".join(f"w{n}" if n % 2 == 0 else f"(0 - w{n})" for n in range(1, 7))
    found["squares_six"] = " + ".join(f"w{n} * w{n}" for n in range(1, 7))
    found["threes"], found["fours"] = _symmetric(5, 3), _symmetric(4, 4)
    found["tens"] = " + ".join(f"w{n}" for n in range(1, 11))
    found["rest"] = " + ".join(f"w{n}" if n % 2 == 0 else f"(0 - w{n})" for n in range(11, 21))
    found["outcome"] = (
        "twenty * tens + rest - fifteen * pairs - ten * threes + five * fours"
        " + (signed * signed - squares) / 2 - (signed_six * signed_six - squares_six) / 2"
    )
    return found


def _symmetric(count: int, size: int) -> str:
    return " + ".join(" * ".join(f"w{n}" for n in some) for some in combinations(range(1, count + 1), size))


ORACLES: dict[str, tuple[int, dict[str, str]]] = {
    "ishigami": (4, _ishigami()),
    "sobol_g": (8, _sobol_g()),
    "morris": (20, _morris()),
    "u_shape": (
        3,
        {
            "along": "2 * u1 - 1",
            "across": "2 * u2 - 1",
            "outcome": "half + bent * (three * along * along - 1) + leaning * across + 0 * u3",
        },
    ),
    "product": (3, {"outcome": "half + joint * (2 * u1 - 1) * (2 * u2 - 1) + 0 * u3"}),
    "either": (
        3,
        {
            "one": "1 if u1 > half else 0",
            "other": "1 if u2 > half else 0",
            "outcome": "(often if (one + other) == 1 else seldom) + 0 * u3",
        },
    ),
}
"""For each function how many numbers its case has, and its equations; the last number may enter times 0."""


def written(folder: Path, name: str, cited: Collection[str] = (), lucky: bool = False) -> Path:
    """Write a function as a case; return its folder.

    Parameters
    ----------
    folder
        Where the case's folder is made.
    name
        Of the function.
    cited
        Numbers that rest on a claim; the others are assumptions.
    lucky
        Whether the question is if something comes that comes with the function's chance; else, what the function gives.
    """
    count, equations = ORACLES[name]
    lines = [HEAD.format(name=name, claim=CLAIM), "constants:"]
    lines += [f"  {constant}: {{value: {value}}}" for constant, value in CONSTANTS.items()]
    lines += ["uncertainties:"]
    for number in (f"u{n}" for n in range(1, count + 1)):
        claims = f", claims: [{CLAIM}]" if number in cited else ""
        lines.append(f"  {number}: {{range: 0..1{claims}}}")
    lines += ["auxiliaries:"]
    lines += [f"  {element}:\n    equals: {expression}" for element, expression in equations.items()]
    if lucky:
        lines.append("  it_comes:\n    equals: chance(outcome)")
    answer = "it_comes on 2031-05-02" if lucky else "outcome on 2031-05-02"
    lines += ["questions:", "  asked:", "    asks: What comes of it?", f"    answer: {answer}"]
    place = folder / name
    place.mkdir(parents=True)
    (place / "scenario.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place
