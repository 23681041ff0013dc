"""The criterion against dense linear algebra, its derivatives against finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from dense_oracle import DenseModel, dense_fit
from diaries import simulated_diary

from intimacy_analysis.mixed.design import build_design
from intimacy_analysis.mixed.fit import Fit, Prepared, prepare
from intimacy_analysis.mixed.likelihood import layout_of
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.numerics.optimum import Optimum

RANDOMS = ["0", "1", "0 + x", "1 + x", "1 + x + w", ("1 + x", "0 + w"), "(1 + x || person)"]


def prepared_model(random, residuals: str, *, reml: bool) -> Prepared:
    spec = MixedModelSpec(
        fixed="y ~ x * w", random=random, group="person", residuals=residuals, time="day"
    )
    design = build_design(spec, simulated_diary(seed=4, autocorrelation=0.3))
    return prepare(design, spec.structure, reml=reml)


def some_point(prepared: Prepared, seed: int) -> np.ndarray:
    layout = prepared.layout
    rng = np.random.default_rng(seed)
    theta = np.zeros(layout.n_entries + len(prepared.structure.start))
    theta[: layout.n_entries] = np.where(layout.rows == layout.columns, 0.6, 0.1)
    theta[layout.n_entries :] = 0.5
    return theta + rng.normal(size=len(theta)) * 0.1


def at(prepared: Prepared, theta: np.ndarray) -> Fit:
    """A Fit that stands at any point, so that its answers are mapped to the user's units."""
    optimum = Optimum(
        point=theta, value=0.0, predicted_decrease=0.0, scaled_gradient=0.0,
        smallest_curvature=1.0, n_evaluations=0, converged=True, message="",
    )  # fmt: skip
    return Fit(
        prepared=prepared, theta=theta, at=prepared.evaluate(theta), optimum=optimum,
        state="ok", reasons=(),
    )  # fmt: skip


@pytest.mark.parametrize("reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("residuals", ["independent", "ar1", "car1"])
@pytest.mark.parametrize("random", RANDOMS, ids=str)
def test_criterion_agrees_with_dense_covariance_matrices(random, residuals, reml):
    prepared = prepared_model(random, residuals, reml=reml)
    fit = at(prepared, some_point(prepared, seed=1))
    design = prepared.design
    natural, _ = prepared.structure.natural(fit.residual_theta, prepared.unit_time)
    dense = dense_fit(
        DenseModel(
            y=design.y, X=design.X, Z=design.Z, group=design.group_of_row, time=design.times
        ),
        fit.random_covariance,
        fit.residual_variance,
        rho=float(natural[0]) if len(natural) else None,
        criterion="reml" if reml else "ml",
    )
    assert -2 * fit.log_likelihood == pytest.approx(dense.minus_two_log_likelihood, abs=1e-8)
    np.testing.assert_allclose(fit.b, dense.beta, rtol=1e-9)
    np.testing.assert_allclose(fit.b_covariance, dense.beta_covariance, rtol=1e-8, atol=1e-13)


@pytest.mark.parametrize("reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("residuals", ["independent", "ar1", "car1"])
@pytest.mark.parametrize("random", RANDOMS, ids=str)
def test_gradient_and_hessian_agree_with_differences(random, residuals, reml):
    prepared = prepared_model(random, residuals, reml=reml)
    theta = some_point(prepared, seed=2)
    here = prepared.evaluate(theta)
    step = 1e-5
    moves = step * np.eye(len(theta))
    slopes = [
        (prepared.evaluate(theta + m).value - prepared.evaluate(theta - m).value) / (2 * step)
        for m in moves
    ]
    bends = [
        (prepared.evaluate(theta + m).gradient - prepared.evaluate(theta - m).gradient) / (2 * step)
        for m in moves
    ]
    covariances = [
        (prepared.evaluate(theta + m).phi - prepared.evaluate(theta - m).phi) / (2 * step)
        for m in moves
    ]
    scale = max(1.0, float(np.abs(here.hessian).max(initial=0)))
    np.testing.assert_allclose(here.gradient, slopes, rtol=1e-6, atol=1e-6 * scale)
    if len(theta):
        np.testing.assert_allclose(here.hessian, bends, rtol=1e-6, atol=1e-6 * scale)
        np.testing.assert_allclose(here.phi_slopes, covariances, rtol=1e-5, atol=1e-10)


def test_layout_lists_the_lower_triangle_of_each_block():
    layout = layout_of(((0, 1), (2,)), 3)
    factor = layout.factor(np.array([1.0, 2.0, 3.0, 4.0]))
    assert factor.tolist() == [[1, 0, 0], [2, 3, 0], [0, 0, 4]]


def test_one_evaluation_costs_the_same_array_work_whatever_the_number_of_days():
    short = prepared_model("1 + x", "ar1", reml=True)
    spec = MixedModelSpec(
        fixed="y ~ x * w", random="1 + x", group="person", residuals="ar1", time="day"
    )
    long_design = build_design(spec, simulated_diary(n_days=200, share_missing=0.0))
    long = prepare(long_design, spec.structure, reml=True)
    theta = np.array([0.5, 0.1, 0.3, 0.2])
    for prepared in (short, long):
        assert prepared.cross_products.weigh(theta[3:]).random.shape[2] == 25
    # Complete days have one gap beside each person's first day: two cells a person.
    assert long.cross_products.now.shape[2] == 2 * 25
