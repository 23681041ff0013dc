"""The same terms under other choices of analysis."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd

from intimacy_analysis.claims.diary_model import DiaryModel, build_diary_model
from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formulas import join_terms, quote_name
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.diary import DiaryFrame

COLUMNS = ("choice", "claim", "value", "std_error", "df", "low", "high", "p_value", "unit", "state")

# From a model and its fit to the estimate of each claim that can be read from them.
ReadEstimates = Callable[[DiaryModel, MixedModelResult], Mapping[str, Estimate]]


def sensitivity_checks(
    diary: DiaryFrame,
    model: DiaryModel,
    result: MixedModelResult,
    read: ReadEstimates,
    *,
    bootstrap: int,
    seed: int,
) -> pd.DataFrame:
    """Fit the claim's model under other choices and collect the same terms.

    Args:
        diary: The study's own diary, before centering.
        model: The model as reported.
        result: The fit as reported.
        read: Reads the estimate of each claim from a fit.
        bootstrap: Samples of persons for the bootstrap intervals; 0 leaves them out.
        seed: Seed of the bootstrap.

    Returns:
        Columns as in `COLUMNS`, one row a choice and claim, the reported analysis first. A
        choice that cannot be fitted has a row without numbers, its reason as state.
    """
    rows = _rows("as reported", model, lambda: result, read)
    for choice, alternative in _models(diary, model).items():
        rows += _rows(choice, alternative, _fitting(alternative, result), read)
    rows += _rows(
        "CR2 standard errors", model, lambda: result.with_inference(standard_errors="cr2"), read
    )
    rows += _rows(
        "Kenward-Roger df", model, lambda: result.with_inference(df_method="kenward-roger"), read
    )
    if bootstrap:
        rows += _rows(
            f"bootstrap of persons ({bootstrap} samples, seed {seed})",
            model,
            lambda: fit_mixed_model(
                model.spec,
                model.diary,
                intervals="bootstrap",
                bootstrap=bootstrap,
                seed=seed,
                confidence=result.confidence,
            ),
            read,
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _models(diary: DiaryFrame, model: DiaryModel) -> dict[str, DiaryModel]:
    models = {"AR(1) residuals": model.with_spec(model.spec.with_residuals("ar1"))}
    if model.stress is not None:
        models["without stress"] = build_diary_model(diary, use_stress=False)
    if model.weekend is not None:
        models["centered on one mean a person"] = build_diary_model(diary, center_by_weekend=False)
        models["weekend difference the same for all"] = model.with_spec(
            model.spec.with_random(join_terms(["1", quote_name(model.slope)]))
        )
    return models


def _fitting(model: DiaryModel, result: MixedModelResult) -> Callable[[], MixedModelResult]:
    def fit() -> MixedModelResult:
        return fit_mixed_model(
            model.spec, model.diary, df_method=result.df_method, confidence=result.confidence
        )

    return fit


def _rows(
    choice: str,
    model: DiaryModel,
    fit: Callable[[], MixedModelResult],
    read: ReadEstimates,
) -> list[tuple[object, ...]]:
    try:
        result = fit()
        estimates = read(model, result)
    except IntimacyError as error:
        nothing = (math.nan,) * 6
        return [(choice, "", *nothing, "", f"not possible: {error}")]
    if result.state == "failed":
        return [(choice, "", *(math.nan,) * 6, "", "failed")]
    return [
        (
            choice,
            claim,
            estimate.value,
            estimate.std_error,
            estimate.df,
            estimate.low,
            estimate.high,
            estimate.p_value,
            estimate.unit,
            result.state,
        )
        for claim, estimate in estimates.items()
    ]
