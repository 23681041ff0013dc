from __future__ import annotations

from biased_couples import ITEMS, answers

from intimacy_analysis.dyadic.describe import describe
from intimacy_analysis.dyadic.describe_invariance import ALLOWS, describe_invariance
from intimacy_analysis.dyadic.invariance import invariance_ladder
from intimacy_analysis.dyadic.latent_actor_partner import latent_actor_partner
from intimacy_analysis.dyadic.latent_common_fate import latent_common_fate
from intimacy_analysis.dyadic.measurement import LEVELS, dyadic_factor_model
from intimacy_analysis.dyadic.partial_invariance import partial_invariance
from intimacy_analysis.paths.fitting import fit_path_model


def test_every_level_says_what_it_allows():
    assert tuple(ALLOWS) == LEVELS


def test_unequal_loadings_forbid_every_comparison_of_size():
    words = describe_invariance(invariance_ladder(answers(800, 3, loading={"care2": 0.4}), ITEMS))
    assert "4 items of factor, answered by wife and husband in 800 couples." in words
    assert "p of 0.05 or more" in words
    assert "neither effects nor variances nor means" in words
    assert "The first level that fails is equal loadings: chi-square difference(3)" in words
    assert "The item that differs most is care2." in words
    assert "latent standard deviations" not in words


def test_equal_loadings_alone_forbid_means():
    words = describe_invariance(invariance_ladder(answers(800, 3, intercept={"care4": 4.3}), ITEMS))
    assert "latent variances, covariances and effects may be compared" in words
    assert "Means must not: for them the intercepts must be equal." in words


def test_equal_intercepts_show_the_difference_of_means():
    words = describe_invariance(invariance_ladder(answers(800, 3), ITEMS, name="care"))
    assert "The latent mean of the husband less that of the wife is 0." in words
    assert "that does not show equality" in words


def test_going_down_names_another_comparison():
    words = describe_invariance(invariance_ladder(answers(800, 3), ITEMS, direction="down"))
    assert "Going down from indistinguishable members" in words
    assert "difference to the configural model" in words


def test_exceptions_are_named_and_bound_what_may_be_compared():
    rows = answers(800, 3, residual={"care1": 1.4})
    words = describe_invariance(partial_invariance(rows, ITEMS, up_to="latent variances"))
    assert "but for care1 (residuals)" in words
    assert "The residual variance of care1 was freed" in words
    assert "scores of the whole scale carry the exceptions" in words
    assert "cannot be told apart" not in words


def test_a_level_without_a_possible_solution_is_not_judged():
    rows = answers(60, 3)
    # Two items of the wife that are all but one: their covariances allow no factor.
    rows["care1_wife"] = 3 * rows["care2_wife"] + 0.01 * rows["care1_wife"]
    rows["care2_wife"] += 0.9 * rows["care3_wife"]
    ladder = invariance_ladder(rows, ITEMS)
    assert ladder["intercepts"].result.state == "inadmissible"
    assert ladder["intercepts"].holds is None
    assert ladder["intercepts"].verdict.startswith("not judged: this level is inadmissible.")
    assert "care1_wife" in ladder["intercepts"].verdict
    assert ladder.retained is None
    assert "No level can be retained: not judged" in describe_invariance(ladder)


def test_a_factor_model_is_described_by_correlation_and_means():
    rows = answers(400, 3)
    words = describe(fit_path_model(dyadic_factor_model("care", ITEMS, level="intercepts"), rows))
    assert "members' correlation of latent care" in words
    assert "latent mean of care, husband minus wife, in standard deviations" in words
    assert "variance of latent care" not in words
    plain = describe(fit_path_model(dyadic_factor_model("care", ITEMS), rows))
    assert "latent mean" not in plain


def test_latent_effects_are_described_without_their_loadings():
    warm = answers(400, 4).rename(columns=lambda name: name.replace("care", "warm"))
    rows = answers(400, 3).join(warm)
    scales = [{"care": ITEMS}, {"warm": [item.replace("care", "warm") for item in ITEMS]}]
    for template, said in (
        (latent_actor_partner, "actor effect of the wife"),
        (latent_common_fate, "effect of shared care on shared warm"),
    ):
        spec = template(*scales)
        held = {*spec.labels, *(one.name for one in spec.definitions)}
        assert held == {meaning.label for meaning in spec.meanings}
        words = describe(fit_path_model(spec, rows))
        assert said in words
        assert "loading of" not in words
