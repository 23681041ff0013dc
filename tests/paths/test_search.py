"""Where the search ends is the best point there is, under whatever conditions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from path_data import APIM, FACTORS, LOOP, MIMIC, couples, fit_of, fitted, values_of
from scipy.optimize import minimize

from intimacy_analysis import fit_path_model
from intimacy_analysis.paths.constraints import read_conditions
from intimacy_analysis.paths.parameter_table import build_table
from intimacy_analysis.paths.syntax import read_model

RATIO = APIM + "\na_w*p_h == a_h*p_w"


def brute_force(fit, starts=12, conditions=()):
    """The lowest value of many searches by scipy, from points around the answer and far off."""
    rng = np.random.default_rng(0)
    likelihood, best = fit.likelihood, np.inf
    theta = fit.solution.theta
    rules = [
        {
            "type": "eq" if c.equality else "ineq",
            "fun": lambda t, c=c: c.evaluate(fit.centering.to_given(t))[0],
        }
        for c in conditions
    ]
    for at in range(starts):
        begin = theta + (0.1 + 0.1 * at) * rng.normal(size=len(theta)) * np.maximum(
            np.abs(theta), 0.2
        )
        if not np.isfinite(likelihood.value(begin)):
            continue
        found = minimize(
            lambda t: min(likelihood.value(t), 1e8),
            begin,
            jac=lambda t: likelihood.gradient(t) if np.isfinite(likelihood.value(t)) else 0 * t,
            method="SLSQP" if rules else "BFGS",
            constraints=rules,
            options={"maxiter": 500},
        )
        broken = max(
            (abs(r["fun"](found.x)) if r["type"] == "eq" else -r["fun"](found.x) for r in rules),
            default=0.0,
        )
        if broken < 1e-6:
            best = min(best, found.fun)
    return best


@pytest.mark.parametrize("text", [APIM, LOOP, FACTORS, MIMIC])
@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_no_search_from_elsewhere_finds_a_better_point(text, missing):
    data = couples(100, seed=3, gaps=0.08 if missing == "fiml" else 0.0)
    fit = fit_of(text, data, missing=missing)
    best = brute_force(fit)
    assert fit.solution.optimum.value <= best + 1e-6
    assert fit.solution.optimum.value == pytest.approx(best, abs=1e-3)
    assert np.abs(fit.likelihood.gradient(fit.solution.theta)).max() < 1e-3


@pytest.mark.parametrize(
    "condition",
    ["a_w*p_h == a_h*p_w", "a_w == 2*a_h", "a_w < 0.2", "p_w > 0.5\na_h^2 + p_h^2 < 0.1"],
)
def test_no_point_that_meets_the_conditions_is_better(condition):
    fit = fit_of(f"{APIM}\n{condition}", couples(100, seed=3))
    best = brute_force(fit, conditions=fit.conditions)
    assert fit.solution.converged
    assert fit.solution.optimum.value <= best + 1e-6
    assert fit.solution.optimum.value == pytest.approx(best, abs=1e-4)


def test_a_linear_equality_is_the_same_as_one_label():
    data = couples(seed=4)
    by_condition = fitted(APIM + "\na_w == a_h", data)
    by_label = fitted(APIM.replace("a_w", "a").replace("a_h", "a"), data)
    np.testing.assert_allclose(values_of(by_condition), values_of(by_label), atol=1e-8)
    for name in ("y_w ~ x_w", "y_h ~ x_w", "y_w ~~ y_h"):
        assert by_condition.estimate(name).std_error == pytest.approx(
            by_label.estimate(name).std_error, rel=1e-7
        )
    assert by_condition.fit_indices.df == by_label.fit_indices.df == 1
    assert by_condition.fit_indices.chisq == pytest.approx(by_label.fit_indices.chisq, abs=1e-8)


def test_a_fixed_number_by_condition_is_the_same_as_in_the_text():
    data = couples(seed=4)
    by_condition = fitted(APIM + "\np_w == 0.25", data)
    in_text = fitted(APIM.replace("p_w", "0.25"), data)
    np.testing.assert_allclose(values_of(by_condition), values_of(in_text), atol=1e-8)
    assert by_condition.fit_indices.chisq == pytest.approx(in_text.fit_indices.chisq, abs=1e-8)
    assert by_condition.estimate("p_w").std_error == pytest.approx(0, abs=1e-9)


def test_a_nonlinear_equality_holds_and_equals_its_own_parameterization():
    # a1 p2 = a2 p1 says p = k a for both: one k, tried over a grid as a linear condition.
    data = couples(seed=5)
    fit = fitted(RATIO, data)
    a, p = fit.values(["a_w", "a_h"]), fit.values(["p_w", "p_h"])
    assert a[0] * p[1] == pytest.approx(a[1] * p[0], abs=1e-10)
    assert fit.fit_indices.df == 1
    ratio = p[0] / a[0]
    grid = [
        fitted(APIM + f"\np_w == {k}*a_w\np_h == {k}*a_h", data).log_likelihood
        for k in ratio + np.array([-0.02, 0.0, 0.02])
    ]
    assert grid[1] == pytest.approx(fit.log_likelihood, abs=1e-7)
    assert max(grid) == grid[1]


def test_an_inequality_that_holds_anyway_changes_nothing():
    data = couples(seed=5)
    free, bound = fitted(APIM, data), fitted(APIM + "\na_w > -1", data)
    np.testing.assert_allclose(values_of(bound), values_of(free), atol=1e-10)
    assert bound.fit_indices.df == free.fit_indices.df
    assert not any("bound" in note for note in bound.warnings)


def test_an_inequality_in_the_way_holds_with_equality_and_is_told():
    data = couples(seed=5)
    bound = fitted(APIM + "\na_w < 0.1", data)
    equal = fitted(APIM + "\na_w == 0.1", data)
    np.testing.assert_allclose(values_of(bound), values_of(equal), atol=1e-7)
    assert bound.log_likelihood == pytest.approx(equal.log_likelihood, abs=1e-8)
    # The parameter still counts: the bound was not part of the hypothesis's dimension.
    assert bound.fit_indices.df == 0
    assert any("a_w < 0.1" in note for note in bound.warnings)


def test_an_equality_the_free_maximum_meets_by_itself_still_costs_a_degree_of_freedom():
    text = "y_w ~ a_w*x_w + p_w*x_h\ny_h ~ a_h*x_h + p_h*x_w\na_w*p_h == a_h*p_w"
    rng = np.random.default_rng(0)
    raw = rng.normal(size=(80, 4))
    raw -= raw.mean(axis=0)
    raw = np.linalg.qr(raw)[0]
    data = couples(80)[["x_w", "x_h"]] * 0.0
    data["x_w"], data["x_h"] = raw[:, 0], raw[:, 1]
    data["y_w"] = 0.5 * raw[:, 0] + 0.25 * raw[:, 1] + raw[:, 2]
    data["y_h"] = 0.5 * raw[:, 1] + 0.25 * raw[:, 0] + raw[:, 3]
    fit = fitted(text, data)
    assert fit.fit_indices.df == 1
    assert fit.fit_indices.chisq == pytest.approx(0, abs=1e-8)
    free = fitted(text.rsplit("\n", 1)[0], data)
    assert fit.estimate("p_w").std_error < free.estimate("p_w").std_error


def test_starting_values_far_off_lead_to_the_same_place():
    data = couples(seed=6)
    near = fitted(FACTORS, data)
    far = fitted("f =~ u1 + start(5)*u2 + start(-3)*u3\ng =~ v1 + v2 + v3\ng ~ start(9)*f", data)
    np.testing.assert_allclose(values_of(far), values_of(near), atol=1e-6)


def test_conditions_may_speak_of_defined_quantities():
    data = couples(seed=5)
    by_definition = fitted(APIM + "\nk_w := p_w/a_w\nk_w == 0.5", data)
    by_hand = fitted(APIM + "\np_w == 0.5*a_w", data)
    assert by_definition.log_likelihood == pytest.approx(by_hand.log_likelihood, abs=1e-7)
    assert by_definition.estimate("k_w").value == pytest.approx(0.5, abs=1e-9)


def test_conditions_are_about_the_parameters_of_the_data_as_given():
    # Centering inside must not change what an intercept in a condition means.
    text = "y_w ~ a*x_w + i*1\ni == 3*a"
    data = couples(seed=5)
    fit = fitted(text, data)
    assert fit.estimate("i").value == pytest.approx(3 * fit.estimate("a").value, abs=1e-8)
    spec = read_model(text)
    table = build_table(spec)
    (condition,) = read_conditions(spec, table)
    assert condition.evaluate(fit.parts.fit.theta)[0] == pytest.approx(0, abs=1e-8)


def test_of_two_branches_of_a_curved_condition_the_better_one_is_found():
    # b * d == .1 is a hyperbola: both slopes positive, or both negative. The data have one of each
    # sign, so each branch holds a maximum.
    rng = np.random.default_rng(5)
    x = rng.normal(size=200)
    frame = pd.DataFrame({"x": x, "y": 0.6 * x + rng.normal(size=200)})
    frame["z"] = -0.3 * x + rng.normal(size=200)
    text = "y ~ b*x\nz ~ d*x\nb*d == 0.1"
    one = fit_path_model(text, frame)
    branches = [fit_path_model(f"{text}\nb {sign} 0", frame) for sign in "<>"]
    best = max(branch.log_likelihood for branch in branches if branch.state == "ok")
    assert one.log_likelihood == pytest.approx(best, abs=1e-6)
