"""CR2 against its definition on whole matrices: eq. 21-23 of docs/maths/mixed_model.md."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.formula.api as smf
from dense_oracle import residual_correlation
from diaries import simulated_diary
from scipy import linalg

from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.robust import cluster_robust
from intimacy_analysis.mixed.spec import MixedModelSpec

DIARY = simulated_diary(
    seed=4, n_persons=12, n_days=9, sd_slope=0.8, autocorrelation=0.5, share_missing=0.35
)


def fitted(random="1 + x", residuals="independent", fixed="y ~ x * w", diary=DIARY):
    spec = MixedModelSpec(
        fixed=fixed, random=random, group="person", residuals=residuals, time="day"
    )
    return fit_mixed_model(spec, diary, standard_errors="cr2")


def pseudo_inverse_root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    roots = np.array([v**-0.5 if v > 1e-9 * values[-1] else 0.0 for v in values])
    return vectors @ np.diag(roots) @ vectors.T


def by_definition(result, contrast: np.ndarray, diary=DIARY) -> tuple[float, float]:
    """Variance and df of c'b: a sum of squares of linear forms of y, two moments matched."""
    lines, V = linear_forms(result, contrast, diary), marginal_covariance(result, diary)
    P = lines @ V @ lines.T
    variance = float(np.sum((lines @ result.fit.prepared.design.y) ** 2))
    return variance, float(np.trace(P) ** 2 / np.trace(P @ P))


def rows_of_groups(result) -> list[np.ndarray]:
    design = result.fit.prepared.design
    return [
        np.arange(first, first + size)
        for first, size in zip(design.starts, design.sizes, strict=True)
    ]


def marginal_covariance(result, diary=DIARY) -> np.ndarray:
    """V of all rows, shape (n, n)."""
    design = result.fit.prepared.design
    G, s2 = result.fit.random_covariance, result.fit.residual_variance
    table = result.covariance_parameters
    rho = table["autocorrelation"].value if "autocorrelation" in table else None
    V = np.zeros((design.n_rows, design.n_rows))
    for rows in rows_of_groups(result):
        time = diary["day"].to_numpy(float)[design.rows[rows]]
        R = residual_correlation(time, len(rows), rho)
        V[np.ix_(rows, rows)] = design.Z[rows] @ G @ design.Z[rows].T + s2 * R
    return V


def linear_forms(result, contrast: np.ndarray, diary=DIARY) -> np.ndarray:
    """Return what each group adds to c'b's error as a linear form of y, shape (groups, n)."""
    X, n = result.fit.prepared.design.X, result.n_rows
    V = marginal_covariance(result, diary)
    W = np.linalg.inv(V)
    phi = np.linalg.inv(X.T @ W @ X)
    left = np.eye(n) - X @ phi @ X.T @ W
    # The residuals' covariance where V is right.
    of_residuals = left @ V @ left.T
    lines = []
    for rows in rows_of_groups(result):
        D = linalg.cholesky(V[np.ix_(rows, rows)])
        A = D.T @ pseudo_inverse_root(D @ of_residuals[np.ix_(rows, rows)] @ D.T) @ D
        g = A.T @ W[np.ix_(rows, rows)] @ X[rows] @ phi @ contrast
        lines.append(g @ left[rows])
    return np.array(lines)


@pytest.mark.parametrize(
    ("random", "residuals"),
    [
        ("0", "independent"),
        ("1", "independent"),
        ("1 + x", "independent"),
        (("1", "0 + x"), "independent"),
        ("1 + x", "ar1"),
        ("0", "ar1"),
        ("1", "car1"),
    ],
)
def test_variances_and_df_are_those_of_the_definition(random, residuals):
    result = fitted(random, residuals)
    contrasts = np.vstack([np.eye(4), [0, 1, 0, 1]])
    variances, df = cluster_robust(result.fit, contrasts)
    for k, contrast in enumerate(contrasts):
        expected, expected_df = by_definition(result, contrast)
        assert variances[k] == pytest.approx(expected, rel=1e-7)
        assert df[k] == pytest.approx(expected_df, rel=1e-7)


def test_a_coefficient_that_one_group_alone_identifies_uses_the_pseudo_inverse():
    diary = DIARY.assign(only=(DIARY["person"] == 0) * 1.0)
    result = fitted("1", fixed="y ~ x + only", diary=diary)
    contrasts = np.eye(3)[:2]
    variances, df = cluster_robust(result.fit, contrasts)
    for k in range(2):
        expected, expected_df = by_definition(result, contrasts[k], diary)
        assert variances[k] == pytest.approx(expected, rel=1e-6)
        assert df[k] == pytest.approx(expected_df, rel=1e-6)


def test_the_variance_is_unbiased_where_the_working_model_is_right():
    # CR2's defining property, over outcomes drawn from the fit with its variances held.
    result = fitted()
    contrast = np.array([0.0, 1.0, 0.0, 0.0])
    drawn = result.simulate(times=4000, seed=1)
    weights = linear_forms(result, contrast)
    seen = np.sum((drawn @ weights.T) ** 2, axis=1)
    expected = contrast @ result.fit.b_covariance @ contrast
    noise = seen.std() / np.sqrt(len(seen))
    assert abs(seen.mean() - expected) < 4 * noise
    assert noise < 0.02 * expected


def test_the_table_carries_the_robust_errors_and_their_df():
    result = fitted()
    variances, df = cluster_robust(result.fit, np.eye(4))
    frame = result.estimates.to_frame()
    np.testing.assert_allclose(frame["std_error"], np.sqrt(variances))
    np.testing.assert_allclose(frame["df"], df)
    assert "CR2" in result.estimates.df_method


def test_groups_of_one_row_with_least_squares_give_the_hc2_of_statsmodels():
    diary = DIARY.assign(person=np.arange(len(DIARY)))
    result = fitted("0", fixed="y ~ x + w", diary=diary)
    theirs = smf.ols("y ~ x + w", diary).fit(cov_type="HC2").bse
    np.testing.assert_allclose(result.estimates.to_frame()["std_error"], theirs, rtol=1e-8)


def test_units_do_not_matter():
    base = fitted().estimates.to_frame()
    moved = fitted(
        diary=DIARY.assign(x=DIARY["x"] * 60, y=5 + DIARY["y"] / 10)
    ).estimates.to_frame()
    np.testing.assert_allclose(moved["df"], base["df"], rtol=1e-5)
    expected = base["std_error"] / 10
    np.testing.assert_allclose(moved.loc["x", "std_error"], expected["x"] / 60, rtol=1e-5)
