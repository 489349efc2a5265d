"""Where an answer is no number the run names what spoilt it, with its line and day, and gives no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import CaseError
from detente.run import run

CASE = """\
case: emptied
title: A quay that empties
authors: [the Détente authors]
viewpoint: Nobody's.
as_of: "2031-05-01T06:00+02:00"
starts: "2031-05-01"
days: 6
units: [person]
auxiliaries:
  waiting: {unit: person, equals: "max(2 [person] - day * 1 [person/day], 0)"}
  fed: {unit: person, equals: waiting * chance_of_bread}
  part_fed: PART
  shortfall: part_fed - 1
uncertainties:
  chance_of_bread: 0.2..0.4
measures:
  share_fed: {equals: MEASURE, headline: true}
questions:
  hungry: {asks: How many are fed?, answer: "QUESTION on 2031-05-05"}
"""


def refused(
    folder: Path, part: str = "fed / waiting", measure: str = "part_fed", question: str = "shortfall"
) -> CaseError:
    text = CASE.replace("PART", part).replace("MEASURE", measure).replace("QUESTION", question)
    case = folder / "emptied"
    case.mkdir()
    (case / "scenario.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        run(case, worlds=64, replicates=4)
    assert len(raised.value.findings) == 1
    return raised.value


def test_the_first_element_that_is_no_number_is_named(tmp_path: Path) -> None:
    (finding,) = refused(tmp_path).findings
    assert finding.field == "auxiliaries.part_fed"
    assert finding.place.line == 12
    assert "2031-05-03" in finding.wrong
    assert "question 'hungry'" in finding.wrong
    assert "max(waiting, …)" in finding.mend


@pytest.mark.parametrize(
    ("part", "mend"),
    [
        ("share(fed, waiting)", "share() of a full of 0"),
        ("sqrt((fed - 1 [person]) / 1 [person])", "sqrt(max(…, …))"),
        ("1 [person] / waiting - 1 [person] / waiting", "max(waiting, …)"),
    ],
)
def test_how_to_mend_it_depends_on_what_spoils_it(tmp_path: Path, part: str, mend: str) -> None:
    (finding,) = refused(tmp_path, part).findings
    assert finding.field == "auxiliaries.part_fed"
    assert mend in finding.mend


def test_a_measure_may_spoil_itself(tmp_path: Path) -> None:
    (finding,) = refused(tmp_path, part="waiting / 1 [person]", measure="fed / waiting").findings
    assert finding.field == "measures.share_fed.equals"
    assert "so neither" not in finding.wrong


def test_a_band_is_refused_where_no_answer_shows_it(tmp_path: Path) -> None:
    part = "0 if day > 4 [day] else fed / waiting"
    (finding,) = refused(tmp_path, part, question="fed / 1 [person]").findings
    assert finding.field == "auxiliaries.part_fed"
    assert "measure 'share_fed'" in finding.wrong


def test_a_number_is_left_alone(tmp_path: Path) -> None:
    text = CASE.replace("PART", "fed / max(waiting, 1 [person])").replace("MEASURE", "part_fed")
    (tmp_path / "emptied").mkdir()
    (tmp_path / "emptied" / "scenario.yaml").write_text(text.replace("QUESTION", "shortfall"), encoding="utf-8")
    done = run(tmp_path / "emptied", worlds=64, replicates=4)
    assert done.answers["hungry"].mean == -1
