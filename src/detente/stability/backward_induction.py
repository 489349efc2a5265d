"""Limited-move play told as moves: what a decision maker who looks ahead reckons that the others would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from detente.stability.conflict import Conflict
from detente.stability.limited_move import STAYS, Foresight, foresights
from detente.stability.sequences import Triple

__all__ = ["BackwardInduction"]


@dataclass
class BackwardInduction:
    """Single lines of the play that limited-move stability foresees, so that they can be told.

    Where several opponents would move, or a mover likes several moves as well, the line that is worst for whoever looks
    ahead is followed.

    References
    ----------
    Fang, Hipel and Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict Resolution*, chapter 4.
    """

    conflict: Conflict
    _tables: list[Foresight] = field(default_factory=list)
    _more: Iterator[Foresight] | None = None

    def _table(self, horizon: int) -> Foresight:
        """Return what is foreseen at a horizon of 1 or more."""
        if self._more is None:
            self._more = foresights(self.conflict)
        while len(self._tables) < horizon:
            self._tables.append(next(self._more))
        return self._tables[horizon - 1]

    def settled(self) -> tuple[int, int]:
        """Return the first and the last horizon of the round in which what is foreseen repeats itself."""
        seen: dict[bytes, int] = {}
        horizon = 1
        while True:
            first = seen.setdefault(self._table(horizon).tobytes(), horizon)
            if first < horizon:
                return first, horizon - 1
            horizon += 1

    def moves(self, horizon: int, maker: int, state: int) -> tuple[int, ...]:
        """Return the moves that a decision maker would make from a state; none where it would stay.

        Parameters
        ----------
        horizon
            How many moves it looks ahead, its own first.
        maker, state
            Who, and from where.

        Returns
        -------
        tuple
            States to move to, from 0, all that it likes as well as the best of them.
        """
        if horizon == 0 or self._table(horizon)[maker, 0, state] == STAYS:
            return ()
        worth = {t: self._after(horizon - 1, maker, t, maker) for t in self.conflict.moves[maker].of(state).tolist()}
        best = max(worth.values())
        return tuple(target for target, value in worth.items() if value == best)

    def line(self, horizon: int, mover: int, leaves: int, arrives: int) -> tuple[Triple, ...]:
        """Return the line of play, worst for the first mover, that its move is reckoned to lead to.

        Parameters
        ----------
        horizon
            How many moves the first mover looks ahead, this one first.
        mover
            Whose move it is, from 0: the line is the worst for this one.
        leaves, arrives
            The states that the move goes from and to, from 0.

        Returns
        -------
        tuple
            The moves of the line, this one first: each who moves, from where and to where.
        """
        looker, line = mover, [(mover, leaves, arrives)]
        while True:
            horizon -= 1
            movers = self._movers(horizon, mover, arrives)
            if not movers:
                return tuple(line)
            table = self._table(horizon)
            mover = min(movers, key=lambda other: int(table[other, looker, arrives]))
            choices = self.moves(horizon, mover, arrives)
            leaves, arrives = arrives, min(choices, key=lambda t: self._after(horizon - 1, mover, t, looker))
            line.append((mover, leaves, arrives))

    def _movers(self, horizon: int, last: int, state: int) -> list[int]:
        """Return who would move on, after somebody else moved last."""
        if horizon == 0:
            return []
        table = self._table(horizon)
        return [m for m in range(len(self.conflict.makers)) if m != last and table[m, 0, state] != STAYS]

    def _after(self, horizon: int, last: int, state: int, looker: int) -> int:
        """Return the rank, at least, of where play ends after a move has led to a state."""
        movers = self._movers(horizon, last, state)
        if not movers:
            return int(self.conflict.ranks[looker, state])
        return min(int(self._table(horizon)[mover, looker, state]) for mover in movers)
