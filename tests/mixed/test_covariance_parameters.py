"""SDs, variances, correlations: dense curvature as witness of their errors, bounds left open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dense_oracle import DenseModel, dense_fit, numerical_derivatives
from diaries import simulated_diary

from intimacy_analysis.mixed.covariance_parameters import covariance_quantities
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(seed=4, n_persons=40, autocorrelation=0.4)


def fitted(criterion="reml", residuals="independent", random="1 + x", diary=DIARY):
    spec = MixedModelSpec(
        fixed="y ~ x", random=random, group="person", residuals=residuals, time="day",
        criterion=criterion,
    )  # fmt: skip
    return fit_mixed_model(spec, diary)


def dense_table(result) -> dict[str, tuple[float, float]]:
    """Value and standard error of each parameter from the dense likelihood in natural units."""
    design = result.fit.prepared.design
    serial = "autocorrelation" in result.covariance_parameters
    model = DenseModel(
        y=design.y, X=design.X, Z=design.Z,
        group=np.asarray(design.groups)[design.group_of_row],
        time=DIARY["day"].to_numpy(float)[design.rows],
    )  # fmt: skip
    names = ["SD Intercept", "SD x", "correlation Intercept, x", "SD residual"]
    names += ["autocorrelation"] if serial else []
    point = np.array([result.covariance_parameters[name].value for name in names])

    def value(theta: np.ndarray) -> float:
        crossed = theta[0] * theta[1] * theta[2]
        G = np.array([[theta[0] ** 2, crossed], [crossed, theta[1] ** 2]])
        return dense_fit(
            model, G, float(theta[3] ** 2), rho=float(theta[4]) if serial else None,
            criterion=result.spec.criterion,
        ).minus_two_log_likelihood  # fmt: skip

    gradient, hessian = numerical_derivatives(value, point)
    np.testing.assert_allclose(gradient, 0, atol=1e-3)
    errors = np.sqrt(np.diag(2 * np.linalg.inv(hessian)))
    return dict(zip(names, zip(point, errors, strict=True), strict=True))


@pytest.mark.parametrize("residuals", ["independent", "ar1"])
@pytest.mark.parametrize("criterion", ["reml", "ml"])
def test_standard_errors_are_those_of_the_dense_curvature(criterion, residuals):
    result = fitted(criterion, residuals)
    table = result.covariance_parameters
    for name, (value, error) in dense_table(result).items():
        assert table[name].value == value
        assert table[name].std_error == pytest.approx(error, rel=1e-4), name


def test_variance_is_sd_squared_with_error_and_limits_to_match():
    table = fitted(residuals="ar1").covariance_parameters
    for name in ("Intercept", "x", "residual"):
        sd, variance = table[f"SD {name}"], table[f"variance {name}"]
        assert variance.value == pytest.approx(sd.value**2)
        assert variance.std_error == pytest.approx(2 * sd.value * sd.std_error)
        assert variance.interval == pytest.approx((sd.low**2, sd.high**2))
        assert 0 < sd.low < sd.value < sd.high


def test_intervals_lie_on_the_log_and_fisher_scales():
    table = fitted().covariance_parameters
    sd, correlation = table["SD x"], table["correlation Intercept, x"]
    assert np.log(sd.high / sd.value) == pytest.approx(np.log(sd.value / sd.low))
    middle = np.arctanh(correlation.value)
    assert np.arctanh(correlation.high) - middle == pytest.approx(
        middle - np.arctanh(correlation.low)
    )
    reach = 1.959963984540054 * correlation.std_error / (1 - correlation.value**2)
    assert np.arctanh(correlation.high) - middle == pytest.approx(reach)


def test_gradients_of_every_parameter_agree_with_finite_differences():
    result = fitted(residuals="ar1", random=("1 + x", "0 + w"))
    fit = result.fit
    quantities = covariance_quantities(fit)
    step = 1e-6
    layout, structure = fit.prepared.layout, fit.prepared.structure

    def natural(theta: np.ndarray, log_s2: float) -> np.ndarray:
        """Return the parameters at a point by the definitions of docs/maths/mixed_model.md."""
        F = layout.factor(theta)
        turned = fit.prepared.random.T_z @ F
        G = np.exp(log_s2) * turned @ turned.T
        found: list[float] = []
        for block in fit.prepared.design.blocks:
            for a in block:
                found += [np.sqrt(G[a, a]), G[a, a]]
            found += [
                G[a, b] / np.sqrt(G[a, a] * G[b, b]) for i, a in enumerate(block) for b in block[:i]
            ]
        found += [np.exp(log_s2 / 2), np.exp(log_s2)]
        psi = theta[layout.n_entries :]
        return np.array([*found, *structure.natural(psi, fit.prepared.unit_time)[0]])

    log_s2 = float(np.log(fit.residual_variance))
    at = natural(fit.theta, log_s2)
    np.testing.assert_allclose([q.value for q in quantities], at, rtol=1e-12)
    for j in range(len(fit.theta) + 1):
        moved = np.append(fit.theta, log_s2)
        moved[j] += step
        up = natural(moved[:-1], float(moved[-1]))
        moved[j] -= 2 * step
        down = natural(moved[:-1], float(moved[-1]))
        slopes = (up - down) / (2 * step)
        np.testing.assert_allclose(
            [q.gradient[j] for q in quantities], slopes, rtol=1e-6, atol=1e-8
        )


def test_blocks_have_no_correlation_between_them():
    names = fitted(random=("1 + x", "0 + w")).covariance_parameters.names
    assert "correlation Intercept, x" in names
    assert not any("correlation" in name and "w" in name.split() for name in names)


def test_a_parameter_at_its_bound_has_neither_error_nor_interval():
    one = DIARY[DIARY["person"] == DIARY["person"].iloc[0]]
    rows = pd.concat([one.assign(person=k) for k in range(8)], ignore_index=True)
    table = fitted(random="1", diary=rows).covariance_parameters
    for name in ("SD Intercept", "variance Intercept"):
        assert table[name].value == 0
        assert np.isnan([table[name].std_error, table[name].low, table[name].high]).all()
    assert np.isfinite(table["SD residual"].std_error)


def test_units_follow_the_outcome_and_the_term():
    table = fitted().covariance_parameters
    assert table["SD x"].unit == "y per x"
    assert table["variance x"].unit == "(y per x) squared"
    assert table["correlation Intercept, x"].unit == ""


def test_a_failed_fit_has_no_covariance_parameters():
    assert len(fitted(diary=DIARY.assign(y=2 * DIARY["x"])).covariance_parameters) == 0
