from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intimacy_analysis.claims.verdict import Verdict, judge
from intimacy_analysis.errors import SpecError

FINITE = st.floats(-5, 5)


def verdict(low, high, *, direction=1, smallest=0.02, kind="original", truth=None):
    return judge(
        low, high, direction=direction, smallest_effect=smallest, kind=kind, truth=truth
    ).verdict


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.03, 0.10, Verdict.REPRODUCED),  # all beyond 0.02
        (0.01, 0.10, Verdict.INCONCLUSIVE),  # above zero, but perhaps too small to matter
        (-0.05, 0.10, Verdict.INCONCLUSIVE),
        (-0.10, -0.03, Verdict.CONTRADICTED),  # the other side
        (-0.01, 0.01, Verdict.CONTRADICTED),  # too small to matter, both ways
        (-0.10, 0.10, Verdict.INCONCLUSIVE),
    ],
)
def test_on_original_data_the_whole_interval_must_lie_beyond_the_smallest_effect(
    low, high, expected
):
    assert verdict(low, high) == expected
    # The same claim with the other sign, mirrored.
    assert verdict(-high, -low, direction=-1) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.03, 0.10, Verdict.REPRODUCED),
        (-0.10, -0.03, Verdict.REPRODUCED),
        (-0.01, 0.01, Verdict.CONTRADICTED),
        (-0.10, -0.01, Verdict.INCONCLUSIVE),
        (-0.10, 0.10, Verdict.INCONCLUSIVE),
    ],
)
def test_a_difference_may_lie_on_either_side(low, high, expected):
    assert verdict(low, high, direction=0) == expected


@pytest.mark.parametrize(
    ("low", "high", "truth", "expected"),
    [
        (0.04, 0.12, 0.08, Verdict.RECOVERED),
        (0.01, 0.10, 0.08, Verdict.RECOVERED),  # holds the truth, tells it from zero
        (-0.02, 0.10, 0.08, Verdict.INCONCLUSIVE),  # holds the truth and zero
        (0.09, 0.12, 0.08, Verdict.NOT_RECOVERED),
        (-0.04, 0.04, 0.0, Verdict.RECOVERED),  # none put in, none found
        (0.01, 0.09, 0.0, Verdict.NOT_RECOVERED),  # none put in, one "found"
        (-0.12, -0.04, -0.08, Verdict.RECOVERED),
        (0.04, 0.12, None, Verdict.NOT_TESTABLE),
    ],
)
def test_on_synthetic_data_the_question_is_whether_the_truth_comes_back(low, high, truth, expected):
    assert verdict(low, high, kind="synthetic", truth=truth) == expected


def test_no_effect_put_in_and_none_found_is_said_in_plain_words():
    judgement = judge(-0.03, 0.04, direction=1, smallest_effect=0.02, kind="synthetic", truth=0.0)
    assert "No effect was put in; the analysis finds none" in judgement.reason
    # The same interval on original data would settle nothing, and that is said too.
    assert judgement.if_original is Verdict.INCONCLUSIVE


@given(low=FINITE, width=st.floats(0, 5), truth=FINITE, direction=st.sampled_from([-1, 0, 1]))
def test_synthetic_data_never_reproduce_or_contradict_a_claim(low, width, truth, direction):
    found = verdict(low, low + width, direction=direction, kind="synthetic", truth=truth)
    assert found in (Verdict.RECOVERED, Verdict.NOT_RECOVERED, Verdict.INCONCLUSIVE)


@given(low=FINITE, width=st.floats(0, 5), direction=st.sampled_from([-1, 0, 1]))
def test_original_data_never_recover_a_truth(low, width, direction):
    found = verdict(low, low + width, direction=direction)
    assert found in (Verdict.REPRODUCED, Verdict.CONTRADICTED, Verdict.INCONCLUSIVE)


@given(
    low=FINITE, width=st.floats(0, 5), more=st.floats(0, 5), direction=st.sampled_from([-1, 0, 1])
)
def test_a_wider_interval_never_turns_a_verdict_into_its_opposite(low, width, more, direction):
    narrow = verdict(low, low + width, direction=direction)
    wide = verdict(low - more, low + width + more, direction=direction)
    assert wide in (narrow, Verdict.INCONCLUSIVE)


def test_without_an_interval_nothing_is_judged():
    assert verdict(math.nan, math.nan) is Verdict.INCONCLUSIVE


def test_a_published_summary_cannot_answer_a_question_about_days():
    assert verdict(0.1, 0.2, kind="published summary") is Verdict.NOT_TESTABLE


def test_a_smallest_effect_below_zero_is_refused():
    with pytest.raises(SpecError, match="size, zero or more"):
        verdict(0.1, 0.2, smallest=-0.02)
