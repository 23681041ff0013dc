"""Office files hold the time of writing; without it the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile

# The earliest a zip archive can say.
MOMENT = (1980, 1, 1, 0, 0, 0)


def steady_zip(archive: bytes) -> bytes:
    """Return a zip archive with the same entries in the same order, none of them dated.

    Args:
        archive: The archive as another library wrote it.
    """
    steady = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(steady, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return steady.getvalue()
