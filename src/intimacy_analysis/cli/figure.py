"""`intimacy-analysis figure`: one figure of a claim's report, for a paper."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import matplotlib

from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.cli.console import step_bar
from intimacy_analysis.cli.exit_codes import OF_STATE
from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.save import FigureFormat
from intimacy_analysis.figures.style import WIDTHS_MM, Width
from intimacy_analysis.report.figure_catalog import (
    CatalogEntry,
    claim_of_figure,
    figure_catalog,
    unknown_figure,
)
from intimacy_analysis.report.run_record import read_run_records
from intimacy_analysis.report.single_figure import (
    FORMATS,
    ClaimFigures,
    claim_figures,
    least_width,
    recorded_figures,
)

_STEPS = ("examining the claims", "drawing the figure")


def run_figure(
    key: str | None,
    *,
    claim: str | None,
    formats: tuple[str, ...],
    width: Width,
    folder: Path,
    data: str | None,
    codebook: Path | None,
    record: Path | None,
    overwrite: bool,
    list_all: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Draw and save one figure, or list all, and leave with the exit code of the fits' state."""
    # Drawn off screen: a command opens no window, whatever display the settings name.
    matplotlib.use("agg")
    if record is not None and codebook is not None:
        raise SpecError(
            "--from repeats a run with its own codebook, so --codebook cannot be given beside it. "
            "Leave one of the two out."
        )
    if list_all:
        _list(claim, data=data, codebook=codebook, record=record, as_json=as_json)
        return
    if key is None:
        raise SpecError(
            "the key of a figure is needed, but none is given. Name one, such as compliance; all "
            "are shown by: intimacy-analysis figure --list."
        )
    wanted = _formats(formats)
    named = _claim(key, claim, data=data, record=record)
    with step_bar(_STEPS, quiet=quiet) as tell:
        tell(_STEPS[0])
        figures = _figures(named, data=data, codebook=codebook, record=record)
        tell(_STEPS[1])
        try:
            paths = figures.save(key, folder, width=width, formats=wanted, overwrite=overwrite)
        except SpecError as error:
            # Said to Python code there, to a command here.
            said = str(error).replace("width='double'", "--width double")
            raise SpecError(said.replace("overwrite=True", "--overwrite")) from error
    _say(figures, key, width, paths, as_json=as_json)
    sys.exit(OF_STATE[figures.state])


def _formats(given: tuple[str, ...]) -> tuple[FigureFormat, ...]:
    unknown = [kind for kind in given if kind not in FORMATS]
    if unknown:
        raise SpecError(
            f"--format must be one of {', '.join(FORMATS)}, but {len(unknown)} of {len(given)} are "
            f"not; the first is {unknown[0]!r}. Write --format pdf."
        )
    return tuple(kind for kind in FORMATS if kind in given) or FORMATS


def _claim(key: str, claim: str | None, *, data: str | None, record: Path | None) -> str | None:
    """Return the claim meant; a wrong key is refused here, before any work, where it can be."""
    if claim is not None:
        find_claims(claim)
        known = [entry.key for entry in figure_catalog() if entry.claim == claim]
        # Own data can have figures of other names.
        if data is None and record is None and known and key not in known:
            raise unknown_figure(key, known, f"no report on {claim!r}")
        return claim
    if record is not None and len(read_run_records(record)) == 1:
        return None
    return claim_of_figure(key)


def _figures(
    claim: str | None, *, data: str | None, codebook: Path | None, record: Path | None
) -> ClaimFigures:
    if record is not None:
        return recorded_figures(record, claim, data=None if data is None else Path(data))
    return claim_figures(claim or "shared-time", data=data, codebook=codebook)


def _list(
    claim: str | None,
    *,
    data: str | None,
    codebook: Path | None,
    record: Path | None,
    as_json: bool,
) -> None:
    if claim is not None:
        find_claims(claim)
    if data is None and record is None:
        entries = [entry for entry in figure_catalog() if claim in (None, entry.claim)]
    else:
        found = _figures(claim, data=data, codebook=codebook, record=record)
        entries = [
            CatalogEntry(
                key=key,
                claim=found.options.claim,
                title=figure.title,
                least_width=least_width(figure),
            )
            for key, figure in found.by_key.items()
        ]
    if as_json:
        print(json.dumps([asdict(entry) for entry in entries], indent=2, ensure_ascii=False))
        return
    wide = max((len(entry.key) for entry in entries), default=0)
    across = max((len(entry.claim) for entry in entries), default=0)
    for entry in entries:
        print(f"{entry.key:{wide}}  {entry.claim:{across}}  {entry.least_width:6}  {entry.title}")


def _say(
    figures: ClaimFigures, key: str, width: Width, paths: tuple[Path, ...], *, as_json: bool
) -> None:
    figure = figures[key]
    if as_json:
        answer = {
            "key": key,
            "claim": figures.options.claim,
            "data": figures.options.data,
            "state": figures.state,
            "title": figure.title,
            "width_mm": WIDTHS_MM[width],
            "caption": figure.caption,
            "alt": figure.alt,
            "files": [path.as_posix() for path in paths],
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    print(f"{figure.title} ({figures.options.claim}, {WIDTHS_MM[width]:g} mm wide)")
    print(figure.caption)
    for path in paths:
        print(f"    {path}")
