"""Read CSV and TSV files, and Qualtrics' CSV export with its three header rows."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.file_settings import DELIMITERS, FileSettings
from intimacy_analysis.loaders.qualtrics import drop_previews, is_import_row
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.loaders.text_encoding import to_utf8
from intimacy_analysis.study.checks import check_unique_names
from intimacy_analysis.study.study import ImportStep

_SNIFFED = (",", ";", "\t", "|")
_HEAD = 1_000_000
_SAMPLE = 200
# From 3.1 on pandas reads decimals to the last bit by itself and warns of the option.
_EXACT: dict[str, Any] = (
    {}
    if tuple(map(int, pd.__version__.split(".")[:2])) >= (3, 1)
    else {"float_precision": "round_trip"}
)
# One, two, or four and more digits: "1,250" could also be a thousand and is no evidence.
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d+,(\d{1,2}|\d{4,})\s*")
_POINT_NUMBER = re.compile(r"\s*[+-]?\d+\.\d+\s*")


def read_delimited(
    path: Path,
    data: bytes,
    *,
    settings: FileSettings,
    text_columns: Collection[str] = (),
    wanted: Collection[str] | None = None,
) -> RawTable:
    """Read a text table.

    Args:
        path: Where it came from, for the report.
        data: The bytes of the file.
        settings: Encoding, delimiter and decimal sign where the codebook gives them.
        text_columns: Columns kept as they are written (ids: "007" is not 7).
        wanted: Columns to read; None for all.

    Raises:
        DataError: For bytes that are not text, lines that are longer than the header, quotes
            that do not end, two columns with one name.
    """
    body, header = _header(to_utf8(data, encoding=settings.encoding), settings)
    names = [name.strip() for name in header.names]
    check_unique_names(name for name in names if name)
    read = [
        place
        for place, name in enumerate(names)
        if name and (wanted is None or name in wanted or (header.import_row and name == "Status"))
    ]
    layout = _layout(body, len(names), header)
    columns = _columns(
        body, header, read, [p for p in read if names[p] in text_columns], len(names)
    )
    columns.columns = pd.Index([names[place] for place in read])
    columns.index = _numbering(len(columns), header, layout)
    unnamed = names.count("")
    steps = [*layout.steps]
    if unnamed:
        steps.append(
            ImportStep(what="column without a name left out", detail=f"{unnamed} in the header")
        )
    table = RawTable(
        columns=columns,
        format="qualtrics" if header.import_row else "tsv" if header.delimiter == "\t" else "csv",
        sha256=hashlib.sha256(data).hexdigest(),
        path=str(path),
        n_read=len(columns),
        names=tuple(name for name in names if name),
        labels={
            name: " ".join(label.split())
            for name, label in zip(names, header.labels, strict=False)
            if name and label.strip()
        },
        steps=tuple(steps),
    )
    return drop_previews(table, asked=wanted or ()) if header.import_row else table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    names: list[str]
    labels: list[str]
    import_row: bool
    delimiter: str
    decimal: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    many_lines: bool
    steps: tuple[ImportStep, ...]


def _header(data: bytes, settings: FileSettings) -> tuple[bytes, _Header]:
    head = data[:_HEAD].decode("utf-8", errors="ignore")
    skipped = 0
    delimiter = settings.delimiter
    for line in io.StringIO(head, newline=""):
        said = re.fullmatch(r"sep=(.)\s*", line, flags=re.IGNORECASE)
        if said and said[1] in DELIMITERS:
            delimiter = delimiter or said[1]
        elif line.strip():
            break
        skipped += 1
    start = sum(len(line.encode()) for line in islice(io.StringIO(head, newline=""), skipped))
    data, head = data[start:], head[len(data[:start].decode()) :]
    if not head.strip():
        raise DataError(
            "the file must hold a header and data, but it holds blank lines only. "
            "Export it again from the program it came from."
        )
    delimiter = delimiter or _sniff(head)
    consumed, lines = 0, 0

    def counted() -> Iterator[str]:
        nonlocal consumed, lines
        for line in io.StringIO(head, newline=""):
            consumed, lines = consumed + len(line.encode()), lines + 1
            yield line

    reader = csv.reader(counted(), delimiter=delimiter)
    labels: list[str] = []
    try:
        names = next(reader)
        end, used = consumed, lines
        following = list(islice(reader, 2))
        import_row = len(following) == 2 and is_import_row(following[1])
        if import_row:
            labels, end, used = following[0], consumed, lines
        sample = list(islice(reader, _SAMPLE)) + following
    except csv.Error as error:
        raise DataError(
            f"the first lines must read as a table, but they do not: {error}. Check that quotes "
            "are closed, and that the file is text."
        ) from None
    decimal = settings.decimal or _sniff_decimal(sample, delimiter)
    return data[end:], _Header(
        names=names,
        labels=labels,
        import_row=import_row,
        delimiter=delimiter,
        decimal=decimal,
        lines=skipped + used,
    )


def _sniff(head: str) -> str:
    """Return the delimiter that cuts the first records into equally many cells, and most."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _SNIFFED:
        try:
            records = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            sizes = [len(record) for record in islice(records, 100) if record]
        except csv.Error:
            continue
        if not sizes or sizes[0] < 2:
            continue
        score = (sum(size == sizes[0] for size in sizes) / len(sizes), sizes[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _sniff_decimal(sample: list[list[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell for record in sample for cell in record]
    comma = any(_COMMA_NUMBER.fullmatch(cell) for cell in cells)
    point = any(_POINT_NUMBER.fullmatch(cell) for cell in cells)
    return "," if comma and not point else "."


def _columns(
    body: bytes, header: _Header, read: list[int], texts: list[int], n_names: int
) -> pd.DataFrame:
    if not body.strip():
        return pd.DataFrame({place: pd.Series(dtype=object) for place in read})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            columns: pd.DataFrame = pd.read_csv(
                io.BytesIO(body),
                sep=header.delimiter,
                decimal=header.decimal,
                header=None,
                names=list(range(n_names)),
                usecols=read,
                index_col=False,
                dtype=dict.fromkeys(texts, str),
                keep_default_na=False,
                na_values=[""],
                skip_blank_lines=False,
                low_memory=False,
                **_EXACT,
                encoding="utf-8",
            )
            return columns
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError, OverflowError) as error:
        said = re.sub(r"\s+", " ", str(error)).removeprefix("Error tokenizing data. C error: ")
        raise DataError(
            f"the lines must read as a table, but they do not: {said[:200]}. "
            "Check that quotes are closed and that each line has as many cells as the header."
        ) from None


def _layout(body: bytes, n_names: int, header: _Header) -> _Layout:
    """Compare each record's number of cells with the header's; too many is an error."""
    cells, many_lines = _cells_quickly(body, header.delimiter)
    if b'"' in body and bool(((cells != n_names) & (cells > 0)).any()):
        # A quote inside a cell misleads the quick count; the csv module reads it properly.
        cells = _cells_exactly(body, header.delimiter)
    first = 2 if many_lines else header.lines + 1
    unit = "record" if many_lines else "line"
    longer, shorter = cells > n_names, (cells < n_names) & (cells > 0)
    if longer.any():
        place = int(longer.argmax())
        one_more = bool((cells[cells > 0] == n_names + 1).all())
        raise DataError(
            f"each line must have as many cells as the header ({n_names}), but "
            f"{int(longer.sum())} of {len(cells)} have more; the first is {unit} {first + place} "
            f"with {cells[place]}. "
            + (
                "All have one more: give the column without a name one in the header."
                if one_more
                else "Put quotes around text that holds the delimiter, or remove extra cells."
            )
        )
    steps: tuple[ImportStep, ...] = ()
    if shorter.any():
        place = int(shorter.argmax())
        steps = (
            ImportStep(
                what="lines with fewer cells than the header; the absent cells are read as empty",
                n_rows=int(shorter.sum()),
                detail=f"the first is {unit} {first + place} with {cells[place]} of {n_names}",
            ),
        )
    return _Layout(many_lines=many_lines, steps=steps)


def _cells_quickly(body: bytes, delimiter: str) -> tuple[npt.NDArray[np.intp], bool]:
    """Return cells a record (0 for a blank one), and whether a cell holds a line break."""
    if not body.endswith(b"\n"):
        body += b"\n"
    letters = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    n_lines = len(ends)
    between = (
        np.flatnonzero(letters == ord(delimiter)) if len(delimiter.encode()) == 1 else ends[:0]
    )
    quotes = np.flatnonzero(letters == ord('"'))
    if len(quotes):
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        between = between[np.searchsorted(quotes, between) % 2 == 0]
    cells = np.diff(np.searchsorted(between, ends), prepend=0) + 1
    blank = np.diff(ends, prepend=-1) == 1
    cells[blank] = 0
    return cells, len(ends) < n_lines


def _cells_exactly(body: bytes, delimiter: str) -> npt.NDArray[np.intp]:
    try:
        reader = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), delimiter=delimiter)
        return np.array([len(record) for record in reader], dtype=np.intp)
    except csv.Error as error:
        raise DataError(
            f"the lines must read as a table, but they do not: {error}. Check that quotes are "
            "closed."
        ) from None


def _numbering(n_rows: int, header: _Header, layout: _Layout) -> pd.Index:
    if header.import_row:
        return pd.RangeIndex(1, n_rows + 1, name="response")
    if layout.many_lines:
        return pd.RangeIndex(2, n_rows + 2, name="record")
    return pd.RangeIndex(header.lines + 1, header.lines + 1 + n_rows, name="line")
