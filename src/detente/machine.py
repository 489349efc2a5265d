"""What the machine is and how much of it this process may use, asked of whatever system there is.

Everything that only some systems have is asked for here, and whatever is missing has an answer all the same.
"""

from __future__ import annotations

import hashlib
import math
import os
import platform
from contextlib import suppress
from functools import cache
from pathlib import Path

__all__ = ["machine_memory", "own_user", "processor", "processor_features", "text_of", "usable_processors"]

MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux says how much memory a group of processes may have, in its two versions."""
QUOTA, OLD_QUOTA = "cpu.max", ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")
"""Where Linux says how much processor time a group may have in how long, in its two versions."""
GROUPS = "/sys/fs/cgroup"


def text_of(path: str | Path) -> str:
    """Return what stands in a file of the system; nothing where there is no such file, or no such system."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""


def own_user() -> int | None:
    """Return the number of the user whom this process acts for; None where the system has no such numbers."""
    if hasattr(os, "geteuid"):
        return os.geteuid()
    return None


@cache
def processor() -> str:
    """Return the kind of processor, as the system names it."""
    lines = text_of("/proc/cpuinfo").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{platform.machine()} {names[0] if names else platform.processor() or 'unknown'}"


@cache
def processor_features() -> str:
    """Return a short name for what the processor can do, as far as the system tells.

    On Linux that is its list of instructions. macOS and Windows tell Python the system's version and the processor's
    family, so there two processors of one family share the name.
    """
    lines = {line for line in text_of("/proc/cpuinfo").splitlines()
             if line.startswith(("model name", "flags", "Features"))}  # fmt: skip
    told = (platform.platform(), platform.machine(), platform.processor(), *sorted(lines))
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:16]


def usable_processors() -> int:
    """Return how many processors this process may use: those it is bound to, within its group's share of time."""
    counted = getattr(os, "process_cpu_count", os.cpu_count)() or 1  # from Python 3.13 on; it heeds PYTHON_CPU_COUNT
    if hasattr(os, "sched_getaffinity"):
        counted = min(counted, len(os.sched_getaffinity(0)) or 1)
    return max(1, math.ceil(min(counted, _share_of_time(Path(GROUPS)))))


def _share_of_time(groups: Path) -> float:
    """Return how many processors' time this process's groups may take; infinite where they are not limited."""
    return min([math.inf, *(_quota(text_of(folder / QUOTA)) for folder in _own_groups(groups)), _old_quota(groups)])


def _own_groups(groups: Path) -> list[Path]:
    """Return the folders of the group of this process and of all groups around it."""
    lines = text_of("/proc/self/cgroup").splitlines()
    own = next((line[3:].strip("/") for line in lines if line.startswith("0::")), "")
    inside = groups / own
    return [inside, *(folder for folder in inside.parents if folder == groups or groups in folder.parents)]


def _quota(text: str) -> float:
    """Return a limit written as time and period, ``200000 100000``, in processors; infinite for ``max`` or nothing."""
    try:
        time, period = map(float, text.split())
        return time / period if time > 0 and period > 0 else math.inf
    except ValueError:
        return math.inf


def _old_quota(groups: Path) -> float:
    return _quota(" ".join(text_of(groups / name).strip() for name in OLD_QUOTA))


def machine_memory() -> int | None:
    """Return how many bytes of memory this process may use in all; None where the system does not tell."""
    told = [int(text) for path in MEMORY_LIMITS if (text := text_of(path).strip()).isdigit()]
    with suppress(AttributeError, ValueError, OSError):  # Windows has no such question, other systems not that name
        told.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min((size for size in told if size > 0), default=None)
