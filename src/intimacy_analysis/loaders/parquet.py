"""Read a Parquet file with pyarrow, which is an optional part of an installation."""

from __future__ import annotations

import hashlib
import importlib.util
import io
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.checks import check_unique_names


def read_parquet(path: Path, data: bytes, *, wanted: Collection[str] | None = None) -> RawTable:
    """Read a Parquet file.

    Args:
        path: Where it came from, for the report.
        data: The bytes of the file.
        wanted: Columns to read; None for all.

    Raises:
        DataError: Where pyarrow is not installed, or the file is damaged.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise DataError(
            "a Parquet file needs the package pyarrow, but it is not installed. Install it with "
            'pip install "intimacy-analysis[big]", or export the data as CSV.'
        )
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        names = [str(name) for name in file.schema_arrow.names]
        check_unique_names(names)
        read = [name for name in names if wanted is None or name in wanted]
        table = file.read(columns=read)
        table.validate(full=True)  # else a damaged text shows only when it is used
        columns = table.to_pandas(ignore_metadata=True)
    except DataError:
        raise
    except Exception as error:  # pyarrow raises many kinds for a damaged file
        raise DataError(
            "the file must be a whole Parquet file, but it cannot be read "
            f"({type(error).__name__}). Write it again from the program it came from."
        ) from None
    columns = pd.DataFrame(columns)[read]
    columns.index = pd.RangeIndex(1, len(columns) + 1, name="row")
    return RawTable(
        columns=columns,
        format="parquet",
        sha256=hashlib.sha256(data).hexdigest(),
        path=str(path),
        n_read=len(columns),
        names=tuple(names),
    )
