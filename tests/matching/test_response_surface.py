from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.response_surface import dyadic_response_surface, response_surface
from tests.matching.surface_references import lavaan_row, made_couples, reference, reference_rows

SINGLE = {
    "motcon2_IM_EM_VA": ("rsa_motcon2", "IM", "EM", "VA"),
    "motcon_ePow_iPow": ("rsa_motcon", "ePow", "iPow", "postVA"),
}
TERMS = ("X", "Y", "X2", "XY", "Y2")


@pytest.mark.parametrize("name", SINGLE)
def test_coefficients_and_surface_are_those_of_least_squares(reference_folder, name):
    expected = reference(reference_folder)[name]
    file, *columns = SINGLE[name]
    found = response_surface(reference_rows(reference_folder, file), *columns, center=0.0)
    n = expected["n"]
    assert found.fit.n_couples == n
    # Least squares divides by n - 6, maximum likelihood by n.
    wider = np.sqrt(n / (n - 6))
    for at, term in enumerate(TERMS, start=1):
        row = found.coefficients[f"b{at}"]
        assert row.value == pytest.approx(expected["coef"][term], rel=1e-9)
        assert row.std_error * wider == pytest.approx(expected["se"][term], rel=1e-9)
    for a in ("a1", "a2", "a3", "a4"):
        row = found.parameters[a]
        assert row.value == pytest.approx(expected["surface"][a]["est"], rel=1e-9)
        assert row.std_error * wider == pytest.approx(expected["surface"][a]["se"], rel=1e-9)
    assert found.fit.r_squared[columns[2]] == pytest.approx(expected["r2"], rel=1e-9)
    for ours, theirs in {"x0": "X0", "y0": "Y0", "p11": "p11", "p10": "p10"}.items():
        assert found.axes[ours].value == pytest.approx(expected["stationary"][theirs], rel=1e-8)


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("errors", ["expected", "robust"])
def test_errors_are_those_of_lavaan(reference_folder, name, errors):
    expected = reference(reference_folder)[name]
    model = expected["lavaan_ml" if errors == "expected" else "lavaan_mlr"]
    file, *columns = SINGLE[name]
    found = response_surface(
        reference_rows(reference_folder, file), *columns, center=0.0, standard_errors=errors
    )
    for row in (*found.coefficients, *found.parameters):
        theirs = lavaan_row(model, row.name)
        assert row.value == pytest.approx(theirs["est"], abs=2e-7)
        assert row.std_error == pytest.approx(theirs["se"], rel=1e-5)
    assert found.fit.log_likelihood == pytest.approx(model["fit"]["logl"], rel=1e-9)


def test_both_members_surfaces_are_those_of_lavaan(reference_folder):
    model = reference(reference_folder)["acitelli_drsa_ml"]
    rows = reference_rows(reference_folder, "acitelli_wide")
    found = dyadic_response_surface(rows, "OP", "OP", "Sat", center=4.25, suffixes=("_w", "_h"))
    # The reference writes hers, his for both; here it is own, partner's.
    for ours, theirs, sign in [
        *((f"b{at}_wife", f"w{at}", 1) for at in range(1, 6)),
        *zip(
            [f"b{at}_husband" for at in (2, 1, 5, 4, 3)],
            [f"h{at}" for at in range(1, 6)],
            [1] * 5,
            strict=True,
        ),
        *((f"a{at}_wife", f"a{at}w", 1) for at in range(1, 5)),
        ("a1_husband", "a1h", 1),
        ("a2_husband", "a2h", 1),
        ("a3_husband", "a3h", -1),
        ("a4_husband", "a4h", 1),
    ]:
        table = found.coefficients if ours.startswith("b") else found.parameters
        row, expected = table[ours], lavaan_row(model, theirs)
        assert row.value == pytest.approx(sign * expected["est"], abs=2e-7)
        assert row.std_error == pytest.approx(expected["se"], rel=1e-5)
    assert found.fit.log_likelihood == pytest.approx(model["fit"]["logl"], rel=1e-9)
    assert found.fit.fit_indices.n_parameters == model["fit"]["npar"]


def test_equality_across_roles_holds_for_equal_surfaces_and_fails_for_others():
    rows = made_couples(400, 1)
    assert dyadic_response_surface(rows, "want", "get", "sat").equality_across_roles().df == 5
    alike = dyadic_response_surface(rows, "want", "get", "sat").equality_across_roles()
    assert alike.p_value > 0.01
    turned = rows.assign(sat_wife=rows["sat_wife"] + 0.5 * rows["want_wife"])
    apart = dyadic_response_surface(turned, "want", "get", "sat").equality_across_roles()
    assert apart.p_value < 1e-6


def test_indistinguishable_members_have_one_surface_whoever_is_first():
    rows = made_couples(150, 2)
    one = dyadic_response_surface(rows, "want", "get", "sat", distinguishable=False)
    swapped = dyadic_response_surface(
        rows, "want", "get", "sat", distinguishable=False, roles=("husband", "wife")
    )
    assert one.endings == ("",)
    for row in one.parameters:
        assert row.value == pytest.approx(swapped.parameters[row.name].value, rel=1e-6, abs=1e-8)
    with pytest.raises(SpecError, match="distinguishable=True"):
        one.equality_across_roles()


def test_the_surface_put_in_comes_back():
    found = dyadic_response_surface(made_couples(2000, 3), "want", "get", "sat")
    for role in ("wife", "husband"):
        assert abs(found.parameters[f"a4_{role}"].value + 1.2) < 0.1
        assert found.axes[f"p11_{role}"].low < 1 < found.axes[f"p11_{role}"].high
        assert abs(found.parameters[f"a2_{role}"].value) < 0.1


def test_bootstrap_intervals_reach_every_table():
    rows = made_couples(120, 4)
    plain = response_surface(rows, "want_wife", "get_husband", "sat_wife")
    drawn = response_surface(
        rows, "want_wife", "get_husband", "sat_wife",
        standard_errors="bootstrap", bootstrap=500, seed=5,
    )  # fmt: skip
    again = response_surface(
        rows, "want_wife", "get_husband", "sat_wife",
        standard_errors="bootstrap", bootstrap=500, seed=5,
    )  # fmt: skip
    assert drawn.parameters == again.parameters
    assert drawn.parameters["a4"].low < plain.parameters["a4"].value < drawn.parameters["a4"].high
    assert "bootstrap" in drawn.axes.interval_method
    assert drawn.axes["p11"].low < 1 < drawn.axes["p11"].high


def test_full_information_keeps_couples_with_a_gap():
    rows = made_couples(200, 6)
    rows.loc[:19, "sat_husband"] = np.nan
    kept = dyadic_response_surface(rows, "want", "get", "sat", missing="fiml")
    dropped = dyadic_response_surface(rows, "want", "get", "sat")
    assert (kept.fit.n_couples, dropped.fit.n_couples) == (200, 180)
    assert kept.parameters["a4_wife"].std_error < dropped.parameters["a4_wife"].std_error


def test_one_sided_gaps_are_told():
    rows = made_couples(200, 7)
    rows["get_husband"] = rows["want_wife"] + rows["get_husband"].abs()
    found = response_surface(rows, "want_wife", "get_husband", "sat_wife")
    assert any("Only 0% of the rows of 'sat_wife'" in note for note in found.notes)


@pytest.mark.parametrize(("n", "said"), [(6, "6 couples for 6 variables"), (7, "for 7 parameters")])
def test_fewer_couples_than_a_surface_needs_are_refused(n, said):
    with pytest.raises(DataError, match=said):
        response_surface(made_couples(n, 8), "want_wife", "get_husband", "sat_wife")
    with pytest.raises(DataError, match="14 couples for 15 parameters"):
        dyadic_response_surface(made_couples(14, 8), "want", "get", "sat")
