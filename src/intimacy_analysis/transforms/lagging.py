"""A measure of an earlier day, found by day number."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.new_columns import NewColumn, add_new_columns, check_names_free
from intimacy_analysis.transforms.numeric_column import numeric_column
from intimacy_analysis.transforms.person_groups import person_groups


def lag_within_person(diary: DiaryFrame, column: str, *, days: int = 1) -> DiaryFrame:
    """Add `<column>_lag<days>`: the same person's value exactly `days` days before, in its unit.

    Days are matched by their number, never by row: where the earlier day has no row, or a row
    without a value, the lag is missing. The order of the rows does not matter.

    Args:
        diary: Left as it is; its day column must hold whole numbers.
        column: A measured column.
        days: How many days back; 1 or more.

    Raises:
        SpecError: `days` is not a whole number of 1 or more.
        DataError: No such column, text, infinite values, a constant column, days that are not
            whole numbers, two rows for one person and day, or the new name is in use.

    Source:
        docs/maths/transforms.md, eq. 6.
    """
    if isinstance(days, bool) or not isinstance(days, Integral) or days < 1:
        raise SpecError(
            f"days must be a whole number of 1 or more, got {days!r}. "
            "A lag looks back; name how many days."
        )
    name = f"{column}_lag{int(days)}"
    values = numeric_column(diary, column)
    check_names_free(diary, [name])
    persons = person_groups(diary).codes
    day = _whole_days(diary)
    variable = diary.codebook[column]
    ago = "1 day before" if days == 1 else f"{int(days)} days before"
    lagged = NewColumn(
        variable=replace(
            variable,
            name=name,
            label=f"{variable.label or column}, {ago}",
            level="day",
            role="none",
            missing_codes=(),
            source_name="",
        ),
        values=_values_before(values, persons, day, int(days), diary),
        operation=f"the person's value {ago}, by day number; missing where that day is",
    )
    return add_new_columns(diary, f"{column}, {diary.day}", [lagged])


def _values_before(
    values: NDArray[np.float64],
    persons: NDArray[np.intp],
    day: NDArray[np.int64],
    days: int,
    diary: DiaryFrame,
) -> NDArray[np.float64]:
    # Days as ranks among the days that occur: a person and a rank make one number that cannot
    # overflow, however the days are numbered.
    known, rank = np.unique(day, return_inverse=True)
    keys = persons * len(known) + rank
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    _check_one_row_a_day(ordered, order, diary)
    earlier = np.searchsorted(known, known - days)
    exists = (earlier < len(known)) & (known[np.minimum(earlier, len(known) - 1)] == known - days)
    wanted = persons * len(known) + earlier[rank]
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found = exists[rank] & (ordered[place] == wanted)
    return np.where(found, values[order[place]], np.nan)


def _whole_days(diary: DiaryFrame) -> NDArray[np.int64]:
    column = diary.column(diary.day)
    try:
        day = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise DataError(
            f"days must be whole numbers, but {diary.day!r} holds {column.dtype} values. "
            "Load the file with `load_study`, which numbers dates by calendar."
        ) from None
    broken = ~(np.isfinite(day) & (day == np.floor(day)) & (np.abs(day) < 2**53))
    if broken.any():
        raise DataError(
            f"days must be whole numbers, but {int(broken.sum())} of {len(day)} rows of "
            f"{diary.day!r} hold none; the first is row {int(broken.argmax())}. "
            "Number the days of the study 0, 1, 2 and so on."
        )
    return day.astype(np.int64)


def _check_one_row_a_day(
    ordered: NDArray[np.intp], order: NDArray[np.intp], diary: DiaryFrame
) -> None:
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(again):
        # Stable sorting: of two equal keys the later row stands second.
        first = int(order[again + 1].min())
        raise DataError(
            f"a person may have one row a day, but {len(again)} of {len(order)} rows repeat a "
            f"{diary.person} and {diary.day}; the first is row {first}. "
            "Keep one row a day, or average them before."
        )
