"""Fit a path model: the front door of the engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.numerics.threads import one_thread
from intimacy_analysis.paths.bootstrap import bootstrap_intervals, couple_bootstrap
from intimacy_analysis.paths.estimating import Quantities, normal_estimate, quantities
from intimacy_analysis.paths.fit import PathFit, fit_table
from intimacy_analysis.paths.fit_indices import FitIndices
from intimacy_analysis.paths.information import (
    RobustKind,
    browne_products,
    inverse_along,
    score_products,
)
from intimacy_analysis.paths.model_fit import fit_indices
from intimacy_analysis.paths.moments import Patterns, PrintedMoments
from intimacy_analysis.paths.observe import (
    FrameWithCodebook,
    Observed,
    observe_printed,
    observe_rows,
)
from intimacy_analysis.paths.parameter_table import build_table
from intimacy_analysis.paths.result import (
    Missing,
    PathModelResult,
    ResultParts,
    StandardErrors,
)
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.syntax import read_model
from intimacy_analysis.paths.units import parameter_units

Floats = npt.NDArray[np.float64]
BootstrapKind = Literal["percentile", "bca"]


@one_thread()
def fit_path_model(
    model: str | PathModelSpec,
    data: pd.DataFrame | FrameWithCodebook | PrintedMoments,
    missing: Missing = "listwise",
    standard_errors: StandardErrors | None = None,
    groups: str | None = None,
    bootstrap: int = 5000,
    seed: int | None = None,
    *,
    fixed_x: bool | None = None,
    means: bool | None = None,
    likelihood: Literal["normal", "wishart"] = "normal",
    robust: RobustKind = "MLR",
    intervals: BootstrapKind = "percentile",
    group_equal: Sequence[str] = (),
    confidence: float = 0.95,
) -> PathModelResult:
    """Fit a path model by maximum likelihood.

    Args:
        model: A model text (lavaan's language) or a template.
        data: One row a couple; or a `DyadFrame`; or `observe_covariance(...)`, a printed table.
        missing: "listwise" leaves out couples with a gap in the model's variables; "fiml" uses
            every couple (full information; right if values are missing at random).
        standard_errors: "expected" or "observed" information, "robust" (with a scaled
            chi-square) or "bootstrap" (of couples); None for "expected", with "fiml" "observed".
        groups: Column that tells groups apart, for a model of several groups.
        bootstrap: Replicates of `standard_errors="bootstrap"`.
        seed: Seed of the bootstrap; None for one that is drawn and noted.
        fixed_x: Whether exogenous predictors are taken as they are (only what is given them is
            modeled) or are part of the model. The paths and the chi-square are the same where
            nothing is missing; with gaps in predictors only random ones keep those couples. None
            takes them as they are unless "fiml" finds gaps in them.
        means: Whether means and intercepts are part of the model; None for yes where the data
            have means.
        likelihood: "normal" (divisor n) or "wishart" (n - 1).
        robust: "MLR" (sandwich errors, Yuan-Bentler scaling) or "MLM" (complete data;
            Satorra-Bentler scaling).
        intervals: "percentile" or "bca", of a bootstrap.
        group_equal: What is equal across groups: "loadings", "intercepts", "residuals",
            "regressions", "latent variances", "latent covariances", "latent means".
        confidence: Coverage of the intervals.

    Raises:
        SpecError: A model that cannot be read or is not identified, or options that do not fit.
        DataError: Data that cannot carry the model; the message says which variables or rows.

    Source:
        Bollen (1989), Structural Equations with Latent Variables; docs/maths/path_model.md.
    """
    spec = read_model(model) if isinstance(model, str) else model
    _check_options(spec, missing, standard_errors, likelihood, robust, intervals, confidence)
    _check_kinds(groups, fixed_x, means, group_equal)
    _check_seed(seed)
    errors = standard_errors or ("observed" if missing == "fiml" else "expected")
    with_means = _with_means(spec, data, means, missing, errors, groups)
    fixed = _fixed_predictors(spec, data, fixed_x, missing)
    observed = _observe(spec, data, missing, groups, fixed)
    table = build_table(
        spec,
        groups=observed.groups,
        means=with_means,
        fixed_x=fixed,
        group_equal=group_equal,
    )
    _check_data_for(observed, errors, likelihood, robust)
    patterns = observed.patterns
    if likelihood == "wishart":
        patterns = tuple(_wishart(part) for part in patterns)
    fit = fit_table(spec, table, patterns)
    chosen = robust if errors == "robust" else None
    model_covariance, covariance, inverse, trouble = _covariance(fit, errors, missing, chosen)
    indices = fit_indices(
        fit,
        robust=chosen if inverse is not None else None,
        inverse=inverse,
        normal=observed.patterns if likelihood == "wishart" else None,
    )
    held = quantities(spec, table, fit.theta, _sample_values(fit))
    units = parameter_units(table, data)
    estimates = _estimates(spec, fit, held, covariance, errors, confidence, units)
    result = PathModelResult(
        spec=spec,
        state=fit.state,
        estimates=estimates,
        fit_indices=indices,
        n_couples=observed.n,
        n_dropped=observed.n_dropped,
        groups=observed.groups,
        missing=missing,
        standard_errors=errors,
        warnings=(*fit.problems, *trouble, *_notes(fit, observed, indices, spec)),
        parts=ResultParts(
            fit=fit,
            observed=observed,
            covariance=covariance,
            model_covariance=model_covariance,
            quantities=held,
            labels={
                table.name(row): row.label
                for row in table.rows
                if row.label and not row.label.startswith(".")
            },
        ),
    )
    if errors != "bootstrap" or fit.state == "failed":
        return result
    return _bootstrapped(result, bootstrap, seed, intervals, confidence)


def _check_options(
    spec: object,
    missing: object,
    errors: object,
    likelihood: object,
    robust: object,
    intervals: object,
    confidence: object,
) -> None:
    if not isinstance(spec, PathModelSpec):
        raise SpecError(
            f"a model must be a text or a template, but this is a {type(spec).__name__}. "
            "Write for example 'y ~ x', or use actor_partner(...)."
        )
    for value, allowed, what in (
        (missing, get_args(Missing), "missing"),
        (errors, (*get_args(StandardErrors), None), "standard_errors"),
        (likelihood, ("normal", "wishart"), "likelihood"),
        (robust, get_args(RobustKind), "robust"),
        (intervals, get_args(BootstrapKind), "intervals"),
    ):
        if value not in allowed:
            shown = ", ".join(repr(option) for option in allowed if option is not None)
            raise SpecError(f"{what} must be one of {shown}, got {value!r}.")
    if not isinstance(confidence, (int, float)) or not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    if likelihood == "wishart" and (missing == "fiml" or errors in ("robust", "bootstrap")):
        raise SpecError(
            "likelihood='wishart' is a scaling of complete normal data. Use it with "
            "missing='listwise' and standard_errors 'expected' or 'observed'."
        )


def _check_seed(seed: object) -> None:
    if seed is None:
        return
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or seed < 0:
        raise SpecError(f"seed must be a whole number, 0 or more, or None, got {seed!r}.")


def _check_kinds(groups: object, fixed_x: object, means: object, group_equal: object) -> None:
    if groups is not None and (not isinstance(groups, str) or not groups):
        raise SpecError(f"groups must be the name of one column, or None, got {groups!r}.")
    for value, what in ((fixed_x, "fixed_x"), (means, "means")):
        if value is not None and not isinstance(value, (bool, np.bool_)):
            raise SpecError(f"{what} must be True, False or None, got {value!r}.")
    if isinstance(group_equal, str) or not isinstance(group_equal, Sequence):
        raise SpecError(
            f"group_equal must be a list of kinds, such as ['loadings'], got {group_equal!r}."
        )


def _with_means(
    spec: PathModelSpec,
    data: object,
    means: bool | None,
    missing: str,
    errors: str,
    groups: str | None,
) -> bool:
    has_means = not (isinstance(data, PrintedMoments) and data.means is None)
    needs = any(arrow.op == "~1" for arrow in spec.arrows)
    if not has_means and (needs or means):
        raise DataError(
            "a model with intercepts must be given means, but the printed table has none. Pass "
            "means= to observe_covariance, or take '~ 1' out of the model."
        )
    if means is False and (needs or missing == "fiml" or errors == "robust" or groups):
        raise SpecError(
            "means=False fits covariances alone, but intercepts in the text, missing='fiml', "
            "standard_errors='robust' and several groups need the means. Leave means out."
        )
    return has_means if means is None else bool(means)


def _frame_of(data: object) -> pd.DataFrame | None:
    if isinstance(data, pd.DataFrame):
        return data
    return data.rows if isinstance(data, FrameWithCodebook) else None


def _fixed_predictors(
    spec: PathModelSpec, data: object, fixed_x: bool | None, missing: str
) -> bool:
    if fixed_x is not None or missing != "fiml":
        return True if fixed_x is None else bool(fixed_x)
    frame = _frame_of(data)
    if frame is None:
        return True
    plain = build_table(spec, means=True, fixed_x=True, groups=_any_groups(spec)).fixed_predictors
    held = [name for name in plain if name in frame.columns]
    return not bool(frame[held].isna().to_numpy().any()) if held else True


def _any_groups(spec: PathModelSpec) -> tuple[str, ...]:
    most = max((len(a.labels) for a in spec.arrows), default=1)
    most = max(most, *(len(a.fixed) for a in spec.arrows), 1) if spec.arrows else 1
    return tuple(str(at) for at in range(most)) if most > 1 else ("",)


def _observe(
    spec: PathModelSpec, data: object, missing: str, groups: str | None, fixed: bool
) -> Observed:
    names = spec.observed
    if isinstance(data, PrintedMoments):
        if groups is not None:
            raise SpecError("a printed table is one group; leave groups out.")
        return observe_printed(data, names)
    frame = _frame_of(data)
    if frame is None:
        raise DataError(
            "data must be a data frame, a DyadFrame or observe_covariance(...), but this is a "
            f"{type(data).__name__}. Load a file with load_study, or pass a pandas frame."
        )
    complete: tuple[str, ...] = ()
    if fixed and missing == "fiml":
        plain = build_table(spec, fixed_x=True, groups=_any_groups(spec)).fixed_predictors
        complete = plain
    return observe_rows(frame, names, missing=missing, group=groups, complete=complete)


def _check_data_for(observed: Observed, errors: str, likelihood: str, robust: str) -> None:
    if observed.index is None and errors in ("robust", "bootstrap"):
        raise SpecError(
            f"standard_errors={errors!r} needs rows, but a printed table holds none. Use "
            "'expected', or monte_carlo_intervals for indirect effects."
        )
    if errors == "robust" and robust == "MLM" and not all(p.complete for p in observed.patterns):
        raise SpecError(
            "robust='MLM' is defined for complete data. Use robust='MLR' with missing values."
        )


def _wishart(patterns: Patterns) -> Patterns:
    n = patterns.n
    return replace(
        patterns,
        counts=patterns.counts - 1,
        covariances=patterns.covariances * n / (n - 1),
        rows=None,
        pattern_of_row=None,
    )


def _covariance(
    fit: PathFit, errors: str, missing: str, robust: RobustKind | None
) -> tuple[Floats, Floats, Floats | None, tuple[str, ...]]:
    """Return model-based and shown covariance of the given parameters, inverse information."""
    q = fit.table.n_free
    nothing = np.full((q, q), np.nan)
    if fit.state == "failed":
        return nothing, nothing, None, ()
    theta = fit.solution.theta
    expected = (
        errors == "expected" or robust == "MLM" or (errors == "bootstrap" and missing == "listwise")
    )
    information = fit.likelihood.evaluate(theta, expected=expected).hessian
    back = fit.centering.matrix
    try:
        inverse = inverse_along(information, fit.solution.directions)
    except np.linalg.LinAlgError:
        return (
            nothing,
            nothing,
            None,
            (
                "The information matrix is not positive definite: the data hardly determine some "
                "parameter, and no standard errors are given.",
            ),
        )
    plain = back @ inverse @ back.T
    if robust is None:
        return plain, plain, inverse, ()
    products = (
        browne_products(fit.likelihood, theta)
        if robust == "MLM"
        else score_products(fit.likelihood, theta)
    )
    sandwich = inverse @ products @ inverse
    return plain, back @ sandwich @ back.T, inverse, ()


def _sample_values(fit: PathFit) -> dict[str, float]:
    """Return the sample moments that stand in the table for fixed predictors."""
    table = fit.table
    values: dict[str, float] = {}
    for row in table.rows:
        if not row.sample:
            continue
        moments, shift = fit.saturated[row.group], fit.centering.shifts[row.group]
        i = table.observed.index(row.lhs)
        if row.op == "~1":
            values[table.name(row)] = float(moments.mean[i] + shift[i])
        else:
            values[table.name(row)] = float(moments.covariance[i, table.observed.index(row.rhs)])
    return values


_METHODS = {
    "expected": "Wald z, expected information",
    "observed": "Wald z, observed information",
    "robust": "Wald z, robust",
    "bootstrap": "Wald z",
}


def _estimates(
    spec: PathModelSpec,
    fit: PathFit,
    held: Quantities,
    covariance: Floats,
    errors: str,
    confidence: float,
    units: dict[str, str],
) -> EstimateTable:
    failed = fit.state == "failed"
    rows: list[Estimate] = []
    defined = {row: name for name, row in held.definitions}
    for name in (*held.arrows, *defined):
        key = defined.get(name, name)
        if failed:
            rows.append(Estimate(name=name, value=math.nan))
            continue
        gradient = held.gradients[key]
        variance = float(gradient @ covariance @ gradient) if gradient.any() else 0.0
        if gradient.any() and variance < 1e-20 * max(held.values[key] ** 2, 1e-300):
            variance = 0.0
        rows.append(
            normal_estimate(name, held.values[key], variance, confidence, units.get(name, ""))
        )
    return EstimateTable(
        rows=tuple(rows),
        title=spec.title or "Path model",
        df_method="normal",
        interval_method=_METHODS[errors],
        confidence=confidence,
        notes=spec.notes,
    )


def _notes(
    fit: PathFit, observed: Observed, indices: FitIndices, spec: PathModelSpec
) -> tuple[str, ...]:
    notes = list(observed.notes)
    if fit.solution.active:
        notes.append(
            f"The bound {', '.join(fit.solution.active)} holds with equality; intervals and p "
            "beside it are conditional on that."
        )
    ratio = observed.n / max(fit.n_parameters, 1)
    if ratio < 5:
        notes.append(
            f"{observed.n} couples for {fit.n_parameters} parameters are few: chi-square and "
            "standard errors rest on large samples."
        )
    return tuple(notes)


def _bootstrapped(
    result: PathModelResult,
    replicates: int,
    seed: int | None,
    kind: BootstrapKind,
    confidence: float,
) -> PathModelResult:
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 100:
        raise SpecError(
            f"bootstrap must be a whole number of replicates, 100 or more, got {replicates!r}."
        )
    drawn = seed if seed is not None else int(np.random.default_rng().integers(2**31))
    draws = couple_bootstrap(result.parts.fit, result.spec, replicates=replicates, seed=drawn)
    estimates, notes = bootstrap_intervals(result, draws, kind=kind, confidence=confidence)
    seeded = f"Couple bootstrap: {len(draws.table)} replicates, seed {drawn}."
    return replace(
        result,
        estimates=replace(estimates, notes=(*estimates.notes, seeded)),
        bootstrap_draws=draws.table,
        warnings=(*result.warnings, *notes),
    )
