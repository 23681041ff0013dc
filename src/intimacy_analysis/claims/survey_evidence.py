"""What an analysis of answers of one time says on a study's claims: findings and their ground."""

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
from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import Table
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import DataKind, Study
from intimacy_analysis.study.survey import SurveyFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyEvidence:
    """All that one analysis of answers of one time says on the claims of one publication.

    Attributes:
        key: Name of the set of claims.
        title: One line for a heading.
        question: What was asked, in a paragraph.
        source: The publication.
        study: The data.
        frame: The persons or couples with the scores the analyses rest on.
        state: The worst state of the fits: "ok", "inadmissible" or "failed".
        warnings: What must be known before the numbers are trusted.
        findings: One a claim, in order.
        facts: What is known of the publication and its neighbors, each with its label.
        cannot_show: What the design cannot show, whatever the numbers.
        article: Where the article goes beyond the publication.
        notes: What a reader must know of how the verdicts came about.
        confidence: Coverage of the intervals.
        used: What the analyses rest on, one sentence ("143 women were used.").
        model: The model or models, in words.
        tables: The claim's own result tables by file name, in the order of the page.
        estimates: Which of `tables` stand under "Estimates", in order.
        sensitivity: What the sensitivity section asks, a sentence.
        sensitivity_tables: Which of `tables` stand there, in order.
        article_section: Which section of the article this is about, and what it reports fairly.
        analyses: What the figures are drawn from, by name.
        methods: Paragraphs on what was done, for a manuscript.
        references: Works the paragraphs cite.
    """

    key: str
    title: str
    question: str
    source: Source
    study: Study
    frame: SurveyFrame | DyadFrame
    state: str
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    facts: tuple[PublishedFact, ...]
    cannot_show: tuple[str, ...]
    article: tuple[str, ...]
    notes: tuple[str, ...]
    confidence: float
    used: str
    model: str
    tables: Mapping[str, Table]
    estimates: tuple[str, ...]
    sensitivity: str
    sensitivity_tables: tuple[str, ...]
    article_section: str
    analyses: Mapping[str, object]
    methods: tuple[str, ...]
    references: tuple[str, ...]

    def __post_init__(self) -> None:
        placed = (*self.estimates, *self.sensitivity_tables)
        absent = [name for name in placed if name not in self.tables]
        lost = [name for name in self.tables if name not in placed]
        if absent or lost:
            raise SpecError(
                "every table of the evidence must stand in one section of the page, but "
                f"{len(absent)} are placed and absent and {len(lost)} are placed nowhere; the "
                f"first is {(absent or lost)[0]!r}. Name it in `estimates` or "
                "`sensitivity_tables`, and in `tables`."
            )

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
    def verdicts(self) -> dict[str, Verdict]:
        """Key of each claim to its verdict."""
        return {finding.claim.key: finding.verdict for finding in self.findings}

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
