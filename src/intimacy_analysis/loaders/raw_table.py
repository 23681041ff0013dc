"""A file as it was read: columns and what the file itself says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from intimacy_analysis.study.study import ImportStep


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMissing:
    """Codes from `low` to `high` that the file itself declares to be no answer.

    Attributes:
        low: Smallest such code; a text code stands here and in `high`.
        high: Largest such code.
        reason: Its value label, or "user-missing" where it has none.
    """

    low: float | str
    high: float | str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Columns before the codebook is applied.

    Attributes:
        columns: One column a column of the file, under the file's names. The index numbers the
            rows as the user's program does, and its name says in what ("line", "case").
        format: "csv", "tsv", "parquet", "excel", "spss", "stata", "qualtrics" or "frame".
        sha256: Of the file's bytes, or of the CSV form of a frame in memory.
        path: The file as the user named it; "" for a frame.
        n_read: Rows the file holds, before any is dropped.
        names: Names of all columns of the file, read or not, in the file's order.
        labels: Column to what the file says it measures.
        value_labels: Column to (code, label), in order of code.
        missing: Column to the codes the file declares to be no answer.
        reasons: Column to why a value is missing, None where it is not; for files that keep the
            reason in place of the value (Stata's .a to .z).
        steps: What was done while reading.
    """

    columns: pd.DataFrame
    format: str
    sha256: str
    path: str
    n_read: int
    names: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, tuple[tuple[float | str, str], ...]] = field(default_factory=dict)
    missing: Mapping[str, tuple[DeclaredMissing, ...]] = field(default_factory=dict)
    reasons: Mapping[str, pd.Series] = field(default_factory=dict)
    steps: tuple[ImportStep, ...] = ()
