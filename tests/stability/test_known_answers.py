"""Published, recalled and worked-out results, in ``known``: a file for each conflict, or for several small ones.

An entry says where its figures are from: ``published`` (read), ``recalled`` (from the literature, not looked up),
``another program`` (computed by one that has known faults, where it is right) or ``definitions`` (worked out by
hand, or by brute force apart from the engine). ``case`` names a bundled case, ``changed`` and ``options`` what is
different in it; ``conflict`` describes another from scratch. States of ``everybody`` are equilibria. Where a page
shows some states only, ``among`` lists those; ``without`` lists states that hold under no concept.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from detente.scenario import Case, bundled_cases, find_case, load
from detente.stability import Stability, required_preferences, stability, why_stable

KNOWN = Path(__file__).parent / "known"
FROM = {"published", "recalled", "another program", "definitions"}
LISTS = ("coalitions", "paths", "moves", "inverse", "sanction")
KINDS = ("stable", "surviving", "unknown", "strong", *LISTS)
HEAD = {"authors": ["the tests"], "viewpoint": "Nobody's.", "as_of": "2031-05-04T06:00+02:00"}


class Fact(NamedTuple):
    """One thing known about one conflict, and the entry that it stands in."""

    conflict: str
    entry: dict[str, Any]
    about: dict[str, Any]

    @property
    def rule(self) -> str:
        return str(self.entry.get("rule", "legal"))


@cache
def described() -> dict[str, dict[str, Any]]:
    """Return every conflict of the folder, by its file or, where a file holds several, by title."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(KNOWN.glob("*.yaml")):
        conflicts = [one for one in yaml.safe_load_all(file.read_text(encoding="utf-8")) if one is not None]
        for one in conflicts:
            name = file.stem if len(conflicts) == 1 else slug(one["title"])
            assert name not in found, f"two conflicts are called {name}"
            found[name] = one
    return found


def slug(title: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in title.lower().replace("'", ""))
    return "_".join(words.split())


def facts(kind: str) -> list[Any]:
    """Return what is known of one kind, each as a parameter of a test."""
    found = []
    for conflict, told in described().items():
        for entry in told["known"]:
            for about in split(kind, entry):
                fact = Fact(conflict, entry, about)
                words = [str(about[key]) for key in ("concept", "maker", "degree", "state") if key in about]
                found.append(pytest.param(fact, id="-".join([conflict, fact.rule, *words, entry["from"]])))
    return found


def split(kind: str, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the single facts of one kind in an entry."""
    told = entry.get(kind)
    if told is None:
        return
    if kind in LISTS:
        yield from [told] if isinstance(told, dict) else told
        return
    for first, inner in told.items():
        if kind == "surviving":
            yield {"concept": first, "states": inner}
            continue
        keys = ("concept", "maker") if kind == "stable" else ("degree", "concept")
        for second, states in inner.items():
            yield {keys[0]: first, keys[1]: second, "states": states}


class Conflicts:
    """The conflicts of the folder ``known``, each written, loaded and analysed once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cases: dict[str, Case] = {}
        self.results: dict[tuple[str, str], Stability] = {}

    def case(self, name: str) -> Case:
        if name not in self.cases:
            self.cases[name] = self._load(name, described()[name])
        return self.cases[name]

    def result(self, fact: Fact) -> Stability:
        key = (fact.conflict, fact.rule)
        if key not in self.results:
            self.results[key] = stability(self.case(fact.conflict), sanctions=fact.rule, rankings=0)
        return self.results[key]

    def _load(self, name: str, told: dict[str, Any]) -> Case:
        """Load a bundled case, one changed, or one written for the purpose."""
        if "conflict" in told:
            section = dict(told["conflict"])
            options = section.pop("options")
            whole = {**HEAD, "title": told["title"], "actors": {actor: {} for actor in options}}
            return self._written(name, {**whole, "options": options, "stability": section})
        if not {"changed", "options"} & set(told):
            return load(told["case"])
        whole = yaml.safe_load((find_case(told["case"]) / "scenario.yaml").read_text(encoding="utf-8"))
        changed = dict(told.get("changed", {}))
        for maker, ranking in changed.pop("rankings", {}).items():
            whole["stability"]["decision_makers"][maker] = {"ranking": ranking}
        whole["stability"] |= changed
        whole["options"] = told.get("options", whole["options"])
        return self._written(name, whole)

    def _written(self, name: str, whole: dict[str, Any]) -> Case:
        folder = self.folder / name
        folder.mkdir()
        text = yaml.safe_dump({**whole, "case": name}, sort_keys=False, allow_unicode=True)
        (folder / "scenario.yaml").write_text(text, encoding="utf-8")
        return load(folder)


@pytest.fixture(scope="module")
def conflicts(tmp_path_factory: pytest.TempPathFactory) -> Conflicts:
    return Conflicts(tmp_path_factory.mktemp("known"))


def seen(states: Any, fact: Fact) -> list[int]:
    """Return those of some states that the page speaks of."""
    return [state for state in states if state in fact.entry.get("among", states)]


def steps(path: Any) -> list[list[object]]:
    return [[step.maker, step.leaves, step.arrives] for step in path]


def test_every_entry_says_where_it_is_from() -> None:
    assert len(described()) > 15
    for conflict, told in described().items():
        assert set(told) <= {"case", "title", "conflict", "changed", "options", "rankings", "known"}, conflict
        for entry in told["known"]:
            assert entry["from"] in FROM, conflict
            assert entry["where"], conflict
            assert set(entry) <= {"from", "where", "rule", "among", "without", *KINDS}, conflict


@pytest.mark.parametrize("fact", facts("stable"))
def test_what_is_stable(fact: Fact, conflicts: Conflicts) -> None:
    found, concept, maker = conflicts.result(fact), fact.about["concept"], fact.about["maker"]
    states = found.equilibria if maker == "everybody" else found.stable[maker]
    assert seen(states[concept], fact) == fact.about["states"]


@pytest.mark.parametrize("fact", facts("coalitions"))
def test_what_holds_against_coalitions(fact: Fact, conflicts: Conflicts) -> None:
    members = tuple(fact.about["members"])
    (found,) = (one for one in conflicts.result(fact).coalitions if one.members == members)
    for form in ("joint", "equilibria", "as_one"):
        told = fact.about.get(form, {})
        assert {concept: list(getattr(found, form)[concept]) for concept in told} == told
    for concept, states in found.as_one.items():
        assert not set(states) & set(fact.entry.get("without", [])), concept


@pytest.mark.parametrize("fact", facts("surviving"))
def test_what_holds_against_every_coalition(fact: Fact, conflicts: Conflicts) -> None:
    assert list(conflicts.result(fact).surviving[fact.about["concept"]]) == fact.about["states"]


@pytest.mark.parametrize("fact", facts("paths"))
def test_ways_from_the_status_quo(fact: Fact, conflicts: Conflicts) -> None:
    paths = conflicts.result(fact).paths
    assert fact.about["steps"] in [steps(path.steps) for path in paths if path.state == fact.about["state"]]


@pytest.mark.parametrize("fact", facts("unknown"))
def test_what_is_stable_though_preferences_are_unknown(fact: Fact, conflicts: Conflicts) -> None:
    found = conflicts.result(fact).unknown[fact.about["degree"]]
    assert list(found[fact.about["concept"]]) == fact.about["states"]


@pytest.mark.parametrize("fact", facts("strong"))
def test_how_strongly_states_hold(fact: Fact, conflicts: Conflicts) -> None:
    found = conflicts.result(fact).strong[fact.about["degree"]]
    assert list(found[fact.about["concept"]]) == fact.about["states"]


@pytest.mark.parametrize("fact", facts("moves"))
def test_who_can_go_where(fact: Fact, conflicts: Conflicts) -> None:
    conflict = conflicts.result(fact).conflict
    moves = conflict.moves[conflict.makers.index(fact.about["maker"])]
    assert [int(state) + 1 for state in moves.of(fact.about["from"] - 1)] == fact.about["to"]


@pytest.mark.parametrize("fact", facts("inverse"))
def test_under_how_many_rankings_a_state_would_hold(fact: Fact, conflicts: Conflicts) -> None:
    told, maker = fact.about, fact.about["maker"]
    found = required_preferences(conflicts.result(fact), told["state"], vary=[maker], concepts=list(told["rankings"]))
    counted = {concept: by[maker] for concept, by in found.alone.items()}
    assert {concept: (varied.rankings, varied.of) for concept, varied in counted.items()} == {
        concept: (rankings, told["of"]) for concept, rankings in told["rankings"].items()
    }


@pytest.mark.parametrize("fact", facts("sanction"))
def test_the_sequence_that_answers_a_move(fact: Fact, conflicts: Conflicts) -> None:
    told, found = fact.about, conflicts.result(fact)
    maker, conflict = told["maker"], found.conflict
    ways = [steps(sentence.path) for sentence in why_stable(found, told["state"], maker, told["concept"]).sentences]
    assert told["steps"] in ways or told["steps"][1:] in ways
    assert told["state"] in found.stable[maker][told["concept"]]
    movers = [mover for mover, _, _ in told["steps"]]
    assert all(before != after for before, after in pairwise(movers))
    ranks = conflict.ranks[conflict.makers.index(maker)]
    assert ranks[told["steps"][-1][2] - 1] <= ranks[told["state"] - 1] < ranks[told["steps"][0][2] - 1]
    for mover, leaves, arrives in told["steps"]:
        assert arrives - 1 in conflict.moves[conflict.makers.index(mover)].of(leaves - 1)


@pytest.mark.parametrize(
    ("conflict", "maker"), [(name, maker) for name, told in described().items() for maker in told.get("rankings", {})]
)
def test_statements_give_the_published_ranking(conflict: str, maker: str, conflicts: Conflicts) -> None:
    found = stability(conflicts.case(conflict), rankings=0, coalitions=False).conflict
    ranks = found.ranks[found.makers.index(maker)]
    ranked = sorted(range(1, found.count + 1), key=lambda state: -ranks[state - 1])
    assert ranked == described()[conflict]["rankings"][maker]
    assert len(set(ranks.tolist())) == found.count


CONFLICTS = [name for name in bundled_cases() if load(name).elements.conflict is not None]


@pytest.mark.parametrize("name", CONFLICTS)
def test_in_every_bundled_conflict_concepts_imply_one_another(name: str) -> None:
    found = stability(name, rankings=0, coalitions=False)
    assert found.states
    for held in (found.equilibria, *found.stable.values()):
        stable = {concept: set(states) for concept, states in held.items()}
        assert stable["nash"] <= stable["smr"] <= stable["gmr"]
        assert stable["nash"] <= stable["sseq"] <= stable["seq"] <= stable["gmr"]
        assert stable["sseq"] <= stable["smr"]
        assert stable["nash"] <= stable["sim"]
    for concept, states in found.equilibria.items():
        assert set(states) == set.intersection(*(set(held[concept]) for held in found.stable.values()))


@pytest.mark.parametrize("name", CONFLICTS)
def test_every_bundled_conflict_says_what_it_is_about_and_rests_on(name: str) -> None:
    element = load(name).elements.conflict
    assert element is not None
    assert element.says
    for maker in element.makers:
        preference = maker.preference
        assert preference.claims or any(statement.claims for statement in preference.statements), maker.name
    assert all(rule.says for rule in element.rules)
    assert {"README.md", "LICENSE-DATA.md"} <= {file.name for file in find_case(name).iterdir()}
