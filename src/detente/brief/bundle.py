"""The script that draws the figures: Vega and Vega-Lite in one piece, made once by vl-convert and kept for later pages.

It lies in the user's cache and never in the repository; its licences travel in the page.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

import platformdirs

__all__ = ["LICENCES", "SCRIPT_NAME", "script_bundle"]

SCRIPT_NAME = "detenteFigures"
"""The one global name that the script sets."""
_SNIPPET = f"window.{SCRIPT_NAME}=vegaEmbed;"

LICENCES = Path(__file__).parent / "templates" / "licences.txt"
"""The licences of everything in the script."""


def script_bundle(cache: Path | None = None) -> str:
    """Return the script, ready to stand in a page.

    It is wrapped in a function, so that nothing of it but :data:`SCRIPT_NAME` becomes a global name.

    Parameters
    ----------
    cache
        The folder it is kept in; by default the user's cache.
    """
    folder = cache if cache is not None else platformdirs.user_cache_path("detente")
    kept = folder / f"vega-{version('vl-convert-python')}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        made = _made()
    with contextlib.suppress(OSError):  # a cache that cannot be written to costs two seconds a page, no more
        _keep(kept, made)
    return made


def _made() -> str:
    import vl_convert  # 88 MB of browser: only where the cache is cold

    script = vl_convert.javascript_bundle(_SNIPPET)
    # What would end or open a script in HTML can stand in it only inside a text, where a backslash changes nothing.
    script = script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function(){{{script}\n}})();"


def _keep(kept: Path, made: str) -> None:
    """Write in one step, so that two runs at once cannot leave half a file."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".js")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made)
    os.replace(name, kept)
