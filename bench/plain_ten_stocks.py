"""The model of ``bench/ten_stocks`` as a person would write it in plain Python: one world a call, nothing clever."""

from __future__ import annotations

import math
import random

DAYS = 60
NAMES = (
    "flight", "return_rate", "crossing", "ration", "wear", "repair", "anger_rate", "calm_rate", "illness", "care",
    "north", "north_for", "north_against", "south", "south_for", "south_against", "raid", "storm",
)  # fmt: skip
BOUNDS = (
    (0.005, 0.03), (0.005, 0.02), (60, 180), (0.0005, 0.002), (0.01, 0.05), (0.01, 0.1), (0.01, 0.1), (0.01, 0.1),
    (0.001, 0.01), (0.05, 0.2), (0.6, 0.9), (1, 3), (1, 4), (0.6, 0.9), (1, 3), (1, 4), (0.05, 0.3), (0.02, 0.1),
)  # fmt: skip
OUTCOMES = ("displaced", "worn_out", "silence")


def share(x: float, full: float) -> float:
    return min(max(x / full, 0.0), 1.0) if full > 0 else 1.0


def leaning(usual: float, odds: float) -> float:
    return usual * odds / (usual * odds + 1 - usual)


def world(values: dict[str, float], luck: random.Random) -> tuple[float, float, float]:
    """Run one world; return the displaced, how worn the parties are, and when the talks first stop."""
    p = values
    home, camps, ill, food, roads = 50_000.0, 10_000.0, 500.0, 200.0, 1.0
    anger_north = anger_south = worn = delivered = 0.0
    trust, talks, silence = 1.0, True, float(DAYS)
    for day in range(DAYS):
        raid = not talks and luck.random() < p["raid"]
        storm = luck.random() < p["storm"]
        toward = p["north_for"] ** share(camps, 20_000) / p["north_against"] ** share(anger_north, 1)
        north = luck.random() < leaning(p["north"], toward)
        toward = p["south_for"] ** share(ill, 2_000) / p["south_against"] ** share(anger_south, 1)
        south = luck.random() < leaning(p["south"], toward)
        talks = north and south
        road = 0.0 if storm else 1.0 if talks else 0.5
        need = camps * p["ration"]
        hunger = 1 - share(food, need * 2)
        fleeing = home * p["flight"] * (2 if raid else 1) * (1 + anger_north)
        returning = camps * p["return_rate"] if talks else 0.0
        arriving = p["crossing"] * road * luck.uniform(0.5, 1) * roads
        eaten = min(food, need)
        falling, healing = camps * p["illness"] * (1 + hunger), ill * p["care"]
        new_roads = roads + (1 - roads) * p["repair"] - (roads * p["wear"] if raid else 0.0)
        new_north = anger_north + (1 - anger_north) * p["anger_rate"] * hunger - anger_north * p["calm_rate"] * road
        new_south = anger_south + (1 - anger_south) * p["anger_rate"] * (1 if raid else hunger)
        new_south -= anger_south * p["calm_rate"]
        worn += (1 - trust) * p["wear"] * math.sqrt(max(anger_south, 0.0))
        trust += (1 - trust) * p["calm_rate"] * math.exp(-anger_north) if talks else -trust * p["wear"]
        home, camps = home + returning - fleeing, camps + fleeing - returning - falling + healing
        ill, food, delivered = ill + falling - healing, food + arriving - eaten, delivered + arriving
        roads, anger_north, anger_south = new_roads, new_north, new_south
        if not talks:
            silence = min(silence, float(day))
    return camps, worn, silence
