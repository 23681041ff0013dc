"""What the data of a study must fulfil; each check raises `DataError` or returns nothing.

Rows are named as the reader named them: the name of the index ("line", "case", "sheet row") and
its label, so that a message points into the user's own file. Identifiers are never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Variable, near_names

# A day number beyond this is a date, a time stamp or a slip, never a day of a study.
_LARGEST_DAY = 10_000_000


def check_readable_file(path: Path) -> None:
    """Raise `DataError` where `path` is not a file with something in it."""
    if path.is_dir():
        raise DataError(
            f"a data file is needed, but {str(path)!r} is a folder. "
            "Name the file inside it, with its ending."
        )
    if not path.is_file():
        near = near_names(path.name, _neighbors(path))
        raise DataError(
            f"the file {str(path)!r} must exist, but it does not. "
            f"{near if near.startswith('Did you mean') else 'Check the name and the folder.'}"
        )
    if path.stat().st_size == 0:
        raise DataError(
            f"the file {str(path)!r} must hold data, but it is empty (0 bytes). "
            "Export it again from the program it came from."
        )


def check_unique_names(names: Iterable[str]) -> None:
    """Raise `DataError` where two columns of a file share a name."""
    listed = list(names)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        second = [place for place, name in enumerate(listed, 1) if name == twice[0]][1]
        raise DataError(
            f"each column must have its own name, but {len(twice)} of {len(set(listed))} names "
            f"stand more than once; the first is {twice[0]!r}, again in column {second}. "
            "Rename one of them in the file."
        )


def check_known_columns(
    wanted: Mapping[str, str],
    known: Collection[str],
    places: Mapping[str, str] | None = None,
) -> None:
    """Raise `DataError` where the codebook names columns that the file does not have.

    Args:
        wanted: Name in the analysis to name in the file.
        known: Names of the file's columns.
        places: Name in the analysis to where the codebook names the column, where it is not
            `from` of the table with that name.
    """
    absent = [(name, source) for name, source in wanted.items() if source not in known]
    if not absent:
        return
    name, source = absent[0]
    place = (places or {}).get(name, f'[columns.{name}] from = "..."')
    also = f"; also absent: {', '.join(other for _, other in absent[1:9])}" if absent[1:] else ""
    raise DataError(
        f"each column of the codebook must be in the file, but {len(absent)} of {len(wanted)} are "
        f"not; the first is {source!r}. {near_names(source, list(known))} Write the file's name "
        f"of the column in the codebook: {place}{also}."
    )


def check_has_rows(rows: pd.DataFrame) -> None:
    """Raise `DataError` where there is no row."""
    if len(rows) == 0:
        raise DataError(
            "the data must hold at least one row below the header, but 0 rows are there. "
            "Export the file again with its data."
        )


def check_numbers(given: pd.Series, numbers: pd.Series, *, show: bool = False) -> None:
    """Raise `DataError` where a cell that holds something did not become a number.

    Args:
        given: The column as read, its name the one to show.
        numbers: The same column as numbers; NaN where a cell is empty or no number.
        show: Whether a short cell may be quoted: only of a column that measures something, never
            of one that could hold a name.
    """
    text = given.notna() & numbers.isna()
    if not text.any():
        return
    first = int(text.to_numpy().argmax())
    quoted = _shown(given.iloc[first]) if show else ""
    raise DataError(
        f"{given.name} must hold numbers, but {_count(text)} hold text; the first is "
        f"{_row(given, first)}{quoted}. Correct the cells, or write in the codebook "
        'what they mean: missing = { "..." = "reason" } or values = { "1" = "..." }.'
    )


def check_finite(rows: pd.DataFrame, name: str) -> None:
    """Raise `DataError` where a number is infinite."""
    infinite = np.isinf(rows[name].to_numpy(dtype=float, na_value=np.nan))
    if infinite.any():
        raise DataError(
            f"{name} must be finite, but {int(infinite.sum())} of {len(rows)} rows are infinite; "
            f"the first is {_row(rows, int(infinite.argmax()))}. "
            "Correct the rows, or empty the cells if the value is unknown."
        )


def check_range(rows: pd.DataFrame, variable: Variable) -> None:
    """Raise `DataError` where a value lies outside its codebook range."""
    column = rows[variable.name].astype(float)
    low = -np.inf if variable.minimum is None else variable.minimum
    high = np.inf if variable.maximum is None else variable.maximum
    outside = column.notna() & ~column.between(low, high)
    if not outside.any():
        return
    first = int(outside.to_numpy().argmax())
    value = column.iloc[first]
    unit = f" {variable.unit}" if variable.unit else ""
    raise DataError(
        f"{variable.name} must lie in {low:g} to {high:g}{unit}, but {_count(outside)} do not; "
        f"the first is {_row(rows, first)} with {value:g}. Correct the rows, widen the range in "
        f"the codebook if the value is real, or write missing = [{value:g}] if it stands for no "
        "answer."
    )


def check_categories(rows: pd.DataFrame, variable: Variable) -> None:
    """Raise `DataError` where a text is none of the codes the codebook lists."""
    codes = [code for code, _ in variable.value_labels]
    column = rows[variable.name]
    unknown = column.notna() & ~column.isin(codes)
    if unknown.any():
        first = int(unknown.to_numpy().argmax())
        raise DataError(
            f"{variable.name} must be one of {', '.join(map(str, codes[:12]))}, but "
            f"{_count(unknown)} are not; the first is {_row(rows, first)}. "
            "Correct the rows, or add the code to `values`."
        )


def check_some_key(rows: pd.DataFrame, variable: Variable) -> None:
    """Raise `DataError` where a key (person, day, date) is missing in every row."""
    if len(rows) and rows[variable.name].isna().all():
        raise DataError(
            f"{variable.name} (role {variable.role!r}) must be there to place a row, but it is "
            f"missing in all {len(rows)} rows. Fill the column, or give the role to another one."
        )


def check_whole_days(rows: pd.DataFrame, name: str) -> None:
    """Raise `DataError` where a day number is not whole, or too large to be a day."""
    day = rows[name].astype(float)
    broken = day.notna() & (np.isinf(day) | (day != np.floor(day)) | (day.abs() > _LARGEST_DAY))
    if broken.any():
        first = int(broken.to_numpy().argmax())
        raise DataError(
            f"{name} must hold whole day numbers (0, 1, 2, ...) or dates, but {_count(broken)} do "
            f"not; the first is {_row(rows, first)} with {day.iloc[first]:g}. Number the days "
            "wholly, or give the column of dates the role 'date'; a time of day needs a column "
            "of its own."
        )


def check_unique_days(rows: pd.DataFrame, person: str, day: str) -> None:
    """Raise `DataError` where one person has two rows for one day."""
    twice = rows.duplicated([person, day])
    if not twice.any():
        return
    second = int(twice.to_numpy().argmax())
    same = (rows[person] == rows[person].iloc[second]) & (rows[day] == rows[day].iloc[second])
    first = int(same.to_numpy().argmax())
    raise DataError(
        f"a person must have one row a day, but {_count(twice)} repeat a person and day; the "
        f"first is {_row(rows, second)}, which has the {person} and {day} of "
        f"{_row(rows, first)}. Keep one of the rows, or average them first; if several persons "
        f"share an id, give each their own {person}."
    )


def check_one_couple(rows: pd.DataFrame, person: str, couple: str) -> None:
    """Raise `DataError` where one person is in two couples."""
    known = rows[rows[couple].notna()]
    pairs = known[[person, couple]].drop_duplicates()
    moved = pairs[pairs.duplicated(person)]
    if len(moved):
        raise DataError(
            f"a person must be in one couple, but {moved[person].nunique()} of "
            f"{known[person].nunique()} persons are in several; the first change is in "
            f"{_row(moved, 0)}. Correct {couple}; if partners are numbered 1 and 2 within each "
            f"couple, make a {person} that differs between couples."
        )


def check_two_days(rows: pd.DataFrame, person: str, answered: pd.Series) -> None:
    """Raise `DataError` where nobody has two days with an answer.

    Args:
        rows: One row a person-day.
        person: Name of the person column.
        answered: Whether a row holds what the analysis needs, one a row.
    """
    days = answered.groupby(rows[person]).sum()
    if len(days) and int(days.max()) < 2:
        raise DataError(
            "at least one person must have answers on two days, but all "
            f"{len(days)} persons have fewer. A diary analysis compares a person's days: check "
            f"that {person} holds the same id on all days of a person."
        )


def check_level(
    rows: pd.DataFrame, variable: Variable, holder: str, *, otherwise: str = "day"
) -> None:
    """Raise `DataError` where a person's (couple's) own value changes between rows.

    Args:
        rows: One row a person-day, or one a member of a couple.
        variable: A variable with the level "person" or "couple".
        holder: Name of the person or couple column.
        otherwise: The level of a variable that may differ between the rows.
    """
    pairs = rows.loc[rows[variable.name].notna(), [holder, variable.name]].drop_duplicates()
    changes = pairs[pairs.duplicated(holder)]
    if len(changes):
        raise DataError(
            f"{variable.name} has the level {variable.level!r} and must be the same in all rows "
            f"of one {holder}, but {changes[holder].nunique()} of {pairs[holder].nunique()} have "
            f"several values; the first change is in {_row(changes, 0)}. Correct the rows, or "
            f'write level = "{otherwise}" in the codebook.'
        )


def check_not_all_missing(rows: pd.DataFrame, variable: Variable) -> None:
    """Raise `DataError` where a column the analysis needs holds no value at all."""
    if len(rows) and rows[variable.name].isna().all():
        raise DataError(
            f"{variable.name} (role {variable.role!r}) must hold values, but all {len(rows)} rows "
            "are missing. Check the missing codes and, in Excel, that formulas were computed; or "
            'write role = "none" to leave it out of the analysis.'
        )


def check_varies(rows: pd.DataFrame, variable: Variable) -> None:
    """Raise `DataError` where a needed column has the same value in all rows."""
    values = rows[variable.name].dropna()
    if len(values) == 0 or values.nunique() > 1:
        return
    value = values.iloc[0]
    shown = f"{value:g}" if isinstance(value, (int, float)) else "the same text"
    what = (
        "an outcome without variance cannot be explained"
        if variable.role == "outcome"
        else "a constant predictor explains nothing"
    )
    raise DataError(
        f"{variable.name} (role {variable.role!r}) must vary, but all {len(values)} values are "
        f"{shown}: {what}. Check the column, or give it the role 'none'."
    )


def check_varies_within(rows: pd.DataFrame, variable: Variable, person: str) -> None:
    """Raise `DataError` where a daily predictor never changes within any person."""
    pairs = rows.loc[rows[variable.name].notna(), [person, variable.name]].drop_duplicates()
    if len(pairs) and not pairs.duplicated(person).any():
        raise DataError(
            f"{variable.name} (role {variable.role!r}) must change from day to day within at "
            f"least one person, but it does for none of {pairs[person].nunique()} persons. If it "
            'describes persons, write level = "person" and role = "covariate".'
        )


def check_weekend(rows: pd.DataFrame, name: str) -> None:
    """Raise `DataError` where a weekend column holds anything but 0 and 1."""
    column = rows[name].astype(float)
    other = column.notna() & ~column.isin([0.0, 1.0])
    if other.any():
        first = int(other.to_numpy().argmax())
        raise DataError(
            f"{name} must be 0 (weekday) or 1 (weekend), but {_count(other)} are not; the first "
            f"is {_row(rows, first)} with {column.iloc[first]:g}. Recode it, or label its two "
            'codes: values = { "1" = "weekday", "2" = "weekend" }.'
        )


def _count(mask: pd.Series) -> str:
    return f"{int(mask.sum())} of {len(mask)} rows"


def _row(rows: pd.DataFrame | pd.Series, place: int) -> str:
    return f"{rows.index.name or 'row'} {rows.index[place]}"


def _shown(value: object) -> str:
    """Return " with 'seven'" for a short word, nothing for what could name a person."""
    text = str(value).strip()
    harmless = 0 < len(text) <= 12 and "@" not in text and text.isprintable() and " " not in text
    return f" with {text!r}" if harmless else ""


def _neighbors(path: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return []
