"""Each index from plain numbers, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2, ncx2

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fit_indices import (
    FitIndices,
    chi_square_p,
    comparative_fit,
    information_criteria,
    rmsea,
    rmsea_close_fit,
    rmsea_interval,
    standardized_residual_size,
    tucker_lewis,
)


def test_p_is_the_upper_tail():
    assert chi_square_p(9.5, 4) == pytest.approx(chi2.sf(9.5, 4))
    assert math.isnan(chi_square_p(0.0, 0))
    assert chi_square_p(-1e-12, 3) == 1


def test_cfi_and_tli_by_hand():
    # Model 30 on 20, baseline 210 on 30: excess 10 of 180.
    assert comparative_fit(30, 20, 210, 30) == pytest.approx(1 - 10 / 180)
    assert tucker_lewis(30, 20, 210, 30) == pytest.approx((7 - 1.5) / (7 - 1))


def test_cfi_stays_between_zero_and_one_and_tli_need_not():
    assert comparative_fit(10, 20, 210, 30) == 1
    assert comparative_fit(300, 20, 210, 30) == 0
    assert comparative_fit(10, 20, 20, 30) == 1
    assert tucker_lewis(10, 20, 210, 30) > 1
    assert tucker_lewis(0, 0, 210, 30) == 1
    assert math.isnan(tucker_lewis(5, 2, 0, 0))


def test_robust_cfi_and_tli_take_off_the_scaled_degrees_of_freedom():
    ours = comparative_fit(30, 20, 210, 30, scaling=1.2, baseline_scaling=1.5)
    assert ours == pytest.approx(1 - (30 - 24) / (210 - 45))
    ours = tucker_lewis(30, 20, 210, 30, scaling=1.2, baseline_scaling=1.5)
    assert ours == pytest.approx(1 - (30 - 24) / (210 - 45) * 30 / 20)


def test_rmsea_by_hand_and_for_groups():
    assert rmsea(40, 20, 100) == pytest.approx(math.sqrt(20 / (100 * 20)))
    assert rmsea(40, 20, 100, groups=2) == pytest.approx(math.sqrt(2 * 20 / (100 * 20)))
    assert rmsea(40, 20, 100, scaling=1.5) == pytest.approx(math.sqrt(10 / (100 * 20)))
    assert rmsea(10, 20, 100) == 0
    assert rmsea(10, 0, 100) == 0


@pytest.mark.parametrize(("chisq", "df", "n"), [(40.0, 20, 100), (180.0, 35, 335), (25.0, 20, 500)])
@pytest.mark.parametrize("groups", [1, 2])
def test_the_limits_of_rmsea_invert_the_noncentral_chi_square(chisq, df, n, groups):
    low, high = rmsea_interval(chisq, df, n, groups=groups)
    noncentrality = high**2 * n * df / groups
    assert ncx2.cdf(chisq, df, noncentrality) == pytest.approx(0.05, abs=1e-8)
    if chi2.cdf(chisq, df) > 0.95:
        assert ncx2.cdf(chisq, df, low**2 * n * df / groups) == pytest.approx(0.95, abs=1e-8)
    else:
        assert low == 0
    assert low <= rmsea(chisq, df, n, groups=groups) <= high


def test_rmsea_of_a_very_good_fit_is_zero_with_both_limits():
    assert rmsea_interval(5, 20, 100) == (0, 0)
    assert rmsea_interval(0, 0, 100) == (0, 0)


def test_close_fit_is_the_tail_beyond_five_hundredths():
    ours = rmsea_close_fit(40, 20, 100)
    assert ours == pytest.approx(ncx2.sf(40, 20, 100 * 20 * 0.0025), abs=1e-10)
    assert math.isnan(rmsea_close_fit(0, 0, 100))


def test_srmr_by_hand_without_and_with_means():
    sample, implied = np.array([[4.0, 1.0], [1.0, 1.0]]), np.array([[4.0, 0.6], [0.6, 1.0]])
    # One of three standardized residuals is (1 - .6) / 2 = .2.
    assert standardized_residual_size(sample, implied) == pytest.approx(math.sqrt(0.04 / 3))
    ours = standardized_residual_size(sample, implied, np.array([1.0, 2.0]), np.array([0.0, 2.0]))
    assert ours == pytest.approx(math.sqrt((0.04 + 0.25) / 5))


def test_information_criteria_by_hand():
    aic, bic, adjusted = information_criteria(-500.0, 7, 118)
    assert aic == 1014
    assert bic == pytest.approx(1000 + 7 * math.log(118))
    assert adjusted == pytest.approx(1000 + 7 * math.log(5))


def test_indices_are_found_by_their_own_and_by_lavaans_names():
    indices = FitIndices(chisq=3.0, p_value=0.2, n_parameters=5, rmsea_low=0.01, tli=0.9)
    assert indices["chisq"] == indices["chi2"] == indices["Chi_Square"] == 3
    assert indices["pvalue"] == 0.2
    assert indices["npar"] == 5
    assert indices["rmsea.ci.lower"] == 0.01
    assert indices["nnfi"] == 0.9
    assert "cfi" in indices
    assert "npar" in indices
    assert "agfi" not in indices
    with pytest.raises(SpecError, match=r"no fit index 'agfi'. There are: chisq, df"):
        indices["agfi"]


def test_only_indices_that_are_defined_are_shown():
    frame = FitIndices(chisq=3.0, df=2).to_frame()
    assert list(frame.index) == ["chisq", "df"]
    assert frame.loc["chisq", "value"] == 3
    assert "rmsea" not in str(FitIndices(chisq=3.0))
    assert set(FitIndices().to_dict()) == set(FitIndices().keys())
