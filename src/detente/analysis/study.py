"""What every study is: what was asked of a case and all that came of it, computed and frozen; it holds data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from detente.display import Displayed, shortened
from detente.requests import Request
from detente.results import Provenance
from detente.scenario import Case
from detente.stored import FromCase

__all__ = ["Study"]


@dataclass(frozen=True, kw_only=True)
class Study(Displayed):
    """What was asked of a case, and all that came of it, for every page, terminal and data.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again.
    case
        The case as it was asked: under the rule, and at the moment, that the request names.
    """

    IS: ClassVar[str] = "Study"
    """What a notebook calls it."""

    request: Request
    case: Annotated[Case, *FromCase]

    @property
    def made(self) -> Provenance:
        """How it was made."""
        raise NotImplementedError

    @property
    def partial(self) -> bool:
        """Whether it was stopped on the way: then it holds what was done by then."""
        return self.made.partial

    def __repr__(self) -> str:
        return shortened(f"{self.IS} of {self.case.name}: {self.made.worlds:,} worlds, seed {self.made.seed}")
