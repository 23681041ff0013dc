"""A daily measure split into what differs between days and what differs between persons."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.new_columns import NewColumn, add_new_columns, check_names_free
from intimacy_analysis.transforms.numeric_column import numeric_column
from intimacy_analysis.transforms.person_groups import PersonGroups, person_groups


def center_within_person(diary: DiaryFrame, column: str, *, by: str | None = None) -> DiaryFrame:
    """Add `<column>_within` and `<column>_between`, both in the column's own unit.

    The within part is the value minus the person's own mean; the between part is the person's
    mean minus the mean of the persons' means, so that persons count equally however many days
    they answered. Means are taken over the days with a value. A missing value has no within
    part; a person without any value has neither.

    Args:
        diary: Left as it is.
        column: A measured column that varies from day to day.
        by: Column that divides a person's days, e.g. "weekend": weekdays are then centered on
            the person's weekday mean and weekends on the person's weekend mean. The between
            part stays the person's mean over all days. A day with no value in `by` has no
            within part.

    Raises:
        DataError: No such column, text, infinite values, nothing that varies from day to day,
            or a new name that is in use. Nothing is added then.

    Source:
        docs/maths/transforms.md, eq. 3 to 5.
    """
    names = (f"{column}_within", f"{column}_between")
    values = numeric_column(diary, column)
    check_names_free(diary, names)
    persons = person_groups(diary)
    cells = persons if by is None else person_groups(diary, by)
    _check_varies_within(values, cells, column, by)
    person_means = persons.means(values)
    between = persons.spread(person_means - np.nanmean(person_means))
    within = values - cells.spread(cells.means(values))
    variable = diary.codebook[column]
    label = variable.label or column
    own_mean = "person mean" if by is None else f"person mean of the same {by}"
    source = column if by is None else f"{column}, {by}"
    centered = add_new_columns(
        diary,
        source,
        [
            NewColumn(
                variable=Variable(
                    name=names[0],
                    label=f"{label}, deviation from the {own_mean}",
                    unit=variable.unit,
                    level="day",
                ),
                values=within,
                operation=f"minus {own_mean}",
            )
        ],
    )
    return add_new_columns(
        centered,
        column,
        [
            NewColumn(
                variable=Variable(
                    name=names[1],
                    label=f"{label}, person mean minus the mean of all persons' means",
                    unit=variable.unit,
                    level="person",
                ),
                values=between,
                operation="person mean, minus the mean of the persons' means",
            )
        ],
    )


def _check_varies_within(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    cells: PersonGroups,
    column: str,
    by: str | None,
) -> None:
    if cells.vary_within(values):
        return
    where = "within a person" if by is None else f"within a person's days of the same {by}"
    raise DataError(
        f"{column!r} must vary {where} to be centered there, but for none of the "
        f"{int((cells.counts(values) > 0).sum())} {'persons' if by is None else 'cells'} does it. "
        + (
            "Use the column as it is: it describes persons, not days."
            if by is None
            else "Center without `by`, or check the columns."
        )
    )
