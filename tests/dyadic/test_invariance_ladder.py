from __future__ import annotations

import numpy as np
import pytest
from biased_couples import ITEMS, MEAN_DIFFERENCE, answers
from dyad_references import couples, reference

from intimacy_analysis.dyadic.invariance import invariance_ladder
from intimacy_analysis.dyadic.measurement import LEVELS
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.observe import observe_covariance

STEPS = {
    "loadings": "lrt_loading_vs_configural",
    "intercepts": "lrt_intercept_vs_loading",
    "residuals": "lrt_residual_vs_intercept",
}
SCALES = [
    ("dysem_commitmentm", "sat", [f"sat.g{i}" for i in range(1, 6)], ("_f", "_m")),
    ("dysem_commitmentm", "com", [f"com{i}" for i in range(1, 6)], ("_f", "_m")),
    ("dysem_dres", "prq", [f"PRQC_{i}" for i in range(1, 10)], (".1", ".2")),
    ("dysem_dres", "sex", [f"sexsat{i}" for i in range(1, 6)], (".1", ".2")),
]


@pytest.mark.parametrize(("errors", "kind"), [(None, "fiml"), ("robust", "mlr")])
@pytest.mark.parametrize(("name", "scale", "stems", "endings"), SCALES)
def test_every_difference_agrees_with_lavaan(
    reference_folder, name, scale, stems, endings, errors, kind
):
    ladder = invariance_ladder(
        couples(reference_folder, name), stems, suffixes=endings, standard_errors=errors
    )
    lavaan = reference(reference_folder, name)[f"invariance_{scale}_{kind}"]
    for level, key in STEPS.items():
        ours = ladder[level].comparison
        assert ours.df_difference == lavaan[key]["df_diff"]
        assert ours.chisq_difference == pytest.approx(lavaan[key]["chisq_diff"], abs=1e-3)
        assert ours.p_value == pytest.approx(lavaan[key]["p"], abs=1e-4)
        assert ours.scaled == (errors == "robust")
    # The reference goes from equal residuals to indistinguishable members in one step.
    last = compare_path_models(ladder["latent means"].result, ladder["residuals"].result)
    theirs = lavaan["lrt_indist_vs_residual"]
    assert last.df_difference == theirs["df_diff"]
    assert last.chisq_difference == pytest.approx(theirs["chisq_diff"], abs=1e-3)


def test_the_levels_of_satisfaction_that_hold_are_kept(reference_folder):
    rows = couples(reference_folder, "dysem_commitmentm")
    stems = [f"sat.g{i}" for i in range(1, 6)]
    for direction in ("up", "down"):
        ladder = invariance_ladder(rows, stems, suffixes=("_f", "_m"), direction=direction)
        assert ladder.retained == "intercepts"
        assert ladder["residuals"].holds is False


def test_going_down_judges_all_equalities_at_once(reference_folder):
    rows = couples(reference_folder, "dysem_commitmentm")
    stems = [f"com{i}" for i in range(1, 6)]
    up = invariance_ladder(rows, stems, suffixes=("_f", "_m"))
    down = invariance_ladder(rows, stems, suffixes=("_f", "_m"), direction="down")
    # Taken alone the last step asks nothing more; taken with all before it, it fails.
    assert up["latent means"].comparison.df_difference == 1
    assert up["latent means"].holds
    assert "above a level that fails" in up["latent means"].verdict
    assert down["latent means"].comparison.df_difference == 15
    assert down["latent means"].holds is False
    assert up.retained == down.retained == "configural"


def test_equal_scales_are_kept_to_the_level_where_members_differ():
    ladder = invariance_ladder(answers(1500, 3), ITEMS, name="care")
    # Everything is equal but the latent mean, which is .3 higher for husbands.
    assert ladder.retained == "latent variances"
    assert ladder["latent means"].holds is False
    row = ladder["intercepts"].result.estimate("d_care")
    assert abs(row.value - MEAN_DIFFERENCE) < 4 * row.std_error
    assert ladder["indistinguishable"] is ladder["latent means"]


def test_the_table_holds_fits_and_their_differences():
    ladder = invariance_ladder(answers(400, 3, loading={"care2": 0.3}), ITEMS)
    table = ladder.to_frame()
    assert list(table.index) == list(LEVELS)
    assert np.allclose(
        table["chisq"].diff().iloc[1:], table["chisq_difference"].iloc[1:].astype(float)
    )
    assert np.allclose(table["cfi"].diff().iloc[1:], table["cfi_difference"].iloc[1:])
    assert table.loc["loadings", "verdict"].startswith("fails: chi-square difference(3)")
    assert table.loc["configural", "verdict"].startswith("the start")
    assert np.isnan(table.loc["configural", "chisq_difference"])


def test_a_robust_table_shows_scaled_fits():
    ladder = invariance_ladder(answers(400, 3), ITEMS, standard_errors="robust")
    fit = ladder["loadings"].result.fit_indices
    assert ladder.to_frame().loc["loadings", "chisq"] == fit.chisq_scaled
    assert ladder.to_frame().loc["loadings", "cfi"] == fit.cfi_robust
    assert any("score tests are not" in note for note in ladder.notes)


def test_rules_can_disagree_and_each_is_stated():
    rows = answers(1500, 4, loading={"care2": 0.65})
    chi_square = invariance_ladder(rows, ITEMS)
    cfi = invariance_ladder(rows, ITEMS, rule="cfi")
    assert chi_square["loadings"].holds is False
    assert cfi["loadings"].holds is True
    assert "p of 0.05 or more" in chi_square.rule.words()
    assert "CFI falls by no more than 0.01" in cfi.rule.words()
    assert "CFI changes by" in cfi["loadings"].verdict


def test_members_can_change_places():
    rows = answers(500, 5, intercept={"care3": 5.6})
    one = invariance_ladder(rows, ITEMS)
    two = invariance_ladder(rows, ITEMS, roles=("husband", "wife"))
    for first, second in zip(one.steps, two.steps, strict=True):
        assert first.result.fit_indices.chisq == pytest.approx(
            second.result.fit_indices.chisq, abs=1e-5
        )
    d = [ladder["intercepts"].result.estimate("m_factor").value for ladder in (one, two)]
    assert d[0] == pytest.approx(-d[1], rel=1e-3)


def test_a_printed_table_with_means_has_the_same_ladder():
    rows = answers(300, 6)
    printed = observe_covariance(rows.cov(), n_couples=300, means=rows.mean())
    one = invariance_ladder(rows, ITEMS)
    two = invariance_ladder(printed, ITEMS)
    assert two.to_frame()["chisq"].to_numpy() == pytest.approx(
        one.to_frame()["chisq"].to_numpy(), abs=1e-4
    )


def test_with_two_items_equal_loadings_are_assumed():
    ladder = invariance_ladder(answers(300, 6), ITEMS[:2])
    assert ladder["loadings"].comparison.df_difference == 0
    assert ladder["loadings"].verdict == "holds: nothing more is asked of the data"
    assert any("assumed, not tested" in note for note in ladder.notes)


def test_freed_items_are_named():
    rows = answers(800, 7, intercept={"care4": 4.3})
    whole = invariance_ladder(rows, ITEMS)
    part = invariance_ladder(rows, ITEMS, free={"intercepts": ["care4"]})
    assert whole["intercepts"].holds is False
    assert part["intercepts"].holds is True
    assert part["intercepts"].comparison.df_difference == 2
    assert any("Partial equality; free are: care4 (intercepts)" in note for note in part.notes)


def test_bad_input_is_told():
    rows = answers(100, 1)
    with pytest.raises(SpecError, match="direction must be 'up' or 'down', got 'sideways'"):
        invariance_ladder(rows, ITEMS, direction="sideways")
    with pytest.raises(SpecError, match="rule must be 'chi-square' or 'cfi'"):
        invariance_ladder(rows, ITEMS, rule="bic")
    with pytest.raises(SpecError, match="alpha must lie between 0 and 1"):
        invariance_ladder(rows, ITEMS, alpha=5)
    with pytest.raises(DataError, match="'care5_wife'"):
        invariance_ladder(rows, (*ITEMS, "care5"))
    with pytest.raises(DataError, match="care1_wife"):
        invariance_ladder(rows.assign(care1_wife=1.0), ITEMS)
    with pytest.raises(SpecError, match="'strict' is none"):
        invariance_ladder(rows, ITEMS)["strict"]


def test_a_couple_with_few_answers_is_used():
    rows = answers(400, 3)
    rows.loc[:40, ["care1_wife", "care2_husband"]] = np.nan
    assert invariance_ladder(rows, ITEMS)["loadings"].result.n_couples == 400
    listwise = invariance_ladder(rows, ITEMS, missing="listwise")
    assert listwise["loadings"].result.n_couples == 359
