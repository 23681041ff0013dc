"""Intervals of products of coefficients from draws of the coefficients themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.result import PathModelResult


def monte_carlo_intervals(
    result: PathModelResult,
    expressions: Sequence[str] | None = None,
    *,
    n_draws: int = 20_000,
    seed: int = 0,
    confidence: float = 0.95,
) -> EstimateTable:
    """Return percentile intervals of expressions over draws from the estimators' normal law.

    They need no rows, so they also serve a printed table.

    Args:
        result: The fit.
        expressions: Expressions over labels; None for all defined quantities of the model.
        n_draws: Draws.
        seed: Of the draws.
        confidence: Coverage.

    Raises:
        SpecError: No expression, or too few draws.
        FitError: A failed fit, or one without standard errors.

    Source:
        MacKinnon, Lockwood and Williams (2004), Multivariate Behavioral Research 39.
    """
    if expressions is None:
        expressions = [definition.name for definition in result.spec.definitions]
    if not expressions or n_draws < 1000:
        raise SpecError(
            "Monte Carlo intervals need at least one expression and 1,000 draws; the model "
            f"defines {len(result.spec.definitions)} quantities and n_draws is {n_draws}."
        )
    result.check_estimates()
    covariance = result.parts.covariance
    if not np.isfinite(covariance).all():
        raise FitError("Monte Carlo intervals need standard errors, and this fit has none.")
    rng = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(covariance)
    half = vectors * np.sqrt(np.maximum(values, 0.0))
    draws = result.parts.fit.theta + rng.normal(size=(n_draws, len(covariance))) @ half.T
    table = result.parts.fit.table
    named: dict[str, float | np.ndarray[tuple[int], np.dtype[np.float64]]] = dict(
        table.fixed_labels()
    )
    for label, at in table.index_of().items():
        named[label] = draws[:, at]
    for definition in result.spec.definitions:
        named[definition.name] = definition.expression.evaluate(named)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    rows = []
    for text in expressions:
        row = estimate_expression(result, text)
        drawn = np.asarray(read_expression(text).evaluate(named), dtype=np.float64)
        held = drawn[np.isfinite(drawn)]
        low, high = np.quantile(held, tails)
        below = (int((held <= 0).sum()) + 1) / (len(held) + 1)
        above = (int((held >= 0).sum()) + 1) / (len(held) + 1)
        rows.append(
            replace(
                row,
                std_error=float(held.std(ddof=1)),
                df=np.nan,
                low=float(low),
                high=float(high),
                p_value=min(1.0, 2 * min(below, above)),
            )
        )
    return EstimateTable(
        rows=tuple(rows),
        title="Monte Carlo intervals",
        interval_method="Monte Carlo",
        confidence=confidence,
        notes=(f"{n_draws} draws, seed {seed}.",),
    )
