"""`intimacy-analysis validate`: check a file, show what became of it, draft a codebook."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from intimacy_analysis.cli.console import log, step_bar
from intimacy_analysis.cli.exit_codes import OK, WRONG_INPUT
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.codebook_text import write_codebook
from intimacy_analysis.loaders.import_text import import_report_text
from intimacy_analysis.loaders.validation import ValidationReport, validate_file
from intimacy_analysis.report.study_check import StudyFileReport, validate_study_file
from intimacy_analysis.report.study_file import is_study_file
from intimacy_analysis.study.compliance import compliance
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.study import Study


def run_validate(
    file: str,
    *,
    codebook: Path | None,
    write_codebook_to: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Check, print, and leave with 0 for a sound file, 2 for one with problems."""
    if Path(file).suffix.lower() == ".toml":
        _check_study_file(Path(file), codebook, write_codebook_to, quiet=quiet, as_json=as_json)
    if write_codebook_to is not None:
        _draft(Path(file), write_codebook_to, quiet=quiet, as_json=as_json)
        sys.exit(OK)
    with step_bar(("reading and checking the data",), quiet=quiet):
        checked = validate_file(file, codebook=codebook)
    if as_json:
        print(json.dumps(_plain(checked), indent=2, ensure_ascii=False))
    else:
        _say(checked, quiet=quiet)
    sys.exit(OK if checked.ok else WRONG_INPUT)


def _check_study_file(
    file: Path, codebook: Path | None, write_to: str | None, *, quiet: bool, as_json: bool
) -> NoReturn:
    """Check a study file with all it names, and leave."""
    if file.is_file() and not is_study_file(file):
        raise DataError(
            f"a codebook is checked with its data, but {file.name!r} is given as the data. Write: "
            f"intimacy-analysis validate DATA --codebook {file}"
        )
    for option, value in {"--codebook": codebook, "--write-codebook": write_to}.items():
        if value is not None:
            raise SpecError(
                f"{file.name!r} is a study file and names its codebooks itself, but {option} is "
                "given. Leave it out, or name a data file."
            )
    with step_bar(("reading and checking the data",), quiet=quiet):
        checked = validate_study_file(file)
    if as_json:
        print(json.dumps(_plain_study(checked), indent=2, ensure_ascii=False))
    else:
        print(checked)
    for warning in checked.warnings:
        log(warning, quiet=quiet)
    if not as_json:
        _say_problems(checked.problems)
    sys.exit(OK if checked.ok else WRONG_INPUT)


def _plain_study(checked: StudyFileReport) -> dict[str, object]:
    return {
        "file": str(checked.file.path),
        "name": checked.file.name,
        "ok": checked.ok,
        "problems": list(checked.problems),
        "warnings": list(checked.warnings),
        "claims": {
            one.run.claim: {
                "data": one.run.data,
                "kind": one.kind,
                "uses": dict(one.check.uses),
                "absent": list(one.check.absent),
                "rows": one.check.rows,
                "notes": list(one.check.notes),
            }
            for one in checked.claims
        },
        "not_run": list(checked.file.not_run),
    }


def _draft(file: Path, named: str, *, quiet: bool, as_json: bool) -> None:
    """Write a drafted codebook to a new file; with no name, to the .toml beside the data."""
    target = Path(named) if named else file.with_suffix(".toml")
    written = write_codebook(draft_codebook(file), target)
    if as_json:
        print(json.dumps({"file": str(file), "codebook": str(written)}, ensure_ascii=False))
    else:
        print(f"Drafted a codebook: {written}")
    log(
        "Roles, ranges and missing codes in it are guesses. Correct it, then check again: "
        f"intimacy-analysis validate {file} --codebook {written}",
        quiet=quiet,
    )


def _say(checked: ValidationReport, *, quiet: bool) -> None:
    """Print the import report; problems go to standard error, where errors belong."""
    if checked.drafted:
        log(
            "no codebook: the file was checked against a draft whose roles and ranges are "
            "guesses. Write it with --write-codebook, correct it, and check again.",
            quiet=quiet,
        )
    if checked.report is not None:
        print(import_report_text(checked.report), end="")
    if checked.study is not None:
        answered = _answered(checked.study)
        print(f"{answered}\n" if answered else "", end="")
        print(f"No problem in {checked.path}.")
    _say_problems(checked.problems)


def _say_problems(problems: Sequence[str]) -> None:
    for number, problem in enumerate(problems, 1):
        print(f"error {number} of {len(problems)}: {problem}", file=sys.stderr)


def _answered(study: Study) -> str:
    """Return a sentence on who answered, where the diary names what counts as an answer."""
    if not isinstance(study.frame, DiaryFrame):
        return ""  # the import report says who answered
    outcome = study.frame.codebook.with_role("outcome")
    if outcome is None or outcome.name not in study.frame.rows.columns:
        return ""
    return str(compliance(study.frame, outcome.name))


def _plain(checked: ValidationReport) -> dict[str, object]:
    return {
        "file": checked.path,
        "ok": checked.ok,
        "checked_against_a_draft": checked.drafted,
        "problems": list(checked.problems),
        "report": None if checked.report is None else asdict(checked.report),
    }
