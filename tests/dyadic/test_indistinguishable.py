from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dyad_references import couples, reference
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.indistinguishable import (
    null_indistinguishable,
    saturated_indistinguishable,
)
from intimacy_analysis.paths.fitting import fit_path_model


@pytest.mark.parametrize("p", [1, 2, 3])
def test_degrees_of_freedom_are_those_of_the_formula(p):
    rows = simulated_couples()
    stems = ("x", "y", "z")[:p]
    isat = fit_path_model(saturated_indistinguishable(stems), rows)
    inull = fit_path_model(null_indistinguishable(stems), rows)
    assert isat.fit_indices.df == p * (p + 1)
    assert inull.fit_indices.df == p * (2 * p + 1)
    without = fit_path_model(saturated_indistinguishable(stems, means=False), rows, means=False)
    assert without.fit_indices.df == p * p


def test_isat_estimates_are_means_of_both_orders_of_the_members():
    # Stacking every couple in both orders gives pooled moments: the maximum in closed form.
    rows = simulated_couples(n=60)
    one = rows[["x_wife", "x_husband", "y_wife", "y_husband"]].to_numpy()
    both = np.vstack([one, one[:, [1, 0, 3, 2]]])
    moments = np.cov(both.T, bias=True)
    result = fit_path_model(saturated_indistinguishable(("x", "y")), rows)
    assert result.estimate("m_x").value == pytest.approx(both[:, 0].mean(), abs=1e-8)
    assert result.estimate("v_x").value == pytest.approx(moments[0, 0], abs=1e-8)
    assert result.estimate("c_x").value == pytest.approx(moments[0, 1], abs=1e-8)
    assert result.estimate("w_x_y").value == pytest.approx(moments[0, 2], abs=1e-8)
    assert result.estimate("b_x_y").value == pytest.approx(moments[0, 3], abs=1e-8)


def test_inull_log_likelihood_is_that_of_independent_pooled_columns():
    rows = pd.DataFrame({"x_wife": [1.0, 2, 3, 5, 4], "x_husband": [2.0, 2, 4, 5, 7]})
    pooled = rows.to_numpy().ravel()
    expected = -0.5 * len(pooled) * (np.log(2 * np.pi * pooled.var()) + 1)
    result = fit_path_model(null_indistinguishable("x"), rows)
    assert result.log_likelihood == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "key", "stems", "endings"),
    [
        ("dysem_commitmentm", "isat_sat", [f"sat.g{i}" for i in range(1, 6)], ("_f", "_m")),
        ("dysem_commitmentm", "isat_com", [f"com{i}" for i in range(1, 6)], ("_f", "_m")),
        ("dysem_dres", "isat_prq", [f"PRQC_{i}" for i in range(1, 10)], (".1", ".2")),
        ("dysem_dres", "isat_sex", [f"sexsat{i}" for i in range(1, 6)], (".1", ".2")),
    ],
)
def test_items_with_gaps_agree_with_lavaan(reference_folder, name, key, stems, endings):
    rows = couples(reference_folder, name)
    theirs = reference(reference_folder, name)[key]
    for build, which in (
        (saturated_indistinguishable, "I_SAT"),
        (null_indistinguishable, "I_NULL"),
    ):
        result = fit_path_model(
            build(stems, roles=("one", "two"), suffixes=endings), rows, missing="fiml"
        )
        assert result.fit_indices.df == theirs[which]["df"]
        assert result.fit_indices.chisq == pytest.approx(theirs[which]["chisq"], abs=2e-4)
        assert result.log_likelihood == pytest.approx(theirs[which]["logl"], abs=1e-4)
        assert result.fit_indices.n_parameters == theirs[which]["npar"]
