"""Correlate pairs of variables with other variables held fixed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from intimacy_analysis.correlations.adjusting import with_adjusted_p
from intimacy_analysis.correlations.choices import Adjust, check_choices
from intimacy_analysis.correlations.correlation_table import (
    Correlation,
    CorrelationTable,
    Describing,
)
from intimacy_analysis.correlations.numeric_columns import Rows, numeric_columns
from intimacy_analysis.correlations.pingouin_adapter import pingouin_partial
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.numerics.intervals import fisher_interval


def partial_correlations(
    data: Rows,
    columns: Sequence[str],
    *,
    given: Sequence[str] | None = None,
    method: Literal["pearson", "spearman"] = "pearson",
    confidence: float = 0.95,
    adjust: Adjust = "none",
) -> CorrelationTable:
    """Correlate each pair of columns with other columns held fixed.

    Each pair uses the rows that hold both and all that is held fixed. With k columns held fixed,
    Fisher's z has the variance 1 / (n - k - 3).

    Args:
        data: The rows, a `SurveyFrame` or a `DyadFrame`; rows must be independent.
        columns: Two names or more.
        given: What is held fixed, linearly; None for all other `columns` of each pair.
        method: "pearson", or "spearman" (of ranks).
        confidence: Coverage of the intervals.
        adjust: p for the number of correlations, as in `correlate`.

    Raises:
        SpecError: Options that cannot be; nothing to hold fixed.
        DataError: Columns that are absent, no numbers, constant or determined by others, or too
            few rows.

    Source:
        Fisher (1924), Metron 3, 329-332; pingouin's `partial_corr`.
    """
    check_choices(method=method, confidence=confidence, adjust=adjust)
    if method not in ("pearson", "spearman"):
        raise SpecError(f"method must be 'pearson' or 'spearman', got {method!r}.")
    fixed = _check_given(columns, given)
    answers = numeric_columns(data, [*columns, *fixed])
    rows = [
        _pair(answers, a, b, fixed or [name for name in columns if name not in (a, b)], method)
        for a, b in combinations(columns, 2)
    ]
    k = len(fixed) or len(columns) - 2
    pairs, words = with_adjusted_p(
        [_with_limits(row, k, method, confidence) for row in rows], adjust
    )
    held = ", ".join(fixed) if fixed else "all other variables of the table"
    kind = "Spearman's partial" if method == "spearman" else "Partial"
    return CorrelationTable(
        variables=tuple(
            Describing(name=name, mean=float(answers[name].mean()), sd=float(answers[name].std()))
            for name in columns
        ),
        correlations=pairs,
        confidence=confidence,
        interval_method="Fisher z, Bonett-Wright" if method == "spearman" else "Fisher z",
        adjust=adjust,
        notes=(f"{kind} correlations with {held} held fixed; M and SD are not.", *words),
        method=f"partial {method}",
    )


def _pair(
    answers: pd.DataFrame, first: str, second: str, fixed: list[str], method: str
) -> Correlation:
    rows = answers[[first, second, *fixed]].dropna()
    n, k = len(rows), len(fixed)
    if n < k + 4:
        raise DataError(
            f"a partial correlation with {k} columns held fixed needs {k + 4} rows with all of "
            f"them, but {first!r} and {second!r} have {n} of {len(answers)}. Hold fewer fixed."
        )
    ranks = rows.rank() if method == "spearman" else rows
    design = np.column_stack([np.ones(n), ranks[fixed].to_numpy()])
    for name in (first, second):
        values = ranks[name].to_numpy() - ranks[name].mean()
        left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
        if not left @ left > 1e-12 * (values @ values):
            raise DataError(
                f"a partial correlation needs something of each variable that the {k} columns held "
                f"fixed do not determine, but of {name!r} nothing is left in {n} of {n} rows. "
                "Leave it out, or hold other columns fixed."
            )
    # pingouin takes columns that are large beside their differences as one and the same.
    standard = (ranks - ranks.mean()) / ranks.std()
    r, p = pingouin_partial(standard, first, second, fixed, method)
    return Correlation(first=first, second=second, r=r, n=n, low=math.nan, high=math.nan, p_value=p)


def _with_limits(row: Correlation, k: int, method: str, confidence: float) -> Correlation:
    widening = 1 + row.r**2 / 2 if method == "spearman" else 1.0
    error = (1 - row.r**2) * math.sqrt(widening / (row.n - k - 3))
    low, high = fisher_interval(row.r, error, confidence)
    return replace(row, low=low, high=high)


def _check_given(columns: Sequence[str], given: Sequence[str] | None) -> list[str]:
    if isinstance(given, str):
        raise SpecError(f"given must be a list of names, got {given!r}. Write [{given!r}].")
    if given is None:
        if len(columns) < 3:
            raise SpecError(
                f"a partial correlation holds something fixed, but of {len(columns)} columns "
                "none is left over. Name what is held fixed: given=['age']."
            )
        return []
    if not given:
        raise SpecError("given must name what is held fixed, but it is empty. Use correlate.")
    return list(given)
