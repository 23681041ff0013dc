"""The studies that come with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def bundled_studies() -> tuple[str, ...]:
    """Return the names that `load_study` knows without a file."""
    folder = _folder()
    if folder is None:
        return ()
    data = sorted(folder.glob("*.csv"))
    return tuple(path.stem for path in data if path.with_suffix(".toml").is_file())


def bundled_file(name: str) -> Path | None:
    """Return the data file of a bundled study; None for another name."""
    folder = _folder()
    return folder / f"{name}.csv" if folder and name in bundled_studies() else None


def _folder() -> Path | None:
    """Return data/synthetic: inside the package in a wheel, beside `src` in a checkout."""
    package = Path(str(files("intimacy_analysis")))
    inside = package / "data" / "synthetic"
    checkout = package.parents[1] / "data" / "synthetic"
    return next((folder for folder in (inside, checkout) if folder.is_dir()), None)
