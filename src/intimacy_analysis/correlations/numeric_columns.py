"""Columns of a frame as numbers, or a clear refusal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.survey import SurveyFrame

Codes = npt.NDArray[np.intp]
Rows = pd.DataFrame | DyadFrame | SurveyFrame


def numeric_columns(data: Rows, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns as float64 with nan for missing values.

    Args:
        data: One row a person or couple; or a `DyadFrame` or `SurveyFrame`.
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
    odd = [name for name in columns if not isinstance(name, str)]
    if odd:
        raise SpecError(
            f"columns must be names, but {len(odd)} of {len(columns)} are not; the first is "
            f"{odd[0]!r}. Give the columns names that are words."
        )
    twice = [name for at, name in enumerate(columns) if name in columns[:at]]
    if twice:
        raise SpecError(
            f"each column must be named once, but {len(twice)} of {len(columns)} are repeated; "
            f"the first is {twice[0]!r}. Leave the repetition out."
        )
    frame = rows_of(data)
    return pd.DataFrame({str(name): _numbers(frame, name) for name in columns}).reset_index(
        drop=True
    )


def rows_of(data: Rows) -> pd.DataFrame:
    """Return the rows of what a caller gave, or raise `DataError`."""
    frame = data.rows if isinstance(data, (DyadFrame, SurveyFrame)) else data
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            "data must be a pandas frame with one row a person or couple, a DyadFrame or a "
            f"SurveyFrame, but this is a {type(data).__name__}. Rows of a diary are not "
            "independent: use within_between_correlations, or average them over persons first."
        )
    return frame


def unit_codes(data: Rows, clusters: str) -> Codes:
    """Return the unit of each row, 0 to m - 1, or raise `DataError` where one has none."""
    frame = rows_of(data)
    if not isinstance(clusters, str):
        raise SpecError(f"clusters must be the name of a column, got {clusters!r}.")
    if clusters not in frame.columns:
        raise DataError(
            f"the data have no column {clusters!r} of clusters. "
            f"{near_names(clusters, [str(c) for c in frame.columns])}"
        )
    codes = pd.factorize(frame[clusters])[0].astype(np.intp)
    if (codes < 0).any():
        raise DataError(
            f"every row must belong to a cluster, but {int((codes < 0).sum())} of {len(codes)} "
            f"have no {clusters}; the first is row {int((codes < 0).argmax())}. Fill in the id, "
            "or leave the row out."
        )
    if len(codes) == 0 or codes.max() < 2:
        raise DataError(
            f"errors from clusters need 3 of them or more, but {len(codes)} rows have "
            f"{int(codes.max(initial=-1)) + 1}. Name the column that holds the ids of couples or "
            "persons."
        )
    return codes


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        raise DataError(
            f"the data have no column {name!r}. {near_names(name, [str(c) for c in frame.columns])}"
        )
    held = frame[name]
    if isinstance(held, pd.DataFrame):
        raise DataError(
            f"each column must have a name of its own, but {held.shape[1]} of "
            f"{len(frame.columns)} are named {name!r}. Rename them."
        )
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
