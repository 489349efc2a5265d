"""Adding a source to a case and comparing a copy with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import SourceError
from detente.evidence import SourceFileError, add_source, compare_copy, read_run_hashes, read_units, run_hashes
from tests.evidence.repository import ARTICLE, CASES, GAZETTE, needs_article

TEXT = GAZETTE.read_text(encoding="utf-8")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return an empty case."""
    folder = tmp_path / "case"
    folder.mkdir()
    return folder


def test_adding_a_source_keeps_numbers_and_hashes_and_no_word(case: Path) -> None:
    added = add_source(case, GAZETTE, "gazette")
    assert (added.source, len(added.passages), added.paragraphs, added.replaced) == ("gazette", 35, 14, False)
    assert added.units_file == case / "sources" / "gazette.csv"
    assert added.runs_file == case / "sources" / "gazette.runs"
    assert added.words == sum(unit.words for unit in read_units(added.units_file))
    assert read_run_hashes(added.runs_file) == run_hashes(TEXT)
    kept = added.units_file.read_text(encoding="utf-8") + added.runs_file.read_text(encoding="utf-8")
    assert not any(word in kept.lower() for word in ("harbour", "captive", "varland"))
    assert sorted(file.name for file in (case / "sources").iterdir()) == ["gazette.csv", "gazette.runs"]


def test_adding_it_again_changes_nothing(case: Path) -> None:
    add_source(case, GAZETTE, "gazette")
    before = (case / "sources" / "gazette.csv").read_bytes()
    assert add_source(case, GAZETTE, "gazette").replaced is False
    assert (case / "sources" / "gazette.csv").read_bytes() == before


def test_another_numbering_is_refused_unless_asked_for(case: Path, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("unit,char_start,char_end\n1,0,26\n2,28,141\n", encoding="utf-8")
    add_source(case, GAZETTE, "gazette", units)
    before = (case / "sources" / "gazette.csv").read_bytes()
    with pytest.raises(SourceFileError, match=r"numbered already \(2 units\), and 33 of these 35 differ.*--replace"):
        add_source(case, GAZETTE, "gazette")
    assert (case / "sources" / "gazette.csv").read_bytes() == before
    assert add_source(case, GAZETTE, "gazette", replace=True).replaced is True
    assert add_source(case, GAZETTE, "gazette", replace=True).replaced is False


def test_a_shorter_numbering_is_another_numbering(case: Path, tmp_path: Path) -> None:
    add_source(case, GAZETTE, "gazette")
    units = tmp_path / "units.csv"
    units.write_text("unit,char_start,char_end\n1,0,26\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match="numbered already"):
        add_source(case, GAZETTE, "gazette", units)


def test_a_spoilt_table_is_named_and_may_be_replaced(case: Path) -> None:
    table = case / "sources" / "gazette.csv"
    table.parent.mkdir()
    table.write_text("unit\n1\n", encoding="utf-8")
    with pytest.raises(SourceFileError, match=r"gazette\.csv:1: paragraph: expected one column"):
        add_source(case, GAZETTE, "gazette")
    assert add_source(case, GAZETTE, "gazette", replace=True).replaced is True


def test_a_text_that_the_case_publishes_needs_no_guard(case: Path) -> None:
    text = case / "sources" / "gazette.txt"
    text.parent.mkdir()
    text.write_text(TEXT, encoding="utf-8")
    assert add_source(case, text, "gazette").runs_file is None
    assert not (case / "sources" / "gazette.runs").exists()
    assert not list(CASES.glob("harbour_truce/sources/*.runs"))


def test_titles_of_a_source_may_be_named(case: Path) -> None:
    title = "The harbour town waits for another list of names today"
    text = case / "source.txt"
    text.write_text(f"{title}\n\nNobody knows whose names will stand on it, or if it comes.\n", encoding="utf-8")
    added = add_source(case, text, "list", titles=[title])
    assert added.runs_file is not None
    assert read_run_hashes(added.runs_file) == run_hashes(text.read_text(encoding="utf-8"), except_titles=[title])


@pytest.mark.parametrize("name", ["../escaped", "Gazette", "", "a/b", "1st", "a b"])
def test_a_name_never_leads_out_of_the_case(name: str, case: Path) -> None:
    with pytest.raises(SourceError, match="expected a source's name such as harbour_office"):
        add_source(case, GAZETTE, name)
    with pytest.raises(SourceError, match="expected a source's name"):
        compare_copy(case, name, GAZETTE)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "source.txt:1: text: expected text, came an empty file"),
        (b"  \n\t", "came an empty file"),
        (b"*** \n---\n", "expected sentences, came a text without words"),
        (b"one\ntwo \xff", "source.txt:2: text: expected UTF-8, came other bytes; save it as UTF-8"),
        (b"one\0two", "expected plain text, came a binary file"),
        (b"a" * 10_000_001, "larger than 10,000,000 bytes; keep to the part that is cited"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(content: bytes, fault: str, case: Path, tmp_path: Path) -> None:
    text = tmp_path / "source.txt"
    text.write_bytes(content)
    with pytest.raises(SourceFileError) as caught:
        add_source(case, text, "source")
    assert fault in str(caught.value)
    assert not (case / "sources").exists()


def test_missing_files_and_folders_are_named(case: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="cannot be read: No such file"):
        add_source(case, tmp_path / "none.txt", "gazette")
    with pytest.raises(SourceError, match="expected a case's folder"):
        add_source(tmp_path / "none", GAZETTE, "gazette")
    with pytest.raises(SourceFileError, match=r"gazette\.csv:1: text: cannot be read"):
        compare_copy(case, "gazette", GAZETTE)


def test_an_interruption_leaves_the_old_file(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_source(case, GAZETTE, "gazette")
    before = (case / "sources" / "gazette.csv").read_bytes()

    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add_source(case, GAZETTE, "gazette")
    assert (case / "sources" / "gazette.csv").read_bytes() == before
    assert sorted(file.name for file in (case / "sources").iterdir()) == ["gazette.csv", "gazette.runs"]


def test_a_copy_is_compared_with_the_case() -> None:
    matches = compare_copy(CASES / "harbour_truce", "gazette", GAZETTE)
    assert {match.state for match in matches} == {"found"}
    assert {match.state for match in compare_copy(CASES / "harbour_truce", "gazette", None)} == {"not checked"}


@needs_article
def test_the_article_beside_the_repository_is_the_one_that_is_cited() -> None:
    matches = compare_copy(CASES / "november_2023", "article", ARTICLE)
    assert len(matches) == 69
    assert {match.state for match in matches} == {"found"}


def test_without_the_article_its_units_are_counted_all_the_same() -> None:
    units = read_units(CASES / "november_2023" / "sources" / "article.csv")
    assert [unit.number for unit in units] == list(range(1, 70))
    assert units[0].fingerprint == units[1].fingerprint == units[9].fingerprint
