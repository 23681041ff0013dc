"""The front door: every option does what it says, and a wrong value is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from path_data import APIM, FACTORS, MEDIATION, couples, errors_of, fitted, values_of
from scipy.stats import norm

from intimacy_analysis import fit_path_model, observe_covariance, read_model
from intimacy_analysis.errors import DataError, SpecError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"missing": "pairwise"}, "missing must be one of 'listwise', 'fiml', got 'pairwise'"),
        ({"standard_errors": "sandwich"}, "'expected', 'observed', 'robust', 'bootstrap', got"),
        ({"likelihood": "gls"}, "likelihood must be one of 'normal', 'wishart', got 'gls'"),
        ({"robust": "MLF"}, "robust must be one of 'MLR', 'MLM', got 'MLF'"),
        ({"intervals": "basic"}, "intervals must be one of 'percentile', 'bca'"),
        ({"confidence": 95}, "confidence must lie between 0 and 1, got 95"),
        ({"confidence": "high"}, "confidence must lie between 0 and 1"),
        ({"groups": "town"}, "'town'"),
        ({"group_equal": ("slopes",)}, "'slopes' is none"),
        ({"likelihood": "wishart", "missing": "fiml"}, "scaling of complete normal data"),
        ({"likelihood": "wishart", "standard_errors": "robust"}, "scaling of complete normal"),
        ({"means": False, "missing": "fiml"}, "Leave means out"),
        ({"means": False, "standard_errors": "robust"}, "Leave means out"),
        ({"standard_errors": "bootstrap", "bootstrap": 10}, "100 or more, got 10"),
    ],
)
def test_an_option_with_a_wrong_value_is_refused(options, message):
    with pytest.raises((SpecError, DataError), match=message):
        fitted(APIM, couples(60), **options)


def test_neither_a_model_nor_data_of_another_kind_is_taken():
    with pytest.raises(SpecError, match="must be a text or a template, but this is a int"):
        fit_path_model(5, couples(60))
    with pytest.raises(DataError, match="but this is a dict"):
        fit_path_model(APIM, {"x_w": [1, 2]})
    with pytest.raises(DataError, match="but this is a ndarray"):
        fit_path_model(APIM, np.ones((5, 4)))


def test_a_printed_table_has_no_rows_to_be_robust_about():
    printed = observe_covariance(couples(60).drop(columns="place").cov(), 60)
    for errors in ("robust", "bootstrap"):
        with pytest.raises(SpecError, match="needs rows"):
            fitted(APIM, printed, standard_errors=errors)
    with pytest.raises(SpecError, match="one group"):
        fitted(APIM, printed, groups="place")


def test_mlm_needs_complete_data():
    with pytest.raises(SpecError, match="Use robust='MLR'"):
        fitted(APIM, couples(60, gaps=0.1), missing="fiml", standard_errors="robust", robust="MLM")


@pytest.mark.parametrize("text", [APIM, MEDIATION, FACTORS])
@pytest.mark.parametrize("errors", ["expected", "observed", "robust"])
def test_full_information_on_complete_data_is_the_plain_fit(text, errors):
    data = couples(90)
    one, other = (
        fitted(text, data, missing=missing, standard_errors=errors)
        for missing in ("listwise", "fiml")
    )
    np.testing.assert_allclose(values_of(one), values_of(other), atol=1e-9)
    np.testing.assert_allclose(errors_of(one), errors_of(other), atol=1e-9)
    assert one.fit_indices == other.fit_indices


def test_errors_are_expected_without_gaps_and_observed_under_full_information():
    data = couples(60)
    assert fitted(APIM, data).standard_errors == "expected"
    assert fitted(APIM, data, missing="fiml").standard_errors == "observed"


def test_a_model_without_means_has_the_same_paths_and_fit():
    data = couples(90)
    one, other = fitted(FACTORS, data), fitted(FACTORS, data, means=False)
    assert not any("~1" in name for name in other.estimates.names)
    for row in other.estimates:
        assert row.value == pytest.approx(one.estimate(row.name).value, abs=1e-8)
        assert row.std_error == pytest.approx(one.estimate(row.name).std_error, rel=1e-7)
    assert other.fit_indices.chisq == pytest.approx(one.fit_indices.chisq, abs=1e-7)
    assert other.fit_indices.df == one.fit_indices.df
    with pytest.raises(SpecError, match="Leave means out"):
        fitted(APIM + "\ny_w ~ 1", data, means=False)


def test_intervals_and_p_are_normal_at_the_confidence_asked():
    row = fitted(APIM, couples(90), confidence=0.8).estimate("a_w")
    reach = norm.ppf(0.9) * row.std_error
    assert (row.low, row.high) == pytest.approx((row.value - reach, row.value + reach))
    assert row.p_value == pytest.approx(2 * norm.sf(abs(row.value / row.std_error)))
    assert row.df == math.inf


def test_defined_quantities_have_the_delta_methods_error():
    result = fitted(MEDIATION, couples(90))
    a, b = result.values(["a1", "b1"])
    V = result.covariance(["a1", "b1"])
    row = result.estimate("one")
    assert row.value == pytest.approx(a * b)
    assert row.std_error**2 == pytest.approx(np.array([b, a]) @ V @ np.array([b, a]))
    assert result.covariance(["one"])[0, 0] == pytest.approx(row.std_error**2)


def test_a_ratio_by_zero_is_no_crash():
    result = fitted("y_w ~ a*x_w + p*x_h\nk := p/(a - a)", couples(60))
    assert not math.isfinite(result.estimate("k").value)
    assert result.estimate("a").std_error > 0


def test_a_parameter_is_found_by_label_arrow_spacing_and_either_order():
    result = fitted(MEDIATION, couples(60))
    value = result.estimate("m_w ~ x_w").value
    for name in ("a1", "m_w~x_w", " m_w  ~ x_w "):
        assert result.estimate(name).value == value
    assert result.estimate("m_h ~~ m_w") == result.estimate("m_w~~m_h")
    assert (
        result.estimate("one") == result.estimate("one := a1*b1") == result.estimate("one:=a1*b1")
    )
    assert result.estimate("m_w ~ 1").name == "m_w ~1"
    with pytest.raises(SpecError, match=r"no parameter 'm_w ~ x_ww'. Did you mean m_w ~ x_w"):
        result.estimate("m_w ~ x_ww")


def test_a_parameter_of_a_group_is_found_by_its_name():
    result = fitted(APIM.replace("a_w*", ""), couples(90), groups="place")
    assert result.estimate("y_w~x_w[town]").name == "y_w ~ x_w [town]"
    assert result.estimate("y_h ~~ y_w [land]").name == "y_w ~~ y_h [land]"


def test_a_spec_and_its_text_are_the_same_question():
    data = couples(60)
    one, other = fitted(APIM, data), fitted(read_model(APIM), data)
    assert one.estimates == other.estimates


def test_the_frame_of_estimates_has_the_columns_of_every_table():
    frame = fitted(APIM, couples(60)).estimates.to_frame()
    assert list(frame.columns) == ["value", "std_error", "df", "low", "high", "p_value", "unit"]
    assert frame.index[0] == "y_w ~ x_w"


def test_couples_left_out_are_counted_and_told():
    data = couples(60)
    data.loc[:4, "y_w"] = np.nan
    result = fitted(APIM, data)
    assert (result.n_couples, result.n_dropped) == (55, 5)
    assert any("5 of 60 couples are left out" in note for note in result.warnings)
    assert "55 couples, 5 left out" in str(result)


def test_few_couples_for_many_parameters_are_told():
    result = fitted(FACTORS, couples(60))
    assert any("60 couples for 19 parameters are few" in note for note in result.warnings)


def test_the_data_are_not_touched():
    data = couples(60, gaps=0.1)
    before = data.copy()
    fitted(APIM, data, missing="fiml", standard_errors="robust")
    pd.testing.assert_frame_equal(data, before)


def test_groups_may_be_set_equal_kind_by_kind():
    data = couples(200)
    text = "f =~ u1 + u2 + u3"
    free = fitted(text, data, groups="place")
    equal = fitted(text, data, groups="place", group_equal=("loadings",))
    assert equal.fit_indices.df == free.fit_indices.df + 2
    assert equal.estimate("f =~ u2 [town]").value == equal.estimate("f =~ u2 [land]").value
    strong = fitted(text, data, groups="place", group_equal=("loadings", "intercepts"))
    # Three intercepts are tied, one latent mean is freed.
    assert strong.fit_indices.df == equal.fit_indices.df + 2
    assert strong.estimate("f ~1 [land]").std_error > 0
