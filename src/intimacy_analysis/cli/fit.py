"""`intimacy-analysis fit`: one mixed model from a formula or from named columns."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from intimacy_analysis.cli.console import log, step_bar
from intimacy_analysis.cli.exit_codes import OF_STATE
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formulas import join_terms, quote_name
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.loaders.rows import read_rows
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.report.fit_folder import write_fit
from intimacy_analysis.report.folder import check_folder
from intimacy_analysis.report.run_record import fit_results
from intimacy_analysis.study.codebook import Codebook, Role, Variable, near_names
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.transforms.centering import center_within_person

STEPS = ("reading the data", "fitting the model")
# Stands in for the day where neither a codebook nor --time names one.
_ORDER = "row of the person"


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRequest:
    """What `fit` was asked.

    Attributes:
        file: Data file, or the name of a bundled study.
        codebook: Codebook file; None for the one beside the data, if there is one.
        formula: "y ~ x + (1 + x | person)"; None where columns are named one by one.
        outcome: Outcome of the structured form.
        within: Columns that enter centered within person.
        between: Columns that enter as person means, centered.
        random: Columns of `within` whose slopes vary between persons.
        group: The person column; None for the codebook's.
        center: Columns to center for use in `formula`.
        residuals: Residual structure.
        time: Column of times.
        criterion: "reml" or "ml".
        df_method: Degrees of freedom.
        intervals: Kind of intervals.
        standard_errors: Kind of standard errors.
        confidence: Coverage of the intervals.
        seed: Seed of bootstrap intervals.
    """

    file: str
    codebook: Path | None
    formula: str | None
    outcome: str | None
    within: tuple[str, ...]
    between: tuple[str, ...]
    random: tuple[str, ...]
    group: str | None
    center: tuple[str, ...]
    residuals: Literal["independent", "ar1", "car1"]
    time: str | None
    criterion: Literal["reml", "ml"]
    df_method: Literal["satterthwaite", "kenward-roger"]
    intervals: Literal["wald", "profile", "bootstrap"]
    standard_errors: Literal["model", "cr2"]
    confidence: float
    seed: int | None


def run_fit(request: FitRequest, *, folder: Path | None, quiet: bool, as_json: bool) -> None:
    """Fit, print, write where asked, and leave with the exit code of the fit's state."""
    _check_form(request)
    if folder is not None:
        check_folder(folder)
    # Read before the data: a formula that cannot be admitted needs no file.
    spec = None if request.formula is None else _spec_of_formula(request, request.formula)
    group = request.group or (None if spec is None else spec.group)
    with step_bar(STEPS, quiet=quiet) as tell:
        tell(STEPS[0])
        diary, sha256, has_codebook = _diary(request, group)
        tell(STEPS[1])
        result = _fitted(request, spec, diary, has_codebook=has_codebook)
    if not has_codebook:
        log("no codebook: columns are taken as they are, units are unknown", quiet=quiet)
    if folder is not None:
        write_fit(result, folder, asked=_asked(request), data_sha256=sha256)
    _say(result, quiet=quiet, as_json=as_json)
    sys.exit(OF_STATE[result.state])


def _fitted(
    request: FitRequest, spec: MixedModelSpec | None, diary: DiaryFrame, *, has_codebook: bool
) -> MixedModelResult:
    if spec is None:
        spec, diary = _structured(request, diary)
    else:
        diary = _centered(diary, request.center)
    result = fit_mixed_model(
        spec,
        # Without a codebook the engine names units after the columns, as for any plain frame.
        diary if has_codebook else diary.rows,
        df_method=request.df_method,
        intervals=request.intervals,
        standard_errors=request.standard_errors,
        confidence=request.confidence,
        seed=request.seed,
    )
    # Tables are made when first asked for; a bootstrap belongs under the progress bar.
    _ = result.estimates, result.covariance_parameters
    return result


def _check_form(request: FitRequest) -> None:
    structured = {
        "--outcome": request.outcome,
        "--within": request.within,
        "--between": request.between,
        "--random": request.random,
    }
    given = [option for option, value in structured.items() if value]
    if request.formula is not None and given:
        raise SpecError(
            f"the model must be given once, but both --formula and {given[0]} are there. "
            "Keep the formula, or name the columns one by one."
        )
    if request.formula is None and request.outcome is None:
        raise SpecError(
            'a model is needed. Write --formula "y ~ x + (1 + x | person)", or name columns with '
            "--outcome, --within, --between, --random and --group."
        )
    if request.formula is None and request.center:
        raise SpecError(
            "--center adds columns for a formula, but there is none. Name the column with --within "
            "in place of --center."
        )
    missing = [name for name in request.random if name not in request.within]
    if missing:
        raise SpecError(
            f"a slope that varies between persons must be in the model, but {missing[0]!r} of "
            "--random is not among --within. Add it there."
        )


def _spec_of_formula(request: FitRequest, formula: str) -> MixedModelSpec:
    spec = MixedModelSpec.from_formula(
        formula,
        residuals=request.residuals,
        time=request.time,
        criterion=request.criterion,
    )
    if request.group is not None and request.group != spec.group:
        raise SpecError(
            f"the formula is grouped by {spec.group!r}, but --group says {request.group!r}. "
            "Leave out --group."
        )
    return spec


def _diary(request: FitRequest, group: str | None) -> tuple[DiaryFrame, str, bool]:
    """Return the data, their hash, and whether a codebook told what the columns mean."""
    path = Path(request.file)
    if request.file in bundled_studies() and not path.exists():
        study = load_study(request.file)
        return study.diary, study.report.sha256, True
    if request.codebook is not None or (path.is_file() and path.with_suffix(".toml").is_file()):
        study = load_study(path, codebook=request.codebook)
        return study.diary, study.report.sha256, True
    table = read_rows(path)
    return _without_codebook(table.columns, group, request), table.sha256, False


def _without_codebook(rows: pd.DataFrame, group: str | None, request: FitRequest) -> DiaryFrame:
    names = [str(name) for name in rows.columns]
    if group is None:
        raise SpecError(
            "without a codebook the persons must be named. Write --group COLUMN, or draft a "
            "codebook with `intimacy-analysis validate FILE --write-codebook`."
        )
    if group not in names:
        raise DataError(
            f"the data have no column {group!r} to group by. {near_names(group, names)}"
        )
    if request.time is not None and request.time not in names:
        raise DataError(
            f"the data have no column {request.time!r} for --time. "
            f"{near_names(request.time, names)}"
        )
    if request.residuals != "independent" and request.time is None:
        raise SpecError(
            f"--residuals {request.residuals} needs each row's time, and there is no codebook that "
            "names the day. Add --time COLUMN."
        )
    plain = rows.set_axis(names, axis=1).reset_index(drop=True)
    roles: dict[str, Role] = {group: "person"}
    if request.time is not None and request.time != group:
        roles[request.time] = "day"
    elif _ORDER not in names:
        # Transforms tell days apart; without a day column the order of the rows has to do.
        plain = plain.assign(**{_ORDER: plain.groupby(group, observed=True).cumcount()})
        names, roles = [*names, _ORDER], {**roles, _ORDER: "day"}
    codebook = Codebook(
        tuple(
            Variable(
                name=name,
                role=roles.get(name, "none"),
                level="person" if name == group else "day",
            )
            for name in names
        )
    )
    return DiaryFrame(rows=plain, codebook=codebook)


def _structured(request: FitRequest, diary: DiaryFrame) -> tuple[MixedModelSpec, DiaryFrame]:
    outcome = request.outcome or ""
    for name in (outcome, *request.within, *request.between):
        diary.column(name)
    steady = [name for name in request.between if not _varies_within(diary, name)]
    moving = [name for name in request.between if name not in steady]
    centered = _centered(diary, tuple(dict.fromkeys((*request.within, *moving))))
    terms = [
        *(quote_name(f"{name}_within") for name in request.within),
        # A column of persons is its own person mean.
        *(quote_name(f"{name}_between" if name in moving else name) for name in request.between),
    ]
    random = ["1", *(quote_name(f"{name}_within") for name in request.random)]
    spec = MixedModelSpec(
        fixed=f"{quote_name(outcome)} ~ {join_terms(terms) or '1'}",
        random=join_terms(random),
        group=request.group or diary.person,
        residuals=request.residuals,
        time=request.time,
        criterion=request.criterion,
    )
    return spec, centered


def _varies_within(diary: DiaryFrame, name: str) -> bool:
    by_person = diary.rows.groupby(diary.person, observed=True)[name]
    return bool((by_person.nunique() > 1).any())


def _centered(diary: DiaryFrame, columns: tuple[str, ...]) -> DiaryFrame:
    for column in columns:
        diary = center_within_person(diary, column)
    return diary


def _asked(request: FitRequest) -> dict[str, object]:
    asked = asdict(request)
    asked["codebook"] = None if request.codebook is None else str(request.codebook)
    return asked


def _say(result: MixedModelResult, *, quiet: bool, as_json: bool) -> None:
    if as_json:
        print(json.dumps(fit_results(result), indent=2, ensure_ascii=False, allow_nan=False))
    elif result.state == "failed":
        print("The model could not be fitted: there are no estimates.")
    else:
        print(result)
    for warning in result.warnings:
        # In the table they stand among the notes already.
        log(f"warning: {warning}", quiet=quiet or (not as_json and result.state != "failed"))
