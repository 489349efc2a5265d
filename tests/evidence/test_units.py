"""Dividing a text into units, and the tables in which a case keeps them and an author gives them."""

from __future__ import annotations

import csv
import hashlib
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import SourceError
from detente.evidence import (
    Passage,
    SourceFileError,
    SourceUnit,
    fingerprint,
    propose_units,
    read_units,
    sketch,
    source_units,
    units_from_file,
    words,
    write_units,
)
from tests.evidence.repository import ARTICLE, ARTICLE_UNITS, CASES, GAZETTE, needs_article

TEXT = GAZETTE.read_text(encoding="utf-8")
HEADER = "unit,paragraph,position,words,fingerprint,sketch"
GOOD = f"1,1,0.0,3,{'0' * 32},0000000a"


def test_the_gazette_has_the_sentences_that_its_case_cites() -> None:
    passages = propose_units(TEXT)
    assert [passage.number for passage in passages] == list(range(1, 36))
    assert max(passage.paragraph for passage in passages) == 14
    begins = {
        3: "Whether it still holds on Friday",
        9: "Of several captives nothing has been heard",
        11: "On Saturday children",
        12: "The families have one aim",
        14: "Each release",
        16: "The government of Varland holds",
        21: "Officials in Brightland",
        22: "In their reckoning",
        30: "It wants its people",
    }
    for number, words_ in begins.items():
        assert passages[number - 1].text.startswith(words_)
    stored = read_units(CASES / "harbour_truce" / "sources" / "gazette.csv")
    assert stored == source_units(passages, len(TEXT)), "make gazette.csv again: `detente source add`"


@needs_article
def test_the_article_has_the_units_that_its_numbering_gives() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    proposed = propose_units(text)
    assert proposed == units_from_file(ARTICLE_UNITS, text)
    assert len(proposed) == 69
    with ARTICLE_UNITS.open(encoding="utf-8", newline="") as table:
        for row, passage in zip(csv.DictReader(table), proposed, strict=True):
            assert hashlib.sha1(passage.text.encode()).hexdigest()[:12] == row["sha1_12"]
    assert read_units(CASES / "november_2023" / "sources" / "article.csv") == source_units(proposed, len(text))


def test_wrapped_lines_are_put_together_again() -> None:
    wrapped = "\n".join(textwrap.fill(line, 72) for line in TEXT.split("\n"))
    whole, again = propose_units(TEXT), propose_units(wrapped)
    assert [words(passage.text) for passage in again] == [words(passage.text) for passage in whole]
    assert [passage.paragraph for passage in again] == [passage.paragraph for passage in whole]
    assert [unit.fingerprint for unit in source_units(again, len(wrapped))] == [
        unit.fingerprint for unit in source_units(whole, len(TEXT))
    ]


def test_headings_without_a_blank_line_stay_apart() -> None:
    text = f"The first heading\nThe second heading\n{'A sentence that is long. ' * 8}\n"
    assert [passage.text for passage in propose_units(text)][:3] == [
        "The first heading",
        "The second heading",
        "A sentence that is long.",
    ]


def test_another_language_has_its_own_sentences_and_an_unknown_one_is_refused() -> None:
    assert len(propose_units("Das ist z. B. ein Satz. Das ist noch einer.", "de")) == 2
    with pytest.raises(SourceError, match="expected a language among am, ar"):
        propose_units(TEXT, "xx")


@given(st.text(alphabet=st.sampled_from("abC. \n\"'()[]!?:;,-\u2014\u2026\u00ad\u201c\u201d*1&\\$^@#"), max_size=60))
def test_every_word_of_any_text_stands_in_one_unit(text: str) -> None:
    passages = propose_units(text)
    assert [word for passage in passages for word in words(passage.text)] == words(text)
    assert [passage.number for passage in passages] == list(range(1, len(passages) + 1))
    reached = 0
    for passage in passages:
        assert reached <= passage.start < passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert words(passage.text)
        reached = passage.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One \u222f two. Three.", ["One \u222f two.", "Three."]),  # a sign the splitting library uses for itself
        ("The \u0239D. Three.", ["The \u0239D.", "Three."]),
        ("*** \n\nOne. *** Two.", ["One. ***", "Two."]),
    ],
)
def test_nothing_is_lost_and_no_word_is_parted(text: str, expected: list[str]) -> None:
    assert [words(passage.text) for passage in propose_units(text)] == [words(one) for one in expected]


def test_no_log_holds_the_words_of_a_source() -> None:
    assert "harbour" not in repr(propose_units(TEXT)).lower()


sentences = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=30)


@st.composite
def tables(draw: st.DrawFn) -> tuple[SourceUnit, ...]:
    """Tables as a case may keep them."""
    numbers = draw(st.lists(st.integers(1, 99_999), min_size=1, max_size=8, unique=True).map(sorted))
    positions = st.floats(0, 1).map(lambda share: round(share, 4))
    return tuple(
        SourceUnit(number, draw(st.integers(1, 99)), draw(positions), len(one), fingerprint(one), sketch(one))
        for number in numbers
        for one in [draw(sentences)]
    )


@given(table=tables())
def test_a_table_that_is_written_is_read_back(
    table: tuple[SourceUnit, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "kept" / "source.csv"
    write_units(path, table)
    assert read_units(path) == table
    assert not list(path.parent.glob(".*")), "nothing half written is left"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("", ["source.csv:1: text: expected text, came an empty file"]),
        (HEADER, ["source.csv:1: row: expected at least one unit, came none"]),
        ("unit,words\n1,2", ["1: paragraph: expected one column 'paragraph', came 0"] * 1),
        (f"{HEADER},unit\n{GOOD},2", ["1: unit: expected one column 'unit', came 2"]),
        (f"{HEADER}\n1,1,0.0", ["source.csv:2: row: expected 6 cells, came 3; one cell for each column"]),
        (f"{HEADER}\n{GOOD}\n\n{GOOD}", ["source.csv:4: unit: expected a number above 1, came 1"]),
        (f"{HEADER}\n{GOOD.replace('1,1', '0,x')}", ["2: unit: expected a whole", "2: paragraph: expected a whole"]),
        (
            f"{HEADER}\n{GOOD.replace('0.0', 'nan')}",
            ["source.csv:2: position: expected a number from 0 to 1, came 'nan'"],
        ),
        (f"{HEADER}\n{GOOD.replace('0.0', 'inf')}", ["came 'inf'"]),
        (f"{HEADER}\n{GOOD.replace('0.0', '1.5')}", ["came '1.5'; write it with a point"]),
        (f"{HEADER}\n{GOOD.replace('0.0,3', '0.0,0')}", ["source.csv:2: words: expected a whole number from 1"]),
        (
            f"{HEADER}\n{GOOD.replace('0' * 32, 'F' * 32)}",
            ["source.csv:2: fingerprint: expected 32 hexadecimal digits"],
        ),
        (f"{HEADER}\n{GOOD.replace('0000000a', '')}", ["source.csv:2: sketch: expected 1 to 8 numbers"]),
        (f"{HEADER}\n{GOOD.replace('0000000a', 'a')}", ["make the table again with `detente source add`"]),
        (f'{HEADER}\n"{"x" * 200_000}"', ["source.csv:2: row: not a table: field larger than"]),
        (f"{HEADER}\n{GOOD}\n\0", ["came a binary file"]),
    ],
)
def test_a_bad_table_names_line_field_and_how_to_mend_it(content: str, faults: list[str], tmp_path: Path) -> None:
    path = tmp_path / "source.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceFileError) as caught:
        read_units(path)
    for one in faults:
        assert one in str(caught.value)
    assert all(finding.mend and finding.place.file == path for finding in caught.value.findings)
    assert len(str(caught.value).splitlines()) == len(caught.value.findings)


def test_every_bad_row_is_named_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "source.csv"
    path.write_text("\n".join([HEADER, GOOD, "x,1,0,1,z,y", "3,1", GOOD.replace("1,1", "9,9")]), encoding="utf-8")
    with pytest.raises(SourceFileError) as caught:
        read_units(path)
    assert [(finding.place.line, finding.field) for finding in caught.value.findings] == [
        (3, "fingerprint"),
        (3, "sketch"),
        (3, "unit"),
        (3, "unit"),
        (4, "row"),
    ]


@pytest.mark.parametrize(
    "header", ["unit,char_start,char_end", "number,start,end", "s,char_start,char_end", "note,end,start,unit"]
)
def test_units_may_be_given_under_several_names(header: str, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    cells = {"unit": 7, "s": 7, "number": 7, "char_start": 0, "start": 0, "char_end": 5, "end": 5, "note": "x"}
    row = ",".join(str(cells[name]) for name in header.split(","))
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert units_from_file(path, "Quiet on\n\nthe quay") == (Passage(7, 1, 0, 5, "Quiet"),)


def test_paragraphs_are_counted_or_given(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("unit,start,end\n1,0,5\n2,10,18\n", encoding="utf-8")
    assert [one.paragraph for one in units_from_file(path, "Quiet on\n\nthe quay")] == [1, 2]
    path.write_text("unit,start,end,paragraph\n1,0,5,3\n2,10,18,8\n", encoding="utf-8")
    assert [one.paragraph for one in units_from_file(path, "Quiet on\n\nthe quay")] == [3, 8]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("1,0,99", "units.csv:2: char_end: expected a whole number from 0 to 18, came '99'; correct it"),
        ("1,-1,5", "units.csv:2: char_start: expected a whole number from 0 to 18, came '-1'"),
        ("1,5,0", "units.csv:2: char_end: unit 1 holds no words of the text"),
        ("1,8,10", "units.csv:2: char_end: unit 1 holds no words of the text; leave it out or correct its place"),
        ("1,0,5\n2,4,8", "units.csv:3: char_start: unit 2 begins before the last one ends"),
        ("2,0,5\n1,6,8", "units.csv:3: unit: expected a number above 2, came 1; number the units upwards"),
    ],
)
def test_given_units_that_do_not_fit_the_text_are_refused(rows: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f"unit,char_start,char_end\n{rows}\n", encoding="utf-8")
    with pytest.raises(SourceFileError) as caught:
        units_from_file(path, "Quiet on\n\nthe quay")
    assert fault in str(caught.value)
