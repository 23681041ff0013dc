"""`intimacy-analysis new-study`: a study file and codebooks to fill in."""

from __future__ import annotations

import json
from pathlib import Path

from intimacy_analysis.cli.console import log
from intimacy_analysis.report.new_study import new_study


def run_new_study(claims: tuple[str, ...], *, folder: Path, quiet: bool, as_json: bool) -> None:
    """Write the files and say what to do with them."""
    written = new_study(folder, claims)
    if as_json:
        print(json.dumps({"written": [path.as_posix() for path in written]}))
    else:
        for path in written:
            print(f"Wrote {path}")
    study = written[0]
    log(
        f"Fill in the codebooks, name your files in {study}, then check:\n"
        f"intimacy-analysis validate {study}",
        quiet=quiet,
    )
