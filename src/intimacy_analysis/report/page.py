"""The report as one HTML page that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from intimacy_analysis.claims.published import MEANINGS, SOURCES, PublishedFact
from intimacy_analysis.formatting import Table, html_table
from intimacy_analysis.report.methods import methods_paragraphs, references
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.wording import AnyEvidence, page_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigure:
    """A figure as the page shows it.

    Attributes:
        name: File name without ending.
        title: Heading.
        caption: What it shows, with the state of the fit and the kind of data.
        alt: What a reader who cannot see it needs.
        svg: The picture as SVG.
    """

    name: str
    title: str
    caption: str
    alt: str
    svg: bytes


# First lines of the page: what these data can and cannot say.
KIND_WORDS = {
    "synthetic": "Synthetic data. A generator drew every number from a stated truth, so this page "
    "can show that the analysis recovers that truth, or does not. It says nothing about couples "
    "and cannot support or refute the claim.",
    "original": "Original data. The verdicts are about these data and this design; one data set "
    "does not settle a claim.",
    "published summary": "Published summary. Only numbers that a publication printed were "
    "available, no single answers.",
}
STATE_WORDS = {
    "ok": "What was asked could be estimated; every search ended at an optimum.",
    "singular": "The fit is singular: a variance lies at its bound. The warnings say which; the "
    "verdicts are kept only where a simpler model agrees.",
    "inadmissible": "A fit is inadmissible: a variance is negative or a correlation lies beyond 1. "
    "Its numbers describe no real couples, and no verdict rests on them.",
    "failed": "The model could not be fitted. There are no estimates and no verdict rests on any.",
}


def render_page(
    evidence: AnyEvidence,
    tables: Mapping[str, Table],
    figures: Sequence[PageFigure],
    options: RunOptions,
    versions: Mapping[str, str],
) -> str:
    """Return the page of one claim; everything that came from the user's files is escaped."""
    return render(
        "page.html.j2",
        **_claim_context(evidence, tables, figures, versions, prefix="", folder="", top=2),
        alone=True,
        meanings=MEANINGS,
        sources={name: SOURCES[name] for name in used_sources(evidence.facts)},
        options=options,
        repeat=_repeat(options),
        versions=versions,
    )


def render_claim(
    evidence: AnyEvidence,
    tables: Mapping[str, Table],
    figures: Sequence[PageFigure],
    versions: Mapping[str, str],
) -> str:
    """Return a claim's sections as they stand on a page with other claims.

    Ids begin with the key of the claims, figures' files lie in a folder of that name, and headings
    are one step lower than on a page of its own.
    """
    return render(
        "claim.html.j2",
        **_claim_context(
            evidence,
            tables,
            figures,
            versions,
            prefix=f"{evidence.key}-",
            folder=f"{evidence.key}/",
            top=3,
        ),
        alone=False,
    )


def render(template: str, **context: object) -> str:
    """Fill one of the room's templates, which may include each other; all text is escaped.

    Args:
        template: File name.
        **context: What it shows.
    """
    folder = files("intimacy_analysis.report") / "templates"
    texts = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".j2")
    }
    style = (folder / "page.css").read_text(encoding="utf-8")
    # Autoescape on for every template: labels and ids are the user's text.
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=DictLoader(texts)
    )
    environment.filters["data_uri"] = _data_uri
    return environment.get_template(template).render(
        style=Markup(style),  # noqa: S704 - our own file; escaping would break CSS quotes
        policy=_policy(style),
        **context,
    )


def used_sources(facts: Iterable[PublishedFact]) -> list[str]:
    """Return the ids of the sources that facts rest on, in the order of the list of sources."""
    used = {name for fact in facts for name in fact.source_ids}
    return [name for name in SOURCES if name in used]


def _claim_context(
    evidence: AnyEvidence,
    tables: Mapping[str, Table],
    figures: Sequence[PageFigure],
    versions: Mapping[str, str],
    *,
    prefix: str,
    folder: str,
    top: int,
) -> dict[str, object]:
    return {
        "evidence": evidence,
        "prefix": prefix,
        "folder": folder,
        "top": top,
        "kind_words": KIND_WORDS[evidence.kind],
        "state_words": STATE_WORDS[evidence.state],
        # html_table escapes every cell itself.
        "tables": {name: Markup(html_table(table)) for name, table in tables.items()},  # noqa: S704
        "figures": figures,
        "words": page_words(evidence),
        "methods": methods_paragraphs(evidence, versions),
        "references": references(evidence),
    }


def _policy(style: str) -> str:
    """Return a content policy that lets in this very style, embedded images, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _data_uri(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _repeat(options: RunOptions) -> str:
    return "intimacy-analysis reproduce --from run.json --out another_folder"
