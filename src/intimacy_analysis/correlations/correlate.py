"""Correlate each pair of several variables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.correlations.correlation_table import (
    Correlation,
    CorrelationTable,
    Describing,
)
from intimacy_analysis.correlations.numeric_columns import numeric_columns
from intimacy_analysis.correlations.pingouin_adapter import pingouin_correlation
from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.study.dyads import DyadFrame

Method = Literal["pearson", "spearman"]
Gaps = Literal["pairwise", "listwise", "fiml"]
Adjust = Literal["none", "holm", "fdr_bh"]
Floats = npt.NDArray[np.float64]

# Fisher's z has the variance 1 / (n - 3).
_FEWEST_ROWS = 4


def correlate(
    data: pd.DataFrame | DyadFrame,
    columns: Sequence[str],
    *,
    method: Method = "pearson",
    missing: Gaps = "pairwise",
    confidence: float = 0.95,
    adjust: Adjust = "none",
    reliability: Mapping[str, float] | None = None,
) -> CorrelationTable:
    """Correlate each pair of columns, with intervals and p.

    Rows must be independent: one a person, or one a couple with both members' columns.

    Args:
        data: The rows, or a `DyadFrame`.
        columns: Two names or more.
        method: "pearson", or "spearman" (of ranks).
        missing: "pairwise" takes for each pair the rows with both values, "listwise" for all pairs
            the rows without a gap, "fiml" every row (full information through the saturated
            normal model; right if values are missing at random; "pearson" only).
        confidence: Coverage of the intervals.
        adjust: p for the number of correlations: "none", "holm" (some false finding among all),
            "fdr_bh" (share of false findings among those found). Intervals are not adjusted.
        reliability: Reliability of variables, by name, for the diagonal of the table.

    Raises:
        SpecError: Options that cannot be.
        DataError: Columns that are absent, no numbers or constant, or pairs with too few rows.
        FitError: Where full information finds no solution.

    Source:
        Fisher (1921), Metron 1, 3-32 (intervals); Bonett and Wright (2000), Psychometrika 65,
        23-28 (Spearman's: variance (1 + r^2 / 2) / (n - 3) of z); Holm (1979), Scandinavian
        Journal of Statistics 6, 65-70; Benjamini and Hochberg (1995), Journal of the Royal
        Statistical Society B 57, 289-300.
    """
    _check_options(method, missing, confidence, adjust)
    answers = numeric_columns(data, columns)
    known = _checked_reliability(reliability or {}, columns)
    if missing == "fiml":
        described, pairs, notes = _full_information(answers, confidence)
    else:
        described, pairs, notes = _of_rows(answers, method, missing, confidence)
    adjusted = _adjusted([held.p_value for held in pairs], adjust)
    if adjust != "none":
        words = "Holm's method" if adjust == "holm" else "the false discovery rate"
        notes = (*notes, f"p adjusted for {len(pairs)} correlations by {words}.")
    kind = {"pearson": "Fisher z", "spearman": "Fisher z, Bonett-Wright"}[method]
    return CorrelationTable(
        variables=tuple(
            replace(held, reliability=known.get(held.name, math.nan)) for held in described
        ),
        correlations=tuple(
            replace(held, adjusted_p=p) for held, p in zip(pairs, adjusted, strict=True)
        ),
        confidence=confidence,
        interval_method=f"{kind}, full information" if missing == "fiml" else kind,
        adjust=adjust,
        notes=notes,
    )


_Parts = tuple[list[Describing], list[Correlation], tuple[str, ...]]


def _of_rows(answers: pd.DataFrame, method: Method, missing: Gaps, confidence: float) -> _Parts:
    n_all = len(answers)
    notes: tuple[str, ...] = ("Spearman's correlation, of ranks.",) if method == "spearman" else ()
    if missing == "listwise":
        answers = answers.dropna()
        if len(answers) < n_all:
            notes = (*notes, f"{n_all - len(answers)} of {n_all} rows with a gap are left out.")
    pairs = [
        _pair(answers, a, b, method, confidence) for a, b in combinations(map(str, answers), 2)
    ]
    described = [
        Describing(name=str(name), mean=float(held.mean()), sd=float(held.std()))
        for name, held in answers.items()
    ]
    return described, pairs, notes


def _pair(
    answers: pd.DataFrame, first: str, second: str, method: Method, confidence: float
) -> Correlation:
    both = answers[[first, second]].dropna().to_numpy()
    n = len(both)
    if n < _FEWEST_ROWS:
        raise DataError(
            f"a correlation with an interval needs {_FEWEST_ROWS} rows with both values, but "
            f"{first!r} and {second!r} have {n} of {len(answers)}. Leave one of them out."
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
    r, p = pingouin_correlation(both[:, 0], both[:, 1], method)
    # The error of z, carried to the scale of r, where `fisher_interval` expects it.
    widening = 1 + r**2 / 2 if method == "spearman" else 1.0
    low, high = fisher_interval(r, (1 - r**2) * math.sqrt(widening / (n - 3)), confidence)
    return Correlation(
        first=first, second=second, r=r, n=n, low=low, high=high, p_value=p, adjusted_p=p
    )


def _full_information(answers: pd.DataFrame, confidence: float) -> _Parts:
    seen = answers.dropna(how="all")
    names = [str(name) for name in answers.columns]
    n_parameters = len(names) * (len(names) + 3) // 2
    if len(seen) <= n_parameters:
        raise DataError(
            f"full information on {len(names)} variables estimates {n_parameters} numbers and "
            f"needs more rows than that, but {len(seen)} of {len(answers)} hold one. Name fewer "
            "variables, or use missing='pairwise'."
        )
    for first, second in combinations(names, 2):
        if not (seen[first].notna() & seen[second].notna()).any():
            raise DataError(
                "full information needs rows that show each pair together, but none of "
                f"{len(seen)} holds both {first!r} and {second!r}. Leave one of them out."
            )
    # Columns may have names that the language of models cannot hold.
    plain = (
        names
        if all(name.isidentifier() for name in names)
        else [f"v{at}" for at in range(1, len(names) + 1)]
    )
    text = "\n".join(f"{a} ~~ {b}" for a, b in combinations(plain, 2))
    fit = fit_path_model(text, seen.set_axis(plain, axis=1), missing="fiml")
    if fit.state != "ok":
        raise FitError(
            f"full information must find one solution for {len(names)} variables, but the fit of "
            f"{len(seen)} rows is {fit.state!r}. Look for a variable that others determine or a "
            "pair that is hardly seen together, or use missing='pairwise'."
        )
    standardized = fit.standardized("all")
    pairs = []
    for (a, b), (first, second) in zip(combinations(plain, 2), combinations(names, 2), strict=True):
        row = standardized[f"{a} ~~ {b}"]
        low, high = fisher_interval(row.value, row.std_error, confidence)
        z = math.atanh(row.value) * (1 - row.value**2) / row.std_error
        p = float(t_p_value(z, math.inf))
        pairs.append(
            Correlation(
                first=first,
                second=second,
                r=row.value,
                n=len(seen),
                low=low,
                high=high,
                p_value=p,
                adjusted_p=p,
            )
        )
    described = [
        Describing(
            name=name,
            mean=fit.estimate(f"{a} ~1").value,
            sd=math.sqrt(fit.estimate(f"{a} ~~ {a}").value),
        )
        for a, name in zip(plain, names, strict=True)
    ]
    dropped = len(answers) - len(seen)
    notes: tuple[str, ...] = (
        "Means, SD (divisor n) and correlations by full information; p of Fisher's z.",
    )
    if dropped:
        notes = (*notes, f"{dropped} of {len(answers)} rows without any value are left out.")
    return described, pairs, notes


def _adjusted(p_values: list[float], adjust: Adjust) -> list[float]:
    if adjust == "none":
        return p_values
    from statsmodels.stats.multitest import multipletests  # slow to import

    return [float(p) for p in multipletests(p_values, method=adjust)[1]]


def _checked_reliability(given: Mapping[str, float], columns: Sequence[str]) -> dict[str, float]:
    for name, value in given.items():
        if name not in columns or not 0 <= value <= 1:
            raise SpecError(
                "reliability must give values from 0 to 1 for variables of the table, but one is "
                f"{value!r} for {name!r}. Correct it, or leave it out."
            )
    return dict(given)


def _check_options(method: object, missing: object, confidence: float, adjust: object) -> None:
    for value, allowed, what in (
        (method, get_args(Method), "method"),
        (missing, get_args(Gaps), "missing"),
        (adjust, get_args(Adjust), "adjust"),
    ):
        if value not in allowed:
            shown = ", ".join(map(repr, allowed))
            raise SpecError(f"{what} must be one of {shown}, got {value!r}.")
    if method == "spearman" and missing == "fiml":
        raise SpecError(
            "full information rests on a normal model and has no ranks. Use method='pearson', or "
            "missing='pairwise' with 'spearman'."
        )
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
