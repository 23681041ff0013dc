"""Read calendar dates from what people write into files."""

from __future__ import annotations

import re
from datetime import date, datetime

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.file_settings import DateOrder

_YEARS = (1900, 2100)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The time of day, and an offset, may follow; the date is taken as it was written.
_TIME = r"(?:[T ,]+\d{1,2}[:.]\d{2}.*)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME, re.ASCII)
_PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0)?", re.ASCII)
_THREE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})" + _TIME, re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-. ]+([A-Za-z]{3,9})\.?[-., ]+(\d{4})" + _TIME, re.ASCII)
_NAMED_US = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})" + _TIME, re.ASCII)


def read_dates(column: pd.Series, *, order: DateOrder = "") -> pd.Series:
    """Return the column as dates at midnight; empty stays empty.

    Understood without help: 2024-03-01 (also with a time), 20240301, 01.03.2024 (points: day
    first), 1 March 2024, Mar 1, 2024. In 03/04/2024 the order is taken from rows in which one
    number is larger than 12; where none is, it must be given.

    Args:
        column: Texts, dates or numbers like 20240301; its index names the rows.
        order: "dmy", "mdy" or "ymd", from the codebook; "" to see from the dates.

    Raises:
        DataError: Where a cell is no date, the year is not in 1900 to 2100, or the order of day
            and month cannot be told.
    """
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        stamps = column.dt.tz_localize(None) if column.dt.tz is not None else column
        years = stamps.dt.year
        _check(column, years.notna() & ~years.between(*_YEARS))
        days: pd.Series = stamps.dt.normalize().astype("datetime64[ns]")
        return days
    codes, uniques = pd.factorize(column.astype(object), use_na_sentinel=True)
    cells = [_text(cell) for cell in uniques]
    order = order or _seen_order(column, codes, cells)
    found = [_date(cell, order) if isinstance(cell, str) else cell for cell in cells]
    empty = np.array([cell == "" for cell in cells], dtype=bool)
    broken = np.array([day is None for day in found], dtype=bool) & ~empty
    # One more place at the end: factorize codes an empty cell as -1.
    _check(column, pd.Series(np.append(broken, False)[codes], index=column.index))
    known = np.array([*(np.datetime64(day or "NaT", "ns") for day in found), "NaT"], "M8[ns]")
    return pd.Series(known[codes], index=column.index, name=column.name)


def looks_like_dates(column: pd.Series) -> bool:
    """Return whether at least nine in ten of a column's texts could be dates."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return True
    cells = [_text(cell) for cell in column.dropna().unique()[:500]]
    if not cells:
        return False
    dates = sum(
        not isinstance(cell, str)
        or _date(cell, "dmy") is not None
        or _date(cell, "mdy") is not None
        for cell in cells
    )
    return dates >= 0.9 * len(cells)


def _text(cell: object) -> str | date:
    if isinstance(cell, datetime):
        return _in_years(cell.year, cell.month, cell.day) or "?"
    if isinstance(cell, date):
        return _in_years(cell.year, cell.month, cell.day) or "?"
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()


def _seen_order(column: pd.Series, codes: np.ndarray, cells: list[str | date]) -> DateOrder:
    """Tell day/month from month/day by numbers above 12; points always mean day first."""
    slashed = [
        (place, match)
        for place, cell in enumerate(cells)
        if isinstance(cell, str)
        and (match := _THREE.fullmatch(cell))
        and match[2] != "."
        and min(int(match[1]), int(match[3])) <= 12
    ]
    if not slashed:
        return "dmy"
    day_first = [place for place, match in slashed if int(match[1]) > 12]
    month_first = [place for place, match in slashed if int(match[3]) > 12]
    if bool(day_first) != bool(month_first):
        return "dmy" if day_first else "mdy"
    first = int(np.isin(codes, [place for place, _ in slashed]).argmax())
    if day_first:
        first = int(np.isin(codes, month_first).argmax())
        other = int(np.isin(codes, day_first).argmax())
        raise DataError(
            f"{column.name} must be written in one order, but {len(month_first)} dates have the "
            f"month first and {len(day_first)} the day; the first are {_row(column, first)} and "
            f"{_row(column, other)}. Write all dates as 2024-03-31."
        )
    raise DataError(
        f"{column.name} must tell day from month, but none of {len(slashed)} different dates "
        f"does; the first is {_row(column, first)} with {cells[codes[first]]!r}. Write under "
        '[study] date_order = "dmy" (day first) or "mdy" (month first).'
    )


def _date(cell: str, order: DateOrder) -> date | None:
    if match := _ISO.fullmatch(cell) or _PACKED.fullmatch(cell):
        return _in_years(int(match[1]), int(match[2]), int(match[3]))
    if match := _THREE.fullmatch(cell):
        if len(match[4]) == 2 and order == "ymd":
            return _in_years(2000 + int(match[1]), int(match[3]), int(match[4]))
        if len(match[4]) == 2:
            return None  # 24 could be a day or a year: two digits are not enough
        one, two, year = int(match[1]), int(match[3]), int(match[4])
        day_first = order != "mdy" or match[2] == "."
        return _in_years(year, two, one) if day_first else _in_years(year, one, two)
    if match := _NAMED.fullmatch(cell):
        return _in_years(int(match[3]), _month(match[2]), int(match[1]))
    if match := _NAMED_US.fullmatch(cell):
        return _in_years(int(match[3]), _month(match[1]), int(match[2]))
    return None


def _month(word: str) -> int:
    word = word[:3].casefold()
    return _MONTHS.index(word) + 1 if word in _MONTHS else 0


def _in_years(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _YEARS[0] <= year <= _YEARS[1] else None
    except ValueError:
        return None


def _check(column: pd.Series, broken: pd.Series) -> None:
    if not broken.any():
        return
    first = int(broken.to_numpy().argmax())
    cell = str(column.iloc[first]).strip()
    shown = f" with {cell!r}" if len(cell) <= 20 and re.fullmatch(r"[\d\s./:T-]+", cell) else ""
    raise DataError(
        f"{column.name} must hold dates between {_YEARS[0]} and {_YEARS[1]}, but "
        f"{int(broken.sum())} of {len(column)} rows are none; the first is {_row(column, first)}"
        f"{shown}. Write dates as 2024-03-31, with four digits for the year; numbers like 45352 "
        "are Excel's own and must be formatted as dates there."
    )


def _row(column: pd.Series, place: int) -> str:
    return f"{column.index.name or 'row'} {column.index[place]}"
