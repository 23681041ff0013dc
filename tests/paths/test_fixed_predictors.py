"""Predictors taken as they are must answer as random ones do wherever nothing of theirs is lost."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import APIM, MEDIATION, MIMIC, couples, fitted

from intimacy_analysis import bollen_stine_test

SPARSE = MEDIATION.replace(" + b4*m_w", "").replace("other := a2*b4", "other := a3*b3")


def both_ways(text, data, **options):
    return [fitted(text, data, fixed_x=fixed, **options) for fixed in (True, False)]


def gaps_in_outcomes(seed=1, n=150):
    data = couples(n, seed=seed)
    rng = np.random.default_rng(seed)
    for name in ("y_w", "m_h"):
        data.loc[rng.random(n) < 0.2, name] = np.nan
    return data


@pytest.mark.parametrize("text", [APIM, MEDIATION, SPARSE, MIMIC])
@pytest.mark.parametrize("errors", ["expected", "observed", "robust"])
def test_paths_errors_and_chi_square_are_those_of_random_predictors(text, errors):
    fixed, random = both_ways(text, couples(seed=3, heavy=True), standard_errors=errors)
    free = [row.name for row in fixed.estimates if row.std_error > 0]
    for name in free:
        one, other = fixed.estimate(name), random.estimate(name)
        assert one.value == pytest.approx(other.value, abs=1e-8)
        assert one.std_error == pytest.approx(other.std_error, rel=1e-6)
    assert fixed.fit_indices.chisq == pytest.approx(random.fit_indices.chisq, abs=1e-7)
    assert fixed.fit_indices.df == random.fit_indices.df


def test_predictors_moments_are_shown_as_the_samples_without_error():
    data = couples()
    result = fitted(APIM, data, fixed_x=True)
    row = result.estimate("x_w ~~ x_h")
    assert row.value == pytest.approx(np.cov(data.x_w, data.x_h, ddof=0)[0, 1])
    assert row.std_error == 0
    assert result.estimate("x_w ~1").value == pytest.approx(data.x_w.mean())


@pytest.mark.parametrize("robust", ["MLR", "MLM"])
def test_the_scaling_factor_does_not_count_the_moments_of_fixed_predictors(robust):
    fixed, random = both_ways(
        SPARSE, couples(300, seed=5, heavy=True), standard_errors="robust", robust=robust
    )
    one, other = fixed.fit_indices.scaling_factor, random.fit_indices.scaling_factor
    assert one == pytest.approx(other, rel=1e-7)


def test_indices_corrected_for_gaps_do_not_count_the_moments_of_fixed_predictors():
    data = gaps_in_outcomes()
    fixed, random = both_ways(SPARSE, data, missing="fiml")
    assert fixed.fit_indices.chisq == pytest.approx(random.fit_indices.chisq, abs=1e-6)
    assert fixed.fit_indices.rmsea_robust == pytest.approx(
        random.fit_indices.rmsea_robust, abs=1e-6
    )
    assert fixed.fit_indices.df == random.fit_indices.df


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_a_bootstrap_draws_the_same_numbers_for_fixed_and_random_predictors(missing):
    data = gaps_in_outcomes()
    options = {"standard_errors": "bootstrap", "bootstrap": 100, "seed": 4, "missing": missing}
    fixed, random = both_ways(SPARSE, data, **options)
    for name in ("a1", "b3", "one", "m_w ~~ m_h", "y_w ~ 1"):
        one = fixed.bootstrap_draws[fixed.row_name(name)]
        other = random.bootstrap_draws[random.row_name(name)]
        np.testing.assert_allclose(one, other, atol=2e-6)


def test_the_bollen_stine_draws_do_not_count_the_predictors_fluctuation_as_misfit():
    fixed, random = both_ways(SPARSE, couples(200, seed=8))
    one, other = (bollen_stine_test(r, replicates=200, seed=2) for r in (fixed, random))
    np.testing.assert_allclose(one.draws, other.draws, atol=1e-6)
    assert one.p_value == other.p_value


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_raw_residuals_and_modification_indices_are_those_of_random_predictors(missing):
    fixed, random = both_ways(SPARSE, gaps_in_outcomes(), missing=missing)
    np.testing.assert_allclose(
        fixed.residuals("raw"), random.residuals("raw").loc[*2 * (fixed.residuals().index,)],
        atol=1e-6,
    )  # fmt: skip
    one, other = (
        {(r.lhs, r.op, r.rhs): r["index"] for _, r in result.modification_indices().iterrows()}
        for result in (fixed, random)
    )
    assert ("x_w", "~", "y_w") in other
    assert not any(key[0] in ("x_w", "x_h") for key in one)
    for key, index in one.items():
        assert index == pytest.approx(other[key], abs=1e-5)


def test_a_free_covariance_with_a_fixed_predictor_follows_the_replicates_moments():
    # z is spoken of and so random, x_w is not: their covariance is free, x_w's variance fixed.
    data = couples(150, seed=6).rename(columns={"x_h": "z"})
    text = "y_w ~ x_w + z\nz ~~ z"
    result = fitted(text, data, standard_errors="bootstrap", bootstrap=100, seed=3, fixed_x=True)
    assert result.parts.fit.table.fixed_predictors == ("x_w",)
    random = fitted(text, data, standard_errors="bootstrap", bootstrap=100, seed=3, fixed_x=False)
    for name in ("y_w ~ x_w", "y_w ~ z", "x_w ~~ z"):
        np.testing.assert_allclose(
            result.bootstrap_draws[result.row_name(name)],
            random.bootstrap_draws[random.row_name(name)],
            atol=1e-5,
        )


def test_with_gaps_in_predictors_only_random_ones_keep_the_couples():
    data = couples(100, seed=2)
    data.loc[:9, "x_w"] = np.nan
    fixed, random = both_ways(APIM, data, missing="fiml")
    assert (fixed.n_couples, fixed.n_dropped) == (90, 10)
    assert (random.n_couples, random.n_dropped) == (100, 0)
    chosen = fitted(APIM, data, missing="fiml")
    assert chosen.n_couples == 100
    assert chosen.estimate("x_w ~~ x_w").std_error > 0
