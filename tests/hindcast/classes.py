"""Reference classes as tests make them: cases with days, and points of a curve."""

from __future__ import annotations

import datetime as dt

from detente.scenario import ReferenceClass
from detente.scenario.elements import Spell

REMISSION = [(6, 1)] * 3 + [(7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1)] + [
    (weeks, 0) for weeks in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]  # fmt: skip
"""The trial of 6-mercaptopurine of 1963, with which textbooks show the estimate (Cox and Oakes 1984, table 1.1)."""


def cases(lasted: list[tuple[float, int]]) -> ReferenceClass:
    spells = tuple(Spell(dt.date(2031, 1, 1), days, bool(ended), "office", "high", "") for days, ended in lasted)
    return ReferenceClass("truces", "Truces of other years.", (), spells, (), len(spells), ("reference_classes", "t"))


def curve(points: list[tuple[float, float]], of: int = 100) -> ReferenceClass:
    return ReferenceClass("truces", "A published curve", (), (), tuple(points), of, ("reference_classes", "t"))
