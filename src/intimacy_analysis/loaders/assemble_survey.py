"""Put a survey's columns and its codebook together: a row a person, checked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.assembly import Assembly, Work, plain_ids, reasons_of_rows
from intimacy_analysis.loaders.codebook import CodebookFile
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study import checks
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.study import ImportReport, ImportStep, Study
from intimacy_analysis.study.survey import SurveyFrame, check_one_row_a_person


def assemble_survey(raw: RawTable, file: CodebookFile) -> Assembly:
    """Convert and check the rows; collect all problems instead of the first.

    Args:
        raw: The file's columns.
        file: The codebook, which has a `[persons]` table.
    """
    work = Work(raw=raw, file=file)
    work.attempt(checks.check_has_rows, raw.columns)
    work.take_columns()
    if work.rows.shape[1] and len(work.rows):
        work.drop_empty_rows()
        _place_rows(work)
        _check_columns(work)
    reasons = reasons_of_rows(work)
    frame = None if work.problems else _frame(work)
    report = ImportReport(
        path=raw.path,
        format=raw.format,
        sha256=raw.sha256,
        n_read=raw.n_read,
        n_kept=len(work.rows),
        n_persons=len(work.rows),
        steps=tuple(work.steps),
    )
    if frame is None or work.problems:
        return Assembly(study=None, report=report, problems=tuple(work.problems))
    name = file.name or (Path(raw.path).stem if raw.path else "survey")
    study = Study(
        name=name,
        title=file.title or name,
        kind=file.kind,
        frame=frame,
        report=report,
        source=file.source,
        truth=dict(file.truth),
        scales=file.scales,
        seed=file.seed,
        notes=file.notes,
        missing_reasons=reasons,
    )
    return Assembly(study=study, report=report, problems=())


def _place_rows(work: Work) -> None:
    """Check that a row is a person; number the rows where no column has ids."""
    if any(variable.role == "person" for variable in work.file.codebook):
        if not work.has("person"):
            return
        name = work.name_of("person")
        before = len(work.problems)
        work.attempt(checks.check_some_key, work.rows, work.variables[name])
        if len(work.problems) == before:
            work.keep(
                work.rows[name].notna(),
                "rows without a person dropped",
                column=name,
                detail="nobody can be told to have answered them",
            )
            work.attempt(check_one_row_a_person, work.rows, name)
        return
    name = "person"
    while name in work.variables:
        name = f"{name}_row"
    numbers = work.raw.columns.index.get_indexer(work.rows.index) + 1
    work.rows.insert(0, name, numbers.astype("int64"))
    variable = Variable(name=name, label="Person, by row", role="person", level="person")
    work.variables = {name: variable, **work.variables}
    work.lineage.append(
        Derivation(column=name, source="row of the file", operation="rows numbered from 1")
    )
    work.steps.append(
        ImportStep(
            what="persons numbered by row, as no column has the role 'person'",
            n_rows=len(work.rows),
            column=name,
            detail="the first row below the header is person 1",
        )
    )


def _check_columns(work: Work) -> None:
    """Check each column by itself, and tell which hold one value or none."""
    for variable in work.variables.values():
        if variable.role == "person":
            continue
        column = work.rows[variable.name]
        if pd.api.types.is_float_dtype(column.dtype):
            work.attempt(checks.check_finite, work.rows, variable.name)
            work.attempt(checks.check_range, work.rows, variable)
        elif variable.value_labels:
            work.attempt(checks.check_categories, work.rows, variable)
        if len(work.rows) > 1 and column.nunique() < 2:
            work.steps.append(
                ImportStep(
                    what="all values are the same" if column.notna().any() else "no value at all",
                    column=variable.name,
                    detail="kept, but nothing can go together with this column",
                )
            )


def _frame(work: Work) -> SurveyFrame | None:
    """Return the survey, or None with the problem kept."""
    rows = work.rows.reset_index(drop=True)
    for variable in work.variables.values():
        if isinstance(rows[variable.name].dtype, pd.Int64Dtype):
            rows = rows.assign(**{variable.name: plain_ids(rows[variable.name])})
    try:
        return SurveyFrame(
            rows=rows,
            codebook=Codebook(tuple(work.variables.values())),
            lineage=tuple(work.lineage),
        )
    except DataError as problem:
        work.problems.append(str(problem))
        return None
