from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from answer_references import answers_of, expected_of
from diary_answers import crossed, dense_criterion

from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.reliability.facet_likelihood import FACETS, facet_slope
from intimacy_analysis.reliability.facet_statistics import facet_statistics
from intimacy_analysis.reliability.facet_variances import facet_variances

TRUE = {"P": 0.8, "PD": 0.5, "PI": 0.3, "e": 1.0, "D": 0.1, "I": 0.3, "DI": 0.05}
POINTS = np.array(
    [
        [0.9, 0.5, 0.2, 1.1, 0.1, 0.3, 0.05],
        [0.2, 0.1, 0.0, 0.7, 0.0, 0.2, 0.3],
        [0.5, 0.0, 0.3, 0.9, 0.2, 0.0, 0.0],
    ]
)
ITEMS = ["nervous", "sad", "upset", "depressed", "tense", "disappointed", "angry"]


def _small(*, gaps: bool) -> np.ndarray:
    answers = crossed((9, 5, 3), TRUE, 1)
    answers[0, :2] = answers[3, 4] = answers[5, 1:4] = np.nan
    if gaps:
        answers[1, 0, 1] = answers[4, 2, :2] = answers[4, 3, 0] = np.nan
    return answers


def negative_affect(folder) -> np.ndarray:
    rows = answers_of(folder, "amib_daily")
    person, day = pd.factorize(rows["id"])[0], pd.factorize(rows["day"], sort=True)[0]
    answers = np.full((person.max() + 1, day.max() + 1, len(ITEMS)), np.nan)
    answers[person, day] = rows[ITEMS].to_numpy()
    return answers[np.isfinite(answers).any(axis=(1, 2))]


@pytest.mark.parametrize("gaps", [False, True])
def test_the_criterion_is_that_of_the_whole_covariance_matrix(gaps):
    answers = _small(gaps=gaps)
    found = facet_slope(facet_statistics(answers, np.ones((3, 9))), POINTS).value
    dense = [dense_criterion(answers, theta) for theta in POINTS]
    # A constant, the logarithm of the number of items, is left out where items go apart.
    assert found - dense == pytest.approx(0.0 if gaps else -np.log(3), abs=1e-10)


@pytest.mark.parametrize("gaps", [False, True])
def test_the_slope_is_that_of_the_criterion(gaps):
    answers = _small(gaps=gaps)
    theta = POINTS[0]
    found = facet_slope(facet_statistics(answers, np.ones((1, 9))), theta[None]).gradient[0]
    for at, name in enumerate(FACETS):
        off = np.eye(len(FACETS))[at] * 1e-5
        numeric = (
            dense_criterion(answers, theta + off) - dense_criterion(answers, theta - off)
        ) / (2e-5)
        assert found[at] == pytest.approx(numeric, rel=1e-5, abs=1e-5), name


@pytest.mark.parametrize("gaps", [False, True])
def test_persons_drawn_twice_count_as_two(gaps):
    answers = _small(gaps=gaps)
    counts = np.array([[2.0, 0, 1, 1, 3, 0, 1, 0, 1]])
    found = facet_slope(facet_statistics(answers, counts), POINTS[:1])
    again = facet_slope(
        facet_statistics(np.repeat(answers, counts[0].astype(int), axis=0), np.ones((1, 9))),
        POINTS[:1],
    )
    # Values are centered about the mean of all persons, whoever is drawn.
    assert found.gradient == pytest.approx(again.gradient, rel=1e-9)
    assert found.value == pytest.approx(again.value, rel=1e-9)


def test_balanced_answers_have_the_variances_of_their_mean_squares():
    n, k, m = 30, 6, 4
    answers = crossed((n, k, m), TRUE, 2)
    mean = answers.mean()
    p, d, i = (answers.mean(axis=axes) - mean for axes in ((1, 2), (0, 2), (0, 1)))
    pd_, pi, di = (answers.mean(axis=axis) - mean for axis in (2, 1, 0))
    pd_, pi, di = pd_ - p[:, None] - d, pi - p[:, None] - i, di - d[:, None] - i
    rest = (
        answers - mean - p[:, None, None] - d[:, None] - i
        - pd_[:, :, None] - pi[:, None, :] - di
    )  # fmt: skip
    e = np.sum(rest**2) / ((n - 1) * (k - 1) * (m - 1))
    ms_pd = m * np.sum(pd_**2) / ((n - 1) * (k - 1))
    ms_pi = k * np.sum(pi**2) / ((n - 1) * (m - 1))
    ms_di = n * np.sum(di**2) / ((k - 1) * (m - 1))
    by_hand = {
        "PD": (ms_pd - e) / m,
        "PI": (ms_pi - e) / k,
        "DI": (ms_di - e) / n,
        "e": e,
        "P": (k * m * np.sum(p**2) / (n - 1) - ms_pd - ms_pi + e) / (k * m),
        "D": (n * m * np.sum(d**2) / (k - 1) - ms_pd - ms_di + e) / (n * m),
        "I": (n * k * np.sum(i**2) / (m - 1) - ms_pi - ms_di + e) / (n * k),
    }
    assert min(by_hand.values()) > 0
    found = dict(zip(FACETS, facet_variances(answers).theta[0], strict=True))
    assert found == pytest.approx(by_hand, rel=1e-7)


def test_a_variance_that_would_be_negative_is_zero_and_the_rest_at_their_maximum():
    answers = crossed((25, 6, 3), {"P": 1.0, "e": 1.0}, 5, gaps=0.1)
    held = facet_variances(answers)
    theta = held.theta[0]
    assert (theta >= 0).all()
    assert (theta == 0).any()
    slope = facet_slope(facet_statistics(answers, np.ones((1, 25))), theta[None]).gradient[0]
    assert (slope[theta == 0] >= 0).all()
    assert slope[theta > 0] == pytest.approx(0, abs=1e-2)
    for at in range(len(FACETS)):
        off = theta.copy()
        off[at] += 0.01
        assert dense_criterion(answers, off) > dense_criterion(answers, theta)


def test_real_diaries_with_gaps_have_lme4s_variances(reference_folder):
    expected = expected_of(reference_folder, "amib")["shrout_lane_components"]["variances"]
    found = dict(
        zip(FACETS, facet_variances(negative_affect(reference_folder)).theta[0], strict=True)
    )
    names = {
        "id": "P", "id:day": "PD", "id:item": "PI", "Residual": "e", "day": "D", "item": "I",
        "day:item": "DI",
    }  # fmt: skip
    for theirs, ours in names.items():
        # lmer's optimizer stops within about 1e-6.
        assert found[ours] == pytest.approx(expected[theirs], abs=3e-6), ours


def test_bootstrap_replicates_in_one_batch_are_those_fitted_alone():
    answers = crossed((20, 5, 3), TRUE, 7, gaps=0.03)
    counts = resampling_counts(np.random.default_rng(1), 3, 20)
    batch = facet_variances(answers, counts)
    assert batch.converged.all()
    for row, theta in zip(counts, batch.theta, strict=True):
        alone = facet_variances(np.repeat(answers, row.astype(int), axis=0))
        assert theta == pytest.approx(alone.theta[0], abs=2e-4)


def test_days_within_persons_take_items_for_error():
    answers = crossed((30, 6, 4), TRUE, 3)
    theta = dict(zip(FACETS, facet_variances(answers, nested=True).theta[0], strict=True))
    n, k, m = answers.shape
    days, persons = answers.mean(axis=2), answers.mean(axis=(1, 2))
    e = np.sum((answers - days[:, :, None]) ** 2) / (n * k * (m - 1))
    ms = m * np.sum((days - persons[:, None]) ** 2) / (n * (k - 1))
    of_persons = k * m * np.var(persons, ddof=1)
    assert theta["e"] == pytest.approx(e)
    assert theta["PD"] == pytest.approx((ms - e) / m)
    assert theta["P"] == pytest.approx((of_persons - ms) / (k * m))
    assert theta["PI"] == theta["D"] == theta["I"] == theta["DI"] == 0


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not here")
def test_variances_are_lme4s_where_r_is_here(tmp_path):
    answers = crossed((25, 6, 3), TRUE, 11, gaps=0.08)
    place = np.argwhere(np.isfinite(answers))
    rows = pd.DataFrame(place, columns=["p", "d", "i"]).assign(y=answers[tuple(place.T)])
    rows.to_csv(tmp_path / "rows.csv", index=False)
    code = (
        "suppressMessages({library(lme4);library(jsonlite)});"
        f"x <- read.csv('{(tmp_path / 'rows.csv').as_posix()}');"
        "ctl <- lmerControl(optimizer='bobyqa', optCtrl=list(rhoend=1e-9, maxfun=1e5));"
        "vc <- function(f) {r <- as.data.frame(VarCorr(lmer(f, x, control=ctl)));"
        " as.list(setNames(r$vcov, r$grp))};"
        "cat('\\nfound', toJSON(list(crossed=vc(y~1+(1|p)+(1|p:d)+(1|p:i)+(1|d)+(1|i)+(1|d:i)),"
        "nested=vc(y~1+(1|p)+(1|p:d))), digits=12, auto_unbox=TRUE))"
    )
    done = subprocess.run(
        ["Rscript", "-e", code], capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    if done.returncode:
        pytest.skip("lme4 is not installed in R")
    expected = json.loads(done.stdout.split("found ")[1])
    for nested, key in ((False, "crossed"), (True, "nested")):
        found = dict(zip(FACETS, facet_variances(answers, nested=nested).theta[0], strict=True))
        names = {
            "p": "P",
            "p:d": "PD",
            "p:i": "PI",
            "Residual": "e",
            "d": "D",
            "i": "I",
            "d:i": "DI",
        }
        for theirs, value in expected[key].items():
            assert found[names[theirs]] == pytest.approx(value, abs=2e-6), theirs
