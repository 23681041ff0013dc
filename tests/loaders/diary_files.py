"""One small diary, written into files of every format."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

CODEBOOK = """
[study]
name = "small"
title = "A small diary"

[columns.person]
from = "ID"
role = "person"

[columns.date]
from = "Date"
role = "date"

[columns.hours]
from = "Shared hours (h)"
label = "Hours together"
unit = "hours"
range = [0, 24]
role = "predictor"

[columns.intimacy]
from = "Int"
unit = "points"
range = [1, 7]
role = "outcome"
values = { "1" = "not at all", "7" = "very" }
missing = { "-99" = "refused" }
"""


def small_diary() -> pd.DataFrame:
    """Two persons, Friday 1 to Monday 4 March 2024; Sunday is a gap; one refusal."""
    return pd.DataFrame(
        {
            "ID": [1, 1, 1, 2, 2, 2],
            "Date": ["2024-03-01", "2024-03-02", "2024-03-04"] * 2,
            "Shared hours (h)": [1.5, 8.0, 2.0, 3.25, 6.0, None],
            "Int": [4.0, 6.0, -99.0, 5.0, 7.0, 2.0],
            "Comment": ["a", "b", None, "d", "e", "f"],
        }
    )


def write_beside(folder: Path, codebook: str = CODEBOOK, name: str = "diary") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(codebook, encoding="utf-8")
    return path


def write_csv(folder: Path, text: str, *, codebook: str = CODEBOOK, encoding="utf-8") -> Path:
    """Write a CSV file and its codebook; return the CSV file."""
    write_beside(folder, codebook)
    path = folder / "diary.csv"
    path.write_bytes(text.encode(encoding))
    return path


# Person, day, predictor and outcome under their own names: enough for most checks.
PLAIN_CODEBOOK = """
[columns.person]
role = "person"
[columns.day]
role = "day"
[columns.hours]
unit = "hours"
range = [0, 24]
role = "predictor"
[columns.intimacy]
unit = "points"
range = [1, 7]
role = "outcome"
"""

PLAIN_CSV = """person,day,hours,intimacy
w1,0,1,4
w1,1,2,5
w1,2,3,6
w2,0,4,2
w2,1,5,3
w2,2,6,4
"""
