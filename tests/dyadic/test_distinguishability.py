from __future__ import annotations

import pytest
from dyad_references import ENDINGS, couples, reference
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.distinguishability import distinguishability, effect_equality
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.fitting import fit_path_model


def test_acitelli_agrees_with_lavaan(reference_folder):
    test = distinguishability(
        couples(reference_folder, "acitelli_wide"), ("OP", "Sat"), suffixes=ENDINGS
    )
    theirs = reference(reference_folder, "acitelli")["sem_distinguishability"]
    assert test.chisq == pytest.approx(theirs["chisq_diff"], abs=1e-4)
    assert test.df == theirs["df_diff"]
    assert test.p_value == pytest.approx(theirs["p"], abs=1e-5)
    assert "that does not show that there is none" in str(test)


def test_acitelli_with_a_mediator_agrees_with_lavaan(reference_folder):
    test = distinguishability(
        couples(reference_folder, "acitelli_wide"), ("OP", "Ten", "Sat"), suffixes=ENDINGS
    )
    theirs = reference(reference_folder, "acitelli")["apimem_distinguishability"]
    assert (test.df, test.chisq) == (12, pytest.approx(theirs["chisq_diff"], abs=1e-4))


def test_members_of_different_means_are_told_apart():
    rows = simulated_couples()
    same = distinguishability(rows, ("x", "y"))
    moved = distinguishability(rows.assign(x_wife=rows["x_wife"] + 1), ("x", "y"))
    assert moved.chisq > same.chisq + 50
    assert "differ in means, variances or covariances" in str(moved)


def test_a_robust_test_is_scaled():
    rows = simulated_couples()
    plain = distinguishability(rows, ("x", "y"))
    robust = distinguishability(rows, ("x", "y"), standard_errors="robust")
    assert robust.chisq == pytest.approx(robust.isat.fit_indices.chisq_scaled)
    assert robust.chisq != plain.chisq
    assert robust.df == plain.df == 6


def test_effects_are_compared_twice(reference_folder):
    result = fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS), couples(reference_folder, "acitelli_wide")
    )
    tests = effect_equality(result)
    both = tests["equal actor and partner effects"]
    theirs = reference(reference_folder, "acitelli")["lrt_equal_effects"]
    assert both.chisq == pytest.approx(theirs["chisq_diff"], abs=1e-4)
    assert both.p_value == pytest.approx(theirs["p"], abs=1e-5)
    assert both.df == 2
    # One contrast: its Wald chi-square is the squared z of the difference.
    row = result.estimate("a_difference")
    actor = tests["equal actor effects"]
    assert actor.wald == pytest.approx((row.value / row.std_error) ** 2, rel=1e-9)
    assert actor.wald_p == pytest.approx(row.p_value, rel=1e-9)


def test_bad_input_is_told():
    rows = simulated_couples()
    with pytest.raises(DataError, match="one member is missing"):
        distinguishability(rows[["x_wife", "y_wife"]], ("x", "y"))
    with pytest.raises(DataError, match="'w_wife'"):
        distinguishability(rows, ("x", "w"))
    with pytest.raises(SpecError, match="two places"):
        distinguishability(rows, ("x", "x"))
    alike = fit_path_model(actor_partner("x", "y", distinguishable=False), rows)
    with pytest.raises(SpecError, match="distinguishable=True"):
        effect_equality(alike)
