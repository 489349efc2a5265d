"""What each function of the language takes and gives, as data for the check of kinds and units.

A signature is written in a few words. For arguments: ``u`` is a number, and all arguments marked ``u`` have the same
unit; ``1`` is a plain number; ``day`` a number of days; ``yes/no`` a truth value; ``date`` a date written out;
``ladder`` an option with rungs; ``any`` anything, all alike; ``u or yes/no`` is either; ``table`` the name of a table,
whose first unit the other arguments have. For results, ``u*day`` and ``u**0.5`` are made from the unit of the
arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SIGNATURES", "Signature"]


@dataclass(frozen=True, slots=True)
class Signature:
    """The words for the arguments of a function, in order, and for its result."""

    arguments: tuple[str, ...]
    result: str

    def argument(self, index: int) -> str:
        """Return the word for one argument; an open-ended function repeats its last."""
        return self.arguments[min(index, len(self.arguments) - 1)]


SIGNATURES: dict[str, Signature] = {
    "min": Signature(("u", "u"), "u"),
    "max": Signature(("u", "u"), "u"),
    "abs": Signature(("u",), "u"),
    "exp": Signature(("1",), "1"),
    "log": Signature(("1",), "1"),
    "sqrt": Signature(("u",), "u**0.5"),
    "clip": Signature(("u", "u", "u"), "u"),
    "logistic": Signature(("1",), "1"),
    "share": Signature(("u", "u"), "1"),
    "lookup": Signature(("u", "table"), "table"),
    "rung": Signature(("ladder",), "1"),
    "step": Signature(("u", "date"), "u"),
    "pulse": Signature(("u", "date"), "u"),
    "ramp": Signature(("u", "date", "date"), "u*day"),
    "delay1": Signature(("u", "day"), "u"),
    "delay3": Signature(("u", "day"), "u"),
    "smooth1": Signature(("u", "day"), "u"),
    "smooth3": Signature(("u", "day"), "u"),
    "previous": Signature(("any", "any"), "any"),
    "initial": Signature(("any",), "any"),
    "days_since": Signature(("yes/no",), "day"),
    "chance": Signature(("1",), "yes/no"),
    "uniform": Signature(("u", "u"), "u"),
    "normal": Signature(("u", "u"), "u"),
    "lognormal": Signature(("u", "1"), "u"),
    "beta": Signature(("1", "1"), "1"),
    "poisson": Signature(("u",), "u"),
    "binomial": Signature(("u", "1"), "u"),
    # Summaries over the days of a world.
    "ever": Signature(("yes/no",), "yes/no"),
    "always": Signature(("yes/no",), "yes/no"),
    "first_day": Signature(("yes/no",), "date"),
    "days": Signature(("yes/no",), "day"),
    "total": Signature(("u",), "u*day"),
    "mean": Signature(("u or yes/no",), "u"),
    "peak": Signature(("u",), "u"),
}
