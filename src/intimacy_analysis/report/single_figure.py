"""One figure of a claim's report alone, as a paper needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt

from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.save import FigureFormat
from intimacy_analysis.figures.style import Width
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.report.claim_figures import drawn_figures
from intimacy_analysis.report.figure_catalog import unknown_figure
from intimacy_analysis.report.reproduction import (
    check_unchanged,
    examine_options,
    placed_options,
)
from intimacy_analysis.report.run_record import RunOptions, read_run_records
from intimacy_analysis.report.saved_figure import DrawnFigure, save_at_width

FORMATS: tuple[FigureFormat, ...] = ("pdf", "svg", "png")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFigures:
    """The figures of a claim's report, each drawn when it is asked for.

    Attributes:
        options: The run they belong to.
        state: Worst state of the fits.
        by_key: The figures by key; `by_key["compliance"].draw(width="single")` draws one and
            returns its axes.
    """

    options: RunOptions
    state: str
    by_key: Mapping[str, DrawnFigure]

    def __getitem__(self, key: str) -> DrawnFigure:
        """Return a figure by its key.

        Raises:
            SpecError: There is no such figure; the nearest keys are named.
        """
        if key not in self.by_key:
            who = f"no report on {self.options.claim!r} of these data"
            raise unknown_figure(key, list(self.by_key), who)
        return self.by_key[key]

    def save(
        self,
        key: str,
        folder: Path | str,
        *,
        width: Width = "single",
        formats: Sequence[FigureFormat] = FORMATS,
        overwrite: bool = False,
    ) -> tuple[Path, ...]:
        """Save one figure with its numbers, caption and alternative text; return the paths.

        Fonts are embedded. The same data and options give the same bytes.

        Args:
            key: Of the figure; also the name of its files.
            folder: Made if it is not there.
            width: "single" (85 mm) or "double" (174 mm).
            formats: Any of "pdf", "svg" and "png".
            overwrite: Whether files that are there may be replaced.

        Raises:
            SpecError: No such figure or format, a figure that cannot be read at that width, or
                a file that is there.
        """
        return save_at_width(
            self[key],
            Path(folder) / key,
            width=width,
            formats=formats,
            with_caption=True,
            overwrite=overwrite,
        )


def claim_figures(
    claim: str,
    *,
    data: Path | str | None = None,
    codebook: Path | str | None = None,
    per_person: bool = True,
) -> ClaimFigures:
    """Examine a set of claims as its report does and return the figures of the report.

    Args:
        claim: Key of the set of claims, e.g. "technoference".
        data: Data file or name of a bundled study; None for the claims' own synthetic data.
        codebook: Of a data file; None for the .toml beside it.
        per_person: Whether a figure may show a single person or couple.

    Raises:
        SpecError: Unknown claims, or a codebook without a data file.
        DataError: Data that cannot answer.
    """
    claims = find_claims(claim)
    named = claims.study if data is None else str(data)
    # A file of that name in the folder is what the user means.
    bundled = data is None or (named in bundled_studies() and not Path(named).exists())
    if bundled and codebook is not None:
        raise SpecError(
            f"a codebook belongs to a data file, but the data are the bundled study {named!r}. "
            "Name your file with it."
        )
    bootstrap, seed = claims.usual
    return figures_of_run(
        RunOptions(
            claim=claim,
            data=named,
            place="bundled" if bundled else "file",
            codebook=None if codebook is None else str(codebook),
            seed=seed,
            bootstrap=bootstrap,
            per_person=per_person,
        )
    )


def figures_of_run(options: RunOptions) -> ClaimFigures:
    """Examine what a run's options name and return the figures of its report.

    Raises:
        DataError: Data that cannot answer.
        SpecError: An unknown claim, or variables named for claims that take none.
    """
    evidence = examine_options(options)
    figures = drawn_figures(evidence, per_person=options.per_person)
    return ClaimFigures(
        options=options, state=evidence.state, by_key={figure.name: figure for figure in figures}
    )


def recorded_figures(record: Path, claim: str | None, data: Path | None = None) -> ClaimFigures:
    """Repeat the analysis of a recorded run and return the figures of its report.

    Args:
        record: The run.json.
        claim: Which of its claims; None where it holds only one.
        data: The data file, where it lies elsewhere now.

    Raises:
        SpecError: The record does not hold that claim, or holds several and none is named.
        DataError: No record, no data, or data that have changed since.
    """
    held = {made.options.claim: made for made in read_run_records(record)}
    if claim is None and len(held) == 1:
        claim = next(iter(held))
    if claim not in held:
        asked = "none is named" if claim is None else f"{claim!r} is asked for"
        raise SpecError(
            f"the claim must be one of the recorded run ({', '.join(held)}), but {asked}. Name one "
            "of these with --claim."
        )
    options = placed_options(held[claim], record, data=data)
    check_unchanged(held[claim], options)
    return figures_of_run(options)


def least_width(figure: DrawnFigure) -> Width:
    """Return the narrowest width at which a figure can be read; it is drawn to find out."""
    try:
        axes = figure.draw(width="single")
    except SpecError:
        return "double"
    plt.close(axes.get_figure(root=True))
    return "single"
