"""Each group's own slope: dense conditional modes, dense prediction errors, draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dense_oracle import DenseModel, dense_fit, residual_correlation
from diaries import simulated_diary

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.group_effects import group_slopes
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=4, n_persons=20, sd_slope=0.8, autocorrelation=0.4, share_missing=0.35)


def fitted(random="1 + x", residuals="independent", fixed="y ~ x * w"):
    spec = MixedModelSpec(
        fixed=fixed, random=random, group="person", residuals=residuals, time="day"
    )
    return fit_mixed_model(spec, DIARY)


def rho_of(result) -> float | None:
    if "autocorrelation" not in result.covariance_parameters:
        return None
    return result.covariance_parameters["autocorrelation"].value


CASES = pytest.mark.parametrize(
    ("random", "residuals"),
    [
        ("1", "independent"),
        ("1 + x", "independent"),
        ("1 + x", "ar1"),
        (("1", "0 + x"), "independent"),
        ("0 + x", "ar1"),
    ],
)


@CASES
def test_conditional_modes_are_those_of_dense_matrices(random, residuals):
    result = fitted(random, residuals)
    design = result.fit.prepared.design
    model = DenseModel(
        y=design.y, X=design.X, Z=design.Z,
        group=np.asarray(design.groups)[design.group_of_row],
        time=DIARY["day"].to_numpy(float)[design.rows],
    )  # fmt: skip
    dense = dense_fit(
        model, result.fit.random_covariance, result.fit.residual_variance, rho=rho_of(result)
    )
    np.testing.assert_allclose(result.group_effects, dense.modes, atol=1e-8)
    assert list(result.group_effects.index) == list(DIARY["person"].unique())


def dense_prediction_errors(result, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Henderson's mixed-model equations written out: variance of b_j + u_ij - its prediction."""
    design = result.fit.prepared.design
    n, p = design.X.shape
    groups, q = design.n_groups, design.Z.shape[1]
    G, s2 = result.fit.random_covariance, result.fit.residual_variance
    R_inverse = np.zeros((n, n))
    wide = np.zeros((n, groups * q))
    for group, (first, size) in enumerate(zip(design.starts, design.sizes, strict=True)):
        rows = slice(first, first + size)
        time = DIARY["day"].to_numpy(float)[design.rows[rows]]
        R_inverse[rows, rows] = np.linalg.inv(s2 * residual_correlation(time, size, rho_of(result)))
        wide[rows, group * q : (group + 1) * q] = design.Z[rows]
    both = np.hstack([design.X, wide])
    normal = both.T @ R_inverse @ both
    normal[p:, p:] += np.kron(np.eye(groups), np.linalg.inv(G))
    C = np.linalg.inv(normal)
    fixed = design.fixed_names.index(design.random_names[column])
    solution = C @ both.T @ R_inverse @ design.y
    values, variances = [], []
    for group in range(groups):
        weights = np.zeros(p + groups * q)
        weights[fixed] = weights[p + group * q + column] = 1
        values.append(weights @ solution)
        variances.append(weights @ C @ weights)
    return np.array(values), np.array(variances)


@CASES
def test_values_and_errors_of_own_slopes_solve_hendersons_equations(random, residuals):
    result = fitted(random, residuals)
    design = result.fit.prepared.design
    for column, term in enumerate(design.random_names):
        frame = group_slopes(result, term).set_index("group").loc[list(design.groups)]
        values, variances = dense_prediction_errors(result, column)
        np.testing.assert_allclose(frame["value"], values, rtol=1e-7)
        np.testing.assert_allclose(frame["std_error"], np.sqrt(variances), rtol=1e-7)
        np.testing.assert_allclose(
            frame["high"], values + 1.959963984540054 * np.sqrt(variances), rtol=1e-7
        )


def test_intervals_hold_the_true_slopes_at_their_rate():
    # Draw persons and days anew from one model whose variances are known to the fit.
    result = fitted()
    rng = np.random.default_rng(3)
    design = result.fit.prepared.design
    G, s2 = result.fit.random_covariance, result.fit.residual_variance
    held = []
    for _ in range(150):
        u = rng.multivariate_normal(np.zeros(2), G, size=design.n_groups)
        noise = rng.normal(scale=np.sqrt(s2), size=design.n_rows)
        y = design.X @ result.fit.b + np.sum(design.Z * u[design.group_of_row], axis=1) + noise
        again = result.refit(y)
        if again.state != "ok":
            continue
        frame = group_slopes(again, "x").set_index("group").loc[list(design.groups)]
        truth = result.fit.b[design.fixed_names.index("x")] + u[:, 1]
        held.append(((frame["low"] <= truth) & (truth <= frame["high"])).mean())
    # A little under 95 %: the variances are taken as known.
    assert 0.90 < np.mean(held) < 0.97


def test_slopes_are_sorted_and_shrunken_toward_the_mean():
    result = fitted()
    frame = group_slopes(result, "x")
    assert frame["value"].is_monotonic_increasing
    assert list(frame) == ["group", "value", "std_error", "low", "high"]
    assert frame["value"].std() < result.covariance_parameters["SD x"].value


def test_a_random_term_without_fixed_term_is_its_deviation():
    result = fitted(fixed="y ~ 1")
    frame = group_slopes(result, "x").set_index("group")
    expected = result.group_effects["x"].sort_values()
    np.testing.assert_allclose(frame["value"], expected, atol=1e-12)


def test_confidence_widens_the_interval():
    result = fitted()
    narrow, wide = (group_slopes(result, "x", confidence=c) for c in (0.5, 0.99))
    assert (wide["low"] < narrow["low"]).all()
    assert (wide["high"] > narrow["high"]).all()


def test_no_spread_gives_every_group_the_fixed_slope():
    one = DIARY[DIARY["person"] == DIARY["person"].iloc[0]]
    rows = pd.concat([one.assign(person=k) for k in range(8)], ignore_index=True)
    result = fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="0 + x", group="person"), rows)
    frame = group_slopes(result, "x")
    np.testing.assert_allclose(frame["value"], result.estimates["x"].value, rtol=1e-12)
    np.testing.assert_allclose(frame["std_error"], result.estimates["x"].std_error, rtol=1e-9)


def test_what_does_not_vary_and_what_failed_is_refused():
    with pytest.raises(SpecError, match="does not vary between groups"):
        group_slopes(fitted(), "w")
    failed = fit_mixed_model(
        MixedModelSpec(fixed="y ~ x", random="1", group="person"),
        DIARY.assign(y=2 * DIARY["x"]),
    )
    assert failed.group_effects.isna().all(axis=None)
    with pytest.raises(FitError, match="no group effects"):
        group_slopes(failed, "Intercept")
