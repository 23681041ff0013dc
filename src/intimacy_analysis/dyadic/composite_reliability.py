"""Reliability from factor models: a member's score, the couple's mean, the difference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from intimacy_analysis.dyadic.couple_columns import CoupleData
from intimacy_analysis.dyadic.item_columns import ItemColumns
from intimacy_analysis.dyadic.measurement import dyadic_factor_model
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.bootstrap import fit_stacks, stack_moments
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import Missing, PathModelResult
from intimacy_analysis.paths.spec import Definition, PathModelSpec
from intimacy_analysis.paths.syntax import read_model

Floats = npt.NDArray[np.float64]
# Names under which the coefficients stand among a model's defined quantities.
OMEGA, MEAN, DIFFERENCE = "omega", "reliability_mean", "reliability_difference"


def one_factor_model(columns: tuple[str, ...]) -> PathModelSpec:
    """Return the one-factor model of one member's items, with omega defined.

    omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of residual variances), the factor's
    variance being 1. Two items have equal loadings: omega is then alpha.

    Source:
        docs/maths/measurement.md, eq. 9; McDonald (1999), Test Theory, ch. 6.
    """
    same = len(columns) == 2
    loadings = ["l" if same else f"l{at}" for at in range(1, len(columns) + 1)]
    terms = [f"{label}*{name}" for label, name in zip(loadings, columns, strict=True)]
    terms.insert(0, f"NA*{columns[0]}")
    residuals = [f"e{at}" for at in range(1, len(columns) + 1)]
    total = f"({' + '.join(loadings)})^2"
    lines = [
        f"factor =~ {' + '.join(terms)}",
        "factor ~~ 1*factor",
        *(f"{name} ~~ {label}*{name}" for label, name in zip(residuals, columns, strict=True)),
        f"{OMEGA} := {total}/({total} + {' + '.join(residuals)})",
    ]
    return replace(read_model("\n".join(lines)), title="One-factor model of one member's items")


def couple_score_model(columns: ItemColumns) -> PathModelSpec:
    """Return the configural factor model with the reliability of mean and difference defined.

    With S_r the sum of a member's items, the error of S_1 + S_2 holds, beside both members'
    residual variances, twice the residual covariances of the same item; that of S_1 - S_2 less.

    Source:
        docs/maths/measurement.md, eq. 10.
    """
    spec = dyadic_factor_model("factor", columns, scale="fixed factor")
    two = len(columns.items) == 2
    sums, errors = [], []
    for role in columns.roles:
        labels = [f"l_{'factor' if two else item}_{role}" for item in columns.items]
        sums.append(f"({' + '.join(labels)})")
        errors.append(" + ".join(f"r_{item}_{role}" for item in columns.items))
    shared = " + ".join(f"c_{item}" for item in columns.items)
    one, other = sums
    definitions = []
    for name, sign in ((MEAN, "+"), (DIFFERENCE, "-")):
        true = f"{one}^2 + {other}^2 {sign} 2*{one}*{other}*c_factor"
        error = f"{errors[0]} + {errors[1]} {sign} 2*({shared})"
        definitions.append(
            Definition(name=name, expression=read_expression(f"({true})/({true} + {error})"))
        )
    return spec.with_definitions(*definitions)


def fit_for_reliability(
    spec: PathModelSpec, data: CoupleData, missing: Missing
) -> PathModelResult | None:
    """Fit a model of this module; None where it has no admissible solution for these couples."""
    try:
        result = fit_path_model(spec, data, missing=missing)
    except (DataError, SpecError):
        return None
    return result if result.state == "ok" else None


def resampled(result: PathModelResult, names: tuple[str, ...], counts: Floats) -> Floats:
    """Return defined quantities of couples weighted by each row of counts.

    Args:
        result: The fit to the couples as they are.
        names: Of the defined quantities.
        counts: How often each couple of the *data* is counted, shape (B, n).

    Returns:
        Shape (B, len(names)); `nan` where a replicate has no maximum.
    """
    fit = result.parts.fit
    used = result.parts.observed.positions[0]
    _, theta = fit_stacks(fit, (stack_moments(fit.likelihood.patterns[0], counts[:, used]),))
    given = fit.centering.constant + theta @ fit.centering.matrix.T
    values: dict[str, float | Floats] = dict(fit.table.fixed_labels())
    for row in fit.table.rows:
        if row.free >= 0 and row.label:
            values[row.label] = given[:, row.free]
    wanted = {d.name: d.expression for d in result.spec.definitions}
    with np.errstate(invalid="ignore", divide="ignore"):
        columns = [np.broadcast_to(wanted[name].evaluate(values), len(given)) for name in names]
    return np.column_stack(columns)
