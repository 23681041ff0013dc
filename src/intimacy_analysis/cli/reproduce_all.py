"""`intimacy-analysis reproduce` without a claim: examine all of them, write one report."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Literal

from intimacy_analysis.claims.registry import CLAIM_SETS
from intimacy_analysis.cli.console import count_bar
from intimacy_analysis.cli.exit_codes import OF_STATE
from intimacy_analysis.errors import SpecError
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.whole_report import WholeReport, reproduce_all


def run_reproduce_all(
    *,
    codebook: Path | None,
    folder: Path,
    seed: int | None,
    bootstrap: int | None,
    df_method: Literal["satterthwaite", "kenward-roger"],
    confidence: float,
    smallest_effects: tuple[str, ...],
    variables: tuple[str, ...],
    per_person: bool,
    formats: tuple[str, ...],
    n_jobs: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run every claim on its bundled study and leave with the exit code of the gravest state."""
    of_one = {
        "--codebook": codebook,
        "--smallest-effect": smallest_effects or None,
        "--variable": variables or None,
    }
    for option, value in of_one.items():
        if value is not None:
            raise SpecError(
                f"{option} belongs to one claim, but all {len(CLAIM_SETS)} are asked for. Name the "
                "claim with --claim."
            )
    if not 0 < confidence < 1:
        raise SpecError(
            f"--confidence must lie between 0 and 1, got {confidence:g}. Write 0.95 for 95 %."
        )
    runs = [
        RunOptions(
            claim=claims.key,
            data=claims.study,
            place="bundled",
            df_method=df_method,
            confidence=confidence,
            seed=claims.usual[1] if seed is None else seed,
            bootstrap=claims.usual[0] if bootstrap is None else bootstrap,
            per_person=per_person,
            formats=formats,
        )
        for claims in CLAIM_SETS
    ]
    with count_bar("examining claims", len(runs), quiet=quiet) as tell:
        report = reproduce_all(
            runs, folder, n_jobs=n_jobs or processors(), done=lambda key, count: tell(count)
        )
    say(report, as_json=as_json)
    sys.exit(OF_STATE[report.state])


def say(report: WholeReport, *, as_json: bool) -> None:
    """Print what a report on several claims found: a line a claim, or everything as JSON."""
    if as_json:
        answer = {
            "page": report.page.as_posix(),
            "state": report.state,
            "claims": {part.key: part.entry for part in report.parts},
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for part in report.parts:
        print(f"{part.title} ({part.kind} data, fits: {part.state})")
        for finding in part.findings:
            print(f"    {finding.verdict}: {finding.claim.says}")
    print(f"\nReport: {report.page}")


def processors() -> int:
    """Return how many processes may work at a time."""
    return max(1, os.cpu_count() or 1)
