"""How things of a case are called in a brief: actors, speakers, factors, places."""

from __future__ import annotations

from detente.brief.wording import amount
from detente.results import Answer
from detente.scenario import Case

__all__ = ["cites_of", "effect_text", "label_of", "plain", "said_by"]


def plain(name: str) -> str:
    """Write a name of the case as words."""
    return name.replace("_", " ")


def said_by(case: Case, by: str | list[str] | None) -> str:
    """Write who says something."""
    names = [by] if isinstance(by, str) else by or []
    words = [case.scenario.sources[n].title if n in case.scenario.sources else case.title_of(n) for n in names]
    return ", ".join(words)


def effect_text(answer: Answer, effect: float) -> str:
    """Write an effect in points, days or the measure's unit, with its sign."""
    sign = "+" if effect >= 0 else "−"
    size = abs(effect)
    if answer.type == "yes/no":
        return f"{sign}{100 * size:.0f} points"
    if answer.type == "date":
        return f"{sign}{amount(size, 'day')}"
    text = amount(size, answer.unit)
    return f"{text} {'more' if effect >= 0 else 'fewer'}" if text.startswith("less than") else f"{sign}{text}"


def label_of(case: Case, name: str) -> str:
    """Say in words what a factor is: a contested claim, a number, a reason in a decision."""
    claim = case.scenario.claims.get(name)
    if claim is not None and claim.about:
        return claim.about
    parameter = case.elements.parameters[name]
    if parameter.says:
        return parameter.says.rstrip(".")
    owner = plain(parameter.owner.replace(".", ": "))
    if parameter.role == "usual":
        to = name.rpartition("/usual")[2].lstrip(".")
        return f"Usual chance of “{owner}{' — ' + plain(to) if to else ''}”"
    if parameter.role == "odds":
        for lean in case.elements.decisions[parameter.owner].leans:
            if lean.odds == name:
                by = f" by {', '.join(case.title_of(actor) for actor in lean.exerted_by)}" if lean.exerted_by else ""
                return f"Weight of a reason{by} in “{owner}”" + (f": {lean.says.rstrip('.')}" if lean.says else "")
    if parameter.role in ("start", "chance"):
        return f"{'Start' if parameter.role == 'start' else 'Daily chance'} of {owner}"
    return plain(name).capitalize()


def cites_of(case: Case, claims: list[str], own: str | None = None) -> str:
    """Return the places that some claims, and an entry itself, rest on.

    Parameters
    ----------
    case
        The case.
    claims
        Names of claims; other names are passed over.
    own
        What the entry itself cites.

    Returns
    -------
    str
        Each place once, with semicolons between them.
    """
    places = [own] if own else []
    places += [case.scenario.claims[name].cites or "" for name in claims if name in case.scenario.claims]
    return "; ".join(dict.fromkeys(place for place in places if place))
