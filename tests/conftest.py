"""What holds for every test: how long one example of a property takes says more of the machine than of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
