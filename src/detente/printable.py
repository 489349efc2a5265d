r"""Text from outside, made safe to show: signs that steer a terminal or turn the reading direction are written out.

Such signs can hide what a text says, move the cursor, or have a terminal do things. They have no place in a title or a
claim; where one comes through all the same, whoever reads sees it as ``\x1b`` and not what it does.
"""

from __future__ import annotations

import re

__all__ = ["STEERING", "printable"]

STEERING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
"""Those signs, as the inside of a class of a regular expression: all controls but tab and line feed, overrides and
isolates of direction, line and paragraph separators, and the mark of byte order. The marks of direction that Arabic and
Hebrew texts need are none of them."""
_STEERING = re.compile(f"[{STEERING}]")


def printable(text: str) -> str:
    r"""Return a text in which each sign that steers is written out, such as ``\x1b`` for escape."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
