"""What every method's result carries: how it was made, the form of an answer, and intervals."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import ResultError
from detente.runtime import Runtime, current
from detente.stored import StoredFloats
from detente.writing import written_whole

if TYPE_CHECKING:
    pass

__all__ = [
    "Answer",
    "Band",
    "CrossedBound",
    "Interval",
    "Provenance",
    "as_json",
    "clopper_pearson",
    "data_frame",
    "weighted_quantile",
    "write_data",
]

Interval = tuple[float, float]


@dataclass(frozen=True)
class Provenance:
    """How a result was made: enough to make it again to the bit on the same kind of processor.

    Parameters
    ----------
    case, case_hash, as_of
        Which description, and up to which moment.
    account, readings
        The account told, and the readings fixed; the other switches were drawn.
    seed, worlds, replicates
        The size of the run: ``worlds`` counts draws times replicates, over all parts.
    weighted
        Whether worlds were weighted by how well they follow what was known.
    partial
        True if it was stopped on the way.
    precision
        Of the numbers computed with.
    posterior_until
        Up to when the posterior that was applied had been fitted to the record; None where declared ranges were drawn.
    runtime
        What it was computed with: versions, processor, settings of the compiler.
    """

    case: str
    case_hash: str
    as_of: str
    account: str | None
    readings: Mapping[str, str]
    seed: int
    worlds: int
    replicates: int
    weighted: bool = True
    partial: bool = False
    precision: str = "float32"
    posterior_until: str | None = None
    runtime: Runtime = field(default_factory=current)

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of Python, Détente and the libraries that decide about the bits."""
        return self.runtime.versions

    @property
    def processor(self) -> str:
        """The kind of processor, as the system names it."""
        return self.runtime.processor

    @staticmethod
    def of(data: Mapping[str, Any]) -> Provenance:
        """Return what :func:`dataclasses.asdict` made into plain data; earlier versions told less of the runtime."""
        told = dict(data)
        earlier = {"versions": told.pop("versions", {}), "processor": told.pop("processor", ""), "features": ""}
        runtime = Runtime.of({"flags": (), "warnings": (), **told.pop("runtime", earlier)})
        return Provenance(**told, runtime=runtime)


@dataclass(frozen=True)
class Answer:
    """What a run says to one question.

    Parameters
    ----------
    id, asks
        The question.
    type
        ``yes/no``, ``number``, ``date`` or ``choice``.
    unit
        Of a number.
    probability
        For yes/no: the share of this model's worlds.
    quantiles
        For a number: by percent (5, 25, 50, 75, 95). For a date: ISO days, None for never.
    never
        For a date: the share of worlds in which the day does not come within the horizon.
    shares
        For a choice: the share of worlds of each alternative.
    mean
        For a number.
    range
        5th to 95th percentile over draws of parameters and readings, luck taken out: of the share, of the expected
        number, of a draw's own middle day.
    no_range
        Why there is none: ``only luck``, where nothing that is not known reaches the answer; ``not resolved``, where it
        cannot be told from luck that draws differ.
    sampling_interval
        95 %, clustered by draw, of the share or the mean.
    median_interval
        For a number or a date: 95 %, clustered by draw, of the middle world; None for never.
    share_ranges, share_intervals
        For a choice: the range of the share of each alternative, and its sampling interval.
    """

    id: str
    asks: str
    type: str
    unit: str = ""
    probability: float | None = None
    quantiles: Mapping[str, Any] | None = None
    never: float | None = None
    shares: Mapping[str, float] | None = None
    mean: float | None = None
    range: tuple[Any, Any] | None = None
    no_range: str | None = None
    sampling_interval: Interval | None = None
    median_interval: tuple[Any, Any] | None = None
    share_ranges: Mapping[str, Interval | None] | None = None
    share_intervals: Mapping[str, Interval | None] | None = None

    @property
    def value(self) -> Any:
        """The one figure that a headline gives: a share, a median, or the commonest alternative."""
        if self.probability is not None:
            return self.probability
        if self.quantiles is not None:
            return self.quantiles["50"]
        return max(self.shares or {"": 0.0}, key=lambda name: (self.shares or {"": 0.0})[name])

    @property
    def value_interval(self) -> tuple[Any, Any] | None:
        """The 95 % sampling interval of :attr:`value`: of a choice, that of the share of its commonest alternative."""
        if self.type == "yes/no":
            return self.sampling_interval
        return (self.share_intervals or {}).get(self.value) if self.type == "choice" else self.median_interval


@dataclass(frozen=True)
class Band:
    """A measure day by day: its quantiles over worlds, or the share of worlds in which it holds.

    ``quantiles`` is ``[days, 5]`` for the 5th, 25th, 50th, 75th and 95th, counted in one world of four where a draw's
    replicates can be shared out so; ``share`` is ``[days]``, counted in all.
    """

    name: str
    unit: str
    quantiles: StoredFloats | None = None
    share: StoredFloats | None = None


@dataclass(frozen=True)
class CrossedBound:
    """A bound declared in the case that is crossed in some worlds.

    Parameters
    ----------
    element, side, limit
        What goes ``below`` or ``above`` which limit, as the case writes it.
    share
        The share of worlds, by their weight.
    first_day
        The earliest day, ISO.
    """

    element: str
    side: str
    limit: str
    share: float
    first_day: str


def clopper_pearson(happened: int, of: int, level: float = 0.95) -> Interval:
    """Return the exact binomial interval of Clopper and Pearson (1934)."""
    from scipy.special import betaincinv  # a quarter of a second that most commands do not need

    tail = (1 - level) / 2
    low = 0.0 if happened == 0 else float(betaincinv(happened, of - happened + 1, tail))
    high = 1.0 if happened == of else float(betaincinv(happened + 1, of - happened, 1 - tail))
    return low, high


def weighted_quantile(
    values: NDArray[np.floating], weights: NDArray[np.floating] | NDArray[np.integer], shares: Sequence[float]
) -> list[float]:
    """Return quantiles of weighted values: for each share the least value up to which that share of the weight lies.

    Parameters
    ----------
    values
        ``[values]``, in any unit; infinities count as the largest.
    weights
        ``[values]``, 0 or more; a value that weighs nothing is none, even if it is no number.
    shares
        From 0 to 1.

    Returns
    -------
    list
        One value for each share, in the values' unit; no number where nothing weighs.

    References
    ----------
    R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): type 1.
    """
    kept = weights > 0
    if not kept.any():
        return [math.nan] * len(shares)
    # An array of doubles: of a lone float NumPy makes a share of the values' precision, and counts with that.
    at = np.asarray(shares, np.float64)
    return [float(one) for one in np.quantile(values[kept], at, weights=weights[kept], method="inverted_cdf")]


def write_data(data: Mapping[str, Any], path: Path) -> None:
    """Write data as JSON, in a folder that is made where there is none; what is not finite is refused."""
    text = as_json(data)
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")


def as_json(data: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """Return data as the text of a JSON file, if asked for with other signs escaped; what is not finite is refused."""
    return json.dumps(data, indent=2, ensure_ascii=ascii_only, allow_nan=False) + "\n"


def data_frame(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return rows of the same columns as a ``pandas.DataFrame``.

    Raises
    ------
    ResultError
        If pandas is not installed.
    """
    try:
        pandas = import_module("pandas")  # half a second that most commands do not need
    except ImportError:
        raise ResultError("a table needs pandas, which is not installed; pip install pandas") from None
    return pandas.DataFrame(list(rows))
