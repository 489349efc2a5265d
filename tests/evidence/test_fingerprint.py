"""Words, fingerprints and sketches: what copying does to a text changes nothing, and what editing does is seen."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence import fingerprint, propose_units, similarity, sketch, words
from detente.evidence.fingerprint import SKETCH_SIZE, placed_words, shingles
from detente.evidence.matching import LARGEST_RATIO, LEAST_SIMILARITY
from tests.evidence.repository import GAZETTE

SENTENCES = [passage.text for passage in propose_units(GAZETTE.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The League's own list.", "the leagues own list"),
        ("\u201cThe League\u2019s own list\u201d", "the leagues own list"),
        ("har\u00adbour\u200b town", "harbour town"),
        ("US-Israel \u2014 day\u00a0two", "us israel day two"),
        ("1,200 of 9 998", "1 200 of 9 998"),
        ("ﬁre \uff21\uff22 Straße", "fire ab strasse"),
        ("cafe\u0301 café", "café café"),
        ("snake_case", "snake case"),
        ("½ m²", "1 2 m2"),
        (
            "\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd \u0633\u0644\u0627\u0645",
            "\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd \u0633\u0644\u0627\u0645",
        ),
        ("*** \u2014 \u2019", ""),
    ],
)
def test_words_are_normalised(text: str, expected: str) -> None:
    assert words(text) == unicodedata.normalize("NFKC", expected).split()


@given(st.text(max_size=200))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(st.text(max_size=200))
def test_placed_words_are_the_words_and_stand_where_they_say(text: str) -> None:
    placed = placed_words(text)
    assert [word.word for word in placed] == words(text)
    for word in placed:
        assert word.word in words(text[word.start : word.end])


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=100))
def test_plain_letters_need_no_slow_path(text: str) -> None:
    assert words(text) == words(text + " \u00e9")[:-1]


def test_a_fingerprint_is_128_bits_and_knows_its_words() -> None:
    marks = {fingerprint(words(sentence)) for sentence in SENTENCES}
    assert len(marks) == len(SENTENCES)
    assert all(len(mark) == 32 and int(mark, 16) for mark in marks)
    assert fingerprint(["one", "day"]) != fingerprint(["oneday"])


@pytest.mark.parametrize("text", ["", "Ashore", "Ashore again", "Ashore again today"])
def test_very_short_units_have_a_sketch_of_their_own(text: str) -> None:
    mark = sketch(words(text))
    assert len(mark) == (1 if text else 0)
    assert similarity(mark, shingles(words(text))) == (1.0 if text else 0.0)
    assert similarity(mark, shingles(words("another heading altogether"))) == 0.0


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=60))
def test_a_sketch_is_small_sorted_and_like_itself(normalised: list[str]) -> None:
    mark = sketch(normalised)
    assert list(mark) == sorted(set(mark))
    assert len(mark) <= SKETCH_SIZE
    assert all(0 <= shingle < 2**32 for shingle in mark)
    assert similarity(mark, shingles(normalised)) == (1.0 if normalised else 0.0)


@pytest.mark.parametrize(("edits", "least"), [(0, 1.0), (1, 1.0), (2, 0.9), (4, 0.55)])
def test_a_sketch_knows_an_edited_sentence_again(edits: int, least: float) -> None:
    luck = random.Random(edits)
    known = tried = 0
    for sentence in SENTENCES:
        normalised = words(sentence)
        if len(normalised) < 8:
            continue
        for _ in range(40):
            edited = list(normalised)
            for place in luck.sample(range(len(edited)), edits):
                edited[place] = f"edited{place}"
            known += similarity(sketch(normalised), shingles(edited)) >= LEAST_SIMILARITY
            tried += 1
            assert (fingerprint(edited) == fingerprint(normalised)) == (edits == 0)
    assert known / tried >= least


def test_no_sentence_is_taken_for_another() -> None:
    for one in SENTENCES:
        for other in SENTENCES:
            alike = similarity(sketch(words(one)), shingles(words(other)))
            if one == other or len(words(other)) > LARGEST_RATIO * len(words(one)):
                continue  # a heading of three words may stand whole in a long sentence
            assert alike < LEAST_SIMILARITY, (one, other)
