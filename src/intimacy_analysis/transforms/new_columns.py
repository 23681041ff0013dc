"""Columns planned first and written together, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.codebook import Variable
from intimacy_analysis.study.diary import Derivation, DiaryFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColumn:
    """A column that is to be.

    Attributes:
        variable: Its name, unit, level and label.
        values: One number a row of the diary, in the diary's row order; nan for missing.
        operation: How it was made, in a reader's words.
    """

    variable: Variable
    values: NDArray[np.float64]
    operation: str


def check_names_free(diary: DiaryFrame, names: Sequence[str]) -> None:
    """Raise `DataError` where a planned name is in use; called before anything is computed."""
    taken = [name for name in names if name in diary.rows.columns]
    if not taken:
        return
    raise DataError(
        f"new columns must not replace columns that are there, but {len(taken)} of the "
        f"{len(names)} planned {'name is' if len(taken) == 1 else 'names are'} in use; the first "
        f"is {taken[0]!r}. Rename or drop the old column first, or use it as it is."
    )


def add_new_columns(diary: DiaryFrame, source: str, columns: Sequence[NewColumn]) -> DiaryFrame:
    """Return a diary with all of the columns and a derivation of each.

    Args:
        diary: Left as it is.
        source: The column (or columns, joined by a comma) that the new ones were made from.
        columns: What to add, in order.

    Raises:
        DataError: A name is in use; then none is added.
    """
    check_names_free(diary, [column.variable.name for column in columns])
    for column in columns:
        diary = diary.with_column(
            pd.Series(column.values, index=diary.rows.index),
            column.variable,
            Derivation(column=column.variable.name, source=source, operation=column.operation),
        )
    return diary
