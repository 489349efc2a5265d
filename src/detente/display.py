"""What a notebook shows of a result: short as text, a table and a figure as HTML.

Results stand below what renders them. So the package root, above both, says here once how a result is rendered, and a
result asks for it when a notebook does.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["MOST_SHOWN", "Displayed", "render_with", "shortened"]

MOST_SHOWN = 300
"""Characters of the text that stands for a result."""
Renderer = Callable[[object], str | None]
_renderers: list[Renderer] = []


def render_with(renderer: Renderer) -> None:
    """Say what makes HTML of a result.

    Parameters
    ----------
    renderer
        Returns HTML for a result; None where there is nothing to show but its text.
    """
    _renderers[:] = [renderer]


def shortened(text: str) -> str:
    """Return a text cut to what is shown of a result."""
    return text if len(text) < MOST_SHOWN else f"{text[: MOST_SHOWN - 2]}…"


class Displayed:
    """A result that a notebook shows as its text, or as HTML where it can."""

    def _repr_html_(self) -> str | None:
        return _renderers[0](self) if _renderers else None
