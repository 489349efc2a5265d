"""How wide the authors' choice of ranges makes an answer, in words: beside how wide the accounts make it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.analysis.other_ranges import OtherRanges, Ranged
from detente.analysis.run_study import RunStudy
from detente.brief.figure import Table
from detente.brief.wording import NEVER, amount, bare, day, percent
from detente.results import Answer

__all__ = ["RangesTold", "other_ranges_of"]

SAID = {
    "declared": "as declared",
    "halved": "with all ranges halved",
    "doubled": "with all ranges doubled",
    "triangular": "with triangular ranges",
}
TITLES = {
    "declared": "As declared",
    "halved": "All halved",
    "doubled": "All doubled",
    "triangular": "Triangular between the same ends",
}
FEW = 0.005
"""A share of worlds without an answer below which it is not told."""


@dataclass(frozen=True)
class RangesTold:
    """An answer with other ranges, as a reader sees it.

    Parameters
    ----------
    figures
        The figures.
    opening
        The sentence that leads where ranges move the answer more than the accounts do; else empty.
    line
        All of it in one sentence.
    table
        The same in rows.
    data
        The same as plain data; days as ISO text, None for never.
    """

    figures: OtherRanges
    opening: str
    line: str
    table: Table
    data: Mapping[str, Any]


def other_ranges_of(study: RunStudy, question: str) -> RangesTold | None:
    """Return how an answer stands with other ranges; None where it was not run with any."""
    widths = study.questions[question].other_ranges
    if widths is None:
        return None
    words = _Words(study, study.questions[question].answer)
    rows = {name: words.row(figures) for name, figures in widths.by_range.items()}
    columns = ("Ranges", *(("Account by account", "Pooled") if words.told else ("Answer",)), "Sampling, 95 %")
    table = Table(columns, tuple((TITLES[name], *row) for name, row in rows.items()), words.note(widths))
    return RangesTold(widths, words.opening(widths), words.line(widths), table, words.data(widths))


class _Words:
    """Writes the figures of one answer."""

    def __init__(self, study: RunStudy, answer: Answer) -> None:
        self.study, self.answer = study, answer
        self.told = len(study.accounts) > 1
        self.starts = dt.date.fromisoformat(study.case.scenario.starts)

    def date(self, value: float) -> str:
        return (self.starts + dt.timedelta(days=int(value))).isoformat()

    def figure(self, value: float, unit: bool = True) -> str:
        if self.answer.type == "date":
            return NEVER if math.isinf(value) else day(self.date(value))
        if self.answer.type == "number":
            return amount(value, self.answer.unit, named=unit)
        return percent(value) if unit else bare(value)

    def between(self, low: float, high: float) -> str:
        first, last = self.figure(low, unit=False), self.figure(high)
        return last if self.figure(low) == last else f"{first} to {last}"

    def accounts(self, figures: Mapping[str, Ranged]) -> str:
        values = [figures[name].value for name in self.study.accounts]
        return self.between(min(values), max(values))

    def main(self, figures: Mapping[str, Ranged]) -> Ranged:
        return next(iter(figures.values()))

    def row(self, figures: Mapping[str, Ranged]) -> tuple[str, ...]:
        main = self.main(figures)
        sampling = "–" if -main.interval[0] == math.inf else self.between(*main.interval)
        return (*((self.accounts(figures),) if self.told else ()), self.figure(main.value), sampling)

    def opening(self, widths: OtherRanges) -> str:
        if not widths.move_more:
            return ""
        values = {name: self.main(figures).value for name, figures in widths.by_range.items()}
        least, most = min(values, key=lambda name: values[name]), max(values, key=lambda name: values[name])
        low, high = self.figure(values[least]), self.figure(values[most])
        if low == high:
            return ""
        of = f"{self._followed}, " if self._followed else ""
        return (
            "The authors' choice of ranges moves this answer more than whose account holds: "
            f"{of}pooled, {low} {SAID[least]} and {high} {SAID[most]}."
        )

    def line(self, widths: OtherRanges) -> str:
        parts: list[str] = []
        for name, figures in widths.by_range.items():
            if name == "declared":
                continue
            main = self.figure(self.main(figures).value)
            how = "" if parts else " account by account"
            parts.append(f"{SAID[name]} {self.accounts(figures)}{how} (pooled {main})" if self.told
                         else f"{SAID[name]} {main}")  # fmt: skip
        followed = f"{self._followed}: " if self._followed else ""
        text = f"{followed}{', '.join(parts)}.{self.left_out(widths)}"
        return text[:1].upper() + text[1:]

    @property
    def _followed(self) -> str:
        return str(self.answer.value).replace("_", " ") if self.answer.type == "choice" else ""

    def left_out(self, widths: OtherRanges) -> str:
        """Tell of worlds whose answers are no number: the model does not reach so far."""
        lost = {name: max(each.left_out for each in figures.values()) for name, figures in widths.by_range.items()}
        told = [f"{percent(share)} {SAID[name]}" for name, share in lost.items() if share > FEW]
        return f" Worlds in which the model gives no number are left out: {', '.join(told)}." if told else ""

    def note(self, widths: OtherRanges) -> str:
        """Return what the table does not say of itself."""
        followed = f"The share of “{self._followed}”, which leads pooled." if self._followed else ""
        return f"{followed}{self.left_out(widths)}".strip()

    def plain(self, value: float) -> Any:
        if self.answer.type == "date":
            return None if math.isinf(value) else self.date(value)
        return value

    def data(self, widths: OtherRanges) -> dict[str, Any]:
        found = {}
        for name, figures in widths.by_range.items():
            main = self.main(figures)
            ends = None if -main.interval[0] == math.inf else [self.plain(end) for end in main.interval]
            by_account = {account: self.plain(figures[account].value) for account in self.study.accounts}
            lost = max(each.left_out for each in figures.values())
            found[name] = {
                "value": self.plain(main.value),
                "interval": ends,
                "by_account": by_account,
                "left_out": lost,
            }
        return {
            "by_range": found,
            "spread": widths.spread,
            "spread_error": widths.spread_error,
            "spread_of_accounts": widths.of_accounts,
            "spread_of_accounts_error": widths.of_accounts_error,
            "more_than_accounts": widths.move_more,
        }
