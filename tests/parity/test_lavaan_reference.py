"""Every lavaan result of the reference folder, held against the path engine."""

from __future__ import annotations

import math

import pytest

from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.monte_carlo import monte_carlo_intervals
from tests.parity import lavaan_models as texts
from tests.parity.lavaan_agreement import INDICES, comparisons
from tests.parity.lavaan_bridge import find_lavaan
from tests.parity.lavaan_cases import (
    CASES,
    DIFFERENCES,
    FILES,
    REFERENCE,
    entries,
    fitted,
    frame_of,
    reference_file,
    reference_of,
)
from tests.parity.polish_lavaan import ask_for_polished, key_of, polished

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference data of ../shared/reference are not here"
)

# What lavaan's polished answers are held to: an order of magnitude tighter than its first ones.
POLISHED = 1e-6
INADMISSIBLE = {
    "acitelli.common_fate_dist",
    "acitelli.common_fate_indist",
    "acitelli.common_fate_tension_indist",
}
FITS_WITH_LIKELIHOODS = sorted(name for name, case in CASES.items() if case.kind != "one_factor")


def test_no_lavaan_result_of_the_reference_files_is_left_out_of_the_grid() -> None:
    found = {entry for file in FILES for entry in entries(file)}
    assert found == set(CASES) | set(DIFFERENCES)
    assert len(found) == 174


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_fit_agrees_with_lavaan(name: str) -> None:
    apart = []
    for one in comparisons(CASES[name]):
        if one.agrees:
            continue
        better = polished().get(name, {}).get(key_of(one))
        if better is None or not abs(one.ours - better) <= POLISHED:
            apart.append(str(one))
    assert not apart, "\n".join(apart)


@pytest.mark.parametrize("name", FITS_WITH_LIKELIHOODS)
def test_no_likelihood_lies_below_lavaans(name: str) -> None:
    theirs = reference_of(CASES[name])
    lavaans = theirs.get("fit", theirs)["logl"]
    assert fitted(name).log_likelihood >= lavaans - 1e-9


@pytest.mark.parametrize("name", sorted(CASES))
def test_exactly_the_impossible_solutions_are_marked_inadmissible(name: str) -> None:
    assert fitted(name).state == ("inadmissible" if name in INADMISSIBLE else "ok")


@pytest.mark.parametrize("name", sorted(DIFFERENCES))
def test_a_difference_test_agrees_with_lavaan(name: str) -> None:
    case = DIFFERENCES[name]
    theirs = reference_of(case)
    ours = compare_path_models(fitted(case.smaller), fitted(case.larger))
    assert ours.chisq_difference == pytest.approx(theirs["chisq_diff"], rel=0, abs=INDICES)
    assert ours.df_difference == theirs["df_diff"]
    assert ours.p_value == pytest.approx(theirs["p"], rel=0, abs=INDICES)
    assert ours.scaled == ("Scaled" in theirs["heading"])


def test_the_polished_file_holds_only_numbers_that_lavaan_first_missed() -> None:
    for name, numbers in polished().items():
        apart = {key_of(one): one for one in comparisons(CASES[name]) if not one.agrees}
        assert set(numbers) <= set(apart)
        # And the polished number is nearer to ours than the first one was.
        assert all(abs(one.ours - numbers[key]) < one.distance for key, one in apart.items())


@pytest.mark.slow
@pytest.mark.skipif(find_lavaan() is None, reason="Rscript with lavaan was not found")
@pytest.mark.parametrize("name", sorted(polished()))
def test_lavaan_polishes_its_answers_as_the_file_says(name: str) -> None:
    anew = ask_for_polished([CASES[name]])["fits"][name]
    for key, value in polished()[name].items():
        assert anew[key] == pytest.approx(value, rel=1e-7, abs=1e-7)


def test_the_ratio_of_partner_to_actor_effect_has_lavaans_standard_error() -> None:
    theirs = reference_file("acitelli")["models"]["k_ci_indist"]
    ours = fitted("acitelli.sem_apim_indist_ml").estimate("k")
    assert ours.value == pytest.approx(theirs["k"], rel=0, abs=1e-6)
    assert ours.std_error == pytest.approx(theirs["delta_se"], rel=1e-4)


def test_fiellers_limits_follow_from_our_covariance_of_the_two_effects() -> None:
    theirs = reference_file("acitelli")["models"]["k_ci_indist"]["fieller95"]
    result = fitted("acitelli.sem_apim_indist_ml")
    (a, p), covariance = result.values(("a", "p")), result.covariance(("a", "p"))
    z2 = 1.959963984540054**2
    two = a**2 - z2 * covariance[0, 0]
    one = -2 * (a * p - z2 * covariance[0, 1])
    none = p**2 - z2 * covariance[1, 1]
    root = math.sqrt(one**2 - 4 * two * none)
    assert [(-one - root) / (2 * two), (-one + root) / (2 * two)] == pytest.approx(theirs, abs=1e-5)


def test_monte_carlo_intervals_of_indirect_effects_agree_with_the_draws_in_r() -> None:
    theirs = reference_file("acitelli")["models"]["apimem_mc_ci"]
    table = monte_carlo_intervals(fitted("acitelli.apimem_dist_ml"), n_draws=200_000, seed=4)
    for row in table:
        low, high = theirs[row.name.split(" := ")[0]]
        # Two times 200,000 draws: the ends are known to about .001.
        assert (row.low, row.high) == pytest.approx((low, high), abs=0.003)


def test_couple_bootstrap_of_indirect_effects_agrees_with_the_replicates_in_r() -> None:
    theirs = reference_file("acitelli")["models"]["apimem_boot1000_percentile"]
    result = fit_path_model(
        texts.MEDIATION,
        frame_of("acitelli_wide"),
        standard_errors="bootstrap",
        bootstrap=20_000,
        seed=3,
        fixed_x=False,
    )
    draws = result.bootstrap_draws
    assert draws is not None
    for name, interval in theirs.items():
        row = result.estimate(name)
        assert row.value == pytest.approx(interval["est"], abs=1e-5)
        # Of R's 1,000 replicates 25 lie beyond an end, give or take 5 (one standard deviation).
        below = (draws[row.name] < interval["lo"]).mean(), (draws[row.name] < interval["hi"]).mean()
        assert below == pytest.approx((0.025, 0.975), abs=0.018)
