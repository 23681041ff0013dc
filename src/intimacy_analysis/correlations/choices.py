"""What can be asked of a table of correlations, and the check of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Literal, get_args

from intimacy_analysis.errors import SpecError

Method = Literal[
    "pearson", "spearman", "kendall", "polychoric", "percbend", "bicor", "skipped", "shepherd"
]
Gaps = Literal["pairwise", "listwise", "fiml"]
Adjust = Literal["none", "bonferroni", "holm", "hommel", "fdr_bh", "fdr_by"]
IntervalKind = Literal["percentile", "bca"]

# Fewer replicates say nothing of the tails that limits are read from.
FEWEST_REPLICATES = 100
ADJUSTED_BY: dict[str, str] = {
    "bonferroni": "Bonferroni's method",
    "holm": "Holm's method",
    "hommel": "Hommel's method",
    "fdr_bh": "the false discovery rate",
    "fdr_by": "the false discovery rate under any dependence",
}


def check_choices(
    *,
    method: object = "pearson",
    missing: object = "pairwise",
    confidence: float = 0.95,
    adjust: object = "none",
    interval: object = "bca",
    bootstrap: object = 0,
    seed: object = None,
) -> None:
    """Raise `SpecError` where an option cannot be."""
    for value, allowed, what in (
        (method, get_args(Method), "method"),
        (missing, get_args(Gaps), "missing"),
        (adjust, get_args(Adjust), "adjust"),
        (interval, get_args(IntervalKind), "interval"),
    ):
        if value not in allowed:
            shown = ", ".join(map(repr, allowed))
            raise SpecError(f"{what} must be one of {shown}, got {value!r}.")
    if method != "pearson" and missing == "fiml":
        raise SpecError(
            "full information rests on a normal model of the variables themselves and has no ranks "
            f"or thresholds, but method is {method!r}. Use method='pearson', or "
            f"missing='pairwise' with {method!r}."
        )
    if not _is_number(confidence) or not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    whole = isinstance(bootstrap, int) and not isinstance(bootstrap, bool)
    if not whole or not (bootstrap == 0 or bootstrap >= FEWEST_REPLICATES):  # type: ignore[operator]
        raise SpecError(
            f"bootstrap must be a number of replicates, {FEWEST_REPLICATES} or more, or 0 for "
            f"none, got {bootstrap!r}. Take 5000 for a publication."
        )
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
        raise SpecError(f"seed must be a whole number from 0, or None, got {seed!r}.")
    if bootstrap and (missing == "fiml" or method == "polychoric"):
        what = "full information" if missing == "fiml" else "polychoric correlations"
        raise SpecError(
            f"{what} come with errors of their own and are not resampled, but bootstrap is "
            f"{bootstrap!r}. Leave bootstrap out."
        )


def checked_reliability(
    given: Mapping[str, float] | None, columns: Sequence[str]
) -> dict[str, float]:
    """Return reliabilities by variable, or raise `SpecError` for what cannot be one."""
    for name, value in (given or {}).items():
        if name not in columns or not _is_number(value) or not 0 <= value <= 1:
            raise SpecError(
                "reliability must give values from 0 to 1 for variables of the table, but one is "
                f"{value!r} for {name!r}. Correct it, or leave it out."
            )
    return dict(given or {})


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
