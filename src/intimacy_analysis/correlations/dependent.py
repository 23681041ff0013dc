"""Compare two correlations of the same persons or couples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from intimacy_analysis.correlations.numeric_columns import Rows, numeric_columns
from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value

DependentTest = Literal["dunn", "steiger", "meng", "hittner", "williams", "raghunathan"]
Pair = tuple[str, str]
_OVERLAPPING = ("dunn", "steiger", "meng", "hittner", "williams")
_SEPARATE = ("raghunathan", "steiger")
_FEWEST_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationComparison:
    """Two correlations of the same rows, and their difference.

    Attributes:
        first: Variables of the first correlation.
        second: Variables of the second.
        r_first: The first coefficient.
        r_second: The second.
        n: Rows behind all of it.
        difference: First minus second, with Zou's interval and the test's p.
        statistic: The test's z; t for "williams".
        test: The test.
    """

    first: Pair
    second: Pair
    r_first: float
    r_second: float
    n: int
    difference: Estimate
    statistic: float
    test: DependentTest


def compare_dependent_correlations(
    data: Rows,
    first: Pair,
    second: Pair,
    *,
    n: int | None = None,
    test: DependentTest | None = None,
    confidence: float = 0.95,
) -> CorrelationComparison:
    """Compare two Pearson correlations that the same rows give.

    Args:
        data: Rows (those with all variables are used), or with `n` a table of correlations whose
            index and columns are the variables.
        first: Two variables.
        second: Two variables; one may stand in both pairs ("overlapping").
        n: Rows behind a table of correlations; None where `data` are rows.
        test: For overlapping pairs "dunn" (covariance at each r), "steiger" (at the mean r),
            "hittner" (at the mean of Fisher's z), "meng" or "williams" (t with n - 3 df); else
            "raghunathan" (covariance at each r) or "steiger". None for "hittner" or
            "raghunathan".
        confidence: Coverage of the interval.

    Raises:
        SpecError: Pairs or a test that do not fit.
        DataError: Absent or constant columns, too few rows, or correlations that cannot be.
        FitError: Where a covariance at the mean r leaves the difference no variance.

    Source:
        Dunn and Clark (1969), JASA 64, 366-377; Williams (1959), Journal of the Royal Statistical
        Society B 21, 396-399; Steiger (1980), Psychological Bulletin 87,
        245-251; Meng, Rosenthal and Rubin (1992), Psychological Bulletin 111, 172-175; Hittner,
        May and Silver (2003), Journal of General Psychology 130, 149-168; Raghunathan, Rosenthal
        and Rubin (1996), Psychological Methods 1, 178-183; Zou (2007), Psychological Methods 12,
        399-413.
    """
    first, second, chosen = _check(first, second, test, confidence)
    names = list(dict.fromkeys((*first, *second)))
    matrix, rows = _correlations(data, names, n)
    r_1, r_2 = matrix[first[0], first[1]], matrix[second[0], second[1]]
    between = _dependence(matrix, first, second, r_1, r_2)
    statistic = _statistic(matrix, first, second, rows, chosen)
    df = rows - 3 if chosen == "williams" else math.inf
    low, high = _zou(r_1, r_2, between, rows, confidence)
    return CorrelationComparison(
        first=first,
        second=second,
        r_first=r_1,
        r_second=r_2,
        n=rows,
        difference=Estimate(
            name=f"{first[0]} ~~ {first[1]} minus {second[0]} ~~ {second[1]}",
            value=r_1 - r_2,
            df=df,
            low=low,
            high=high,
            p_value=float(t_p_value(statistic, df)),
            unit="difference of correlations",
        ),
        statistic=statistic,
        test=chosen,
    )


_Matrix = dict[tuple[str, str], float]


def _statistic(matrix: _Matrix, first: Pair, second: Pair, n: int, test: DependentTest) -> float:
    r_1, r_2 = matrix[first[0], first[1]], matrix[second[0], second[1]]
    z_1, z_2 = math.atanh(r_1), math.atanh(r_2)
    if test == "meng":
        (shared,) = set(first) & set(second)
        (a,), (b,) = set(first) - {shared}, set(second) - {shared}
        mean_square = (r_1**2 + r_2**2) / 2
        f = min(1.0, (1 - matrix[a, b]) / (2 * (1 - mean_square)))
        h = (1 - f * mean_square) / (1 - mean_square)
        return (z_1 - z_2) * math.sqrt((n - 3) / (2 * (1 - matrix[a, b]) * h))
    if test == "williams":
        (shared,) = set(first) & set(second)
        (a,), (b,) = set(first) - {shared}, set(second) - {shared}
        r_3 = matrix[a, b]
        determinant = 1 - r_1**2 - r_2**2 - r_3**2 + 2 * r_1 * r_2 * r_3
        below = 2 * (n - 1) / (n - 3) * determinant + ((r_1 + r_2) / 2) ** 2 * (1 - r_3) ** 3
        return (r_1 - r_2) * math.sqrt((n - 1) * (1 + r_3) / below)
    if test == "steiger":
        r_1 = r_2 = (r_1 + r_2) / 2
    elif test == "hittner":
        r_1 = r_2 = math.tanh((z_1 + z_2) / 2)
    c = _dependence(matrix, first, second, r_1, r_2)
    if c >= 1:
        raise FitError(
            f"the test {test!r} must leave the difference some variance, but 1 of 1 comparisons, "
            f"{first!r} with {second!r}, gets none: the correlations are too far apart to be taken "
            "as equal. Use test='meng'."
        )
    return (z_1 - z_2) * math.sqrt((n - 3) / (2 - 2 * c))


def _dependence(matrix: _Matrix, first: Pair, second: Pair, r_1: float, r_2: float) -> float:
    """Return the large-sample correlation of both coefficients (Steiger 1980, equations 2, 3)."""
    (j, k), (h, m) = first, second
    scale = (1 - r_1**2) * (1 - r_2**2)
    shared = set(first) & set(second)
    if shared:
        (a,), (b,) = set(first) - shared, set(second) - shared
        r_3 = matrix[a, b]
        top = r_3 * (1 - r_1**2 - r_2**2) - r_1 * r_2 * (1 - r_1**2 - r_2**2 - r_3**2) / 2
        return top / scale
    jh, jm, kh, km = matrix[j, h], matrix[j, m], matrix[k, h], matrix[k, m]
    top = (
        r_1 * r_2 * (jh**2 + jm**2 + kh**2 + km**2) / 2
        + jh * km
        + jm * kh
        - (r_1 * jh * jm + r_1 * kh * km + jh * kh * r_2 + jm * km * r_2)
    )
    return top / scale


def _zou(r_1: float, r_2: float, c: float, n: int, confidence: float) -> tuple[float, float]:
    (low_1, high_1), (low_2, high_2) = (
        fisher_interval(r, (1 - r**2) / math.sqrt(n - 3), confidence) for r in (r_1, r_2)
    )
    down, up = (r_1 - low_1, high_2 - r_2), (high_1 - r_1, r_2 - low_2)
    reach = [math.sqrt(max(0.0, a**2 + b**2 - 2 * c * a * b)) for a, b in (down, up)]
    return r_1 - r_2 - reach[0], r_1 - r_2 + reach[1]


def _correlations(data: Rows, names: list[str], n: int | None) -> tuple[_Matrix, int]:
    if n is None:
        answers = numeric_columns(data, names)
        rows = answers.dropna()
        flat = [name for name in names if len(rows) and np.ptp(rows[name].to_numpy()) == 0]
        if len(rows) < _FEWEST_ROWS or flat:
            trouble = f"{flat[0]!r} does not vary in them" if flat else "that is too few"
            raise DataError(
                f"two correlations need {_FEWEST_ROWS} rows in which all {len(names)} variables "
                f"are known and vary, but of {len(answers)}"
                f" there are {len(rows)}, and {trouble}. Name other variables."
            )
        held, count = np.corrcoef(rows.to_numpy(), rowvar=False), len(rows)
    else:
        held, count = _printed(data, names, n), n
    off = held[~np.eye(len(names), dtype=bool)]
    if np.linalg.eigvalsh(held)[0] < 1e-10 or np.abs(off).max() >= 1:
        raise DataError(
            f"the correlations of {len(names)} variables must leave each of them something of its "
            f"own, but those of {', '.join(map(repr, names))} do not. Correct a misprint, or leave "
            "out a variable that the others determine."
        )
    return {
        (a, b): float(held[i, j]) for i, a in enumerate(names) for j, b in enumerate(names)
    }, count


def _printed(data: Rows, names: list[str], n: int) -> np.ndarray:
    if isinstance(n, bool) or not isinstance(n, int) or n < _FEWEST_ROWS:
        raise SpecError(
            f"n must be the number of rows behind the correlations, {_FEWEST_ROWS} or more, got "
            f"{n!r}. Leave n out where data are rows."
        )
    if not isinstance(data, pd.DataFrame):
        raise DataError(
            f"with n, data must be a frame of correlations, but this is a {type(data).__name__}. "
            "Leave n out where data are rows."
        )
    absent = [name for name in names if name not in data.columns or name not in data.index]
    if absent:
        raise DataError(
            f"a table of correlations must have a row and a column for each of {len(names)} "
            f"variables, but {len(absent)} have not; the first is {absent[0]!r}. Name its index "
            "and columns alike."
        )
    held = data.loc[names, names].to_numpy(dtype=np.float64)
    fine = np.isfinite(held).all() and np.allclose(np.diag(held), 1, atol=1e-9)
    if not fine or not np.allclose(held, held.T, atol=1e-9):
        raise DataError(
            f"correlations of {len(names)} variables must be known, symmetric and 1 on the "
            "diagonal, but these are not. Fill in both halves of the table."
        )
    return held


def _check(
    first: Pair, second: Pair, test: DependentTest | None, confidence: float
) -> tuple[Pair, Pair, DependentTest]:
    for pair in (first, second):
        if isinstance(pair, str) or len(pair) != 2 or pair[0] == pair[1]:
            raise SpecError(
                f"a correlation has two different variables, but one pair is {pair!r}. Write for "
                "example ('closeness', 'satisfaction')."
            )
    n_shared = len(set(first) & set(second))
    if n_shared == 2:
        raise SpecError(
            f"both pairs are {tuple(first)!r}: a correlation does not differ from itself. Name "
            "another pair."
        )
    if test is not None and test not in get_args(DependentTest):
        raise SpecError(
            f"test must be one of {', '.join(map(repr, get_args(DependentTest)))}, got {test!r}."
        )
    chosen: DependentTest = test or ("hittner" if n_shared else "raghunathan")
    fit = _OVERLAPPING if n_shared else _SEPARATE
    if chosen not in fit:
        fitting = " or ".join(map(repr, fit))
        raise SpecError(
            f"pairs with {n_shared} common variable{'' if n_shared == 1 else 's'} are compared by "
            f"{fitting}, got test={test!r}. Leave test out for the one that fits."
        )
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    return (first[0], first[1]), (second[0], second[1]), chosen
