"""The numbers of one column, or a clear refusal."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.diary import DiaryFrame


def numeric_column(diary: DiaryFrame, column: str) -> NDArray[np.float64]:
    """Return a column as float64 with nan for missing values; the diary is left alone.

    Args:
        diary: The diary.
        column: Name of a measured column, not of the person or the day.

    Raises:
        DataError: No such column (the nearest names are given), a key, text or dates, infinite
            values, no value at all, or one value everywhere.
    """
    series = diary.column(column)
    if column in (diary.person, diary.day):
        raise DataError(
            f"a transform needs a measured column, but {column!r} tells persons or days apart. "
            "Name the column that holds the measurement."
        )
    values = _as_floats(series, column)
    _check_finite(values, column)
    _check_varies(values, column)
    return values


def _as_floats(series: pd.Series, column: str) -> NDArray[np.float64]:
    if pd.api.types.is_datetime64_any_dtype(series.dtype) or series.dtype.kind in "mc":
        raise DataError(
            f"{column!r} must hold numbers, but all {len(series)} rows hold {series.dtype} values. "
            "Use the study day, or a number made of the dates."
        )
    if pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
        # A copy, so that nothing computed from it can reach the diary's own memory.
        return np.array(series.to_numpy(dtype=np.float64, na_value=np.nan))
    cells = series.astype(object)
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
    # "3" in quotes is text too: whether "1,5" or "02" are numbers is for the loader to say.
    is_text = cells.map(lambda cell: isinstance(cell, str)).to_numpy(dtype=bool)
    wrong = (np.isnan(numbers) | is_text) & cells.notna().to_numpy(dtype=bool)
    if wrong.any():
        first = int(wrong.argmax())
        raise DataError(
            f"{column!r} must hold numbers, but {int(wrong.sum())} of {len(series)} rows hold "
            f"text; the first is row {first} with {str(series.iloc[first])[:40]!r}. "
            "Recode it as numbers, or name such answers as missing codes in the codebook."
        )
    return np.array(numbers)


def _check_finite(values: NDArray[np.float64], column: str) -> None:
    infinite = np.isinf(values)
    if infinite.any():
        raise DataError(
            f"{column!r} must be finite, but {int(infinite.sum())} of {len(values)} rows are not; "
            f"the first is row {int(infinite.argmax())}. Correct them or mark them as missing."
        )


def _check_varies(values: NDArray[np.float64], column: str) -> None:
    seen = values[~np.isnan(values)]
    if len(seen) == 0:
        raise DataError(
            f"{column!r} must hold values, but all {len(values)} rows are missing. "
            "Check the column's name and its missing codes."
        )
    if bool(np.all(seen == seen[0])):
        raise DataError(
            f"{column!r} must vary, but all {len(seen)} rows with a value hold the same one. "
            "A constant column says nothing about days or persons: leave it out."
        )
