"""Everything that is shown of a case, computed: a run and what belongs to it become one frozen study.

Pages, terminal and data only lay a study out; nothing above this room computes.
"""

from __future__ import annotations

from detente.analysis.study import Study
from detente.analysis.study_of_run import study_of_run

__all__ = ["Study", "study_of_run"]
