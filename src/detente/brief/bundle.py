"""The script that draws the figures: Vega and Vega-Lite in one piece, made once by vl-convert and kept for later pages.

It lies in the user's cache and never in the repository; its licences travel in the page.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from detente.cache import holds, load, store

__all__ = ["LICENCES", "SCRIPT_NAME", "begin_script", "script_bundle"]

KIND = "figures"
"""What it is called in the cache."""
SCRIPT_NAME = "detenteFigures"
"""The one global name that the script sets."""
_SNIPPET = f"window.{SCRIPT_NAME}=vegaEmbed;"

_MAKER = [sys.executable, "-m", "detente.brief.bundle"]
"""The command of a process that makes the script: it keeps it, or prints it where it cannot."""
_begun: list[subprocess.Popen[bytes]] = []
"""The process that makes the script, if one was begun."""

LICENCES = Path(__file__).parent / "templates" / "licences.txt"
"""The licences of everything in the script."""


def script_bundle() -> str:
    """Return the script, ready to stand in a page.

    It is wrapped in a function, so that nothing of it but :data:`SCRIPT_NAME` becomes a global name.
    """
    while _begun:
        told, _ = _begun.pop().communicate()
        if told:  # it could not keep it
            store(KIND, _name(), told)
    held = load(KIND, _name())
    if held is not None:
        return held.decode()
    made = _made()
    store(KIND, _name(), made.encode())
    return made


def begin_script() -> None:
    """Begin to make the script in a process of its own, where it is not kept yet; the page waits for it.

    It takes two seconds, in which a thread would hold up all others of its process.
    """
    if not holds(KIND, _name()):
        quiet = subprocess.DEVNULL
        with suppress(OSError):  # it is made later, then
            _begun.append(subprocess.Popen(_MAKER, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet))


def _name() -> str:
    return f"vega-{version('vl-convert-python')}.js"


def _made() -> str:
    import vl_convert  # 88 MB of browser: only where the cache is cold

    script = vl_convert.javascript_bundle(_SNIPPET)
    # What would end or open a script in HTML can stand in it only inside a text, where a backslash changes nothing.
    script = script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"(function(){{{script}\n}})();"


if __name__ == "__main__":
    script = script_bundle()
    if not holds(KIND, _name()):
        sys.stdout.buffer.write(script.encode())
