"""From a request to a study: everything that is shown of a case is computed here, once, frozen.

Pages, terminal and data only lay a study out; nothing above this room computes.
"""

from __future__ import annotations

from detente.analysis.analyse import Progress, analyse, read_kernels_ahead
from detente.analysis.run_study import RunStudy
from detente.analysis.study import Study
from detente.analysis.study_of_run import study_of_run

__all__ = ["Progress", "RunStudy", "Study", "analyse", "read_kernels_ahead", "study_of_run"]
