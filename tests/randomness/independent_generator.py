"""The uniforms a second time, from the paper and by another hand, as the oracle of the ones the kernel draws.

Nothing here is shared with ``detente.randomness``: the cipher follows the description of Threefry in Salmon et al.
(SC11, 2011, section 4.2, after Threefish) with 64-bit integers reduced modulo 2^32, its key schedule in a loop over
"injections", and the floats come from exact division of an odd integer.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

ROUNDS = 13
WORD = 2**32
SKEIN_PARITY = 0x1BD11BDA
SKEIN_ROTATIONS = [[13, 15, 26, 6], [17, 29, 16, 24]]


def independent_key(*parts: str | int, seed: int) -> tuple[int, int]:
    """Return the two words of the key: the first eight bytes of a SHA-256, each word with its least byte first."""
    encoded = b""
    for part in [seed, *parts]:
        body = str(part).encode("utf-8")
        encoded += (b"t" if isinstance(part, str) else b"n") + str(len(body)).encode() + b":" + body
    first_eight = int(sha256(encoded).hexdigest()[:16], 16).to_bytes(8, "big")
    words = np.frombuffer(first_eight, dtype="<u4")
    return int(words[0]), int(words[1])


def independent_cipher(key: tuple[int, int], counter0: Any, counter1: Any) -> tuple[Any, Any]:
    """Return the two words that Threefry-2x32-13 makes of a counter, each a 64-bit integer below 2^32."""
    extended = [key[0], key[1], key[0] ^ key[1] ^ SKEIN_PARITY]
    word = [np.asarray(counter0, np.uint64), np.asarray(counter1, np.uint64)]

    def inject(number: int) -> None:
        word[0] = (word[0] + np.uint64(extended[number % 3])) % WORD
        word[1] = (word[1] + np.uint64(extended[(number + 1) % 3] + number)) % WORD

    inject(0)
    for done in range(ROUNDS):
        turn = SKEIN_ROTATIONS[done // 4 % 2][done % 4]
        word[0] = (word[0] + word[1]) % WORD
        shifted = word[1] * np.uint64(2**turn)
        word[1] = (shifted % WORD + shifted // WORD) ^ word[0]
        if (done + 1) % 4 == 0:
            inject((done + 1) // 4)
    return word[0], word[1]


def independent_uniform(
    name: str, site: str | int, seed: int, draw: Any, replicate: Any, step: Any, dtype: Any
) -> npt.NDArray[Any]:
    """Return the uniform that element ``name`` draws at ``site`` in those worlds on those days."""
    draw, replicate, step = np.broadcast_arrays(draw, replicate, step)
    key = independent_key("luck", name, site, seed=seed)
    first, second = independent_cipher(key, draw, replicate.astype(np.uint64) * 65536 + step.astype(np.uint64))
    if np.dtype(dtype) == np.float32:
        bins = first // 2**9  # 23 bits
        return np.asarray((2.0 * bins + 1.0) / 2.0**24, np.float32)
    bins = first * 2**20 + second // 2**12  # 52 bits
    return np.asarray((2.0 * bins + 1.0) / 2.0**53, np.float64)
