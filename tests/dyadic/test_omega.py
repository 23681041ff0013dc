from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dyad_references import couples, reference
from measured_couples import COLUMNS, ERRORS, LOADINGS, drawn, population

from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance
from intimacy_analysis.reliability.cronbach_alpha import alpha_of_covariance
from intimacy_analysis.reliability.omega import omega_model

SCALES = [
    ("dysem_commitmentm", "sat", [f"sat.g{i}" for i in range(1, 6)], ("_f", "_m")),
    ("dysem_commitmentm", "com", [f"com{i}" for i in range(1, 6)], ("_f", "_m")),
    ("dysem_dres", "prq", [f"PRQC_{i}" for i in range(1, 10)], (".1", ".2")),
    ("dysem_dres", "sex", [f"sexsat{i}" for i in range(1, 6)], (".1", ".2")),
]


@pytest.mark.parametrize(("name", "scale", "stems", "endings"), SCALES)
def test_omega_is_that_of_lavaans_one_factor_model_of_each_member(
    reference_folder, name, scale, stems, endings
):
    items = {
        role: tuple(f"{stem}{ending}" for stem in stems)
        for role, ending in zip(("p1", "p2"), endings, strict=True)
    }
    fit = fit_path_model(omega_model(items), couples(reference_folder, name), missing="fiml")
    for role in items:
        expected = reference(reference_folder, name)[f"reliability_{scale}_{role}"]
        omega = fit.estimate(f"omega_{role}")
        assert omega.value == pytest.approx(expected["omega_1f_cfa_fiml"], abs=1e-5)
        for number, loading in enumerate(expected["cfa_loadings"].values(), start=1):
            own = fit.estimate(f"l{number}_{role}").value
            assert abs(own) == pytest.approx(abs(loading), abs=1e-4)


def test_side_by_side_each_member_has_the_estimates_and_errors_of_its_own_fit():
    rows = drawn(200, seed=2)[0]
    rows.iloc[:20, 1] = np.nan
    rows.iloc[10:30, 4] = np.nan
    both = fit_path_model(omega_model(COLUMNS), rows, missing="fiml")
    for role, (a, b, c) in COLUMNS.items():
        text = f"""
            f =~ NA*{a} + l1*{a} + l2*{b} + l3*{c}
            f ~~ 1*f
            {a} ~~ t1*{a}
            {b} ~~ t2*{b}
            {c} ~~ t3*{c}
            omega := (l1 + l2 + l3)^2/((l1 + l2 + l3)^2 + t1 + t2 + t3)
        """
        alone = fit_path_model(text, rows, missing="fiml").estimate("omega")
        omega = both.estimate(f"omega_{role}")
        assert omega.value == pytest.approx(alone.value, abs=1e-6)
        assert omega.std_error == pytest.approx(alone.std_error, rel=1e-4)


def test_in_the_population_omega_is_the_true_share_by_hand():
    fit = fit_path_model(omega_model(COLUMNS), observe_covariance(population(), 500))
    for role, loadings in LOADINGS.items():
        true = loadings.sum() ** 2
        expected = true / (true + ERRORS[role].sum())
        assert fit.estimate(f"omega_{role}").value == pytest.approx(expected, abs=1e-6)


def test_equal_loadings_make_omega_and_alpha_one():
    names = [name for columns in COLUMNS.values() for name in columns]
    half = np.full((3, 3), 0.49) + np.diag([0.3, 0.6, 0.9])
    whole = np.zeros((6, 6))
    whole[:3, :3] = whole[3:, 3:] = half
    table = pd.DataFrame(whole, index=names, columns=names)
    fit = fit_path_model(omega_model(COLUMNS), observe_covariance(table, 300))
    assert fit.estimate("omega_wife").value == pytest.approx(alpha_of_covariance(half), abs=1e-6)
    assert fit.estimate("omega_difference").value == pytest.approx(0, abs=1e-6)


def test_a_column_called_like_the_factor_does_not_get_in_its_way():
    columns = {role: (f"factor_{role}", f"b_{role}", f"c_{role}") for role in ("wife", "husband")}
    spec = omega_model(columns)
    assert spec.latent == ("factor_wife_", "factor_husband_")
    assert len(spec.observed) == 6
