"""Stability: which states of a conflict could hold, in the graph model for conflict resolution."""

from __future__ import annotations
