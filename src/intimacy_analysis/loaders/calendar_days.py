"""Number the days of a diary by the calendar, and tell weekdays from weekends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.study.checks import check_whole_days
from intimacy_analysis.study.codebook import Role, Variable
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.study import ImportStep

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Half a year, and one row in fifty: a second wave of a study is longer than that.
_FAR_DAYS = 180
_FEW = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDays:
    """Rows whose days are, or are to be, numbered.

    Attributes:
        rows: One row a person-day, person and day (or date) never missing.
        variables: The codebook entries of its columns.
        answered: Whether a row holds anything measured that day, one a row.
        lineage: Columns made from the date.
        steps: What a reader of the import report must know.
    """

    rows: pd.DataFrame
    variables: tuple[Variable, ...]
    answered: pd.Series
    lineage: tuple[Derivation, ...] = ()
    steps: tuple[ImportStep, ...] = ()


def number_days(days: CalendarDays) -> CalendarDays:
    """Return the rows with whole day numbers, and with `weekday` and `weekend` where dated.

    Day 0 is the first date on which anybody answered, so a planned day without answers changes
    nothing; a day nobody answered before it has a negative number. A gap stays a gap.

    Raises:
        DataError: Where a day number is not whole.
    """
    day, date = _holder(days, "day"), _holder(days, "date")
    dated = date
    if day and pd.api.types.is_datetime64_any_dtype(days.rows[day.name].dtype):
        dated = day
    elif day:
        check_whole_days(days.rows, day.name)
        days = _replaced(days, day.name, days.rows[day.name].astype("int64"))
    if dated is None:
        return days
    dates = days.rows[dated.name]
    days = _told_of_far_dates(days, dated, dates)
    if day is None or dated is day:
        days = _with_day(days, dated, dates, replaces=dated is day)
    else:
        days = _told_if_days_disagree(days, day, dates)
    return _with_weekend(days, dated, dates)


def _with_day(
    days: CalendarDays, dated: Variable, dates: pd.Series, *, replaces: bool
) -> CalendarDays:
    answered = dates[days.answered]
    first = (answered if len(answered) else dates).min()
    numbers = (dates - first).dt.days.astype("int64")
    name = dated.name if replaces else _free_name("day", days)
    variable = Variable(
        name=name,
        label=(replaces and dated.label) or "Day of the study, by the calendar",
        unit="days",
        role="day",
        source_name=dated.source_name if replaces else "",
    )
    said = f"calendar days since {first:%Y-%m-%d}, the first date with an answer"
    if replaces:
        said += "; the column held dates"
    return _added(days, numbers, variable, source=dated.name, operation=said)


def _with_weekend(days: CalendarDays, dated: Variable, dates: pd.Series) -> CalendarDays:
    weekday = dates.dt.day_of_week
    weekend = (weekday >= 5).astype("float64").where(dates.notna())
    given = _holder(days, "weekend")
    if given is not None:
        theirs = days.rows[given.name]
        other = int((theirs.notna() & weekend.notna() & (theirs != weekend)).sum())
        if other:
            step = ImportStep(
                what="rows whose weekend differs from the calendar's, kept as they are",
                n_rows=other,
                column=given.name,
                detail=f"Saturday and Sunday of {dated.name}; free days may be the reason",
            )
            days = replace(days, steps=(*days.steps, step))
    elif weekend[days.answered].nunique() < 2:
        step = ImportStep(
            what="no weekend column made",
            column=dated.name,
            detail="all answers are of weekdays, or all of weekends",
        )
        days = replace(days, steps=(*days.steps, step))
    else:
        variable = Variable(
            name=_free_name("weekend", days),
            label="Weekend",
            minimum=0.0,
            maximum=1.0,
            role="weekend",
            value_labels=((0.0, "weekday"), (1.0, "weekend")),
        )
        said = "1 on Saturday and Sunday, else 0"
        days = _added(days, weekend, variable, source=dated.name, operation=said)
    named = Variable(
        name=_free_name("weekday", days),
        label="Day of the week",
        minimum=0.0,
        maximum=6.0,
        value_labels=tuple((float(code), label) for code, label in enumerate(_WEEKDAYS)),
    )
    said = "0 Monday to 6 Sunday"
    return _added(days, weekday.astype("float64"), named, source=dated.name, operation=said)


def _told_if_days_disagree(days: CalendarDays, day: Variable, dates: pd.Series) -> CalendarDays:
    """Say so where day numbers count entries and hide the gaps that the dates show."""
    person = _holder(days, "person")
    if person is None:
        return days
    epoch = (dates - pd.Timestamp("1970-01-01")).dt.days
    offset = epoch - days.rows[day.name]
    moving = offset.groupby(days.rows[person.name]).nunique() > 1
    if not moving.any():
        return days
    step = ImportStep(
        what=f"{int(moving.sum())} persons whose day numbers do not follow the dates",
        column=day.name,
        detail="entries were counted, or a date is wrong; leave the column out of the codebook "
        "and the dates number the days",
    )
    return replace(days, steps=(*days.steps, step))


def _told_of_far_dates(days: CalendarDays, dated: Variable, dates: pd.Series) -> CalendarDays:
    """Say so where few rows lie half a year or more from all others: a mistyped year, mostly."""
    ordered = dates.dropna().sort_values(ignore_index=True)
    gaps = ordered.diff().dt.days
    if not (gaps >= _FAR_DAYS).any():
        return days
    # The rows on the smaller side of the widest gap.
    at = int(gaps.idxmax())
    far = ordered.iloc[at:] if 2 * at >= len(ordered) else ordered.iloc[:at]
    if len(far) > _FEW * len(ordered):
        return days
    step = ImportStep(
        what="rows whose date lies far from all others, kept as they are",
        n_rows=len(far),
        column=dated.name,
        detail=f"{gaps[at]:.0f} days apart, the first on {far.iloc[0]:%Y-%m-%d}; if a year was "
        "mistyped, correct it in the file",
    )
    return replace(days, steps=(*days.steps, step))


def _holder(days: CalendarDays, role: Role) -> Variable | None:
    return next((variable for variable in days.variables if variable.role == role), None)


def _free_name(name: str, days: CalendarDays) -> str:
    while name in days.rows.columns:
        name = f"{name}_from_date"
    return name


def _replaced(days: CalendarDays, name: str, values: pd.Series) -> CalendarDays:
    return replace(days, rows=days.rows.assign(**{name: values}))


def _added(
    days: CalendarDays, values: pd.Series, variable: Variable, *, source: str, operation: str
) -> CalendarDays:
    """Add a column, or put it in the place of the one with its name."""
    kept = tuple(old for old in days.variables if old.name != variable.name)
    at = next((n for n, old in enumerate(days.variables) if old.name == variable.name), len(kept))
    return replace(
        days,
        rows=days.rows.assign(**{variable.name: values}),
        variables=(*kept[:at], variable, *kept[at:]),
        lineage=(
            *days.lineage,
            Derivation(column=variable.name, source=source, operation=operation),
        ),
        steps=(
            *days.steps,
            ImportStep(what="column made from the date", column=variable.name, detail=operation),
        ),
    )
