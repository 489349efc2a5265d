"""The script that draws the figures: Vega and Vega-Lite in one piece, made once by vl-convert and kept for later pages.

It lies in the user's cache and never in the repository; its licences travel in the page.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from detente.keeping import cache_file, keep, kept

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
    name = f"vega-{version('vl-convert-python')}.js"
    file = cache / name if cache is not None else cache_file("figures", name)
    held = kept(file)
    if held is not None:
        return held.decode()
    made = _made()
    keep(file, made.encode())
    return made


def _made() -> str:
    import vl_convert  # 88 MB of browser: only where the cache is cold

    script = vl_convert.javascript_bundle(_SNIPPET)
    # What would end or open a script in HTML can stand in it only inside a text, where a backslash changes nothing.
    script = script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function(){{{script}\n}})();"
