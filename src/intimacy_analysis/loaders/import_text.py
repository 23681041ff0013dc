"""An import report as lines of text."""

from __future__ import annotations

from intimacy_analysis.study.study import ImportReport, ImportStep

_FORMATS = {
    "csv": "CSV",
    "tsv": "tab-separated text",
    "parquet": "Parquet",
    "excel": "Excel",
    "spss": "SPSS",
    "stata": "Stata",
    "qualtrics": "Qualtrics CSV export",
    "frame": "table in memory",
}


def import_report_text(report: ImportReport) -> str:
    """Return what became of a file's rows and columns, in lines a reader can follow."""
    dropped = report.n_read - report.n_kept
    lines = [
        f"{report.path or 'data'} ({_FORMATS.get(report.format, report.format)})",
        f"  rows read     {report.n_read:>9,}",
        f"  rows dropped  {dropped:>9,}",
        f"  rows kept     {report.n_kept:>9,}  of {report.n_persons:,} persons",
    ]
    if report.couples is not None:
        counts = report.couples
        share = 100 * counts.n_missing_cells / counts.n_cells if counts.n_cells else 0.0
        lines += [
            f"  couples read  {counts.n_read:>9,}",
            f"  couples kept  {counts.n_kept:>9,}  {counts.n_one_member:,} with one member only",
            f"  missing cells {counts.n_missing_cells:>9,}  of {counts.n_cells:,} ({share:.1f} %)",
        ]
    lines += [f"  - {_line(step)}" for step in report.steps]
    lines.append(f"  sha256 {report.sha256}")
    return "\n".join(lines) + "\n"


def _line(step: ImportStep) -> str:
    column = f"{step.column}: " if step.column else ""
    rows = "" if step.n_rows is None else f" ({step.n_rows:,} row{'s' * (step.n_rows != 1)})"
    detail = f"; {step.detail}" if step.detail else ""
    return f"{column}{step.what}{rows}{detail}"
