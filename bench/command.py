"""``detente run november_2023`` on the clock: with empty caches, with warm ones, with its page and with data alone.

Each turn is a process of its own; the kinds take turns, so that a busy moment hits them all. ``--beside FOLDER`` times
another checkout, such as of an earlier version, turn by turn with this one. The last line is JSON: for each kind the
seconds of every turn, in order of length.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOALS = {"empty caches, with the page": 10.0, "warm, with the page": 5.0, "warm, with data alone": 3.0}


HERE = Path(__file__).resolve().parents[1]


def seconds(checkout: Path, cache: Path, *arguments: str) -> float:
    """Run a checkout's command once; return how long it took, from the start of the process to its end."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, "-m", "detente", "run", "november_2023", *arguments]
    begun = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def main() -> dict[str, list[float]]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--beside", type=Path, metavar="FOLDER", help="another checkout to time in turn with this one")
    options = parser.parse_args()
    checkouts = {"": HERE} if options.beside is None else {"": HERE, "beside: ": options.beside.resolve()}
    found: dict[str, list[float]] = {title + kind: [] for title in checkouts for kind in GOALS}
    with tempfile.TemporaryDirectory() as name:
        folder, worlds = Path(name), ("--worlds", str(options.worlds))
        page, data = (*worlds, "--out", str(folder)), (*worlds, "--json", str(folder / "brief.json"))
        for checkout in checkouts.values():
            for arguments in (page, data):
                seconds(checkout, folder / "warm", *arguments)
        for turn in range(options.repeats):
            for title, checkout in checkouts.items():
                empty = folder / f"{title.strip()}{turn}"
                found[f"{title}warm, with data alone"].append(seconds(checkout, folder / "warm", *data))
                found[f"{title}warm, with the page"].append(seconds(checkout, folder / "warm", *page))
                found[f"{title}empty caches, with the page"].append(seconds(checkout, empty, *page))
    for kind, times in found.items():
        times.sort()
        print(f"{kind}: {times[0]:.1f} to {times[-1]:.1f} s, median {statistics.median(times):.1f}")
    print("goals: " + ", ".join(f"{kind} {goal:.0f} s" for kind, goal in GOALS.items()))
    return {kind: [round(one, 2) for one in times] for kind, times in found.items()}


if __name__ == "__main__":
    print(json.dumps(main()))
