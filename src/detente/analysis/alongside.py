"""What a study of a run shows that need not wait for all worlds: it is computed while they are run.

What belongs to the case alone waits for none of them; what belongs to one part, for the worlds of that part.
"""

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
from detente.scenario.model.voices import MIXTURES

if TYPE_CHECKING:
    from detente.exploration.importance import Importance
    from detente.hindcast.result import Lasting
    from detente.run import Run
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

    Returns
    -------
    OfCase
        The conflict's analysis, None where the case describes none; and by question how long cases like this one
        lasted.
    """
    stability, lasting = None, {}
    if case.elements.conflict is not None:
        from detente.analysis.cached_stability import cached_stability

        stability = cached_stability(case, account=account, readings=readings, seed=seed, stop=stop)
    if case.elements.reference_classes:
        from detente.hindcast.lasting import lasting_by_question  # only a case with such classes waits for it

        lasting = lasting_by_question(case, case.scenario.questions)
    return OfCase(stability, lasting)


class Alongside:
    """Computes such things for a request on threads of its own, inside a ``with`` block.

    What is wrong with the request, the run itself says: nothing is raised here but where a result is asked for. Where
    the block ends in an error nothing is waited for.

    Parameters
    ----------
    case, request
        The case under the rule of the request, and the request.
    stop
        Ends it early too.
    """

    def __init__(self, case: Case, request: RunRequest, stop: threading.Event) -> None:
        self._stop, self._main = stop, request.account or MIXTURES
        self._pools = ThreadPoolExecutor(1, initializer=_give_way), ThreadPoolExecutor(1)
        self._of_case: Future[OfCase] = self._pools[0].submit(_asked_of_case, case, request, stop)
        self._causes: Future[Mapping[str, Importance]] | None = None

    def __enter__(self) -> Alongside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is not None:
            self._stop.set()
        for pool in self._pools:
            pool.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def counted(self, run: Run) -> None:
        """Take a run of one part, and look at its answers; of the main part also at what these hang on."""
        if run.main.part.design.name == self._main:
            self._causes = self._pools[1].submit(_causes_of, run)
        self._pools[1].submit(_answered, run)

    def of_case(self) -> OfCase:
        """Return what is shown of the case alone, once it is computed."""
        return self._of_case.result()

    def causes(self) -> Mapping[str, Importance] | None:
        """Return what answers hang on, once it is computed; None where the main part was never counted by itself."""
        return None if self._causes is None else self._causes.result()


def _causes_of(run: Run) -> Mapping[str, Importance]:
    from detente.exploration.coverage import coverage
    from detente.exploration.importance import importance_of

    return importance_of(run, coverage(run.simulation).moved)


def _answered(run: Run) -> None:
    """Look at all answers of a part: it keeps them."""
    for question in run.case.scenario.questions:
        run.main.answer(question)


def _asked_of_case(case: Case, request: RunRequest, stop: threading.Event) -> OfCase:
    case = case if request.as_of is None else case.cut(request.as_of)
    fixed = fixed_readings(case, request.account, request.readings)
    return of_case(case, request.account, fixed, request.seed, stop)


def _give_way() -> None:
    """Let whatever else wants a core go before this thread, where the system has priorities for threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
