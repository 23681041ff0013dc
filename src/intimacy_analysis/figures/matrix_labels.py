"""Names of variables beside the rows of a matrix, and correlations without a leading zero."""

from __future__ import annotations

import math
import textwrap

from intimacy_analysis.figures.style import MM_PER_INCH

# DejaVu Sans needs about 0.6 of its size a sign.
SIGN = 0.6
# Smaller signs cannot be read in print.
LEAST_PT = 6.0
MM_PER_PT = MM_PER_INCH / 72


def row_labels(
    names: list[str], *, room_mm: float, row_mm: float, size_pt: float
) -> tuple[list[str], float]:
    """Return "name  number" for each row, wrapped or cut to fit, and the width they need in mm.

    Args:
        names: Of the variables; underscores become spaces.
        room_mm: Width there is.
        row_mm: Height of a row.
        size_pt: Of the letters.
    """
    per_line = max(8, int(room_mm / (SIGN * size_pt * MM_PER_PT)) - 4)
    n_lines = max(1, int(row_mm / (1.25 * size_pt * MM_PER_PT)))
    labels = []
    for at, name in enumerate(names):
        lines = textwrap.wrap(name.replace("_", " "), per_line, break_long_words=False) or [""]
        if len(lines) > n_lines:
            lines = [*lines[: n_lines - 1], " ".join(lines[n_lines - 1 :])]
        lines = [line if len(line) <= per_line else f"{line[: per_line - 1]}…" for line in lines]
        labels.append("\n".join([*lines[:-1], f"{lines[-1]}  {at + 1}"]))
    longest = max(len(line) for label in labels for line in label.split("\n"))
    return labels, min(room_mm, longest * SIGN * size_pt * MM_PER_PT) + 1


def short_correlation(r: float) -> str:
    """Return r to two decimals without the leading zero; a dash where it is not known."""
    if not math.isfinite(r):
        return "–"
    text = f"{r:.2f}".replace("0.", ".", 1).replace("-", "−")
    return ".00" if text == "−.00" else text
