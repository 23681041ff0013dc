"""Put a couples' file and its codebook together: a row a couple, whichever way the file has it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.assembly import (
    Assembly,
    Work,
    only_told,
    plain_ids,
    reasons_of_rows,
)
from intimacy_analysis.loaders.codebook import CodebookFile
from intimacy_analysis.loaders.couples_layout import CouplesLayout
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study import checks, dyad_checks
from intimacy_analysis.study.codebook import Codebook, Role, Variable
from intimacy_analysis.study.diary import Derivation
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.pairing import pair_members
from intimacy_analysis.study.study import CoupleCounts, ImportReport, ImportStep, Study

# A name that no column of a file can have: it stands in the frame only while rows are paired.
_MEMBER = "\0member"


def assemble_couples(raw: RawTable, file: CodebookFile, layout: CouplesLayout) -> Assembly:
    """Convert, check and pair the rows; collect all problems instead of the first.

    Args:
        raw: The file's columns.
        file: The codebook.
        layout: How the couples stand in the file.
    """
    work = Work(raw=raw, file=file)
    work.attempt(checks.check_has_rows, raw.columns)
    work.attempt(_check_placing, file.codebook, layout)
    work.take_columns()
    if work.rows.shape[1] and len(work.rows):
        work.drop_empty_rows()
        _number_couples(work, layout)
        _place_rows(work, layout)
        _check_columns(work)
    frame, reasons = None, pd.DataFrame()
    n_rows = len(work.rows)
    if not work.problems:
        if layout.layout == "long":
            reasons = _paired_reasons(work, layout)
            _pair_rows(work, layout)
        else:
            reasons = reasons_of_rows(work)
            work.attempt(_match_types, work, layout)
        frame = _frame(work, layout)
    report = ImportReport(
        path=raw.path,
        format=raw.format,
        sha256=raw.sha256,
        n_read=raw.n_read,
        n_kept=n_rows,
        n_persons=0,
    )
    if frame is None or work.problems:
        return Assembly(
            study=None,
            report=replace(report, steps=tuple(work.steps)),
            problems=tuple(work.problems),
        )
    counts, notices = _counted(frame, n_read=raw.n_read, layout=layout)
    work.steps += notices
    name = file.name or (Path(raw.path).stem if raw.path else "couples")
    study = Study(
        name=name,
        title=file.title or name,
        kind=file.kind,
        frame=frame,
        report=replace(
            report,
            steps=tuple(work.steps),
            couples=counts,
            n_persons=2 * counts.n_kept - counts.n_one_member - 2 * counts.n_no_member,
        ),
        source=file.source,
        truth=dict(file.truth),
        scales=file.scales,
        seed=file.seed,
        notes=(*file.notes, *_notes(layout)),
        missing_reasons=reasons,
    )
    return Assembly(study=study, report=study.report, problems=())


def _check_placing(codebook: Codebook, layout: CouplesLayout) -> None:
    """Raise `DataError` where the codebook does not say which couple and member a row is."""
    if layout.layout == "wide":
        return
    needed = [("couple", "that holds the couples' ids")]
    if layout.distinguishable:
        needed.append(("partner", "that tells the two members of a couple apart"))
    absent = [(role, what) for role, what in needed if not any(v.role == role for v in codebook)]
    if absent:
        role, what = absent[0]
        raise DataError(
            "a codebook of couples, a row a member, must say which columns place a row, but "
            f"{len(absent)} of {len(needed)} roles are not given; the first is {role!r}. Write "
            f'role = "{role}" under the column {what}.'
        )


def _number_couples(work: Work, layout: CouplesLayout) -> None:
    """Give couples in rows their row number where no column has ids."""
    if layout.layout == "long" or any(v.role == "couple" for v in work.file.codebook):
        return
    name = "couple"
    while name in work.variables:
        name = f"{name}_row"
    numbers = work.raw.columns.index.get_indexer(work.rows.index) + 1
    work.rows.insert(0, name, numbers.astype("int64"))
    variable = Variable(name=name, label="Couple, by row", role="couple", level="couple")
    work.variables = {name: variable, **work.variables}
    work.lineage.append(
        Derivation(column=name, source="row of the file", operation="rows numbered from 1")
    )
    work.steps.append(
        ImportStep(
            what="couples numbered by row, as no column has the role 'couple'",
            n_rows=len(work.rows),
            column=name,
            detail="the first row below the header is couple 1",
        )
    )


def _place_rows(work: Work, layout: CouplesLayout) -> None:
    """Check which couple, and in a file with a row a member which member, each row is."""
    if not work.has("couple"):
        return
    couple = work.name_of("couple")
    if layout.layout == "wide":
        work.attempt(dyad_checks.check_one_row_a_couple, work.rows, couple)
        return
    before = len(work.problems)
    work.attempt(checks.check_some_key, work.rows, work.variables[couple])
    if len(work.problems) > before:
        return
    work.keep(
        work.rows[couple].notna(),
        "rows without a couple dropped",
        column=couple,
        detail="they cannot be placed",
    )
    role = work.name_of("partner") if work.has("partner") else None
    if role is not None:
        _recode_roles(work, role, layout)
        work.attempt(dyad_checks.check_role_values, work.rows, role, layout.roles)
    if len(work.problems) == before:
        work.attempt(dyad_checks.check_two_members, work.rows, couple, role)
    of_couple = [v.name for v in work.variables.values() if v.level == "couple"]
    of_members = [n for n in work.variables if n not in (*of_couple, role)]
    work.attempt(dyad_checks.check_names_after_pairing, of_members, of_couple, layout.roles)
    for variable in work.variables.values():
        if variable.level == "couple" and variable.role != "couple":
            work.attempt(
                partial(checks.check_level, otherwise="person"), work.rows, variable, couple
            )


def _recode_roles(work: Work, role: str, layout: CouplesLayout) -> None:
    """Replace codes and spellings of the roles by the names the codebook gives them."""
    labels = dict(work.variables[role].value_labels)
    names = {name.casefold(): name for name in layout.roles}
    recoded: dict[object, str] = {}
    for cell in work.rows[role].dropna().unique():
        label = labels.get(str(cell), _label_of_number(cell, labels))
        word = str(cell if label is None else label).strip().casefold()
        if word in names:
            recoded[cell] = names[word]
    column = work.rows[role].astype(object)
    work.rows = work.rows.assign(**{role: column.map(lambda cell: recoded.get(cell, cell))})
    told = [f"{cell} -> {name}" for cell, name in recoded.items() if str(cell) != name]
    if told:
        work.steps.append(
            ImportStep(what="roles named", column=role, detail=", ".join(sorted(told)))
        )


def _label_of_number(cell: object, labels: dict[float | str, str]) -> str | None:
    try:
        return labels.get(float(str(cell)))
    except ValueError:
        return None


def _check_columns(work: Work) -> None:
    """Check each column by itself."""
    for variable in work.variables.values():
        column = work.rows[variable.name]
        if variable.role in ("couple", "partner", "person"):
            continue
        if pd.api.types.is_float_dtype(column.dtype):
            work.attempt(checks.check_finite, work.rows, variable.name)
            work.attempt(checks.check_range, work.rows, variable)
        elif variable.value_labels:
            work.attempt(checks.check_categories, work.rows, variable)


def _pair_rows(work: Work, layout: CouplesLayout) -> None:
    """Turn rows of members into rows of couples."""
    couple = work.name_of("couple")
    role = work.name_of("partner") if work.has("partner") else ""
    of_couple = [v.name for v in work.variables.values() if v.level == "couple"]
    rows = _with_members(work, layout).drop(columns=[role] if role else [])
    work.rows = pair_members(
        rows, couple=couple, role=_MEMBER, roles=layout.roles, couple_level=of_couple
    )
    if not role:
        work.steps.append(
            ImportStep(
                what="members numbered in the order of their rows, as no column has the role "
                "'partner'",
                detail=" and ".join(layout.roles),
            )
        )
    members = [v for v in work.variables.values() if v.name not in (*of_couple, role)]
    work.lineage += [
        Derivation(
            column=f"{variable.name}_{own}",
            source=variable.source_name or variable.name,
            operation=f"value in the row of the couple's {own}",
        )
        for variable in members
        for own in layout.roles
    ]
    paired: dict[str, Variable] = {}
    for variable in work.variables.values():
        if variable.name in of_couple:
            paired[variable.name] = variable
        elif variable.name != role:
            for own in layout.roles:
                name = f"{variable.name}_{own}"
                label = f"{variable.label} ({own})" if variable.label else ""
                kept: Role = "covariate" if variable.role == "covariate" else "none"
                source = variable.source_name or variable.name
                paired[name] = replace(
                    variable, name=name, label=label, role=kept, source_name=source
                )
    work.variables = paired


def _with_members(work: Work, layout: CouplesLayout) -> pd.DataFrame:
    """Return the rows with a column that names the member, also where the file has none."""
    if work.has("partner"):
        return work.rows.assign(**{_MEMBER: work.rows[work.name_of("partner")]})
    place = work.rows.groupby(work.name_of("couple"), sort=False).cumcount()
    named = np.array(layout.roles, dtype=object)[place.to_numpy()]
    return work.rows.assign(**{_MEMBER: named})


def _paired_reasons(work: Work, layout: CouplesLayout) -> pd.DataFrame:
    rows = _with_members(work, layout)
    couple = work.name_of("couple")
    role = work.name_of("partner") if work.has("partner") else ""
    of_couple = [v.name for v in work.variables.values() if v.level == "couple"]
    told = {
        name: reasons[rows.index]
        for name, reasons in work.reasons.items()
        if name not in (couple, role)
    }
    frame = pd.DataFrame({couple: rows[couple], _MEMBER: rows[_MEMBER], **told}, index=rows.index)
    paired = pair_members(
        frame, couple=couple, role=_MEMBER, roles=layout.roles, couple_level=of_couple
    )
    return only_told(paired.drop(columns=couple))


def _match_types(work: Work, layout: CouplesLayout) -> None:
    """Give both members' columns one type, or raise `DataError` where one holds text."""
    first, second = layout.roles
    for name in list(work.rows.columns):
        stem = name.removesuffix(f"_{first}")
        other = f"{stem}_{second}"
        if stem == name or other not in work.rows.columns:
            continue
        one, two = work.rows[name], work.rows[other]
        if one.dtype == two.dtype:
            continue
        if one.isna().all():
            work.rows = work.rows.assign(**{name: one.astype(two.dtype)})
        elif two.isna().all():
            work.rows = work.rows.assign(**{other: two.astype(one.dtype)})
        else:
            words = name if one.dtype == object else other
            raise DataError(
                f"both members' columns of {stem!r} must hold the same kind of values, but 1 of 2 "
                f"holds text and the other does not; the one with text is {words!r}. Correct its "
                'cells, or say what they mean: missing = { "..." = "reason" } or values.'
            )


def _frame(work: Work, layout: CouplesLayout) -> DyadFrame | None:
    """Return the couples, or None with the problem kept."""
    rows = work.rows.reset_index(drop=True)
    for variable in work.variables.values():
        if isinstance(rows[variable.name].dtype, pd.Int64Dtype):
            rows = rows.assign(**{variable.name: _plain(rows, variable.name, layout)})
    try:
        return DyadFrame(
            rows=rows,
            codebook=Codebook(tuple(work.variables.values())),
            roles=layout.roles,
            lineage=tuple(work.lineage),
            distinguishable=layout.distinguishable,
        )
    except DataError as problem:
        work.problems.append(str(problem))
        return None


def _plain(rows: pd.DataFrame, name: str, layout: CouplesLayout) -> pd.Series:
    """Return whole ids as numbers of numpy, of one type for both members."""
    stem = next((name.removesuffix(f"_{r}") for r in layout.roles if name.endswith(f"_{r}")), "")
    both = [f"{stem}_{role}" for role in layout.roles]
    columns = [c for c in both if c in rows.columns] or [name]
    return plain_ids(rows[name], gaps=bool(rows[columns].isna().any().any()))


def _counted(
    frame: DyadFrame, *, n_read: int, layout: CouplesLayout
) -> tuple[CoupleCounts, list[ImportStep]]:
    """Return how complete the couples are, and what a reader must be told of it."""
    members = [[frame.columns_of(stem)[at] for stem in frame.stems] for at in (0, 1)]
    answered = [frame.rows[columns].notna().any(axis=1) for columns in members]
    one = answered[0] ^ answered[1]
    none = ~answered[0] & ~answered[1]
    cells = frame.rows[[*members[0], *members[1]]]
    counts = CoupleCounts(
        n_read=n_read if layout.layout == "wide" else len(frame.rows),
        n_kept=len(frame.rows),
        n_one_member=int(one.sum()),
        n_no_member=int(none.sum()),
        n_missing_cells=int(cells.isna().sum().sum()),
        n_cells=int(cells.size),
    )
    notices = []
    if counts.n_one_member:
        alone = ", ".join(
            f"{int((answered[at] & one).sum())} with the {role} only"
            for at, role in enumerate(layout.roles)
        )
        notices.append(
            ImportStep(
                what=f"{_couples(counts.n_one_member)} with one member only, kept",
                detail=f"{alone}; the other member's values are missing",
            )
        )
    if counts.n_no_member:
        notices.append(
            ImportStep(what=f"{_couples(counts.n_no_member)} of which no member answered, kept")
        )
    for name in frame.rows.columns:
        if len(frame.rows) > 1 and frame.rows[name].nunique() < 2:
            held = frame.rows[name].notna().any()
            notices.append(
                ImportStep(
                    what="all values are the same" if held else "no value at all",
                    column=str(name),
                    detail="kept, but a model with this column cannot be fitted",
                )
            )
    return counts, notices


def _couples(count: int) -> str:
    return f"{count:,} couple{'s' * (count != 1)}"


def _notes(layout: CouplesLayout) -> tuple[str, ...]:
    if layout.distinguishable:
        return ()
    return (
        f"The members of a couple cannot be told apart: who is {layout.roles[0]} and who "
        f"{layout.roles[1]} is arbitrary, so only models that treat both alike say something.",
    )
