"""Put a diary's columns and a codebook together and check the result."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.assembly import Assembly, Work
from intimacy_analysis.loaders.calendar_days import CalendarDays, number_days
from intimacy_analysis.loaders.codebook import CodebookFile
from intimacy_analysis.loaders.columns import KEY_ROLES
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study import checks
from intimacy_analysis.study.codebook import Codebook, Role
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.study import ImportReport, ImportStep, Study

_PLACING: tuple[Role, ...] = (*KEY_ROLES, "day", "date", "weekend")
_NEEDED: tuple[Role, ...] = ("outcome", "predictor", "stress", "covariate", "weekend")


def assemble_study(raw: RawTable, file: CodebookFile) -> Assembly:
    """Convert, place, check and sort the rows; collect all problems instead of the first.

    Args:
        raw: The file's columns.
        file: The codebook.
    """
    work = Work(raw=raw, file=file)
    work.attempt(checks.check_has_rows, raw.columns)
    work.attempt(_check_placing, file.codebook)
    work.take_columns()
    _drop_unplaced(work)
    _check_columns(work)
    if not work.problems:
        work.attempt(_number_days, work)
    if not work.problems:
        _check_days(work)
    rows, reasons = _sorted(work)
    report = ImportReport(
        path=raw.path,
        format=raw.format,
        sha256=raw.sha256,
        n_read=raw.n_read,
        n_kept=len(rows),
        n_persons=int(rows[work.name_of("person")].nunique()) if work.has("person") else 0,
        steps=tuple(work.steps),
    )
    if work.problems:
        return Assembly(study=None, report=report, problems=tuple(work.problems))
    name = file.name or (Path(raw.path).stem if raw.path else "diary")
    study = Study(
        name=name,
        title=file.title or name,
        kind=file.kind,
        frame=DiaryFrame(
            rows=rows,
            codebook=Codebook(tuple(work.variables.values())),
            lineage=tuple(work.lineage),
        ),
        report=report,
        source=file.source,
        truth=dict(file.truth),
        scales=file.scales,
        seed=file.seed,
        notes=file.notes,
        missing_reasons=reasons,
    )
    return Assembly(study=study, report=report, problems=())


def _check_placing(codebook: Codebook) -> None:
    """Raise `DataError` where the codebook does not say which person and day a row is."""
    absent = [
        what
        for what, roles in (("person", ("person",)), ("day", ("day", "date")))
        if not any(variable.role in roles for variable in codebook)
    ]
    if absent:
        raise DataError(
            f"a codebook must say which columns place a row, but {len(absent)} of 2 roles are "
            f"not given; the first is {absent[0]!r}. Write role = "
            + (
                '"person" under the column that holds the id of the person.'
                if absent[0] == "person"
                else '"date" under the column of calendar dates, or "day" under the column of '
                "day numbers."
            )
        )


def _drop_unplaced(work: Work) -> None:
    """Drop empty rows and rows without person or day; a column missing throughout is an error."""
    if work.rows.shape[1] == 0 or len(work.rows) == 0:
        return
    work.drop_empty_rows()
    for role in ("person", "day", "date"):
        if role == "date" and work.has("day"):
            continue
        if not work.has(role):
            continue
        name = work.name_of(role)
        before = len(work.problems)
        work.attempt(checks.check_some_key, work.rows, work.variables[name])
        if len(work.problems) == before:
            work.keep(
                work.rows[name].notna(),
                f"rows without a {role} dropped",
                column=name,
                detail="they cannot be placed in the diary",
            )


def _check_columns(work: Work) -> None:
    """Check each column by itself, and against the person or couple it belongs to."""
    rows = work.rows
    for variable in work.variables.values():
        name = variable.name
        numeric = pd.api.types.is_float_dtype(rows[name].dtype)
        if variable.role in _NEEDED:
            work.attempt(checks.check_not_all_missing, rows, variable)
            if variable.role == "weekend":
                _say_one_kind_of_day(work, name)
            else:
                work.attempt(checks.check_varies, rows, variable)
        if variable.role in _PLACING:
            continue
        if numeric:
            work.attempt(checks.check_finite, rows, name)
            work.attempt(checks.check_range, rows, variable)
        elif variable.value_labels:
            work.attempt(checks.check_categories, rows, variable)
        holder: Role | None = variable.level if variable.level in ("person", "couple") else None
        if holder and work.has(holder):
            work.attempt(checks.check_level, rows, variable, work.name_of(holder))
        daily = variable.level == "day" and variable.role in ("predictor", "stress")
        if daily and work.has("person") and rows[name].nunique() > 1:
            work.attempt(checks.check_varies_within, rows, variable, work.name_of("person"))
    if work.has("person") and work.has("couple"):
        work.attempt(checks.check_one_couple, rows, work.name_of("person"), work.name_of("couple"))
    if work.has("person"):
        work.attempt(
            checks.check_two_days, rows, work.name_of("person"), _answered(work, outcome=True)
        )


def _say_one_kind_of_day(work: Work, name: str) -> None:
    # No error: a diary of weekdays answers everything but what compares the two kinds of day.
    kinds = work.rows[name].dropna().unique()
    if len(kinds) == 1:
        kind = "weekend day" if kinds[0] == 1 else "weekday"
        work.steps.append(
            ImportStep(
                what="all days are of one kind",
                column=name,
                detail=f"each is a {kind}, so weekdays and weekends cannot be compared",
            )
        )


def _answered(work: Work, *, outcome: bool) -> pd.Series:
    """Return whether a row holds an answer: the outcome, or anything measured that day."""
    if outcome and work.has("outcome"):
        return work.rows[work.name_of("outcome")].notna()
    measured = [
        variable.name
        for variable in work.variables.values()
        if variable.level == "day" and variable.role not in _PLACING
    ]
    if not measured:
        return pd.Series(True, index=work.rows.index)
    return work.rows[measured].notna().any(axis=1)


def _number_days(work: Work) -> None:
    numbered = number_days(
        CalendarDays(
            rows=work.rows,
            variables=tuple(work.variables.values()),
            answered=_answered(work, outcome=False),
        )
    )
    work.rows = numbered.rows
    work.variables = {variable.name: variable for variable in numbered.variables}
    work.lineage += numbered.lineage
    work.steps += numbered.steps


def _check_days(work: Work) -> None:
    person, day = work.name_of("person"), work.name_of("day")
    for variable in work.variables.values():
        ids = work.rows[variable.name]
        if variable.role in KEY_ROLES and isinstance(ids.dtype, pd.Int64Dtype):
            plain = ids.astype("float64" if ids.isna().any() else "int64")
            work.rows = work.rows.assign(**{variable.name: plain})
    work.attempt(checks.check_unique_days, work.rows, person, day)


def _sorted(work: Work) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows and reasons in order of person and day, numbered from 0."""
    rows = work.rows
    reasons = pd.DataFrame(
        {
            name: column[rows.index]
            for name, column in work.reasons.items()
            if column[rows.index].notna().any()
        },
        index=rows.index,
    )
    if work.problems:
        return rows, reasons
    order = rows[[work.name_of("person"), work.name_of("day")]].reset_index(drop=True)
    places = order.sort_values(list(order.columns), kind="stable").index.to_numpy()
    return (
        rows.iloc[places].reset_index(drop=True),
        reasons.iloc[places].reset_index(drop=True),
    )
