"""What is special in a Qualtrics export: its third header row, previews, identifying columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd

from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.study import ImportStep

# Columns of a Qualtrics export that name or locate a person.
IDENTIFYING = frozenset(
    {
        "IPAddress",
        "RecipientEmail",
        "RecipientFirstName",
        "RecipientLastName",
        "LocationLatitude",
        "LocationLongitude",
        "ExternalReference",
        "ExternalDataReference",
    }
)
# The number export writes these for a preview or a test, alone or with the spam flag (8) or the
# offline flag (16).
_PREVIEW_CODES = frozenset({"1", "2", "9", "17"})


def is_import_row(cells: Sequence[str]) -> bool:
    """Return whether this is Qualtrics' third row: {"ImportId": ...} in each cell."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(
        cell.startswith("{") and cell.endswith("}") and '"ImportId"' in cell for cell in filled
    )


def drop_previews(table: RawTable, *, asked: Collection[str] = ()) -> RawTable:
    """Leave out previews and tests of the survey, and columns that identify a person.

    Args:
        table: The export, with the `Status` column where it has one.
        asked: Columns the codebook asks for by name; an identifying one among them is kept.
    """
    rows, steps = table.columns, list(table.steps)
    if "Status" in rows.columns:
        status = rows["Status"].astype(str).str.strip().str.removesuffix(".0")
        words = status.str.casefold()
        preview = words.str.contains("preview|test", regex=True) | status.isin(_PREVIEW_CODES)
        rows = rows[~preview]
        if preview.any():
            steps.append(
                ImportStep(
                    what="previews and tests of the survey dropped",
                    n_rows=int(preview.sum()),
                    column="Status",
                    detail="they are answers of the researchers, not of participants",
                )
            )
        spam = words[~preview].str.contains("spam") | status[~preview].isin({"8", "12"})
        if spam.any():
            steps.append(
                ImportStep(
                    what="rows that Qualtrics marks as possible spam, kept",
                    n_rows=int(spam.sum()),
                    column="Status",
                )
            )
    identifying = [name for name in table.names if name in IDENTIFYING]
    dropped = [name for name in identifying if name not in asked]
    if dropped:
        steps.append(
            ImportStep(
                what="columns that identify a person left out",
                detail=", ".join(dropped) + "; name one in the codebook to keep it",
            )
        )
    kept_by_wish = [name for name in identifying if name in asked]
    if kept_by_wish:
        steps.append(
            ImportStep(
                what="columns that identify a person kept, since the codebook asks for them",
                detail=", ".join(kept_by_wish) + "; share no result that shows them",
            )
        )
    rows = rows.drop(columns=[name for name in dropped if name in rows.columns])
    names = tuple(name for name in table.names if name not in dropped)
    return replace(table, columns=pd.DataFrame(rows), names=names, steps=tuple(steps))
