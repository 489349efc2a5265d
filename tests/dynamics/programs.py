"""Random cases that are sound by construction: many small programs side by side in one description."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import yaml

STARTS = "2031-05-01"
RANGES = ("0.2..0.9", "about 0.5, 0.1..2", "0.3 to 3", "-1..1.5")
RECORD = "about,known_at,measure,value,low,high,unit,counts,by,source,certainty,note\n"
FUNCTIONS_COVERED = (
    *("min", "max", "abs", "exp", "log", "sqrt", "clip", "logistic", "share", "lookup", "rung"),
    *("step", "pulse", "ramp", "delay1", "delay3", "smooth1", "smooth3", "previous", "initial", "days_since"),
    *("chance", "uniform", "normal", "lognormal", "beta", "poisson", "binomial"),
    *("ever", "always", "first_day", "days", "total", "mean", "peak"),
)


def date(day: int) -> str:
    return (dt.date.fromisoformat(STARTS) + dt.timedelta(days=day)).isoformat()


class Writer:
    """Writes one program: every expression has the kind asked for and reads only what has its value by then.

    ``smooth`` leaves out whatever jumps: yes/no, choices and luck.
    """

    def __init__(self, number: int, seed: str, days: int, smooth: bool) -> None:
        self.at, self.dice, self.days, self.smooth = f"p{number}", random.Random(seed), days, smooth
        self.numbers: list[str] = []
        self.truths: list[str] = []
        self.choices: list[tuple[str, tuple[str, ...], bool]] = []
        self.later_numbers: list[str] = []
        self.later_truths: list[str] = []
        self.table, self.looks_on = "", False

    # ---- expressions

    def pick(self, *ways: str) -> str:
        return self.dice.choice(ways)

    def number(self, depth: int = 2) -> str:
        """Write a plain number."""
        dice = self.dice
        if depth == 0 or dice.random() < 0.15:
            return dice.choice([*self.numbers, *self.numbers, "1", "2", "0", "(day / 1 [day])", "2 [week] / 2 [week]"])
        ways = ["sign", "sign", "sign", "function", "function", "memory", "memory", "clock"]
        if not self.smooth:
            ways += ["if", "if", "choice", "since"] + ["draw"] * (not self.looks_on and dice.random() < 0.5)
        return str(getattr(self, f"number_{dice.choice(ways)}")(depth - 1))

    def number_sign(self, depth: int) -> str:
        a, b = self.number(depth), self.number(depth)
        return self.pick(
            f"({a} + {b})",
            f"({a} - {b})",
            f"(share({a}, 2) * {b})",
            f"({a} / (1 + abs({b})))",
            f"(-{a})",
            f"clip({a}, -2, 2) ** 2",
            f"2 ** clip({a}, -1, 2)",
        )

    def number_function(self, depth: int) -> str:
        a, b, c = (self.number(depth) for _ in range(3))
        ways = [
            f"min({a}, {b}, {c})",
            f"max({a}, {b})",
            f"abs({a})",
            f"exp(clip({a}, -2, 1))",
            f"log(1 + abs({a}))",
            f"sqrt(1 + abs({a}))",
            f"clip({a}, -1, 2)",
            f"logistic({a})",
            f"share({a}, 1 + abs({b}))",
        ]
        if self.table:
            ways += [f"lookup({a}, {self.table})"] * 2
        return self.pick(*ways)

    def number_memory(self, depth: int) -> str:
        a, later = self.number(depth), self.dice.choice([*self.later_numbers, *self.numbers])
        time = self.pick("2 [day]", "1 [week]", f"(2 + share({self.number(0)}, 2)) * 1 [day]")
        function = self.pick("smooth1", "smooth3", "delay1", "delay3")
        back = self.pick(later, f"({later} + {self.dice.choice(self.numbers)})")
        kept = [f"clip(previous({back}, {a}), -2, 2)", f"initial({a})", f"initial({self.number(0)})"]
        if self.looks_on:
            return self.pick(*kept)
        lagged = f"{function}({a}, {time})"
        return self.pick(lagged, lagged, *kept)

    def number_clock(self, depth: int) -> str:
        a = self.number(0)
        first, last = sorted(self.dice.sample(range(self.days), 2))
        return self.pick(
            f"step({a}, {date(first)})",
            f"pulse({a}, {date(first)})",
            f"ramp({a} / 1 [week], {date(first)}, {date(last)})",
        )

    def number_if(self, depth: int) -> str:
        return f"({self.number(depth)} if {self.truth(depth)} else {self.number(depth)})"

    def number_since(self, depth: int) -> str:
        return f"(days_since({self.truth(depth)}) / 1 [week])"

    def number_draw(self, depth: int) -> str:
        a, b = self.number(0), self.number(0)
        if self.dice.random() < 0.8:  # the others take long to compile, and both sides share their text
            return self.pick(f"uniform({a}, {a} + 1)", f"normal({a}, share({b}, 2))")
        return self.pick(
            f"lognormal(1 + share({a}, 2), share({b}, 2) / 2)",
            f"beta(1 + share({a}, 2), 1 + share({b}, 2))",
            f"poisson(2 * share({a}, 2))",
            f"binomial(2 + clip({a}, 0, 20), share({b}, 2))",
        )

    def number_choice(self, depth: int) -> str:
        ladders = [name for name, _, ordered in self.choices if ordered]
        return f"rung({self.dice.choice(ladders)})" if ladders else self.number(depth)

    def truth(self, depth: int = 2) -> str:
        """Write a yes/no."""
        dice = self.dice
        if depth == 0 or dice.random() < 0.15:
            on = f"today {self.pick('>=', '<', '>', '<=', '==', '!=')} {date(dice.randrange(self.days))}"
            return dice.choice([*self.truths, *self.truths, on, f"{self.number(0)} > {self.number(0)}", "true"])
        depth -= 1
        a, b = self.number(depth), self.number(depth)
        ways = [
            f"({a} {self.pick('<', '<=', '>', '>=')} {b})",
            f"(0 < {a} < {b})",
            f"(day >= {self.pick('1', '2')} [day])",
            f"({self.truth(depth)} and {self.truth(depth)})",
            f"({self.truth(depth)} or {self.truth(depth)})",
            f"(not {self.truth(depth)})",
            f"({self.truth(depth)} if {self.truth(depth)} else {self.truth(depth)})",
            f"(initial({a}) <= {b})",
        ]
        if not self.looks_on:
            ways.append(f"chance(share({a}, 2))")
        if self.later_truths:
            ways.append(f"previous({dice.choice(self.later_truths)}, {self.pick('true', 'false')})")
        if self.choices:
            name, among, ordered = dice.choice(self.choices)
            sign = self.pick("==", "!=", "<", ">=") if ordered else self.pick("==", "!=")
            ways += [
                f"({name} {sign} {dice.choice(among)})",
                f"(previous({name}, {among[0]}) {sign} {among[-1]})",
                f"({name} {sign} ({among[0]} if {self.truth(depth)} else {among[1]}))",
            ]
        return self.pick(*ways)

    def summary(self) -> str:
        """Write a measure that looks over the days; it looks on and takes no luck."""
        self.looks_on = True
        first, last = (date(day) for day in sorted(self.dice.sample(range(self.days), 2)))
        window = self.pick("", f" from {first}", f" by {last}", f" between {first} and {last}")
        a = self.number(2)
        ways = [
            a,
            f"({a}) on {first}",
            f"total({a}){window} / 1 [day]",
            f"mean({a}){window}",
            f"peak({a}){window}",
            f"previous({self.dice.choice(self.numbers)}, 1) + initial({self.number(0)})",
        ]
        if not self.smooth:
            c = self.truth(2)
            ways += [
                f"ever({c}){window}",
                f"always({c}){window}",
                f"first_day({c}){window}",
                f"days({c}){window} / 1 [day]",
                f"mean({c}){window}",
                f"({c}) on {last}",
                f"days_since({c}) / 1 [day]",
            ]
        return self.dice.choice(ways)

    # ---- the program

    def write(self, case: dict[str, Any]) -> None:
        """Add this program to a case."""
        at, dice = self.at, self.dice
        for letter in "uvw":
            case["uncertainties"][f"{at}_{letter}"] = {"range": self.pick(*RANGES)}
            self.numbers.append(f"{at}_{letter}")
        if dice.random() < 0.5:
            self.table = f"{at}_table"
            case["tables"][self.table] = {
                "points": [[-1, 0.5], [0, dice.randint(0, 3)], [1, 1], [3, dice.randint(-1, 2)]]
            }
        stocks = [f"{at}_stock{n}" for n in range(dice.randint(1, 3))]
        self.numbers += stocks
        kinds = [dice.choice("nnt") if not self.smooth else "n" for _ in range(dice.randint(2, 5))]
        variables = [(f"{at}_x{n}", kind) for n, kind in enumerate(kinds)]
        self.later_numbers = [*stocks, *(name for name, kind in variables if kind == "n")]
        self.later_truths = [name for name, kind in variables if kind == "t"]
        made = ["shock"] * (dice.random() < 0.5) + ["option"] * dice.randint(1, 2) if not self.smooth else []
        jobs: list[Any] = [*variables, *made]
        dice.shuffle(jobs)
        for number, job in enumerate(jobs):
            if job == "shock":
                self.shock(case, f"{at}_shock")
            elif job == "option":
                self.option(case, f"o{number}")
            else:
                name, kind = job
                case["auxiliaries"][name] = {"equals": self.number() if kind == "n" else self.truth()}
                (self.numbers if kind == "n" else self.truths).append(name)
        flow = f"{at}_flow"
        case["flows"][flow] = {"unit": "1/day", "equals": f"clip({self.number()}, -1, 2) / 1 [day]"}
        if dice.random() < 0.3:
            case["known"][f"{flow}_seen"] = {"follow": flow} | ({"error": "0.5..1"} if dice.random() < 0.5 else {})
        for stock in stocks:
            change = self.pick(
                f"{flow} - {stock} / 1 [week]", f"clip({self.number(2)}, -1, 1) / 1 [day] - {stock} / 2 [week]"
            )
            case["stocks"][stock] = {"start": self.pick("0.5..2", "1", f"{at}_u"), "change": change}
        if dice.random() < 0.3:
            case["known"][f"{stocks[0]}_seen"] = {"measure": stocks[0], "error": "0.5..1"}
        for n in range(dice.randint(1, 3)):
            case["measures"][f"{at}_m{n}"] = {"equals": self.summary()}
        for entry in (case["flows"][flow], *(case["auxiliaries"][name] for name, kind in variables if kind == "n")):
            # By what is written, not by the dice: programs stay what they were but for this.
            if random.Random(entry["equals"]).random() < 0.25:
                entry["once_a_day"] = True

    def shock(self, case: dict[str, Any], name: str) -> None:
        case["shocks"][name] = {"when": self.truth(2), "chance": self.pick("0.05..0.6", "0.3")}
        self.truths.append(name)
        self.told(case, name)

    def told(self, case: dict[str, Any], name: str) -> None:
        """Let the record tell a choice now and then, so that it weights the world."""
        if self.dice.random() < 0.5:
            case["known"][f"{name.replace('.', '_')}_told"] = {"choice": name}

    def option(self, case: dict[str, Any], label: str) -> None:
        dice = self.dice
        actor, name = f"{self.at}_actor", f"{self.at}_actor.{label}"
        case["actors"].setdefault(actor, {"is": "someone"})
        shape = dice.choice(["yes", "yes", "one_of", "ladder"])
        among = tuple(f"{word}_{label}" for word in ("low", "mid", "high", "top")[: dice.randint(2, 4)])
        entry: dict[str, Any] = {} if shape == "yes" else {shape: list(among), "start": dice.choice(among)}
        if dice.random() < 0.2:
            entry["lasting"] = True
        targets = {"yes": [""], "one_of": list(among[1:]), "ladder": ["up", "down"]}[shape]
        if dice.random() < 0.2:
            entry["is"] = self.truth(2) if shape == "yes" else f"{among[0]} if {self.truth(2)} else {among[-1]}"
        else:
            chances = {to: {"chance": self.pick("0.1..0.3", "0.25", "0.05..0.2")} for to in targets}
            decision: dict[str, Any] = {"usual": chances[""] if shape == "yes" else chances, "leans": []}
            if dice.random() < 0.7:
                decision["when"] = self.truth(2)
            for _ in range(dice.randint(0, 3)):
                strength = self.truth(1) if dice.random() < 0.3 else self.number(2)
                lean = {self.pick("toward", "away"): strength, "odds": self.pick("1.5..4", "0.8..1.3", "2")}
                if shape != "yes":
                    lean["to"] = dice.choice(targets)
                decision["leans"].append(lean)
            case["decisions"][name] = decision
            self.told(case, name)
        case["options"].setdefault(actor, {})[label] = entry
        if shape == "yes":
            self.truths.append(name)
        else:
            self.choices.append((name, among, shape == "ladder"))


def random_case(seed: int, programs: int, *, days: int = 30, smooth: bool = False) -> dict[str, Any]:
    """Return a description of several random programs that do not read one another."""
    dice = random.Random(f"case {seed}")
    case: dict[str, Any] = {
        "case": "random",
        "title": "Random programs",
        "authors": ["a test"],
        "viewpoint": "None.",
        "record": "record.csv",
        "as_of": "2031-05-15T06:00+02:00",
        "starts": STARTS,
        "days": days,
        "method": dice.choice(["euler", "euler", "rk4"]),
        "substeps": dice.choice([1, 1, 2, 3]),
        **{
            section: {}
            for section in (
                "actors",
                "uncertainties",
                "tables",
                "options",
                "decisions",
                "auxiliaries",
                "stocks",
                "flows",
                "shocks",
                "known",
                "measures",
            )
        },
    }
    for number in range(programs):
        Writer(number, f"{seed}/{number}/{smooth}", days, smooth).write(case)
    return case


def written(case: dict[str, Any], folder: Path) -> Path:
    """Write a description as the file of a case in its own folder and return that."""
    folder = folder / str(case["case"])
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(case, sort_keys=False, width=100_000, allow_unicode=True, default_flow_style=False)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    (folder / "record.csv").write_text(RECORD, encoding="utf-8")
    return folder
