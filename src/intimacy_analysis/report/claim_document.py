"""The sections of one claim as a document: what the page says, in the page's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import MEANINGS, SOURCES
from intimacy_analysis.formatting import Table
from intimacy_analysis.report.document import (
    Block,
    Document,
    FigureBlock,
    Heading,
    Listing,
    Paragraph,
    Span,
    TableBlock,
    listing,
    paragraph,
    terms,
)
from intimacy_analysis.report.methods import methods_paragraphs, references
from intimacy_analysis.report.page import KIND_WORDS, STATE_WORDS, PageFigure, used_sources
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.wording import AnyEvidence, page_words


def claim_document(
    evidence: AnyEvidence,
    tables: Mapping[str, Table],
    figures: Sequence[PageFigure],
    options: RunOptions,
    versions: Mapping[str, str],
) -> Document:
    """Return the document of a report on one claim, with what its page holds (page.html.j2)."""
    study = evidence.study
    data = f"Data ({evidence.kind}): {study.title or study.name}."
    if study.source is not None:
        data += f" {study.source.citation}"
    opening: tuple[Block, ...] = (
        paragraph(KIND_WORDS[evidence.kind], manner="marked"),
        paragraph(evidence.question),
        paragraph(f"Claims from: {evidence.source.citation}", manner="small"),
        paragraph(data, manner="small"),
    )
    repeat: tuple[Block, ...] = (
        Heading(level=1, text="Repeat this run"),
        paragraph(
            "The file run.json beside this document holds the options, the seed "
            f"({options.seed}), the versions and the SHA-256 of the data. From the folder in which "
            "the run was started, with the path to run.json:"
        ),
        paragraph(
            "intimacy-analysis reproduce --from run.json --out another_folder", manner="code"
        ),
        paragraph(f"Made by intimacy_analysis {versions['intimacy_analysis']}.", manner="small"),
    )
    sections = claim_blocks(evidence, tables, figures, versions, top=1, folder="", alone=True)
    return Document(title=evidence.title, blocks=(*opening, *sections, *repeat))


def claim_blocks(
    evidence: AnyEvidence,
    tables: Mapping[str, Table],
    figures: Sequence[PageFigure],
    versions: Mapping[str, str],
    *,
    top: int,
    folder: str,
    alone: bool,
) -> tuple[Block, ...]:
    """Return a claim's sections, as claim.html.j2 has them.

    Args:
        evidence: What to report.
        tables: Its tables, by name.
        figures: Its figures, saved.
        versions: Of Python, the package and what it computes with.
        top: Level of the sections' headings.
        folder: Where the figures' folder lies in the report's, "" or ending in "/".
        alone: Whether labels and sources are told here, not once for all claims.
    """
    words = page_words(evidence)
    shown = _Shown(tables)
    return (
        *_short(evidence, shown, words.used, top),
        Heading(level=top, text="Findings"),
        *(block for finding in evidence.findings for block in _finding(finding, top + 1)),
        Heading(level=top, text="What the design cannot show"),
        *listing(evidence.cannot_show),
        Heading(level=top, text="Figures"),
        *(_figures(figures, folder)),
        Heading(level=top, text="Estimates"),
        paragraph(f"{words.model} State of the fit: {evidence.state}.", manner="small"),
        *shown(words.estimates),
        Heading(level=top, text="Sensitivity"),
        paragraph(words.sensitivity),
        *shown(words.sensitivity_tables),
        Heading(level=top, text="What is published"),
        paragraph(
            "A number that is recalled, derived or assumed stands here with its label and is "
            "nowhere compared with an estimate as if it had been published."
        ),
        *shown(("published",)),
        *(label_blocks(used_sources(evidence.facts), level=top + 1) if alone else ()),
        Heading(level=top, text="The article: what it makes of the study"),
        paragraph(words.article),
        *listing(evidence.article, numbered=True),
        Heading(level=top, text="Data"),
        *shown(words.data),
        Heading(level=top, text="Methods"),
        *(paragraph(text) for text in methods_paragraphs(evidence, versions)),
        Heading(level=top + 1, text="References"),
        *listing(references(evidence)),
    )


def label_blocks(sources: Sequence[str], *, level: int) -> tuple[Block, ...]:
    """Return what the labels of published facts mean and the sources, as labels.html.j2 has them.

    Args:
        sources: Ids of the sources that are used.
        level: Of the two headings.
    """
    return (
        Heading(level=level, text="What the labels mean"),
        *terms(tuple(MEANINGS.items())),
        Heading(level=level, text="Sources"),
        *terms([(name, SOURCES[name]) for name in sources]),
    )


class _Shown:
    """Gives the tables of a section in the page's order, without those that are not there."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    def __call__(self, names: Sequence[str]) -> tuple[Block, ...]:
        return tuple(TableBlock(table=self._tables[name]) for name in names if name in self._tables)


def _short(evidence: AnyEvidence, shown: _Shown, used: str, top: int) -> tuple[Block, ...]:
    heads = tuple(
        (
            Span(text=finding.headline, bold=True),
            Span(text=finding.claim.says, italic=True, on_new_line=True),
            Span(text=finding.sentences[0], on_new_line=True),
        )
        for finding in evidence.findings
    )
    state = (
        Span(text="State of the fit: "),
        Span(text=evidence.state, bold=True),
        Span(text=f". {STATE_WORDS[evidence.state]} {used}"),
    )
    return (
        Heading(level=top, text="In short"),
        Listing(entries=heads),
        Paragraph(spans=state),
        *_headed("Know before you trust the numbers", evidence.warnings),
        *_headed("From the codebook", evidence.study.notes),
        *shown(("verdicts",)),
    )


def _headed(head: str, sentences: Sequence[str]) -> tuple[Block, ...]:
    if not sentences:
        return ()
    return (Paragraph(spans=(Span(text=head, bold=True),)), *listing(sentences))


def _finding(finding: Finding, level: int) -> tuple[Block, ...]:
    claim = finding.claim
    article: tuple[Block, ...] = (
        (
            Heading(level=level + 1, text="What the article makes of it"),
            *listing(claim.article),
        )
        if claim.article
        else ()
    )
    return (
        Heading(level=level, text=claim.says),
        Paragraph(spans=(Span(text=finding.headline, bold=True),)),
        paragraph(" ".join(finding.sentences[:2])),
        *listing(finding.sentences[2:]),
        paragraph(
            f"Estimand: {claim.estimand}. How it is known that the publication says this: "
            f"{claim.basis}.",
            manner="small",
        ),
        Heading(level=level + 1, text="What the design cannot show"),
        *listing(claim.cannot_show),
        *article,
    )


def _figures(figures: Sequence[PageFigure], folder: str) -> tuple[Block, ...]:
    if not figures:
        return (paragraph("The model gave no estimates, so there is nothing to draw."),)
    return tuple(
        FigureBlock(
            stem=f"{folder}figures/{figure.name}",
            title=figure.title,
            caption=figure.caption,
            alt=figure.alt,
        )
        for figure in figures
    )
