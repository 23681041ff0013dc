"""Draw couples anew, many times, and fit all draws in one batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri

from intimacy_analysis.errors import FitError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.batch import MomentStack, batch_gradient, fit_batch
from intimacy_analysis.paths.closed_form import least_squares_stack
from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.implied import GroupStructure
from intimacy_analysis.paths.information import inverse_along
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import Patterns, pooled_moments
from intimacy_analysis.paths.search import search
from intimacy_analysis.paths.spec import PathModelSpec

if TYPE_CHECKING:
    from intimacy_analysis.paths.result import PathModelResult

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Estimates of every replicate that has any.

    Attributes:
        table: One row a replicate, one column a row of the estimates.
        n_failed: Replicates without a maximum, left out.
        n_inadmissible: Replicates kept with a negative variance.
    """

    table: pd.DataFrame
    n_failed: int
    n_inadmissible: int


def couple_bootstrap(fit: PathFit, spec: PathModelSpec, *, replicates: int, seed: int) -> Draws:
    """Resample couples within groups and fit every replicate.

    Args:
        fit: The fit to the couples as they are.
        spec: The model, for its definitions.
        replicates: How many.
        seed: Of the draws.

    Raises:
        FitError: Where fewer than half of the replicates have a maximum.
    """
    rng = np.random.default_rng(seed)
    counts = tuple(
        resampling_counts(rng, replicates, round(patterns.n))
        for patterns in fit.likelihood.patterns
    )
    return weighted_estimates(fit, spec, counts)


def resampling_counts(rng: np.random.Generator, replicates: int, n: int) -> Counts:
    """Return how often each of n couples is drawn in each replicate, shape (replicates, n)."""
    drawn = rng.integers(0, n, size=(replicates, n))
    drawn += (np.arange(replicates) * n)[:, None]
    flat = np.bincount(drawn.reshape(-1), minlength=replicates * n)
    return flat.reshape(replicates, n).astype(np.float64)


@one_thread()
def weighted_estimates(fit: PathFit, spec: PathModelSpec, counts: tuple[Counts, ...]) -> Draws:
    """Fit the model to couples weighted by each row of counts, one array (B, n) a group."""
    stacks = tuple(
        stack_moments(patterns, weight)
        for patterns, weight in zip(fit.likelihood.patterns, counts, strict=True)
    )
    structures, theta = fit_stacks(fit, stacks)
    del structures
    failed = ~np.isfinite(theta).all(axis=1)
    if failed.mean() > 0.5:
        raise FitError(
            "most replicates of a bootstrap must have a maximum, but "
            f"{int(failed.sum())} of {len(theta)} have none. The sample is too small for this "
            "model: fit a smaller one, or use monte_carlo_intervals."
        )
    kept = theta[~failed]
    variances = [
        row.free
        for row in fit.table.rows
        if row.op == "~~" and row.lhs == row.rhs and row.free >= 0
    ]
    negative = int((kept[:, variances] < 0).any(axis=1).sum()) if variances else 0
    # Moments were taken about the original means: the same map brings every replicate back.
    given = fit.centering.constant + kept @ fit.centering.matrix.T
    return Draws(
        table=_named(fit, spec, given),
        n_failed=int(failed.sum()),
        n_inadmissible=negative,
    )


def stack_moments(patterns: Patterns, counts: Counts) -> MomentStack:
    """Return the moments of weighted rows: one matrix product a pattern.

    Args:
        patterns: The rows.
        counts: Weight of each row in each replicate, shape (B, n).
    """
    assert patterns.rows is not None
    assert patterns.pattern_of_row is not None
    n_patterns, p = patterns.observed.shape
    b = len(counts)
    sizes = np.zeros((b, n_patterns))
    means = np.zeros((b, n_patterns, p))
    seconds = np.zeros((b, n_patterns, p, p))
    for index, seen in enumerate(patterns.observed):
        here = np.flatnonzero(patterns.pattern_of_row == index)
        at = np.flatnonzero(seen)
        block = patterns.rows[here][:, at]
        i, j = np.triu_indices(len(at))
        products = np.hstack([block, block[:, i] * block[:, j]])
        weight = counts[:, here] if len(here) < counts.shape[1] else counts
        n = weight.sum(axis=1)
        sums = weight @ products / np.maximum(n, 1.0)[:, None]
        mean = sums[:, : len(at)]
        second = np.empty((b, len(at), len(at)))
        upper = sums[:, len(at) :] - mean[:, i] * mean[:, j]
        second[:, i, j] = upper
        second[:, j, i] = upper
        sizes[:, index] = n
        means[:, index, at] = mean
        seconds[:, index, at[:, None], at[None, :]] = second
    return MomentStack(observed=patterns.observed, counts=sizes, means=means, seconds=seconds)


@one_thread()
def fit_stacks(
    fit: PathFit, stacks: tuple[MomentStack, ...]
) -> tuple[tuple[GroupStructure, ...], Floats]:
    """Return every replicate's parameters of the centered data, `nan` where there is no maximum.

    What is given the fixed predictors has its maximum at the same place whatever their moments
    are: those of the couples as they are serve every replicate.
    """
    structures = fit.likelihood.structures
    if _leans_on_predictors(fit) or any(not c.equality for c in fit.conditions):
        return structures, _one_by_one(fit, stacks, np.arange(len(stacks[0].counts)))
    closed = _closed(fit, stacks)
    if closed is not None:
        return structures, closed
    nonlinear = fit.conditions and not np.allclose(
        fit.solution.directions.T @ fit.solution.directions,
        np.eye(fit.solution.directions.shape[1]),
    )
    b = len(stacks[0].counts)
    if nonlinear or _curved(fit):
        return structures, _one_by_one(fit, stacks, np.arange(b))
    information = fit.likelihood.evaluate(fit.solution.theta, expected=False).hessian
    start = least_squares_stack(fit, stacks) if not fit.conditions else None
    if start is None:
        start = np.broadcast_to(fit.solution.theta, (b, len(fit.solution.theta))).copy()
    found = fit_batch(structures, stacks, start, information, fit.solution.directions)
    theta = found.theta
    slow = np.flatnonzero(~found.arrived)
    if len(slow):
        theta[slow] = _one_by_one(fit, stacks, slow)
    return structures, theta


def _leans_on_predictors(fit: PathFit) -> bool:
    """Whether a free covariance with a fixed predictor makes the rest depend on its moments."""
    fixed = set(fit.table.fixed_predictors)
    return any(
        row.op == "~~" and row.free >= 0 and fixed & {row.lhs, row.rhs} for row in fit.table.rows
    )


def _curved(fit: PathFit) -> bool:
    """Whether an equality is not linear, so that replicates must meet it one by one."""
    rng = np.random.default_rng(7)
    one, other = rng.uniform(0.5, 1.5, fit.table.n_free), rng.uniform(0.5, 1.5, fit.table.n_free)
    return any(
        not np.allclose(c.evaluate(one)[1], c.evaluate(other)[1], rtol=1e-10)
        for c in fit.conditions
    )


def _closed(fit: PathFit, stacks: tuple[MomentStack, ...]) -> Floats | None:
    """Return least squares where it solves the likelihood equations of a few replicates."""
    few = np.arange(min(8, len(stacks[0].counts)))
    trial = tuple(stack.take(few) for stack in stacks)
    try:
        guess = least_squares_stack(fit, trial)
        if guess is None:
            return None
        gradient = batch_gradient(fit.likelihood.structures, trial, guess)
        information = fit.likelihood.evaluate(fit.solution.theta, expected=True).hessian
        inverse = inverse_along(information, np.eye(len(information)))
        gain = np.einsum("bi,ij,bj->b", gradient, inverse, gradient)
        if not (gain < 1e-12).all():
            return None
        return least_squares_stack(fit, stacks)
    except np.linalg.LinAlgError:
        return None


def _one_by_one(
    fit: PathFit, stacks: tuple[MomentStack, ...], which: npt.NDArray[np.intp]
) -> Floats:
    theta = np.full((len(which), fit.table.n_free), np.nan)
    place = [fit.table.observed.index(name) for name in fit.table.fixed_predictors]
    for at, drawn_at in enumerate(which):
        patterns = []
        structures = []
        for structure, stack in zip(fit.likelihood.structures, stacks, strict=True):
            held = stack.counts[drawn_at] > 0
            drawn = Patterns(
                observed=stack.observed[held],
                counts=stack.counts[drawn_at][held],
                means=stack.means[drawn_at][held],
                covariances=stack.seconds[drawn_at][held],
            )
            patterns.append(drawn)
            if place:
                symmetric, means = structure.symmetric.copy(), structure.means.copy()
                mean, covariance = pooled_moments(drawn, place)
                symmetric[np.ix_(place, place)] = covariance
                means[place] = mean if fit.table.means else 0.0
                structure = replace(structure, symmetric=symmetric, means=means)
            structures.append(structure)
        likelihood = Likelihood(structures=tuple(structures), patterns=tuple(patterns))
        try:
            found = search(likelihood, fit.solution.theta, fit.conditions)
        except np.linalg.LinAlgError:
            continue
        if found.converged:
            theta[at] = found.theta
    return theta


def _named(fit: PathFit, spec: PathModelSpec, theta: Floats) -> pd.DataFrame:
    """Return a column an estimate: arrows, then definitions evaluated over all replicates."""
    table = fit.table
    columns: dict[str, Floats] = {}
    labels: dict[str, float | Floats] = dict(table.fixed_labels())
    for row in table.rows:
        if row.free >= 0:
            columns[table.name(row)] = theta[:, row.free]
            if row.label:
                labels[row.label] = theta[:, row.free]
    for definition in spec.definitions:
        value = definition.expression.evaluate(labels)
        labels[definition.name] = value
        name = f"{definition.name} := {definition.expression.text}"
        columns[name] = np.broadcast_to(np.asarray(value, dtype=np.float64), (len(theta),))
    return pd.DataFrame(columns)


def bootstrap_intervals(
    result: PathModelResult,
    draws: Draws,
    *,
    kind: Literal["percentile", "bca"],
    confidence: float,
) -> tuple[EstimateTable, tuple[str, ...]]:
    """Return the estimates with errors, intervals and p of the draws, and notes on the draws.

    p is twice the smaller share of draws beyond zero, never below 1 / (replicates + 1).
    """
    jackknife = jackknife_estimates(result) if kind == "bca" else None
    rows: list[Estimate] = []
    b = len(draws.table)
    for row in result.estimates:
        if row.name not in draws.table or row.std_error == 0:
            rows.append(row)
            continue
        values = draws.table[row.name].to_numpy()
        values = values[np.isfinite(values)]
        if len(values) < 0.5 * b:
            rows.append(replace(row, std_error=np.nan, low=np.nan, high=np.nan, p_value=np.nan))
            continue
        low, high = interval_of_draws(
            values,
            row.value,
            None if jackknife is None else jackknife[row.name].to_numpy(),
            confidence,
        )
        below = (int((values <= 0).sum()) + 1) / (len(values) + 1)
        above = (int((values >= 0).sum()) + 1) / (len(values) + 1)
        rows.append(
            replace(
                row,
                std_error=float(values.std(ddof=1)),
                df=np.nan,
                low=low,
                high=high,
                p_value=min(1.0, 2 * min(below, above)),
            )
        )
    notes = []
    if draws.n_failed:
        notes.append(
            f"{draws.n_failed} of {b + draws.n_failed} bootstrap replicates have no maximum and "
            "are left out."
        )
    if draws.n_inadmissible:
        notes.append(
            f"{draws.n_inadmissible} of {b} bootstrap replicates have a negative variance; they "
            "are kept."
        )
    table = replace(
        result.estimates,
        rows=tuple(rows),
        df_method="",
        interval_method="bootstrap, BCa" if kind == "bca" else "bootstrap, percentile",
        confidence=confidence,
    )
    return table, tuple(notes)


def interval_of_draws(
    values: Floats, estimate: float, jackknife: Floats | None, confidence: float
) -> tuple[float, float]:
    """Return a percentile interval, or with jackknife values a BCa one.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 14.3.
    """
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if jackknife is not None:
        share = (np.sum(values < estimate) + 0.5 * np.sum(values == estimate)) / len(values)
        share = min(max(share, 0.5 / len(values)), 1 - 0.5 / len(values))
        bias = float(ndtri(share))
        off = np.nanmean(jackknife) - jackknife
        size = float(np.nansum(off**2)) ** 1.5
        acceleration = float(np.nansum(off**3)) / (6 * size) if size > 0 else 0.0
        z = bias + ndtri(tails)
        tails = ndtr(bias + z / (1 - acceleration * z))
    low, high = np.quantile(values, tails)
    return float(low), float(high)


def jackknife_estimates(result: PathModelResult) -> pd.DataFrame:
    """Return the estimates without each couple in turn, one row a couple."""
    patterns = result.parts.fit.likelihood.patterns
    sizes = [round(part.n) for part in patterns]
    total = sum(sizes)
    counts = []
    begin = 0
    for size in sizes:
        weight = np.ones((total, size))
        weight[begin + np.arange(size), np.arange(size)] = 0.0
        counts.append(weight)
        begin += size
    return weighted_estimates(result.parts.fit, result.spec, tuple(counts)).table
