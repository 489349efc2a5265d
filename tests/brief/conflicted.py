"""The small case with a conflict in it: of every thing that the section on stability shows there is one."""

from __future__ import annotations

import shutil
from pathlib import Path

from detente.scenario import Case, load
from tests.evidence.repository import CASES

CONFLICT = """
stability:
  says: Whether the truce is renewed, and what Brightland gives meanwhile.
  compared_on: "2031-05-20"
  decision_makers:
    varland:
      prefers:
        - wants: league.offer
          says: A list before anything else.
          claims: [captives_first]
        - wants: not varland.extend
          says: No day that lets the League gather strength.
          when: {pause_helps_league: helps}
          claims: [pause_helps_league]
        - wants: varland.extend if league.offer
          says: A day for each <list> & no more.
          claims: [terms]
          strong: true
        - wants: brightland.means <= as_before
          says: No limits by its ally.
    league:
      prefers:
        - wants: varland.extend
          says: The truce goes on.
          claims: [league_aim]
        - wants: not league.offer if not varland.extend
          says: Nothing for nothing.
        - wants: league.offer
          claims: [terms]
      unknown:
        - [not varland.extend and league.offer, not varland.extend and not league.offer]
      sees:
        varland:
          prefers:
            - not varland.extend
    brightland:
      prefers:
        - wants: varland.extend
          says: Another day of quiet.
          claims: [truces_of_the_past]
        - wants: brightland.means >= delays if not varland.extend
          says: To press its ally when the truce ends.
          when: {what_varland_heeds: limits}
          claims: [what_varland_heeds]
        - any_order:
            - brightland.means <= as_before
            - wants: brightland.means == as_before
              says: No step without need.
  rules:
    - never: varland.extend and not league.offer
      says: No day is given without a list.
  names:
    truce_goes_on:
      is: varland.extend and league.offer and brightland.means == as_before
      says: The truce goes on as it is.
  start: {varland.extend: true, league.offer: true}
"""


def conflicted(folder: Path, more: str = "") -> Case:
    """Write the small case with its conflict, and more lines of that, into a folder, and read it."""
    own = folder / "harbour_truce"
    shutil.copytree(CASES / "harbour_truce", own)
    with (own / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write(CONFLICT + more)
    return load(own)
