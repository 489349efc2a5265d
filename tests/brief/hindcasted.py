"""A made-up hindcast of the harbour: of every thing that its section shows there is one."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from math import log, sqrt
from pathlib import Path

from detente.errors import Place
from detente.hindcast.resolution import NotAnswerable, Outcome, Resolution
from detente.hindcast.result import (
    Bin,
    Cut,
    Forecast,
    Hindcast,
    Mover,
    Reason,
    Skill,
    Standing,
    Summary,
)
from detente.requests import HindcastRequest
from detente.results import Provenance
from detente.scenario import ReferenceClass, Spell
from tests.evidence.repository import CASES

ZONE = dt.timezone(dt.timedelta(hours=2))
FIRST = dt.date(2031, 5, 4)
WHENCE = ("harbour office, note 12 (copy)",)
SAYS = "Truces in the harbour office's books; most were shorter than this one and <none> rested on exchanges"


def made_up(cuts: int = 6, inside: int = 2) -> Hindcast:
    """Return a hindcast of so many daily cuts, the first of them in sample."""
    moments = [dt.datetime(2031, 5, 4 + n, 6, tzinfo=ZONE) for n in range(cuts)]
    return Hindcast(
        request=HindcastRequest(
            "harbour_truce",
            as_of=moments[0],
            step=dt.timedelta(days=1) if cuts > 1 else None,
            to=moments[-1] if cuts > 1 else None,
            worlds=20_000,
            seed=3,
        ),
        provenance=Provenance("harbour_truce", "abc@2031", moments[0].isoformat(), None, {}, 3, 20_000, 16),
        cuts=tuple(_cut(n, moment, n < inside) for n, moment in enumerate(moments)),
        resolutions={
            "holds_to_friday": _resolution("holds_to_friday", "Does the truce hold on 9 May?", 9, False),
            "how_long": _resolution("how_long", "When does the truce end?", 30, dt.date(2031, 5, 8), listed="Q02"),
            "captives_by_june": _resolution(
                "captives_by_june", "How many captives are home by 1 June?", 31, 39.0, mentions=True
            ),
            "stance": _resolution("stance", "What does <Brightland> say?", 31, "in_private"),
        },
        not_answerable={
            "who_fires": NotAnswerable("who_fires", "Who fires first?", "It is responsibility & never drawn.")
        },
        summaries=tuple(_summary(kind) for kind in ([False, True] if 0 < inside < cuts else [inside > 0])),
        possible_hindsight=(_lean("varland.extend", "toward_1", 0.0, hindsight=True),),
        drove={
            "holds_to_friday": (
                _lean("varland.extend", "toward_1", -0.21, ("captives_first",)),
                _lean("varland.extend", "away_1", 0.06, ("pause_helps_league",), hindsight=True),
                _lean("league.offer", "away_1", 0.001),
            ),
            "how_long": (_lean("league.offer", "away_1", 1.4),),
            "captives_by_june": (_lean("varland.extend", "toward_2", -3.0),),
        },
    )


def bare() -> Hindcast:
    """Return a hindcast in which nothing could be compared: one cut, one question, no baseline."""
    found = made_up(cuts=1, inside=0)
    one = found.cuts[0].standings["how_long"]
    cut = replace(found.cuts[0], standings={"how_long": replace(one, baselines={}, by_account={}, pit=None)})
    summary = replace(_summary(False), skills=(), skills_without_hindsight=(), reliability=(), pit=())
    return replace(
        found, cuts=(cut,), summaries=(summary,), possible_hindsight=(), drove={}, not_answerable={},
        resolutions={"how_long": found.resolutions["how_long"]},
    )  # fmt: skip


def reference_class(steps: bool = True) -> ReferenceClass:
    """Return nine short truces, or the points of a published curve."""
    lasted = (0.5, 1, 1, 2, 3, 3, 5, 9, 21)
    spells = tuple(
        Spell(dt.date(2014, 7, 15 + n), days, days < 21, "books", "medium", "") for n, days in enumerate(lasted)
    )
    points = ((7.0, 0.145), (30.0, 0.328), (365.0, 0.5))
    told = ("truces_of_the_past",)
    return ReferenceClass(
        "short_truces", SAYS, told, spells if steps else (), () if steps else points, 9 if steps else 366,
        ("reference_classes", "short_truces"),
    )  # fmt: skip


def _cut(number: int, moment: dt.datetime, in_sample: bool) -> Cut:
    chance = (0.86, 0.82, 0.7, 0.62, 0.3, 0.04)[number % 6]
    opened = {"captives_by_june": _number(number), "stance": _choice(number)}
    if number < 5:
        opened |= {"holds_to_friday": _truth(chance), "how_long": _day(number)}
    about = moment.date() - dt.timedelta(days=1)
    movers = (
        Mover(about, moment, "released_by_day", f"{10 - number} persons (harbour office)", True),
        Mover(about, moment, "extension_agreed", "1 (Varland)", True),
        Mover(about, moment, "boats_seen", "boats seen off the pier", False),
    )
    return Cut(
        moment, in_sample, 610.5 - 120 * number, 1250, int(number > 2), movers if number else (),
        "fewer than 5 % of its draws carry the weight" if number == 5 else "", opened,
    )  # fmt: skip


def _resolution(
    name: str, asks: str, closes: int, outcome: Outcome, *, listed: str = "", mentions: bool = False
) -> Resolution:
    return Resolution(
        name, asks, dt.datetime(2031, 5, closes, 12, tzinfo=ZONE), outcome, dt.date(2031, 5, 9),
        "The office's log has boats firing before dawn.", WHENCE, "end_of_the_truce", "after the event", mentions,
        "high", listed, "The parties differ on the hour." if listed else "", Place(Path("resolutions.yaml"), 3, 1),
    )  # fmt: skip


def _chance(share: float, came: bool, ends: tuple[float, float] | None = None) -> Forecast:
    given = share if came else 1 - share
    scores = {"brier": (1 - given) ** 2, "log": -log(given), "spherical": 1 - given / sqrt(share**2 + (1 - share) ** 2)}
    return Forecast(probability=share, range=ends, scores=scores)


def _truth(share: float) -> Standing:
    return Standing(
        "holds_to_friday", "yes/no", "",
        _chance(share, False, (max(share - 0.2, 0.0), min(share + 0.12, 1.0))),
        {"as_varland_tells_it": _chance(share / 2, False), "as_brightland_tells_it": _chance(0.91, False)},
        {
            "even_odds": _chance(0.5, False),
            "base_rate": _chance(0.25, False),
            "persistence": _chance(0.99, False),
        },
        _chance(share - 0.03, False),
    )  # fmt: skip


def _day(number: int) -> Standing:
    ends = {"5": 6, "25": 9, "50": 13, "75": 27, "95": None}
    quantiles = {key: None if day is None else f"2031-05-{day + number // 2:02}" for key, day in ends.items()}
    model = Forecast(quantiles=quantiles, never=0.07, scores={"crps": 5.25, "interval_90": 41.0, "interval_50": 19.0})
    certain = dict.fromkeys(ends, "2031-05-07")
    base = Forecast(quantiles=certain, scores={"crps": 5.25, "interval_90": 20.0, "interval_50": 4.0})
    return Standing("how_long", "date", "", model, {"as_varland_tells_it": model}, {"base_rate": base}, None, 0.12)


def _number(number: int) -> Standing:
    ends = {"5": 41.0, "25": 47.0, "50": 52.0, "75": 58.0, "95": 60.0}
    quantiles = {key: value - number for key, value in ends.items()}
    model = Forecast(
        quantiles=quantiles, range=(44.0, 57.0), scores={"crps": 9.5, "interval_90": 60.0, "interval_50": 40.0}
    )
    still = Forecast(quantiles=dict.fromkeys(ends, 30.0), scores={"crps": 9.0, "interval_90": 360.0})
    return Standing("captives_by_june", "number", "person", model, {}, {"persistence": still}, None, 0.02)


def _choice(number: int) -> Standing:
    share = 0.8 - 0.1 * number
    shares = {"aloud": share, "in_private": 1 - share}
    model = Forecast(shares=shares, scores={"brier": share**2, "log": -log(1 - share), "spherical": 0.3})
    return Standing("stance", "choice", "", model, {}, {})


def _lean(decision: str, label: str, moved: float, claims: tuple[str, ...] = (), *, hindsight: bool = False) -> Reason:
    return Reason(decision, label, claims, hindsight, moved)


def _summary(in_sample: bool) -> Summary:
    skills = (
        Skill("even_odds", "brier", 4, 2, 0.41, 0.25, -0.64, (-2.5, 0.2)),
        Skill("base_rate", "brier", 4, 2, 0.41, 0.08, -4.1, (-6.0, -1.5)),
        Skill("persistence", "brier", 2, 1, 0.41, 0.98, 0.58, None),
        Skill("persistence", "crps", 2, 1, 9.5, 9.6, 0.01, (-0.2, 0.3)),
        Skill("base_rate", "log", 4, 2, 0.9, 0.5, -0.8, (-1.0, 0.1)),
    )
    without = tuple(replace(one, skill=one.skill + 0.05, interval=None) for one in skills[:2])
    reliability = tuple(
        Bin(n / 5, (n + 1) / 5, count, (n + 0.5) / 5 if count else None, came if count else None)
        for n, (count, came) in enumerate([(1, 0.0), (2, 0.5), (0, 0.0), (3, 0.33), (7, 0.2)])
    )
    pit = tuple(Bin(n / 5, (n + 1) / 5, count, None, None) for n, count in enumerate([4, 1, 0, 1, 2]))
    return Summary(
        in_sample, 2 if in_sample else 4, 4, 2, skills, without, reliability, pit,
        "4 questions that 2 events decide: far too few to tell a good model from a lucky one.",
    )  # fmt: skip


CLASSES = """reference_classes:
  short_truces_before:
    says: Truces in the harbour office's books, by days until they ended; none rested on exchanges.
    table: base_rates/truces.csv
    claims: [truces_of_the_past]
"""
SPELLS = """begins,lasted,ended,source,certainty,note
2019-03-01,0.5,1,the books,high,
2020-03-01,3,1,the books,high,
2022-08-14,11.5,1,the books,medium,
2031-04-02,29,0,the books,low,still held when the table ends
"""


def classed(folder: Path) -> Path:
    """Write the harbour's case with a reference class that a question names, and return its folder."""
    case = folder / "harbour_truce"
    shutil.copytree(CASES / "harbour_truce", case)
    (case / "base_rates").mkdir()
    (case / "base_rates" / "truces.csv").write_text(SPELLS, encoding="utf-8")
    scenario = case / "scenario.yaml"
    text = scenario.read_text(encoding="utf-8").rstrip() + "\n" + CLASSES
    asks = "    asks: When does the truce end?\n"
    assert asks in text
    scenario.write_text(text.replace(asks, f"{asks}    reference_class: short_truces_before\n"), encoding="utf-8")
    return case
