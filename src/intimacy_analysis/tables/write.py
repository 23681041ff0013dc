"""Write a table in several formats at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.formatting import Table, estimate_rows, text_lines
from intimacy_analysis.tables.excel import excel_workbook
from intimacy_analysis.tables.html_page import html_page
from intimacy_analysis.tables.latex import latex_table
from intimacy_analysis.tables.markdown import markdown_table
from intimacy_analysis.tables.raw_csv import raw_csv
from intimacy_analysis.tables.word import word_document

_WRITERS = {
    "txt": lambda table: "\n".join([*text_lines(table), ""]).encode(),
    "md": lambda table: markdown_table(table).encode(),
    "html": lambda table: html_page(table).encode(),
    "tex": lambda table: latex_table(table).encode(),
    "csv": lambda table: raw_csv(table).encode(),
    "docx": word_document,
    "xlsx": excel_workbook,
}
TEXT_FORMATS = ("txt", "md", "html", "tex", "csv")
FORMATS = tuple(_WRITERS)


def write_tables(
    table: EstimateTable | Table,
    folder: Path | str,
    name: str,
    *,
    formats: Sequence[str] = TEXT_FORMATS,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write `folder/name.<format>` for each format and return the paths, in that order.

    The same table gives the same bytes on every machine. The CSV file holds the raw numbers at
    full precision, without title and notes; the others hold what a reader sees.

    Args:
        table: An engine's answer, or any table.
        folder: Made if it is not there.
        name: File name without ending.
        formats: Of "txt", "md", "html", "tex", "csv", "xlsx" and "docx" (the extra `word`).
        overwrite: Whether files that are there may be replaced.

    Raises:
        SpecError: For an unknown format, a name that is a path, a file that is there, or "docx"
            without python-docx; nothing has been written then.
    """
    unknown = [kind for kind in formats if kind not in _WRITERS]
    if unknown:
        raise SpecError(
            f"formats must be of {', '.join(FORMATS)}, but {len(unknown)} are not; the first is "
            f"{unknown[0]!r}. Write the file ending without the point."
        )
    if Path(name).name != name or not name:
        raise SpecError(
            f"name must be a file name without folders, but is {name!r}. Put folders in `folder`."
        )
    shown = table if isinstance(table, Table) else estimate_rows(table)
    # Everything is made before anything is written, so that a failure leaves no half set.
    contents = {Path(folder) / f"{name}.{kind}": _WRITERS[kind](shown) for kind in formats}
    there = [path for path in contents if path.exists()]
    if there and not overwrite:
        raise SpecError(
            f"no file may be replaced unasked, but {len(there)} of {len(contents)} are there; the "
            f"first is {there[0].name!r}. Choose another name, or pass overwrite=True."
        )
    Path(folder).mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        path.write_bytes(content)
    return tuple(contents)
