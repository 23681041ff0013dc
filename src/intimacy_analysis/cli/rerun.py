"""`intimacy-analysis rerun`: repeat a recorded run and compare every number."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from intimacy_analysis.cli.console import count_bar
from intimacy_analysis.cli.exit_codes import NOT_THE_SAME, OF_STATE
from intimacy_analysis.cli.reproduce_all import processors
from intimacy_analysis.report.repeat import repeat_run
from intimacy_analysis.report.run_record import read_run_records


def run_rerun(
    record: Path,
    *,
    folder: Path,
    data: Path | None,
    n_jobs: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Repeat the run and leave with 5 where a value differs, else with the state's exit code."""
    with count_bar("repeating claims", len(read_run_records(record)), quiet=quiet) as tell:
        repeated = repeat_run(
            record,
            folder,
            data=data,
            n_jobs=n_jobs or processors(),
            done=lambda key, count: tell(count),
        )
    if as_json:
        answer = {
            "page": repeated.report.page.as_posix(),
            "same": repeated.same,
            "n_values": repeated.n_values,
            "differences": [
                {"place": one.place, "recorded": one.recorded, "found": one.found}
                for one in repeated.differences
            ],
            "changed_versions": {
                name: list(pair) for name, pair in repeated.changed_versions.items()
            },
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(f"{repeated}\n\nReport: {repeated.report.page}")
    sys.exit(OF_STATE[repeated.report.state] if repeated.same else NOT_THE_SAME)
