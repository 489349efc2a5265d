"""What is asked of outcomes that could hold: decision makers, what each prefers, which states can be, how they move."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from detente.scenario.model.parts import Day, Dotted, Expression, Name, Part, Scalar, Spoken, Text, Written, written

__all__ = ["DecisionMaker", "NoMove", "Preference", "Rule", "Stability", "StateName", "Statement"]


def _together(value: Any) -> Any:
    """Take a state that stands alone in a ranking for a list of one."""
    return value if isinstance(value, list) else [value]


Level = Annotated[
    list[Written],
    BeforeValidator(_together, json_schema_input_type=Scalar | list[Scalar]),
    Field(min_length=1, description="a state, by number or name, or a list of equals"),
]


class Statement(Spoken):
    """One thing that is wanted of a state; written alone, it is the expression."""

    wants: Expression | None = None
    """What should hold: an expression over options."""
    any_order: list[Statement] | None = Field(default=None, min_length=2)
    """Statements of which no claim says which comes first; the order written is one of those possible."""
    says: str | None = None
    """What is wanted, in a plain sentence."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on; none: an assumption."""
    when: dict[Name, Name] | None = Field(default=None, min_length=1)
    """Readings of contested claims under which it is wanted; always, where left out."""
    strong: bool = False
    """True if what it decides is strongly preferred."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return {"wants": data} if isinstance(data, str | int | float) else data

    @model_validator(mode="after")
    def _one(self) -> Statement:
        if (self.wants is None) == (self.any_order is None):
            came = "neither" if self.wants is None else "both"
            raise ValueError(f"expected 'wants' or 'any_order', came {came}; write one of them")
        if self.any_order is not None and (self.claims or self.when or self.strong):
            raise ValueError(
                "'any_order' stands with 'claims', 'when' or 'strong'; give those to the statements inside it"
            )
        if any(inner.any_order is not None for inner in self.any_order or ()):
            raise ValueError("'any_order' stands inside 'any_order'; write all its statements in one list")
        return self


class Preference(Part):
    """How states are ranked: by statements, most important first, or by a list of states, best first."""

    prefers: list[Statement] | None = Field(default=None, min_length=1)
    """What is wanted, the most important first."""
    ranking: list[Level] | None = Field(default=None, min_length=1)
    """States by number or name, best first; equals in a list inside."""
    strong_after: list[Written] = Field(default_factory=list)
    """With a ranking: states below which the step down is a strong one."""
    partial: bool = False
    """True if a ranking may leave states out; how those compare with others is unknown."""
    unknown: list[Annotated[list[Written], Field(min_length=2, max_length=2)]] = Field(default_factory=list)
    """Pairs of states between which the preference is unknown: numbers, names, or expressions for all such pairs."""
    claims: list[Name] = Field(default_factory=list)
    """The claims that a ranking rests on."""
    says: str | None = None
    """A plain sentence for readers."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _either(self) -> Preference:
        if (self.prefers is None) == (self.ranking is None):
            came = "neither" if self.prefers is None else "both"
            raise ValueError(f"expected 'prefers' or 'ranking', came {came}; write one of them")
        for key, there in (("strong_after", self.strong_after), ("partial", self.partial)):
            if there and self.ranking is None:
                mend = "write 'strong: true' at a statement" if key == "strong_after" else "use 'unknown'"
                raise ValueError(f"'{key}' belongs to a ranking; {mend}, or give a ranking")
        return self


class DecisionMaker(Preference):
    """One who moves: an actor, or several who act as one, with options and a preference."""

    name: Text | None = None
    """How it is called; by default as its actor."""
    actors: list[Name] | None = Field(default=None, min_length=1)
    """Who acts as one; by default the actor of that name."""
    options: list[Dotted] | None = Field(default=None, min_length=1)
    """What it decides on; by default every option of its actors that no equation gives."""
    sees: dict[Name, Preference] = Field(default_factory=dict)
    """The preferences that it believes other decision makers to have, where they differ from those given there."""


class Rule(Part):
    """What can be and what cannot: a state that breaks a rule is no state."""

    never: Expression | None = None
    """What holds in no state."""
    only: Expression | None = None
    """What holds in every state."""
    says: str | None = None
    """A plain sentence for readers."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _one(self) -> Rule:
        if (self.never is None) == (self.only is None):
            came = "neither" if self.never is None else "both"
            raise ValueError(f"expected 'never' or 'only', came {came}; write one of them")
        return self


class NoMove(Part):
    """Moves that a decision maker cannot make, beyond those that an irreversible option forbids."""

    by: Name
    """The decision maker."""
    leaving: Annotated[Expression | None, Field(alias="from")] = None
    """What holds in the states it cannot leave so; any state, where left out."""
    arriving: Annotated[Expression | None, Field(alias="to")] = None
    """What holds in the states it cannot go to so; any state, where left out."""
    says: str | None = None
    """Why, in a plain sentence."""
    claims: list[Name] = Field(default_factory=list)
    """The claims it rests on."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="after")
    def _some(self) -> NoMove:
        if self.leaving is None and self.arriving is None:
            raise ValueError("expected 'from', 'to' or both, came neither; write what holds before or after the move")
        return self


class StateName(Spoken):
    """A name for one state; written alone, it is the expression."""

    equals: Annotated[Expression, Field(alias="is")]
    """What holds in this state and in no other."""
    says: str | None = None
    """The state in a plain sentence."""
    note: str | None = None
    """A remark."""

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any) -> Any:
        return {"is": written(data)} if isinstance(data, str | int | float) else data


class Stability(Part):
    """Who decides over which options, what each prefers, and which states can be: the graph model of the crisis."""

    says: str | None = None
    """What the conflict is about, in a plain sentence."""
    compared_on: Day | None = None
    """The day on which the simulation's states are compared with the stable ones; by default the last."""
    decision_makers: dict[Name, DecisionMaker] = Field(min_length=1)
    """Who decides; their order and that of their options fixes the numbers of states."""
    rules: list[Rule] = Field(default_factory=list)
    """Which states can be."""
    irreversible: dict[Dotted, Literal["taken", "given_up"]] = Field(default_factory=dict)
    """Options that stay once taken, or stay away once given up."""
    no_moves: list[NoMove] = Field(default_factory=list)
    """Moves that one decision maker cannot make."""
    same: list[Expression] = Field(default_factory=list)
    """All states in which such an expression holds are one state."""
    names: dict[Name, StateName] = Field(default_factory=dict)
    """Names for single states."""
    start: dict[Dotted, Written] | None = Field(default=None, min_length=1)
    """The status quo; what is left out is as its option starts."""
    coalitions: list[Annotated[list[Name], Field(min_length=2)]] | None = None
    """Which decision makers may join; by default every coalition is looked at."""
    note: str | None = None
    """A remark."""
