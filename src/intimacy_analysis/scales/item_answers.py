"""A scale's answers as numbers, checked against the key and turned its way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Codebook, near_names
from intimacy_analysis.study.scale import Scale

Floats = npt.NDArray[np.float64]
OutOfRange = Literal["refuse", "missing"]
# So many items are named in a message; the others are counted.
_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCount:
    """How many answers to an item are of a kind, and where the first stands.

    Attributes:
        column: The item's column.
        n: How many.
        first_row: Position of the first, from 0.
    """

    column: str
    n: int
    first_row: int

    def __str__(self) -> str:
        return f"{self.column}: {self.n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswers:
    """A scale's answers, ready to be scored.

    Attributes:
        values: Shape (rows, items), reversed items turned round; missing ones are nan.
        missing: Items with answers that are not there.
        outside: Items with answers out of range, which were taken as missing.
    """

    values: Floats
    missing: tuple[ItemCount, ...]
    outside: tuple[ItemCount, ...]


def item_answers(
    frame: pd.DataFrame,
    scale: Scale,
    columns: Sequence[str],
    *,
    out_of_range: OutOfRange = "refuse",
) -> ItemAnswers:
    """Return the answers to a scale's items, checked against the key.

    Args:
        frame: Rows with the columns.
        scale: The key.
        columns: The items' columns, in the order of the key.
        out_of_range: Whether an answer outside the range is refused or taken as missing.

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
    missing = item_counts(np.isnan(values), columns)
    lowest, highest = np.array([scale.ends(item) for item in scale.items]).T
    wrong = (values < lowest) | (values > highest)
    outside = item_counts(wrong, columns)
    if outside and out_of_range == "refuse":
        raise _outside(values, wrong, scale, columns, outside)
    if outside:
        values[wrong] = np.nan
    for at, item in enumerate(scale.items):
        if item in scale.reversed:
            values[:, at] = lowest[at] + highest[at] - values[:, at]
    return ItemAnswers(values=values, missing=missing, outside=outside)


def item_counts(marked: npt.NDArray[np.bool_], columns: Sequence[str]) -> tuple[ItemCount, ...]:
    """Return the columns with any marked row, how many, and the first.

    Args:
        marked: Shape (rows, columns).
        columns: Their names.
    """
    counts = marked.sum(axis=0)
    return tuple(
        ItemCount(column=columns[int(at)], n=int(counts[at]), first_row=int(marked[:, at].argmax()))
        for at in np.flatnonzero(counts)
    )


def listed_counts(counts: Sequence[ItemCount]) -> str:
    """Return "a: 2, c: 1", cut where there are many.

    Args:
        counts: One an item.
    """
    more = f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
    return ", ".join(map(str, counts[:_SHOWN])) + more


def check_same_range(scale: Scale, codebook: Codebook, columns: Sequence[str]) -> None:
    """Raise `DataError` where the codebook gives an item another range than the key.

    Args:
        scale: The key.
        codebook: What the columns mean.
        columns: The items' columns.
    """
    other = []
    for item, name in zip(scale.items, columns, strict=True):
        if name in codebook:
            entry = codebook[name]
            given = (entry.minimum, entry.maximum)
            if None not in given and given != scale.ends(item):
                other.append((name, given, scale.ends(item)))
    if other:
        name, (low, high), ends = other[0]
        raise DataError(
            f"items of {scale.name!r} must have the range of its key, {ends[0]:g} to "
            f"{ends[1]:g}, but the codebook gives {len(other)} of {len(columns)} another "
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


def _outside(
    values: Floats,
    wrong: npt.NDArray[np.bool_],
    scale: Scale,
    columns: Sequence[str],
    outside: Sequence[ItemCount],
) -> DataError:
    row = int(wrong.any(axis=1).argmax())
    at = int(wrong[row].argmax())
    low, high = scale.ends(scale.items[at])
    remedy = (
        "Name a code for missing in the codebook, correct the scale's range, or score with "
        'out_of_range="missing".'
    )
    first = f"the first is row {row} with {values[row, at]:g}"
    if len(outside) == 1:
        return DataError(
            f"answers to {columns[at]} must lie in {low:g} to {high:g}, but {outside[0].n} of "
            f"{len(values)} do not; {first}. {remedy}"
        )
    return DataError(
        f"answers to the items of {scale.name!r} must lie in {low:g} to {high:g}"
        f"{' (or in the range of their own)' if scale.ranges else ''}, but "
        f"{sum(count.n for count in outside)} of {values.size} do not "
        f"({listed_counts(outside)}); {first} in {columns[at]}. {remedy}"
    )
