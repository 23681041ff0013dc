from __future__ import annotations

import pytest
from biased_couples import ITEMS, answers
from dyad_references import couples

from intimacy_analysis.dyadic.invariance import invariance_ladder
from intimacy_analysis.dyadic.measurement import dyadic_factor_model
from intimacy_analysis.dyadic.partial_invariance import partial_invariance
from intimacy_analysis.errors import SpecError


def test_the_biased_intercept_is_freed_with_its_reason_and_nothing_else():
    rows = answers(800, 3, intercept={"care4": 4.2})
    found = partial_invariance(rows, ITEMS, name="care")
    assert found.free == {"intercepts": ("care4",)}
    (freed,) = found.freed
    assert freed.holm_p < 0.05
    assert freed.values[1] - freed.values[0] == pytest.approx(0.7, abs=0.12)
    assert freed.reason.startswith("The intercept of care4 was freed: of 4 still equal it differs")
    assert "for the wife and" in freed.reason
    assert freed.reason in found.notes
    assert found.retained == "residuals"
    assert found["intercepts"].verdict.startswith("holds in part:")
    assert any("may be chance" in note for note in found.notes)


def test_a_freed_item_saves_the_latent_mean_difference():
    rows = answers(3000, 3, intercept={"care4": 4.2})
    biased = invariance_ladder(rows, ITEMS, name="care")["intercepts"].result
    found = partial_invariance(rows, ITEMS, name="care")["intercepts"].result
    row = found.estimate("d_care")
    assert abs(row.value - 0.3) < 4 * row.std_error
    assert biased.estimate("d_care").value > row.value + 0.05


def test_what_was_freed_can_be_passed_on():
    rows = answers(800, 3, loading={"care2": 0.4})
    found = partial_invariance(rows, ITEMS, name="care")
    assert found.free == {"loadings": ("care2",)}
    spec = dyadic_factor_model("care", ITEMS, level="loadings", free=found.free)
    assert {"l_care2_wife", "l_care2_husband"} <= set(spec.labels)
    again = invariance_ladder(rows, ITEMS, name="care", free=found.free)
    assert again["loadings"].result.fit_indices.chisq == pytest.approx(
        found["loadings"].result.fit_indices.chisq, abs=1e-6
    )


def test_where_nothing_differs_nothing_is_freed():
    found = partial_invariance(answers(800, 3), ITEMS, up_to="latent means")
    assert found.freed == ()
    assert found.free == {}
    assert found.retained == "latent variances"
    assert found.to_frame().empty
    assert not any("chance" in note for note in found.notes)
    assert found.result is found["latent variances"].result


def test_two_items_at_the_least_stay_equal():
    loading = {"care1": 0.3, "care2": 1.5, "care3": 0.2}
    found = partial_invariance(answers(3000, 3, loading=loading), ITEMS)
    assert [one.level for one in found.freed] == ["loadings", "loadings"]
    assert found["loadings"].holds is False
    assert found.retained == "configural"
    assert [step.level for step in found.steps] == ["configural", "loadings"]


def test_commitment_frees_its_marker_first(reference_folder):
    rows = couples(reference_folder, "dysem_commitmentm")
    stems = [f"com{i}" for i in range(1, 6)]
    found = partial_invariance(rows, stems, name="com", suffixes=("_f", "_m"))
    assert found.freed[0].item == "com1"
    assert found.freed[0].level == "loadings"
    assert found.retained == "intercepts"
    table = found.to_frame()
    assert list(table.columns[:4]) == ["level", "item", "index", "holm_p"]
    assert table["reason"].str.startswith("The ").all()


def test_residual_variances_may_all_be_free():
    residual = dict.fromkeys(ITEMS, 1.5)
    found = partial_invariance(answers(1500, 3, residual=residual), ITEMS)
    assert set(found.free["residuals"]) == set(ITEMS)
    assert found["residuals"].holds


def test_bad_input_is_told():
    rows = answers(100, 1)
    with pytest.raises(SpecError, match="'strict' is none"):
        partial_invariance(rows, ITEMS, up_to="strict")
    with pytest.raises(SpecError, match="did not reach 'latent means'"):
        partial_invariance(rows, ITEMS)["latent means"]
