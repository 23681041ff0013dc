"""A fit is right, says when it makes no sense, and does not depend on how the data are written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from path_data import (
    APIM,
    FACTORS,
    LOOP,
    MEDIATION,
    MIMIC,
    couples,
    errors_of,
    fit_patterns,
    fitted,
    some_point,
    structure_of,
    values_of,
)

from intimacy_analysis.errors import DataError, FitError, SpecError
from intimacy_analysis.paths.implied import imply
from intimacy_analysis.paths.moments import moments_as_patterns

SATURATED = "y_w ~ x_w + x_h\ny_h ~ x_w + x_h"


# Many examples of the same few models say little more: a few dozen keep this file quick.
FEW = settings(max_examples=30, deadline=None)


def same(one, other, atol=1e-8):
    np.testing.assert_allclose(values_of(one), values_of(other), atol=atol)
    np.testing.assert_allclose(errors_of(one), errors_of(other), atol=atol)
    assert one.fit_indices.chisq == pytest.approx(other.fit_indices.chisq, abs=1e-7)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-7)


def test_a_regression_is_least_squares():
    data = couples(80)
    fit = fitted("y_w ~ x_w + x_h", data)
    X = np.column_stack([np.ones(80), data.x_w, data.x_h])
    b, (rss,), *_ = np.linalg.lstsq(X, data.y_w, rcond=None)
    assert fit.estimate("y_w ~ x_w").value == pytest.approx(b[1])
    assert fit.estimate("y_w ~1").value == pytest.approx(b[0])
    assert fit.estimate("y_w ~~ y_w").value == pytest.approx(rss / 80)
    error = np.sqrt(rss / 80 * np.linalg.inv(X.T @ X)[1, 1])
    assert fit.estimate("y_w ~ x_w").std_error == pytest.approx(error)
    assert fit.estimate("y_w ~~ y_w").std_error == pytest.approx(rss / 80 * np.sqrt(2 / 80))


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_a_saturated_model_has_chi_square_and_degrees_of_freedom_zero(missing):
    data = couples(100, gaps=0.1 if missing == "fiml" else 0.0)
    fit = fitted(SATURATED, data, missing=missing)
    assert fit.fit_indices.df == 0
    assert fit.fit_indices.chisq == pytest.approx(0, abs=1e-8)
    assert np.isnan(fit.fit_indices.p_value)
    assert (fit.fit_indices.cfi, fit.fit_indices.tli, fit.fit_indices.rmsea) == (1, 1, 0)
    assert "saturated" in str(fit)


@pytest.mark.parametrize("text", [APIM, MEDIATION, LOOP, FACTORS, MIMIC])
def test_moments_the_model_implies_give_its_parameters_back(text):
    structure = structure_of(text)
    theta = some_point(structure, seed=7)
    implied = imply(structure, theta)
    fit = fit_patterns(text, (moments_as_patterns(implied.mean, implied.covariance, 200),))
    assert fit.state == "ok"
    np.testing.assert_allclose(fit.theta, theta, atol=1e-5)
    assert fit.chisq == pytest.approx(0, abs=1e-8)


# --- not identified -------------------------------------------------------------------------

TOO_MUCH = {
    "two loadings and nothing else": ("f =~ u1 + u2", ["f =~ u2", "f ~~ f"]),
    "no scale": ("f =~ NA*u1 + u2 + u3", ["f =~ u1", "f ~~ f"]),
    "a covariance and both directions": (
        "y_w ~ y_h + x_w\ny_h ~ y_w + x_w\ny_w ~~ y_h",
        ["y_w ~ y_h", "y_h ~ y_w"],
    ),
    "too few moments": ("y_w ~ x_w\nx_w ~ y_w", ["y_w ~ x_w", "x_w ~ y_w"]),
    "an error beside a single indicator": ("f =~ u1\nu1 ~~ u1\nv1 ~ f", ["u1 ~~ u1"]),
    "two intercepts for one mean": ("f =~ u1 + u2 + u3\nf ~ 1", ["f ~1", "u1 ~1"]),
}


@pytest.mark.parametrize(("text", "blamed"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
@pytest.mark.parametrize("seed", [0, 1])
def test_a_model_that_is_not_identified_names_its_parameters(text, blamed, seed):
    with pytest.raises(SpecError, match="not identified") as caught:
        fitted(text, couples(100, seed=seed))
    for name in blamed:
        assert name in str(caught.value)


@st.composite
def identified_texts(draw):
    """Recursive path models and factors of three items: identified by construction."""
    names = [f"v{at}" for at in range(draw(st.integers(2, 5)))]
    lines = []
    for at in range(1, len(names)):
        causes = [n for n in names[:at] if draw(st.booleans())]
        if causes:
            lines.append(f"{names[at]} ~ " + " + ".join(causes))
    outcomes = {line.split(" ~ ")[0] for line in lines}
    # All residuals independent: then every recursive model is identified.
    used = sorted({n.strip() for line in lines for n in line.replace("~", "+").split("+")})
    lines += [
        f"{one} ~~ 0*{other}"
        for i, one in enumerate(used)
        for other in used[:i]
        if one in outcomes and other in outcomes
    ]
    for f in range(draw(st.integers(0, 2))):
        lines.append(f"f{f} =~ " + " + ".join(f"f{f}u{i}" for i in range(3)))
        if lines and outcomes and draw(st.booleans()):
            lines.append(f"f{f} ~ {used[0]}")
    return "\n".join(lines) if lines else "v1 ~ v0"


@FEW
@given(identified_texts(), st.integers(0, 10_000))
def test_a_model_that_is_identified_is_never_refused(text, seed):
    structure = structure_of(text)
    rng = np.random.default_rng(seed)
    theta = some_point(structure, seed)
    implied = imply(structure, theta)
    # A little off the model, and in other units: a sample so small that a weak factor has no
    # maximum would say nothing about identification.
    scale = 10.0 ** rng.uniform(-2, 2, structure.p)
    shake = 0.02 * rng.normal(size=(structure.p,) * 2)
    covariance = implied.covariance * (1 + shake + shake.T)
    moments = moments_as_patterns(implied.mean * scale, covariance * np.outer(scale, scale), 500)
    fit = fit_patterns(text, (moments,))
    assert fit.state in ("ok", "inadmissible")
    assert fit.df == structure.p * (structure.p + 3) // 2 - structure.n_free


# --- honest states --------------------------------------------------------------------------


def heywood():
    # r12 r13 / r23 = .8 * .8 / .5 > 1: the first item's common part exceeds its variance.
    S = np.array([[1.0, 0.8, 0.8], [0.8, 1.0, 0.5], [0.8, 0.5, 1.0]])
    rng = np.random.default_rng(0)
    raw = rng.normal(size=(100, 3))
    raw = np.linalg.qr(raw - raw.mean(axis=0))[0] * 10
    return pd.DataFrame(raw @ np.linalg.cholesky(S).T, columns=["u1", "u2", "u3"])


def test_a_heywood_case_is_inadmissible_and_names_the_variable():
    fit = fitted("f =~ u1 + u2 + u3", heywood())
    assert fit.state == "inadmissible"
    assert any("Negative variance: u1 (-0.28" in text for text in fit.warnings)
    assert fit.estimate("u1 ~~ u1").value == pytest.approx(1 - 0.64 / 0.5)
    assert "inadmissible" in str(fit)


def test_latent_variables_that_correlate_beyond_one_are_inadmissible():
    S = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
    S[:2, 2:] = S[2:, :2] = 0.75
    fit = fit_patterns("f =~ u1 + u2\ng =~ v1 + v2", (moments_as_patterns(np.zeros(4), S, 200),))
    assert fit.state == "inadmissible"
    assert "correlation lies beyond 1" in fit.problems[0] or "beyond 1" in fit.problems[0]


def test_a_failed_fit_has_no_numbers_and_says_so_everywhere():
    # Conditions that no point meets leave nothing to show.
    fit = fitted(APIM + "\na_w > 1\na_w < 0\nd := a_w - a_h", couples(60))
    assert fit.state == "failed"
    assert np.isnan(values_of(fit)).all()
    assert np.isnan(errors_of(fit)).all()
    assert np.isnan(fit.log_likelihood)
    assert np.isnan(fit.fit_indices.chisq)
    assert fit.fit_indices.n_couples == 60
    assert "No point was found that meets a_w" in fit.warnings[0]
    for ask in (
        lambda: fit.estimate("a_w"),
        lambda: fit.values(["a_w"]),
        lambda: fit.covariance(["a_w"]),
        fit.standardized,
        lambda: fit.r_squared,
        fit.implied,
        fit.residuals,
        fit.modification_indices,
        fit.score_tests,
        fit.factor_scores,
    ):
        with pytest.raises(FitError, match="failed fit has no estimates"):
            ask()
    assert "failed" in str(fit)
    assert "failed" in fit._repr_html_()


def test_fewer_couples_than_parameters_are_refused():
    with pytest.raises(DataError, match="8 couples for"):
        fitted(FACTORS, couples(8))


# --- how the data are written ---------------------------------------------------------------


@FEW
@given(
    st.sampled_from([APIM, MEDIATION, LOOP, FACTORS]),
    st.lists(st.floats(-1e6, 1e6), min_size=12, max_size=12),
    st.sampled_from(["listwise", "fiml"]),
)
def test_a_far_origin_changes_intercepts_alone(text, shifts, missing):
    data = couples(90, seed=1, gaps=0.05 if missing == "fiml" else 0.0)
    numbers = data.drop(columns="place")
    moved = numbers + np.array(shifts) * numbers.std().to_numpy()
    one, other = (fitted(text, d, missing=missing, fixed_x=False) for d in (numbers, moved))
    for row in one.estimates:
        if "~1" in row.name:
            continue
        there = other.estimate(row.name)
        assert there.value == pytest.approx(row.value, rel=1e-7, abs=1e-7)
        assert there.std_error == pytest.approx(row.std_error, rel=1e-7, abs=1e-9)
    assert other.fit_indices.chisq == pytest.approx(one.fit_indices.chisq, rel=1e-7, abs=1e-7)


@FEW
@given(
    st.sampled_from([APIM, MEDIATION, LOOP, MIMIC]),
    st.lists(st.floats(-4, 4), min_size=12, max_size=12),
    st.sampled_from(["listwise", "fiml"]),
)
def test_units_change_numbers_as_they_should_and_fit_not_at_all(text, powers, missing):
    data = couples(90, seed=1, gaps=0.05 if missing == "fiml" else 0.0).drop(columns="place")
    scale = dict(zip(data.columns, 10.0 ** np.array(powers), strict=True))
    one, other = (
        fitted(text, d, missing=missing, fixed_x=False) for d in (data, data * pd.Series(scale))
    )
    assert other.fit_indices.chisq == pytest.approx(one.fit_indices.chisq, rel=1e-7, abs=1e-7)
    scale["f"] = scale["u1"]
    for row in one.estimates:
        if " ~ " not in row.name or ":=" in row.name:
            continue
        outcome, predictor = row.name.split(" ~ ")
        factor = scale[outcome] / scale[predictor]
        there = other.estimate(row.name)
        assert there.value == pytest.approx(row.value * factor, rel=1e-6, abs=1e-7 * factor)
        assert there.std_error == pytest.approx(row.std_error * factor, rel=1e-7)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_the_order_of_rows_and_columns_changes_nothing(missing):
    data = couples(90, seed=1, gaps=0.05 if missing == "fiml" else 0.0)
    turned = data.sample(frac=1.0, random_state=3)[sorted(data.columns, reverse=True)]
    same(fitted(MEDIATION, data, missing=missing), fitted(MEDIATION, turned, missing=missing))


@pytest.mark.parametrize("dtype", ["float32", "Int64", "int32", "arrow", "object"])
def test_the_type_of_the_columns_changes_nothing(dtype):
    data = couples(90, seed=1, gaps=0.1 if dtype in ("Int64", "object") else 0.0)
    whole = (data.drop(columns="place") * 4).round()
    if dtype == "arrow":
        pytest.importorskip("pyarrow")
        typed = whole.astype("double[pyarrow]")
    else:
        typed = whole.astype(dtype)
    same(fitted(MEDIATION, whole, missing="fiml"), fitted(MEDIATION, typed, missing="fiml"))


def test_an_arrow_column_with_gaps_is_read():
    pytest.importorskip("pyarrow")
    data = couples(90, seed=1, gaps=0.1).drop(columns="place")
    typed = data.astype("double[pyarrow]")
    same(fitted(APIM, data, missing="fiml"), fitted(APIM, typed, missing="fiml"))


def test_a_couple_without_any_value_changes_nothing_under_full_information():
    data = couples(90, seed=1, gaps=0.1)
    empty = data.iloc[:3].copy()
    empty.loc[:, :] = np.nan
    one, other = (fitted(MEDIATION, d, missing="fiml") for d in (data, pd.concat([data, empty])))
    same(one, other, atol=1e-10)
    assert other.n_dropped == one.n_dropped + 3
    assert other.n_couples == one.n_couples


def test_a_column_that_is_not_in_the_model_may_hold_anything():
    data = couples(60)
    same(fitted(APIM, data), fitted(APIM, data.assign(word="x", empty=np.nan, flat=1.0)))


def test_names_of_columns_may_be_of_any_script():
    data = couples(60).rename(columns={"x_w": "näh.e_w", "y_h": "удовл"})
    text = APIM.replace("x_w", "näh.e_w").replace("y_h", "удовл")
    one, other = fitted(APIM, couples(60)), fitted(text, data)
    assert other.estimate("удовл ~ näh.e_w").value == pytest.approx(one.estimate("p_h").value)


@pytest.mark.parametrize("kind", ["text", "category", "number", "boolean"])
def test_a_group_column_of_any_type_makes_the_same_groups(kind):
    data = couples(120, seed=3)
    plain = fitted(APIM, data, groups="place")
    town = data["place"] == "town"
    data["part"] = {
        "text": data["place"],
        "category": data["place"].astype("category"),
        "number": np.where(town, 1.0, 2.0),
        "boolean": town,
    }[kind]
    other = fitted(APIM, data, groups="part")
    np.testing.assert_allclose(values_of(plain), values_of(other), atol=1e-9)
    names = {"number": ("1", "2"), "boolean": ("True", "False")}.get(kind, ("town", "land"))
    assert other.groups == names


def test_two_groups_without_equalities_are_two_fits():
    data = couples(150, seed=3)
    parts = {
        name: fitted(MEDIATION, data[data["place"] == name]) for name in data["place"].unique()
    }
    free = "m_w ~ x_w + x_h\nm_h ~ x_h + x_w\ny_w ~ m_w + m_h\ny_h ~ m_h + m_w\nm_w ~~ m_h"
    both = fitted(free, data, groups="place")
    assert both.fit_indices.chisq == pytest.approx(
        sum(part.fit_indices.chisq for part in parts.values()), abs=1e-7
    )
    assert both.fit_indices.df == 8
    for name, part in parts.items():
        for path in ("m_w ~ x_h", "y_h ~~ y_h", "y_w ~1"):
            one, other = both.estimate(f"{path} [{name}]"), part.estimate(path)
            assert one.value == pytest.approx(other.value, abs=1e-8)
            assert one.std_error == pytest.approx(other.std_error, rel=1e-7)
