"""``detente run november_2023`` on the clock: with empty caches, with warm ones, with its page and with data alone.

Each turn is a process of its own with a cache directory of its own; the kinds take turns, so that a busy moment hits
them all. The last line is JSON: for each kind the seconds of every turn, in order of length.
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


def seconds(cache: Path, *arguments: str) -> float:
    """Run the command once; return how long it took, from the start of the process to its end."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-m", "detente", "run", "november_2023", *arguments]
    begun = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def main() -> dict[str, list[float]]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    found: dict[str, list[float]] = {kind: [] for kind in GOALS}
    with tempfile.TemporaryDirectory() as name:
        folder, worlds = Path(name), ("--worlds", str(options.worlds))
        page, data = (*worlds, "--out", str(folder)), (*worlds, "--json", str(folder / "brief.json"))
        for arguments in (page, data):
            seconds(folder / "warm", *arguments)
        for turn in range(options.repeats):
            found["warm, with data alone"].append(seconds(folder / "warm", *data))
            found["warm, with the page"].append(seconds(folder / "warm", *page))
            found["empty caches, with the page"].append(seconds(folder / f"empty {turn}", *page))
    for kind, times in found.items():
        times.sort()
        middle = statistics.median(times)
        print(f"{kind}: {times[0]:.1f} to {times[-1]:.1f} s, median {middle:.1f}; goal {GOALS[kind]:.0f} s")
    return {kind: [round(one, 2) for one in times] for kind, times in found.items()}


if __name__ == "__main__":
    print(json.dumps(main()))
