"""One claim's part of the whole report: examined, its files written, its sections rendered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.report.claim_document import claim_blocks
from intimacy_analysis.report.document import Block
from intimacy_analysis.report.page import render_claim
from intimacy_analysis.report.reproduction import codebook_path, examine_options
from intimacy_analysis.report.run_record import RunOptions, run_entry, sha256_of, versions
from intimacy_analysis.report.wording import AnyEvidence
from intimacy_analysis.report.write import write_files
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import DataKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPart:
    """What the whole report needs of one claim; small enough to come from another process.

    Attributes:
        key: Key of the set of claims.
        title: Its heading.
        question: What was asked.
        kind: Kind of the data.
        data_title: The data in words.
        state: Worst state of its fits.
        findings: One a claim, in order.
        facts: What is published, with labels.
        cannot_show: What the design cannot show.
        body: Its sections as HTML, all text escaped.
        document: The same sections for Word and PDF.
        entry: What the run's record holds of it.
        summary: The findings as the terminal shows them.
        roles: The two members, where claims are about each of them; empty otherwise.
    """

    key: str
    title: str
    question: str
    kind: DataKind
    data_title: str
    state: str
    findings: tuple[Finding, ...]
    facts: tuple[PublishedFact, ...]
    cannot_show: tuple[str, ...]
    body: str
    document: tuple[Block, ...]
    entry: dict[str, Any]
    summary: str
    roles: tuple[str, ...] = ()


def write_claim_part(options: RunOptions, place: Path) -> ClaimPart:
    """Examine the claims that `options` name and write their files to `place`/KEY.

    Args:
        options: What is asked, of one set of claims.
        place: The report's folder while it is written.

    Raises:
        DataError: Data that cannot answer.
        SpecError: An unknown claim or variable.
    """
    evidence = examine_options(options)
    tables, figures = write_files(evidence, place / options.claim, per_person=options.per_person)
    return ClaimPart(
        key=evidence.key,
        title=evidence.title,
        question=evidence.question,
        kind=evidence.kind,
        data_title=evidence.study.title or evidence.study.name,
        state=evidence.state,
        findings=evidence.findings,
        facts=evidence.facts,
        cannot_show=evidence.cannot_show,
        body=render_claim(evidence, tables, figures, versions()),
        document=claim_blocks(
            evidence,
            tables,
            figures,
            versions(),
            top=2,
            folder=f"{evidence.key}/",
            alone=False,
        ),
        entry=run_entry(evidence, options, sha256_of(codebook_path(options))),
        summary=str(evidence),
        roles=_roles(evidence),
    )


def _roles(evidence: AnyEvidence) -> tuple[str, ...]:
    if isinstance(evidence, CouplesEvidence):
        return evidence.couples.roles
    if isinstance(evidence, SurveyEvidence) and isinstance(evidence.frame, DyadFrame):
        return evidence.frame.roles
    return ()
