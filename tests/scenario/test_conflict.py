"""The conflict of a case, joined: hands, states, preferences, and what the checks say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.equations import parse, unparse
from detente.errors import Finding
from detente.scenario import ConflictElement, examine, load
from tests.scenario import test_checks
from tests.scenario.broken import GOOD


def changed(folder: Path, edits: list[tuple[str, str]], base: str = "ford") -> list[Finding]:
    return test_checks.changed(folder, edits, base)


def conflict_of(name: str) -> ConflictElement:
    conflict = load(GOOD / name).elements.conflict
    assert conflict is not None
    return conflict


def written(folder: Path, edits: list[tuple[str, str]], base: str = "ford") -> ConflictElement:
    """Return the conflict of a good case after some changes to it."""
    assert [finding for finding in changed(folder, edits, base) if finding.severity == "error"] == []
    conflict = load(folder / base).elements.conflict
    assert conflict is not None
    return conflict


def warnings(findings: list[Finding]) -> list[str]:
    return [str(finding).partition(": ")[2] for finding in findings if finding.severity != "error"]


def test_hands() -> None:
    upper, users = conflict_of("ford").makers
    assert (upper.name, upper.title, upper.actors) == ("upper", "The upper village", ("upper",))
    assert upper.options == ("upper.toll", "upper.guard")
    assert (users.title, users.actors) == ("Those who use the ford", ("lower", "carrier"))
    assert users.options == ("lower.complain", "carrier.carts")
    assert conflict_of("bridge").makers[0].title == "east"


def test_what_an_equation_gives_is_nobodys_choice_unless_named(tmp_path: Path) -> None:
    shut = "    shut: {is: upper.guard == shut}\n  lower:"
    everything = [
        ("  lower:\n    complain", f"{shut}\n    complain"),
        ("      options: [upper.toll, upper.guard]\n", ""),
    ]
    assert written(tmp_path / "all", everything).options[:2] == ("upper.toll", "upper.guard")
    named = [
        everything[0],
        ("[upper.toll, upper.guard]", "[upper.shut, upper.toll, upper.guard]"),
        ("quiet: not upper.toll", "quiet: not upper.shut and not upper.toll"),
        ("shut_off: {is: upper.guard == shut", "shut_off: {is: upper.guard == shut and not upper.shut"),
        ("    - upper.guard == shut\n  names", "    - upper.guard == shut and not upper.shut\n  names"),
    ]
    assert written(tmp_path / "named", named).options[:3] == ("upper.shut", "upper.toll", "upper.guard")


def test_states_of_the_ford() -> None:
    conflict = conflict_of("ford")
    assert conflict.options == ("upper.toll", "upper.guard", "lower.complain", "carrier.carts")
    # 2 x 3 x 2 x 3 less those of a shut ford with a toll or with carts; and the two of a shut ford are one.
    assert len(conflict.states.codes) == 26
    assert conflict.states.count == 25
    assert conflict.names == {"quiet": 1, "shut_off": 21}
    assert conflict.notes == {"shut_off": "The ford is shut."}
    assert conflict.states.where(parse("upper.guard == shut")) == (21,)
    assert conflict.start == 1
    assert (conflict.says, conflict.day) == ("Who may use the ford, and at what price.", 0)
    assert [unparse(rule.node) for rule in conflict.rules] == [
        "not (upper.guard == shut and upper.toll)",
        "carrier.carts == none if upper.guard == shut",
    ]
    assert conflict.rules[0].says == "Nobody pays for a ford that is shut."
    assert [unparse(node) for node in conflict.same] == ["upper.guard == shut"]


def test_moves_of_the_ford() -> None:
    conflict = conflict_of("ford")
    assert conflict.irreversible == {"lower.complain": "taken", "upper.toll": "taken"}
    (move,) = conflict.no_moves
    assert (move.maker, unparse(move.leaving), unparse(move.arriving)) == (
        "users",
        "lower.complain",
        "carrier.carts == heavy",
    )
    assert conflict.coalitions == (("upper", "users"),)
    assert conflict_of("bridge").coalitions is None


def test_statements_keep_their_order_and_what_they_rest_on() -> None:
    upper, users = conflict_of("ford").makers
    first, second, third, last = upper.preference.statements
    assert (unparse(first.node), first.says, first.strong) == ("carrier.carts != heavy", "No heavy carts.", True)
    assert first.when == (("carts_harm", "ruin_it"),)
    assert [statement.tier for statement in upper.preference.statements] == [0, 1, 1, 2]
    assert unparse(second.node) == "upper.toll iff carrier.carts != none"
    assert (third.claims, third.when, third.strong) == (("toll_hurts",), (), False)
    assert unparse(last.node) == "upper.guard == watched if not upper.toll"
    assert users.preference.ranking is None
    assert last.path == ("stability", "decision_makers", "upper", "prefers", 2)
    assert third.path == ("stability", "decision_makers", "upper", "prefers", 1, "any_order", 1)


def test_unknown_pairs_are_numbers_names_or_expressions() -> None:
    conflict = conflict_of("ford")
    complaints = conflict.states.where(parse("lower.complain"))
    assert len(complaints) > 5
    assert conflict.makers[1].preference.unknown == (((1,), complaints), ((1,), (2,)))


def test_what_one_believes_another_to_want() -> None:
    upper, users = conflict_of("ford").makers
    assert users.sees == {}
    (seen,) = upper.sees["users"].statements
    assert unparse(seen.node) == "not upper.toll"


def test_rankings_by_number_and_name(tmp_path: Path) -> None:
    east, west = conflict_of("bridge").makers
    assert east.preference.ranking == ((3,), (4,), (2,), (1,))
    assert east.preference.strong_after == (2,)
    assert west.preference.ranking == ((2,), (4, 3), (1,))
    assert (west.preference.statements, west.preference.partial) == ((), False)
    partial = [("[2, [4, 3], stuck]", "[2, stuck]\n      partial: true")]
    preference = written(tmp_path, partial, "bridge").makers[1].preference
    assert (preference.ranking, preference.partial) == (((2,), (1,)), True)


def test_a_case_that_only_asks_what_holds_needs_no_days() -> None:
    case = load(GOOD / "bridge")
    assert not case.scenario.is_simulated
    assert (case.scenario.starts, case.scenario.days) == ("2031-05-04", 1)
    assert case.warnings == ()
    assert {option.outside for option in case.elements.options.values()} == {"Nothing is simulated in this case."}
    assert load(GOOD / "river").scenario.is_simulated
    assert load(GOOD / "river").elements.conflict is None


SIMULATED = """stability:
  compared_on: "2031-05-09"
  decision_makers:
    upland:
      prefers: [lowland.pay == all]
    lowland:
      prefers: [upland.open]
measures:
"""


def test_a_conflict_beside_a_simulation(tmp_path: Path) -> None:
    conflict = written(tmp_path / "a", [("measures:\n", SIMULATED)], "river")
    assert conflict.day == 8
    assert conflict.states.count == 6
    assert conflict.start == 1
    last = written(tmp_path / "b", [("measures:\n", SIMULATED.replace('  compared_on: "2031-05-09"\n', ""))], "river")
    assert last.day == 29


def test_no_status_quo_is_a_note(tmp_path: Path) -> None:
    edits = [
        ("  start:\n    upper.guard: open\n", ""),
        ("  rules:\n", "  rules:\n    - never: upper.guard == watched\n"),
        ("- upper.guard == watched if not upper.toll\n", "- upper.guard == open if not upper.toll\n"),
    ]
    noted = [finding for finding in changed(tmp_path, edits) if "no status quo" in finding.wrong]
    assert [(finding.severity, finding.field) for finding in noted] == [("note", "stability")]
    conflict = load(tmp_path / "ford").elements.conflict
    assert conflict is not None
    assert conflict.start is None


def test_statements_and_moves_that_change_nothing_are_warned_of(tmp_path: Path) -> None:
    edits = [
        ("        - not upper.toll\n        - wants", "        - upper.toll and upper.guard == shut\n        - wants"),
        ("prefers: [not upper.toll]", "prefers: [carrier.carts == none if upper.guard == shut]"),
        ("      to: carrier.carts == heavy", "      to: upper.toll and upper.guard == shut"),
    ]
    assert warnings(changed(tmp_path, edits)) == [
        "stability.decision_makers.upper.sees.users.prefers[1]: warning: holds in every state: it decides nothing; "
        "correct it, or remove it",
        "stability.decision_makers.users.prefers[1]: warning: holds in no state: it decides nothing; "
        "correct it, or remove it",
        "stability.no_moves[1].to: warning: holds in no state: it forbids no move; correct it, or remove it",
    ]


def test_words_that_take_a_side_are_found_in_the_section_too(tmp_path: Path) -> None:
    (found,) = warnings(changed(tmp_path, [("says: Who may use", "says: The terrorists may use")]))
    assert "takes a side outside an attributed claim" in found
    assert found.startswith("stability.says")


def test_a_section_may_stand_in_a_part(tmp_path: Path) -> None:
    folder = tmp_path / "ford"
    text = (GOOD / "ford" / "scenario.yaml").read_text(encoding="utf-8")
    head, section = text[: text.index("stability:")], text[text.index("stability:") :]
    folder.mkdir()
    (folder / "scenario.yaml").write_text(head + "parts: [conflict.yaml]\n", encoding="utf-8")
    (folder / "conflict.yaml").write_text(
        section.replace("wants: upper.guard <", "wants: upper.gard <"), encoding="utf-8"
    )
    _, findings = examine(folder)
    (fault,) = [finding for finding in findings if finding.severity == "error"]
    assert (fault.place.file.name, fault.place.line) == ("conflict.yaml", 24)
    (folder / "conflict.yaml").write_text(section, encoding="utf-8")
    conflict = load(folder).elements.conflict
    assert conflict is not None
    assert conflict.states.count == 25


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("quiet: not upper.toll and", "quiet: not upper.tool and", "did you mean 'upper.toll'?"),
        (
            "    - never: upper.guard == shut and upper.toll",
            "    - never: upper.gard == shut",
            "did you mean 'upper.guard'?",
        ),
        ("    toll: {says", "    tolls: {says", "no option is called 'upper.toll'"),
        ("    guard:\n", "    gard:\n", "no option is called 'upper.guard'"),
    ],
)
def test_a_slip_is_reported_once_and_not_wherever_it_is_used(tmp_path: Path, old: str, new: str, expected: str) -> None:
    errors = [finding for finding in changed(tmp_path, [(old, new)]) if finding.severity == "error"]
    assert len(errors) == 1, "\n".join(map(str, errors))
    assert expected in str(errors[0])
