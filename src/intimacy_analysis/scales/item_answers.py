"""A scale's answers as numbers, checked against the key and turned its way round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, near_names
from intimacy_analysis.study.scale import Scale

Floats = npt.NDArray[np.float64]
# So many items are named in a message; the others are counted.
_SHOWN = 6


def item_answers(frame: pd.DataFrame, scale: Scale, columns: Sequence[str]) -> Floats:
    """Return the answers, shape (rows, items), reversed ones turned round; missing ones are nan.

    Args:
        frame: Rows with the columns.
        scale: The key.
        columns: The items' columns, in the order of the key.

    Raises:
        DataError: A column that is absent (nearest names), not a number, or out of range.
    """
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise DataError(
            f"every item of {scale.name!r} must be a column, but {len(absent)} of {len(columns)} "
            f"are not; the first is {absent[0]!r}. "
            f"{near_names(absent[0], [str(name) for name in frame.columns])}"
        )
    values = np.empty((len(frame), len(columns)), order="F")
    for at, name in enumerate(columns):
        values[:, at] = _numbers(frame, name)
    _check_range(values, scale, columns)
    for at, item in enumerate(scale.items):
        if item in scale.reversed:
            values[:, at] = scale.minimum + scale.maximum - values[:, at]
    return values


def check_same_range(scale: Scale, codebook: Codebook, columns: Sequence[str]) -> None:
    """Raise `DataError` where the codebook gives an item another range than the key.

    Args:
        scale: The key.
        codebook: What the columns mean.
        columns: The items' columns.
    """
    other = []
    for name in columns:
        if name in codebook:
            entry = codebook[name]
            given = (entry.minimum, entry.maximum)
            if None not in given and given != (scale.minimum, scale.maximum):
                other.append((name, given))
    if other:
        name, (low, high) = other[0]
        raise DataError(
            f"items of {scale.name!r} must have the range of its key, {scale.minimum:g} to "
            f"{scale.maximum:g}, but the codebook gives {len(other)} of {len(columns)} another "
            f"one; the first is {name} with {low:g} to {high:g}. Correct the range in the codebook "
            "or in the scale; answers on different ranges must be brought to one before they are "
            "scored or compared."
        )


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    column = frame[name]
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiu":
        return column.to_numpy(dtype=np.float64)
    # Categories (labels of a statistical file) are read by what they say.
    numbers = pd.to_numeric(column.astype(object), errors="coerce")
    lost = numbers.isna() & column.notna()
    if lost.any():
        first = int(lost.to_numpy().argmax())
        raise DataError(
            f"{name} must hold numbers, but {int(lost.sum())} of {len(frame)} rows do not; the "
            f"first is row {first}. Recode the answers, or name the code as missing in the "
            "codebook."
        )
    return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))


def _check_range(values: Floats, scale: Scale, columns: Sequence[str]) -> None:
    outside = (values < scale.minimum) | (values > scale.maximum)
    if not outside.any():
        return
    counts = outside.sum(axis=0)
    row = int(outside.any(axis=1).argmax())
    at = int(outside[row].argmax())
    ends = f"{scale.minimum:g} to {scale.maximum:g}"
    remedy = "Name a code for missing in the codebook, or correct the scale's range."
    held = [f"{name}: {count}" for name, count in zip(columns, counts, strict=True) if count]
    if len(held) == 1:
        raise DataError(
            f"answers to {columns[at]} must lie in {ends}, but {int(counts.sum())} of "
            f"{len(values)} do not; the first is row {row} with {values[row, at]:g}. {remedy}"
        )
    more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
    raise DataError(
        f"answers to the items of {scale.name!r} must lie in {ends}, but {int(counts.sum())} of "
        f"{values.size} do not ({', '.join(held[:_SHOWN])}{more}); the first is row {row} with "
        f"{values[row, at]:g} in {columns[at]}. {remedy}"
    )
