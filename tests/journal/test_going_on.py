"""What is interrupted anywhere goes on from its journal and ends in the bits of what was never interrupted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import journal as module
from detente.analysis import Study, analyse
from detente.analysis.study_file import study_class
from detente.journal import Journal
from detente.requests import ExploreRequest, FitRequest, HindcastRequest, Request, RunRequest
from detente.stored import adapter_of

TRUCE = "harbour_truce"
REQUESTS: dict[str, Request] = {
    "run": RunRequest(TRUCE, worlds=40_000),
    "explore": ExploreRequest(TRUCE, worlds=40_000, question="how_long"),
    "hindcast": HindcastRequest(TRUCE, worlds=800, step=dt.timedelta(days=1)),
    "fit": FitRequest(TRUCE, until=dt.datetime.fromisoformat("2031-05-04T06:00+02:00"), particles=64, replicates=4),
}


class Interrupted(BaseException):
    """What no code catches, as a kill."""


def interrupted_after(calls: int) -> Callable[[str, int | None], Callable[[int], None]]:
    """Return a progress that ends the process, so to say, when so many pieces of work are done."""
    left = [calls]

    def done(worlds: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Interrupted

    return lambda doing, total: done


def told(study: Study) -> bytes:
    """Return all that a study says, as text."""
    return bytes(adapter_of(study_class(study.request.COMMAND)).dump_json((study,)))


@pytest.mark.parametrize("command", list(REQUESTS))
def test_it_goes_on_and_ends_in_the_same_bits(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUIET", "PAUSE", "SHARE"):
        monkeypatch.setattr(module, name, 0.0)
    request, file = REQUESTS[command], tmp_path / "one.journal"
    plain, worlds = told(analyse(request)), [0]
    for attempt in range(12):
        journal = Journal(file)
        worlds.append(journal.worlds)
        try:
            found = analyse(request, progress=interrupted_after(3 * attempt + 1), journal=journal)
        except Interrupted:
            journal.close()
            continue
        assert told(found) == plain
        break
    else:
        pytest.fail("it never came to its end")
    assert worlds == sorted(worlds), "what was done was lost again"
    assert worlds[-1] > 0, "nothing was ever taken up"


def test_blocks_of_another_size_are_counted_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QUIET", "PAUSE", "SHARE"):
        monkeypatch.setattr(module, name, 0.0)
    from detente.requests import Work
    from detente.run import perform_run
    from detente.scenario import load

    case, request = load(TRUCE), RunRequest(TRUCE, worlds=20_000, other_ranges=False)
    plain, journal = perform_run(request, case), Journal(tmp_path / "one.journal")
    with pytest.raises(Interrupted):
        perform_run(request, case, work=Work(1, 1_024, interrupted_after(5)("", None), journal=journal))
    journal.close()
    again = perform_run(request, case, work=Work(1, 2_048, journal=Journal(tmp_path / "one.journal")))
    assert again.answers == plain.answers
