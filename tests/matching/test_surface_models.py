from __future__ import annotations

import math

import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.matching.response_surface import dyadic_response_surface, response_surface
from intimacy_analysis.matching.surface_models import compare_surface_models
from tests.matching.surface_references import lavaan_row, made_couples, reference, reference_rows
from tests.matching.test_response_surface import SINGLE


@pytest.mark.parametrize("name", SINGLE)
def test_squared_difference_and_shifted_ridge_are_those_of_lavaan(reference_folder, name):
    expected = reference(reference_folder)[name]
    file, *columns = SINGLE[name]
    surface = response_surface(reference_rows(reference_folder, file), *columns, center=0.0)
    found = compare_surface_models(surface, ("SQD", "SRR"))
    for ours, theirs, test in (("SQD", "sqd", "lrt_sqd"), ("SRR", "rising_ridge", "lrt_rr")):
        row, model = found.table.loc[ours], expected[theirs]
        assert row["chisq"] == pytest.approx(expected[test]["chisq_diff"], rel=1e-6)
        assert row["df"] == expected[test]["df_diff"]
        assert row["p_value"] == pytest.approx(expected[test]["p"], rel=1e-6)
        assert row["n_parameters"] == model["fit"]["npar"]
        assert found.fits[ours].fit_indices.aic == pytest.approx(model["fit"]["aic"], rel=1e-9)
        for label in ("b1", "b2", "b3", "b4", "b5"):
            lavaan = lavaan_row(model, label)["est"]
            assert found.fits[ours].estimate(label).value == pytest.approx(lavaan, abs=1e-5)


def test_every_model_keeps_its_conditions_and_the_weights_sum_to_one():
    surface = response_surface(
        made_couples(150, 1, b=(0.2, 0.1, -0.3, 0.4, -0.2)), "want_wife", "get_husband", "sat_wife"
    )
    found = compare_surface_models(surface)
    assert list(found.table["df"]) == [0, 1, 2, 3, 3, 4, 2, 3, 5]
    assert found.table["weight"].sum() == pytest.approx(1)
    assert found.table["weight"].idxmax() == found.best
    b = {
        name: [fit.estimate(f"b{at}").value for at in range(1, 6)]
        for name, fit in found.fits.items()
    }
    assert b["SRRR"][3] ** 2 == pytest.approx(4 * b["SRRR"][2] * b["SRRR"][4], rel=1e-6)
    assert b["RR"][0] == pytest.approx(b["RR"][1])
    assert b["SSQD"][0] == pytest.approx(-b["SSQD"][1])
    assert b["SQD"][3] == pytest.approx(-2 * b["SQD"][4])
    assert b["null"] == pytest.approx([0] * 5)
    # AICc of the null model by hand: 2 parameters (mean, variance).
    aic = found.fits["null"].fit_indices.aic
    assert found.table.loc["null", "aicc"] == pytest.approx(aic + 2 * 2 * 3 / (150 - 3))


@pytest.mark.parametrize(
    ("b", "best"),
    [
        ((0, 0, -0.3, 0.6, -0.3), "SQD"),
        ((0.3, 0.3, -0.3, 0.6, -0.3), "RR"),
        ((0.4, 0, 0, 0, 0), "additive"),
    ],
)
def test_the_truth_comes_first_for_both_members(b, best):
    surface = dyadic_response_surface(made_couples(300, 1, b=b), "want", "get", "sat")
    found = compare_surface_models(surface, ("RR", "SQD", "additive", "null"))
    assert found.best == best
    assert found.words().startswith(f"By AICc the model {best} comes first")
    assert found.table.loc["additive", "df"] == 6


def test_a_trough_is_called_one():
    rows = made_couples(200, 2, b=(0, 0, 0.3, -0.6, 0.3))
    surface = response_surface(rows, "want_wife", "get_husband", "sat_wife")
    assert "a trough, not a ridge" in compare_surface_models(surface, ("SQD", "null")).words()


def test_robust_fits_are_compared_by_the_scaled_difference(reference_folder):
    rows = reference_rows(reference_folder, "rsa_motcon2")
    surface = response_surface(rows, "IM", "EM", "VA", center=0.0, standard_errors="robust")
    found = compare_surface_models(surface, ("SQD",))
    assert math.isfinite(found.table.loc["SQD", "p_value"])
    assert abs(found.table.loc["SQD", "chisq"] - 10.798) > 0.01


def test_an_unknown_model_is_refused():
    surface = response_surface(made_couples(50, 1), "want_wife", "get_husband", "sat_wife")
    with pytest.raises(SpecError, match="1 of 2 is not; the first is 'ridge'"):
        compare_surface_models(surface, ("SQD", "ridge"))
