"""A study: data with their source, their kind, and how they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.source import Source

DataKind = Literal["original", "published summary", "synthetic"]
DATA_KINDS: tuple[DataKind, ...] = ("original", "published summary", "synthetic")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStep:
    """One thing the reader did on the way from the file to the frame.

    Attributes:
        what: What was done, in a reader's words.
        n_rows: Rows concerned; None where rows are not the measure.
        column: Column concerned; empty for all.
        detail: Why, or which; empty where `what` says it all.
    """

    what: str
    n_rows: int | None = None
    column: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file's rows and columns.

    Attributes:
        path: The file as the user named it; "" for a frame in memory.
        format: "csv", "tsv", "parquet", "excel", "spss", "stata", "qualtrics", "frame".
        sha256: Of the file's bytes (of the frame's CSV form in memory).
        n_read: Rows read.
        n_kept: Rows kept.
        n_persons: Persons kept.
        steps: Every drop, recode, rename and notice, in order.
    """

    path: str
    format: str
    sha256: str
    n_read: int
    n_kept: int
    n_persons: int
    steps: tuple[ImportStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Data with their source.

    Attributes:
        name: Short name ("shared_time_diary") or the file's stem.
        title: One line for a heading.
        kind: "original", "published summary" or "synthetic".
        frame: The diary.
        source: Who made the data; None where the codebook does not say.
        report: How the data were read.
        truth: Name and value of each parameter put into synthetic data; empty otherwise.
        seed: Seed of synthetic data; None otherwise.
        notes: Sentences from the codebook that a reader must see.
        missing_reasons: Why a value is missing ("refused"), where the file or the codebook says
            so; one row a row of `frame.rows`, only the columns that have a reason, None elsewhere.
    """

    name: str
    title: str
    kind: DataKind
    frame: DiaryFrame
    report: ImportReport
    source: Source | None = None
    truth: dict[str, float] = field(default_factory=dict)
    seed: int | None = None
    notes: tuple[str, ...] = ()
    missing_reasons: pd.DataFrame = field(default_factory=pd.DataFrame)
