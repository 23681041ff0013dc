"""The whole report as a document: what its page says, in the page's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intimacy_analysis.claims.article import ARTICLE_TITLE, AUDIT, FAIR
from intimacy_analysis.formatting import Cell, Table, text_column, words_cell
from intimacy_analysis.report.claim_document import label_blocks
from intimacy_analysis.report.claim_part import ClaimPart
from intimacy_analysis.report.document import (
    Block,
    Contents,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Span,
    TableBlock,
    listing,
    paragraph,
    terms,
)
from intimacy_analysis.report.page import KIND_WORDS, STATE_WORDS, used_sources
from intimacy_analysis.report.whole_page import OverviewGroup, OverviewRow, overview


def whole_document(parts: Sequence[ClaimPart], versions: Mapping[str, str]) -> Document:
    """Return the document of a report on several claims, with what whole.html.j2 holds.

    Args:
        parts: The claims that were run, in any order.
        versions: Of Python, the package and what it computes with.
    """
    groups = overview(parts)
    ordered = [group.part for group in groups if group.part is not None]
    facts = (fact for part in parts for fact in part.facts)
    blocks: tuple[Block, ...] = (
        *(
            paragraph(KIND_WORDS[kind], manner="marked")
            for kind in sorted({part.kind for part in parts})
        ),
        paragraph(
            "Every section of the article has its claim, its study and its data here: what the "
            "article says, what the study measured, what is published, what these data give, and "
            "what no data of this design can show."
        ),
        Contents(),
        Heading(level=1, text="Overview"),
        paragraph(
            "Main claims only; all stand in their own section below. An estimate is followed by "
            "its interval, p and unit. A verdict comes from a rule, never from p alone.",
            manner="small",
        ),
        *(block for group in groups for block in _group(group)),
        Heading(level=1, text="The article against its sources"),
        *listing(AUDIT, numbered=True),
        paragraph(FAIR),
        *(block for part in ordered for block in _claim(part)),
        PageBreak(),
        Heading(level=1, text="Labels and sources"),
        *label_blocks(used_sources(facts), level=2),
        *_repeat(ordered, versions),
    )
    return Document(title=f"The claims of “{ARTICLE_TITLE}”", blocks=blocks)


def _group(group: OverviewGroup) -> tuple[Block, ...]:
    section, part = group.section, group.part
    place = "Opening" if section.section == "opening" else f"Section {section.section}"
    head = Heading(level=2, text=f"{place}: {section.heading}")
    said = Paragraph(
        spans=(
            Span(text="The article: ", bold=True),
            Span(text=section.says),
            Span(text="The study", bold=True, on_new_line=True),
            Span(text=f" ({section.study}): {section.design} "),
            Span(text="Measured: ", bold=True),
            Span(text=section.measured),
        )
    )
    if part is None:
        return (
            head,
            said,
            Paragraph(
                spans=(
                    Span(text="Not run. ", bold=True),
                    Span(text="These claims were not asked for in this run."),
                )
            ),
        )
    data = Paragraph(
        spans=(
            Span(text="Data here", bold=True),
            Span(text=f" ({part.kind}): {part.data_title}"),
        )
    )
    table = Table(
        title=f"{section.heading}: what is claimed, and what was found",
        columns=tuple(
            text_column(header)
            for header in (
                "Claim",
                "Published, with label",
                "Re-estimated here",
                "Verdict",
                "What the design cannot show",
            )
        ),
        rows=tuple(_row(row) for row in group.rows),
        notes=(f"Re-estimated from {part.kind} data.",),
    )
    return (head, said, data, TableBlock(table=table))


def _row(row: OverviewRow) -> tuple[Cell, ...]:
    return (
        words_cell(row.says),
        words_cell("; ".join(row.published)),
        Cell(text=row.found, raw=(row.found,), is_number=True),
        words_cell(row.verdict),
        words_cell(row.cannot_show),
    )


def _claim(part: ClaimPart) -> tuple[Block, ...]:
    return (
        PageBreak(),
        Heading(level=1, text=part.title),
        paragraph(
            f"{part.kind} data: {part.data_title}. State of the fits: {part.state}. "
            f"{STATE_WORDS[part.state]}",
            manner="small",
        ),
        paragraph(part.question),
        *part.document,
    )


def _repeat(parts: Sequence[ClaimPart], versions: Mapping[str, str]) -> tuple[Block, ...]:
    runs = [
        (
            part.title,
            f"data {part.entry['data']['name']}, SHA-256 {part.entry['data']['sha256'][:16]}…, "
            f"seed {part.entry['options']['seed']}, {part.entry['options']['bootstrap']} "
            "bootstrap samples",
        )
        for part in parts
    ]
    return (
        Heading(level=1, text="Repeat this run"),
        paragraph(
            "The file run.json beside this document holds the options, seeds, versions and the "
            "SHA-256 of the data of every claim. From the folder in which the run was started, "
            "with the path to run.json:"
        ),
        paragraph("intimacy-analysis rerun run.json --out another_folder", manner="code"),
        paragraph(
            "It says whether every number is the same. Data or a codebook that has changed since "
            "is refused."
        ),
        *terms(runs),
        paragraph(
            "Made by intimacy_analysis: "
            + ", ".join(f"{name} {number}" for name, number in versions.items())
            + ".",
            manner="small",
        ),
    )
