"""What a run gives back: figures, wording, the terminal's page and the self-contained page."""

from __future__ import annotations

from detente.brief.contents import brief_of
from detente.brief.report import SCHEMA, report, write_report
from detente.brief.rows import Brief, QuestionBrief

__all__ = ["SCHEMA", "Brief", "QuestionBrief", "brief_of", "report", "write_report"]
