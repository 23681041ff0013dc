"""The same regression in standard deviations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formulas import read_formula
from intimacy_analysis.regression.fitting import fit_regression
from intimacy_analysis.regression.result import RegressionResult
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.survey import SurveyFrame


def standardize_regression(result: RegressionResult) -> RegressionResult:
    """Fit the same regression to columns in standard deviations from their means.

    Columns are standardized first and multiplied then, so that a product's coefficient is the
    change of a standardized slope per SD of the moderator. Means and SD are those of the rows used
    and count as known. Categories stay as they are.

    Args:
        result: A regression whose numeric columns enter as they are, not as functions.

    Raises:
        SpecError: A column that enters as a function of itself.

    Source:
        docs/maths/regression.md, eq. 5; Aiken and West (1991), Multiple Regression: Testing and
        Interpreting Interactions.
    """
    read = read_formula(result.formula)
    plain = _plain(result.formula)
    rows = result.rows.reset_index(drop=True)
    columns: dict[str, pd.Series] = {}
    for name in read.columns:
        column = rows[name]
        number = pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(
            column.dtype
        )
        if name in read.categories or not number:
            columns[name] = column
            continue
        if name not in plain:
            raise SpecError(
                f"standardizing needs columns as they are, but {name!r} enters {result.formula!r} "
                "as a function of itself. Compute that as a column first and name the column."
            )
        values = column.to_numpy(dtype=np.float64)
        columns[name] = pd.Series((values - values.mean()) / values.std(ddof=1))
    keyed = pd.DataFrame({"row number": np.arange(len(rows)), **columns})
    codebook = Codebook(
        (
            Variable(name="row number", role="person", level="person"),
            *(
                Variable(name=name, level="person", unit="SD" if name in plain else "", role="none")
                for name in columns
            ),
        )
    )
    return fit_regression(
        result.formula,
        SurveyFrame(rows=keyed, codebook=codebook),
        standard_errors=result.standard_errors,
        confidence=result.confidence,
    )


def _plain(formula: str) -> set[str]:
    """Return the columns that enter by their names alone."""
    parsed = read_formula(formula).parsed
    return {
        factor.expr
        for side in (parsed.lhs, parsed.rhs)
        for term in side
        for factor in term.factors
        if factor.eval_method.name == "LOOKUP"
    }
