"""The graph model on random conflicts of growing size, concept by concept, beside a peer where one is given.

A conflict has some decision makers with some yes/no options each; every combination is feasible, every move can be
undone, and every ranking is a random strict one. Each size runs in a process of its own, so that its peak of memory is
its own. The last line is JSON: a list with the states, decision makers, concept, seconds and peak MB of each run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from detente.stability.concepts import concept_of
from detente.stability.conflict import Conflict
from detente.stability.moves import OwnOption, moves_between

EVERY = ("nash", "gmr", "smr", "seq", "sseq", "sim", "l2", "l3", "non_myopic")
BASIC = ("nash", "gmr", "smr", "seq")
# Options, decision makers, and the concepts that are timed.
SIZES = (
    (6, 3, EVERY),
    (8, 4, EVERY),
    (10, 2, EVERY),
    (10, 4, EVERY),
    (10, 5, EVERY),
    (12, 4, EVERY),
    (14, 4, EVERY),
    (16, 4, BASIC),
    (18, 4, BASIC),
    (20, 4, ("nash", "gmr")),
)
SEED = 1
Line = dict[str, Any]


def random_ranks(options: int, makers: int) -> np.ndarray:
    """Return a random strict ranking of all states for each decision maker, ``[makers, states]``."""
    luck = np.random.default_rng([SEED, options, makers])
    return np.stack([luck.permutation(1 << options) for _ in range(makers)]).astype(np.int32)


def random_conflict(options: int, makers: int) -> Conflict:
    """Return the conflict of a size: options dealt out evenly, in order."""
    ranks = random_ranks(options, makers)
    count = 1 << options
    owners = np.sort(np.arange(options) % makers).astype(np.int8)
    places = 1 << np.arange(options)
    codes, state_of = np.arange(count), np.arange(count, dtype=np.int32)
    free = np.ones((2, 2), bool)
    own = [[OwnOption(2, int(places[k]), free) for k in np.flatnonzero(owners == i)] for i in range(makers)]
    return Conflict(
        makers=tuple(f"maker_{i}" for i in range(makers)),
        moves=tuple(moves_between(codes, state_of, mine) for mine in own),
        ranks=ranks,
        levels=np.zeros_like(ranks),
        unknown=tuple(np.empty((0, 2), np.int32) for _ in range(makers)),
        digits=(codes[:, None] >> np.arange(options) & 1).astype(np.int8),
        owners=owners,
        places=places,
        codes=codes,
        state_of=state_of,
    )


def timed(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the shortest time of some repeats, and what the last gave."""
    seconds, given = math.inf, None
    for _ in range(repeats):
        start = time.perf_counter()
        given = work()
        seconds = min(seconds, time.perf_counter() - start)
    return seconds, given


def peak_megabytes() -> int | None:
    """Return the most memory that this process had, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))


def line(tool: str, options: int, makers: int, concept: str, seconds: float, moves: int = 0) -> Line:
    return {
        "tool": tool,
        "states": 1 << options,
        "decision_makers": makers,
        "moves": moves,
        "concept": concept,
        "seconds": round(seconds, 6),
        "peak_mb": peak_megabytes(),
    }


def ours(options: int, makers: int, concepts: tuple[str, ...], repeats: int) -> list[Line]:
    """Time each concept on one conflict, the building of its moves, and the improvements that are kept among them."""
    seconds, conflict = timed(lambda: random_conflict(options, makers), repeats)
    moves = sum(len(each.targets) for each in conflict.moves)
    lines = [line("detente", options, makers, "building", seconds, moves)]
    if set(concepts) & {"seq", "sseq", "sim"}:
        start = time.perf_counter()
        conflict.improvements  # noqa: B018 - it is kept from now on
        lines.append(line("detente", options, makers, "improvements", time.perf_counter() - start, moves))
    for name in concepts:
        concept = concept_of(name)
        seconds, _ = timed(lambda concept=concept: concept.function(conflict), repeats)
        lines.append(line("detente", options, makers, name, seconds, moves))
    return lines


def peers(folder: str, options: int, makers: int) -> list[Line]:
    """Time the peer's logical solver, all of its concepts together, on the same conflict, given as a file of its own.

    Parameters
    ----------
    folder
        Where gmcr-py's public repository has been fetched to, version 0.4.1.
    options, makers
        The size.
    """
    ranks = random_ranks(options, makers)
    owners = np.sort(np.arange(options) % makers)
    described = {
        "program": "gmcr-py",
        "version": "0.4.1",
        "options": [{"name": f"option {k}", "permittedDirection": "both"} for k in range(options)],
        "decisionMakers": [
            {
                "name": f"maker {i}",
                "options": np.flatnonzero(owners == i).tolist(),
                "preferences": [],
                "preferenceRanking": (np.argsort(-ranks[i]) + 1).tolist(),
            }
            for i in range(makers)
        ],
        "coalitions": list(range(makers)),
        "infeasibles": [],
        "useManualPreferenceRanking": True,
    }
    sys.path.insert(0, folder)
    model = importlib.import_module("data_01_conflictModel")
    solvers = importlib.import_module("data_02_conflictSolvers")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "conflict.gmcr"
        file.write_text(json.dumps(described), encoding="utf-8")
        conflict = model.ConflictModel()
        seconds, _ = timed(lambda: conflict.load_from_file(str(file)), 1)
        lines = [line("gmcr-py", options, makers, "building", seconds)]
        seconds, _ = timed(lambda: solvers.LogicalSolver(conflict).findEquilibria(), 1)
    return [*lines, line("gmcr-py", options, makers, "nash, gmr, smr, seq and sim", seconds)]


def apart(function: Callable[..., list[Line]], *arguments: Any) -> list[Line]:
    """Run something in a new process and return what it gives."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def show(lines: list[Line]) -> None:
    """Print seconds by size and concept."""
    sizes = list(dict.fromkeys((each["states"], each["decision_makers"], each["moves"]) for each in lines))
    columns = list(dict.fromkeys(each["concept"] for each in lines))
    width = {name: max(10, len(name)) for name in columns}
    print(
        f"{'states':>10} {'makers':>7} {'moves':>12} " + " ".join(f"{c:>{width[c]}}" for c in columns) + f" {'MB':>6}"
    )
    for size in sizes:
        found = {e["concept"]: e for e in lines if (e["states"], e["decision_makers"], e["moves"]) == size}
        cells = [f"{found[c]['seconds']:.4f}" if c in found else "" for c in columns]
        peak = max(each["peak_mb"] for each in found.values())
        print(
            f"{size[0]:>10,} {size[1]:>7} {size[2]:>12,} "
            + " ".join(f"{cell:>{width[c]}}" for c, cell in zip(columns, cells, strict=True))
            + f" {peak:>6,}"
        )


def grows(lines: list[Line]) -> None:
    """Print by which power of the number of states each concept's time grows, at four decision makers."""
    print("\ntime grows as states to the power of, with four decision makers, between neighbouring sizes:")
    for concept in dict.fromkeys(each["concept"] for each in lines):
        of = [each for each in lines if each["concept"] == concept and each["decision_makers"] == 4]
        powers = [f"{math.log(b['seconds'] / a['seconds'], b['states'] / a['states']):.2f}" for a, b in pairwise(of)]
        print(f"{concept:>14}: {', '.join(powers)}")


def main() -> None:
    """Time what the command asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most-states", type=int, default=1 << 20, help="leave larger conflicts out")
    parser.add_argument("--repeats", type=int, default=3, help="the shortest counts; large conflicts run once")
    parser.add_argument("--peer", type=Path, help="a folder with gmcr-py's repository, version 0.4.1")
    parser.add_argument("--peer-most-states", type=int, default=1 << 12, help="larger ones are not given to it")
    asked = parser.parse_args()
    lines: list[Line] = []
    for options, makers, concepts in SIZES:
        if 1 << options <= asked.most_states:
            lines += apart(ours, options, makers, concepts, 1 if options > 16 else asked.repeats)
    show(lines)
    grows(lines)
    if asked.peer is None or not (asked.peer / "data_02_conflictSolvers.py").is_file():
        print("\npeer not given")
    else:
        theirs: list[Line] = []
        for options, makers, _ in SIZES:
            if 1 << options <= min(asked.most_states, asked.peer_most_states):
                try:
                    theirs += apart(peers, str(asked.peer.resolve()), options, makers)
                except Exception as error:  # whatever another program may do, ours has been measured
                    print(f"\nthe peer failed at {1 << options:,} states: {type(error).__name__}: {error}")
                    break
        print("\nthe peer:")
        show(theirs)
        lines += theirs
    print(json.dumps(lines))


if __name__ == "__main__":
    main()
