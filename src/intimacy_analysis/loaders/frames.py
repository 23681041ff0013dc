"""Take a pandas, polars or Arrow table that is already in memory."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Collection
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.checks import check_unique_names
from intimacy_analysis.study.study import ImportStep


def is_table(source: object) -> bool:
    """Return whether `source` is a table that narwhals knows."""
    if isinstance(source, pd.DataFrame):
        return True
    native: Any = source
    try:
        return isinstance(nw.from_native(native, pass_through=True), (nw.DataFrame, nw.LazyFrame))
    except nw.exceptions.NarwhalsError:  # a table, with a name twice: told when it is taken
        return True


def take_table(source: object, *, wanted: Collection[str] | None = None) -> RawTable:
    """Convert a table once, and leave the caller's own as it was.

    A named index of a pandas frame (person, day) becomes columns.

    Args:
        source: A pandas, polars or Arrow table, also a lazy one.
        wanted: Columns to keep; None for all.

    Raises:
        DataError: For an object that is no table, or two columns with one name.
    """
    steps: list[ImportStep] = []
    if isinstance(source, pd.DataFrame):
        frame = source
        named = [name for name in frame.index.names if name is not None]
        if named:
            check_unique_names(str(name) for name in (*named, *frame.columns))
            frame = frame.reset_index(level=named)
            shown = ", ".join(str(name) for name in named)
            steps.append(ImportStep(what="index taken as columns", detail=shown))
        frame = pd.DataFrame(frame.set_axis([str(name) for name in frame.columns], axis=1))
    else:
        try:
            frame = _to_pandas(source)
        except (ValueError, TypeError, nw.exceptions.NarwhalsError) as error:
            if isinstance(error, DataError):
                raise
            raise DataError(
                f"a table must have plain columns with one name each, but this one cannot be "
                f"converted ({type(error).__name__}). Rename or leave out columns, or save the "
                "table as a Parquet file first."
            ) from None
    check_unique_names(frame.columns)
    names = tuple(name for name in frame.columns if name)
    if len(names) < frame.shape[1]:
        steps.append(ImportStep(what="column without a name left out"))
    digest = hashlib.sha256(
        frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "surrogatepass")
    )
    kept = frame[[name for name in names if wanted is None or name in wanted]].copy()
    kept.index = pd.RangeIndex(1, len(kept) + 1, name="row")
    return RawTable(
        columns=kept,
        format="frame",
        sha256=digest.hexdigest(),
        path="",
        n_read=len(kept),
        names=names,
        steps=tuple(steps),
    )


def _to_pandas(source: object) -> pd.DataFrame:
    native: Any = source
    table = nw.from_native(native, pass_through=True)
    if isinstance(table, nw.LazyFrame):
        table = table.collect()
    if not isinstance(table, nw.DataFrame):
        raise DataError(
            "a pandas, polars or Arrow table is needed, but this is a "
            f"{type(source).__name__}. Name a file, or build a table first."
        )
    if importlib.util.find_spec("pyarrow") is not None:
        return pd.DataFrame(table.to_pandas())
    # Without pyarrow, column by column: polars cannot convert itself then.
    return pd.DataFrame({name: table[name].to_list() for name in table.columns})
