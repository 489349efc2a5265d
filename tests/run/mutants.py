"""Cases that are changed at random, and what becomes of those that pass the check: they run, or say what is wrong."""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from detente.dynamics import build_program
from detente.errors import DetenteError
from detente.run import run
from detente.scenario import Case, examine
from detente.scenario.draws import Draws, fixed_readings
from detente.scenario.files import read_text
from detente.stability import stability
from detente.validation.worlds import columns_of, days_of
from tests.dynamics.programs import RECORD
from tests.scenario.broken import GOOD

EVERY = GOOD.parent / "every_mapping.yaml"
BASES = ("every_mapping", "river", "tides", "ladders", "ford", "bridge")
SCALARS = (
    0, 1, -1, 0.5, 3, 1e-9, 1e9, "0", "1", "0..1", "-2..3", "about 1, 0..2", "1 to 5", "true", "false", "2031-05-02",
    "day 1", "day", "silent", "high", "0.1..0.1", "person", "1/day", True, False, None, "",
)  # fmt: skip
WORDS = (
    "title", "by", "note", "says", "readings", "silent", "mixtures", "value", "range", "chance", "weight", "draw",
    "part", "never", "as_it_stands", "no_lever", "up", "down", "name", "usual", "quantile", "truth", "nan", "inf",
)  # fmt: skip
KINDS = ("rename", "delete", "scalar", "alike", "number", "double", "around")
EXPRESSIONS = ("equals", "answer", "change", "when", "see", "is", "effect_on", "toward", "away")
AROUND = (
    "({a}) + ({a})", "-({a})", "({a}) / 0", "0 * ({a})", "max({a}, {a})", "({a}) * 1e30", "previous({a}, {a})",
    "not ({a})", "({a}) and ({a})", "({a}) if true else ({a})", "({a}) > 0", "log({a})", "ever({a})", "first_day({a})",
    "smooth1({a}, 2 [day])", "delay3({a}, 1 [day])", "poisson({a})", "mean({a})", "initial({a})", "{b}",
)  # fmt: skip
"""What becomes of an expression, or of another that stands under such a key."""

Path_ = tuple[Any, ...]


def laid_out(name: str, folder: Path) -> dict[str, Any]:
    """Lay a case out in a folder, and return what is in its file."""
    file = EVERY if name == "every_mapping" else GOOD / name / "scenario.yaml"
    if name == "every_mapping":
        folder.mkdir(parents=True)
        (folder / "record.csv").write_text(RECORD, encoding="utf-8")
    else:
        shutil.copytree(GOOD / name, folder)
    return read_text(file.read_text(encoding="utf-8"), file).data


def paths_in(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the path of every value of a description but the head's name and record."""
    if path and path[0] not in ("case", "record"):
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        yield from paths_in(below, (*path, key))


def at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data[key]
    return data


def renamed(data: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Call something by another name, wherever it stands."""
    text = json.dumps(data)
    names = sorted(set(re.findall(r"\b[a-z]+_[a-z_]+\b", text)))
    return dict(json.loads(re.sub(rf"\b{dice.choice(names)}\b", dice.choice((*WORDS, *names)), text)))


def changed(data: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a description with one change."""
    kind = dice.choice(KINDS)
    if kind == "rename":
        return renamed(data, dice)
    data = copy.deepcopy(data)
    paths = list(paths_in(data))
    if kind == "number":
        paths = [
            path
            for path in paths
            if not isinstance(at(data, path), dict | list) and re.search(r"\d", str(at(data, path)))
        ]
    if kind == "around":
        paths = [path for path in paths if path[-1] in EXPRESSIONS and isinstance(at(data, path), str)]
    path = dice.choice(paths)
    holder, key = at(data, path[:-1]), path[-1]
    if kind == "delete":
        del holder[key]
    elif kind == "alike":
        like = [other for other in paths if other[-1] == key or (len(other) == len(path) and other[:-2] == path[:-2])]
        holder[key] = copy.deepcopy(at(data, dice.choice(like)))
    elif kind == "double" and isinstance(key, str):
        holder[f"{key}_too"] = copy.deepcopy(holder[key])
    elif kind == "number":
        text = str(holder[key])
        digits = dice.choice(list(re.finditer(r"\d+(\.\d+)?", text)))
        told = f"{text[: digits.start()]}{dice.choice(['0', '1', '2', '0.5', '9', '100'])}{text[digits.end() :]}"
        holder[key] = told if isinstance(holder[key], str) else json.loads(told) if told[:1] != "0" else 0
    elif kind == "around":
        holder[key] = dice.choice(AROUND).format(a=holder[key], b=at(data, dice.choice(paths)))
    else:
        holder[key] = dice.choice(SCALARS)
    return data


def mutant(name: str, seed: int, folder: Path) -> Case | None:
    """Change a case until it has passed the check with one to three changes, and return it; None if it passes none."""
    dice = random.Random(f"{name} {seed}")
    data, wanted, found = laid_out(name, folder / name), dice.choice((1, 2, 3)), None
    for _ in range(30):
        tried = changed(data, dice)
        (folder / name / "scenario.yaml").write_text(json.dumps(tried), encoding="utf-8")
        case, findings = examine(folder / name)
        errors = [finding for finding in findings if finding.severity == "error"]
        assert all(finding.wrong and finding.mend for finding in errors), [str(error) for error in errors]
        if case is not None and not errors and tried != data:
            data, found, wanted = tried, case, wanted - 1
            if not wanted:
                break
    (folder / name / "scenario.yaml").write_text(json.dumps(data), encoding="utf-8")
    return found


def carried(case: Case) -> None:
    """Draw readings and numbers as each account has them, and carry worlds through all days, under a lever and none."""
    program = build_program(case)
    drawing = Draws(case, 1, program.parameters)
    for account in (None, *case.scenario.accounts):
        drawn = drawing.take(np.arange(4, dtype=np.uint32), fixed_readings(case, account))
        for _ in days_of(case, program, columns_of(drawn, 2), 1, (None, *case.scenario.levers)[:2]):
            pass


def use(case: Case, *, compiled: bool) -> str:
    """Use a case that passed the check in every way, and return how that ended: in figures, or in words."""
    try:
        if case.elements.conflict is not None:
            stability(case, rankings=8)
        if not case.scenario.questions:
            return "asks nothing of worlds"
        carried(case)
        if compiled:
            made = run(case, worlds=48, replicates=2, threads=1)
            assert set(made.answers) == set(case.scenario.questions)
            for name in made.answers:
                made.by_account(name)
                made.contrast(name)
            made.dataset()
    except DetenteError as error:
        assert str(error)
        return "says what is wrong"
    return "runs"
