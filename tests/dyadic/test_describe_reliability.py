from __future__ import annotations

import math
from dataclasses import replace

import pytest
from measured_couples import COLUMNS, drawn

from intimacy_analysis.dyadic.describe_reliability import describe_reliability
from intimacy_analysis.dyadic.reliability import Reliability, dyadic_reliability


@pytest.fixture(scope="module")
def trust() -> Reliability:
    return dyadic_reliability(drawn(200, seed=3)[0], COLUMNS, bootstrap=100, seed=1)


def test_the_paragraph_names_couples_coefficients_and_seed(trust):
    text = describe_reliability(trust)
    assert text.startswith("3 items answered by both members of 200 couples (every answer used).")
    assert "100 bootstrap samples of couples (seed 1)" in text
    for member in trust.members:
        alpha = f"{member.alpha.value:.3f}".removeprefix("0")
        assert f"The {member.role}: alpha {alpha} [" in text
    assert "counts as error" in text
    assert text.endswith("look at the loadings too.")


def test_no_shown_difference_is_not_called_equality(trust):
    same = replace(trust, omega_difference=replace(trust.omega_difference, p_value=0.4))
    assert "is not shown (nor that there is none): wife minus husband" in describe_reliability(same)
    apart = replace(trust, omega_difference=replace(trust.omega_difference, p_value=0.0004))
    assert "The members' omega differs: wife minus husband" in describe_reliability(apart)
    assert "p < .001" in describe_reliability(apart)


def test_what_could_not_be_computed_is_said(trust):
    nothing = replace(trust.omega_difference, value=math.nan, p_value=math.nan)
    untested = replace(trust.alpha_difference, p_value=math.nan)
    lost = replace(
        trust,
        omega_difference=nothing,
        alpha_difference=untested,
        couple_mean=replace(trust.couple_mean, value=math.nan),
    )
    text = describe_reliability(lost)
    assert "members' omega could not be compared: there is no fit" in text
    assert "members' alpha could not be tested for equality: the bootstrap failed" in text
    assert "For the couple's mean and difference there is no fit" in text


def test_an_item_that_lowers_alpha_is_named():
    rows = drawn(200, seed=3)[0]
    rows["trust2_wife"] = drawn(200, seed=99)[0]["trust2_wife"]
    text = describe_reliability(dyadic_reliability(rows, COLUMNS, bootstrap=100, seed=1))
    assert "; without 'trust2_wife' alpha would be higher by more than .01" in text


def test_warnings_are_part_of_the_paragraph(trust):
    text = describe_reliability(replace(trust, warnings=("Mind the gap.",)))
    assert "Mind the gap." in text
