"""Put a file's columns and a codebook together and check the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.calendar_days import CalendarDays, number_days
from intimacy_analysis.loaders.codebook import CodebookFile
from intimacy_analysis.loaders.columns import KEY_ROLES, convert_column
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study import checks
from intimacy_analysis.study.codebook import Codebook, Role, Variable
from intimacy_analysis.study.diary import Derivation, DiaryFrame
from intimacy_analysis.study.study import ImportReport, ImportStep, Study

_PLACING: tuple[Role, ...] = (*KEY_ROLES, "day", "date", "weekend")
_NEEDED: tuple[Role, ...] = ("outcome", "predictor", "stress", "covariate", "weekend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What came of a file and its codebook.

    Attributes:
        study: The study; None where there is a problem.
        report: What became of rows and columns, as far as it could be done.
        problems: What must be mended, each in four beats; empty for a sound file.
    """

    study: Study | None
    report: ImportReport
    problems: tuple[str, ...]


def assemble_study(raw: RawTable, file: CodebookFile) -> Assembly:
    """Convert, place, check and sort the rows; collect all problems instead of the first.

    Args:
        raw: The file's columns.
        file: The codebook.
    """
    work = _Work(raw=raw, file=file)
    work.attempt(checks.check_has_rows, raw.columns)
    work.attempt(_check_placing, file.codebook)
    known = [v for v in file.codebook if (v.source_name or v.name) in raw.names]
    work.attempt(
        checks.check_known_columns,
        {v.name: v.source_name or v.name for v in file.codebook},
        raw.names,
    )
    _tell_columns(work, known)
    for variable in known:
        work.attempt(_convert, work, variable)
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
        seed=file.seed,
        notes=file.notes,
        missing_reasons=reasons,
    )
    return Assembly(study=study, report=report, problems=())


class _Work:
    """The study on its way: what is done so far, and what went wrong."""

    def __init__(self, *, raw: RawTable, file: CodebookFile) -> None:
        self.raw = raw
        self.file = file
        self.rows = pd.DataFrame(index=raw.columns.index)
        self.variables: dict[str, Variable] = {}
        self.reasons: dict[str, pd.Series] = {}
        self.steps: list[ImportStep] = list(raw.steps)
        self.lineage: list[Derivation] = []
        self.problems: list[str] = []

    def attempt(self, check: Callable[..., None], *arguments: object) -> None:
        """Run a check and keep its message instead of stopping."""
        try:
            check(*arguments)
        except DataError as problem:
            self.problems.append(str(problem))

    def has(self, role: Role) -> bool:
        """Whether a converted column has this role."""
        return any(variable.role == role for variable in self.variables.values())

    def name_of(self, role: Role) -> str:
        """Return the name of the column with this role."""
        return next(v.name for v in self.variables.values() if v.role == role)

    def keep(self, mask: pd.Series, what: str, *, column: str = "", detail: str = "") -> None:
        """Keep the rows of a mask and report how many were dropped."""
        dropped = int((~mask).sum())
        if dropped:
            self.steps.append(ImportStep(what=what, n_rows=dropped, column=column, detail=detail))
            self.rows = self.rows[mask]


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


def _tell_columns(work: _Work, known: list[Variable]) -> None:
    asked = {variable.source_name or variable.name for variable in known}
    left_out = [name for name in work.raw.names if name not in asked]
    work.steps.append(
        ImportStep(what=f"{len(known)} columns recognized", detail=", ".join(v.name for v in known))
    )
    work.steps += [
        ImportStep(what="column renamed", column=v.name, detail=f"{v.source_name!r} in the file")
        for v in known
        if v.source_name
    ]
    if left_out:
        work.steps.append(
            ImportStep(
                what=f"{len(left_out)} columns left out, as the codebook does not name them",
                detail=", ".join(left_out[:20]) + (", ..." if len(left_out) > 20 else ""),
            )
        )


def _convert(work: _Work, variable: Variable) -> None:
    column = convert_column(work.raw, variable, work.file.settings)
    work.rows[variable.name] = column.values
    work.variables[variable.name] = column.variable
    work.steps += column.steps
    if column.reasons is not None:
        work.reasons[variable.name] = column.reasons


def _drop_unplaced(work: _Work) -> None:
    """Drop empty rows and rows without person or day; a column missing throughout is an error."""
    if work.rows.shape[1] == 0 or len(work.rows) == 0:
        return
    whole = work.rows.notna().any(axis=1)
    for reasons in work.reasons.values():
        whole |= reasons.notna()
    work.keep(whole, "empty rows dropped", detail="no recognized column holds anything")
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


def _check_columns(work: _Work) -> None:
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


def _say_one_kind_of_day(work: _Work, name: str) -> None:
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


def _answered(work: _Work, *, outcome: bool) -> pd.Series:
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


def _number_days(work: _Work) -> None:
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


def _check_days(work: _Work) -> None:
    person, day = work.name_of("person"), work.name_of("day")
    for variable in work.variables.values():
        ids = work.rows[variable.name]
        if variable.role in KEY_ROLES and isinstance(ids.dtype, pd.Int64Dtype):
            plain = ids.astype("float64" if ids.isna().any() else "int64")
            work.rows = work.rows.assign(**{variable.name: plain})
    work.attempt(checks.check_unique_days, work.rows, person, day)


def _sorted(work: _Work) -> tuple[pd.DataFrame, pd.DataFrame]:
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
