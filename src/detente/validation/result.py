"""What a validation gives back: one verdict for each test, and what each found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import PlainSerializer

from detente.display import Displayed, shortened
from detente.requests import ValidateRequest
from detente.results import Provenance

__all__ = [
    "VERDICTS",
    "Calibrated",
    "Conserved",
    "Foretold",
    "Heading",
    "Inquiry",
    "Link",
    "ListedElement",
    "Loop",
    "Occasions",
    "PairedAnswer",
    "Scored",
    "Validation",
    "ValidationTest",
    "Verdict",
    "Where",
    "Widened",
]

Verdict = Literal["passes", "does not pass", "described", "not tried", "does not apply"]
VERDICTS: tuple[Verdict, ...] = ("does not pass", "passes", "described", "not tried", "does not apply")
"""In the order in which a summary tells them."""
Family = Literal["structure", "behaviour", "record", "choices"]


@dataclass(frozen=True)
class Where:
    """One place at which a test found something: the element, its file and line, and what is the matter there.

    ``remark`` where it is only told, and nothing is the matter.
    """

    element: str
    at: str
    says: str
    remark: bool = False


@dataclass(frozen=True)
class ValidationTest:
    """One test of a case.

    Parameters
    ----------
    name, title
        What it is called in data, and by readers.
    family
        ``structure``: what the equations say by themselves. ``behaviour``: what they do under other numbers, steps and
        horizons. ``record``: beside what was observed. ``choices``: how much hangs on what the authors chose.
    asks
        What it asks, in a sentence.
    verdict
        ``described`` is for what has no right answer and is there to be judged by a reader.
    says
        What came out, in a plain sentence or two; where it was not tried or does not apply, why.
    tried
        How it was tried, where worlds were run.
    where
        The places at which something was found.
    """

    name: str
    title: str
    family: Family
    asks: str
    verdict: Verdict
    says: str
    tried: str
    where: tuple[Where, ...]


@dataclass(frozen=True)
class Inquiry:
    """What a test is called and what it asks: the same whatever comes out."""

    name: str
    title: str
    family: Family
    asks: str

    def came_out(self, verdict: Verdict, says: str, where: Iterable[Where] = (), *, tried: str = "") -> ValidationTest:
        """Return the test with its verdict.

        Parameters
        ----------
        verdict
            What came of it.
        says
            The verdict in a sentence.
        where
            The places that it is about.
        tried
            What was tried, in a sentence.

        Returns
        -------
        ValidationTest
            Of this inquiry's name, title, family and question.
        """
        return ValidationTest(self.name, self.title, self.family, self.asks, verdict, says, tried, tuple(where))


@dataclass(frozen=True)
class Link:
    """One influence of an element on another that reads it.

    ``sign`` is ``+`` where more of the first makes more of the second, ``-`` where it makes less, ``±`` where it is now
    the one and now the other or has no direction, and ``0`` where nothing moved in the states that were looked at.
    ``delayed`` tells that it works through a stock, a delay or the day before.
    """

    source: str
    target: str
    sign: Literal["+", "-", "±", "0"]
    delayed: bool


@dataclass(frozen=True)
class Loop:
    """A feedback loop: each element reads the one before it, the first reads the last.

    ``polarity`` is ``reinforcing``, ``balancing``, ``either`` where a link has no one sign, and ``inactive`` where a
    link moved nothing in the states that were looked at.
    """

    elements: tuple[str, ...]
    links: tuple[Link, ...]
    polarity: Literal["reinforcing", "balancing", "either", "inactive"]


@dataclass(frozen=True)
class Conserved:
    """Stocks that only exchange what they hold: their weighted sum may not change.

    ``departure`` is how far it went from what it was at the start, at most, as a share of its size.
    """

    stocks: Mapping[str, float]
    unit: str
    departure: float | None


@dataclass(frozen=True)
class PairedAnswer:
    """One answer of the same worlds run in several ways: a share, a mean, or mean days; ``None`` where there is none.

    ``answer`` names the alternative too, where the question asks for one. ``difference`` is how far another way's
    answer lies from that of the case's own way, which comes first; ``tolerance`` is how far it would by sampling alone,
    in 999 of 1,000.
    """

    question: str
    answer: str
    unit: str
    answers: Mapping[str, float | None]
    difference: float
    tolerance: float


@dataclass(frozen=True)
class Occasions:
    """How often a decision comes up.

    ``ever`` is the share of worlds in which it does at least once, ``mean`` its occasions in a world, ``taken`` the
    share of occasions after which its option stands otherwise than before.
    """

    decision: str
    ever: float
    mean: float
    taken: float | None


@dataclass(frozen=True)
class Foretold:
    """One row of the record, and what the model said of it one step before.

    ``chance`` is that of a recorded choice; ``quantiles`` are the 5th, 50th and 95th percentile of a number.
    ``outside`` tells that a number lies outside these, or that a choice had a chance below 5 %.
    """

    about: str
    measure: str
    element: str
    value: float | str
    unit: str
    chance: float | None
    quantiles: tuple[float, ...] | None
    outside: bool


@dataclass(frozen=True)
class Scored:
    """How the model's mean score compares with a simple forecast's: skill above 0 is nearer to what came."""

    baseline: str
    score: str
    questions: int
    events: int
    skill: float
    in_sample: bool


@dataclass(frozen=True)
class Calibrated:
    """Yes/no forecasts from ``low`` to ``high``: how many, their mean, and the share of them that came."""

    low: float
    high: float
    count: int
    mean: float | None
    came: float | None


@dataclass(frozen=True)
class Widened:
    """One answer with the ranges as declared, halved, doubled and triangular, pooled over readings.

    ``by_range`` holds shares in percent, means, or mean days; of a choice the share of the alternative that leads.
    ``spread`` is how far they lie apart at most, ``accounts`` how far the accounts do, where there are any;
    ``more_than_accounts`` tells that the first is larger, beyond sampling error.
    """

    question: str
    unit: str
    by_range: Mapping[str, float]
    spread: float
    accounts: float | None
    more_than_accounts: bool


@dataclass(frozen=True)
class ListedElement:
    """One line of the listing of equations.

    Parameters
    ----------
    name
        Its name.
    type
        ``stock``, ``flow``, ``auxiliary``, ``option``, ``shock``, ``measure``, ``question``, ``sign``, ``table`` or
        ``number``.
    module, at
        The section of the case's files that it stands in, and its file and line.
    unit
        Its unit; ``yes/no``, or its alternatives, where it is no number.
    equation
        As the language writes it; for a number its ranges.
    start
        Of a stock or option, the value before the first day.
    says
        What it is, in the case's words.
    rests_on
        The claims behind it, with their places.
    used_by
        What reads it.
    """

    name: str
    type: str
    module: str
    at: str
    unit: str
    equation: str
    start: str
    says: str
    rests_on: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """One heading of the ODD+D protocol, with what the case says under it, paragraph by paragraph."""

    number: str
    title: str
    says: tuple[str, ...]
    silent: bool


@dataclass(frozen=True)
class Validation(Displayed):
    """A case held to the tests that a reviewer of a model asks for.

    Parameters
    ----------
    request
        What was asked; its ``command()`` asks it again, and stands for it in data.
    provenance
        How it was made; ``worlds`` are those of one test.
    quick
        Whether the costly tests were left out.
    tests
        Every test with its verdict, in the order of the families.
    loops
        A shortest set of independent feedback loops, the shortest first.
    conserved
        Groups of stocks whose sum may not change.
    steps
        Each answer under other steps within a day; empty where that was not tried.
    occasions
        How often each decision comes up.
    foretold
        Every row of the record beside what the model said of it just before.
    scores, reliability
        The forecasts beside the simplest ones, and, with enough events, how often came what was forecast.
    widths
        Each answer with all ranges halved, doubled and triangular; empty where that was not tried.
    rules
        Each answer under each rule of decision; empty where that was not tried.
    listing
        Every element with its equation.
    protocol
        The ODD+D protocol of the case.
    """

    request: Annotated[ValidateRequest, PlainSerializer(ValidateRequest.command, return_type=str)]
    provenance: Provenance
    quick: bool
    tests: tuple[ValidationTest, ...]
    loops: tuple[Loop, ...]
    conserved: tuple[Conserved, ...]
    steps: tuple[PairedAnswer, ...]
    occasions: tuple[Occasions, ...]
    foretold: tuple[Foretold, ...]
    scores: tuple[Scored, ...]
    reliability: tuple[Calibrated, ...]
    widths: tuple[Widened, ...]
    rules: tuple[PairedAnswer, ...]
    listing: tuple[ListedElement, ...]
    protocol: tuple[Heading, ...]

    def __repr__(self) -> str:
        made, told = self.provenance, f"{len(self.tests)} tests"
        return shortened(f"Validation({made.case!r}: {told}, {made.worlds:,} worlds, seed {made.seed})")

    def test(self, name: str) -> ValidationTest:
        """Return a test by its name."""
        return next(test for test in self.tests if test.name == name)

    def having(self, verdict: Verdict) -> tuple[ValidationTest, ...]:
        """Return the tests that have a verdict."""
        return tuple(test for test in self.tests if test.verdict == verdict)
