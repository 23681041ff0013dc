"""Replicates fitted in one batch are the fits of each resampled data set, one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from path_data import APIM, FACTORS, LOOP, MEDIATION, MIMIC, couples, fitted
from scipy.stats import norm

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.batch import (
    batch_chisq,
    batch_gradient,
    batch_implied,
    fit_batch,
)
from intimacy_analysis.paths.bootstrap import (
    bootstrap_intervals,
    couple_bootstrap,
    fit_stacks,
    interval_of_draws,
    resampling_counts,
    stack_moments,
    weighted_estimates,
)
from intimacy_analysis.paths.closed_form import least_squares_stack
from intimacy_analysis.paths.implied import imply
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import collect_patterns

SPARSE = MEDIATION.replace(" + b4*m_w", "").replace("other := a2*b4", "other := a3*b3")
EQUAL = APIM.replace("a_w", "a").replace("a_h", "a")
CASES = {
    "observed paths": (APIM, {}),
    "random predictors": (SPARSE, {"fixed_x": False}),
    "fixed predictors": (SPARSE, {"fixed_x": True}),
    "a loop": (LOOP, {"fixed_x": False}),
    "latent variables": (FACTORS, {}),
    "predictors of a latent variable": (MIMIC, {}),
    "full information": (SPARSE, {"missing": "fiml"}),
    "full information, fixed predictors": (APIM, {"missing": "fiml", "fixed_x": True}),
    "equal labels": (EQUAL, {}),
    "a linear equality": (APIM + "\na_w == 2*p_w", {}),
    "a nonlinear equality": (APIM + "\na_w*p_h == a_h*p_w", {}),
    "an inequality": (APIM + "\na_w < 0.3", {}),
    "two groups": ("y_w ~ c(a, b)*x_w + x_h\ny_h ~ x_w + x_h\nd := a - b", {"groups": "place"}),
    "two groups, equal loadings": (
        FACTORS.replace("b*", ""),
        {"groups": "place", "group_equal": ("loadings", "intercepts")},
    ),
}


@pytest.mark.parametrize(("text", "options"), CASES.values(), ids=CASES.keys())
def test_each_replicate_is_the_fit_of_its_own_resampled_couples(text, options):
    gaps = 0.08 if options.get("missing") == "fiml" else 0.0
    data = couples(130, seed=12, gaps=gaps)
    result = fitted(text, data, **options)
    fit = result.parts.fit
    rng = np.random.default_rng(0)
    counts = tuple(resampling_counts(rng, 20, round(p.n)) for p in fit.likelihood.patterns)
    draws = weighted_estimates(fit, result.spec, counts)
    assert draws.n_failed == 0
    for at in range(20):
        rows = np.concatenate(
            [
                np.repeat(positions, weight[at].astype(int))
                for positions, weight in zip(result.parts.observed.positions, counts, strict=True)
            ]
        )
        alone = fitted(text, data.iloc[rows].reset_index(drop=True), **options)
        for name in draws.table.columns:
            assert draws.table.loc[at, name] == pytest.approx(
                alone.estimate(name).value, abs=1e-6
            ), (at, name)


def test_counts_are_draws_with_replacement():
    counts = resampling_counts(np.random.default_rng(0), 400, 10)
    assert counts.shape == (400, 10)
    assert (counts.sum(axis=1) == 10).all()
    # Each couple is drawn Binomial(10, 1/10): mean 1, variance .9.
    assert counts.mean() == 1
    assert counts.var() == pytest.approx(0.9, abs=0.06)


@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_moments_of_weighted_rows_are_those_of_the_repeated_rows(gaps):
    rows = couples(30, gaps=gaps)[["x_w", "y_w", "m_w"]].to_numpy()
    rows = rows[~np.isnan(rows).all(axis=1)]
    patterns = collect_patterns(rows)
    counts = resampling_counts(np.random.default_rng(1), 3, len(rows))
    stack = stack_moments(patterns, counts)
    for at in range(3):
        repeated = np.repeat(np.arange(len(rows)), counts[at].astype(int))
        for index, seen in enumerate(patterns.observed):
            block = rows[repeated[patterns.pattern_of_row[repeated] == index]][:, seen]
            assert stack.counts[at, index] == len(block)
            if len(block):
                np.testing.assert_allclose(stack.means[at, index, seen], block.mean(axis=0))
                here = stack.seconds[at, index][np.ix_(seen, seen)]
                there = np.cov(block.T, ddof=0).reshape(here.shape)
                np.testing.assert_allclose(here, there, atol=1e-12)


@pytest.mark.parametrize("text", [SPARSE, LOOP, FACTORS])
@pytest.mark.parametrize("gaps", [0.0, 0.1])
def test_gradients_of_a_batch_are_those_of_one_likelihood_each(text, gaps):
    result = fitted(text, couples(60, gaps=gaps), missing="fiml", fixed_x=False)
    fit = result.parts.fit
    (patterns,), (structure,) = fit.likelihood.patterns, fit.likelihood.structures
    counts = np.ones((3, len(patterns.rows)))
    stack = stack_moments(patterns, counts)
    rng = np.random.default_rng(0)
    theta = fit.solution.theta + 0.02 * rng.normal(size=(3, fit.table.n_free))
    ours = batch_gradient((structure,), (stack,), theta)
    total, covariance, means = batch_implied(structure, theta)
    for at in range(3):
        np.testing.assert_allclose(
            ours[at], fit.likelihood.gradient(theta[at]), rtol=1e-7, atol=1e-7
        )
        implied = imply(structure, theta[at])
        np.testing.assert_allclose(total[at], implied.total, atol=1e-10)
        np.testing.assert_allclose(covariance[at], implied.all_covariance, atol=1e-10)
        np.testing.assert_allclose(means[at], implied.all_means, atol=1e-10)


def test_a_replicate_without_a_covariance_matrix_is_told_apart_from_the_others():
    fit = fitted(FACTORS, couples(80)).parts.fit
    stack = stack_moments(fit.likelihood.patterns[0], np.ones((2, 80)))
    theta = np.vstack([fit.solution.theta, fit.solution.theta])
    (structure,) = fit.likelihood.structures
    theta[1, structure.parameter[len(structure.a_to)]] = -50.0
    gradient = batch_gradient((structure,), (stack,), theta)
    assert np.isfinite(gradient[0]).all()
    assert not np.isfinite(gradient[1]).all()
    information = fit.likelihood.evaluate(fit.solution.theta).hessian
    found = fit_batch((structure,), (stack,), theta, information, np.eye(len(information)))
    assert found.arrived.tolist() == [True, False]


def test_the_chi_squares_of_a_batch_are_those_of_single_fits():
    data = couples(90)
    result = fitted(FACTORS, data)
    fit = result.parts.fit
    counts = resampling_counts(np.random.default_rng(3), 5, 90)
    stack = stack_moments(fit.likelihood.patterns[0], counts)
    structures, theta = fit_stacks(fit, (stack,))
    ours = batch_chisq(structures, (stack,), theta)
    for at in range(5):
        rows = np.repeat(np.arange(90), counts[at].astype(int))
        alone = fitted(FACTORS, data.iloc[rows].reset_index(drop=True))
        assert ours[at] == pytest.approx(alone.fit_indices.chisq, abs=1e-6)


def test_least_squares_serves_equations_among_observed_variables_alone():
    def stack_of(result):
        patterns = result.parts.fit.likelihood.patterns
        return tuple(stack_moments(p, np.ones((2, round(p.n)))) for p in patterns)

    data = couples(90)
    result = fitted(SPARSE, data)
    theta = least_squares_stack(result.parts.fit, stack_of(result))
    # SPARSE leaves one arrow out and its outcomes' errors covary: not the maximum, only close.
    assert theta.shape == (2, result.parts.fit.table.n_free)
    full = fitted(APIM, data)
    theta = least_squares_stack(full.parts.fit, stack_of(full))
    np.testing.assert_allclose(theta[0], full.parts.fit.solution.theta, atol=1e-8)
    for text, options in (
        (FACTORS, {}),
        (EQUAL, {}),
        (APIM + "\na_w == a_h", {}),
        (APIM.replace("p_w", "0.2"), {}),
    ):
        other = fitted(text, data, **options)
        assert least_squares_stack(other.parts.fit, stack_of(other)) is None
    gaps = fitted(APIM, couples(90, gaps=0.1), missing="fiml")
    assert least_squares_stack(gaps.parts.fit, stack_of(gaps)) is None


# --- intervals ------------------------------------------------------------------------------


def boot(text=MEDIATION, n=120, **options):
    options = {"standard_errors": "bootstrap", "bootstrap": 400, "seed": 5, **options}
    return fitted(text, couples(n, seed=2, heavy=True), **options)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    one, again, other = boot(), boot(), boot(seed=6)
    assert one.bootstrap_draws.equals(again.bootstrap_draws)
    assert not one.bootstrap_draws.equals(other.bootstrap_draws)
    assert str(one.estimates) == str(again.estimates)


def test_without_a_seed_one_is_drawn_and_told():
    result = boot(seed=None, bootstrap=100)
    (note,) = [note for note in result.estimates.notes if "seed" in note]
    seed = int(note.rsplit(" ", 1)[1].rstrip("."))
    assert boot(seed=seed, bootstrap=100).bootstrap_draws.equals(result.bootstrap_draws)


def test_percentile_intervals_errors_and_p_are_those_of_the_draws():
    result = boot(confidence=0.9)
    row = result.estimate("one")
    draws = result.bootstrap_draws["one := a1*b1"]
    assert len(draws) == 400
    np.testing.assert_allclose(
        draws, result.bootstrap_draws["m_w ~ x_w"] * result.bootstrap_draws["y_w ~ m_w"]
    )
    assert (row.low, row.high) == pytest.approx(tuple(np.quantile(draws, [0.05, 0.95])))
    assert row.std_error == pytest.approx(draws.std())
    share = min((draws <= 0).sum() + 1, (draws >= 0).sum() + 1) / 401
    assert row.p_value == pytest.approx(2 * share)
    assert row.value == pytest.approx(
        fitted(MEDIATION, couples(120, seed=2, heavy=True)).estimate("one").value
    )


def test_bca_intervals_by_a_direct_implementation():
    data = couples(60, seed=2, heavy=True)
    options = {"standard_errors": "bootstrap", "bootstrap": 400, "seed": 5}
    result = fitted(MEDIATION, data, intervals="bca", **options)
    row, draws = result.estimate("one"), result.bootstrap_draws["one := a1*b1"].to_numpy()
    left_out = np.array(
        [fitted(MEDIATION, data.drop(index=at)).estimate("one").value for at in data.index]
    )
    z0 = norm.ppf(np.mean(draws < row.value))
    off = left_out.mean() - left_out
    a = np.sum(off**3) / (6 * np.sum(off**2) ** 1.5)
    limits = []
    for tail in (0.025, 0.975):
        z = norm.ppf(tail)
        limits.append(np.quantile(draws, norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))))
    assert (row.low, row.high) == pytest.approx(tuple(limits), abs=1e-6)
    plain = fitted(MEDIATION, data, **options).estimate("one")
    assert (row.low, row.high) != (plain.low, plain.high)
    assert "BCa" in result.estimates.interval_method


def test_bca_without_skew_or_bias_is_the_percentile_interval():
    values = np.concatenate([-np.arange(1, 501.0), np.arange(1, 501.0)])
    even = np.array([-1.0, 1.0])
    assert interval_of_draws(values, 0.0, even, 0.9) == pytest.approx(
        interval_of_draws(values, 0.0, None, 0.9)
    )


def test_bca_works_in_two_groups():
    result = boot(CASES["two groups"][0], groups="place", intervals="bca", bootstrap=200)
    row = result.estimate("d")
    assert row.low < row.value < row.high


def test_replicates_without_a_maximum_are_counted_and_left_out():
    result = boot(bootstrap=100)
    fit = result.parts.fit
    n = round(fit.n)
    counts = resampling_counts(np.random.default_rng(0), 10, n)
    # Everything on one couple: no variance, nothing to fit.
    counts[3] = 0
    counts[3, 0] = n
    draws = weighted_estimates(fit, result.spec, (counts,))
    assert draws.n_failed == 1
    assert len(draws.table) == 9
    table, notes = bootstrap_intervals(result, draws, kind="percentile", confidence=0.95)
    assert "1 of 10 bootstrap replicates have no maximum" in notes[0]
    assert table["one := a1*b1"].std_error == pytest.approx(draws.table["one := a1*b1"].std())


def test_replicates_with_a_negative_variance_are_counted_and_kept():
    text = "f =~ u1 + u2 + u3"
    # A weak third item: the first two loadings are hardly told from their errors.
    data = couples(60, seed=1)
    data["u3"] = 0.25 * data["u3"] + np.random.default_rng(0).normal(size=60)
    result = fitted(text, data, standard_errors="bootstrap", bootstrap=300, seed=1)
    draws = result.bootstrap_draws
    variances = [name for name in draws if name in ("u1 ~~ u1", "u2 ~~ u2", "u3 ~~ u3", "f ~~ f")]
    negative = int((draws[variances] < 0).any(axis=1).sum())
    assert negative > 0
    assert any(
        f"{negative} of {len(draws)} bootstrap replicates have a negative" in w
        for w in result.warnings
    )


def test_a_predictor_that_a_replicate_never_varies_in_costs_that_replicate_alone():
    data = couples(60)
    data["rare"] = (np.arange(60) < 2).astype(float)
    result = fitted("y_w ~ x_w + rare\ny_h ~ x_w + rare", data)
    counts = resampling_counts(np.random.default_rng(0), 10, 60)
    counts[4, :2] = 0
    counts[5, :2] = 1
    draws = weighted_estimates(result.parts.fit, result.spec, (counts,))
    never = (counts[:, :2].sum(axis=1) == 0).sum()
    assert never >= 1
    assert draws.n_failed == never
    assert np.isfinite(draws.table.to_numpy()).all()


def test_a_bootstrap_that_mostly_fails_is_refused():
    result = boot(bootstrap=100)
    n = round(result.parts.fit.n)
    counts = np.zeros((4, n))
    counts[:, 0] = n
    with pytest.raises(FitError, match="4 of 4 have none"):
        weighted_estimates(result.parts.fit, result.spec, (counts,))


@pytest.mark.parametrize("replicates", [99, 0, 2.5, True])
def test_too_few_replicates_are_refused(replicates):
    with pytest.raises(SpecError, match="100 or more"):
        boot(bootstrap=replicates)


def test_fixed_numbers_stay_without_an_error():
    result = boot(FACTORS, bootstrap=100)
    row = result.estimate("f =~ u1")
    assert (row.value, row.std_error) == (1, 0)


def test_couples_are_drawn_within_groups():
    result = fitted(CASES["two groups"][0], couples(90), groups="place")
    draws = couple_bootstrap(result.parts.fit, result.spec, replicates=100, seed=0)
    assert len(draws.table) == 100
    assert "y_w ~ x_w [town]" in draws.table
    np.testing.assert_allclose(
        draws.table["d := a-b"], draws.table["y_w ~ x_w [town]"] - draws.table["y_w ~ x_w [land]"]
    )


def test_weights_of_one_give_the_estimates_back():
    result = fitted(FACTORS, couples(90))
    fit = result.parts.fit
    draws = weighted_estimates(fit, result.spec, (np.ones((2, 90)),))
    for name in draws.table:
        assert draws.table.loc[0, name] == pytest.approx(result.estimate(name).value, abs=1e-7)
    likelihood = Likelihood(
        structures=fit.likelihood.structures,
        patterns=(replace(fit.likelihood.patterns[0]),),
    )
    assert likelihood.value(fit.solution.theta) == pytest.approx(fit.solution.optimum.value)
