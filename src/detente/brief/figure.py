"""What a figure is: a Vega-Lite spec, the datasets it names, and the same in words and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.brief.theme import Scheme, configuration

__all__ = ["DAY_FORMAT", "SCHEMA", "Figure", "Row", "Table", "milliseconds", "moment", "rounded"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""The name of the language; nothing is loaded from there."""
MIME_TYPE = "application/vnd.vegalite.v6+json"
"""Data in a notebook must have a type that ends in ``+json``; a program that does not know it shows the picture."""
FIGURES_KEPT = 5

DAY_FORMAT = "%-d %b"
"""How an axis writes a day: ``9 May``."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """What a figure shows, as words in rows: for readers who do not see it, and for those who want the figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure, drawn alike on the page, in a notebook and in the workbench.

    Parameters
    ----------
    name
        Its own name on the page.
    title
        What it is of.
    alt
        What it shows, in words.
    spec
        A Vega-Lite specification without data and without colours.
    datasets
        The data that the specification names.
    table
        The same in words.
    height
        In pixels, as far as known: the room that a page keeps free for it.
    """

    name: str
    title: str
    alt: str
    spec: Mapping[str, Any]
    datasets: Mapping[str, Sequence[Row]]
    table: Table
    height: int = field(default=200)

    def complete(self, scheme: Scheme = "light", width: int | None = None) -> dict[str, Any]:
        """Return one specification with its data and colours in it.

        Parameters
        ----------
        scheme
            ``light`` or ``dark``.
        width
            In pixels; without it the figure is as wide as what it stands in.
        """
        whole = {"$schema": SCHEMA, **self.spec, "config": configuration(scheme), "datasets": dict(self.datasets)}
        return whole if width is None else {**whole, "width": width}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Return the figure for a notebook: the specification, and a picture where it cannot be drawn."""
        import vl_convert  # as heavy as a browser: only where a notebook asks for a picture

        whole = self.complete(width=640)
        picture = vl_convert.vegalite_to_svg(whole)
        return {MIME_TYPE: whole, "image/svg+xml": picture, "text/plain": f"{self.title}\n{self.alt}"}


def moment(day: dt.date) -> dict[str, Any]:
    """Return a day as an axis or a scale takes it."""
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}


def rounded(value: float) -> float:
    """Return a number with as many figures as a drawing can show."""
    return float(f"{value:.{FIGURES_KEPT}g}")


def milliseconds(day: dt.date) -> int:
    """Return where a day stands on an axis of days."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000)
