"""A case held to the tests that a reviewer of a model asks for, each with a verdict; and the model written out."""

from __future__ import annotations

from detente.validation.report import SCHEMA, validation_data
from detente.validation.result import Validation
from detente.validation.validate import validate

__all__ = ["SCHEMA", "Validation", "validate", "validation_data"]
