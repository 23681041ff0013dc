from __future__ import annotations

import math

import numpy as np
import pytest
from dyad_references import ENDINGS, couples, reference
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.pattern_k import pattern_k
from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.syntax import read_constraint


@pytest.fixture(scope="module")
def alike(reference_folder):
    return fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS, distinguishable=False),
        couples(reference_folder, "acitelli_wide"),
    )


@pytest.fixture(scope="module")
def theirs(reference_folder):
    return reference(reference_folder, "acitelli")["k_ci_indist"]


def test_fieller_and_delta_agree_with_r(alike, theirs):
    fieller = pattern_k(alike)
    assert fieller.value == pytest.approx(theirs["k"], abs=1e-6)
    assert (fieller.low, fieller.high) == pytest.approx(tuple(theirs["fieller95"]), abs=1e-5)
    assert fieller.std_error == pytest.approx(theirs["delta_se"], rel=1e-4)
    delta = pattern_k(alike, method="delta")
    assert delta.high - delta.low == pytest.approx(2 * 1.959964 * theirs["delta_se"], rel=1e-4)


def test_monte_carlo_agrees_with_r_but_for_chance(alike, theirs):
    drawn = pattern_k(alike, method="monte carlo", n_draws=400_000, seed=2)
    assert (drawn.low, drawn.high) == pytest.approx(tuple(theirs["mc_1e6_ci95"]), abs=0.003)
    again = pattern_k(alike, method="monte carlo", n_draws=400_000, seed=2)
    assert drawn == again


def test_bootstrap_is_near_that_of_r(reference_folder, theirs):
    result = fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS, distinguishable=False),
        couples(reference_folder, "acitelli_wide"),
        standard_errors="bootstrap",
        bootstrap=4000,
        seed=3,
    )
    found = pattern_k(result, method="bootstrap")
    assert (found.low, found.high) == pytest.approx(
        tuple(theirs["boot2000_percentile95"]), abs=0.03
    )


def test_a_profile_ends_where_the_refitted_model_is_worse_by_the_critical_value(alike):
    found = pattern_k(alike, method="profile")
    fieller = pattern_k(alike)
    assert (found.low, found.high) == pytest.approx((fieller.low, fieller.high), abs=0.02)
    assert found.low < found.value < found.high


def test_profile_limits_against_whole_fits(reference_folder, alike):
    rows = couples(reference_folder, "acitelli_wide")
    found = pattern_k(alike, method="profile")
    for k in (found.low, found.high):
        spec = alike.spec.with_constraints(read_constraint(f"p == {k!r}*a"))
        rise = 2 * (alike.log_likelihood - fit_path_model(spec, rows).log_likelihood)
        assert rise == pytest.approx(1.959963984540054**2, abs=1e-4)


def test_each_member_has_a_pattern(reference_folder):
    result = fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS), couples(reference_folder, "acitelli_wide")
    )
    rows = {
        row["lhs"]: row
        for row in reference(reference_folder, "acitelli")["sem_apim_dist_ml"]["params"]
    }
    for role, name in (("wife", "kw"), ("husband", "kh")):
        found = pattern_k(result, role, method="delta")
        assert found.value == pytest.approx(rows[name]["est"], abs=1e-5)
        assert found.std_error == pytest.approx(rows[name]["se"], rel=1e-4)
        assert role in str(found)


def test_k_is_refused_where_the_actor_effect_may_be_zero():
    rows = simulated_couples()
    rng = np.random.default_rng(5)
    rows["y_wife"] = rng.normal(size=len(rows)) + 0.6 * rows["x_husband"]
    result = fit_path_model(actor_partner("x", "y"), rows)
    assert result.estimate("a_wife").low < 0 < result.estimate("a_wife").high
    with pytest.raises(FitError, match=r"clearly not zero.*Fieller's set: all numbers but"):
        pattern_k(result, "wife")
    for method in ("delta", "profile", "monte carlo"):
        with pytest.raises(FitError, match="actor effect is clearly not zero"):
            pattern_k(result, "wife", method=method, seed=1)
    assert math.isfinite(pattern_k(result, "husband").high)


def test_the_interval_names_the_patterns_it_holds(alike):
    narrow = pattern_k(alike)
    assert narrow.patterns == ()
    assert "[0.491, 0.998]" in str(narrow)
    assert pattern_k(alike, confidence=0.99).patterns == ("couple",)


def test_several_predictors_are_named_by_label():
    result = fit_path_model(actor_partner(("x", "z"), "y"), simulated_couples(n=2000))
    found = pattern_k(result, labels=("a_x_wife", "p_x_wife"))
    assert found.low < 0.2 / 0.5 < found.high
    with pytest.raises(SpecError, match="Name the two by labels="):
        pattern_k(result, "wife")


def test_options_that_cannot_be_are_told(alike):
    with pytest.raises(SpecError, match="method must be one of"):
        pattern_k(alike, method="exact")
    with pytest.raises(SpecError, match="no seed was given"):
        pattern_k(alike, method="monte carlo")
    with pytest.raises(FitError, match="standard_errors='bootstrap'"):
        pattern_k(alike, method="bootstrap")
    with pytest.raises(SpecError, match="Leave role out"):
        pattern_k(alike, "wife")
