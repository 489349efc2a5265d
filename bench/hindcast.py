"""Stepping a case through its record a day at a time, beside running it anew at each cut, in one run.

Each way is a process of its own, with caches that are empty at first and then warm, and they take turns. ``stepping``
forecasts and scores every open question at each cut, with one compilation for all. ``plain`` calls
:func:`detente.run.run` for the case as it stood at each cut. ``command`` is ``detente hindcast`` as a user types it,
with the reasons that moved forecasts and with scores without possible hindsight. The last line is JSON.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CASE, WORLDS, THREADS = "november_2023", 100_000, 2
FIRST, LAST = "2023-11-24T07:30+02:00", "2023-12-01T07:30+02:00"
STEP = dt.timedelta(days=1)


def stepping(worlds: int) -> dict[str, Any]:
    """Step through the cuts as a hindcast does."""
    from detente.hindcast.analysis import hindcast

    first, last = (dt.datetime.fromisoformat(moment) for moment in (FIRST, LAST))
    found = hindcast(CASE, as_of=first, step=STEP, to=last, worlds=worlds, threads=THREADS, reasons=False)
    return {
        "cuts": len(found.cuts),
        "forecasts": {cut.as_of.isoformat(): _probabilities(cut.standings) for cut in found.cuts},
    }


def _probabilities(standings: Any) -> dict[str, float]:
    return {name: one.model.probability for name, one in standings.items() if one.model.probability is not None}


def plain(worlds: int) -> dict[str, Any]:
    """Run the case anew at each cut."""
    from detente.hindcast.information_cut import case_at, moments
    from detente.hindcast.outcomes import outcomes_of
    from detente.run import run
    from detente.scenario import load

    case = load(CASE)
    outcomes = outcomes_of(case)
    first, last = (dt.datetime.fromisoformat(moment) for moment in (FIRST, LAST))
    found = {}
    for moment in moments(case, outcomes, first, STEP, last):
        answers = run(case_at(case, outcomes, moment), worlds=worlds, threads=THREADS).answers
        found[moment.isoformat()] = {name: one.probability for name, one in answers.items() if one.type == "yes/no"}
    return {"cuts": len(found), "forecasts": found}


def timed(way: str, worlds: int, cache: str) -> tuple[float, dict[str, Any]]:
    """Return how long a way takes as a process of its own, and what it printed last."""
    command = [sys.executable, __file__, "--way", way, "--worlds", str(worlds)]
    if way == "command":
        command = [
            sys.executable, "-m", "detente", "hindcast", CASE, "--as-of", FIRST, "--to", LAST, "--step", "1d",
            "--worlds", str(worlds), "--json", str(Path(cache) / "hindcast.json"),
        ]  # fmt: skip
    begun = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, "XDG_CACHE_HOME": cache}, stdout=subprocess.PIPE, text=True, check=True
    )
    taken = time.perf_counter() - begun
    return taken, {} if way == "command" else json.loads(done.stdout.splitlines()[-1])


def main() -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--repeats", type=int, default=2, help="turns with warm caches")
    parser.add_argument("--way", choices=("stepping", "plain"), help="do one of the two, and time nothing")
    options = parser.parse_args()
    if options.way is not None:
        return {"stepping": stepping, "plain": plain}[options.way](options.worlds)
    ways = ("stepping", "plain", "command")
    with tempfile.TemporaryDirectory() as folder:
        caches = {way: str(Path(folder) / way) for way in ways}
        for cache in caches.values():
            Path(cache).mkdir()
        cold = {way: timed(way, options.worlds, caches[way])[0] for way in ways}
        warm = {way: float("inf") for way in ways}
        said: dict[str, dict[str, Any]] = {}
        for _ in range(options.repeats):
            for way in ways:
                taken, said[way] = timed(way, options.worlds, caches[way])
                warm[way] = min(warm[way], taken)
    gaps = [
        abs(said["plain"]["forecasts"][moment][name] - share)
        for moment, shares in said["stepping"]["forecasts"].items()
        for name, share in shares.items()
    ]
    print(f"{CASE}, {said['stepping']['cuts']} cuts of {options.worlds:,} worlds")
    return {
        "case": CASE, "worlds": options.worlds, "cuts": said["stepping"]["cuts"], "processors": os.cpu_count(),
        "stepping_s": round(warm["stepping"], 2), "stepping_cold_s": round(cold["stepping"], 2),
        "plain_s": round(warm["plain"], 2), "plain_cold_s": round(cold["plain"], 2),
        "ratio_to_plain": round(warm["stepping"] / warm["plain"], 3),
        "ratio_to_plain_cold": round(cold["stepping"] / cold["plain"], 3),
        "command_s": round(warm["command"], 2), "command_cold_s": round(cold["command"], 2),
        "largest_difference": float(f"{max(gaps):.2g}"),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main()))
