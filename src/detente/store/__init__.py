"""Studies that are kept: found again by what was asked, listed, set side by side, taken elsewhere and deleted."""

from __future__ import annotations

from detente.store.answering import Answering
from detente.store.place import begin_project, store_folder
from detente.store.store import Entry, Store

__all__ = ["Answering", "Entry", "Store", "begin_project", "store_folder"]
