from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.simulation.couples_truth import (
    SCORE_NAMES,
    CouplesTruth,
    reversed_truth,
)

TRUTHS = (CouplesTruth(), reversed_truth())


def by_tracing(truth):
    """Correlations by the first law of path analysis, variable after variable in causal order.

    r(y, z) = sum over y's predictors x of path(y, x) r(x, z), where z comes before y or is its
    partner's own y, whose residual correlation is then added. Written without any matrix.
    """
    r = {}

    def get(one, other):
        return 1.0 if one == other else r[frozenset((one, other))]

    def put(one, other, value):
        r[frozenset((one, other))] = value

    w, h = "wife", "husband"
    put(("c", w), ("c", h), truth.communication_partners)
    sexual_first = truth.direction == "sexual first"
    order = ("s", "e") if sexual_first else ("e", "s")
    paths = {}
    for role, other in ((w, h), (h, w)):
        paths["s", role] = {("c", role): truth.sexual_own, ("c", other): truth.sexual_partner}
        paths["e", role] = {("c", role): truth.emotional_own, ("c", other): truth.emotional_partner}
        paths[order[1], role][order[0], role] = truth.between_intimacies
        own = truth.satisfaction_wife if role == w else truth.satisfaction_husband
        paths["r", role] = {
            ("c", role): own[0], ("e", role): own[1], ("s", role): own[2], ("s", other): own[3],
        }  # fmt: skip
    residual = {
        "s": truth.sexual_residual, "e": truth.emotional_residual, "r": truth.satisfaction_residual,
    }  # fmt: skip
    before = [("c", w), ("c", h)]
    for construct in (*order, "r"):
        for role in (w, h):
            for earlier in before:
                value = sum(b * get(x, earlier) for x, b in paths[construct, role].items())
                put((construct, role), earlier, value)
        left = [
            1 - sum(b * get(x, (construct, role)) for x, b in paths[construct, role].items())
            for role in (w, h)
        ]
        shared = sum(b * get(x, (construct, h)) for x, b in paths[construct, w].items())
        shared += residual[construct] * np.sqrt(left[0] * left[1])
        put((construct, w), (construct, h), shared)
        before += [(construct, w), (construct, h)]
    names = [(name[0], name.rsplit("_", 1)[1]) for name in SCORE_NAMES]
    return np.array([[get(one, other) for other in names] for one in names])


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.direction)
def test_correlations_follow_the_tracing_rules(truth):
    np.testing.assert_allclose(truth.correlation, by_tracing(truth), atol=1e-12)


def test_unequal_paths_of_the_spouses_follow_the_tracing_rules_too():
    truth = CouplesTruth(
        direction="emotional first",
        satisfaction_wife=(-0.2, 0.5, 0.1, 0.3),
        satisfaction_husband=(0.3, 0.1, -0.4, 0.0),
        communication_partners=-0.3,
        satisfaction_residual=-0.5,
    )
    np.testing.assert_allclose(truth.correlation, by_tracing(truth), atol=1e-12)


def correlation_of(truth, one, other):
    return truth.correlation[SCORE_NAMES.index(one), SCORE_NAMES.index(other)]


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("communication_wife", "sexual_satisfaction_wife", 0.44, 0.44),
        ("communication_husband", "emotional_intimacy_husband", 0.63, 0.63),
        ("sexual_satisfaction_wife", "emotional_intimacy_wife", 0.48, 0.48),
        ("sexual_satisfaction_wife", "relationship_satisfaction_wife", 0.52, 0.53),
        ("sexual_satisfaction_husband", "relationship_satisfaction_husband", 0.52, 0.53),
        ("emotional_intimacy_wife", "relationship_satisfaction_wife", 0.63, 0.66),
        ("emotional_intimacy_husband", "relationship_satisfaction_husband", 0.63, 0.66),
        ("relationship_satisfaction_wife", "relationship_satisfaction_husband", 0.43, 0.43),
        ("sexual_satisfaction_wife", "sexual_satisfaction_husband", 0.51, 0.51),
        ("sexual_satisfaction_wife", "emotional_intimacy_husband", 0.28, 0.28),
        ("communication_wife", "communication_husband", 0.40, 0.40),
    ],
)
def test_the_usual_truth_implies_the_correlations_of_the_calibration(one, other, low, high):
    # The calibration prints two digits.
    assert low - 0.005 <= correlation_of(TRUTHS[0], one, other) <= high + 0.005


def test_the_two_truths_imply_nearly_the_same_correlations():
    apart = np.abs(TRUTHS[0].correlation - TRUTHS[1].correlation)
    assert 0.03 < apart.max() <= 0.036


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.direction)
def test_every_score_has_variance_one_and_the_correlations_are_possible(truth):
    np.testing.assert_allclose(np.diag(truth.correlation), 1, atol=1e-12)
    np.testing.assert_allclose(truth.correlation, truth.correlation.T, atol=1e-15)
    assert np.linalg.eigvalsh(truth.correlation)[0] > 0.1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"direction": "both"}, "got 'both'"),
        ({"emotional_own": 0.99}, "emotional_intimacy_.* would have none"),
        ({"satisfaction_wife": (0.9, 0.9, 0.9, 0.9)}, "relationship_satisfaction_wife"),
        ({"communication_partners": 1.2}, "must be possible at once"),
        ({"satisfaction_residual": -1.5}, "must be possible at once"),
    ],
)
def test_a_truth_that_cannot_be_is_refused(given, message):
    with pytest.raises(SpecError, match=message):
        CouplesTruth(**given)


def test_strong_paths_that_leave_some_variance_are_taken():
    # Explained variance of the wife's satisfaction, from the correlations by tracing: about .83.
    truth = CouplesTruth(
        emotional_own=0.7, between_intimacies=0.3, satisfaction_wife=(0.2, 0.6, 0.2, 0.0)
    )
    np.testing.assert_allclose(truth.correlation, by_tracing(truth), atol=1e-12)
