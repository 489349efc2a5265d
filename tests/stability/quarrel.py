"""A small case with a conflict whose preferences a test sets: two neighbours, a fence and a hedge."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from detente.scenario import Case, load

HEAD = """\
case: quarrel
title: A fence and a hedge
authors: [the Détente authors]
viewpoint: Invented.
as_of: "2031-05-04T06:00+02:00"
sources:
  letter: {title: A letter, publisher: The lane, published: "2031-05-01T08:00+02:00"}
claims:
  quiet: {says: Both want quiet., by: letter, cites: letter}
  storms:
    kind: cause
    about: Will storms come?
    readings:
      often: {says: Often., by: letter, cites: letter}
      seldom: {says: Seldom., by: letter, cites: letter}
accounts:
  as_ann_tells_it: {title: As Ann tells it, by: ann, readings: {storms: often}}
actors:
  ann: {name: Ann, is: neighbour, wants: {peace: {says: Quiet., cites: letter}}}
  ben: {name: Ben, is: neighbour, wants: {peace: {says: Quiet., cites: letter}}}
options:
  ann:
    fence: {says: Put up a fence., cites: letter}
  ben:
    hedge: {says: Plant a hedge., cites: letter}
    paint: {says: Paint the gate., cites: letter}
stability:
  says: Who marks the line between two gardens.
  decision_makers:
"""

SETTLED = """\
ranking: [1, 2, 3, 4, 5, 6, 7, 8]
claims: [quiet]
"""


def quarrel(folder: Path, *, ann: str = SETTLED, ben: str = SETTLED) -> Case:
    """Load the case with these preferences; states count the fence first, then the hedge, then the paint."""
    makers = {"ann": ann, "ben": ben}
    text = HEAD + "".join(f"    {name}:\n{indent(prefers, ' ' * 6)}" for name, prefers in makers.items())
    (folder / "quarrel").mkdir(exist_ok=True)
    (folder / "quarrel" / "scenario.yaml").write_text(text, encoding="utf-8")
    return load(folder / "quarrel")
