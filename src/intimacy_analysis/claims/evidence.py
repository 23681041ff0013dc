"""What an analysis says on a study's claims: findings, each with its verdict, and their ground."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from intimacy_analysis.claims.diary_model import DiaryModel
from intimacy_analysis.claims.finding import (
    Finding,
    findings_frame,
    findings_html,
    findings_text,
)
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import DataKind, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that one analysis says on the claims of one publication.

    Attributes:
        key: Name of the set of claims, e.g. "shared-time".
        title: One line for a heading.
        question: What was asked, in a paragraph.
        source: The publication.
        study: The data.
        model: The model in the study's own columns.
        result: The fit that the findings rest on.
        findings: One a claim, in order.
        simple_slopes: The predictor's slope on weekdays and on weekends; None without weekends.
        heterogeneity: How the slope differs between persons; None where it does not vary.
        sensitivity: What other choices of analysis give, one row a choice and term.
        facts: What is known of the publication, each with its label.
        cannot_show: What the design cannot show, whatever the numbers.
        article: Where the article goes beyond the publication.
        notes: What a reader must know of how the verdicts came about.
    """

    key: str
    title: str
    question: str
    source: Source
    study: Study
    model: DiaryModel
    result: MixedModelResult
    findings: tuple[Finding, ...]
    simple_slopes: EstimateTable | None
    heterogeneity: EstimateTable | None
    sensitivity: pd.DataFrame
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
        """State of the fit: "ok", "singular" or "failed"."""
        return self.result.state

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Key of each claim to its verdict."""
        return {finding.claim.key: finding.verdict for finding in self.findings}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before the numbers are trusted."""
        return self.result.warnings

    def to_frame(self) -> pd.DataFrame:
        """Return one row a finding: verdict, estimate, interval, unit, p, truth."""
        return findings_frame(self.findings)

    @property
    def _head(self) -> str:
        return f"{self.title} ({self.kind} data, fit: {self.state})"

    def __str__(self) -> str:
        return findings_text(self._head, self.findings, self.notes)

    def _repr_html_(self) -> str:
        return findings_html(self._head, self.findings, self.notes)
