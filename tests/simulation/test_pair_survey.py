from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.scales.questionnaire_scores import score_questionnaire
from intimacy_analysis.simulation.pair_items import answer_shares, pair_key, pair_scales
from intimacy_analysis.simulation.pair_survey import simulate_pair
from intimacy_analysis.simulation.pair_truth import FORMS, ROLES, PairTruth, no_gap_truth


def scores_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return all 24 scores, wife first, through the published key."""
    found = []
    for role in ROLES:
        own = rows[[name for name in rows if name.endswith(f"_{role}")]]
        own = own.rename(columns=lambda name, role=role: name.removesuffix(f"_{role}"))
        for form in FORMS:
            own, _ = score_questionnaire(own, pair_key(form))
        found.append(own[[f"{form}_{s}" for form in FORMS for s in SCORES]].add_suffix(f"_{role}"))
    return pd.concat(found, axis=1)


SCORES = ("emotional", "social", "sexual", "intellectual", "recreational", "conventionality")


@pytest.mark.parametrize("truth", [PairTruth(), no_gap_truth()], ids=["usual", "no gap"])
def test_many_couples_have_the_stated_means_spreads_and_correlations(truth):
    scores = scores_of(simulate_pair(truth, n_couples=8000, seed=5, gaps=False))
    means = [truth.mean(form, score) for _ in ROLES for form in FORMS for score in SCORES]
    spreads = [truth.sd(form) for _ in ROLES for form in FORMS for _ in SCORES]
    # Standard errors: spread / sqrt(8000) is .19 at most; of a spread .13; of r .011.
    np.testing.assert_allclose(scores.mean(), means, atol=0.8)
    np.testing.assert_allclose(scores.std(), spreads, atol=0.6)
    assert np.abs(scores.corr().to_numpy() - truth.correlation).max() < 0.05


@pytest.mark.parametrize("truth", [PairTruth(), no_gap_truth()], ids=["usual", "no gap"])
def test_alphas_and_spreads_come_out_as_stated_in_the_population(truth):
    for at, scale in enumerate(pair_scales(truth)):
        assert scale.alpha == pytest.approx(truth.alphas[at % 6], abs=1e-9)
        assert np.sqrt(scale.variance) * 24 == pytest.approx(truth.sd(FORMS[at // 6]), abs=1e-6)


def test_shares_of_answers_have_the_mean_and_the_spread_asked_for():
    shares = np.array(answer_shares(2.6, 1.0))
    steps = np.arange(5)
    assert shares.sum() == pytest.approx(1)
    assert shares @ steps == pytest.approx(2.6, abs=1e-9)
    assert np.sqrt(shares @ steps**2 - (shares @ steps) ** 2) == pytest.approx(1.0, abs=1e-9)


def test_the_reliability_of_a_gap_is_that_of_the_formula():
    truth = PairTruth()
    # (.75 (121 + 289) - 2 (.30 * 11 * 17)) / (121 + 289 - 2 (.30 * 11 * 17))
    shared = 0.30 * 11 * 17
    expected = (0.75 * (121 + 289) - 2 * shared) / (121 + 289 - 2 * shared)
    assert truth.terms["gap_reliability_emotional"] == pytest.approx(expected)
    assert truth.terms["gap_emotional"] == 16


def test_the_same_seed_draws_the_same_couples_and_gaps_hit_what_they_should():
    first, second = simulate_pair(seed=9), simulate_pair(seed=9)
    pd.testing.assert_frame_equal(first, second)
    share = first.iloc[:, 1:].isna().to_numpy().mean()
    assert 0.01 < share < 0.04
    assert first.columns[1] == "now_1_wife"
    assert first.shape == (192, 1 + 4 * 36)


def test_too_few_couples_to_match_are_refused():
    with pytest.raises(SpecError, match="must be 26 or more for matched couples, got 20"):
        simulate_pair(n_couples=20, matched=True)
