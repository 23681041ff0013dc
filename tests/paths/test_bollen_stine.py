"""The bootstrap of Bollen and Stine: a chi-square's own law under the model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from path_data import APIM, FACTORS, couples, fitted

from intimacy_analysis import bollen_stine_test, observe_covariance
from intimacy_analysis.errors import SpecError


def test_the_draws_are_chi_squares_of_data_turned_to_fit_exactly():
    data = couples(100, seed=3).drop(columns="place")
    result = fitted(FACTORS, data)
    test = bollen_stine_test(result, replicates=100, seed=4)
    names = list(result.parts.fit.table.observed)
    rows = data[names].to_numpy()
    centered = rows - rows.mean(axis=0)
    sample = np.linalg.cholesky(np.cov(rows.T, ddof=0))
    implied = np.linalg.cholesky(result.implied().to_numpy())
    turned = (
        centered @ np.linalg.inv(sample).T @ implied.T + result.implied("mean")["mean"].to_numpy()
    )
    exact = fitted(FACTORS, pd.DataFrame(turned, columns=names))
    assert exact.fit_indices.chisq == pytest.approx(0, abs=1e-8)
    rng = np.random.default_rng(4)
    drawn = rng.integers(0, 100, size=(100, 100))
    for at in range(3):
        alone = fitted(FACTORS, pd.DataFrame(turned[drawn[at]], columns=names))
        assert test.draws[at] == pytest.approx(alone.fit_indices.chisq, abs=1e-5)
    assert test.chisq == pytest.approx(result.fit_indices.chisq)
    larger = int((test.draws >= test.chisq).sum())
    assert test.p_value == pytest.approx((larger + 1) / (len(test.draws) + 1))
    assert len(test.draws) + test.n_failed == 100


def test_the_same_seed_gives_the_same_test():
    result = fitted(FACTORS, couples(80))
    one, again = (bollen_stine_test(result, replicates=100, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.draws, again.draws)


def test_two_groups_are_turned_each_by_its_own_moments():
    result = fitted(
        FACTORS.replace("b*", ""), couples(200), groups="place", group_equal=("loadings",)
    )
    test = bollen_stine_test(result, replicates=200)
    assert test.draws.mean() == pytest.approx(result.fit_indices.df, rel=0.25)


def test_what_cannot_be_tested_is_refused():
    data = couples(80, gaps=0.05)
    with pytest.raises(SpecError, match="needs complete rows"):
        bollen_stine_test(fitted(FACTORS, data, missing="fiml"))
    complete = couples(80)
    with pytest.raises(SpecError, match="saturated model fits exactly"):
        bollen_stine_test(fitted(APIM, complete))
    printed = observe_covariance(complete.drop(columns="place").cov(), 80)
    with pytest.raises(SpecError, match="needs complete rows"):
        bollen_stine_test(fitted(FACTORS, printed))
    with pytest.raises(SpecError, match="100 or more, got 5"):
        bollen_stine_test(fitted(FACTORS, complete), replicates=5)


@pytest.mark.slow
def test_p_is_roughly_uniform_where_the_model_is_true():
    text = "f =~ u1 + u2 + u3 + u4\ng =~ v1 + v2 + v3"
    rng = np.random.default_rng(0)
    ps = []
    for seed in range(120):
        f = rng.normal(size=150)
        g = 0.5 * f + rng.normal(size=150)
        frame = {f"u{i}": f + rng.normal(size=150) for i in range(1, 5)}
        frame |= {f"v{i}": g + rng.normal(size=150) for i in range(1, 4)}
        result = fitted(text, pd.DataFrame(frame))
        ps.append(bollen_stine_test(result, replicates=200, seed=seed).p_value)
    ps = np.sort(ps)
    # Kolmogorov-Smirnov with 120 values: 1.63 / sqrt(120) at the 1 % level.
    gap = np.abs(ps - (np.arange(120) + 0.5) / 120).max()
    assert gap < 1.63 / np.sqrt(120) + 1 / 400
