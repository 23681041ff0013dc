"""One claim, judged; and several of them as a table, as text and as HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.study.study import DataKind


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
        implied: Whether the truth is what the analysis finds in the population that was put in,
            not a number that was put in itself.
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
    implied: bool = False

    @property
    def headline(self) -> str:
        """The verdict, on synthetic data with what was put in and found."""
        if self.kind != "synthetic" or self.truth is None:
            return str(self.verdict)
        nothing = self.truth == 0
        what = "association that the truth implies" if self.implied else "effect that was put in"
        words = {
            Verdict.RECOVERED: "no effect was put in, none is found"
            if nothing
            else f"the {what} is found",
            Verdict.NOT_RECOVERED: "no effect was put in, yet the interval leaves zero out"
            if nothing
            else f"the interval misses the {what}",
            Verdict.INCONCLUSIVE: "these data cannot tell",
        }.get(self.verdict)
        return f"{self.verdict} ({words})" if words else str(self.verdict)


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return one row a finding: verdict, estimate, interval, unit, p, truth."""
    nothing = Estimate(name="", value=math.nan)
    rows = []
    for finding in findings:
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


def findings_text(head: str, findings: Sequence[Finding], notes: Sequence[str]) -> str:
    """Return the findings as plain text under a heading."""
    lines = [head, ""]
    for finding in findings:
        lines.append(f"{finding.headline}. Claim: {finding.claim.says}")
        lines += [f"    {sentence}" for sentence in finding.sentences[:3]]
    return "\n".join([*lines, "", *notes])


def findings_html(head: str, findings: Sequence[Finding], notes: Sequence[str]) -> str:
    """Return the findings as HTML under a heading; every text is escaped."""
    from html import escape

    items = "".join(
        f"<dt><strong>{escape(finding.headline)}</strong>. "
        f"Claim: {escape(finding.claim.says)}</dt>"
        f"<dd>{escape(' '.join(finding.sentences[:2]))}</dd>"
        for finding in findings
    )
    shown = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<p><strong>{escape(head)}</strong></p><dl>{items}</dl>{shown}"
