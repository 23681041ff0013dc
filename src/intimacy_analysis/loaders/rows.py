"""Read the rows of a file of any known format."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.delimited import read_delimited
from intimacy_analysis.loaders.excel import read_excel
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.parquet import read_parquet
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.loaders.statistical_file import read_statistical_file
from intimacy_analysis.study.checks import check_readable_file
from intimacy_analysis.study.codebook import near_names

TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
EXCEL_ENDINGS = (".xlsx", ".xlsm")
STATISTICAL_ENDINGS = (".sav", ".zsav", ".por", ".dta")
ENDINGS = (*TEXT_ENDINGS, *EXCEL_ENDINGS, ".parquet", *STATISTICAL_ENDINGS)


def read_rows(
    path: Path | str,
    *,
    settings: FileSettings | None = None,
    text_columns: Collection[str] = (),
    wanted: Collection[str] | None = None,
) -> RawTable:
    """Read a file as it is, before any codebook is applied.

    Args:
        path: A .csv, .tsv, .txt, .xlsx, .parquet, .sav, .zsav, .por or .dta file.
        settings: What the codebook says of the file.
        text_columns: Columns of a text file kept as written, such as ids.
        wanted: Columns to read; None for all.

    Raises:
        DataError: Where the file is missing, empty, a folder, of another format, or damaged.
    """
    path = Path(path)
    settings = settings or FileSettings()
    ending = path.suffix.lower()
    try:
        check_readable_file(path)
        if ending not in ENDINGS:
            raise _unknown_ending(path)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"the file {str(path)!r} must be readable, but it is not ({type(error).__name__}). "
            "Check its name and your rights to it, and close it in other programs."
        ) from None
    if ending in TEXT_ENDINGS:
        return read_delimited(
            path, data, settings=settings, text_columns=text_columns, wanted=wanted
        )
    if ending in EXCEL_ENDINGS:
        return read_excel(path, data, settings=settings, wanted=wanted)
    if ending == ".parquet":
        return read_parquet(path, data, wanted=wanted)
    return read_statistical_file(path, data, kind=ending[1:], settings=settings, wanted=wanted)


def _unknown_ending(path: Path) -> DataError:
    ending = path.suffix.lower()
    if ending in (".xls", ".ods", ".numbers"):
        remedy = "Save the sheet as .xlsx or as CSV UTF-8."
    elif ending in (".rds", ".rdata", ".rda"):
        remedy = 'In R, write it with write.csv(data, "data.csv", row.names = FALSE).'
    elif ending in (".sas7bdat", ".xpt", ".mat", ".json", ".zip", ".gz"):
        remedy = "Export the data as CSV UTF-8 from the program they came from."
    else:
        remedy = (
            near_names(ending, ENDINGS) if ending else "Give the file the ending of its format."
        )
    return DataError(
        f"a data file must end in {', '.join(ENDINGS)}, but {path.name!r} does not. {remedy}"
    )
