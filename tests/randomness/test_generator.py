"""The block cipher, the keys and the uniforms: published answers, the same bits everywhere, and the open interval."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import randomness
from detente.randomness import bits, keys, name_key, uniform32, uniform64
from tests.randomness.independent_generator import independent_key, independent_uniform

WORDS = st.integers(0, 2**32 - 1)


# Random123's known answers: counter, key, output.
@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0), (0, 0), (0x9D1C5EC6, 0x8BD50731)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0xFD36D048, 0x2D17272C)),
        ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xBA3E4725, 0xF27D669E)),
    ],
)
def test_published_answers(counter: tuple[int, int], key: tuple[int, int], answer: tuple[int, int]) -> None:
    assert tuple(int(word) for word in bits(*key, *counter, np)) == answer
    assert tuple(int(word) for word in bits(*key, *counter, jnp)) == answer


def test_twenty_rounds_are_jax_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from jax.extend.random import threefry_2x32

    words = np.random.default_rng(1).integers(0, 2**32, (2, 1000), dtype=np.uint32)
    monkeypatch.setattr(randomness, "_ROUNDS", 20)
    ours = np.concatenate(bits(123456789, 987654321, words[0], words[1], np))
    theirs = threefry_2x32(jnp.array([123456789, 987654321], jnp.uint32), jnp.asarray(words.reshape(-1)))
    np.testing.assert_array_equal(ours, np.asarray(theirs))


def grid(xp: Any, dtype: Any) -> Any:
    """Return uniforms of four keys by 50 draws by 3 replicates by 7 steps, with the largest numbers among them."""
    key = keys([("luck", name, site) for name in ("truce", "relief") for site in (0, 1)], seed=11)
    draw = np.concatenate([np.arange(48), [2**31, 2**32 - 1]]).astype(np.uint32)
    replicate, step = np.array([0, 1, 65535]), np.array([0, 1, 2, 63, 64, 1000, 65535])
    uniform = uniform32 if dtype is np.float32 else uniform64

    def all_of_them(key: Any, draw: Any, replicate: Any, step: Any) -> Any:
        key = key[:, :, None, None, None]
        return uniform(key[:, 0], key[:, 1], draw[:, None, None], replicate[:, None], step, xp)

    compiled = jax.jit(all_of_them) if xp is jnp else all_of_them
    return np.asarray(compiled(*(xp.asarray(part) for part in (key, draw, replicate, step))))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numpy_and_jax_and_the_independent_one_give_the_same_bits(dtype: Any) -> None:
    ours = grid(np, dtype)
    with jax.enable_x64(dtype is np.float64):
        np.testing.assert_array_equal(ours, grid(jnp, dtype), strict=True)
    draw = np.concatenate([np.arange(48), [2**31, 2**32 - 1]])[:, None, None]
    replicate, step = np.array([0, 1, 65535])[:, None], np.array([0, 1, 2, 63, 64, 1000, 65535])
    theirs = [
        independent_uniform(name, site, 11, draw, replicate, step, dtype)
        for name in ("truce", "relief")
        for site in (0, 1)
    ]
    np.testing.assert_array_equal(ours, np.stack(theirs), strict=True)


def test_both_precisions_tell_the_same_story() -> None:
    assert np.max(np.abs(grid(np, np.float32).astype(np.float64) - grid(np, np.float64))) <= 2.0**-23


@pytest.mark.parametrize("word", [0, 1, 2**32 - 1, 2**31, 255, 256, 511, 512])
def test_uniforms_stay_inside_the_open_interval(word: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(randomness, "bits", lambda *_: (np.array([word], np.uint32), np.array([word], np.uint32)))
    u32, u64 = uniform32(0, 0, 0, 0, 0, np), uniform64(0, 0, 0, 0, 0, np)
    assert u32.dtype == np.float32
    assert u64.dtype == np.float64
    for u in (u32, u64):
        assert 0 < u[0] < 1
        assert 1 - u[0] > 0
        assert 1 - (1 - u[0]) == u[0], "the mirror image is exact"


@given(WORDS, WORDS, WORDS, st.integers(0, 65535), st.integers(0, 65535))
def test_one_at_a_time_is_the_same_as_in_blocks(key0: int, key1: int, draw: int, replicate: int, step: int) -> None:
    alone = uniform32(key0, key1, draw, replicate, step, np)
    words = np.array([[key0, 5], [key1, 6], [draw, 7]], np.uint32)
    block = uniform32(words[0], words[1], words[2], replicate, step, np)
    assert alone == block[0]


def test_keys_are_frozen() -> None:
    """A key that moves would move every stored result: these numbers may never change."""
    assert name_key("luck", "varland.extend", 0, seed=1) == (2081412913, 300991825)
    assert keys([("luck", "varland.extend", 0), ("parameter", "regroup_rate")], seed=7).tolist() == [
        [2353274216, 3361404629],
        [76254798, 2643296517],
    ]


@given(st.lists(st.text() | st.integers(), max_size=4), st.integers())
def test_keys_follow_their_definition(parts: list[str | int], seed: int) -> None:
    try:
        "".join(part for part in parts if isinstance(part, str)).encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is no text
    assert name_key(*parts, seed=seed) == independent_key(*parts, seed=seed)


def test_no_two_lists_of_parts_share_a_key() -> None:
    lists: list[tuple[str | int, ...]] = [
        ("ab", "c"),
        ("a", "bc"),
        ("abc",),
        ("abc", ""),
        ("", "abc"),
        (1,),
        ("1",),
        (11,),
        (1, 1),
        ("n1:1",),
        (),
        (-1,),
    ]
    many = [("luck", f"element_{number}", site) for number in range(10_000) for site in range(3)]
    found = keys([*lists, *many], seed=3)
    assert found.dtype == np.uint32
    assert len({tuple(pair) for pair in found.tolist()}) == len(lists) + len(many)
    assert name_key(1, seed=2) != name_key(2, seed=1)
    assert name_key(seed=12) != name_key(2, seed=1)


def test_no_names_give_no_keys() -> None:
    assert keys([], seed=3).shape == (0, 2)


@pytest.mark.parametrize("part", [True, 1.0, None, b"x", ("a",)])
def test_a_key_is_made_of_text_and_whole_numbers(part: Any) -> None:
    with pytest.raises(TypeError, match="text and whole numbers"):
        name_key("luck", part, seed=1)
