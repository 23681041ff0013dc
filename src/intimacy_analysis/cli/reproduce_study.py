"""`intimacy-analysis reproduce --study`: examine claims on the user's own files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from intimacy_analysis.cli.console import count_bar, log, step_bar
from intimacy_analysis.cli.exit_codes import OF_STATE
from intimacy_analysis.cli.reproduce_all import processors, say
from intimacy_analysis.errors import SpecError
from intimacy_analysis.report.document_files import check_formats
from intimacy_analysis.report.study_check import validate_study_file
from intimacy_analysis.report.study_file import listed_problems
from intimacy_analysis.report.whole_report import reproduce_all


def run_reproduce_study(
    study: Path,
    *,
    given: Sequence[str],
    folder: Path,
    per_person: bool,
    formats: tuple[str, ...],
    n_jobs: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run the claims of a study file and leave with the exit code of the gravest state.

    Args:
        study: The study file.
        given: Options of the command that say what the study file says.
        folder: The report's folder.
        per_person: False draws no single person and no single day, whatever the file says.
        formats: What is written beside the page: "docx", "pdf".
        n_jobs: Claims examined at a time; None for one a processor.
        quiet: No progress and no messages.
        as_json: Print the result as JSON.
    """
    if given:
        raise SpecError(
            f"--study takes everything of the claims from its file, but {len(given)} other "
            f"options are given; the first is {given[0]}. Write it into {study.name}, or leave "
            "out --study."
        )
    check_formats(formats)
    with step_bar(("reading and checking the data",), quiet=quiet):
        checked = validate_study_file(study)
    if not checked.ok:
        # Before any model is fitted, and all of it, as `validate` tells it.
        raise listed_problems(study, checked.problems)
    asked = checked.file
    for warning in checked.warnings:
        log(warning, quiet=quiet)
    runs = [
        replace(run, per_person=run.per_person and per_person, formats=formats)
        for run in asked.runs
    ]
    with count_bar("examining claims", len(runs), quiet=quiet) as tell:
        report = reproduce_all(
            runs, folder, n_jobs=n_jobs or processors(), done=lambda key, count: tell(count)
        )
    if not as_json:
        print(f"Study: {asked.name}\n")
    say(report, as_json=as_json)
    if asked.not_run:
        log(
            f"Not run, for the study file does not name them: {', '.join(asked.not_run)}.",
            quiet=quiet,
        )
    sys.exit(OF_STATE[report.state])
