"""The page on the case format names every section and key that the model knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from detente.hindcast.resolution_file import ResolutionFile
from detente.scenario.files import read_text
from detente.scenario.model import Scenario
from detente.scenario.reference_classes import COLUMNS
from tests.architecture.pages import blocks
from tests.architecture.policy import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "case-format.md"


def keys_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, str]]:
    """Yield every key of a model and of the models below it, each with the model's name."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield model.__name__, field.alias or name
        for below in models_in(field.annotation):
            yield from keys_of(below, seen)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


@pytest.mark.parametrize("top", [Scenario, ResolutionFile])
def test_every_key_is_on_the_page(top: type[BaseModel]) -> None:
    words = set(re.findall(r"[a-z_]+", PAGE.read_text(encoding="utf-8")))
    keys = list(keys_of(top, set()))
    assert len(keys) > 15
    assert [f"{model}.{key}" for model, key in keys if key not in words] == []


def test_the_resolutions_on_the_page_are_of_the_right_shape() -> None:
    (block,) = [one for one in blocks(PAGE) if one.language == "yaml" and "not_answerable:" in one.text]
    document = read_text(block.text, Path("resolutions.yaml"))
    assert document.findings == []
    found = ResolutionFile.model_validate(document.data)
    assert list(found.resolutions) == ["holds_to_friday"]


def test_the_columns_of_a_table_are_on_the_page() -> None:
    assert f"`{','.join(COLUMNS)}`" in PAGE.read_text(encoding="utf-8")
