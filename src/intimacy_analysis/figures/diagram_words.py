"""What a path diagram says: labels of boxes and arrows, the caption, sentences for the ear."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from intimacy_analysis.formatting import Precision, format_interval, format_number, format_p

if TYPE_CHECKING:
    from intimacy_analysis.estimates import Estimate
    from intimacy_analysis.paths.result import PathModelResult
    from intimacy_analysis.paths.spec import PathModelSpec

_STARS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


def node_label(spec: PathModelSpec, name: str, labels: Mapping[str, str]) -> str:
    """Return what stands in a variable's box; a member's own variable names the member below."""
    if name in labels:
        return labels[name]
    stem, role = _stem_and_role(spec, name)
    if stem in labels:
        words = labels[stem]
    elif spec.roles:
        words = stem.replace("_", " ")
        words = words[:1].upper() + words[1:]
    else:
        words = name  # of a text: as its author wrote it
    return f"{words}\n{role}" if role else words


def estimate_label(
    row: Estimate, precision: Precision, *, intervals: bool, stars: bool, fixed: bool
) -> str:
    """Return what stands beside an arrow: ".40 [.31, .49]", ".40" or, where fixed, "1"."""
    if fixed:
        if row.value == int(row.value):
            return f"{row.value:.0f}".replace("-", "−")
        return format_number(row.value, precision).replace("-", "−")
    text = format_number(row.value, precision)
    if stars:
        text += next((sign for limit, sign in _STARS if row.p_value < limit), "")
    if intervals and math.isfinite(row.low) and math.isfinite(row.high):
        text += f" {format_interval(row.low, row.high, precision)}"
    # A hyphen is not a minus.
    return text.replace("-", "−")


def arrow_sentence(
    start: str,
    end: str,
    *,
    parameter: str,
    meaning: str,
    interval: tuple[float, float, float],
    clear: bool | None,
) -> str:
    """Return an arrow as a sentence; `interval` holds estimate, lower and upper limit."""
    value, low, high = interval
    if " ~~ " in parameter:
        what = f"variance of {start}" if start == end else f"covariance of {start} with {end}"
    elif " =~ " in parameter:
        what = f"loading of {end} on {start}"
    else:
        what = f"path from {start} to {end}"
    if meaning:
        what = f"{meaning.replace('_', ' ')} ({what})"
    what = what[:1].upper() + what[1:]
    if clear is None:
        return f"{what}: {value:.2f}, without an interval."
    ending = "interval clear of zero" if clear else "interval holds zero"
    return f"{what}: {value:.2f}, from {low:.2f} to {high:.2f}, {ending}."


def diagram_caption(
    result: PathModelResult,
    *,
    standardized: bool,
    intervals: bool,
    confidence: float,
    n_left_out: int,
    with_effects: bool,
) -> str:
    """Return the caption: what the numbers and lines mean, what is not drawn, and the fit."""
    share = f"{100 * confidence:g} %"
    kind = "Fully standardized estimates" if standardized else "Unstandardized estimates"
    sentences = [f"{kind} with {share} intervals." if intervals else f"{kind}."]
    if not intervals:
        sentences.append(f"The {share} intervals stand in the numbers beside the figure.")
    sentences.append(
        "Wider lines are larger standardized estimates; dashed lines have intervals that hold zero."
    )
    if with_effects:
        sentences.append(
            "Paths within a member (actor effects) are blue, paths between members (partner "
            "effects) vermillion."
        )
    if n_left_out:
        sentences.append(f"{n_left_out} covariances between items are not drawn.")
    sentences.append(_fit_sentence(result))
    return " ".join(sentences)


def _fit_sentence(result: PathModelResult) -> str:
    if result.state != "ok":
        return f"Fit: {result.state}, not to be read as a result. {' '.join(result.warnings)}"
    fit = result.fit_indices
    text = f"Fit: ok, {result.n_couples} couples"
    if fit.df > 0:
        p = format_p(fit.p_value)
        text += (
            f", chi-square({fit.df:g}) = {fit.chisq:.2f}, p {p if p[0] in '<>' else f'= {p}'}, "
            f"CFI = {fit.cfi:.3f}, RMSEA = {fit.rmsea:.3f}, SRMR = {fit.srmr:.3f}"
        )
    else:
        text += ", as many parameters as moments (fit cannot be tested)"
    return f"{text}."


def _stem_and_role(spec: PathModelSpec, name: str) -> tuple[str, str]:
    for stem, columns in spec.variables:
        if len(columns) == len(spec.roles) and name in columns:
            return stem, spec.roles[columns.index(name)]
        if name in columns:
            return stem, ""
    for role in spec.roles:
        if name.endswith(f"_{role}"):
            return name.removesuffix(f"_{role}"), role
    return name, ""
