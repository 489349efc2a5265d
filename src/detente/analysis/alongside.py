"""What a study of a run shows that waits for no world, computed on a core that is idle while a kernel compiles."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from detente.requests import RunRequest
from detente.scenario import Case, fixed_readings

if TYPE_CHECKING:
    from detente.hindcast.result import Lasting
    from detente.stability import Stability

__all__ = ["Alongside", "OfCase", "of_case"]


@dataclass(frozen=True)
class OfCase:
    """What a study of a run shows of the case alone.

    Parameters
    ----------
    stability
        What could hold in its conflict; None where it has none.
    lasting
        By question that names a reference class: how long its cases lasted.
    """

    stability: Stability | None
    lasting: Mapping[str, Lasting]


def of_case(
    case: Case,
    account: str | None,
    readings: Mapping[str, str],
    seed: int,
    stop: threading.Event | None = None,
) -> OfCase:
    """Return what a study of a run shows of the case alone.

    Parameters
    ----------
    case
        The case, as it stands at the moment of the run.
    account, readings
        The account that is told, and every reading that is fixed by it or by itself.
    seed
        Of the rankings that are sampled.
    stop
        Set to end early.
    """
    stability, lasting = None, {}
    if case.elements.conflict is not None:
        from detente.analysis.kept_stability import kept_stability

        stability = kept_stability(case, account=account, readings=readings, seed=seed, stop=stop)
    if case.elements.reference_classes:
        from detente.hindcast.lasting import lasting_by_question  # only a case with such classes waits for it

        lasting = lasting_by_question(case, case.scenario.questions)
    return OfCase(stability, lasting)


class Alongside:
    """Computes :func:`of_case` for a request on a thread of its own, inside a ``with`` block.

    What is wrong with the request, the run itself says: nothing is raised here but where the result is asked for. Where
    the block ends in an error nothing is waited for.

    Parameters
    ----------
    case, request
        The case under the rule of the request, and the request.
    stop
        Ends it early too.
    """

    def __init__(self, case: Case, request: RunRequest, stop: threading.Event) -> None:
        self._stop = stop
        self._pool = ThreadPoolExecutor(1, initializer=_give_way)
        self._result: Future[OfCase] = self._pool.submit(_asked_of_case, case, request, stop)

    def __enter__(self) -> Alongside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is not None:
            self._stop.set()
        self._pool.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def result(self) -> OfCase:
        """Return what was computed, once it is."""
        return self._result.result()


def _asked_of_case(case: Case, request: RunRequest, stop: threading.Event) -> OfCase:
    case = case if request.as_of is None else case.cut(request.as_of)
    fixed = fixed_readings(case, request.account, request.readings)
    return of_case(case, request.account, fixed, request.seed, stop)


def _give_way() -> None:
    """Let whatever else wants a core go before this thread, where the system has priorities for threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
