"""A daily measure in standard deviations, within persons and between them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import Level, Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.new_columns import NewColumn, add_new_columns, check_names_free
from intimacy_analysis.transforms.numeric_column import numeric_column
from intimacy_analysis.transforms.person_groups import person_groups

Part = Literal["within", "between", "both"]
_PARTS: dict[Part, tuple[Part, ...]] = {
    "within": ("within",),
    "between": ("between",),
    "both": ("within", "between"),
}


def standardize(diary: DiaryFrame, column: str, *, part: Part = "within") -> DiaryFrame:
    """Add `<column>_within_z`, `<column>_between_z`, or both.

    Within: deviation from the person's mean, divided by the pooled within-person SD (squared
    deviations over the days minus one of each person, summed). Between: person mean minus the
    mean of the persons' means, divided by the SD of the person means (over persons minus one;
    persons count equally). The SD used stands in the lineage.

    Args:
        diary: Left as it is.
        column: A measured column.
        part: Which of the two parts.

    Raises:
        SpecError: Another `part`.
        DataError: No such column, text, infinite values, a part that does not vary, or a new
            name that is in use. Nothing is added then.

    Source:
        docs/maths/transforms.md, eq. 7 and 8.
    """
    if part not in _PARTS:
        raise SpecError(f"part must be 'within', 'between' or 'both', got {part!r}.")
    names = [f"{column}_{one}_z" for one in _PARTS[part]]
    values = numeric_column(diary, column)
    check_names_free(diary, names)
    make = {"within": _within, "between": _between}
    return add_new_columns(
        diary, column, [make[one](diary, column, values) for one in _PARTS[part]]
    )


def _within(diary: DiaryFrame, column: str, values: NDArray[np.float64]) -> NewColumn:
    persons = person_groups(diary)
    counts = persons.counts(values)
    if not persons.vary_within(values):
        raise DataError(
            f"{column!r} must vary within persons, but for none of the {int((counts > 0).sum())} "
            "with a value does it. Ask for part='between': it describes persons, not days."
        )
    deviation = values - persons.spread(persons.means(values))
    spare = float(np.maximum(counts - 1, 0).sum())
    sd = float(np.sqrt(np.nansum(deviation**2) / spare))
    return _new_column(
        diary,
        column,
        "within",
        deviation / sd,
        f"minus person mean, divided by the pooled within-person SD ({sd:.6g})",
    )


def _between(diary: DiaryFrame, column: str, values: NDArray[np.float64]) -> NewColumn:
    persons = person_groups(diary)
    means = persons.means(values)
    seen = means[~np.isnan(means)]
    if len(seen) < 2 or bool(np.all(seen == seen[0])):
        raise DataError(
            f"person means of {column!r} must differ, but the {len(seen)} persons with a value "
            "have one and the same. Ask for part='within'."
        )
    deviation = means - seen.mean()
    sd = float(seen.std(ddof=1))
    return _new_column(
        diary,
        column,
        "between",
        persons.spread(deviation / sd),
        f"person mean, minus the mean of the persons' means, divided by their SD ({sd:.6g})",
    )


def _new_column(
    diary: DiaryFrame,
    column: str,
    part: Literal["within", "between"],
    values: NDArray[np.float64],
    operation: str,
) -> NewColumn:
    level: Level = "day" if part == "within" else "person"
    variable = diary.codebook[column]
    return NewColumn(
        variable=Variable(
            name=f"{column}_{part}_z",
            label=f"{variable.label or column}, standardized {part} persons",
            unit=f"SDs {part} persons",
            level=level,
        ),
        values=values,
        operation=operation,
    )
