"""The front door of the mixed-model engine."""

from __future__ import annotations

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.mixed.contrasts import DfMethod, StandardErrors
from intimacy_analysis.mixed.design import build_design
from intimacy_analysis.mixed.fit import prepare, search
from intimacy_analysis.mixed.options import check_options
from intimacy_analysis.mixed.result import Intervals, MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.study.diary import DiaryFrame


def fit_mixed_model(
    spec: MixedModelSpec,
    data: DiaryFrame | pd.DataFrame,
    *,
    df_method: DfMethod = "satterthwaite",
    intervals: Intervals = "wald",
    standard_errors: StandardErrors = "model",
    confidence: float = 0.95,
    bootstrap: int = 2000,
    seed: int | None = None,
) -> MixedModelResult:
    """Fit a linear mixed model with one grouping factor.

    Rows with a missing value in a needed column are left out and counted in the result. The
    answer does not change with the order of the rows, the labels of the groups, or when a
    constant is added to a column or a column is multiplied by one.

    Args:
        spec: The question.
        data: A diary (units come from its codebook), or a plain frame.
        df_method: Degrees of freedom: "satterthwaite", or "kenward-roger" (REML only), which
            also adjusts the standard errors.
        intervals: "wald" (t), "profile" (of the full likelihood) or "bootstrap" (of groups).
        standard_errors: "model", or "cr2": robust to a wrong covariance model, groups as
            clusters, with their own degrees of freedom.
        confidence: Coverage the intervals promise, between 0 and 1.
        bootstrap: Bootstrap samples of groups, where `intervals` is "bootstrap".
        seed: Seed of the bootstrap.

    Returns:
        The result, whose `state` is "ok", "singular" or "failed".

    Raises:
        SpecError: A question that cannot be asked as written.
        DataError: Data that cannot answer it.
    """
    check_options(spec.criterion, df_method, intervals, standard_errors, confidence, bootstrap)
    if not isinstance(data, DiaryFrame | pd.DataFrame):
        raise DataError(
            f"data must be a DiaryFrame or a pandas DataFrame, got {type(data).__name__}. "
            "Load other tables with `load_study`, or convert them to pandas."
        )
    design = build_design(spec, data)
    prepared = prepare(design, spec.structure, reml=spec.criterion == "reml")
    return MixedModelResult(
        spec=spec,
        fit=search(prepared),
        df_method=df_method,
        intervals=intervals,
        standard_errors=standard_errors,
        confidence=confidence,
        bootstrap=bootstrap,
        seed=seed,
    )
