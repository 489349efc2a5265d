"""The figures of a brief: functions returning a Vega-Lite specification and the datasets it names.

One file a figure. Page, notebook and workbench draw the same; colours come from :mod:`detente.brief.theme`.
"""

from __future__ import annotations

from detente.brief.figure import Figure, Table
from detente.brief.figures.accounts import accounts_figure
from detente.brief.figures.aims import aims_figure
from detente.brief.figures.alignment import alignment_figure, closest_pair
from detente.brief.figures.bands import band_figure
from detente.brief.figures.calibration import pit_figure, reliability_figure
from detente.brief.figures.courses import course_figure, survival_figure
from detente.brief.figures.days import Days
from detente.brief.figures.hanging import hanging_figure
from detente.brief.figures.outside import lasting_figure
from detente.brief.figures.pressure_map import PressureMap, pressure_map
from detente.brief.figures.skills import skills_figure
from detente.brief.figures.stepping import stepping_figure
from detente.brief.theme import colours, configuration

__all__ = [
    "Days",
    "Figure",
    "PressureMap",
    "Table",
    "accounts_figure",
    "aims_figure",
    "alignment_figure",
    "band_figure",
    "closest_pair",
    "colours",
    "configuration",
    "course_figure",
    "hanging_figure",
    "lasting_figure",
    "pit_figure",
    "pressure_map",
    "reliability_figure",
    "skills_figure",
    "stepping_figure",
    "survival_figure",
]
