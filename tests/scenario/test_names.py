"""A name in a case is never taken for a key: whatever a thing is called, the case means the same.

Every mapping of the format whose keys are names that an author chooses holds, in ``every_mapping.yaml``, a name of its
own. Each is called by every key of the format in turn; what is read must then be what was read before, but for the
name, or be refused with a message that gives it. The mappings are found by walking the model, so that a new one fails
here until it is in that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from detente.equations import CONSTANTS
from detente.scenario import Case, examine
from detente.scenario.checks.names import TAKEN
from detente.scenario.files import read_text
from detente.scenario.model import Scenario
from detente.scenario.model.numbers import MARKS
from detente.scenario.model.parts import NAME
from detente.scenario.naming import RESERVED, SIGNS
from tests.dynamics.programs import RECORD

TEXT = (Path(__file__).parent / "every_mapping.yaml").read_text(encoding="utf-8")
ROW = "2031-05-01,2031-05-01T20:00+00:00,zq_observed,5,,,cart,,zq_actor,zq_source,high,\n"
TOKENS = sorted(set(re.findall(r"\bzq_\w+", TEXT)))
ELEMENTS = {"auxiliaries", "auxiliary", "constant", "flow", "flows", "measure", "measures", "number", "shock", "stock"}
ELEMENTS |= {"stocks", "table", "state"}
"""What stands in expressions by itself, and so is called by no word of the language."""
REFUSED = {
    *((f"zq_{token}", word) for token in ELEMENTS for word in RESERVED),
    *((f"zq_{token}", word) for token in ("lever", "counter_lever") for word in TAKEN["levers"]),
    *((f"zq_{token}", word) for token in ("carts", "floods", "yes", "no") for word in TAKEN["readings"]),
    ("zq_label", "usual"),
    *(("zq_account", word) for word in TAKEN["accounts"]),
    *((f"zq_{token}", word) for token in ("first", "second", "third") for word in MARKS),
    *((f"zq_{token}", word) for token in ("first", "second", "third", "low", "high") for word in SIGNS | CONSTANTS),
}
"""Names that are refused: those of the language, and those that stand for something else in the same place."""

Path_ = tuple[str, ...]


# ---- the mappings of the model


def parts_of(annotation: Any) -> Iterator[Any]:
    """Yield the models, mappings and lists that an annotation is made of, looking through unions."""
    if get_origin(annotation) in (Union, UnionType, Annotated):
        for one in get_args(annotation):
            yield from parts_of(one)
    elif get_origin(annotation) in (dict, list) or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        yield annotation


def free(key: Any) -> bool:
    """Say whether the keys of a mapping are names that an author chooses."""
    held = [more for one in get_args(key) for more in getattr(one, "metadata", ())]
    pattern = next((one.pattern for one in held if getattr(one, "pattern", None)), NAME)
    return get_origin(key) is not Literal and not str(pattern).startswith("^[0-9]")


def mappings(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    """Yield every mapping of free names below a model, as ``Model.field`` with a star for each level below."""
    if model in seen:
        return
    seen.add(model)
    assert model.model_config.get("extra") == "forbid", f"{model.__name__} takes free names beside its keys"
    for name, field in model.model_fields.items():
        yield from _below(f"{model.__name__}.{field.alias or name}", field.annotation, seen)


def _below(at: str, annotation: Any, seen: set[type[BaseModel]]) -> Iterator[str]:
    for part in parts_of(annotation):
        if isinstance(part, type):
            yield from mappings(part, seen)
            continue
        *key, value = get_args(part)
        if key and free(key[0]):
            yield at
        yield from _below(f"{at}.*" if key else at, value, seen)


def named(data: Any, at: str, annotation: Any) -> Iterator[str]:
    """Yield every mapping in which a case has a name of its own, told as :func:`mappings` does."""
    for part in parts_of(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel) and isinstance(data, dict):
            for name, field in part.model_fields.items():
                key = field.alias or name
                if key in data:
                    yield from named(data[key], f"{part.__name__}.{key}", field.annotation)
        elif get_origin(part) is dict and isinstance(data, dict):
            if any(str(key).startswith("zq_") for key in data):
                yield at
            for below in data.values():
                yield from named(below, f"{at}.*", get_args(part)[1])
        elif get_origin(part) is list and isinstance(data, list):
            for below in data:
                yield from named(below, at, get_args(part)[0])


def test_every_mapping_of_free_names_is_tried() -> None:
    found = list(dict.fromkeys(mappings(Scenario, set())))
    assert len(found) > 40
    tried = set(named(read_text(TEXT, Path("every_mapping.yaml")).data, "", Scenario))
    assert [mapping for mapping in found if mapping not in tried] == []


# ---- every name called by every key


def keys_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    """Yield every key of the format, and every word that may stand in place of a name or number."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield field.alias or name
        yield from _words(field.annotation, seen)


def _words(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from keys_of(annotation, seen)
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _words(part, seen)


WORDS = sorted(
    word
    for word in {
        *keys_of(Scenario, set()), *MARKS, *RESERVED, *(word for words in TAKEN.values() for word in words),
        *("up", "down", "low", "high", "never", "about", "group", "event"),
    }
    if re.fullmatch(NAME, word) and word not in ("true", "false", "on")  # refused as a key, since it looks like a truth
)  # fmt: skip


def renamed(text: str, names: dict[str, str]) -> str:
    return re.sub(r"\bzq_\w+", lambda found: names.get(found[0], found[0]), text)


def meaning(value: Any, names: dict[str, str]) -> Any:
    """Return what was read, with other names in it."""
    if isinstance(value, dict):
        new = {renamed(key, names): meaning(below, names) for key, below in value.items()}
        assert len(new) == len(value)
        return new
    if isinstance(value, list | tuple):
        return [meaning(below, names) for below in value]
    return renamed(value, names) if isinstance(value, str) else value


def told(case: Case) -> list[Any]:
    """Tell what a case means: what is written in it, its numbers, accounts and the states of its conflict."""
    elements, conflict = case.elements, case.elements.conflict
    assert conflict is not None
    return [
        case.scenario.model_dump(by_alias=True),
        {name: [one.role, one.owner, one.all_claims, one.switches] for name, one in elements.parameters.items()},
        {name: [account.title, account.by, account.readings] for name, account in elements.accounts.items()},
        {name: [option.alternatives, option.start] for name, option in elements.options.items()},
        [dict.fromkeys(elements.kinds), dict.fromkeys(elements.questions), conflict.names, conflict.start],
    ]  # fmt: skip


def read(folder: Path, names: dict[str, str]) -> tuple[Case | None, list[str]]:
    """Write the case with these names, and read it; return it with the errors found."""
    folder.mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text(renamed(TEXT, names), encoding="utf-8")
    (folder / "record.csv").write_text(RECORD + renamed(ROW, names), encoding="utf-8")
    case, findings = examine(folder)
    return case, [str(finding) for finding in findings if finding.severity == "error"]


def misread(folder: Path, names: dict[str, str]) -> str:
    """Say how a case with these names is read otherwise than it was; nothing, where it is not."""
    plain, _ = read(folder, {})
    case, errors = read(folder, names)
    if errors or case is None or plain is None:
        return "; ".join(errors) or "not read at all"
    for before, after in zip(told(plain), told(case), strict=True):
        if meaning(before, names) != meaning(after, {}):
            return f"{meaning(before, names)!s:.200} became {meaning(after, {})!s:.200}"
    return ""


def faults_of(folder: Path, words: list[str], first: int) -> list[str]:
    """Call the names by words, each by another, from the one at ``first`` on; list what is misread."""
    names = {token: words[(first + 7 * position) % len(words)] for position, token in enumerate(TOKENS)}
    names = {token: word for token, word in names.items() if (token, word) not in REFUSED}
    names = {token: word for token, word in names.items() if list(names.values()).count(word) == 1}
    if not misread(folder, names):
        return []
    alone = {token: misread(folder, {token: word}) for token, word in names.items()}
    return [f"{token} as {names[token]}: {how}" for token, how in alone.items() if how] or [f"all of {names}"]


def test_the_case_is_sound(tmp_path: Path) -> None:
    case, errors = read(tmp_path / "every_mapping", {})
    assert errors == []
    assert case is not None
    assert case.account("zq_account").readings == {"zq_dispute": "zq_carts"}
    assert len(WORDS) > 150
    assert {"note", "title", "by", "says", "readings", "value", "silent"} <= set(WORDS)


@pytest.mark.parametrize("first", range(0, len(WORDS), 8))
def test_no_name_is_taken_for_a_key(first: int, tmp_path: Path) -> None:
    assert faults_of(tmp_path / "every_mapping", WORDS, first) == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(len(WORDS)))
def test_no_name_is_taken_for_any_key(first: int, tmp_path: Path) -> None:
    assert faults_of(tmp_path / "every_mapping", WORDS, first) == []


@pytest.mark.parametrize(("token", "word"), sorted(pair for pair in REFUSED if pair[1] not in RESERVED))
def test_a_name_that_could_be_taken_for_something_else_is_refused(token: str, word: str, tmp_path: Path) -> None:
    _, errors = read(tmp_path / "every_mapping", {token: word})
    assert any(f"'{word}'" in error for error in errors)


@pytest.mark.parametrize("word", sorted(RESERVED & set(WORDS))[::9])
def test_a_word_of_the_language_is_refused_where_it_would_stand_in_expressions(word: str, tmp_path: Path) -> None:
    _, errors = read(tmp_path / "every_mapping", {"zq_number": word})
    assert any(f"'{word}' is a word of the language" in error for error in errors)
