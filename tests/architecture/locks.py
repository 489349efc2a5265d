"""The locks as data: what each line pins, and what the pinned distributions ask for."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture import policy

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# The locks are resolved on Linux; what only Windows asks for is not in them, as docs/decisions says.
PLATFORMS = (
    {"sys_platform": "linux", "platform_system": "Linux"},
    {"sys_platform": "darwin", "platform_system": "Darwin"},
)


@dataclass(frozen=True)
class Pin:
    """One distribution as a lock pins it."""

    name: str
    extras: frozenset[str]
    version: Version
    hashes: int


def read_lock(path: Path) -> dict[str, Pin]:
    """Return what a lock pins, by the canonical name of the distribution.

    Raises
    ------
    ValueError
        If a line is neither a pinned requirement nor its hash, or a name is pinned twice.
    """
    pins: dict[str, Pin] = {}
    text = re.sub(r"(?m)^\s*#.*\n?", "", path.read_text(encoding="utf-8")).replace("\\\n", " ")
    for line in filter(str.strip, text.splitlines()):
        found = re.fullmatch(r"\s*(\S+?)==(\S+)((?:\s+--hash=sha256:[0-9a-f]{64})*)\s*", line)
        if found is None:
            raise ValueError(f"{path.name}: not a pinned line: {line[:80]}")
        requirement = Requirement(found[1])
        name = canonicalize_name(requirement.name)
        if name in pins:
            raise ValueError(f"{path.name}: {name} is pinned twice")
        extras = frozenset(map(canonicalize_name, requirement.extras))
        pins[name] = Pin(name, extras, Version(found[2]), found[3].count("--hash="))
    return pins


def project_requirements(*extras: str) -> list[str]:
    """Return what the project itself asks for: to be built, to run, and under the given extras."""
    asked = tomllib.loads((policy.REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    optional = asked["project"]["optional-dependencies"]
    return [
        *asked["build-system"]["requires"],
        *asked["project"]["dependencies"],
        *itertools.chain(*map(optional.get, extras)),
    ]


def unmet(pins: Mapping[str, Pin], asked: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield, for every requirement that no line of a lock meets, who asks for it and what is wrong.

    A line meets a requirement if it pins an admitted version and names every extra that is asked for. An installer with
    a newer resolver does without the last; an older one, in hash mode, takes ``coverage[toml]`` for another
    distribution than ``coverage``, looks for its newest version and stops because that has no hash.

    Parameters
    ----------
    pins
        What the lock pins.
    asked
        The requirements of each distribution, by its name; those of distributions that are not pinned do not count.
    """
    for name, texts in asked.items():
        for requirement, extra in itertools.product(
            map(Requirement, texts), ["", *(pins[name].extras if name in pins else ())]
        ):
            if not any(_applies(requirement, python, platform, extra) for python in PYTHONS for platform in PLATFORMS):
                continue
            pin = pins.get(canonicalize_name(requirement.name))
            if pin is None:
                yield f"{name} asks for {requirement}: no line pins it"
            elif not requirement.specifier.contains(pin.version, prereleases=True):
                yield f"{name} asks for {requirement}: {pin.version} is pinned"
            elif missing := set(map(canonicalize_name, requirement.extras)) - pin.extras:
                yield f"{name} asks for {requirement}: its line leaves out [{','.join(sorted(missing))}]"


def _applies(requirement: Requirement, python: str, platform: Mapping[str, str], extra: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra, **platform}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def requirements_of(pins: Mapping[str, Pin]) -> dict[str, list[str]]:
    """Return what each pinned distribution asks for, as its installed metadata says."""
    return {name: requires(name) or [] for name in pins}
