"""A report's folder: written whole, and never over anything that is not ours."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intimacy_analysis.errors import DataError

MARKER = "run.json"
# What marks a run record as one of this package.
MARK = "intimacy_analysis run"
# What file managers leave in every folder that was looked at.
_IGNORED = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@contextmanager
def writing_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to write to, and move its files to `folder` at the end.

    `folder` may be absent, empty, or hold an earlier report of ours with no file added or
    changed. If anything fails before the end, `folder` stays as it was.

    Raises:
        DataError: The folder holds something else, or cannot be written.
    """
    earlier = check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        near = folder if folder.is_dir() else folder.parent
        # Not tempfile.mkdtemp, whose folders only their maker may read: this becomes the report.
        written = near / f".writing-{secrets.token_hex(8)}"
        written.mkdir()
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield written
        try:
            _move(written, folder, earlier)
        except OSError as error:
            raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(written, ignore_errors=True)


def check_folder(folder: Path) -> tuple[str, ...]:
    """Return the files of an earlier report in `folder`, or raise `DataError` if it is not ours."""
    if not os.path.lexists(folder):
        return ()
    if not folder.is_dir():
        raise DataError(
            f"the report needs a folder, but {folder.name!r} is a file. "
            "Name another place with --out."
        )
    try:
        present = _files(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not present:
        return ()
    ours = _recorded(folder / MARKER)
    if ours is None:
        raise DataError(
            f"the folder {folder.name!r} must be new, empty or an earlier report, but holds "
            f"{len(present)} other files; the first is {sorted(present)[0]!r}. Nothing was "
            "written. Name another folder with --out."
        )
    foreign = sorted(name for name in present if name not in ours and name != MARKER)
    changed = sorted(
        name for name in present if name in ours and _sha256(folder / name) != ours[name]
    )
    if foreign or changed:
        what = "were added" if foreign else "were changed"
        raise DataError(
            f"the earlier report in {folder.name!r} may be replaced only as it was written, but "
            f"{len(foreign or changed)} files {what} since; the first is "
            f"{(foreign or changed)[0]!r}. Nothing was written. Move your files away, or name "
            "another folder with --out."
        )
    return tuple(sorted(present))


def file_hashes(folder: Path) -> dict[str, str]:
    """Return relative path (with "/") to SHA-256 of every file in a folder, in order."""
    return {name: _sha256(folder / name) for name in sorted(_files(folder))}


def _files(folder: Path) -> set[str]:
    found = set()
    for place, folders, names in os.walk(folder):
        here = Path(place)
        # A link may lead anywhere, so it counts as a file of its own, and is none of ours.
        links = [name for name in folders if (here / name).is_symlink()]
        found |= {(here / name).relative_to(folder).as_posix() for name in [*names, *links]}
        folders[:] = [name for name in folders if name not in links]
    return {name for name in found if Path(name).name not in _IGNORED}


def _recorded(marker: Path) -> dict[str, str] | None:
    """Return the files a run record lists, or None where the file is no record of ours."""
    try:
        record = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("made_by") != MARK:
        return None
    files = record.get("files")
    return files if isinstance(files, dict) else None


def _move(written: Path, folder: Path, earlier: tuple[str, ...]) -> None:
    if not folder.is_dir():
        written.replace(folder)
        return
    new = sorted(_files(written), key=lambda name: name == MARKER)
    for name in earlier:
        if name not in new:
            (folder / name).unlink(missing_ok=True)
    for name in new:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (written / name).replace(folder / name)
    for place, _, _ in os.walk(folder, topdown=False):
        here = Path(place)
        if here not in (folder, written) and not any(here.iterdir()):
            here.rmdir()


def _sha256(path: Path) -> str:
    if path.is_symlink():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _unwritable(folder: Path, error: OSError) -> DataError:
    reason = error.strerror or type(error).__name__
    return DataError(
        f"the report must be written to {folder.name!r}, but that is not possible: {reason}. "
        "Name a folder you may write to with --out."
    )
