"""Correlate each pair of several variables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.correlations.adjusting import with_adjusted_p
from intimacy_analysis.correlations.bootstrap_limits import (
    Bootstrap,
    seed_or_drawn,
    with_bootstrap_limits,
)
from intimacy_analysis.correlations.choices import (
    Adjust,
    Gaps,
    IntervalKind,
    Method,
    check_choices,
    checked_reliability,
)
from intimacy_analysis.correlations.correlation_table import (
    Correlation,
    CorrelationTable,
    Describing,
)
from intimacy_analysis.correlations.full_information import full_information
from intimacy_analysis.correlations.numeric_columns import Rows, numeric_columns, unit_codes
from intimacy_analysis.correlations.pingouin_adapter import pingouin_correlation
from intimacy_analysis.correlations.polychoric import polychoric_correlation
from intimacy_analysis.correlations.unit_jackknife import jackknife_correlation
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value
from intimacy_analysis.study.dyads import DyadFrame

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

# Fisher's z has the variance 1 / (n - 3), Kendall's .437 / (n - 4); outliers need a crowd.
_FEWEST_ROWS: dict[str, int] = {"kendall": 5, "percbend": 10, "bicor": 10, "skipped": 10}
_FEWEST_ROWS |= {"pearson": 4, "spearman": 4, "polychoric": 10, "shepherd": 10}
_KINDS: dict[str, str] = {
    "pearson": "",
    "spearman": "Spearman's correlation, of ranks.",
    "kendall": "Kendall's tau-b.",
    "polychoric": "Polychoric correlations: of normal variables behind the ordered answers, with "
    "errors that include the thresholds'.",
    "percbend": "Percentage bend correlation (20 % bent); the interval is approximate.",
    "bicor": "Biweight midcorrelation; the interval is approximate.",
    "skipped": "Spearman's correlation without bivariate outliers (by the minimum covariance "
    "determinant of scikit-learn, which differs slightly from that of other programs); the "
    "interval is approximate.",
    "shepherd": "Spearman's correlation without bivariate outliers (Shepherd's pi), p doubled for "
    "leaving them out; the interval is approximate.",
}
_INTERVALS: dict[str, str] = {
    "pearson": "Fisher z",
    "spearman": "Fisher z, Bonett-Wright",
    "kendall": "Fisher z, Fieller",
    "polychoric": "Fisher z, delta method",
}


def correlate(
    data: Rows,
    columns: Sequence[str],
    *,
    method: Method = "pearson",
    missing: Gaps = "pairwise",
    confidence: float = 0.95,
    adjust: Adjust = "none",
    reliability: Mapping[str, float] | None = None,
    robust: bool = False,
    clusters: str | None = None,
    bootstrap: int = 0,
    interval: IntervalKind = "bca",
    seed: int | None = None,
) -> CorrelationTable:
    """Correlate each pair of columns, with intervals and p.

    Rows must be independent (one a person, or one a couple with both members' columns), or
    `clusters` must name what ties them.

    Args:
        data: The rows, a `SurveyFrame` or a `DyadFrame`.
        columns: Two names or more.
        method: "pearson"; "spearman" (of ranks); "kendall" (tau-b); "polychoric" (for items of
            few ordered answers); robust ones: "percbend" (percentage bend), "bicor" (biweight
            midcorrelation), "skipped" and "shepherd" (ranks without bivariate outliers).
        missing: "pairwise" takes for each pair the rows with both values, "listwise" for all pairs
            the rows without a gap, "fiml" every row (full information through the saturated
            normal model; right if values are missing at random; "pearson" only).
        confidence: Coverage of the intervals.
        adjust: p for the number of correlations, as statsmodels names it: "none", "bonferroni",
            "holm", "hommel" (some false finding among all), "fdr_bh", "fdr_by" (share of false
            findings among those found). Intervals are not adjusted.
        reliability: Reliability of variables, by name, for the diagonal of the table.
        robust: Errors that do not take the variables as normal ("pearson" only): each row left
            out in turn; with "fiml" the sandwich.
        clusters: Column of units whose rows depend on each other (members of couples, days of
            persons): they are left out as a whole, and a bootstrap draws them whole.
        bootstrap: Replicates for intervals and standard errors, 0 for none. p stays that of the
            method.
        interval: "bca" (bias-corrected and accelerated) or "percentile", of the bootstrap.
        seed: Of the bootstrap; None for one that is drawn and noted.

    Raises:
        SpecError: Options that cannot be.
        DataError: Columns that are absent, no numbers or constant, or pairs with too few rows.
        FitError: Where full information finds no solution, or most replicates have none.

    Source:
        Fisher (1921), Metron 1, 3-32 (intervals); Bonett and Wright (2000), Psychometrika 65,
        23-28 (Spearman's: variance (1 + r^2 / 2) / (n - 3) of z); Fieller, Hartley and Pearson
        (1957), Biometrika 44, 470-481 (Kendall's: .437 / (n - 4)); Efron and Tibshirani (1993),
        An Introduction to the Bootstrap; docs/maths/correlations.md.
    """
    check_choices(
        method=method,
        missing=missing,
        confidence=confidence,
        adjust=adjust,
        interval=interval,
        bootstrap=bootstrap,
        seed=seed,
    )
    _check_errors(method, missing, clusters, robust=robust, bootstrap=bootstrap)
    answers = numeric_columns(data, columns)
    units = None if clusters is None else unit_codes(data, clusters)
    known = checked_reliability(reliability, columns)
    how = _How(method=method, confidence=confidence, robust=robust)
    if missing == "fiml":
        described, pairs, notes = full_information(answers, confidence, robust=robust)
        told = "Fisher z, full information"
    else:
        answers, units, notes = _kept_rows(answers, units, missing)
        described, pairs, more = _of_rows(answers, units, how)
        notes = (*([_KINDS[method]] if _KINDS[method] else []), *notes, *more)
        told = _INTERVALS.get(method, "Fisher z, approximate")
        if robust or clusters is not None:
            told = "Fisher z, jackknife errors"
    if bootstrap:
        drawn = Bootstrap(
            replicates=bootstrap,
            kind=interval,
            seed=seed_or_drawn(seed),
            confidence=confidence,
        )
        places = list(combinations(range(answers.shape[1]), 2))
        pairs, note = with_bootstrap_limits(
            pairs, answers.to_numpy(), places, drawn, method=method, units=units
        )
        told = drawn.interval_method
        notes = (*notes, note)
    if units is not None:
        notes = (*notes, _of_clusters(clusters, units))
    if isinstance(data, DyadFrame) and not data.distinguishable:
        notes = (*notes, *_of_arbitrary_members(data, columns))
    adjusted, words = with_adjusted_p(pairs, adjust)
    table = CorrelationTable(
        variables=tuple(
            replace(held, reliability=known.get(held.name, math.nan)) for held in described
        ),
        correlations=adjusted,
        confidence=confidence,
        interval_method=told,
        adjust=adjust,
        notes=(*notes, *words),
        method=method,
    )
    return _with_matrix_note(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    method: Method
    confidence: float
    robust: bool


_Parts = tuple[list[Describing], list[Correlation], tuple[str, ...]]


def _kept_rows(
    answers: pd.DataFrame, units: Codes | None, missing: Gaps
) -> tuple[pd.DataFrame, Codes | None, tuple[str, ...]]:
    if missing != "listwise":
        return answers, units, ()
    whole = answers.notna().all(axis=1).to_numpy()
    left_out = int((~whole).sum())
    note = (f"{left_out} of {len(answers)} rows with a gap are left out.",) if left_out else ()
    if units is not None:
        units = np.unique(units[whole], return_inverse=True)[1].reshape(-1)
    return answers[whole].reset_index(drop=True), units, note


def _of_rows(answers: pd.DataFrame, units: Codes | None, how: _How) -> _Parts:
    pairs, notes = [], []
    for first, second in combinations(map(str, answers), 2):
        pair, note = _pair(answers, units, first, second, how)
        pairs.append(pair)
        notes += note
    described = [
        Describing(name=str(name), mean=float(held.mean()), sd=float(held.std()))
        for name, held in answers.items()
    ]
    return described, pairs, tuple(notes)


def _pair(
    answers: pd.DataFrame, units: Codes | None, first: str, second: str, how: _How
) -> tuple[Correlation, list[str]]:
    known = answers[[first, second]].notna().all(axis=1).to_numpy()
    both = answers.loc[known, [first, second]].to_numpy()
    _check_pair(both, first, second, len(answers), _FEWEST_ROWS[how.method])
    x, y = both[:, 0], both[:, 1]
    n = len(both)
    blank = Correlation(
        first=first, second=second, r=math.nan, n=n, low=math.nan, high=math.nan, p_value=math.nan
    )
    if how.method == "polychoric":
        return _polychoric(blank, x, y, how.confidence)
    r, p, n_outliers = pingouin_correlation(x, y, how.method)
    notes = (
        [f"{first} with {second}: {n_outliers} of {n} rows left out as outliers."]
        if n_outliers
        else []
    )
    if how.method == "pearson" and (how.robust or units is not None):
        held = jackknife_correlation(x, y, None if units is None else units[known], how.confidence)
        return replace(
            blank,
            r=r,
            low=held.low,
            high=held.high,
            p_value=held.p_value,
            std_error=held.std_error,
        ), notes
    if units is not None:
        p = math.nan
    low, high = _limits(r, n - n_outliers, how)
    return replace(blank, r=r, low=low, high=high, p_value=p), notes


def _limits(r: float, n: int, how: _How) -> tuple[float, float]:
    # The error of z, carried to the scale of r, where `fisher_interval` expects it.
    if how.method == "kendall":
        variance = 0.437 / (n - 4)
    elif how.method in ("spearman", "skipped", "shepherd"):
        variance = (1 + r**2 / 2) / (n - 3)
    else:
        variance = 1 / (n - 3)
    return fisher_interval(r, (1 - r**2) * math.sqrt(variance), how.confidence)


def _polychoric(
    blank: Correlation, x: Floats, y: Floats, confidence: float
) -> tuple[Correlation, list[str]]:
    pair = f"{blank.first} with {blank.second}"
    try:
        held = polychoric_correlation(x, y)
    except DataError as error:
        raise DataError(f"{pair}: {error}") from error
    if not math.isfinite(held.r):
        raise DataError(
            f"a polychoric correlation needs a table of answers that some correlation fits best, "
            f"but that of {pair} ({held.n} rows) fits the better the nearer it is to 1 or -1. "
            "Merge rare answers, or use method='spearman'."
        )
    z, error_of_z = math.atanh(held.r), held.std_error / (1 - held.r**2)
    low, high = fisher_interval(held.r, held.std_error, confidence)
    notes = (
        [f"{pair}: an empty cell of the 2 x 2 table was given half an answer."]
        if held.filled
        else []
    )
    return replace(
        blank,
        r=held.r,
        low=low,
        high=high,
        p_value=float(t_p_value(z / error_of_z, math.inf)),
        std_error=held.std_error,
    ), notes


def _of_arbitrary_members(couples: DyadFrame, columns: Sequence[str]) -> tuple[str, ...]:
    members = [name for name in columns if couples.stem_of(name) in couples.stems]
    if not members:
        return ()
    return (
        "Members cannot be told apart, so that who is first is arbitrary, and with it "
        f"{len(members)} of these columns: use partner_correlations.",
    )


def _of_clusters(clusters: str | None, units: Codes) -> str:
    return (
        f"Rows of one {clusters} are not taken as independent: n counts rows, the errors rest on "
        f"{int(units.max()) + 1} clusters."
    )


def _with_matrix_note(table: CorrelationTable) -> CorrelationTable:
    smallest = table.smallest_eigenvalue
    if not smallest < -1e-10:
        return table
    move = float(np.abs((table.smoothed() - table.matrix).to_numpy()).max())
    note = (
        f"The matrix is not positive definite (smallest eigenvalue {smallest:.3g}): pairs rest on "
        "different rows or tables. Coefficients are shown as estimated; smoothed() moves them by "
        f"up to {move:.2g}."
    )
    return replace(table, notes=(*table.notes, note))


def _check_pair(both: Floats, first: str, second: str, n_all: int, fewest: int) -> None:
    n = len(both)
    if n < fewest:
        raise DataError(
            f"a correlation with an interval needs {fewest} rows with both values, but "
            f"{first!r} and {second!r} have {n} of {n_all}. Leave one of them out."
        )
    flat = [
        name
        for name, spread in zip((first, second), np.ptp(both, axis=0), strict=True)
        if spread == 0
    ]
    if flat:
        raise DataError(
            f"both variables of a correlation must vary, but {flat[0]!r} does not in the {n} rows "
            f"where {first!r} and {second!r} are both known. Leave it out."
        )


def _check_errors(
    method: Method, missing: Gaps, clusters: str | None, *, robust: bool, bootstrap: int
) -> None:
    if robust and method != "pearson":
        raise SpecError(
            f"robust=True is for errors of Pearson's r, but method is {method!r}. Leave it out, or "
            "ask for bootstrap=5000."
        )
    if clusters is not None and missing == "fiml":
        raise SpecError(
            "full information takes rows as independent, but clusters are given. Use "
            "missing='pairwise', or make one row a couple."
        )
    if clusters is not None and method != "pearson" and not bootstrap:
        raise SpecError(
            f"method {method!r} has no errors for clusters but those of a bootstrap. Ask for "
            "bootstrap=5000, or use method='pearson'."
        )
