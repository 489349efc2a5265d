"""Cases damaged at random: lines deleted, doubled, swapped, texts cut. Findings come, never a traceback.

The generator is Hypothesis's, so that a damage that does harm is shrunk and shown.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.scenario import bundled_cases, examine, find_case
from tests.scenario.broken import GOOD, good_cases

SMALL = [*(folder.name for folder in good_cases()), "harbour_truce"]
SCORED = "resolutions.yaml"
"""Opened by whoever scores a case alone, so that its damages are tried in ``tests/hindcast/test_outcomes.py``."""
KINDS = ("delete", "double", "replace", "exchange", "insert", "cut", "indent", "word")
WORDS = (
    "",
    "~",
    "0",
    "-1",
    "1e400",
    ".nan",
    "true",
    "yes",
    "[]",
    "{}",
    "a: b",
    "- x",
    "*a",
    "&a b",
    "!t x",
    "|",
    ">-",
    "---",
    "'",
    '"',
    "0..0",
    "3..1",
    "about 1, 0..2",
    "5 to 2",
    "1/0",
    "water",
    "truce",
    "day",
    "previous(truce, true)",
    "((",
    "on",
    "2031-02-30",
    "2031-05-04",
    "chance(2)",
    "first_day(truce)",
    "case",
    "options",
    "x.y",
    "x.y.z",
    "é",
    "\u2028",
    "\x00",
    "\t",
    "{range: 1..2}",
    "[a, b]",
    "{a: {b: {c: d}}}",
    "for_each: {a: [b, b]}",
    "99999999999999999999",
    "person/day**99",
    "[1, [2, 3]]",
    "upper.toll iff",
    "carrier.carts",
    "rules:",
    "\u00b2",
    "9" * 5000,
)


def damaged(text: str, plan: list[tuple[str, int, int, str]]) -> str:
    """Return a text with each damage of the plan done to it, one after the other."""
    for kind, here, there, word in plan:
        lines = text.split("\n")
        first, second = here % len(lines), there % len(lines)
        if kind == "delete":
            del lines[first]
        elif kind == "double":
            lines.insert(second, lines[first])
        elif kind == "replace":
            lines[first] = lines[second]
        elif kind == "exchange":
            left, right = lines[first].partition(":"), lines[second].partition(":")
            lines[first], lines[second] = left[0] + ":" + right[2], right[0] + ":" + left[2]
        elif kind == "insert":
            column = there % (len(lines[first]) + 1)
            lines[first] = lines[first][:column] + word + lines[first][column:]
        elif kind == "indent":
            lines[first] = " " * (there % 9) + lines[first].lstrip()
        elif kind == "word":
            words = lines[first].split(" ")
            words[there % len(words)] = word
            lines[first] = " ".join(words)
        text = "\n".join(lines)
        if kind == "cut":
            text = text[: there % (len(text) + 1)]
    return text


plans = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 9999),
        st.integers(0, 9999),
        st.one_of(st.sampled_from(WORDS), st.text(max_size=6)),
    ),
    min_size=1,
    max_size=3,
)


def examine_damaged(source: Path, folder: Path, name: str, plan: Any) -> None:
    """Damage one file of a copy of a case, look at it, and put the file back."""
    file = folder / name
    text = (source / name).read_text(encoding="utf-8")
    file.write_bytes(damaged(text, plan).encode("utf-8", "surrogatepass"))
    try:
        _, findings = examine(folder)
    finally:
        file.write_text(text, encoding="utf-8")
    for finding in findings:
        assert finding.wrong
        assert finding.place.line >= 1
        assert finding.place.column >= 1
        assert finding.mend or finding.severity != "error", str(finding)
        assert str(finding)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path, list[str]]]:
    """Return, for each case, where it lies, a copy that may be damaged, and the files in it."""
    found = {}
    for name in SMALL:
        source = find_case(GOOD / name if (GOOD / name).is_dir() else name)
        folder = tmp_path_factory.mktemp("copies") / name
        shutil.copytree(source, folder)
        kinds = ("*.yaml", "record.csv", "sources/*.csv", "base_rates/*.csv")
        files = [path.relative_to(source) for kind in kinds for path in source.glob(kind) if path.name != SCORED]
        # The description is damaged as often as all else together.
        found[name] = (source, folder, sorted([*map(str, files), *["scenario.yaml"] * len(files)]))
    return found


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=5_000 // len(SMALL), database=None, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 99), plan=plans)
def test_small_cases_never_end_in_a_traceback(
    copies: dict[str, tuple[Path, Path, list[str]]], name: str, which: int, plan: Any
) -> None:
    source, folder, files = copies[name]
    examine_damaged(source, folder, files[which % len(files)], plan)


@pytest.mark.long
@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=20_000, database=None, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 99), plan=plans)
def test_small_cases_never_end_in_a_traceback_at_length(
    copies: dict[str, tuple[Path, Path, list[str]]], name: str, which: int, plan: Any
) -> None:
    source, folder, files = copies[name]
    examine_damaged(source, folder, files[which % len(files)], plan)


@pytest.mark.skipif("november_2023" not in bundled_cases(), reason="november_2023 is not bundled")
@settings(max_examples=25, database=None, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 99), plan=plans)
def test_the_large_case_never_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, which: int, plan: Any
) -> None:
    source = find_case("november_2023")
    folder = tmp_path_factory.getbasetemp() / "november_2023"
    if not folder.is_dir():
        shutil.copytree(source, folder)
    files = sorted(path.name for path in source.glob("*.yaml") if path.name != SCORED)
    examine_damaged(source, folder, files[which % len(files)], plan)
