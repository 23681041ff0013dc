"""One correlation within persons, all persons taken together."""

from __future__ import annotations

import math

from intimacy_analysis.correlations.choices import check_choices
from intimacy_analysis.correlations.numeric_columns import numeric_columns
from intimacy_analysis.correlations.pingouin_adapter import pingouin_repeated
from intimacy_analysis.errors import DataError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.numerics.intervals import fisher_interval
from intimacy_analysis.study.diary import DiaryFrame


def repeated_measures_correlation(
    diary: DiaryFrame, x: str, y: str, *, confidence: float = 0.95
) -> Estimate:
    """Correlate two columns of a diary within persons, with one slope for all.

    `within_between_correlations` gives the same coefficient for many columns at once, and errors
    for couples' diaries; days of one person are taken as independent given the person here.

    Args:
        diary: The diary.
        x: A measured column.
        y: Another.
        confidence: Coverage of the interval (Fisher z with df + 2 for n).

    Raises:
        DataError: Columns that are absent or no numbers, or too few rows.

    Source:
        Bakdash and Marusich (2017), Frontiers in Psychology 8, 456; pingouin's `rm_corr`.
    """
    check_choices(confidence=confidence)
    answers = numeric_columns(diary.rows, [x, y])
    answers.columns = ["x", "y"]
    answers["person"] = diary.rows[diary.person].to_numpy()
    rows = answers.dropna()
    n_persons = rows["person"].nunique()
    moved = rows[["x", "y"]] - rows.groupby("person")[["x", "y"]].transform("mean")
    flat = not bool((moved.abs().max() > 1e-12 * rows[["x", "y"]].abs().max()).all())
    if n_persons < 3 or len(rows) - n_persons < 4 or flat:
        trouble = "one does not vary within any person" if flat else "that is too few"
        raise DataError(
            "a repeated-measures correlation needs 3 persons and 4 rows more than persons, both "
            f"columns varying within them, but {x!r} and {y!r} have {len(rows)} rows of "
            f"{n_persons} persons, and {trouble}. Name other columns."
        )
    # Large values with small differences would cost its least squares their digits.
    standard = (rows[["x", "y"]] - rows[["x", "y"]].mean()) / moved.std()
    standard["person"] = rows["person"]
    r, df, p = pingouin_repeated(standard, "x", "y", "person")
    low, high = fisher_interval(r, (1 - r**2) / math.sqrt(df - 1), confidence)
    return Estimate(
        name=f"{x} ~~ {y}", value=r, df=float(df), low=low, high=high, p_value=p, unit="correlation"
    )
