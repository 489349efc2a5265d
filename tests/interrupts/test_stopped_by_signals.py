"""The first signal sets an event, the second ends everything, and handlers come back."""

from __future__ import annotations

import signal
import sys
import threading

import pytest

from detente.interrupts import stopped_by_signals


def test_a_second_ctrl_c_ends_everything_and_the_first_handler_comes_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_signals() as stop:
        assert not stop.is_set()
        assert stop.signal == 0
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        assert stop.signal == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be asked to end")
def test_it_tells_which_signal_came_first() -> None:
    with stopped_by_signals((signal.SIGINT, signal.SIGTERM)) as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.signal == signal.SIGTERM


def test_where_no_signal_can_be_caught_nothing_stops() -> None:
    found: list[bool] = []

    def aside() -> None:
        with stopped_by_signals() as stop:
            found.append(stop.is_set())

    thread = threading.Thread(target=aside)
    thread.start()
    thread.join()
    assert found == [False]
