"""`intimacy-analysis reproduce`: examine a claim, write the report, say what it says."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

import matplotlib

from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.cli.console import log, step_bar
from intimacy_analysis.cli.exit_codes import OF_STATE
from intimacy_analysis.errors import SpecError
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.report.reproduction import STEPS, Report, reproduce, rerun
from intimacy_analysis.report.run_record import RunOptions, results


def run_reproduce(
    *,
    claim: str,
    data: str | None,
    codebook: Path | None,
    folder: Path,
    seed: int | None,
    bootstrap: int | None,
    df_method: Literal["satterthwaite", "kenward-roger"],
    confidence: float,
    smallest_effects: tuple[str, ...],
    variables: tuple[str, ...],
    per_person: bool,
    record: Path | None,
    formats: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> None:
    """Run and leave with the exit code of the fit's state."""
    # Drawn off screen: a command opens no window, whatever display the settings name.
    matplotlib.use("agg")
    if record is not None:
        _check_alone(codebook, seed, bootstrap, smallest_effects, variables, formats)
        with step_bar(STEPS, quiet=quiet) as tell:
            report = rerun(record, folder, data=None if data is None else Path(data), progress=tell)
    else:
        sizes = _sizes(smallest_effects)
        if not 0 < confidence < 1:
            raise SpecError(
                f"--confidence must lie between 0 and 1, got {confidence:g}. Write 0.95 for 95 %."
            )
        options = _options(claim, data, codebook, seed, bootstrap, df_method, confidence, sizes)
        options = replace(
            options,
            per_person=per_person,
            variables=_variables(variables),
            formats=formats,
        )
        with step_bar(STEPS, quiet=quiet) as tell:
            report = reproduce(options, folder, progress=tell)
    _say(report, quiet=quiet, as_json=as_json)
    sys.exit(OF_STATE[report.evidence.state])


def _options(
    claim: str,
    data: str | None,
    codebook: Path | None,
    seed: int | None,
    bootstrap: int | None,
    df_method: Literal["satterthwaite", "kenward-roger"],
    confidence: float,
    sizes: dict[str, float],
) -> RunOptions:
    named = data if data is not None else find_claims(claim).study
    # A file of that name in the folder is what the user means.
    bundled = data is None or (data in bundled_studies() and not Path(data).exists())
    if bundled and codebook is not None:
        raise SpecError(
            f"a codebook belongs to a data file, but the data are the bundled study {named!r}. "
            "Name your file with --data."
        )
    usual_bootstrap, usual_seed = find_claims(claim).usual
    return RunOptions(
        claim=claim,
        data=named,
        place="bundled" if bundled else "file",
        codebook=None if codebook is None else str(codebook),
        df_method=df_method,
        confidence=confidence,
        seed=usual_seed if seed is None else seed,
        bootstrap=usual_bootstrap if bootstrap is None else bootstrap,
        smallest_effects=sizes,
    )


def _sizes(given: tuple[str, ...]) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for text in given:
        key, _, size = text.partition("=")
        try:
            sizes[key.strip()] = float(size)
        except ValueError as error:
            raise SpecError(
                f"--smallest-effect must read CLAIM=SIZE, such as weekday=0.05, got {text!r}."
            ) from error
    return sizes


def _variables(given: tuple[str, ...]) -> dict[str, str]:
    named: dict[str, str] = {}
    for text in given:
        construct, equals, name = (part.strip() for part in text.partition("="))
        if not (construct and equals and name):
            raise SpecError(
                "--variable must read CONSTRUCT=NAME, such as relationship_satisfaction=ras, got "
                f"{text!r}."
            )
        if construct in named:
            raise SpecError(
                f"each construct may be named once with --variable, but {construct!r} is named "
                f"twice: {named[construct]!r} and {name!r}. Leave one out."
            )
        named[construct] = name
    return named


def _check_alone(
    codebook: Path | None,
    seed: int | None,
    bootstrap: int | None,
    smallest_effects: tuple[str, ...],
    variables: tuple[str, ...],
    formats: tuple[str, ...],
) -> None:
    given = {
        "--codebook": codebook,
        "--seed": seed,
        "--bootstrap": bootstrap,
        "--smallest-effect": smallest_effects or None,
        "--variable": variables or None,
        "--format": formats or None,
    }
    for option, value in given.items():
        if value is not None:
            raise SpecError(
                f"--from repeats a run with its own options, so {option} cannot be given beside "
                "it. Leave one of the two out."
            )


def _say(report: Report, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        answer = {
            "claim": report.options.claim,
            "data": report.options.data,
            "kind": report.evidence.kind,
            "page": report.page.as_posix(),
            **results(report.evidence),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print(report.evidence)
        print(f"\nReport: {report.page}")
    if report.evidence.state != "ok" and not quiet:
        for warning in report.evidence.warnings:
            log(f"warning: {warning}", quiet=quiet)
