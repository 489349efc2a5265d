"""Why a state is stable for a decision maker, or not: one sentence after another, with the moves and the claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from detente.errors import RequestError, nearest
from detente.stability.backward_induction import BackwardInduction
from detente.stability.conflict import Conflict
from detente.stability.result import Stability, Step
from detente.stability.sanction_reachability import reached as reached_by
from detente.stability.sequences import Triple, sequence_to
from detente.stability.wording import Wording, concept_title

__all__ = ["Explainer", "Reason", "Sentence", "why_stable"]

MOST = 5
"""How many moves are told one by one; the others are counted."""

Told = tuple[bool, list["Sentence"]]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a reason, with the claims that it rests on and the moves that it tells of."""

    text: str
    claims: tuple[str, ...] = ()
    path: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why a state is stable for a decision maker under a concept, or why it is not.

    Parameters
    ----------
    state
        Its number, from 1.
    maker, concept
        For whom, and under which concept.
    stable
        What the sentences come to.
    sentences
        The first says whether the state is stable; the others say why.
    """

    state: int
    maker: str
    concept: str
    stable: bool
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that the reason rests on, each once."""
        return tuple(dict.fromkeys(claim for sentence in self.sentences for claim in sentence.claims))


def why_stable(result: Stability, state: int | str, maker: str, concept: str) -> Reason:
    """Tell why a state is stable for a decision maker under a concept, or why it is not.

    Parameters
    ----------
    result
        The analysis.
    state
        A state's number, from 1, or its name.
    maker, concept
        The name of a decision maker, and of a concept: ``nash``, ``gmr``, …, ``l2``, …, ``non_myopic``.

    Returns
    -------
    Reason
        Its first sentence is the verdict; the others say why, with claims and moves.

    Raises
    ------
    RequestError
        If there is no such state, decision maker or concept.
    """
    makers, concepts = result.conflict.makers, result.concepts
    if maker not in makers:
        mend = nearest(maker, makers) or "they are " + ", ".join(makers)
        raise RequestError(f"{result.case.name} has no decision maker '{maker}'; {mend}")
    if concept not in concepts:
        mend = nearest(concept, concepts) or "they are " + ", ".join(concepts)
        raise RequestError(f"'{concept}' is no concept of this analysis; {mend}")
    wording = Wording(result.case, result.conflict, result.provenance.readings)
    number = result.state(state).id - 1
    return Explainer(wording, makers.index(maker), number, result.sanctions).reason(concept)


@dataclass(frozen=True)
class Explainer:
    """Tells why one state is stable for one decision maker, or not, from the definitions themselves.

    Sanctions are looked for again here, state by state, and not read from the tables of the analysis; the tests hold
    the two to each other.

    Parameters
    ----------
    wording
        The words of the case's conflict.
    maker, state
        For whom and which state, both from 0.
    sanctions
        The rule of sanctioning sequences.
    """

    wording: Wording
    maker: int
    state: int
    sanctions: str = "legal"

    def reason(self, concept: str) -> Reason:
        """Tell the reason under one concept."""
        told: dict[str, Callable[[], Told]] = {
            "nash": self._nash,
            "gmr": lambda: self._answered(improving=False, escape=False),
            "smr": lambda: self._answered(improving=False, escape=True),
            "seq": lambda: self._answered(improving=True, escape=False),
            "sseq": lambda: self._answered(improving=True, escape=True),
            "sim": self._simultaneous,
            "non_myopic": self._non_myopic,
        }
        stable, sentences = told[concept]() if concept in told else self._limited(int(concept[1:]))
        here = self._at(self.state)
        held = "is" if stable else "is not"
        verdict = f"{here[0].upper()}{here[1:]} {held} stable for {self.who} under {concept_title(concept)} stability."
        name = self.conflict.makers[self.maker]
        return Reason(self.state + 1, name, concept, stable, (Sentence(verdict), *sentences))

    # What is known

    @property
    def conflict(self) -> Conflict:
        """The conflict as arrays."""
        return self.wording.conflict

    @property
    def who(self) -> str:
        """How the decision maker is called."""
        return self.wording.titles[self.maker]

    @cached_property
    def others(self) -> list[int]:
        """Everybody else."""
        return [other for other in range(len(self.conflict.makers)) if other != self.maker]

    @cached_property
    def rank(self) -> NDArray[np.int32]:
        """How the decision maker likes each state, ``[states]``."""
        rank: NDArray[np.int32] = self.conflict.ranks[self.maker]
        return rank

    @cached_property
    def gains(self) -> list[int]:
        """The states it likes better and can move to, best first."""
        return self._by_liking(self._gains_of(self.maker))

    @cached_property
    def bad(self) -> NDArray[np.bool_]:
        """The states that it likes no better than the one told of, ``[states]``."""
        bad: NDArray[np.bool_] = self.rank <= self.rank[self.state]
        return bad

    @cached_property
    def held(self) -> NDArray[np.bool_]:
        """Those from which, besides, it could move on to none that it likes better than that one, ``[states]``."""
        held = self.bad.copy()
        for state in np.flatnonzero(held):
            held[state] = not (self.rank[self.conflict.moves[self.maker].of(int(state))] > self.rank[self.state]).any()
        return held

    def _gains_of(self, maker: int) -> list[int]:
        rank = self.conflict.ranks[maker]
        return [s for s in self.conflict.moves[maker].of(self.state).tolist() if rank[s] > rank[self.state]]

    def _by_liking(self, states: Sequence[int]) -> list[int]:
        return sorted(states, key=lambda state: (-int(self.rank[state]), state))

    def _at(self, state: int) -> str:
        return self.wording.state(state)

    def _bare(self, state: int) -> str:
        return f"state {state + 1}"

    def _steps(self, path: Sequence[Triple]) -> tuple[Step, ...]:
        ranks = self.conflict.ranks
        return tuple(
            Step(
                self.conflict.makers[mover], leaves + 1, arrives + 1, bool(ranks[mover, arrives] > ranks[mover, leaves])
            )
            for mover, leaves, arrives in path
        )

    # Nash, and the concepts of moves that are answered

    def _nash(self) -> Told:
        if not self.gains:
            return True, self._nothing_better()
        best, *more = self.gains
        return False, [self._gain(best), *self._counted(more, "It would gain by a move to {} too.")]

    def _answered(self, *, improving: bool, escape: bool) -> Told:
        if not self.gains:
            return True, self._nothing_better()
        answers: dict[int, tuple[Triple, ...]] = {}
        for gain in self.gains:
            answer = self._answer(gain, self.held if escape else self.bad, improving)
            if answer is None:
                return False, [self._gain(gain), *self._unanswered(gain, improving)]
            answers[gain] = answer
        sentences = []
        for gain in self.gains[:MOST]:
            sentences += [self._gain(gain), *self._but(answers[gain], escape)]
        return True, sentences + self._counted(
            self.gains[MOST:], "The others could answer a move to {} in such ways too."
        )

    def _answer(self, gain: int, wanted: NDArray[np.bool_], improving: bool) -> tuple[Triple, ...] | None:
        """Return the shortest sequence by which the others bring a gain to nought, one that they like if there is."""
        for moves in (self.conflict.improvements, self.conflict.moves)[: 1 if improving else 2]:
            found = sequence_to(gain, wanted, moves, self.others, self.sanctions)
            if found is not None:
                return found
        return None

    def _but(self, answer: tuple[Triple, ...], escape: bool) -> list[Sentence]:
        """Tell how the others answer a gain, and why the decision maker is then no better off."""
        sentences = [self._told(answer)]
        for mover, leaves, arrives in answer:
            if self.conflict.ranks[mover, arrives] > self.conflict.ranks[mover, leaves]:
                because = self.wording.because(mover, arrives, leaves)
                text = f"{self.wording.titles[mover]} would like that move, since {because.text}."
                sentences.append(Sentence(text, because.claims, self._steps([(mover, leaves, arrives)])))
        end = answer[-1][2]
        sentences.append(self._no_better(end))
        return [*sentences, self._no_way_out(end)] if escape and end != self.state else sentences

    def _told(self, path: Sequence[Triple]) -> Sentence:
        told = []
        for mover, leaves, arrives in path:
            move = self.wording.move(mover, leaves, arrives, gerund=False)
            told.append(f"{self.wording.titles[mover]} could then {move} ({self._at(arrives)})")
        return Sentence("But " + ", and ".join(told) + ".", (), self._steps(path))

    def _no_better(self, end: int) -> Sentence:
        here, there = self._bare(self.state), self._bare(end)
        if end == self.state:
            return Sentence(f"That is {here} again, so that {self.who} would be no better off.")
        if self.rank[end] == self.rank[self.state]:
            text = f"{self.who} would then be no better off than in {here}"
            if not self.wording.is_known(self.maker, end, self.state):
                return Sentence(f"{text}, as far as is known: which of {there} and {here} it prefers is not.")
            return Sentence(f"{text}: it likes {there} just as well.")
        because = self.wording.because(self.maker, self.state, end)
        return Sentence(f"{self.who} would then be worse off than in {here}, since {because.text}.", because.claims)

    def _no_way_out(self, end: int) -> Sentence:
        reached = self.conflict.moves[self.maker].of(end).tolist()
        if not reached:
            return Sentence(f"From {self._bare(end)} it has no move to mend that.")
        where = self.wording.states(sorted(reached))
        return Sentence(f"Nor could it mend that: it likes {where}, where it can move from there, no better either.")

    def _unanswered(self, gain: int, improving: bool) -> list[Sentence]:
        """Tell why nothing that the others could do brings a gain to nought."""
        moves = self.conflict.improvements if improving else self.conflict.moves
        reached = reached_by(gain, moves, self.others, self.sanctions).tolist()
        if not reached:
            liked = "a move that it would like" if improving else "a move"
            return [Sentence(f"None of the others has {liked} from {self._bare(gain)}.")]
        like = ", each liking the steps it takes," if improving else ""
        bad = [state for state in reached if self.bad[state]]
        if not bad:
            return [self._still_better(reached, like)]
        end = min(bad, key=lambda state: (int(self.rank[state]), state))
        back = self._by_liking(self.conflict.moves[self.maker].of(end).tolist())[0]
        because = self.wording.because(self.maker, back, self.state)
        move = self.wording.move(self.maker, end, back, gerund=False)
        text = f"The others could{like} bring it to {self.wording.states(sorted(bad))}, where it would be no better off"
        if len(bad) > 1:
            text += ", but from each of these it could move on to a state that it likes better"
        return [
            Sentence(text + "."),
            Sentence(
                f"But from {self._bare(end)} it could {move} ({self._at(back)}), better than {self._bare(self.state)}, "
                f"since {because.text}.",
                because.claims,
                self._steps([(self.maker, end, back)]),
            ),
        ]

    def _still_better(self, reached: list[int], like: str) -> Sentence:
        worst = min(reached, key=lambda state: (int(self.rank[state]), state))
        because = self.wording.because(self.maker, worst, self.state)
        where = self.wording.states(sorted(reached))
        least = (
            f"it likes {self._bare(worst)} least of these, and still better than" if len(reached) > 1 else "better than"
        )
        text = f"The others could{like} move on to {where}: {least} {self._bare(self.state)}, since {because.text}."
        return Sentence(text, because.claims)

    # Moves at the same time

    def _simultaneous(self) -> Told:
        if not self.gains:
            return True, self._nothing_better()
        sentences = []
        for count, gain in enumerate(self.gains):
            together = self._together(gain)
            if together is None:
                return False, [self._gain(gain), self._nothing_at_once()]
            if count < MOST:
                sentences += [self._gain(gain), *self._at_once(*together)]
        return True, sentences + self._counted(self.gains[MOST:], "The same is true of a move to {}.")

    def _together(self, gain: int) -> tuple[list[tuple[int, int]], int] | None:
        """Return moves of others, each an improvement of its own, that spoil a gain made at the same time."""
        conflict, here = self.conflict, self.conflict.digits[self.state].astype(np.int64)
        mine = np.where(conflict.owners == self.maker, conflict.digits[gain], here)
        for chosen in product(*([None, *self._gains_of(other)] for other in self.others)):
            moving = [(other, s) for other, s in zip(self.others, chosen, strict=True) if s is not None]
            if not moving:
                continue
            digits = mine
            for other, target in moving:
                digits = np.where(conflict.owners == other, conflict.digits[target], digits)
            code = int(digits @ conflict.places)
            at = int(np.searchsorted(conflict.codes, code))
            if at < len(conflict.codes) and conflict.codes[at] == code and self.bad[conflict.state_of[at]]:
                return moving, int(conflict.state_of[at])
        return None

    def _at_once(self, moving: list[tuple[int, int]], end: int) -> list[Sentence]:
        told: list[str] = []
        claims: list[str] = []
        for other, target in moving:
            because = self.wording.because(other, target, self.state)
            move = self.wording.move(other, self.state, target, gerund=False)
            told.append(f"{self.wording.titles[other]} could {move}, which it would like, since {because.text}")
            claims += because.claims
        path = self._steps([(other, self.state, target) for other, target in moving])
        text = f"But at the same time {'; and '.join(told)}. Together that leads to {self._at(end)}."
        return [Sentence(text, tuple(dict.fromkeys(claims)), path), self._no_better(end)]

    def _nothing_at_once(self) -> Sentence:
        if not any(self._gains_of(other) for other in self.others):
            return Sentence(
                f"None of the others would gain by a move from {self._bare(self.state)}, so none moves with it."
            )
        return Sentence(
            f"Whatever the others do at the same time to better themselves, {self.who} would be better off than in "
            f"{self._bare(self.state)}."
        )

    # Looking ahead

    @cached_property
    def _ahead(self) -> BackwardInduction:
        return BackwardInduction(self.conflict)

    def _limited(self, horizon: int) -> Told:
        moves = self._by_liking(self._ahead.moves(horizon, self.maker, self.state))
        if moves:
            return False, [self._worth_it(self._ahead.line(horizon, self.maker, self.state, moves[0]))]
        if not self.gains:
            reached = self._by_liking(self.conflict.moves[self.maker].of(self.state).tolist())
            if not reached or horizon == 1:
                return True, self._nothing_better()
            sentences = [Sentence("It has no move that it likes at once, and looks at what would follow.")]
        else:
            reached, sentences = self.gains, []
        for target in reached[:MOST]:
            line = self._ahead.line(horizon, self.maker, self.state, target)
            sentences += self._not_worth_it(line)
        return True, sentences + self._counted(reached[MOST:], "Nor would a move to {} be worth it.")

    def _non_myopic(self) -> Told:
        first, last = self._ahead.settled()
        for horizon in range(first, last + 1):
            stable, sentences = self._limited(horizon)
            if not stable:
                far = f"Looking {_moves(horizon)} ahead, and at ever longer horizons too, it would move."
                return False, [Sentence(far), *sentences]
        far = f"However far it looks, from {_moves(first)} ahead on, it would stay."
        return True, [Sentence(far), *self._limited(last)[1]]

    def _line(self, line: Sequence[Triple]) -> str:
        """Tell what is reckoned to follow a move."""
        followed = []
        for mover, leaves, arrives in line[1:]:
            move = self.wording.move(mover, leaves, arrives, gerund=True)
            followed.append(f"{self.wording.titles[mover]} {move} ({self._at(arrives)})")
        return "it would reckon with " + ", then ".join(followed) if followed else "nobody would move on"

    def _worth_it(self, line: Sequence[Triple]) -> Sentence:
        mover, leaves, arrives = line[0]
        move = self.wording.move(mover, leaves, arrives, gerund=True)
        end = line[-1][2]
        because = self.wording.because(self.maker, end, self.state)
        text = (
            f"By {move} ({self._at(arrives)}), {self._line(line)}; at worst it ends in {self._at(end)}, which it likes"
        )
        return Sentence(f"{text} better, since {because.text}.", because.claims, self._steps(line))

    def _not_worth_it(self, line: Sequence[Triple]) -> list[Sentence]:
        mover, leaves, arrives = line[0]
        move = self.wording.move(mover, leaves, arrives, gerund=True)
        text = f"By {move} ({self._at(arrives)}), {self._line(line)}."
        return [Sentence(text[0].upper() + text[1:], (), self._steps(line)), self._no_better(line[-1][2])]

    # Moves that are not worth making, and moves that are

    def _gain(self, gain: int) -> Sentence:
        because = self.wording.because(self.maker, gain, self.state)
        move = self.wording.move(self.maker, self.state, gain, gerund=True)
        text = f"It would gain by {move} ({self._at(gain)}), since {because.text}."
        return Sentence(text, because.claims, self._steps([(self.maker, self.state, gain)]))

    def _nothing_better(self) -> list[Sentence]:
        reached = self._by_liking(self.conflict.moves[self.maker].of(self.state).tolist())
        if not reached:
            return [Sentence(f"It has no move from {self._bare(self.state)}.")]
        by_reason: dict[str, list[int]] = {}
        claims: dict[str, tuple[str, ...]] = {}
        for target in reached[:MOST]:
            text = "it likes what that leads to just as well"
            if not self.wording.is_known(self.maker, target, self.state):
                text = "which of that and this it prefers is not known"
            if self.rank[target] < self.rank[self.state]:
                because = self.wording.because(self.maker, self.state, target)
                text, claims[because.text] = because.text, because.claims
            by_reason.setdefault(text, []).append(target)
        sentences = []
        for text, targets in by_reason.items():
            moves = [self.wording.move(self.maker, self.state, target, gerund=True) for target in targets]
            told = ", or by ".join(f"{m} ({self._at(t)})" for m, t in zip(moves, targets, strict=True))
            lost = "lose" if text in claims else "gain nothing"
            path = self._steps([(self.maker, self.state, target) for target in targets])
            sentences.append(Sentence(f"It would {lost} by {told}, since {text}.", claims.get(text, ()), path))
        return sentences + self._counted(reached[MOST:], "It likes {} no better either.")

    def _counted(self, states: Sequence[int], text: str) -> list[Sentence]:
        return [Sentence(text.format(self.wording.states(sorted(states))))] if states else []


def _moves(count: int) -> str:
    return f"{count} move{'s' if count != 1 else ''}"
