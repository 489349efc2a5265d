"""What is upstream of a name is what a walk against the influences meets, whatever circles they make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.dynamics.influence import Influences, upstream_of

NAMES = "abcdefgh"
graphs = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=4))


def walked(name: str, direct: dict[str, set[str]]) -> set[str]:
    """Return what is met from a name, step by step, until nothing new is."""
    found = {name}
    while True:
        more = found.union(*(direct.get(one, set()) for one in found))
        if more == found:
            return found
        found = more


@given(direct=graphs, asked=st.lists(st.sampled_from(NAMES), max_size=12))
def test_what_is_upstream_is_what_a_walk_meets(direct: dict[str, set[str]], asked: list[str]) -> None:
    influences = Influences(direct)
    for name in asked:  # each later one takes up what earlier ones found
        assert influences.upstream(name) == walked(name, direct)
    expected = set().union(*(walked(name, direct) for name in asked))
    assert upstream_of(asked, influences) == upstream_of(asked, direct) == expected
