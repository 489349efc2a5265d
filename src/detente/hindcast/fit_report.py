"""A fit as data: what ``detente fit --json`` writes, and the schema that holds it."""

from __future__ import annotations

from typing import Any

from detente.documents import Document, Made, made_with, schema_of
from detente.hindcast.contraction import ContractedRange, Contraction, Weighed
from detente.hindcast.fitting import Fitted
from detente.hindcast.smc import Stage

__all__ = ["FIT_SCHEMA", "FitDocument", "fitted_data"]


class FitDocument(Document):
    """A fit, without its particles."""

    case: str
    """The case's name."""
    until: str
    """The moment up to which the record was used."""
    particles: int
    """How many draws are left, all of the same weight."""
    replicates: int
    """Worlds by which each draw is judged."""
    worlds: int
    """Model runs in all."""
    seed: int
    """The same seed gives the same bits."""
    version: str
    """Of Détente."""
    partial: bool
    """Whether it was stopped on the way."""
    rows: int
    """Choices and measurements of the record that bear on the model's numbers."""
    log_evidence: float
    """The natural logarithm of the record's mean likelihood over the declared ranges."""
    numbers: tuple[ContractedRange, ...]
    """Every number of the case that is not exactly known."""
    readings: tuple[Weighed, ...]
    """Every reading of every contested claim that is drawn."""
    says: str
    """What the record did to the ranges, in sentences."""
    warnings: tuple[str, ...]
    """What to beware of, the gravest first."""
    stages: tuple[Stage, ...]
    """The steps from the declared ranges to the whole record."""
    provenance: Made
    """What decides about the bits."""


def fitted_data(fitted: Fitted, found: Contraction) -> dict[str, Any]:
    """Return a fit as plain data, without its particles."""
    made = fitted.provenance
    return FitDocument(
        case=made.case,
        until=made.as_of,
        particles=fitted.posterior.particles,
        replicates=made.replicates,
        worlds=made.worlds,
        seed=made.seed,
        version=made.versions["detente"],
        partial=made.partial,
        rows=fitted.rows,
        log_evidence=fitted.log_evidence,
        numbers=found.numbers,
        readings=found.readings,
        says=found.says,
        warnings=fitted.warnings,
        stages=fitted.stages,
        provenance=made_with(made),
    ).data()


FIT_SCHEMA: dict[str, Any] = schema_of(FitDocument, "A fit of Détente")
"""The JSON Schema of a fit; the tests hold every fit to it."""
