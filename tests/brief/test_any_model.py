"""Whatever a model does, a run ends in figures or in findings: from the model to terminal, data and page."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from detente.analysis import study_of_run
from detente.brief.contents import brief_of
from detente.brief.page import write_page
from detente.brief.report import SCHEMA, write_report
from detente.brief.terminal import print_brief
from detente.errors import CaseError
from detente.run import run
from tests.dynamics.programs import random_case, written

WILD = (
    "1 / A", "A / A", "log(A)", "sqrt(A - 1)", "exp(A * 200)", "A ** -2", "10 ** (A * 60)", "share(A, B)",
    "poisson(A)", "lognormal(A, B)", "beta(A, B)", "binomial(10 * A, B)", "uniform(A, B)", "normal(A, B)",
    "1 if chance(A) else 0", "(1 / A if A > 0 else 0)", "min(1 / A, 2)", "clip(A / B, 0, 1)", "A * 10 ** 38",
)  # fmt: skip
"""What goes wrong for some values of two numbers, and for others not."""
ASKED = (
    "WILD", "total(WILD) / 1 [day]", "peak(WILD)", "mean(WILD)", "ever(WILD > 1)", "first_day(WILD > 0)",
    "days(WILD < 1)",
)  # fmt: skip


def wild_case(seed: int) -> dict[str, Any]:
    """Describe a random model that asks for all it measures, some of what it measures being spoilt."""
    dice = random.Random(f"wild {seed}")
    case = random_case(seed, 2, days=dice.choice([12, 30, 70]))
    case["questions"] = {f"{name}_asked": {"asks": "What then?", "answer": name} for name in case["measures"]}
    for measure in list(case["measures"].values())[:2]:
        measure["headline"] = "first_day" not in measure["equals"]
    if dice.random() < 0.8:
        numbers = [*case["uncertainties"], *case["stocks"]]
        text = dice.choice(WILD).replace("A", dice.choice(numbers)).replace("B", dice.choice(numbers))
        case["auxiliaries"]["wild"] = {"equals": text}
        asked = dice.choice(ASKED).replace("WILD", "wild")
        case["questions"]["of_the_wild"] = {"asks": "How wild?", "answer": asked}
    if dice.random() < 0.5:
        case["stocks"][next(iter(case["stocks"]))] |= {"never_below": 0, "never_above": 1}
    return case


def ends_well(seed: int, folder: Path) -> str:
    """Run a random case to the end, and return whether it gave figures or what was wrong with it."""
    folder.mkdir(exist_ok=True)
    data, page = folder / "brief.json", folder / "brief.html"
    try:
        made = run(written(wild_case(seed), folder), worlds=512, replicates=4, threads=1)
    except CaseError as error:
        assert error.findings
        assert all(finding.wrong and finding.mend and finding.place.line for finding in error.findings)
        return str(error)
    brief = brief_of(study_of_run(made))
    write_report(brief, data)
    told = json.loads(data.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    jsonschema.validate(told, SCHEMA)
    write_page(brief, page)
    with (folder / "brief.txt").open("w", encoding="utf-8") as file:
        print_brief(brief, Console(file=file, width=100))
    shown = page.read_text(encoding="utf-8").partition("</main>")[0]
    for text in (shown, (folder / "brief.txt").read_text(encoding="utf-8")):
        words = set(text.replace(",", " ").replace(";", " ").lower().split())
        assert not words & {"nan", "inf", "-inf", "nan.", "inf.", "nat"}
    return ""


@pytest.mark.parametrize("seed", range(3))
def test_a_model_ends_in_figures_or_a_finding(seed: int, tmp_path: Path) -> None:
    ends_well(seed, tmp_path)


@pytest.mark.long
def test_many_models_end_in_figures_or_findings(tmp_path: Path) -> None:
    ends = [ends_well(seed, tmp_path / str(seed)) for seed in range(3, 80)]
    assert 10 < sum(end == "" for end in ends) < 70, "both ends are met"
