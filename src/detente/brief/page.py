"""The brief as one self-contained page: text that stands by itself, figures that a script in the page draws.

Nothing is asked of any network: the page forbids it in its own head. Without a script every figure is still there as a
table. What is said comes from :mod:`detente.brief.contents`; the templates only lay it out. The section on stability
also stands as a page by itself, which needs no script at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from detente.brief.bundle import LICENCES, script_bundle
from detente.brief.figure import Figure, Row
from detente.brief.holding import holding_of
from detente.brief.plates import plates_of
from detente.brief.rows import Brief, SignRow, TermRow
from detente.brief.theme import SHAPES, colours, configuration
from detente.brief.wording import HANGS_ON, THROUGH, amount, percent, spoken_date
from detente.cache import load, store
from detente.scenario import Case
from detente.stability.result import Stability
from detente.writing import written_whole

if TYPE_CHECKING:
    from detente.hindcast.result import Hindcast
    from detente.validation import Validation

__all__ = [
    "brief_page",
    "hindcast_page",
    "stability_page",
    "validation_page",
    "write_hindcast_page",
    "write_page",
    "write_stability_page",
    "write_validation_page",
]

TEMPLATES = Path(__file__).parent / "templates"
NO_LIST = "On no list"
NO_BREAK = "\u00a0"
STATUSES = {
    "tested": "are tested",
    "moves": "move an answer",
    "feeds": "feed an answer",
    "context": "are context",
    "missing": "are not used",
}


def write_page(brief: Brief, path: Path) -> None:
    """Write the brief as one file of HTML."""
    _write(brief_page(brief), path)


def write_stability_page(result: Stability, path: Path) -> None:
    """Write what could hold as one file of HTML."""
    _write(stability_page(result), path)


def write_hindcast_page(case: Case, found: Hindcast, path: Path) -> None:
    """Write what became of a case's forecasts as one file of HTML.

    Parameters
    ----------
    case
        The case.
    found
        The hindcast.
    path
        The file, written whole or not at all.
    """
    _write(hindcast_page(case, found), path)


def write_validation_page(case: Case, found: Validation, path: Path) -> None:
    """Write a validation sheet as one file of HTML.

    Parameters
    ----------
    case
        The case.
    found
        The validation.
    path
        The file, written whole or not at all.
    """
    _write(validation_page(case, found), path)


def _write(page: str, path: Path) -> None:
    with written_whole(path) as part:
        part.write_text(page, encoding="utf-8")


def validation_page(case: Case, found: Validation) -> str:
    """Return a validation sheet as one page of HTML, which needs no script."""
    from detente.brief.validated import sheet_of  # only a validation needs what a validation brings

    made = found.provenance
    return _environment().get_template("validation.html").render(
        sheet=sheet_of(found),
        scenario=case.scenario,
        made=made,
        style=_style(),
        policy=_policy(),
        command=found.request.command(),
        as_of=_moment(case),
    )  # fmt: skip


def hindcast_page(case: Case, found: Hindcast) -> str:
    """Return what became of a case's forecasts as one page of HTML: the section of the brief by itself."""
    from detente.brief.scored import scored_of  # a brief without a hindcast waits for none of it
    from detente.brief.scored.words import moment

    scored, (bundle, drawing) = scored_of(case, found), _scripts()
    moments = [moment(cut.as_of) for cut in found.cuts] or [_moment(case)]
    return _environment().get_template("hindcast.html").render(
        scored=scored,
        scenario=case.scenario,
        made=found.provenance,
        style=_style(),
        bundle=bundle,
        drawing=drawing,
        policy=_policy(bundle, drawing),
        data=_data(scored.figures),
        licences=LICENCES.read_text(encoding="utf-8"),
        command=found.request.command(),
        as_of=_moment(case),
        first=moments[0],
        last=moments[-1],
    )  # fmt: skip


def stability_page(result: Stability) -> str:
    """Return what could hold as one page of HTML: the section of the brief by itself, without a run beside it."""
    made, case = result.provenance, result.case
    return _environment().get_template("stability.html").render(
        holding=holding_of(result),
        scenario=case.scenario,
        made=made,
        account_title=case.account(made.account).title if made.account is not None else "",
        style=_style(),
        policy=_policy(),
        command=result.request.command(),
        as_of=_moment(case),
    )  # fmt: skip


def brief_page(brief: Brief) -> str:
    """Return the brief as one page of HTML."""
    plates, (bundle, drawing) = plates_of(brief), _scripts()
    figures = (*plates.figures, *(() if brief.scored is None else brief.scored.figures))
    return _environment().get_template("page.html").render(
        brief=brief,
        plates=plates,
        holding=brief.holding,
        scenario=brief.case.scenario,
        hangs_on=HANGS_ON,
        through_says=THROUGH,
        style=_style(),
        bundle=bundle,
        drawing=drawing,
        policy=_policy(bundle, drawing),
        data=_data(figures),
        licences=LICENCES.read_text(encoding="utf-8"),
        command=brief.study.request.command(),
        as_of=_moment(brief.case),
        shapes=dict(zip(brief.account_titles.values(), SHAPES * 4, strict=False)),
        terms=_terms(brief),
        signs=_signs(brief),
        sentences={text: brief.coverage.numbers(status) for status, text in STATUSES.items()},
        borne=brief.borne,
    )  # fmt: skip


def _scripts() -> tuple[str, str]:
    """Return the scripts of a page: what draws figures, and what has it draw these."""
    return script_bundle(), (TEMPLATES / "figures.js").read_text(encoding="utf-8")


def unbroken(value: object) -> object:
    """Return what a template writes, each % kept on the line of its number; what is markup stays as it is."""
    return value.replace(" %", NO_BREAK + "%") if isinstance(value, str) and not isinstance(value, Markup) else value


class _Templates(BytecodeCache):
    """Templates kept as compiled: a quarter of a second of each page."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template back: it is code, and only what this installation wrote is (:mod:`detente.cache`)."""
        content = load("templates", bucket.key)
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        store("templates", bucket.key, bucket.bytecode_to_string())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=unbroken, bytecode_cache=_Templates(),
    )  # fmt: skip
    environment.filters["percent"] = percent
    environment.filters["amount"] = amount
    environment.filters["date"] = lambda text: spoken_date(text[:10])
    environment.filters["plain"] = lambda text: text.replace("_", " ")
    environment.filters["parted"] = lambda text: text.replace("_", "_\u200b")
    environment.filters["places"] = lambda cites: "; ".join(dict.fromkeys(place.strip() for place in cites.split(";")))
    environment.filters["commas"] = lambda number: f"{number:,}".replace(",", " ")
    return environment


def _style() -> str:
    """Return the style sheet with the palettes that the figures have."""
    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    light, dark = ("".join(f"--{role}:{hue};" for role, hue in colours(scheme).items()) for scheme in ("light", "dark"))
    return (
        f":root{{color-scheme:light;{light}}}\n@media screen and (prefers-color-scheme:dark)"
        f"{{:root{{color-scheme:dark;{dark}}}}}\n{sheet}"
    )


def _policy(*scripts: str) -> str:
    """Return what a page may do: run its own scripts, if any, use its own style, and ask nothing of anybody.

    Nothing is evaluated from text either: the figures' expressions are interpreted.
    """
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    own = " ".join(f"'sha256-{digest}'" for digest in hashes) or "'none'"
    rest = "style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
    return f"default-src 'none'; script-src {own}; {rest}"


def _data(drawn: Iterable[Figure]) -> str:
    """Return the figures as JSON that can stand in a script element.

    Specifications that several figures share stand once; datasets stand as columns and rows.
    """
    specs: dict[str, int] = {}
    figures = {}
    for figure in drawn:
        number = specs.setdefault(_compact(figure.spec), len(specs))
        data = {name: _columns(rows) for name, rows in figure.datasets.items()}
        figures[figure.name] = {"spec": number, "data": data}
    looks = {scheme: configuration(scheme) for scheme in ("light", "dark")}
    whole = f'{{"looks":{_compact(looks)},"specs":[{",".join(specs)}],"figures":{_compact(figures)}}}'
    return whole.replace("<", "\\u003c")


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    """Return the names of a dataset's fields, and below them the rows without names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([row.get(name) for name in names] for row in rows)]


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _moment(case: Case) -> str:
    moment = case.scenario.as_of
    zone = moment.strftime("%z")
    return f"{spoken_date(moment.date().isoformat())}, {moment:%H:%M} (UTC{zone[:3]}:{zone[3:]})"


def _terms(brief: Brief) -> dict[str, list[TermRow]]:
    """Group what is on the table by who put it there."""
    found: dict[str, list[TermRow]] = {}
    for term in brief.terms:
        asked = f"Asked by {term.asked_by}" if term.asked_by else NO_LIST
        group = f"Offered by {term.offered_by}" if term.offered_by else asked
        found.setdefault(NO_LIST if term.on_no_list else group, []).append(term)
    last = found.pop(NO_LIST, None)
    return found if last is None else {**found, NO_LIST: last}


def _signs(brief: Brief) -> list[tuple[SignRow, list[SignRow]]]:
    """Group the signs: each once, with every question it tells apart."""
    found: dict[str, list[SignRow]] = {}
    for row in brief.signs:
        found.setdefault(row.id, []).append(row)
    return [(rows[0], rows) for rows in found.values()]
