"""The project's own parity set of path models: synthetic couples, kept answers of lavaan."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from intimacy_analysis.paths.fitting import fit_path_model
from tests.parity.couples import FRAMES, PARALLEL, couples, couples_with_gaps, simulate
from tests.parity.couples_jobs import JOBS, Job, data_digest, fitted, frozen
from tests.parity.lavaan_agreement import Comparison, compare_fit
from tests.parity.lavaan_bridge import ask_lavaan, find_lavaan

TIGHT = 1e-6
ROBUST = ("cfi.robust", "tli.robust", "rmsea.robust")
WISHART = ("logl", "unrestricted.logl", "aic", "bic", "bic2")

# Numbers of lavaan that are not ours; each has a test below that shows who is right.
LAVAANS_OWN = {
    "parallel_wishart": WISHART,
    "parallel_wishart_observed": WISHART,
    "latent_wishart": WISHART,
    "parallel_fiml_expected": ROBUST,
    "parallel_fiml_fixed_x": ROBUST,
    "latent_fiml": ROBUST,
    "latent_mlr_fiml": ROBUST,
}
COMPARED = sorted(set(JOBS) - {"groups_wishart"})
needs_r = pytest.mark.skipif(find_lavaan() is None, reason="Rscript with lavaan was not found")


def kept(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = frozen()["fits"][name]
    return answer


def groups_of(job: Job) -> tuple[str, ...]:
    return tuple(str(g) for g in FRAMES[job.data]()[job.group].unique()) if job.group else ()


def comparisons_of(name: str, theirs: dict[str, Any]) -> list[Comparison]:
    job = JOBS[name]
    # A predictor that the text itself lets covary is none for lavaan's std.nox.
    named = "talk_wife ~~" in job.text
    return [
        one
        for one in compare_fit(theirs, fitted(name), groups_of(job))
        if one.quantity not in LAVAANS_OWN.get(name, ())
        and not (named and one.quantity.startswith("std.nox"))
    ]


def matrix(kept_matrix: dict[str, Any]) -> pd.DataFrame:
    rows = kept_matrix["rows"]
    return pd.DataFrame(kept_matrix["values"], index=rows, columns=kept_matrix["cols"], dtype=float)


def with_extra(extra: str) -> list[str]:
    return sorted(name for name, job in JOBS.items() if extra in job.extras)


def arrow_of(row: dict[str, Any]) -> tuple[str, ...]:
    ends = (row["lhs"], row["rhs"])
    return (row["op"], *(sorted(ends) if row["op"] == "~~" else ends))


def test_the_couples_come_from_their_seed_and_a_tenth_of_the_cells_is_gone() -> None:
    pd.testing.assert_frame_equal(simulate(), couples(), rtol=0, atol=1e-9)
    assert couples_with_gaps().iloc[:, 1:].isna().to_numpy().mean() == pytest.approx(0.1, abs=0.01)


def test_the_kept_answers_are_to_these_data_and_these_texts() -> None:
    assert frozen()["data"]["sha256"] == data_digest()
    digests = {name: hashlib.sha256(job.text.encode()).hexdigest() for name, job in JOBS.items()}
    assert frozen()["texts"] == digests
    assert all(fit["converged"] and fit["last_step"] < 1e-10 for fit in frozen()["fits"].values())


@pytest.mark.parametrize("name", COMPARED)
def test_every_number_of_a_fit_agrees_with_lavaan(name: str) -> None:
    apart = [str(one) for one in comparisons_of(name, kept(name)) if not one.agrees]
    assert not apart, "\n".join(apart)


@pytest.mark.parametrize("name", COMPARED)
def test_estimates_agree_far_beyond_the_tolerances(name: str) -> None:
    found = comparisons_of(name, kept(name))
    assert max(one.distance for one in found if one.kind == "estimates") < 1e-9
    assert max(one.distance for one in found if one.kind == "standard errors") < 1e-7


@pytest.mark.parametrize("name", [n for n in with_extra("standardized") if not JOBS[n].group])
def test_standardized_estimates_have_lavaans_standard_errors(name: str) -> None:
    result = fitted(name)
    table = result.standardized("all")
    for row in kept(name)["standardized"]:
        arrow = f"{row['lhs']} {row['op']} {row['rhs']}".rstrip()
        ours = table[result.row_name(row["lhs"] if row["op"] == ":=" else arrow)]
        assert ours.value == pytest.approx(row["est.std"], abs=TIGHT)
        if row["se"] > 1e-9:
            assert ours.std_error == pytest.approx(row["se"], rel=1e-6)
        else:
            assert not ours.std_error > 1e-9


@pytest.mark.parametrize("name", with_extra("r2"))
def test_explained_shares_agree_with_lavaan(name: str) -> None:
    assert fitted(name).r_squared == pytest.approx(kept(name)["r2"], abs=TIGHT)


@pytest.mark.parametrize("name", with_extra("modification"))
def test_modification_indices_agree_with_lavaan(name: str) -> None:
    ours = {arrow_of(row): row for row in fitted(name).modification_indices().to_dict("records")}
    # Arrows into a predictor that is taken as given are no candidates of ours.
    given = {"talk_wife", "talk_husband"} if JOBS[name].fixed_x else set()
    for row in kept(name)["modification"]:
        touches = {row["lhs"], *([row["rhs"]] if row["op"] == "~~" else [])} & given
        if touches:
            assert arrow_of(row) not in ours
            continue
        assert ours[arrow_of(row)]["index"] == pytest.approx(row["mi"], abs=TIGHT)
        assert ours[arrow_of(row)]["expected_change"] == pytest.approx(row["epc"], abs=TIGHT)


@pytest.mark.parametrize("name", sorted(name for name, job in JOBS.items() if job.added))
def test_indices_beyond_lavaans_own_list_agree_with_its_score_test(name: str) -> None:
    ours = {arrow_of(row): row for row in fitted(name).modification_indices().to_dict("records")}
    for arrow, theirs in zip(JOBS[name].added, kept(name)["added"], strict=True):
        lhs, op, rhs = arrow.split()
        index = ours[arrow_of({"lhs": lhs, "op": op, "rhs": rhs})]["index"]
        assert index == pytest.approx(theirs, abs=TIGHT)


@pytest.mark.parametrize("name", with_extra("residuals"))
def test_residuals_agree_with_lavaan(name: str) -> None:
    result = fitted(name)
    correlations = result.residuals("correlation")
    theirs = matrix(kept(name)["bollen"]).loc[correlations.index, correlations.columns]
    pd.testing.assert_frame_equal(correlations, theirs, rtol=0, atol=TIGHT)
    ours = result.residuals("standardized")
    theirs = matrix(kept(name)["residuals"]).loc[ours.index, ours.columns]
    raw = result.residuals("raw").abs().to_numpy()
    # Where the model reproduces a moment exactly there is no z; lavaan prints about 0.
    assert np.all(np.isfinite(ours.to_numpy()) == (raw > 1e-8))
    assert np.allclose(ours.to_numpy()[raw > 1e-8], theirs.to_numpy()[raw > 1e-8], atol=1e-5)


@pytest.mark.parametrize("name", with_extra("scores"))
@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_factor_scores_agree_with_lavaan(name: str, method: Any) -> None:
    ours = fitted(name).factor_scores(method).head(20)
    theirs = matrix(kept(name)[method])[list(ours.columns)].to_numpy()
    scored = np.isfinite(ours.to_numpy())
    # Only a couple without a single item of a factor may go without a score.
    assert scored.mean() > 0.9 if JOBS[name].fiml and method == "bartlett" else scored.all()
    assert np.allclose(ours.to_numpy()[scored], theirs[scored], rtol=0, atol=TIGHT)


@pytest.mark.parametrize("name", with_extra("score_tests"))
def test_score_tests_of_equalities_agree_with_lavaan(name: str) -> None:
    # Of two equal parameters each row of ours frees one: the same test twice.
    ours = sorted(fitted(name).score_tests()["index"])[::2]
    assert ours == pytest.approx(sorted(kept(name)["score_tests"]), abs=TIGHT)


@pytest.mark.parametrize("name", sorted(n for n, held in LAVAANS_OWN.items() if held is WISHART))
def test_the_wishart_likelihood_is_that_of_the_rows_and_lavaans_is_off_by_half_p(name: str) -> None:
    result = fitted(name)
    implied = result.implied()
    mean = couples()[list(implied.columns)].mean()
    rows = couples()[list(implied.columns)]
    plain = multivariate_normal(mean, implied).logpdf(rows).sum()
    assert result.log_likelihood == pytest.approx(plain, abs=1e-7)
    off = result.log_likelihood - kept(name)["fit"]["logl"]
    assert off == pytest.approx(len(implied) / 2, abs=1e-6)


def test_in_two_groups_lavaans_wishart_answer_misses_its_own_minimum() -> None:
    # Its search weighs groups by n, its chi-square by n - 1.
    ours, theirs = fitted("groups_wishart").fit_indices, kept("groups_wishart")["fit"]
    assert ours.df == theirs["df"]
    assert ours.chisq < theirs["chisq"] - 1e-6


@pytest.mark.parametrize("name", ["latent_fiml", "latent_mlr_fiml"])
def test_a_line_that_changes_nothing_changes_lavaans_robust_indices_but_not_ours(name: str) -> None:
    ours, theirs = fitted(name).fit_indices, kept(name)["fit"]
    named, theirs_named = fitted(f"{name}_named").fit_indices, kept(f"{name}_named")["fit"]
    assert theirs["chisq"] == pytest.approx(theirs_named["chisq"], abs=1e-7)
    assert theirs["npar"] == theirs_named["npar"]
    assert abs(theirs["rmsea.robust"] - theirs_named["rmsea.robust"]) > 1e-4
    assert ours.rmsea_robust == pytest.approx(named.rmsea_robust, abs=1e-9)


def test_indices_corrected_for_gaps_are_the_same_for_given_and_for_random_predictors() -> None:
    # Of couples with both predictors: lavaan says .09661 given, .09668 random; chi-square alike.
    given = fitted("parallel_fiml_fixed_x").fit_indices
    rows = couples_with_gaps().dropna(subset=["talk_wife", "talk_husband"])
    random = fit_path_model(PARALLEL, rows, missing="fiml", fixed_x=False).fit_indices
    assert given.chisq == pytest.approx(random.chisq, abs=1e-7)
    assert given.rmsea_robust == pytest.approx(random.rmsea_robust, abs=1e-8)
    theirs = kept("parallel_fiml_fixed_x")["fit"]["rmsea.robust"]
    assert given.rmsea_robust == pytest.approx(theirs, abs=1e-4)


def test_indices_corrected_for_gaps_do_not_hang_on_the_choice_of_standard_errors() -> None:
    one, other = (fitted(n).fit_indices for n in ("parallel_fiml", "parallel_fiml_expected"))
    assert one.cfi_robust == pytest.approx(other.cfi_robust, abs=1e-12)
    assert one.rmsea_robust == pytest.approx(other.rmsea_robust, abs=1e-12)


@needs_r
@pytest.mark.parametrize("name", ["parallel", "serial_mlr", "groups", "nonlinear", "bound_active"])
def test_lavaan_asked_now_gives_the_kept_answer(name: str) -> None:
    check_live([JOBS[name]])


@needs_r
@pytest.mark.peers
def test_lavaan_asked_now_gives_all_kept_answers() -> None:
    check_live(list(JOBS.values()))


def check_live(jobs: list[Job]) -> None:
    frames = {job.data: FRAMES[job.data]() for job in jobs}
    answer = ask_lavaan([job.for_lavaan for job in jobs], frames)
    for job in jobs:
        now = answer["fits"][job.name]
        for new, old in zip(now["params"], kept(job.name)["params"], strict=True):
            assert new["est"] == pytest.approx(old["est"], rel=1e-6, abs=1e-6)
        if job.name != "groups_wishart":
            assert all(one.agrees for one in comparisons_of(job.name, now))
