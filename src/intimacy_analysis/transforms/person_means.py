"""Each person's mean of a daily measure."""

from __future__ import annotations

from dataclasses import replace

from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.new_columns import NewColumn, add_new_columns, check_names_free
from intimacy_analysis.transforms.numeric_column import numeric_column
from intimacy_analysis.transforms.person_groups import person_groups


def add_person_mean(diary: DiaryFrame, column: str) -> DiaryFrame:
    """Add `<column>_person_mean`: the mean over the person's days with a value, in its unit.

    Every row of the person holds it, also a day that was not answered; a person without any
    value has none.

    Raises:
        DataError: No such column, text, infinite values, a constant column, or the new name is
            in use.

    Source:
        docs/maths/transforms.md, eq. 1.
    """
    name = f"{column}_person_mean"
    values = numeric_column(diary, column)
    check_names_free(diary, [name])
    persons = person_groups(diary)
    variable = diary.codebook[column]
    mean = NewColumn(
        variable=replace(
            variable,
            name=name,
            label=f"{variable.label or column}, person mean",
            level="person",
            role="none",
            value_labels=(),
            missing_codes=(),
            source_name="",
        ),
        values=persons.spread(persons.means(values)),
        operation="mean over the person's days with a value",
    )
    return add_new_columns(diary, column, [mean])
