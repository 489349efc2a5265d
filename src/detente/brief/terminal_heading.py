"""The head of everything that is printed: the title of the case, and as of when."""

from __future__ import annotations

from rich.panel import Panel
from rich.text import Text

__all__ = ["heading"]


def heading(title: str, as_of: str) -> Panel:
    """Return a panel with the title and the moment below it.

    The moment stands inside: in the frame it would be cut wherever the title is shorter.

    Parameters
    ----------
    title, as_of
        Of the case.
    """
    return Panel(Text.assemble((title, "bold"), "\n", (f"as of {as_of}", "dim")), expand=False)
