"""The house rules as data: which room stands on which rung, which libraries may be used, and how large a thing may be.

A new room, or a new library, is a line here and a page in ``docs/decisions/``.
"""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "detente"

# From the top down. A room may import the rooms on lower rungs, never one beside it or above it.
LADDER: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("__init__",),  # the public door: holds what a notebook needs; nobody inside imports it
    ("door",),  # the case as a notebook meets it, with every method at hand
    ("workbench",),
    ("brief",),
    ("store",),
    ("analysis",),
    ("validation",),
    ("exploration", "hindcast"),
    ("run",),
    ("stability", "bargaining", "dynamics"),
    ("documents", "result_file"),
    ("results",),
    ("requests",),
    ("scenario",),
    ("evidence", "equations"),
    ("cache",),
    ("randomness", "journal", "stored", "runtime"),
    ("errors", "machine", "display", "writing", "interrupts", "printable"),
)

# Circles of imports that are still to be dissolved, each by the names of its modules under the package. There are to be
# no more than these, and one that is gone goes from this list.
_FIGURES = ("accounts", "aims", "alignment", "hanging", "pressure_map")
KNOWN_CIRCLES: tuple[tuple[str, ...], ...] = (
    ("brief.figures", "brief.rows", "brief.scored.rows", *(f"brief.figures.{name}" for name in _FIGURES)),
)

# Rooms in which some docstring does not name the parameters that there are, and rooms in which some public function
# does not say in full what it takes, gives and raises. Both are to become
# empty: a room that is done goes from its list.
ROOMS_WITH_DRIFTS = ("scenario",)
ROOMS_NOT_SAID_IN_FULL = ("dynamics", "equations", "randomness", "results", "scenario")

# Rooms that show what rooms below them have computed, and those: what is shown takes their results.
SHOWING = ("brief",)
COMPUTING = ("run", "exploration", "hindcast", "stability", "dynamics", "validation", "analysis", "store")
# What may be called of them all the same, by where it is defined: it words, names or looks up what is in a result.
CALLED_WHILE_SHOWING = (
    "analysis.standing.values_of",
    "exploration.expected.claims_tested",
    "exploration.factors.places_of",
    "exploration.targets.by_alternative",
    "exploration.targets.target_of",
    "hindcast.information_cut.learns_nothing_after",
    "hindcast.information_cut.standing_still",
    "hindcast.report.opening",
    "hindcast.skill.told_apart",
    "stability.wording.Wording",
    "stability.wording.concept_title",
)
# Why a state is stable is still found again from the definitions when it is shown; it belongs in the study.
STILL_COMPUTED_WHILE_SHOWING = ("stability.conflict.conflict_of", "stability.explanation.Explainer")

# Folders of the package that hold data and no code.
DATA_FOLDERS = ("cases",)

# Import name of each library the package may use, and the distribution in pyproject.toml that brings it.
LIBRARIES = {
    "h5netcdf": "h5netcdf",
    "jax": "jax",
    "jaxlib": "jax",
    "jinja2": "jinja2",
    "markupsafe": "jinja2",
    "numpy": "numpy",
    "pint": "pint",
    "platformdirs": "platformdirs",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic",
    "pysbd": "pysbd",
    "rich": "rich",
    "scipy": "scipy",
    "scoringrules": "scoringrules",
    "vl_convert": "vl-convert-python",
    "xarray": "xarray",
    "yaml": "pyyaml",
}

# Calls that run text as code: an expression of a case is parsed, never evaluated.
FORBIDDEN_CALLS = ("eval", "exec", "compile", "__import__")

FORBIDDEN_NAMES = ("utils", "util", "common", "helpers", "helper", "core", "misc", "tools")

LINES_IN_A_MODULE = 500
# Its docstring not counted.
LINES_IN_A_FUNCTION = 50
ARGUMENTS = 7
# What is asked from Python has an argument for each field of its request, and for how the work is cut and watched. Each
# by its room and its name.
SAYS_EVERY_FIELD = (
    "door.Case.fit",
    "door.Case.hindcast",
    "door.Case.run",
    "door.Case.stability",
    "exploration.compare",
    "exploration.hold_to_claims",
    "hindcast.hindcast",
    "hindcast.fit",
    "run.run",
    "stability.stability",
)
# Functions that take more all the same, and are to take fewer.
STILL_TAKE_MORE = (
    "dynamics._one_of",
    "dynamics._rung",
    "dynamics.Ensemble.__init__",
    "dynamics.Simulation.__init__",
)
MEDIAN_LINES_IN_A_MODULE = 200
