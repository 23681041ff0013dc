"""Save a figure as a journal wants it, with its numbers and its alternative text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.style import journal_style
from intimacy_analysis.formatting import csv_text

FigureFormat = Literal["svg", "pdf", "png"]

# Without these keys a file would carry the moment it was made.
_METADATA: dict[FigureFormat, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
}


def save_figure(
    figure: Figure,
    path_stem: Path | str,
    *,
    data: pd.DataFrame | Mapping[str, pd.DataFrame],
    alt_text: str,
    caption: str = "",
    formats: Sequence[FigureFormat] = ("svg", "pdf", "png"),
    dpi: int = 600,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write the picture, its numbers as CSV and the alternative text; return the paths.

    The same figure gives the same bytes in every run with the same version of matplotlib.

    Args:
        figure: What a `draw_...` function drew on (`ax.figure`).
        path_stem: Folder and name without ending; the folder is made if it is not there.
        data: The numbers drawn: one frame (`<name>.csv`) or several by name
            (`<name>_<key>.csv`).
        alt_text: What a reader who cannot see the figure needs; written to `<name>.txt`.
        caption: Written to `<name>_caption.txt`, if any.
        formats: Of the picture: any of "svg", "pdf" and "png".
        dpi: Dots per inch of the PNG file.
        overwrite: Whether files that are there may be replaced.

    Raises:
        SpecError: No numbers, no alternative text, no or an unknown format, or a file that is
            there; nothing has been written then.
    """
    stem = Path(path_stem)
    frames = {"": data} if isinstance(data, pd.DataFrame) else dict(data)
    if not frames:
        raise SpecError("a figure must come with its numbers, but `data` is empty. Give a frame.")
    if not alt_text.strip():
        raise SpecError(
            "a figure must come with alternative text, but `alt_text` is empty. "
            "Say in a sentence or two what it shows."
        )
    unknown = [kind for kind in formats if kind not in _METADATA]
    if unknown or not formats:
        raise SpecError(
            f"a figure is saved as {', '.join(_METADATA)}, but {len(unknown)} other formats are "
            f"asked for: {', '.join(map(repr, unknown)) or 'none'}. Name one or more of these."
        )
    contents: dict[Path, bytes] = {}
    with journal_style():
        for kind in dict.fromkeys(formats):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=kind, metadata=_METADATA[kind], dpi=dpi)
            contents[_beside(stem, f".{kind}")] = buffer.getvalue()
    for key, frame in frames.items():
        ending = f"_{key}.csv" if key else ".csv"
        contents[_beside(stem, ending)] = _csv(frame).encode()
    contents[_beside(stem, ".txt")] = f"{alt_text.strip()}\n".encode()
    if caption.strip():
        contents[_beside(stem, "_caption.txt")] = f"{caption.strip()}\n".encode()
    there = [path for path in contents if path.exists()]
    if there and not overwrite:
        raise SpecError(
            f"no file may be replaced unasked, but {len(there)} of {len(contents)} are there; the "
            f"first is {there[0].name!r}. Choose another name, or pass overwrite=True."
        )
    stem.parent.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        path.write_bytes(content)
    return tuple(contents)


def _beside(stem: Path, ending: str) -> Path:
    # Not with_suffix: a point in the name is part of the name.
    return stem.parent / f"{stem.name}{ending}"


def _csv(frame: pd.DataFrame) -> str:
    columns = [
        [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
        for _, column in frame.items()
    ]
    header = [str(name) for name in frame.columns]
    return csv_text(header, zip(*columns, strict=True))
