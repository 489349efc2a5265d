"""Luck that is looked up, never drawn in turn: keyed uniforms, and the inverse CDFs that bend them.

A random number here is a function of *what it is for* (a name, and the place of the draw in that element) and of
*which world and day* it is for (draw, replicate, step). Nothing is stored between two draws, so the same world has the
same luck whatever the order, the block size or the number of threads, and an element that is added to a case leaves
every other element's luck as it was.

::

    name, site, seed ──SHA-256──▶ key    (two uint32)  ┐
    draw, replicate, step ──────▶ counter (two uint32) ┴─ Threefry-2x32 ──▶ uniform in (0, 1) ──inverse CDF──▶ value

Every value is made from **one** uniform by a function that rises with the uniform and is monotone in its parameters,
so that worlds stay paired when a parameter moves. All functions take the array module ``xp`` (``numpy`` or
``jax.numpy``), work elementwise with broadcasting and use few operations, so that the same text serves the slow oracle
and the compiled kernel.

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
D. B. Peizer, J. W. Pratt, "A normal approximation for binomial, F, beta, and other common, related tail
probabilities", J. American Statistical Association 63 (1968).
M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
M. B. Giles, "Algorithm 955: approximation of the inverse Poisson cumulative distribution function", ACM TOMS 42 (2016).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "beta",
    "binomial",
    "bits",
    "chance",
    "choice",
    "interval90",
    "keys",
    "lognormal",
    "name_key",
    "normal",
    "poisson",
    "triangular",
    "uniform32",
    "uniform64",
    "uniform_between",
]

Array: TypeAlias = Any  # an array of numpy or of jax.numpy: the two share no type
Module: TypeAlias = Any  # numpy or jax.numpy

_PARITY = 0x1BD11BDA
_ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
_ROUNDS = 13


def name_key(*parts: str | int, seed: int) -> tuple[int, int]:
    """Return the key of a name: 64 bits of SHA-256 over the seed and the name's parts, as two 32-bit words."""
    digest = hashlib.sha256()
    for part in (seed, *parts):
        if isinstance(part, bool) or not isinstance(part, (str, int)):
            raise TypeError(f"a key is made of text and whole numbers, not {type(part).__name__}: {part!r}")
        text = (part if isinstance(part, str) else str(int(part))).encode()
        kind = "t" if isinstance(part, str) else "n"
        # Kind and length stand before each part, so no two lists of parts share an encoding.
        digest.update(f"{kind}{len(text)}:".encode() + text)
    prefix = digest.digest()
    return int.from_bytes(prefix[0:4], "little"), int.from_bytes(prefix[4:8], "little")


def keys(names: Sequence[tuple[str | int, ...]], seed: int) -> npt.NDArray[np.uint32]:
    """Return the keys of many names as an array of shape ``[names, 2]``."""
    return np.array([name_key(*name, seed=seed) for name in names], dtype=np.uint32).reshape(len(names), 2)


def bits(key0: Array, key1: Array, counter0: Array, counter1: Array, xp: Module) -> tuple[Array, Array]:
    """Return 64 random bits for each key and counter: the block cipher Threefry-2x32-13, as two arrays of uint32."""
    key0, key1 = xp.asarray(key0, xp.uint32), xp.asarray(key1, xp.uint32)
    schedule = (key0, key1, key0 ^ key1 ^ np.uint32(_PARITY))
    with np.errstate(over="ignore"):  # words wrap around, and NumPy would warn of it for single numbers
        x = xp.asarray(counter0, xp.uint32) + schedule[0]
        y = xp.asarray(counter1, xp.uint32) + schedule[1]
        for turn in range(_ROUNDS):
            rotation = _ROTATIONS[turn % 8]
            x = x + y
            y = ((y << np.uint32(rotation)) | (y >> np.uint32(32 - rotation))) ^ x
            if turn % 4 == 3:
                group = turn // 4 + 1
                x = x + schedule[group % 3]
                y = y + (schedule[(group + 1) % 3] + np.uint32(group))
    return x, y


def _block(key0: Array, key1: Array, draw: Array, replicate: Array, step: Array, xp: Module) -> tuple[Array, Array]:
    """Return the bits of a world's day: draw below 2^32, replicate and step below 2^16."""
    replicate, step = xp.asarray(replicate, xp.uint32), xp.asarray(step, xp.uint32)
    return bits(key0, key1, draw, (replicate << np.uint32(16)) | step, xp)


def uniform32(key0: Array, key1: Array, draw: Array, replicate: Array, step: Array, xp: Module) -> Array:
    """Return a float32 strictly between 0 and 1 for each key, draw, replicate and step.

    It is the centre of one of 2^23 equal bins, so a chance below 6e-8 never comes up.
    """
    x, _ = _block(key0, key1, draw, replicate, step, xp)
    # An odd number of 24 bits: exact in float32, never 0 nor 1, and 1 - u is exact too.
    odd = (x >> np.uint32(8)) | np.uint32(1)
    return odd.astype(xp.int32).astype(xp.float32) * np.float32(2.0**-24)


def uniform64(key0: Array, key1: Array, draw: Array, replicate: Array, step: Array, xp: Module) -> Array:
    """Return a float64 strictly between 0 and 1 for each key, draw, replicate and step.

    It is the centre of one of 2^52 equal bins. In JAX the caller must have 64-bit types enabled.
    """
    x, y = _block(key0, key1, draw, replicate, step, xp)
    # An odd number of 53 bits: the whole first word and the top of the second. It agrees with uniform32 to 2^-23.
    low = ((y >> np.uint32(11)) | np.uint32(1)).astype(xp.int32).astype(xp.float64)
    return (x.astype(xp.float64) * np.float64(2.0**21) + low) * np.float64(2.0**-53)


def _like(u: Array, xp: Module, *values: Array) -> list[Array]:
    """Return the values as arrays of the uniform's precision, so that float32 in gives float32 out."""
    return [xp.asarray(value, u.dtype) for value in values]


def uniform_between(u: Array, low: Array, high: Array, xp: Module) -> Array:
    """Return the value at ``u`` of a quantity spread evenly between ``low`` and ``high``."""
    low, high = _like(u, xp, low, high)
    return xp.minimum(low + u * (high - low), xp.maximum(low, high))


def triangular(u: Array, low: Array, mode: Array, high: Array, xp: Module) -> Array:
    """Return the value at ``u`` of a triangular distribution: likeliest at ``mode``, nothing beyond the bounds."""
    low, mode, high = _like(u, xp, low, mode, high)
    width = high - low
    peak = (mode - low) / xp.where(width > 0, width, xp.ones_like(width))
    left = low + width * xp.sqrt(u * peak)
    right = high - width * xp.sqrt((1 - u) * (1 - peak))
    return xp.where(u < peak, xp.minimum(left, mode), xp.maximum(right, mode))


# fmt: off
# Wichura's AS 241, routine PPND16; the same coefficients stand in Python's ``statistics.NormalDist``.
_CENTRE = (
    (2.50908_09287_30122_6727e3, 3.34305_75583_58812_8105e4, 6.72657_70927_00870_0853e4, 4.59219_53931_54987_1457e4,
     1.37316_93765_50946_1125e4, 1.97159_09503_06551_4427e3, 1.33141_66789_17843_7745e2, 3.38713_28727_96366_6080e0),
    (5.22649_52788_52854_5610e3, 2.87290_85735_72194_2674e4, 3.93078_95800_09271_0610e4, 2.12137_94301_58659_5867e4,
     5.39419_60214_24751_1077e3, 6.87187_00749_20579_0830e2, 4.23133_30701_60091_1252e1, 1.0),
)
_TAIL = (
    (7.74545_01427_83414_07640e-4, 2.27238_44989_26918_45833e-2, 2.41780_72517_74506_11770e-1,
     1.27045_82524_52368_38258e0, 3.64784_83247_63204_60504e0, 5.76949_72214_60691_40550e0,
     4.63033_78461_56545_29590e0, 1.42343_71107_49683_57734e0),
    (1.05075_00716_44416_84324e-9, 5.47593_80849_95344_94600e-4, 1.51986_66563_61645_71966e-2,
     1.48103_97642_74800_74590e-1, 6.89767_33498_51000_04550e-1, 1.67638_48301_83803_84940e0,
     2.05319_16266_37758_82187e0, 1.0),
)
_FAR = (
    (2.01033_43992_92288_13265e-7, 2.71155_55687_43487_57815e-5, 1.24266_09473_88078_43860e-3,
     2.65321_89526_57612_30930e-2, 2.96560_57182_85048_91230e-1, 1.78482_65399_17291_33580e0,
     5.46378_49111_64114_36990e0, 6.65790_46435_01103_77720e0),
    (2.04426_31033_89939_78564e-15, 1.42151_17583_16445_88870e-7, 1.84631_83175_10054_68180e-5,
     7.86869_13114_56132_59100e-4, 1.48753_61290_85061_48525e-2, 1.36929_88092_27358_05310e-1,
     5.99832_20655_58879_37690e-1, 1.0),
)
# Routine PPND7: enough for float32, and half the work.
_CENTRE7 = ((5.9109374720e1, 1.5929113202e2, 5.0434271938e1, 3.3871327179e0),
            (6.7187563600e1, 7.8757757664e1, 1.7895169469e1, 1.0))
_TAIL7 = ((1.7023821103e-1, 1.3067284816e0, 2.7568153900e0, 1.4234372777e0),
          (1.2021132975e-1, 7.3700164250e-1, 1.0))
# fmt: on


def _polynomial(x: Array, coefficients: Sequence[float]) -> Array:
    value = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        value = value * x + coefficient
    return value


def _standard_normal(u: Array, xp: Module) -> Array:
    """Return the standard normal quantile by AS 241."""
    single = u.dtype == np.float32
    centre, tail = (_CENTRE7, _TAIL7) if single else (_CENTRE, _TAIL)
    q = u - 0.5
    near = 0.180625 - q * q
    inner = q * _polynomial(near, centre[0]) / _polynomial(near, centre[1])
    r = xp.sqrt(-xp.log(xp.minimum(u, 1 - u)))
    outer = _polynomial(r - 1.6, tail[0]) / _polynomial(r - 1.6, tail[1])
    if not single:
        far = _polynomial(r - 5, _FAR[0]) / _polynomial(r - 5, _FAR[1])
        outer = xp.where(r > 5, far, outer)
    return xp.where(xp.abs(q) <= 0.425, inner, xp.where(q < 0, -outer, outer))


def normal(u: Array, mean: Array, sd: Array, xp: Module) -> Array:
    """Return the value at ``u`` of a normal distribution with that mean and standard deviation."""
    mean, sd = _like(u, xp, mean, sd)
    return mean + sd * _standard_normal(u, xp)


def lognormal(u: Array, median: Array, spread: Array, xp: Module) -> Array:
    """Return the value at ``u`` of a lognormal distribution; ``spread`` is the standard deviation of its logarithm."""
    median, spread = _like(u, xp, median, spread)
    limit = 40.0 if u.dtype == np.float32 else 350.0  # keeps a factor of 10^17 (10^152) from running into infinity
    exponent = xp.minimum(xp.maximum(spread * _standard_normal(u, xp), -limit), limit)
    return median * xp.exp(exponent)


def chance(u: Array, p: Array, xp: Module) -> Array:
    """Return whether something that has chance ``p`` happens at ``u``."""
    (p,) = _like(u, xp, p)
    return u < p


def choice(u: Array, weights: Sequence[Array], xp: Module) -> Array:
    """Return which of the ordered alternatives is taken at ``u``, each as likely as its weight is large.

    An alternative of weight 0 is never taken; where no weight is above 0 the first one is.
    """
    weights = [xp.maximum(weight, 0) for weight in _like(u, xp, *weights)]
    sums = [weights[0]]
    for weight in weights[1:]:
        sums.append(sums[-1] + weight)
    point = u * sums[-1]
    index = xp.zeros(xp.shape(point), xp.int32)
    for edge in sums[:-1]:
        index = index + (point > edge).astype(xp.int32)
    return index


_SEAM = 8.0  # the mean above which a Poisson count comes from the normal expansion


def poisson(u: Array, mean: Array, xp: Module) -> Array:
    """Return the count at ``u`` of events that come singly and evenly, ``mean`` of them on average.

    Exact up to a mean of 8. Above it, Giles's expansion of the quantile about the normal, rounded down: within 0.0001
    of the exact cumulative chance. Beyond the seam the count is never below the exact one at the seam, which keeps it
    monotone in the mean.
    """
    (mean,) = _like(u, xp, mean)
    mean = xp.maximum(mean, 0)
    count = _poisson_search(u, xp.minimum(mean, _SEAM), xp)
    large = xp.maximum(mean, _SEAM)
    s = xp.maximum(_standard_normal(u, xp) / xp.sqrt(large), -1.5)
    leading = 1 + s * (1 + s * (1 / 6 + s * (-1 / 72 + s / 270)))
    second = 1 / 3 + s * (-1 / 36 + s * (7 / 810)) - (8 / 405) / large
    return xp.where(mean > _SEAM, xp.maximum(count, xp.floor(large * leading + second)), count)


def _poisson_search(u: Array, mean: Array, xp: Module) -> Array:
    """Return the exact Poisson count for means up to the seam, by counting the steps of the CDF that lie below u.

    The lower half is summed from below and the upper half from above, so that neither tail drowns in rounding.
    """
    terms = [xp.exp(-mean)]
    for k in range(1, 30 if u.dtype == np.float32 else 48):
        terms.append(terms[-1] * (mean * (1 / k)))
    one = u.dtype.type(1)
    rest, upper = terms[-1], 0 * terms[-1]
    for term in reversed(terms[:-1]):
        upper = upper + (1 - u < rest) * one
        rest = rest + term
    below = terms[0]
    lower = (u > below) * one
    for term in terms[1 : int(_SEAM) + 1]:
        below = below + term
        lower = lower + (u > below) * one
    return xp.where(u < 0.5, lower, upper)


def interval90(u: Array, low: Array, high: Array, xp: Module = np) -> Array:
    """Return the value at ``u`` of the distribution whose 5th and 95th percentiles are ``low`` and ``high``.

    It is lognormal where both are above 0, else normal.
    """
    low, high = _like(u, xp, low, high)
    reach = 1.6448536269514722
    z = _standard_normal(u, xp)
    positive = (low > 0) & (high > 0)
    log_low, log_high = (xp.log(xp.where(positive, end, xp.ones_like(end))) for end in (low, high))
    curved = xp.exp((log_low + log_high) / 2 + (log_high - log_low) / (2 * reach) * z)
    straight = (low + high) / 2 + (high - low) / (2 * reach) * z
    return xp.where(positive, curved, straight)


def _repeat(times: int, body: Callable[[Any], Any], state: Any, xp: Module) -> Any:
    """Return the state after a fixed number of rounds: a plain loop in NumPy, one rolled loop in JAX."""
    if xp is np:
        for _ in range(times):
            state = body(state)
        return state
    from jax import lax

    return lax.fori_loop(0, times, lambda _, held: body(held), state)


_GAP = tuple(2 * (-1) ** n / ((n + 1) * (n + 2)) for n in range(12, 0, -1))  # g(1 + d) / d, highest power first


def _log_gap(x: Array, xp: Module) -> Array:
    """Return Peizer and Pratt's g(x) = (1 - x^2 + 2 x log x) / (1 - x)^2, by its series where x is near 1."""
    x = xp.minimum(xp.maximum(x, 1e-5), 1e5)  # beyond these the score is far outside any normal quantile asked for
    near = xp.abs(x - 1) < 0.2
    d = xp.where(near, x - 1, 0 * x)
    series = d * _polynomial(d, _GAP)
    x = xp.where(near, 0 * x + 2, x)
    return xp.where(near, series, (1 - x * x + 2 * x * xp.log(x)) / ((1 - x) * (1 - x)))


def _binomial_score(k: Array, n: Array, p: Array, q: Array, xp: Module) -> Array:
    """Return Peizer and Pratt's z such that at most ``k`` successes in ``n`` trials have chance Phi(z), nearly."""
    gap = k + 2 / 3 - (n + 1 / 3) * p + 0.02 * (q / (k + 1) - p / (n - k) + (q - 0.5) / (n + 1))
    bend = 1 + q * _log_gap((k + 0.5) / (n * p), xp) + p * _log_gap((n - k - 0.5) / (n * q), xp)
    return gap * xp.sqrt(xp.maximum(bend, 1e-6) / ((n + 1 / 6) * p * q))


def binomial(u: Array, n: Array, p: Array, xp: Module) -> Array:
    """Return the number of successes at ``u`` in ``n`` trials that each succeed with chance ``p``.

    No success and nothing but successes have their exact chances; the others follow Peizer and Pratt (1968) and are
    within 0.001 of the exact cumulative chance (0.002 in float32 for tens of thousands of trials). ``n`` is rounded to
    a whole number.
    """
    u, n, p = xp.broadcast_arrays(u, *_like(u, xp, n, p))
    n = xp.floor(xp.maximum(n, 0) + 0.5)
    edge = float(np.finfo(u.dtype).eps)
    inner = xp.minimum(xp.maximum(p, edge**2), 1 - edge)
    q = 1 - inner
    last = xp.maximum(n - 1, 1)
    w = _standard_normal(u, xp)
    # The Cornish-Fisher guess is never 8 off, so five halvings of 16 find the count.
    guess = n * inner + w * xp.sqrt(n * inner * q) + (q - inner) * (w * w - 1) / 6
    low = xp.minimum(xp.maximum(xp.floor(guess) - 8, 0), last)

    def halve(state: Any) -> Any:
        low, step = state
        middle = xp.minimum(low + step, last)
        below = _binomial_score(middle - 1, xp.maximum(n, 2), inner, q, xp) < w
        return xp.where(below, middle, low), step / 2

    low, _ = _repeat(5, halve, (low, 0 * low + 16), xp)
    count = xp.minimum(xp.maximum(low, 1), last)
    count = xp.where((u > 1 - xp.exp(n * xp.log(inner))) | (n < 2), n, count)
    count = xp.where(u <= xp.exp(n * xp.log1p(-inner)), 0 * n, count)
    return xp.where(p <= 0, 0 * n, xp.where(p >= 1, n, count))


_SHIFT = 3  # how far both parameters of a beta distribution are raised before the normal score is trusted


def beta(u: Array, a: Array, b: Array, xp: Module) -> Array:
    """Return the value at ``u`` of a beta distribution, which lies from 0 to 1 and has mean ``a / (a + b)``.

    The distribution function is halved towards ``u`` on a fixed grid of logits, so the value is monotone wherever the
    function is. It follows Peizer and Pratt (1968) and is within 0.0004 of the exact cumulative chance. Much the
    dearest of the draws: use it sparingly on days.
    """
    u, a, b = xp.broadcast_arrays(u, *_like(u, xp, a, b))
    # The upper half is the mirror of the lower one: 1 - x has parameters b, a.
    upper = u > 0.5
    v, a, b = xp.where(upper, 1 - u, u), xp.where(upper, b, a), xp.where(upper, a, b)
    scale = _beta_scale(a, b, xp)
    single = u.dtype == np.float32

    def halve(state: Any) -> Any:
        logit, step = state
        return xp.where(_beta_below(logit, v, a, b, scale, xp), logit + step, logit - step), step / 2

    span = 80.0 if single else 600.0
    logit, _ = _repeat(28 if single else 50, halve, (0 * v, 0 * v + span / 2), xp)
    return 1 / (1 + xp.exp(xp.where(upper, logit, -logit)))


def _beta_scale(a: Array, b: Array, xp: Module) -> Array:
    """Return the part of log T, the first term of :func:`_beta_below`, that does not depend on x."""

    def stirling(z: Array) -> Array:
        return (1 / 12 - (1 / 360 - 1 / (1260 * z * z)) / (z * z)) / z

    high_a, high_b = a + _SHIFT, b + _SHIFT
    total = high_a + high_b
    scale = 0.5 * xp.log(high_a / total * high_b / (2 * np.pi)) + stirling(total) - stirling(high_a) - stirling(high_b)
    for i in range(_SHIFT):
        scale = scale + xp.log((a + i) / (a + b + 2 * i)) + xp.log((b + i) / (a + b + 2 * i + 1))
    return scale - xp.log(a)


def _beta_below(logit: Array, v: Array, a: Array, b: Array, scale: Array, xp: Module) -> Array:
    """Return whether the beta distribution function, at the x with that logit, lies below ``v``.

    1. I_x(a, b) = I_x(a + 1, b) + T and I_x(a + 1, b) = I_x(a + 1, b + 1) - T' raise both parameters by one, three
       times over; each T follows from the one before.
    2. At the raised parameters I_x is Phi(score), nearly; so the score is compared with the normal quantile of what
       the terms leave of ``v``.
    """
    single = v.dtype == np.float32
    up, down = xp.exp(logit), xp.exp(-logit)
    x, y = 1 / (1 + down), 1 / (1 + up)
    high_a, high_b = a + _SHIFT, b + _SHIFT
    total = high_a + high_b

    def gap(part: Array, weight: Array, log_part: Array) -> Array:
        """Return weight * (log r - (r - 1)) for r = part * total / weight, without cancelling where r is near 1."""
        d = (part * total - weight) / weight
        log = xp.where(d < -0.5, log_part + xp.log(total / weight), xp.log1p(xp.maximum(d, -0.5)))
        return weight * (log - d)

    log_x, log_y = -xp.log1p(down), -xp.log1p(up)
    term = xp.exp(gap(x, high_a, log_x) + gap(y, high_b, log_y) + scale - _SHIFT * (log_x + log_y))
    left = v
    for i in range(_SHIFT):
        left = left - term
        term = term * x * ((a + b + 2 * i) / (b + i))
        left = left + term
        term = term * y * ((a + b + 2 * i + 1) / (a + i + 1))
    lowest, highest = float(np.finfo(v.dtype).tiny), 1 - 2.0 ** (-24 if single else -53)
    quantile = _standard_normal(xp.minimum(xp.maximum(left, lowest), highest), xp)
    score = -_binomial_score(high_a - 1, total - 1, x, y, xp)
    return (left > lowest) & ((left > highest) | (score < quantile))
