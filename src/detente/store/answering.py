"""From a request to its study by way of the store: read where it is kept, gone on with where it was interrupted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TypeVar, cast

from detente.analysis import Progress, Study, analyse, read_kernels_ahead
from detente.analysis.study_file import study_adapter
from detente.errors import DetenteError, ResultError
from detente.journal import Journal
from detente.requests import Request
from detente.scenario import Case, load
from detente.store.key import key_of
from detente.store.store import Store

__all__ = ["Answering"]

Found = TypeVar("Found", bound=Study)


class Answering:
    """Answers requests, and keeps what came of them: inside a ``with`` block, at whose end all is written.

    Whatever becomes of the store, a request is answered.

    Parameters
    ----------
    tell
        Called with each sentence that a person should know: that a study was read and not computed, where work goes
        on from, that something could not be kept.
    again
        Whether to compute also what is kept.
    """

    def __init__(self, tell: Callable[[str], None], *, again: bool = False) -> None:
        self._tell, self._again = tell, again
        self._aside = ThreadPoolExecutor(1)
        self._kept: list[Future[None]] = []

    def __enter__(self) -> Answering:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._aside.shutdown()
        for one in self._kept:
            try:
                one.result()
            except ResultError as fault:
                self._tell(f"not kept: {fault}")

    def study(
        self,
        request: Request,
        kind: type[Found],
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Found:
        """Return the study that comes of a request.

        Parameters
        ----------
        request, kind
            What is asked, and which kind of study comes of it.
        progress, stop
            As :func:`detente.analysis.analyse` takes them.

        Returns
        -------
        Found
            As the store has it, or as it was computed now, and then kept.

        Raises
        ------
        CaseError, RequestError, ResultError
            As :func:`detente.analysis.analyse` raises them.
        """
        read_kernels_ahead(request)
        case = load(request.case)
        place = self._place(request, case)
        if place is None:
            return cast(Found, analyse(request, case=case, progress=progress, stop=stop))
        store, key = place
        held = None if self._again else store.find(key, request, case)
        if held is not None:
            if store.journal(key).exists():  # of a process that was killed when its result was just kept
                Journal(store.journal(key)).remove()
            study, made = held
            when = f"{made.day} {made:%B %Y} at {made:%H:%M}"
            self._tell(f"read from the store, where it was kept on {when}; --again computes it anew")
            return cast(Found, study)
        return cast(Found, self._computed(request, case, store, key, progress, stop))

    def _place(self, request: Request, case: Case) -> tuple[Store, str] | None:
        """Return the store, and the key of the request in it; None where nothing can be kept."""
        if not Store.keeps(request):
            return None
        try:
            return Store.of(case), key_of(request, case)
        except ResultError as error:
            self._tell(f"nothing is kept: {error}")
            return None

    def _computed(
        self, request: Request, case: Case, store: Store, key: str, progress: Progress | None,
        stop: threading.Event | None,
    ) -> Study:  # fmt: skip
        """Compute a study, from where it was interrupted, and begin to keep it."""
        if self._again:
            with suppress(OSError):
                store.journal(key).unlink(missing_ok=True)
        self._aside.submit(study_adapter, request.COMMAND)  # the way to write it, made while nothing waits for that
        journal = Journal(store.journal(key))
        if journal.worlds:
            self._tell(f"going on from where it was interrupted: {journal.worlds:,} worlds were run by then")
        try:
            study = analyse(request, case=case, progress=progress, stop=stop, journal=journal)
        except DetenteError:  # the same would come of it again
            journal.remove()
            raise
        except BaseException:
            journal.close()
            raise
        if study.partial:
            journal.close()
            if journal.file.exists():
                self._tell("what is done is kept: the same command goes on from there")
        else:
            self._kept.append(self._aside.submit(_keep, store, key, study, journal))
        return study


def _keep(store: Store, key: str, study: Study, journal: Journal) -> None:
    """Keep a study, and remove its journal when it is."""
    try:
        store.keep(key, study)
    except BaseException:
        journal.close()
        raise
    journal.remove()
