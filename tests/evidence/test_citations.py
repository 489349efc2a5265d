"""Citations: what is read, what is refused, and that writing and reading agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import DetenteError
from detente.evidence import Citation, CitationError, parse_citations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gazette", [("gazette", ())]),
        ("gazette 12", [("gazette", (12,))]),
        ("gazette 12, 14, 21-22", [("gazette", (12, 14, 21, 22))]),
        ("gazette 21 \u2013 22", [("gazette", (21, 22))]),
        ("  gazette   007 ", [("gazette", (7,))]),
        ("gazette 14, 12", [("gazette", (12, 14))]),
        ("gazette 5-5", [("gazette", (5,))]),
        ("gazette 12, 14, 21-22; harbour_office", [("gazette", (12, 14, 21, 22)), ("harbour_office", ())]),
        ("harbour_office;gazette 1", [("harbour_office", ()), ("gazette", (1,))]),
        ("list_2 99999", [("list_2", (99999,))]),
        ("list_2 1-1000", [("list_2", tuple(range(1, 1001)))]),
    ],
)
def test_citations_are_read(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(citation.source, citation.units) for citation in parse_citations(text)] == expected


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 0, "expected the name of a source, came nothing"),
        ("gazette 1;", 10, "expected the name of a source, came nothing"),
        ("Gazette 1", 0, "came 'Gazette 1'"),
        ("12, 14", 0, "expected the name of a source"),
        ("gazette-1", 0, "expected the name of a source"),
        ("gazette 12,", 11, "take out the comma"),
        ("gazette, harbour", 7, "expected the number of a sentence of 'gazette'"),
        ("gazette 12 14", 8, "write numbers and ranges"),
        ("gazette 12, harbour_office 3", 12, "put a semicolon before the next source"),
        ("gazette 12; harbour_office x", 27, "sentence of 'harbour_office', came 'x'"),
        ("gazette 5-2", 8, "runs backwards; write 2-5"),
        ("gazette 0", 8, "from 1 to 99999, came 0"),
        ("gazette 1, 1-100000", 11, "came 100000"),
        ("gazette " + "9" * 5000, 8, "from 1 to 99999"),
        ("gazette 1-99999", 8, "cites more than 1,000 sentences of 'gazette'"),
        ("gazette 1-600, 601-1001", 15, "cite those that say it, or the source as a whole"),
        ("gazette 3, 1-4", 11, "sentence 3 of 'gazette' is cited twice"),
        ("gazette 12; gazette 14", 12, "named twice; put its sentences in one list"),
        ("gazette \u0661", 8, "write numbers"),
        ("gazette 1.5", 8, "write numbers"),
        ("a;" * 50 + "?", 2, "named twice"),
    ],
)
def test_faults_name_their_column_and_how_to_mend_them(text: str, column: int, message: str) -> None:
    with pytest.raises(CitationError, match=r"^(?s:.)+$") as caught:
        parse_citations(text)
    assert caught.value.column == column
    assert message in str(caught.value)
    assert caught.value.mend
    assert len(str(caught.value)) < 250
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, DetenteError)


names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
citations = st.builds(
    lambda source, units: Citation(source, tuple(sorted(units))), names, st.frozensets(st.integers(1, 200), max_size=30)
)


@given(st.lists(citations, min_size=1, max_size=4, unique_by=lambda citation: citation.source))
def test_what_is_written_is_read_back(written: list[Citation]) -> None:
    assert parse_citations("; ".join(map(str, written))) == tuple(written)


@given(st.text(alphabet="ab_ 019,;-\u2013\n\t.", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        parsed = parse_citations(text)
    except CitationError as error:
        assert 0 <= error.column <= len(text)
    else:
        assert parse_citations("; ".join(map(str, parsed))) == parsed


def test_a_citation_is_written_with_ranges() -> None:
    assert str(Citation("gazette", (1, 3, 4, 5, 9, 10))) == "gazette 1, 3-5, 9-10"
    assert str(Citation("harbour_office")) == "harbour_office"
