"""What an analysis of couples says on a study's claims: findings, models, and their ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from intimacy_analysis.claims.finding import (
    Finding,
    findings_frame,
    findings_html,
    findings_text,
)
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.dyadic.direction_gap import DirectionGap
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import DataKind, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class CouplesEvidence:
    """All that one analysis of couples says on the claims of one publication.

    Attributes:
        key: Name of the set of claims.
        title: One line for a heading.
        question: What was asked, in a paragraph.
        source: The publication.
        study: The data.
        couples: The couples with the scores the models rest on.
        columns: Construct to its columns in the order of the roles.
        results: Name of a model to its fit: "communication", "sexual first", "emotional first".
        directions: The two rivals side by side; None where one of them cannot be fitted.
        gap: How far the rivals can be told apart; None likewise.
        bootstrapped: The model that puts sexual satisfaction first, refitted with a couple
            bootstrap; None without one.
        indirect: Indirect effects with couple-bootstrap intervals, in scale points; None without.
        findings: One a claim and spouse, in order.
        facts: What is known of the publication and its neighbors, each with its label.
        cannot_show: What the design cannot show, whatever the numbers.
        article: Where the article goes beyond the publication.
        notes: What a reader must know of how the verdicts came about.
    """

    key: str
    title: str
    question: str
    source: Source
    study: Study
    couples: DyadFrame
    columns: Mapping[str, tuple[str, str]]
    results: Mapping[str, PathModelResult]
    directions: pd.DataFrame | None
    gap: DirectionGap | None
    bootstrapped: PathModelResult | None
    indirect: EstimateTable | None
    findings: tuple[Finding, ...]
    facts: tuple[PublishedFact, ...]
    cannot_show: tuple[str, ...]
    article: tuple[str, ...]
    notes: tuple[str, ...]

    def __getitem__(self, key: str) -> Finding:
        for finding in self.findings:
            if finding.claim.key == key:
                return finding
        raise SpecError(
            f"there is no finding {key!r}. There are: "
            f"{', '.join(finding.claim.key for finding in self.findings)}."
        )

    @property
    def kind(self) -> DataKind:
        """Kind of the data."""
        return self.study.kind

    @property
    def state(self) -> str:
        """The worst state of the fits: "ok", "inadmissible" or "failed"."""
        states = {result.state for result in self.results.values()}
        return next((state for state in ("failed", "inadmissible") if state in states), "ok")

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Key of each claim to its verdict."""
        return {finding.claim.key: finding.verdict for finding in self.findings}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before the numbers are trusted, by model."""
        said = dict.fromkeys(
            warning for result in self.results.values() for warning in result.warnings
        )
        return tuple(said)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a finding: verdict, estimate, interval, unit, p, truth."""
        return findings_frame(self.findings)

    @property
    def _head(self) -> str:
        return f"{self.title} ({self.kind} data, fits: {self.state})"

    def __str__(self) -> str:
        return findings_text(self._head, self.findings, self.notes)

    def _repr_html_(self) -> str:
        return findings_html(self._head, self.findings, self.notes)
