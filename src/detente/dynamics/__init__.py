"""Simulation: ordered equations, one compiled kernel, many possible worlds counted exactly.

JAX reads its settings when it is first imported, so they are made here, before anything of this room imports it: one
thread per operation (blocks of worlds are spread over threads instead), LLVM's second level of optimization, vectors as
wide as the processor has them, and a cache of compiled functions under the user's cache directory, whatever the time
they took to compile. docs/decisions/2026-11-23-all-days-in-one-loop.md says what the others do, and how measured.
"""

from __future__ import annotations

import os

import platformdirs

EXTRA = (
    "xla_cpu_small_while_loop_byte_threshold=1000000000",  # a loop over days is one function
    "xla_cpu_use_multi_output_fusion=true",  # what several results share is computed once
    "-vectorize-memory-check-threshold=1000",  # LLVM's: vectors also where a loop reads and writes many arrays
    "xla_cpu_disable_loop_unrolling=",
    "xla_cpu_disable_slp_vectorizer=",
)
"""Settings of XLA's compiler for processors, and of LLVM beneath it."""
SETTINGS = (
    "--xla_cpu_multi_thread_eigen=false",
    "--xla_backend_optimization_level=2",
    "--xla_cpu_prefer_vector_width=512",
    "--xla_backend_extra_options=" + ",".join(EXTRA),
)
# What the user sets comes last and wins.
os.environ["XLA_FLAGS"] = " ".join(dict.fromkeys([*SETTINGS, *os.environ.get("XLA_FLAGS", "").split()]))
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(platformdirs.user_cache_path("detente") / "kernels"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")

from detente.dynamics.answers import draw_means, luck_variance, position_of  # noqa: E402
from detente.dynamics.dataset import dataset_of  # noqa: E402
from detente.dynamics.ensemble import Design, Ensemble, Part  # noqa: E402
from detente.dynamics.executables import read_ahead, used_for  # noqa: E402
from detente.dynamics.forcing import forced_by  # noqa: E402
from detente.dynamics.influence import ancestors, direct_influences, weighing_ancestors  # noqa: E402
from detente.dynamics.kernel import Forced, luck_keys  # noqa: E402
from detente.dynamics.program import Program, build_program  # noqa: E402
from detente.dynamics.record_evidence import ReadingAfter, RecordEvidence, record_evidence  # noqa: E402
from detente.dynamics.simulation import Passage, Simulated, Simulation  # noqa: E402
from detente.dynamics.tally import Block  # noqa: E402
from detente.dynamics.watching import Watch, watch  # noqa: E402

__all__ = [
    "Block",
    "Design",
    "Ensemble",
    "Forced",
    "Part",
    "Passage",
    "Program",
    "ReadingAfter",
    "RecordEvidence",
    "Simulated",
    "Simulation",
    "Watch",
    "ancestors",
    "build_program",
    "dataset_of",
    "direct_influences",
    "draw_means",
    "forced_by",
    "luck_keys",
    "luck_variance",
    "position_of",
    "read_ahead",
    "record_evidence",
    "used_for",
    "watch",
    "weighing_ancestors",
]
