"""The ODD+D protocol of a case: every heading that a reader of such models knows, filled from what the case declares.

Under a heading of which the case says nothing stands that it says nothing. What holds for every case, since it is how
Détente counts, is said as such.

References
----------
B. Müller, F. Bohn, G. Dreßler, J. Groeneveld, C. Klassert, R. Martin, M. Schlüter, J. Schulze, H. Weise and N. Schwarz,
"Describing human decisions in agent-based models – ODD + D, an extension of the ODD protocol", Environmental Modelling
& Software 48 (2013), 37–48.
"""

from __future__ import annotations

from detente.validation.odd_design import design_concepts
from detente.validation.odd_details import details
from detente.validation.odd_overview import overview
from detente.validation.result import Heading, Inquiry, ValidationTest
from detente.validation.structure import Structure

__all__ = ["odd_protocol", "protocol_of"]

INQUIRY = Inquiry(
    "odd_protocol",
    "ODD+D protocol",
    "structure",
    "What does the case say under each heading by which models of human decisions are described?",
)


def protocol_of(structure: Structure) -> tuple[Heading, ...]:
    """Return every heading of the protocol in its order."""
    return (*overview(structure), *design_concepts(structure), *details(structure))


def odd_protocol(headings: tuple[Heading, ...]) -> ValidationTest:
    """Say under how many headings the case says something, and under which it is silent."""
    silent = [one for one in headings if one.silent]
    says = f"{len(headings) - len(silent)} of {len(headings)} headings are filled from the case."
    if silent:
        says += f" It says nothing under {', '.join(f'{one.number} ({one.title.lower()})' for one in silent)}."
    return INQUIRY.came_out("described", says)
