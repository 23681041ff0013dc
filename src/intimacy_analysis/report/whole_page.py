"""The page of the whole report: what the article says beside what was found, then every claim."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from intimacy_analysis.claims.article import (
    ARTICLE_ROLES,
    ARTICLE_SECTIONS,
    ARTICLE_TITLE,
    AUDIT,
    FAIR,
    ArticleSection,
)
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import MEANINGS, SOURCES
from intimacy_analysis.formatting import format_interval, format_number, format_p, typeset
from intimacy_analysis.report.claim_part import ClaimPart
from intimacy_analysis.report.common_tables import estimate_precision
from intimacy_analysis.report.page import KIND_WORDS, STATE_WORDS, render, used_sources

NOT_RUN = "not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewRow:
    """One claim in the overview.

    Attributes:
        key: Key of the claim.
        says: The claim.
        published: What is published on it, each fact with its label.
        found: The estimate with interval and unit; "–" where nothing was estimated.
        verdict: The verdict, or "not run".
        cannot_show: What the design cannot show of it, one sentence.
    """

    key: str
    says: str
    published: tuple[str, ...]
    found: str
    verdict: str
    cannot_show: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewGroup:
    """The claims of one section of the article.

    Attributes:
        section: The section of the article.
        part: What was found; None where these claims were not run.
        rows: The claims that stand in the overview.
    """

    section: ArticleSection
    part: ClaimPart | None
    rows: tuple[OverviewRow, ...]


def render_whole(parts: Sequence[ClaimPart], versions: Mapping[str, str]) -> str:
    """Return the page; everything that came from the user's files is escaped.

    Args:
        parts: The claims that were run, in any order.
        versions: Of Python, the package and what it computes with.
    """
    groups = overview(parts)
    kinds = sorted({part.kind for part in parts})
    return render(
        "whole.html.j2",
        article_title=ARTICLE_TITLE,
        groups=groups,
        parts=[group.part for group in groups if group.part is not None],
        bodies={part.key: Markup(part.body) for part in parts},  # noqa: S704 - rendered by us
        kinds=kinds,
        kind_words=KIND_WORDS,
        state_words=STATE_WORDS,
        audit=AUDIT,
        fair=FAIR,
        top=2,
        meanings=MEANINGS,
        sources={name: SOURCES[name] for name in _sources(parts)},
        versions=versions,
    )


def overview(parts: Sequence[ClaimPart]) -> tuple[OverviewGroup, ...]:
    """Return the article's sections in order, each with its main claims; none is left out.

    Args:
        parts: The claims that were run, in any order.
    """
    held = {part.key: part for part in parts}
    return tuple(
        OverviewGroup(section=section, part=part, rows=_rows(section, part))
        for section in ARTICLE_SECTIONS
        for part in [held.get(section.key)]
    )


def _rows(section: ArticleSection, part: ClaimPart | None) -> tuple[OverviewRow, ...]:
    if part is None:
        return ()
    findings = {finding.claim.key: finding for finding in part.findings}
    main = [_own_key(key, part.roles) for key in section.main]
    return tuple(_row(findings[key], part) for key in main if key in findings)


def _own_key(key: str, roles: Sequence[str]) -> str:
    """Return the key of a main claim with the members' names in these data."""
    for pair in ARTICLE_ROLES:
        for article, own in zip(pair, roles, strict=False):
            if key.endswith(f"-{article}"):
                return f"{key.removesuffix(article)}{own}"
    return key


def _row(finding: Finding, part: ClaimPart) -> OverviewRow:
    claim = finding.claim
    # Facts are about the couple: "satisfaction" belongs to "satisfaction-wife" and its mirror.
    terms = {claim.key, *(claim.key.removesuffix(f"-{role}") for role in part.roles)}
    said = tuple(
        f"{fact.text} {_bracketed(fact.label)}" for fact in part.facts if fact.term in terms
    )
    return OverviewRow(
        key=claim.key,
        says=claim.says,
        published=said or (f"No number was found. That it is claimed: {claim.basis}.",),
        found=_found(finding),
        verdict=str(finding.verdict),
        cannot_show=claim.cannot_show[0] if claim.cannot_show else "",
    )


def _bracketed(label: str) -> str:
    return label if label.startswith("[") else f"[{label}]"


def _found(finding: Finding) -> str:
    estimate = finding.estimate
    if estimate is None or math.isnan(estimate.value):
        return "–"
    precision = estimate_precision(estimate)
    # The signs of print, as in every table.
    text = typeset(format_number(estimate.value, precision), "html")
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        interval = format_interval(estimate.low, estimate.high, precision)
        text += f" {typeset(interval, 'html')}"
    if math.isfinite(estimate.p_value):
        p = format_p(estimate.p_value)
        text += f", p {p}" if p.startswith("<") else f", p = {p}"
    return f"{text}; {estimate.unit}" if estimate.unit else text


def _sources(parts: Sequence[ClaimPart]) -> list[str]:
    return used_sources(fact for part in parts for fact in part.facts)
