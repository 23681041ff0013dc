"""The front door of regression: a formula, rows that are independent, robust standard errors."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formulas import read_formula
from intimacy_analysis.mixed.coordinates import fixed_coordinates, outcome_coordinates
from intimacy_analysis.mixed.design import Design, build_design
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.regression.result import RegressionResult, RobustErrors
from intimacy_analysis.study.codebook import Codebook
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.survey import SurveyFrame

_ALONE = 1e-10


def fit_regression(
    formula: str,
    data: SurveyFrame | DyadFrame | pd.DataFrame,
    *,
    standard_errors: RobustErrors = "hc3",
    confidence: float = 0.95,
) -> RegressionResult:
    """Regress an outcome on terms by least squares, through statsmodels.

    Rows must be independent: one a person, or one a couple. Rows with a missing value in a needed
    column are left out and counted in the result. The answer does not change with the order of
    the rows, or when a constant is added to a column or a column is multiplied by one.

    Args:
        formula: "satisfaction ~ deprivation * uncertainty + C(sex)". Text columns are categories.
        data: A survey (units come from its codebook), couples, or a plain frame.
        standard_errors: "hc3" (right where the spread of residuals changes, also in few rows),
            "hc2", "hc1", "hc0", or "model" (residuals spread alike everywhere).
        confidence: Coverage of the t intervals, whose df are rows less terms.

    Raises:
        SpecError: A formula that cannot be admitted, or options that cannot be.
        DataError: Columns absent, no numbers, constant or combinations of others; too few rows; an
            outcome the terms reproduce exactly; or a coefficient that rests on one row alone, which
            leaves "hc2" and "hc3" undefined.

    Source:
        docs/maths/regression.md, eq. 1-4; MacKinnon and White (1985), Journal of Econometrics 29,
        305-325; Long and Ervin (2000), The American Statistician 54, 217-224.
    """
    _check_options(formula, standard_errors, confidence)
    design = _design(formula, data)
    fixed = fixed_coordinates(design)
    if design.n_rows <= len(design.fixed_names):
        raise DataError(
            f"a regression needs more rows than terms, but {design.n_rows} rows face "
            f"{len(design.fixed_names)} terms. Take terms out."
        )
    outcome = outcome_coordinates(design, fixed, design.y)
    if outcome.scale == 0.0:
        raise DataError(
            f"the outcome must leave residuals, but {formula!r} reproduces all {design.n_rows} "
            "rows exactly. Look for a predictor that holds the outcome itself."
        )
    leverage = np.einsum("ij,ij->i", fixed.Q, fixed.Q) / design.n_rows
    _check_leverage(design, leverage, standard_errors)
    inner, covariance = _by_statsmodels(outcome.y, fixed.Q, standard_errors)
    b = outcome.b_0 + outcome.scale * fixed.T_x_inverse @ inner
    back = fixed.T_x_inverse
    return RegressionResult(
        formula=formula,
        design=design,
        b=b,
        covariance=outcome.scale**2 * back @ covariance @ back.T,
        unscaled=back @ back.T / design.n_rows,
        leverage=leverage,
        residual=outcome.scale * (outcome.y - fixed.Q @ inner),
        rows=_frame(data)[list(read_formula(formula).columns)].iloc[design.rows],
        standard_errors=standard_errors,
        confidence=confidence,
    )


def _by_statsmodels(y: Floats, Q: Floats, standard_errors: RobustErrors) -> tuple[Floats, Floats]:
    """Return coefficients and covariance in the engine's own coordinates.

    In them the columns are orthogonal, so that no column of the user's, however collinear or far
    from zero, costs digits.
    """
    import statsmodels.api as sm  # slow to import

    kind = "nonrobust" if standard_errors == "model" else standard_errors.upper()
    fit = sm.OLS(y, Q).fit(cov_type=kind, use_t=True)
    return np.asarray(fit.params), np.asarray(fit.cov_params())


def _design(formula: str, data: SurveyFrame | DyadFrame | pd.DataFrame) -> Design:
    frame = _frame(data)
    if frame.empty:
        raise DataError(
            f"a regression needs rows, but the data have {len(frame)} rows and {frame.shape[1]} "
            "columns. Look how they were read."
        )
    columns = [name for name in read_formula(formula).columns if name in frame.columns]
    key = "row"
    while key in columns:
        key += "_"
    codebook = Codebook() if isinstance(data, pd.DataFrame) else data.codebook
    # Each row is a group of its own: the arrays of a mixed model without random terms.
    rows = frame[columns].assign(**{key: np.arange(len(frame))})
    return build_design(
        MixedModelSpec(fixed=formula, random="0", group=key), rows, codebook=codebook
    )


def _frame(data: SurveyFrame | DyadFrame | pd.DataFrame) -> pd.DataFrame:
    if isinstance(data, SurveyFrame | DyadFrame):
        return data.rows
    if isinstance(data, pd.DataFrame):
        return data
    raise DataError(
        "a regression needs independent rows, a survey, couples or a pandas frame, but this is a "
        f"{type(data).__name__}. Rows of a diary belong to persons: use fit_mixed_model."
    )


def _check_leverage(design: Design, leverage: Floats, standard_errors: RobustErrors) -> None:
    alone = np.flatnonzero(1 - leverage < _ALONE)
    if len(alone) and standard_errors in ("hc2", "hc3"):
        raise DataError(
            f"with {standard_errors.upper()} no coefficient may rest on one row alone, but "
            f"{len(alone)} of {design.n_rows} rows decide one; the first is row "
            f"{design.rows[alone[0]]}. Join a category of one row with another, take the term "
            "out, or use standard_errors='model'."
        )


def _check_options(formula: object, standard_errors: object, confidence: float) -> None:
    if not isinstance(formula, str) or formula.count("~") != 1:
        raise SpecError(
            f"a regression's formula must read 'outcome ~ terms', got {formula!r}. Write for "
            "example 'satisfaction ~ deprivation * uncertainty'."
        )
    if standard_errors not in get_args(RobustErrors):
        shown = ", ".join(map(repr, get_args(RobustErrors)))
        raise SpecError(f"standard_errors must be one of {shown}, got {standard_errors!r}.")
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
