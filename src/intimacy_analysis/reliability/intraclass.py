"""Agreement of raters: the six intraclass correlations, with intervals."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import fdtr, fdtrc, fdtri

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_count
from intimacy_analysis.reliability.answers import PersonData, numeric_answers

Floats = npt.NDArray[np.float64]
# In the order of pingouin's rows.
NAMES = {
    "ICC(1,1)": "one rating, raters differ by target",
    "ICC(A,1)": "one rating, agreement",
    "ICC(C,1)": "one rating, consistency",
    "ICC(1,k)": "mean of raters, raters differ by target",
    "ICC(A,k)": "mean of raters, agreement",
    "ICC(C,k)": "mean of raters, consistency",
}
_FEWEST_TARGETS = 3


def intraclass_correlations(
    data: PersonData, raters: Sequence[str], *, confidence: float = 0.95
) -> EstimateTable:
    """Return the six intraclass correlations of raters, with the intervals of McGraw and Wong.

    Agreement counts a rater's general leniency as error, consistency does not; the mean of raters
    is more reliable than one. A value below zero is shown as it is: ratings of one target are less
    alike than those of different targets, which no share of variance can say.

    Args:
        data: One row a target (a person, a conversation), one column a rater.
        raters: The columns, two or more.
        confidence: Coverage of the intervals.

    Returns:
        Rows named as in `NAMES`: ICC(1,1), ICC(A,1), ICC(C,1), ICC(1,k), ICC(A,k), ICC(C,k). p is
        two-sided, from the F test.

    Raises:
        SpecError: Fewer than two raters.
        DataError: Columns that are absent, no numbers or do not vary; fewer than three targets
            rated by all.

    Source:
        docs/maths/reliability.md, eq. 9 and 10; Shrout and Fleiss (1979), Psychological Bulletin
        86, 420-428; McGraw and Wong (1996), Psychological Methods 1, 30-46. Coefficients and F are
        pingouin's (its printed intervals are rounded to two decimals, and always of 95 %).
    """
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    answers = numeric_answers(data, raters)
    complete = answers.dropna()
    if len(complete) < _FEWEST_TARGETS:
        raise DataError(
            f"an intraclass correlation needs {_FEWEST_TARGETS} targets or more with a rating of "
            f"every rater, but {len(complete)} of {len(answers)} have one. Leave raters out who "
            "rated few."
        )
    ratings = complete.to_numpy(dtype=np.float64)
    rows = _rows_of_pingouin(ratings)
    limits = _limits(ratings, rows, (1 - confidence) / 2)
    estimates = tuple(
        Estimate(
            name=name,
            value=rows[name][0],
            low=limits[name][0],
            high=limits[name][1],
            p_value=_two_sided(*rows[name][1:]),
            unit="correlation",
        )
        for name in NAMES
    )
    return EstimateTable(
        rows=estimates,
        title=f"Agreement of {len(raters)} raters on {format_count(len(complete))} targets",
        interval_method="F distribution",
        confidence=confidence,
        notes=_notes(estimates, len(answers) - len(complete)),
    )


def _rows_of_pingouin(ratings: Floats) -> dict[str, tuple[float, float, float, float]]:
    """Return coefficient, F and its two degrees of freedom by name."""
    n, k = ratings.shape
    if np.ptp(ratings, axis=1).max() == 0:
        # Raters who agree on every target: F is infinite, and pingouin divides by zero.
        df = {name: n * (k - 1) if "(1" in name else (n - 1) * (k - 1) for name in NAMES}
        return {name: (1.0, math.inf, n - 1.0, float(df[name])) for name in NAMES}
    from pingouin import intraclass_corr  # slow to import

    long = pd.DataFrame(
        {
            "target": np.repeat(np.arange(n), k),
            "rater": np.tile(np.arange(k), n),
            "rating": ratings.reshape(-1),
        }
    )
    with warnings.catch_warnings():
        # About divisions by zero where raters are perfectly consistent.
        warnings.simplefilter("ignore", RuntimeWarning)
        # About pingouin's own use of pandas.
        warnings.filterwarnings("ignore", message="The inplace keyword")
        found = intraclass_corr(data=long, targets="target", raters="rater", ratings="rating")
    found = found.set_index("Type")
    return {
        name: (
            float(found.at[name, "ICC"]),
            float(found.at[name, "F"]),
            float(found.at[name, "df1"]),
            float(found.at[name, "df2"]),
        )
        for name in NAMES
    }


def _limits(
    ratings: Floats, rows: dict[str, tuple[float, float, float, float]], tail: float
) -> dict[str, tuple[float, float]]:
    k = ratings.shape[1]
    found = {}
    for kind in ("1", "C"):
        _, f, df_1, df_2 = rows[f"ICC({kind},1)"]
        edges = (f / fdtri(df_1, df_2, 1 - tail), f / fdtri(df_1, df_2, tail))
        found[f"ICC({kind},1)"] = _pair(
            (edge - 1) / (edge + k - 1) if math.isfinite(edge) else 1.0 for edge in edges
        )
        found[f"ICC({kind},k)"] = _pair(1 - 1 / edge for edge in edges)
    one = _agreement_limits(ratings, rows["ICC(A,1)"][0], tail)
    found["ICC(A,1)"] = one
    found["ICC(A,k)"] = _pair(limit * k / (1 + limit * (k - 1)) for limit in one)
    return found


def _pair(limits: Iterable[float]) -> tuple[float, float]:
    low, high = (float(limit) for limit in limits)
    return low, high


def _agreement_limits(ratings: Floats, icc: float, tail: float) -> tuple[float, float]:
    """Return McGraw and Wong's limits of ICC(A,1), with Satterthwaite's degrees of freedom."""
    n, k = ratings.shape
    target, rater = ratings.mean(axis=1), ratings.mean(axis=0)
    msb = k * float(target.var(ddof=1))
    msj = n * float(rater.var(ddof=1))
    rest = ratings - target[:, None] - rater + ratings.mean()
    mse = float(np.sum(rest**2)) / ((n - 1) * (k - 1))
    if mse == 0 and msj == 0:
        return 1.0, 1.0
    if msb == 0 or not math.isfinite(icc):
        # Targets do not differ at all: there is nothing to agree on, and no F.
        return math.nan, math.nan
    spread = n * (1 + (k - 1) * icc) - k * icc
    f_j = msj / mse if mse > 0 else math.inf
    weight = k * icc * f_j
    df = (
        (n - 1) * (k - 1) * (weight + spread) ** 2 / ((n - 1) * weight**2 + spread**2)
        if math.isfinite(weight)
        else float(k - 1)
    )
    common = k * msj + (k * n - k - n) * mse
    f_low = fdtri(n - 1, df, 1 - tail)
    f_high = fdtri(df, n - 1, 1 - tail)
    return (
        float(n * (msb / f_low - mse) / (common + n * msb / f_low)),
        float(n * (msb - mse / f_high) / (common / f_high + n * msb)),
    )


def _two_sided(f: float, df_1: float, df_2: float) -> float:
    return float(min(1.0, 2 * min(fdtr(df_1, df_2, f), fdtrc(df_1, df_2, f))))


def _notes(rows: Sequence[Estimate], n_gaps: int) -> tuple[str, ...]:
    notes = [
        "ICC(1,.): each target has raters of its own. ICC(A,.): agreement, a rater's leniency "
        "counts as error. ICC(C,.): consistency, it does not. (.,k): of the mean of all raters."
    ]
    if n_gaps:
        notes.append(
            f"{format_count(n_gaps)} targets without a rating of every rater are left out."
        )
    if any(row.value < 0 for row in rows):
        notes.append(
            "A negative value is kept as it is: ratings of the same target are less alike than "
            "ratings of different targets. It is no share of variance, and the mean of such "
            "raters has no reliability to speak of."
        )
    return tuple(notes)
