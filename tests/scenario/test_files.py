"""Reading files: what YAML means here, and places that point at the character meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import Place
from detente.scenario.document import Document, Scalar, dotted
from detente.scenario.files import kind_of, read_document, read_text

FILE = Path("case.yaml")


def read(text: str) -> Document:
    return read_text(text, FILE)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("-2", -2),
        ("+3", 3),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("007", 7),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12345678901234567890", 12345678901234567890.0),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("~", None),
        ("", None),
        ("null", None),
        ("2031-05-04", "2031-05-04"),
        ("2031-05-04T06:00+02:00", "2031-05-04T06:00+02:00"),
        ("12:30", "12:30"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ("0.3..0.7", "0.3..0.7"),
    ],
)
def test_words_are_read_as_yaml_1_2_reads_them(written: str, value: object) -> None:
    document = read(f"a: {written}\n")
    assert document.findings == []
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


def test_places_of_keys_items_and_values() -> None:
    document = read("a:\n  b: [x, y]\nc:\n  - d: 1\n")
    assert document.place(("a", "b")) == Place(FILE, 2, 3)
    assert document.place(("a", "b", 1)) == Place(FILE, 2, 10)
    assert document.place(("c", 0, "d")) == Place(FILE, 4, 5)
    assert document.place(("c", 0, "nothing", "here")) == Place(FILE, 4, 5)
    assert Document().place(("a",)) == Place(Path("scenario.yaml"))
    assert Document().locator(("a",))(3).column == 4


def test_line_ends_and_marks_of_other_systems() -> None:
    document = read("a: 1\r\nb:\r  c: 2\r")
    assert document.data == {"a": 1, "b": {"c": 2}}
    assert document.place(("b", "c")).line == 3


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_bytes("a: 1\n".encode("utf-8-sig"))
    assert read_document(tmp_path / "scenario.yaml").data == {"a": 1}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    document = read_document(tmp_path / "scenario.yaml", FILE)
    assert document.broken
    assert str(document.findings[0]).startswith("case.yaml:1: file: cannot be read (No such file")


@pytest.mark.parametrize(
    ("text", "path", "word", "line", "column"),
    [
        ("a: x + wrong\n", ("a",), "wrong", 1, 8),
        ("a: 'x + wrong'\n", ("a",), "wrong", 1, 9),
        ('a: "x + wrong"\n', ("a",), "wrong", 1, 9),
        ("a: x\n   + y\n   + wrong\n", ("a",), "wrong", 3, 6),
        ('a: "x\n  + y + wrong"\n', ("a",), "wrong", 2, 9),
        ("a: >-\n  x\n  + wrong\n", ("a",), "wrong", 3, 5),
        ("a: >- # a remark\n  x\n\n  + wrong\n", ("a",), "wrong", 4, 5),
        ("a: |\n    x\n    + wrong\n", ("a",), "wrong", 3, 7),
        ("a: [x, 'y + wrong']\n", ("a", 1), "wrong", 1, 13),
        ("é: 'é + wrong'\n", ("é",), "wrong", 1, 9),
    ],
)
def test_a_character_is_found_again(text: str, path: tuple[str | int, ...], word: str, line: int, column: int) -> None:
    document = read(text)
    scalar = document.scalars[path]
    assert scalar.locate(scalar.text.index(word)) == Place(FILE, line, column)


def test_the_end_of_a_text_is_found() -> None:
    for text, line, column in (
        ("a: x +\n", 1, 7),
        ("a: >-\n  x\n  + y +\nb: 1\n", 3, 8),
        ('a: "x\n  +"\nb: 1\n', 2, 4),
    ):
        scalar = read(text).scalars[("a",)]
        assert scalar.locate(len(scalar.text)) == Place(FILE, line, column)


def test_a_scalar_whose_marks_are_unknown_is_still_placed() -> None:
    assert Scalar("abc", "abcd", Place(FILE, 3, 5), block=False).locate(2).line == 3


def test_nothing_more_is_said_of_what_was_refused() -> None:
    document = read("a:\n  on: 1\n")
    assert len(document.findings) == 1
    document.fault(("a", "on", "c"), "wrong", "mend")
    assert len(document.findings) == 1
    document.fault(("a", "c"), "wrong", "mend")
    assert len(document.findings) == 2


def test_paths_and_kinds_in_words() -> None:
    assert dotted(("a", "b.c", 0, "d")) == "a.b.c[1].d"
    assert dotted(()) == "file"
    things: tuple[object, ...] = (None, {}, [], "x", 3, True)
    words = [kind_of(thing) for thing in things]
    assert words == ["nothing", "named entries", "a list", "'x'", "3", "true"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: {b, c: d}\n", "has cut the text in two"),
        ("a: {b: max(x, y)}\n", "has cut the text in two"),
        ("a: {b: 1, 'c': 2}\nd: &e 1\n", "an anchor (&e)"),
        ("? [a]\n: b\n", "a key must be a plain name"),
        ("&a b: c\n", "an anchor"),
        ("a: b\n...\n---\nc: d\n", "a second document"),
        ("a: [\n", "not valid YAML"),
        ("a: 'b\n", "not valid YAML"),
        ("a: b: c\n", "not valid YAML"),
        ("%YAML 3.0\n---\na: b\n", "not valid YAML"),
    ],
)
def test_what_is_refused(text: str, part: str) -> None:
    document = read(text)
    assert document.broken
    assert len(document.findings) == 1
    assert part in document.findings[0].wrong
    assert document.findings[0].mend
