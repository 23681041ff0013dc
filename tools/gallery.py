"""Write the gallery of all figures: `docs/gallery.md` and its pictures in `docs/gallery/`.

    python tools/gallery.py

The site's build does it by itself (`docs/conf.py`); nothing of it is committed. Every set of
claims is examined once on its synthetic study, so that the pictures are those of this version.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from joblib import Parallel, delayed

import intimacy_analysis
from intimacy_analysis.claims.registry import CLAIM_SETS
from intimacy_analysis.report.figure_catalog import CatalogEntry, figure_catalog
from intimacy_analysis.report.saved_figure import save_at_width
from intimacy_analysis.report.single_figure import claim_figures

DOCS = Path(__file__).resolve().parents[1] / "docs"
_HEAD = """\
# Gallery

Every figure of the reports, drawn from synthetic data by this very version, with the command and
the Python code that make it. [How to draw figures for a paper](guides/figures.md) says more.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure as it was drawn.

    Attributes:
        place: Of the file, from `docs/`.
        caption: Its caption.
        alt: What a reader who cannot see it needs.
        drawn_by: Name of the function that drew it.
    """

    place: str
    caption: str
    alt: str
    drawn_by: str


def write_gallery(docs: Path, *, n_jobs: int = 2) -> None:
    """Draw every figure of the catalog into `docs`/gallery and write `docs`/gallery.md.

    Args:
        docs: Folder of the pages.
        n_jobs: Claims examined at a time.
    """
    keys = [claims.key for claims in CLAIM_SETS]
    drawn = Parallel(n_jobs=n_jobs)(delayed(draw_claim)(key, docs) for key in keys)
    pictures = {place: picture for part in drawn for place, picture in part.items()}
    text = gallery_text(pictures)
    (docs / "gallery.md").write_text(text, encoding="utf-8", newline="\n")


def draw_claim(claim: str, docs: Path) -> dict[tuple[str, str], Picture]:
    """Draw the figures of one claim at their usual width; return them by claim and key."""
    # A process of its own has to be told that no window is wanted.
    matplotlib.use("agg")
    pictures = {}
    for key, figure in claim_figures(claim).by_key.items():
        stem = docs / "gallery" / claim / key
        save_at_width(figure, stem, formats=("svg",), overwrite=True)
        function = getattr(figure.draw, "func", figure.draw)
        pictures[claim, key] = Picture(
            place=f"gallery/{claim}/{key}.svg",
            caption=figure.caption,
            alt=figure.alt,
            drawn_by=function.__name__,
        )
    return pictures


def gallery_text(pictures: Mapping[tuple[str, str], Picture]) -> str:
    """Return the page: a section a claim, in it an entry for every figure of the catalog.

    Args:
        pictures: By claim and key; a figure without one is shown by its code alone.
    """
    parts = [_HEAD]
    for claims in CLAIM_SETS:
        parts.append(f"## {_plain(claims.title)}\n")
        parts += [
            _entry(entry, pictures.get((entry.claim, entry.key)))
            for entry in figure_catalog()
            if entry.claim == claims.key
        ]
    return "\n".join(parts)


def _entry(entry: CatalogEntry, picture: Picture | None) -> str:
    lines = [f"### {_plain(entry.title)}", ""]
    if picture is not None:
        lines += [
            f"```{{figure}} {picture.place}",
            f":alt: {json.dumps(' '.join(picture.alt.split()), ensure_ascii=False)}",
            "",
            _plain(picture.caption),
            "```",
            "",
        ]
    lines += ["```console", f"$ {command(entry)}", "```", "", "```python", code(entry), "```", ""]
    if picture is not None:
        lines += [_function(picture.drawn_by), ""]
    if entry.least_width == "double":
        lines += ["With these data it needs two columns; at 85 mm it is refused.", ""]
    return "\n".join(lines)


def command(entry: CatalogEntry) -> str:
    """Return the command that draws a figure for a paper; a key of one claim names the claim."""
    alone = sum(other.key == entry.key for other in figure_catalog()) == 1
    claim = "" if alone else f" --claim {entry.claim}"
    wide = " --width double" if entry.least_width == "double" else ""
    return f"intimacy-analysis figure {entry.key}{claim}{wide} --format pdf"


def code(entry: CatalogEntry) -> str:
    """Return the Python code that draws a figure and saves it."""
    width = entry.least_width
    return (
        "import intimacy_analysis as ia\n\n"
        f'figures = ia.claim_figures("{entry.claim}")\n'
        f'axes = figures["{entry.key}"].draw(width="{width}")\n'
        f'figures.save("{entry.key}", "figures", width="{width}", formats=["pdf"])'
    )


def _function(name: str) -> str:
    is_public = name in intimacy_analysis.__all__
    said = f"{{py:func}}`intimacy_analysis.{name}`" if is_public else f"`{name}`"
    return f"Drawn by {said}; `figures[...].data` has its numbers."


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>$|])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    sys.exit(write_gallery(DOCS))
