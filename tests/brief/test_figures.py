"""Figures: every specification compiles, names no colour, says itself in words, and shows the numbers it is given."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import vl_convert

from detente.analysis.alignment import Alignment
from detente.brief.figures import (
    Days,
    Figure,
    accounts_figure,
    aims_figure,
    alignment_figure,
    band_figure,
    closest_pair,
    colours,
    configuration,
    course_figure,
    hanging_figure,
    survival_figure,
)
from detente.brief.plates import Plates, plates_of
from detente.brief.rows import AimRow, Brief
from detente.results import Answer, Band

DAYS = Days(dt.date(2031, 5, 1), 60, dt.datetime(2031, 5, 4, 6, tzinfo=dt.UTC))


@pytest.fixture(scope="module")
def plates(full_brief: Brief) -> Plates:
    return plates_of(full_brief)


def rows_of(figure: Figure | None, name: str = "rows") -> list[dict[str, Any]]:
    assert figure is not None
    return [dict(row) for row in figure.datasets[name]]


def test_every_figure_compiles_and_is_drawn_in_both_looks(plates: Plates) -> None:
    figures = list(plates.figures)
    assert len({figure.name for figure in figures}) == len(figures) >= 15
    for figure in figures:
        for scheme in ("light", "dark"):
            compiled = vl_convert.vegalite_to_vega(figure.complete(scheme, width=340))
            assert "marks" in compiled
    for figure in (figures[0], figures[-1]):
        assert "<path" in vl_convert.vegalite_to_svg(figure.complete("dark", width=340))


def test_a_figure_says_itself_in_words_and_as_a_table(plates: Plates) -> None:
    for figure in plates.figures:
        assert len(figure.alt) > 20, figure.name
        assert figure.table.rows, figure.name
        assert all(len(row) == len(figure.table.columns) for row in figure.table.rows), figure.name
        assert figure.height > 50


def test_specifications_hold_no_data_and_no_colour(plates: Plates) -> None:
    for figure in plates.figures:
        text = json.dumps(figure.spec)
        assert '"values": [{' not in text.replace('"values": [{"year"', "")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), figure.name
        named = set(re.findall(r'"data": \{"name": "(\w+)"\}', text))
        assert named <= set(figure.datasets), figure.name


def test_every_style_that_a_figure_names_has_a_look(plates: Plates) -> None:
    for scheme in ("light", "dark"):
        styles = configuration(scheme)["style"]
        for figure in plates.figures:
            assert set(re.findall(r'"style": "([\w-]+)"', json.dumps(figure.spec))) <= set(styles)


def _brightness(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: Any) -> None:
    hues = colours(scheme)
    for ground in ("paper", "panel"):
        for text in ("ink", "muted", "accent"):
            bright, dark = sorted((_brightness(hues[ground]), _brightness(hues[text])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ground, text)


def test_accounts_come_first_in_the_order_declared_then_pooled_then_outside(brief: Brief) -> None:
    figure = accounts_figure(brief.questions[0], brief.account_titles, "2031-06-29")
    rows = rows_of(figure)
    assert [row["group"] for row in rows] == ["account", "account", "pooled", "outside"]
    assert [row["says"] for row in rows[:2]] == list(brief.account_titles.values())
    assert len({row["shape"] for row in rows[:2]}) == 2
    assert all(0 <= row["low"] <= row["middle"] <= row["high"] <= 100 for row in rows)


def test_a_day_that_does_not_come_is_drawn_after_the_horizon(brief: Brief) -> None:
    never = Answer("d", "When?", "date", quantiles=dict.fromkeys(("5", "25", "50", "75", "95")), never=1.0)
    some = replace(never, quantiles={"5": "2031-05-04", "25": "2031-05-05", "50": "2031-05-06", "75": None, "95": None})
    question = replace(brief.questions[1], answer=never, by_account=dict.fromkeys(brief.account_titles, some))
    figure = accounts_figure(question, brief.account_titles, "2031-06-29")
    rows = rows_of(figure)
    assert rows[0]["low"] == "2031-05-04"
    assert rows[0]["high"] == rows[2]["middle"] == "2031-06-30"
    assert figure is not None
    assert figure.table.rows[2][1] == "not within the horizon"
    vl_convert.vegalite_to_vega(figure.complete(width=340))


def test_a_choice_has_no_dots(brief: Brief) -> None:
    choice = Answer("c", "Which?", "choice", shares={"a": 1.0})
    assert accounts_figure(replace(brief.questions[0], answer=choice), brief.account_titles, "2031-06-29") is None


def test_factors_keep_their_order_and_assumptions_look_different(brief: Brief) -> None:
    question = brief.questions[2]
    assert question.factors
    figure = hanging_figure(question)
    rows = rows_of(figure)
    assert [abs(row["effect"]) for row in rows] == sorted((abs(row["effect"]) for row in rows), reverse=True)
    assert [row["assumed"] for row in rows] == [factor.is_assumption for factor in question.factors[: len(rows)]]
    assert figure is not None
    assert len(figure.table.rows) == len(question.factors)
    claim = replace(question.hanging.factors[0], kind="claim", readings=("too_short", "it_helps"))
    told = replace(question, hanging=replace(question.hanging, factors=(claim, *question.hanging.factors[1:])))
    assert rows_of(hanging_figure(told))[0]["label"][1] == "larger if: it helps"
    assert hanging_figure(replace(question, factors=())) is None


def test_a_survival_curve_is_what_is_left_of_the_course() -> None:
    share = np.clip(np.linspace(-0.2, 1.6, 60), 0, 1)
    band = Band("ends/course", "", share=share)
    figure = survival_figure("s", "Lasts", band, DAYS, {"a": band, "b": None})
    rows = rows_of(figure, "course")
    assert rows[0]["share"] == 100
    assert all(row["share"] == round(100 * (1 - share[n]), 1) for n, row in enumerate(rows))
    assert len(rows) < 60
    assert len(rows_of(figure, "marks")) == 1


def test_marks_of_accounts_stand_apart_and_after_the_cut() -> None:
    told = {f"account {n}": Band("", "", share=np.linspace(0, n / 8, 60)) for n in range(8)}
    figure = course_figure("c", "Course", told["account 3"], DAYS, dict(told))
    days = [row["day"] for row in rows_of(figure, "marks")]
    assert len(set(days)) == 8
    assert min(days) >= "2031-05-04"
    short = Days(DAYS.first, 6, DAYS.cut)
    brief_ones = {f"account {n}": Band("", "", share=np.linspace(0, n / 8, 6)) for n in range(8)}
    crowded = course_figure("c", "Course", brief_ones["account 3"], short, dict(brief_ones))
    assert len(rows_of(crowded, "marks")) == 8


def test_the_cut_stands_at_its_hour() -> None:
    assert DAYS.cut_row["at"] == int(dt.datetime(2031, 5, 4, 6, tzinfo=dt.UTC).timestamp() * 1000)


def test_a_band_shows_the_record_up_to_the_cut_and_says_who_counted() -> None:
    quantiles = np.outer(np.arange(60.0), [0.5, 0.8, 1, 1.2, 1.5])
    band = Band("home", "person", quantiles=quantiles)
    figure = band_figure("b", "Home", band, DAYS, [("2031-05-02", 13.0, "the office")])
    assert rows_of(figure, "record") == [{"day": "2031-05-02", "value": 13.0, "by": "the office"}]
    assert "the office" in figure.table.note
    assert rows_of(figure, "course")[10]["middle"] == 10
    course = course_figure("b", "Home", band, DAYS)
    assert rows_of(course, "course") == rows_of(figure, "course")


def aim(says: str, better: str, cut: float | None, end: tuple[float, float, float] | None) -> AimRow:
    return AimRow("league", "League", says, "m", "A measure", better, "", f"{cut}", f"{end}", cut, end, "")


def test_aims_are_drawn_so_that_right_is_what_is_wanted() -> None:
    rising = aim("More of it.", "more", 1.0, (1.0, 2.0, 3.0))
    falling = aim("Less of it.", "less", 1.0, (1.0, 2.0, 3.0))
    held = aim("It holds.", "true", 1.0, None)
    still = aim("As it is.", "more", 2.0, (2.0, 2.0, 2.0))
    figure = aims_figure([rising, falling, held, still, aim("Unseen.", "more", None, None)], {"m": 0.25})
    more, less, share, same = rows_of(figure)
    assert more["cut"] == more["low"] < more["middle"] < more["high"]
    assert less["cut"] == less["low"] > less["middle"] > less["high"]
    assert share["middle"] < share["cut"]
    assert share["value"] == ["99 %", "→ 25 %"]
    assert same["cut"] == same["middle"] == 50
    assert aims_figure([held], {}) is None


def test_alignment_shows_both_ends(brief: Brief) -> None:
    pairs = tuple(Alignment("a", f"A{n}.", "b", f"B{n}.", agreement / 10) for n, agreement in enumerate(range(-8, 9)))
    figure = alignment_figure(pairs, "a", "b", ("Aland", "Beland"))
    shown = [row["agreement"] for row in rows_of(figure)]
    assert shown == [0.8, 0.7, 0.6, -0.6, -0.7, -0.8]
    assert figure is not None
    assert len(figure.table.rows) == 17
    assert ("A8.", "B8.", "0.00") in figure.table.rows
    assert "cannot see" in figure.table.note
    assert alignment_figure(pairs, "b", "a", ("", "")) is None
    assert closest_pair((), brief.pressures) is None
    assert closest_pair((*pairs, Alignment("league", "", "varland", "", 0.0)), brief.pressures) == ("league", "varland")


def test_a_long_table_of_aims_keeps_those_most_at_odds() -> None:
    pairs = tuple(Alignment("a", f"A{n}.", "b", f"B{n}.", n / 100) for n in range(-5, 96))
    figure = alignment_figure(pairs, "a", "b", ("Aland", "Beland"))
    assert figure is not None
    told = [row[2] for row in figure.table.rows]
    assert len(told) == 40
    assert told[:2] == ["+0.95", "+0.94"]
    assert told[-5:] == ["−0.01", "−0.02", "−0.03", "−0.04", "−0.05"]
    assert "101 pairs" in figure.table.note


def test_one_measure_is_no_pair_of_aims(brief: Brief) -> None:
    """Two aims that the same figure stands for agree with certainty, which says nothing of their holders."""
    aims = {(aim.actor, aim.says): aim.measure for aim in brief.aims}
    for row in brief.alignment:
        assert aims[row.first_actor, row.first] != aims[row.second_actor, row.second]


def test_a_notebook_gets_the_specification_and_a_picture(plates: Plates) -> None:
    figure = next(plates.figures)
    bundle = figure._repr_mimebundle_()
    assert bundle["application/vnd.vegalite.v6+json"]["datasets"]["rows"]
    assert bundle["image/svg+xml"].startswith("<svg")
    assert figure.alt in bundle["text/plain"]
