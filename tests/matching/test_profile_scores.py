"""Scores of two profiles, by hand and against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.matching.profile_scores import (
    PROFILE_SCORES,
    flat_profiles,
    profile_scores,
)

ZERO = np.zeros(3)


def scores(one, other, **normative):
    given = {"normative_one": ZERO, "normative_other": ZERO} | normative
    return profile_scores(np.array(one, float), np.array(other, float), **given)


def test_three_parts_by_hand():
    # Differences -1, 0, 4; means 4 and 3; deviations (-2, 0, 2) and (0, 1, -1): in the head.
    found = scores([2, 4, 6], [3, 4, 2])
    assert found["absolute"] == 5
    assert found["squared"] == 17
    assert found["elevation"] == pytest.approx(3 * 1**2)
    assert found["scatter"] == pytest.approx((np.sqrt(8) - np.sqrt(2)) ** 2)
    assert found["shape"] == pytest.approx(2 * (4 - -2))
    assert found["correlation"] == pytest.approx(-2 / 4)


def test_squared_is_elevation_and_scatter_and_shape():
    rng = np.random.default_rng(1)
    one, other = rng.normal(5, 1, (50, 5)), rng.normal(4, 2, (50, 5))
    found = profile_scores(one, other, normative_one=np.zeros(5), normative_other=np.zeros(5))
    parts = found["elevation"] + found["scatter"] + found["shape"]
    np.testing.assert_allclose(parts, found["squared"], rtol=1e-12)


def test_correlations_agree_with_numpy_with_and_without_the_normative_profile():
    rng = np.random.default_rng(2)
    one, other = rng.normal(5, 1, (20, 5)), rng.normal(4, 2, (20, 5))
    a, b = one.mean(axis=0), other.mean(axis=0)
    found = profile_scores(one, other, normative_one=a, normative_other=b)
    for at in range(20):
        plain = np.corrcoef(one[at], other[at])[0, 1]
        distinct = np.corrcoef(one[at] - a, other[at] - b)[0, 1]
        assert found["correlation"][at] == pytest.approx(plain)
        assert found["distinctive"][at] == pytest.approx(distinct)


def test_people_who_only_share_what_everybody_likes_are_alike_but_not_distinctively():
    # Both like the third part best, as all do; beyond that they differ.
    normative = np.array([1.0, 3.0, 8.0])
    one, other = np.add(normative, [1, 0, -1]), np.add(normative, [-1, 0, 1])
    found = scores(one, other, normative_one=normative, normative_other=normative)
    assert found["correlation"] > 0.9
    assert found["distinctive"] == pytest.approx(-1)


def test_a_flat_profile_has_a_distance_but_no_correlation():
    found = scores([5, 5, 5], [4, 5, 6])
    assert flat_profiles(np.array([5.0, 5.0, 5.0]))
    assert np.isnan(found["correlation"])
    assert found["shape"] == 0
    assert found["squared"] == 2


def test_equal_profiles_match_in_everything():
    found = scores([2, 4, 6], [2, 4, 6])
    assert found["correlation"] == pytest.approx(1)
    assert all(found[name] == pytest.approx(0) for name in list(PROFILE_SCORES)[:5])


def test_a_missing_part_leaves_every_score_missing():
    found = scores([2, np.nan, 6], [3, 4, 2])
    assert set(found) == set(PROFILE_SCORES)
    assert all(np.isnan(value) for value in found.values())


def test_all_pairs_at_once_are_the_pairs_one_by_one():
    rng = np.random.default_rng(3)
    one, other = rng.normal(5, 1, (4, 3)), rng.normal(4, 2, (6, 3))
    every = scores(one[:, None, :], other[None, :, :])
    for i in range(4):
        for j in range(6):
            pair = scores(one[i], other[j])
            assert all(every[name][i, j] == pytest.approx(pair[name]) for name in PROFILE_SCORES)
