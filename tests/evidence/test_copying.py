"""Runs of eight words: what is kept of them, and where a text or a page repeats one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence import (
    CopiedRun,
    SourceFileError,
    find_copied_runs,
    find_copied_runs_in_page,
    read_run_hashes,
    run_hashes,
    words,
    write_run_hashes,
)
from tests.evidence.repository import GAZETTE

TEXT = GAZETTE.read_text(encoding="utf-8")
HASHES = run_hashes(TEXT)
RUN = "and the harbour office, which both accept, checks the names"


def test_eight_words_are_a_copy_and_seven_are_not() -> None:
    normalised = words(TEXT)
    for start in range(0, len(normalised) - 8, 3):
        eight = normalised[start : start + 8]
        assert find_copied_runs(" ".join(eight), HASHES) == (CopiedRun(1, 0, 8),)
        assert not find_copied_runs(" ".join(eight[:7]), HASHES)
        assert not find_copied_runs(" ".join([*eight[:4], "never", *eight[4:]]), HASHES)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"first\nsecond\n{RUN}", 3),
        (RUN.upper().replace(" ", "\n# "), 1),
        (RUN.replace(" ", r"\n"), 1),
        (RUN.replace(" ", r"\u00a0"), 1),
        (RUN.replace("harbour", "\u201charbour\u2019"), 1),
        (RUN.replace(" ", '" \n"'), 1),
        (rf"\ud83d {RUN}", 1),
    ],
)
def test_marks_and_escapes_hide_nothing(text: str, line: int) -> None:
    (run,) = find_copied_runs(text, HASHES)
    assert run.line == line
    assert run.words == 10


def test_overlapping_runs_are_one_stretch_and_separate_ones_are_two() -> None:
    found = find_copied_runs(f"{RUN}\n\nbut\n\n{RUN}", HASHES)
    assert found == (CopiedRun(1, 0, 10), CopiedRun(5, 11, 10))


def test_a_title_may_be_named() -> None:
    title = "The harbour town waits for another list of names today"
    body = "Nobody at the gate could say on Sunday who would come home and who would not."
    repeated = f"{title}\n\n{body}\n\n{title.upper()}\n\n{body[:-1]} at all."
    assert not find_copied_runs(title, run_hashes(repeated))
    assert find_copied_runs(body, run_hashes(repeated))
    once = f"{title}\n\n{body}"
    assert find_copied_runs(title, run_hashes(once))
    assert not find_copied_runs(title, run_hashes(once, except_titles=[title]))
    across = " ".join([*words(title)[-7:], words(body)[0]])
    assert not find_copied_runs(across, run_hashes(repeated)), "no run leads out of a title"
    assert not find_copied_runs(title, run_hashes(f"{once} {title}", except_titles=[title]))


def test_what_is_written_is_sorted_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "sources" / "gazette.runs"
    assert write_run_hashes(TEXT, path) == len(HASHES)
    assert read_run_hashes(path) == HASHES
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#")
    assert lines[1:] == sorted(set(lines[1:]))
    assert all(len(line) == 16 for line in lines[1:])


@given(st.lists(st.sampled_from("abcdef"), max_size=40))
def test_any_text_is_a_copy_of_itself_from_eight_words_on(letters: list[str]) -> None:
    text = " ".join(letters)
    found = find_copied_runs(text, run_hashes(text))
    assert found == ((CopiedRun(1, 0, len(letters)),) if len(letters) >= 8 else ())


@pytest.mark.parametrize("line", ["00", "0" * 15 + "G", "0" * 17, "two words"])
def test_a_bad_hash_is_named_with_its_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.runs"
    path.write_text(f"# heading\n{'0' * 16}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match=r"bad\.runs:4: hash: expected 16 hexadecimal digits, came"):
        read_run_hashes(path)


@pytest.mark.parametrize(
    ("page", "line"),
    [
        (f"<html>\n<p>{RUN}</p>", 2),
        (f"<p>{RUN.replace('harbour', '<b>har</b>bour')}</p>", 1),
        ("<ul>" + "".join(f"<li>{word}</li>" for word in RUN.split()) + "</ul>", 1),
        (f'<p>short</p>\n<img alt="{RUN}">', 2),
        (f"<script>\nconst data = {{'says': '{RUN}'}}</script>", 2),
        (f"<p\nclass='a'\nid='b'>{RUN.replace(' ', '&nbsp;')}", 3),
        (f"<!--\n\n{RUN} -->", 3),
        (f"<svg><title>{RUN}</title></svg>", 1),
    ],
)
def test_a_page_is_searched_as_its_readers_see_it(page: str, line: int) -> None:
    assert [run.line for run in find_copied_runs_in_page(page, HASHES)] == [line]


def test_a_page_in_other_words_holds_no_copy() -> None:
    assert not find_copied_runs_in_page("<p>Both sides accept the office that counts.</p>", HASHES)


def test_a_repository_is_searched_in_seconds() -> None:
    text = "these are other words which nobody has ever written before\n" * 20_000
    started = time.perf_counter()
    assert not find_copied_runs(text, HASHES)
    assert time.perf_counter() - started < 10
