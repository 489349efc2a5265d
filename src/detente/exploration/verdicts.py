"""How an effect is judged: against a threshold, by its whole interval."""

from __future__ import annotations

from detente.exploration.expected import Verdict

__all__ = ["SLIGHT", "judge"]

SLIGHT = 0.01
"""The share of the spread over worlds below which an effect is taken for none; an assumption."""


def judge(finds: str, bound: float, low: float, high: float, slight: float) -> Verdict:
    """Return whether an effect is what was to be found.

    Parameters
    ----------
    finds, bound
        What was to be found, one of :data:`detente.scenario.model.expectations.FINDINGS`, and the number with it.
    low, high
        The interval of the effect; both the same where it is sure.
    slight
        The size below which an effect is taken for none.

    Returns
    -------
    str
        ``holds`` where the whole interval lies where it should, ``fails`` where it lies wholly elsewhere.
    """
    if finds == "lower":
        return _beyond(-high, -low, slight)
    if finds == "higher":
        return _beyond(low, high, slight)
    if finds == "no_more":
        return _reversed(_beyond(low, high, slight))
    if finds == "no_less":
        return _reversed(_beyond(-high, -low, slight))
    if finds == "unmoved":
        apart = (_beyond(low, high, slight), _beyond(-high, -low, slight))
        return "fails" if "holds" in apart else "holds" if apart == ("fails", "fails") else "not resolved"
    if finds == "at_least":
        return "holds" if low >= bound else "fails" if high < bound else "not resolved"
    return "holds" if high <= bound else "fails" if low > bound else "not resolved"


def _beyond(low: float, high: float, threshold: float) -> Verdict:
    """Return whether an effect lies above a threshold, which itself is not above."""
    return "holds" if low > threshold else "fails" if high <= threshold else "not resolved"


def _reversed(verdict: Verdict) -> Verdict:
    return {"holds": "fails", "fails": "holds", "not resolved": "not resolved"}[verdict]  # type: ignore[return-value]
