"""Write one fitted model to a folder: its tables and its record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from intimacy_analysis.formatting import estimate_rows
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.report.folder import MARK, MARKER, file_hashes, writing_folder
from intimacy_analysis.report.run_record import SCHEMA, fit_results, versions
from intimacy_analysis.tables.write import write_tables

TABLE_FORMATS = ("csv", "html", "tex", "md", "txt")


def write_fit(
    result: MixedModelResult, folder: Path, *, asked: Mapping[str, object], data_sha256: str
) -> None:
    """Write tables/ and run.json of one fit.

    Args:
        result: The fit.
        folder: New, empty, or an earlier output of ours.
        asked: What was asked, for the record.
        data_sha256: Of the data file's bytes.

    Raises:
        DataError: The folder holds something else, or cannot be written.
    """
    with writing_folder(folder) as place:
        for name, table in (
            ("fixed_effects", result.estimates),
            ("covariance_parameters", result.covariance_parameters),
        ):
            write_tables(estimate_rows(table), place / "tables", name, formats=TABLE_FORMATS)
        record = {
            "made_by": MARK,
            "schema": SCHEMA,
            "command": "fit",
            "asked": dict(asked),
            "data": {"sha256": data_sha256},
            "versions": versions(),
            "results": fit_results(result),
            "files": file_hashes(place),
        }
        text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (place / MARKER).write_text(text, encoding="utf-8", newline="\n")
