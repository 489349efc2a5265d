"""When a decision comes up, as one more yes/no among what a day computes."""

from __future__ import annotations

from dataclasses import replace

from detente.dynamics import Program
from detente.dynamics.evaluator import names_read
from detente.equations import Kind, Node
from detente.equations.syntax import Call, Compare, Logical, Name, Truth
from detente.scenario import DecisionElement, Equation, OptionElement
from detente.scenario.ordering import Step, calendar_changes

__all__ = ["occasion_of", "with_occasions"]


def occasion_of(decision: str) -> str:
    """Return under which name it is computed whether a decision comes up."""
    return f"{decision}/comes_up"


def with_occasions(program: Program) -> Program:
    """Return the program with one more yes/no before each decision: whether it comes up on this day."""
    order: list[Step] = []
    for step in program.order:
        if isinstance(step, OptionElement) and step.decision is not None:
            node = step.decision.when if step.decision.when is not None else _stirred(program, step.decision)
            order.append(Equation(occasion_of(step.name), "auxiliary", Kind("truth"), node, step.decision.path))
        order.append(step)
    return replace(program, order=tuple(order))


def _stirred(program: Program, decision: DecisionElement) -> Node:
    """Return whether anything that a decision's reasons read is other than yesterday; never so on the first day."""
    known = {one.name for one in (*program.order, *program.stocks)} - {decision.name}
    names = sorted({name for lean in decision.leans for name in names_read(lean.strength)} & known)
    changed: list[Node] = [Compare(("!=",), (Name(name), Call("previous", (Name(name), Name(name))))) for name in names]
    calendar = calendar_changes(decision)
    if calendar is not None:
        changed.append(calendar)
    if not changed:
        return Truth(False)
    return changed[0] if len(changed) == 1 else Logical("or", tuple(changed))
