"""A claim: one testable sentence of a cited study, with what would count for and against it."""

from __future__ import annotations

from dataclasses import dataclass

from intimacy_analysis.errors import SpecError
from intimacy_analysis.study.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One testable sentence.

    Attributes:
        key: Short name, e.g. "weekday".
        says: The sentence.
        source: Where it is made.
        basis: Label of how well it is known that the source makes it ("[assumption]", ...).
        estimand: What is estimated, in a reader's words.
        term: Role-based name of the term it is read from, e.g. "predictor_within:weekend".
        direction: 1 or -1 for the claimed sign; 0 where a difference either way is claimed.
        smallest_effect: Size below which an effect would not matter, in `unit`.
        smallest_effect_basis: Where that size comes from, with its label.
        unit: Unit of the estimand for an outcome on the claim's own scale.
        truth: Name of the parameter in a synthetic study's stated truth.
        cannot_show: What the design cannot show, sentences.
        article: What the article makes of it, sentences.
    """

    key: str
    says: str
    source: Source
    basis: str
    estimand: str
    term: str
    direction: int
    smallest_effect: float
    smallest_effect_basis: str
    unit: str
    truth: str
    cannot_show: tuple[str, ...] = ()
    article: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.direction not in (-1, 0, 1):
            raise SpecError(f"direction must be 1, -1 or 0, got {self.direction}.")
        if not self.smallest_effect >= 0:
            raise SpecError(
                f"the smallest effect of claim {self.key!r} must be a size, zero or more, got "
                f"{self.smallest_effect}. Give it without a sign; the direction is the claim's."
            )
