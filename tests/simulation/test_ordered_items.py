from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import dblquad

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.cut_normal import cut_covariance
from intimacy_analysis.simulation.ordered_items import (
    OrderedItem,
    OrderedScale,
    answers,
    construct_correlations,
    score_correlation,
)

SKEWED = (0.6, 0.3, 0.1)


def scale(name: str, loadings, shares=SKEWED, lowest=0) -> OrderedScale:
    items = tuple(
        OrderedItem(name=f"{name}{at}", loading=loading, shares=shares)
        for at, loading in enumerate(loadings)
    )
    return OrderedScale(name=name, items=items, lowest=lowest, label=name)


def test_variables_cut_in_the_middle_share_what_the_arcsine_says():
    # P(both above 0) = 1/4 + arcsin(r) / (2 pi) (Sheppard).
    for r in (-0.8, 0.0, 0.3, 0.9):
        assert cut_covariance(np.zeros(1), np.zeros(1), r) == pytest.approx(
            np.arcsin(r) / (2 * np.pi), abs=1e-12
        )


def test_the_covariance_is_that_of_a_double_integral():
    def density(y, x):
        return np.exp(-(x**2 - x * y + y**2) / (2 * 0.75)) / (2 * np.pi * np.sqrt(0.75))

    both, _ = dblquad(density, 0.5, 9, -0.25, 9)
    from scipy.special import ndtr

    wanted = both - ndtr(-0.5) * ndtr(0.25)
    assert cut_covariance(np.array([0.5]), np.array([-0.25]), 0.5) == pytest.approx(
        wanted, abs=1e-9
    )


def test_score_moments_are_those_of_very_many_persons():
    one, other = scale("a", (0.8, 0.8, 0.3)), scale("b", (0.6, 0.7), (0.1, 0.2, 0.3, 0.4), lowest=1)
    rng = np.random.default_rng(1)
    n = 400_000
    constructs = rng.standard_normal((n, 2)) @ np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T
    drawn = [
        np.column_stack(list(answers(constructs[:, at], form, rng).values()))
        for at, form in enumerate((one, other))
    ]
    seen = [items.mean(axis=1) for items in drawn]
    # Monte Carlo error of a correlation is below 1 / sqrt(n) = .0016.
    assert score_correlation(one, other, 0.5) == pytest.approx(np.corrcoef(*seen)[0, 1], abs=0.005)
    for form, values, items in zip((one, other), seen, drawn, strict=True):
        assert form.variance == pytest.approx(values.var(), rel=0.01)
        k = items.shape[1]
        alpha = k / (k - 1) * (1 - items.var(axis=0).sum() / items.sum(axis=1).var())
        assert form.alpha == pytest.approx(alpha, abs=0.01)
    assert drawn[1].min() == 1
    assert drawn[1].max() == other.highest == 4
    shares = (drawn[1] == 1).mean(axis=0)
    assert shares == pytest.approx([0.1, 0.1], abs=0.003)


def test_constructs_are_found_from_what_scores_must_correlate():
    forms = (scale("a", (0.8, 0.8, 0.3)), scale("b", (0.6, 0.7)), scale("c", (0.9, 0.9)))
    wanted = np.array([[1, 0.3, -0.2], [0.3, 1, 0.0], [-0.2, 0.0, 1]])
    found = construct_correlations(forms, wanted)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert score_correlation(forms[i], forms[j], found[i, j]) == pytest.approx(
            wanted[i, j], abs=1e-9
        )
    assert abs(found[0, 1]) > 0.3
    assert found[1, 2] == pytest.approx(0, abs=1e-9)


def test_scores_beyond_their_reliability_are_refused():
    forms = (scale("a", (0.4, 0.4)), scale("b", (0.4, 0.4)))
    with pytest.raises(SpecError, match="a and b would correlate"):
        construct_correlations(forms, np.array([[1, 0.6], [0.6, 1]]))
