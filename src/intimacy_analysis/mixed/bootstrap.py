"""Bootstrap: whole groups drawn with replacement, or outcomes drawn from the fitted model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Literal, Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from intimacy_analysis.errors import FitError
from intimacy_analysis.mixed.design import Design
from intimacy_analysis.mixed.fit import SINGULAR_EIGENVALUE, Fit, Prepared
from intimacy_analysis.mixed.likelihood import Evaluation, evaluate
from intimacy_analysis.mixed.simulate import simulate_outcomes
from intimacy_analysis.mixed.structure import CrossProducts, Floats, Ints, Resampled, Rows
from intimacy_analysis.numerics.optimum import minimize

IntervalKind = Literal["percentile", "bca"]
_KINDS: dict[str, str] = {"percentile": "percentile", "bca": "BCa"}
# Drawn groups may not tell two fixed terms apart: smallest relative eigenvalue of X'X.
_NOT_ESTIMABLE = 1e-10
_RESTARTS = (1.0, 0.1, 10.0)


class Executor(Protocol):
    """`map`, or the like of it with workers."""

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """Return function(item) for each item, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapReplicates:
    """What each bootstrap sample of groups says.

    Attributes:
        names: Terms, then covariance parameters.
        values: Shape (n_settled, n_names); nan where a correlation is not defined.
        estimates: The fit's own values, shape (n_names,).
        n_asked: Samples asked for.
        n_singular: Samples kept whose random-effect covariance has a direction without variance.
        n_failed: Samples left out: the search did not settle.
        n_not_estimable: Samples left out: their groups cannot tell the fixed terms apart.
    """

    names: tuple[str, ...]
    values: Floats
    estimates: Floats
    n_asked: int
    n_singular: int
    n_failed: int
    n_not_estimable: int

    @property
    def account(self) -> str:
        """What became of the samples, in words."""
        parts = [f"{self.n_asked} samples"]
        if self.n_singular:
            parts.append(f"{self.n_singular} of them singular and kept")
        if self.n_failed:
            parts.append(f"{self.n_failed} left out because the search did not settle")
        if self.n_not_estimable:
            parts.append(
                f"{self.n_not_estimable} left out because their groups cannot tell the fixed terms "
                "apart"
            )
        undefined = int(np.isnan(self.values).any(axis=1).sum())
        if undefined:
            parts.append(f"{undefined} without a defined correlation, left out of its interval")
        return ", ".join(parts)


def bootstrap_intervals(
    fit: Fit,
    *,
    times: int,
    seed: int | None,
    confidence: float,
    kind: IntervalKind = "percentile",
    executor: Executor = map,
    progress: Callable[[int], None] | None = None,
) -> tuple[Mapping[str, tuple[float, float]], str]:
    """Return intervals from refits to groups drawn with replacement.

    Nothing is assumed of the residuals' or random effects' distribution; groups must be
    independent and not too few (some forty). A bootstrap sample holds fewer different groups
    than the data, so SDs of random effects come out a little small; "bca" corrects for that.

    Args:
        fit: A fit that did not fail.
        times: Number of bootstrap samples.
        seed: Fixes the samples, whatever the executor; None draws fresh ones.
        confidence: Coverage, between 0 and 1.
        kind: "percentile", or "bca": bias-corrected and accelerated.
        executor: `map`, or the map of a pool of workers.
        progress: Called with the number of samples done so far.

    Returns:
        Limits by name, nan where fewer than half of the samples have a value, and the method's
        label, which says what became of the samples.

    Raises:
        FitError: The fit failed, or more than half of the samples could not be fitted.

    Source:
        docs/maths/intervals.md, section 2.
    """
    replicates = bootstrap_groups(fit, times=times, seed=seed, executor=executor, progress=progress)
    if len(replicates.values) < times / 2:
        raise FitError(
            f"a bootstrap needs most of its samples fitted, but only {len(replicates.values)} of "
            f"{times} were ({replicates.account}). Use intervals='profile', or fewer terms."
        )
    left = _without_each_group(fit) if kind == "bca" else None
    limits: dict[str, tuple[float, float]] = {}
    for index, name in enumerate(replicates.names):
        values = replicates.values[:, index]
        values = values[np.isfinite(values)]
        if len(values) < times / 2:
            limits[name] = (np.nan, np.nan)
            continue
        tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
        if left is not None:
            tails = _corrected_tails(
                values, float(replicates.estimates[index]), left[:, index], tails
            )
        low, high = np.quantile(values, tails)
        limits[name] = (float(low), float(high))
    n_groups = fit.prepared.design.n_groups
    return limits, f"{_KINDS[kind]} bootstrap of {n_groups} groups ({replicates.account})"


def bootstrap_groups(
    fit: Fit,
    *,
    times: int,
    seed: int | None,
    executor: Executor = map,
    progress: Callable[[int], None] | None = None,
) -> BootstrapReplicates:
    """Refit the model to groups drawn with replacement.

    Args:
        fit: A fit that did not fail.
        times: Number of samples.
        seed: Fixes the samples, whatever the executor.
        executor: `map`, or the map of a pool of workers.
        progress: Called with the number of samples done so far.

    Raises:
        FitError: The fit failed.
    """
    _check_usable(fit)
    streams = np.random.SeedSequence(seed).spawn(times)
    draw = partial(_draw_and_refit, _resampler(fit), fit)
    return _gathered(fit, _counted(executor(draw, streams), progress), times)


def parametric_bootstrap(
    fit: Fit,
    statistic: Callable[[Floats], float],
    *,
    times: int,
    seed: int | None,
    executor: Executor = map,
) -> Floats:
    """Return a statistic of outcomes drawn from the fitted model: its distribution under the fit.

    Args:
        fit: The model that is taken as true; it did not fail.
        statistic: From an outcome, shape (n_rows,) in the design's row order, to a number.
        times: Number of draws.
        seed: Fixes the draws, whatever the executor.
        executor: `map`, or the map of a pool of workers.

    Returns:
        Shape (times,).

    Raises:
        FitError: The fit failed.
    """
    _check_usable(fit)
    streams = np.random.SeedSequence(seed).spawn(times)
    draw = partial(_simulate_and_judge, fit, statistic)
    return np.array([float(value) for value in executor(draw, streams)])


def _check_usable(fit: Fit) -> None:
    if fit.state == "failed":
        raise FitError("a failed fit cannot be bootstrapped: " + "; ".join(fit.reasons) + ".")


def _simulate_and_judge(
    fit: Fit, statistic: Callable[[Floats], float], stream: np.random.SeedSequence
) -> float:
    y = simulate_outcomes(fit, times=1, rng=np.random.default_rng(stream))[0]
    return float(statistic(y))


@dataclass(frozen=True, slots=True)
class _Refit:
    """One sample's answer; theta is None where there is none."""

    theta: Floats | None
    b: Floats | None = None
    s2: float = np.nan
    estimable: bool = True


def _draw_and_refit(
    drawn: Callable[[Ints], CrossProducts], fit: Fit, stream: np.random.SeedSequence
) -> _Refit:
    n_groups = fit.prepared.design.n_groups
    groups = np.random.default_rng(stream).integers(0, n_groups, n_groups)
    return _refit(drawn, fit, groups)


def _refit(drawn: Callable[[Ints], CrossProducts], fit: Fit, groups: Ints) -> _Refit:
    """Fit the model to the given groups, each as often as it is named."""
    prepared = fit.prepared
    n_rows = int(prepared.design.sizes[groups].sum())
    cross_products = drawn(groups)
    layout = prepared.layout
    normal = cross_products.weigh(fit.residual_theta).rest[:-1, :-1]
    values = np.linalg.eigvalsh(normal) if len(normal) else np.ones(1)
    if not values[0] > _NOT_ESTIMABLE * values[-1]:
        return _Refit(None, estimable=False)

    def objective(theta: Floats) -> Evaluation:
        return evaluate(
            cross_products.weigh(theta[layout.n_entries :]),
            layout,
            theta,
            n_rows=n_rows,
            reml=prepared.reml,
        )

    for factor in _RESTARTS:
        start = fit.theta.copy()
        start[: layout.n_entries] *= np.sqrt(factor)
        optimum, at = minimize(objective, start)
        if optimum.converged and np.isfinite(at.value):
            return _Refit(optimum.point, at.b, at.s2)
    return _Refit(None)


def _resampler(fit: Fit) -> Callable[[Ints], CrossProducts]:
    """Return what turns drawn groups into cross-products: sums by group, else the rows again."""
    prepared = fit.prepared
    design = prepared.design
    columns = np.asfortranarray(
        np.column_stack([prepared.random.Z, prepared.fixed.Q, prepared.outcome.y])
    )
    rows = Rows(
        columns=columns,
        n_random=prepared.random.Z.shape[1],
        starts=design.starts,
        times=design.times,
    )
    if isinstance(prepared.structure, Resampled):
        return prepared.structure.collect_groups(rows).drawn
    return partial(_collect_again, prepared, rows)


def _collect_again(prepared: Prepared, rows: Rows, groups: Ints) -> CrossProducts:
    sizes = prepared.design.sizes[groups]
    first = np.cumsum(sizes) - sizes
    taken = np.arange(int(sizes.sum())) + np.repeat(rows.starts[groups] - first, sizes)
    return prepared.structure.collect(
        Rows(
            columns=np.asfortranarray(rows.columns[taken]),
            n_random=rows.n_random,
            starts=first,
            times=None if rows.times is None else rows.times[taken],
        )
    )


def _counted(refits: Iterable[_Refit], progress: Callable[[int], None] | None) -> Iterator[_Refit]:
    for done, refit in zip(count(1), refits, strict=False):
        if progress is not None:
            progress(done)
        yield refit


def _gathered(fit: Fit, refits: Iterable[_Refit], times: int) -> BootstrapReplicates:
    design = fit.prepared.design
    kept: list[_Refit] = []
    n_failed = n_not_estimable = 0
    for refit in refits:
        if refit.theta is not None:
            kept.append(refit)
        elif refit.estimable:
            n_failed += 1
        else:
            n_not_estimable += 1
    own = _Refit(fit.theta, fit.at.b, fit.at.s2)
    values, factors = _values(fit.prepared, [own, *kept])
    return BootstrapReplicates(
        names=_names(fit.prepared),
        values=values[1:],
        estimates=values[0],
        n_asked=times,
        n_singular=_n_singular(design, factors[1:]),
        n_failed=n_failed,
        n_not_estimable=n_not_estimable,
    )


def _n_singular(design: Design, factors: Floats) -> int:
    """Count samples in which a direction of a block's covariance has vanished."""
    singular = np.zeros(len(factors), dtype=bool)
    for block in design.blocks:
        part = factors[:, np.array(block)[:, None], np.array(block)]
        smallest = np.linalg.eigvalsh(part @ part.transpose(0, 2, 1))[:, 0]
        # The same figure calls a fit singular; here without asking what setting it to zero costs.
        singular |= smallest < SINGULAR_EIGENVALUE
    return int(singular.sum())


def _names(prepared: Prepared) -> tuple[str, ...]:
    design = prepared.design
    names = list(design.fixed_names)
    for block in design.blocks:
        for i, a in enumerate(block):
            term = design.random_names[a]
            names += [f"SD {term}", f"variance {term}"]
            names += [f"correlation {design.random_names[b]}, {term}" for b in block[:i]]
    return (*names, "SD residual", "variance residual", *prepared.structure.parameter_names)


def _values(prepared: Prepared, refits: list[_Refit]) -> tuple[Floats, Floats]:
    """Return all parameters in the user's units, shape (n, n_names), and the factors."""
    design, layout, outcome = prepared.design, prepared.layout, prepared.outcome
    n, q = len(refits), layout.n_random
    theta = np.array([refit.theta for refit in refits], dtype=np.float64).reshape(n, -1)
    b = np.array([refit.b for refit in refits], dtype=np.float64).reshape(n, -1)
    residual = np.array([refit.s2 for refit in refits]) * outcome.scale**2
    factors = np.zeros((n, q, q))
    factors[:, layout.rows, layout.columns] = theta[:, : layout.n_entries]
    turned = prepared.random.T_z @ factors
    # Below a hundred-millionth of the residual SD stands rounding, not variance.
    sizes = prepared.random.size * np.sqrt(np.sum(turned**2, axis=2))
    turned[sizes < 1e-8] = 0.0
    G = residual[:, None, None] * (turned @ turned.transpose(0, 2, 1))
    columns = list((outcome.b_0 + outcome.scale * b @ prepared.fixed.T_x_inverse.T).T)
    for block in design.blocks:
        for i, a in enumerate(block):
            columns += [np.sqrt(G[:, a, a]), G[:, a, a]]
            for other in block[:i]:
                scale = np.sqrt(G[:, a, a] * G[:, other, other])
                defined = np.where(scale > 0, scale, np.nan)
                columns.append(np.clip(G[:, a, other] / defined, -1.0, 1.0))
    columns += [np.sqrt(residual), residual]
    for index in range(len(prepared.structure.parameter_names)):
        columns.append(
            np.array(
                [
                    prepared.structure.natural(row[layout.n_entries :], prepared.unit_time)[0][
                        index
                    ]
                    for row in theta
                ]
            )
        )
    return np.column_stack(columns), factors


def _without_each_group(fit: Fit) -> Floats:
    """Return all parameters with each group left out in turn, shape (n_groups, n_names)."""
    drawn = _resampler(fit)
    everyone = np.arange(fit.prepared.design.n_groups)
    refits = (_refit(drawn, fit, np.delete(everyone, group)) for group in everyone)
    return _gathered(fit, refits, len(everyone)).values


def _corrected_tails(values: Floats, estimate: float, left: Floats, tails: Floats) -> Floats:
    """Return BCa's tail areas.

    Source:
        docs/maths/intervals.md, eq. 11-12; Efron (1987), Journal of the American Statistical
        Association 82, 171-185.
    """
    below = float(np.mean(values < estimate) + np.mean(values == estimate) / 2)
    if not 0 < below < 1 or np.isnan(estimate):
        return tails
    bias = float(ndtri(below))
    away = np.nanmean(left) - left[np.isfinite(left)]
    spread = float(np.sum(away**2))
    acceleration = float(np.sum(away**3)) / (6 * spread**1.5) if spread > 0 else 0.0
    shifted = bias + ndtri(tails)
    # Far beyond any sensible acceleration the formula would turn the tails round.
    below_one = np.maximum(1 - acceleration * shifted, 0.1)
    return np.asarray(ndtr(bias + shifted / below_one))
