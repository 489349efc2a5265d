"""A copy beside what the case keeps: found, moved, changed, not found, and never taken for another in silence."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.evidence import MatchState, Passage, UnitMatch, match_units, propose_units, source_units, words
from tests.evidence.repository import ARTICLE, GAZETTE, needs_article

TEXT = GAZETTE.read_text(encoding="utf-8")
PASSAGES = propose_units(TEXT)
UNITS = source_units(PASSAGES, len(TEXT))
ANY_LONG = st.sampled_from([passage for passage in PASSAGES if len(words(passage.text)) >= 8])


def edited(text: str, number: int, edits: int, luck: random.Random) -> str:
    """Return the text with some words of one sentence replaced."""
    sentence = PASSAGES[number - 1].text
    pieces = sentence.split(" ")
    for place in luck.sample(range(1, len(pieces) - 1), edits):
        pieces[place] = f"Xq{place}"
    return text.replace(sentence, " ".join(pieces))


def others(matches: tuple[UnitMatch, ...], number: int) -> set[MatchState]:
    """Return what became of every unit but one."""
    return {match.state for match in matches if match.unit.number != number}


def test_the_text_itself_is_found_whole() -> None:
    matches = match_units(UNITS, TEXT)
    assert [match.unit for match in matches] == list(UNITS)
    for match, passage in zip(matches, PASSAGES, strict=True):
        assert (match.state, match.similarity) == ("found", 1.0)
        assert (match.start, match.end, match.text) == (passage.start, passage.end, passage.text)


def test_without_a_copy_nothing_is_checked() -> None:
    assert {match.state for match in match_units(UNITS, None)} == {"not checked"}
    assert {(match.start, match.text) for match in match_units(UNITS, None)} == {(None, "")}


def test_what_copying_does_to_a_text_changes_nothing() -> None:
    copied = TEXT.replace("'", "\u2019").replace(",", " ,").replace(" ", "\u00a0").replace("captives", "cap\u00adtives")
    assert {match.state for match in match_units(UNITS, copied.upper())} == {"found"}


def test_a_copy_divided_otherwise_is_still_found() -> None:
    copied = TEXT.replace(". ", "; ").replace("\n\n", "\nADVERTISEMENT\n\n")
    matches = match_units(UNITS, copied)
    short = {match.unit.number for match in matches if match.state != "found"}
    assert all(UNITS[number - 1].words < 6 for number in short)
    assert words(matches[13].text) == words(PASSAGES[13].text)


@settings(max_examples=25)
@given(passage=ANY_LONG, edits=st.sampled_from([1, 2, 4]), luck=st.randoms(use_true_random=False))
def test_an_edited_sentence_is_changed_or_not_found_and_the_rest_is_found(
    passage: Passage, edits: int, luck: random.Random
) -> None:
    number = passage.number
    matches = match_units(UNITS, edited(TEXT, number, edits, luck))
    assert others(matches, number) == {"found"}
    match = matches[number - 1]
    assert match.state in ({"changed"} if edits == 1 else {"changed", "not found"})
    if match.state == "changed":
        assert 0.4 <= match.similarity < 1.0 or edits == 4 or match.unit.words > 10
        assert "Xq" in match.text


@pytest.mark.parametrize(("edits", "least"), [(1, 1.0), (2, 0.9), (4, 0.5)])
def test_how_many_edited_sentences_are_known_again(edits: int, least: float) -> None:
    luck = random.Random(7)
    states: Counter[str] = Counter()
    for passage in PASSAGES:
        if len(words(passage.text)) >= 9:
            match = match_units(UNITS, edited(TEXT, passage.number, edits, luck))[passage.number - 1]
            states[match.state] += 1
    assert states["found"] == states["moved"] == 0
    assert states["changed"] / states.total() >= least


@settings(max_examples=25)
@given(passage=ANY_LONG)
def test_a_dropped_sentence_is_not_found_and_the_rest_is(passage: Passage) -> None:
    matches = match_units(UNITS, TEXT.replace(passage.text, ""))
    assert matches[passage.number - 1].state == "not found"
    assert others(matches, passage.number) == {"found"}


def test_a_sentence_that_changed_places_is_moved() -> None:
    sentence = PASSAGES[11].text
    copied = TEXT.replace(sentence, "").rstrip() + f"\n\n{sentence}\n"
    matches = match_units(UNITS, copied)
    assert matches[11].state == "moved"
    assert matches[11].text == sentence
    assert others(matches, 12) == {"found"}


def test_two_halves_that_changed_places() -> None:
    half = TEXT.index(PASSAGES[19].text)
    matches = match_units(UNITS, TEXT[half:] + "\n\n" + TEXT[:half])
    counts = Counter(match.state for match in matches)
    assert set(counts) == {"found", "moved"}
    assert all(words(match.text) == words(passage.text) for match, passage in zip(matches, PASSAGES, strict=True))


def test_of_a_repeated_sentence_order_and_then_position_decide() -> None:
    heading = "Nothing new from the harbour office today"
    first, second = "The boats went out before the morning.", "The boats came home again before the night fell."
    text = f"{heading}\n\n{heading}\n\n{first}\n\n{heading}\n\n{second}\n"
    units = source_units(propose_units(text), len(text))

    def states(copied: str) -> list[MatchState]:
        return [match.state for match in match_units(units, copied)]

    assert states(text) == ["found"] * 5
    assert states(f"{first}\n\n{heading}\n\n{second}\n") == ["not found", "not found", "found", "found", "found"]
    assert states(f"{heading}\n\n{first}\n\n{second}\n") == ["found", "not found", "found", "not found", "found"]
    assert states(f"{first}\n\n{second}\n\n{heading}\n").count("moved") == 1


def test_a_short_heading_is_not_found_inside_a_sentence() -> None:
    text = "Across the water\n\nThe ship sails across the water twice a day when the wind allows it.\n"
    units = source_units(propose_units(text), len(text))
    assert [match.state for match in match_units(units, text)] == ["found", "found"]
    assert [match.state for match in match_units(units, text.split("\n\n")[1])] == ["not found", "found"]


def test_a_unit_inside_another_does_not_take_its_place() -> None:
    inner = "the list will be read out at six"
    text = f"{inner}\n\nIn the harbour they say the list will be read out at six and not a minute later.\n"
    units = source_units(propose_units(text), len(text))
    matches = match_units(units, text.split("\n\n")[1])
    assert [match.state for match in matches] == ["not found", "found"]


def test_no_log_holds_the_words_of_a_copy() -> None:
    assert "harbour" not in repr(match_units(UNITS, TEXT)).lower()


@pytest.mark.parametrize("copied", ["", "\n", "word", "one two three four five six seven eight nine ten"])
def test_a_copy_of_something_else_holds_nothing(copied: str) -> None:
    assert {match.state for match in match_units(UNITS, copied)} == {"not found"}


@settings(max_examples=40)
@given(st.lists(st.sampled_from([passage.text for passage in PASSAGES[:8]]), max_size=12))
def test_each_place_belongs_to_one_unit_and_holds_its_words(pieces: list[str]) -> None:
    copied = "\n\n".join(pieces)
    places = []
    for match in match_units(UNITS, copied):
        if match.state in {"found", "moved"}:
            assert words(copied[match.start : match.end]) == words(PASSAGES[match.unit.number - 1].text)
            places.append((match.start, match.end))
        else:
            assert match.state == "not found"
            assert PASSAGES[match.unit.number - 1].text not in pieces
    assert len(places) == len(set(places))


@needs_article
def test_the_article_is_found_whole_and_every_edit_of_one_word_is_seen() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    passages = propose_units(text)
    units = source_units(passages, len(text))
    assert {match.state for match in match_units(units, text.replace("'", "\u2019"))} == {"found"}
    once = Counter(unit.fingerprint for unit in units)
    for passage, unit in zip(passages, units, strict=True):
        if unit.words < 8 or once[unit.fingerprint] > 1 or unit.number % 4:
            continue
        pieces = passage.text.split(" ")
        pieces[len(pieces) // 2] = "Xq"
        matches = match_units(units, text.replace(passage.text, " ".join(pieces)))
        assert [match.unit.number for match in matches if match.state != "found"] == [unit.number]
        assert matches[unit.number - 1].state == "changed"
