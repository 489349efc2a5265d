"""Finding, loading and cutting cases; joining names whatever their order; ranges."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest

from detente.errors import RequestError
from detente.scenario import bundled_cases, examine, find_case, load
from detente.scenario.merging import canonical_hash, merge_parts
from detente.scenario.ordering import order_steps, ordered, reads, trees
from detente.scenario.ranges import RangeError, read_range
from tests.scenario.broken import GOOD


def test_bundled_cases_load() -> None:
    assert "harbour_truce" in bundled_cases()
    for name in bundled_cases():
        case = load(name)
        assert case.name == name
        assert case.scenario.questions or case.elements.conflict is not None, "there is nothing to ask of it"
        assert [finding for finding in case.warnings if finding.severity == "error"] == []


def test_cases_are_found_by_folder_file_and_name(tmp_path: Path) -> None:
    assert find_case(GOOD / "bare") == find_case(GOOD / "bare" / "scenario.yaml") == GOOD / "bare"
    assert find_case("harbour_truce").name == "harbour_truce"
    with pytest.raises(RequestError, match="did you mean 'harbour_truce'"):
        find_case("harbor_truce")
    with pytest.raises(RequestError, match=r"holds no scenario\.yaml"):
        find_case(tmp_path)
    with pytest.raises(RequestError, match="'detente cases' lists"):
        find_case("xyz")


def test_a_case_is_cut_at_an_earlier_moment() -> None:
    case = load(GOOD / "river")
    assert len(case.observations) == 3
    earlier = case.cut(dt.datetime.fromisoformat("2031-05-01T23:00+02:00"))
    assert len(earlier.observations) == 1
    assert earlier.hash != case.hash
    assert earlier.scenario.as_of < case.scenario.as_of
    with pytest.raises(RequestError, match="choose that moment or an earlier one"):
        case.cut(dt.datetime.fromisoformat("2031-06-01T23:00+02:00"))


def test_a_moment_is_taken_to_the_zone_of_the_case() -> None:
    """Its days are those of the case; without a zone it is in the case's own."""
    case = load("harbour_truce")
    zone = case.scenario.as_of.tzinfo
    earlier = (case.scenario.as_of - dt.timedelta(days=1)).replace(hour=0, minute=30)
    for said in (earlier, earlier.replace(tzinfo=None), earlier.astimezone(dt.UTC)):
        cut = case.cut(said)
        assert (cut.scenario.as_of, cut.scenario.as_of.date()) == (earlier, earlier.date())
        assert cut.scenario.as_of.tzinfo == zone
        assert cut.hash == case.cut(earlier).hash


def test_names_of_actors_for_readers() -> None:
    case = load("harbour_truce")
    assert case.title_of("varland_families") == "Families of the captives"
    assert case.title_of("nobody") == "nobody"
    assert set(case.switches) == {"pause_helps_league", "what_varland_heeds"}


def test_the_hash_minds_contents_and_not_layout(tmp_path: Path) -> None:
    shutil.copytree(GOOD / "parted", tmp_path / "parted")
    whole = merge_parts(GOOD / "parted")
    file = tmp_path / "parted" / "people.yaml"
    file.write_text("# a remark\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert canonical_hash(merge_parts(tmp_path / "parted").data) == canonical_hash(whole.data)
    assert canonical_hash(whole.data, b"rows") != canonical_hash(whole.data)


def test_parts_are_merged_option_by_option() -> None:
    case = load(GOOD / "parted")
    assert set(case.elements.options) == {"west.yields", "west.waits", "east.yields"}
    assert case.document.place(("options", "west", "waits")).file.name == "people.yaml"
    assert case.document.place(("options", "west", "yields")).file.name == "scenario.yaml"
    assert case.scenario.viewpoint == "Nobody's.\nIn two lines.\n"


def test_templates_make_one_element_for_each_member() -> None:
    case = load(GOOD / "ladders")
    assert {"carried.north", "carried.south"} <= set(case.elements.variables)
    assert case.document.place(("flows", "carried.south", "equals")).line == 50
    parameter = case.elements.parameters["share_of.south"]
    assert parameter.is_assumption
    assert parameter.varies
    assert parameter.switches == ()


def test_measures_may_name_those_below_them(tmp_path: Path) -> None:
    shutil.copytree(GOOD / "bare", tmp_path / "bare")
    file = tmp_path / "bare" / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace("measures:\n", "measures:\n  twice: days_gone * 2\n")
    file.write_text(text, encoding="utf-8")
    case = load(tmp_path / "bare")
    assert list(case.elements.measures) == ["twice", "days_gone"]


def test_a_slip_is_reported_once_and_not_wherever_it_is_used(tmp_path: Path) -> None:
    shutil.copytree(GOOD / "ladders", tmp_path / "ladders")
    file = tmp_path / "ladders" / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace("not hills.leaves", "not hills.leaves and still")
    text = text.replace("still: not storm and previous(still_before, true)", "still: not (")
    file.write_text(text, encoding="utf-8")
    _, findings = examine(tmp_path / "ladders")
    assert [finding.field for finding in findings] == ["auxiliaries.still"]


def test_order_and_what_is_read() -> None:
    case = load(GOOD / "river")
    order, loop = order_steps(case.elements)
    assert loop == []
    assert order.index("lowland.pay") < order.index("upland.open")
    assert ordered({"a": {"b"}, "b": {"c"}, "c": set()}) == (["c", "b", "a"], [])
    assert ordered({"a": {"b"}, "b": {"a"}}) == ([], ["a", "b", "a"])
    ladders = load(GOOD / "ladders").elements
    assert reads(ladders.variables["still"].node) == {"storm"}
    assert len(list(trees(ladders.options["hills.means"]))) == 3
    assert len(list(trees(ladders.options["hills.speaks"]))) == 1


@pytest.mark.parametrize(
    ("text", "shape", "low", "middle", "high"),
    [
        ("3", "exact", 3, 3, 3),
        (" -1.5e1 ", "exact", -15, -15, -15),
        ("0.3..0.7", "uniform", 0.3, 0.5, 0.7),
        ("-1 .. 1", "uniform", -1, 0, 1),
        ("about 0.5, 0.3..0.9", "triangular", 0.3, 0.5, 0.9),
        ("4 to 9", "interval", 4, 6, 9),
        ("-1 to 3", "interval", -1, 1, 3),
    ],
)
def test_ranges(text: str, shape: str, low: float, middle: float, high: float) -> None:
    found = read_range(text)
    assert (found.shape, found.low, found.high) == (shape, low, high)
    assert found.middle == pytest.approx(middle)
    assert read_range(str(found)) == found
    u = np.array([0.05, 0.5, 0.95])
    values = found.at(u)
    assert np.all(np.diff(values) >= 0)
    assert shape == "interval" or np.all((values >= low) & (values <= high))


def test_a_range_that_is_not_finite_is_refused() -> None:
    with pytest.raises(RangeError, match="is not a finite number"):
        read_range("1e999")
