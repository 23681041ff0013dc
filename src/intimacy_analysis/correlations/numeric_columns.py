"""Columns of a frame as numbers, or a clear refusal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame


def numeric_columns(data: pd.DataFrame | DyadFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns as float64 with nan for missing values.

    Args:
        data: One row a person or couple; or a `DyadFrame`.
        columns: Two names or more, each once.

    Raises:
        SpecError: Too few names, or one given twice.
        DataError: Absent columns, text, infinite values, or columns that do not vary.
    """
    if isinstance(columns, str) or len(columns) < 2:
        raise SpecError(
            f"columns must be a list of two names or more, got {columns!r}. "
            "Name the variables, for example ['closeness', 'satisfaction']."
        )
    twice = [name for at, name in enumerate(columns) if name in columns[:at]]
    if twice:
        raise SpecError(
            f"each column must be named once, but {len(twice)} of {len(columns)} are repeated; "
            f"the first is {twice[0]!r}. Leave the repetition out."
        )
    frame = data.rows if isinstance(data, DyadFrame) else data
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            "data must be a pandas frame with one row a person or couple, or a DyadFrame, but this "
            f"is a {type(data).__name__}. Rows of a diary are not independent: average them over "
            "persons first."
        )
    return pd.DataFrame({str(name): _numbers(frame, name) for name in columns}).reset_index(
        drop=True
    )


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        raise DataError(
            f"the data have no column {name!r}. {near_names(name, [str(c) for c in frame.columns])}"
        )
    held = frame[name]
    if not (pd.api.types.is_numeric_dtype(held.dtype) or pd.api.types.is_bool_dtype(held.dtype)):
        raise DataError(
            f"{name!r} must hold numbers, but its {len(held)} rows hold {held.dtype} values. "
            "Recode it as numbers, or leave it out."
        )
    values = held.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite = np.isinf(values)
    if infinite.any():
        raise DataError(
            f"{name!r} must be finite, but {int(infinite.sum())} of {len(values)} rows are not; "
            f"the first is row {int(infinite.argmax())}. Correct them or mark them as missing."
        )
    seen = values[~np.isnan(values)]
    if len(seen) == 0 or np.ptp(seen) == 0:
        raise DataError(
            f"{name!r} must vary, but its {len(seen)} values (of {len(values)} rows) are "
            f"{'all the same' if len(seen) else 'all missing'}. Leave the column out."
        )
    return pd.Series(values)
