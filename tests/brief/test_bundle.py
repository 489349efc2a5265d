"""The script that draws: made once, wrapped, kept outside the repository, with its licences."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
import vl_convert

from detente.brief import bundle
from detente.brief.bundle import LICENCES, SCRIPT_NAME, begin_script, script_bundle
from detente.cache import entries, load


def test_it_is_wrapped_and_sets_one_name() -> None:
    script = script_bundle()
    assert script.startswith("(function(){")
    assert script.endswith("})();")
    assert f"window.{SCRIPT_NAME}=" in script
    assert "</script" not in script.lower()
    assert "<!--" not in script
    assert "\r" not in script, "browsers read it as a line feed, and the page's hash of it would not hold"


def test_it_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    first = script_bundle()

    def unwanted(*_: object) -> str:
        raise AssertionError("made again")

    monkeypatch.setattr(vl_convert, "javascript_bundle", unwanted)
    (file,) = (tmp_path / "detente" / "figures").iterdir()
    assert file.suffix == ".js"
    assert script_bundle() == first
    assert load("figures", file.name) == first.encode()


def test_a_script_that_others_have_put_there_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would run in whatever browser shows a page."""
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda snippet: snippet)
    first = script_bundle()
    (file,) = (tmp_path / "detente" / "figures").iterdir()
    script = b"alert('of somebody else')"
    file.write_bytes(hashlib.sha256(script).digest() + script)
    assert script_bundle() == first


def test_a_cache_that_cannot_be_written_does_not_stop_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda snippet: snippet)
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    assert SCRIPT_NAME in script_bundle()


def test_the_licences_name_what_it_holds() -> None:
    text = LICENCES.read_text(encoding="utf-8")
    for name in ("vega", "vega-lite", "vega-embed", "d3-array", "topojson-client", "vl-convert", "semver"):
        assert name in text
    assert text.count("Redistribution and use in source and binary forms") >= 4


def test_a_process_of_its_own_makes_it_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    begin_script()
    (begun,) = bundle._begun

    def unwanted(*_: object) -> str:
        raise AssertionError("made again")

    monkeypatch.setattr(vl_convert, "javascript_bundle", unwanted)
    assert script_bundle().startswith("(function(){")
    assert begun.returncode == 0
    begin_script()  # it is kept by now
    assert not bundle._begun


def test_where_nothing_can_be_written_that_process_hands_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("DETENTE_CACHE", str(blocked / "detente"))
    monkeypatch.setattr(entries, "_unwritten", {})
    begin_script()

    def unwanted(*_: object) -> str:
        raise AssertionError("made again")

    monkeypatch.setattr(vl_convert, "javascript_bundle", unwanted)
    first, again = script_bundle(), script_bundle()
    assert first.startswith("(function(){")
    assert again == first


@pytest.mark.parametrize("command", [[sys.executable, "-c", "raise SystemExit(1)"], ["no such program"]])
def test_without_that_process_it_is_made_when_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "detente"))
    monkeypatch.setattr(bundle, "_MAKER", command)
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda _: "made here")
    begin_script()
    assert "made here" in script_bundle()
