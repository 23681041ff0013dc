"""Scores by the formulas of Thurstone and Bartlett, from whatever was answered."""

from __future__ import annotations

import numpy as np
import pytest
from path_data import APIM, FACTORS, couples, fitted

from intimacy_analysis import observe_covariance
from intimacy_analysis.errors import FitError, SpecError

ITEMS = ["u1", "u2", "u3"]
ONE = "f =~ u1 + u2 + u3"


def pieces(result):
    loadings = np.array([1.0, *result.values(["f =~ u2", "f =~ u3"])])
    errors = np.array([result.estimate(f"{i} ~~ {i}").value for i in ITEMS])
    means = np.array([result.estimate(f"{i} ~1").value for i in ITEMS])
    return loadings, errors, means, result.estimate("f ~~ f").value


def by_hand(row, result, method):
    loadings, errors, means, variance = pieces(result)
    at = ~np.isnan(row)
    load, e, off = loadings[at], errors[at], row[at] - means[at]
    if method == "bartlett":
        return (load / e) @ off / np.sum(load**2 / e)
    sigma = variance * np.outer(load, load) + np.diag(e)
    return variance * load @ np.linalg.solve(sigma, off)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("gaps", [0.0, 0.25])
def test_scores_are_those_of_the_formula(method, gaps):
    data = couples(60, seed=3, gaps=gaps)
    result = fitted(ONE, data, missing="fiml")
    scores = result.factor_scores(method)
    assert list(scores.columns) == ["f"]
    for label, score in scores["f"].items():
        row = data.loc[label, ITEMS].to_numpy(dtype=float)
        assert score == pytest.approx(by_hand(row, result, method), abs=1e-9)
    assert len(scores) == data[ITEMS].notna().any(axis=1).sum()


def test_scores_stand_in_the_order_and_under_the_labels_of_the_rows():
    data = couples(60).sample(frac=1, random_state=1)
    data.index = [f"couple {at}" for at in data.index]
    both = fitted(FACTORS.replace("b*", ""), data, groups="place").factor_scores()
    assert list(both.index) == list(data.index)
    assert list(both.columns) == ["f", "g"]
    turned = data.iloc[::-1]
    again = fitted(FACTORS.replace("b*", ""), turned, groups="place").factor_scores()
    np.testing.assert_allclose(again.loc[both.index], both, atol=1e-7)


def test_a_latent_mean_is_part_of_the_score():
    data = couples(80)
    result = fitted("f =~ 1*u1 + 1*u2 + 1*u3\nf ~ 1\nu1 ~ 0*1\nu2 ~ d*1\nu3 ~ e*1", data)
    scores = result.factor_scores()
    assert scores["f"].mean() == pytest.approx(result.estimate("f ~1").value)
    bartlett = result.factor_scores("bartlett")
    assert bartlett["f"].mean() == pytest.approx(result.estimate("f ~1").value)
    assert bartlett["f"].var() > scores["f"].var()


def test_bartlett_scores_the_factors_that_were_answered_and_no_other():
    data = couples(60)
    data.loc[4, ["u1", "u2", "u3"]] = np.nan
    result = fitted(FACTORS, data, missing="fiml")
    scores = result.factor_scores("bartlett")
    assert np.isnan(scores.loc[4, "f"])
    alone = fitted(FACTORS, couples(60), missing="fiml").factor_scores("bartlett")
    assert scores.loc[4, "g"] == pytest.approx(alone.loc[4, "g"], abs=0.15)
    assert np.isfinite(scores.drop(index=4)).all(axis=None)
    assert np.isfinite(result.factor_scores().loc[4]).all()


def test_scores_that_cannot_be_are_refused():
    data = couples(60)
    with pytest.raises(SpecError, match="need a latent variable"):
        fitted(APIM, data).factor_scores()
    with pytest.raises(SpecError, match="'regression' or 'bartlett', got 'sum'"):
        fitted(ONE, data).factor_scores("sum")
    printed = observe_covariance(data[ITEMS].cov(), 60)
    with pytest.raises(FitError, match="fitted to a printed table"):
        fitted(ONE, printed).factor_scores()
