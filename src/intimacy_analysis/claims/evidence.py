"""What an analysis says on a study's claims: findings, each with its verdict, and their ground."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.diary_model import DiaryModel
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.study import DataKind, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim, judged.

    Attributes:
        claim: The claim.
        verdict: The verdict.
        kind: Kind of the data judged.
        estimate: What was estimated, in the user's units; None where nothing could be.
        smallest_effect: Smallest effect of interest in the estimate's unit.
        truth: The value put into synthetic data; None for other data or where none is stated.
        p_holm: p-value adjusted by Holm for all tests of this analysis.
        sentences: The finding in plain words; the first one says what was found.
        if_original: What the same interval would earn on original data; None where that is
            what the verdict says already.
    """

    claim: Claim
    verdict: Verdict
    kind: DataKind
    estimate: Estimate | None
    smallest_effect: float
    truth: float | None = None
    p_holm: float = math.nan
    sentences: tuple[str, ...] = ()
    if_original: Verdict | None = None

    @property
    def headline(self) -> str:
        """The verdict, on synthetic data with what was put in and found."""
        if self.kind != "synthetic" or self.truth is None:
            return str(self.verdict)
        nothing = self.truth == 0
        words = {
            Verdict.RECOVERED: "no effect was put in, none is found"
            if nothing
            else "the effect that was put in is found",
            Verdict.NOT_RECOVERED: "no effect was put in, yet the interval leaves zero out"
            if nothing
            else "the interval misses the effect that was put in",
            Verdict.INCONCLUSIVE: "these data cannot tell",
        }.get(self.verdict)
        return f"{self.verdict} ({words})" if words else str(self.verdict)


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
        nothing = Estimate(name="", value=math.nan)
        rows = []
        for finding in self.findings:
            estimate = finding.estimate or nothing
            rows.append(
                {
                    "claim": finding.claim.key,
                    "says": finding.claim.says,
                    "verdict": str(finding.verdict),
                    "value": estimate.value,
                    "std_error": estimate.std_error,
                    "df": estimate.df,
                    "low": estimate.low,
                    "high": estimate.high,
                    "p_value": estimate.p_value,
                    "p_holm": finding.p_holm,
                    "unit": estimate.unit,
                    "smallest_effect": finding.smallest_effect,
                    "truth": math.nan if finding.truth is None else finding.truth,
                }
            )
        return pd.DataFrame(rows).set_index("claim")

    def __str__(self) -> str:
        lines = [f"{self.title} ({self.kind} data, fit: {self.state})", ""]
        for finding in self.findings:
            lines.append(f"{finding.headline}. Claim: {finding.claim.says}")
            lines += [f"    {sentence}" for sentence in finding.sentences[:3]]
        return "\n".join([*lines, "", *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(
            f"<dt><strong>{escape(finding.headline)}</strong>. "
            f"Claim: {escape(finding.claim.says)}</dt>"
            f"<dd>{escape(' '.join(finding.sentences[:2]))}</dd>"
            for finding in self.findings
        )
        head = escape(f"{self.title} ({self.kind} data, fit: {self.state})")
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<p><strong>{head}</strong></p><dl>{items}</dl>{notes}"
