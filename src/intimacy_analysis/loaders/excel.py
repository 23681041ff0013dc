"""Read one sheet of an Excel workbook."""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.checks import check_unique_names
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.study import ImportStep

# A workbook of real answers stays far below; a "zip bomb" does not.
_LARGEST_UNPACKED = 2_000_000_000


def read_excel(
    path: Path, data: bytes, *, settings: FileSettings, wanted: Collection[str] | None = None
) -> RawTable:
    """Read the sheet that the codebook names, or the first.

    The first row that holds anything is the header. Of a formula the stored result is read.

    Args:
        path: Where it came from, for the report.
        data: The bytes of the file.
        settings: `sheet` names the sheet.
        wanted: Columns to keep; None for all.

    Raises:
        DataError: Where the workbook is damaged, old (.xls), or has no such sheet.
    """
    cells, title, others = _cells(data, settings.sheet)
    start = next((place for place, row in enumerate(cells) if not _blank(row)), None)
    if start is None:
        raise DataError(
            f"the sheet {title!r} must hold a header and data, but it is empty. "
            f'Name another one under [study]: sheet = "...". {near_names("", others)}'
        )
    names = ["" if cell is None else str(cell).strip() for cell in cells[start]]
    check_unique_names(name for name in names if name)
    body = cells[start + 1 :]
    while body and _blank(body[-1]):  # Excel keeps rows that were only formatted
        body.pop()
    steps = [ImportStep(what="sheet read", detail=repr(title))]
    unnamed = [
        place
        for place, name in enumerate(names)
        if not name and any(row[place] is not None for row in body)
    ]
    if unnamed:
        steps.append(
            ImportStep(
                what="columns without a name left out",
                detail=f"column {unnamed[0] + 1} is the first of {len(unnamed)}",
            )
        )
    index = pd.RangeIndex(start + 2, start + 2 + len(body), name="sheet row")
    columns = pd.DataFrame(
        {
            name: pd.Series([row[place] for row in body], index=index).infer_objects()
            for place, name in enumerate(names)
            if name and (wanted is None or name in wanted)
        },
        index=index,
    )
    return RawTable(
        columns=columns,
        format="excel",
        sha256=hashlib.sha256(data).hexdigest(),
        path=str(path),
        n_read=len(body),
        names=tuple(name for name in names if name),
        steps=tuple(steps),
    )


def _cells(data: bytes, sheet: str) -> tuple[list[tuple[Any, ...]], str, list[str]]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(
            "an Excel workbook of the .xlsx format is needed, but this is an old .xls workbook "
            "or one with a password. Save it in Excel as .xlsx without password, or as CSV UTF-8."
        )
    # Imported here: openpyxl takes a third of a second and only workbooks need it.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise DataError(
                "a workbook must unpack to less than 2 GB, but this one says "
                f"{unpacked / 1e9:.1f} GB. Export the sheet as CSV UTF-8."
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                titles = [page.title for page in book.worksheets]
                title = _sheet_title(sheet, titles)
                page = book[title]
                page.reset_dimensions()  # the stored size is often wrong
                cells = [tuple(row) for row in page.iter_rows(values_only=True)]
            finally:
                book.close()
    except DataError:
        raise
    except Exception as error:  # openpyxl raises many kinds for a damaged workbook
        raise DataError(
            "the file must be a whole Excel workbook, but it cannot be read "
            f"({type(error).__name__}). Open it in Excel and save it again, or export it as "
            "CSV UTF-8."
        ) from None
    width = max((len(row) for row in cells), default=0)
    return [row + (None,) * (width - len(row)) for row in cells], title, titles


def _sheet_title(sheet: str, titles: list[str]) -> str:
    if not titles:
        raise DataError(
            "a workbook must hold at least one sheet of cells, but it holds none. "
            "Export the data as CSV UTF-8."
        )
    if sheet and sheet not in titles:
        raise DataError(
            f"the sheet named in the codebook must be in the workbook, but {sheet!r} is none of "
            f"{len(titles)}. {near_names(sheet, titles)}"
        )
    return sheet or titles[0]


def _blank(row: tuple[Any, ...]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)
