"""The pages on reports list every field of them, with its type and its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from detente import stability, validation
from detente.brief import report as brief
from detente.exploration.expectations_report import EXPECTATIONS_SCHEMA
from detente.exploration.under_rules import UNDER_RULES_SCHEMA
from detente.hindcast import report as hindcast
from detente.validation.audit import SCHEMA as AUDIT_SCHEMA
from tests.docs.schemas import fields
from tests.docs.tables import REFERENCE, rows

PAGES = [
    ("report.md", brief.SCHEMA),
    ("stability-report.md", stability.SCHEMA),
    ("hindcast-report.md", hindcast.SCHEMA),
    ("validation-report.md", validation.SCHEMA),
    ("structure-report.md", AUDIT_SCHEMA),
    ("rules-report.md", UNDER_RULES_SCHEMA),
    ("expectations-report.md", EXPECTATIONS_SCHEMA),
]


@pytest.mark.parametrize(("page", "schema"), PAGES)
def test_every_field_is_described_with_its_type(page: str, schema: Mapping[str, Any]) -> None:
    described = {row.cells[0]: row.cells[1] for row in rows(REFERENCE / page)}
    assert described == dict(fields(schema))


@pytest.mark.parametrize(("page", "schema"), PAGES)
def test_fields_are_given_their_meaning(page: str, schema: Mapping[str, Any]) -> None:
    described = {row.cells[0]: row.cells[2] for row in rows(REFERENCE / page)}
    assert [name for name, _ in fields(schema) if len(described[name]) < 8] == []
