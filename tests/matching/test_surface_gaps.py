from __future__ import annotations

import itertools

import numpy as np
import pytest

from intimacy_analysis.matching.response_surface import dyadic_response_surface, response_surface
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.paths.lavaan_text import lavaan_text
from tests.matching.surface_references import made_couples
from tests.parity.lavaan_agreement import compare_fit
from tests.parity.lavaan_bridge import ask_lavaan, find_lavaan

COLUMNS = ("want_wife", "get_husband", "sat_wife")
# lavaan's own answer hangs on lines that change nothing; the last test shows who is right.
CORRECTED_FOR_GAPS = ("cfi.robust", "tli.robust", "rmsea.robust")
TOLD = "treats squares and products as normal"


def with_gaps(n=220, *, in_predictors=True):
    rows = made_couples(n, 31)
    rows.loc[:19, "sat_wife"] = np.nan
    rows.loc[15:34, "sat_husband"] = np.nan
    if in_predictors:
        rows.loc[30:44, "want_wife"] = np.nan
        rows.loc[40:59, "get_husband"] = np.nan
    return rows


@pytest.mark.skipif(find_lavaan() is None, reason="Rscript with lavaan was not found")
@pytest.mark.parametrize("in_predictors", [False, True])
def test_lavaan_finds_the_same_with_gaps(in_predictors):
    rows = with_gaps(in_predictors=in_predictors)
    fits = {
        "single": response_surface(rows, *COLUMNS, missing="fiml"),
        "shared": dyadic_response_surface(rows, "want", "want", "sat", missing="fiml"),
        "two": dyadic_response_surface(rows, "want", "get", "sat", missing="fiml"),
    }
    jobs = [
        {
            "name": name,
            "text": lavaan_text(found.fit.spec),
            "data": name,
            "missing": "fiml",
            "fixed_x": not in_predictors,
            "tight": True,
        }
        for name, found in fits.items()
    ]
    answers = ask_lavaan(jobs, {name: found.frame.rows for name, found in fits.items()})["fits"]
    for name, found in fits.items():
        # Which predictors stay in their unit ("std.nox") is asked of fixed ones only.
        left_out = ("std.nox", *(CORRECTED_FOR_GAPS if name == "two" else ()))
        apart = [
            str(one)
            for one in compare_fit(answers[name], found.fit)
            if not one.agrees and not one.quantity.startswith(left_out)
        ]
        assert not apart, "\n".join([name, *apart])
        defined = {row["lhs"] for row in answers[name]["params"] if row["op"] == ":="}
        assert {row.name for row in found.parameters} <= defined


def test_normal_products_are_told_only_where_a_predictor_has_gaps():
    told = {
        (gaps, missing): any(
            TOLD in note
            for note in response_surface(
                with_gaps(in_predictors=gaps), *COLUMNS, missing=missing
            ).notes
        )
        for gaps in (False, True)
        for missing in ("listwise", "fiml")
    }
    assert told == {
        (False, "listwise"): False,
        (False, "fiml"): False,
        (True, "listwise"): False,
        (True, "fiml"): True,
    }


def test_the_rows_with_a_gap_in_a_predictor_are_counted_once():
    # Rows 30 to 59 lack her wish, what he gives, or both.
    found = dyadic_response_surface(with_gaps(), "want", "get", "sat", missing="fiml")
    assert any(note.startswith("30 of 220 rows have a gap in a predictor") for note in found.notes)


@pytest.mark.skipif(find_lavaan() is None, reason="Rscript with lavaan was not found")
def test_lavaan_agrees_on_rmsea_corrected_for_gaps_once_covariances_are_written_out():
    found = dyadic_response_surface(with_gaps(), "want", "get", "sat", missing="fiml")
    text = lavaan_text(found.fit.spec)
    predictors = dict.fromkeys(name for term in found.frame.terms for name in term.predictors)
    written_out = [f"{one} ~~ {two}" for one, two in itertools.combinations(predictors, 2)]
    texts = {"plain": text, "named": "\n".join([text, *written_out, ""])}
    jobs = [
        {
            "name": name,
            "text": held,
            "data": "d",
            "missing": "fiml",
            "fixed_x": False,
            "tight": True,
        }
        for name, held in texts.items()
    ]
    answers = ask_lavaan(jobs, {"d": found.frame.rows})["fits"]
    plain, named = (answers[name]["fit"] for name in texts)
    assert plain["chisq"] == pytest.approx(named["chisq"], abs=1e-6)
    assert plain["npar"] == named["npar"]
    assert abs(plain["rmsea.robust"] - named["rmsea.robust"]) > 1e-3
    assert found.fit.fit_indices.rmsea_robust == pytest.approx(named["rmsea.robust"], abs=1e-7)


@pytest.mark.parametrize("in_predictors", [False, True])
def test_bootstrap_with_gaps_is_full_information_of_the_couples_drawn(in_predictors):
    rows = with_gaps(in_predictors=in_predictors)
    found = dyadic_response_surface(
        rows, "want", "get", "sat", missing="fiml",
        standard_errors="bootstrap", bootstrap=100, seed=9,
    )  # fmt: skip
    counts = resampling_counts(np.random.default_rng(9), 100, len(rows))
    for at in range(3):
        who = np.repeat(np.arange(len(rows)), counts[at].astype(int))
        drawn = rows.iloc[who].reset_index(drop=True)
        full, complete = (
            dyadic_response_surface(
                drawn, "want", "get", "sat", missing=missing, center=found.frame.center
            )
            for missing in ("fiml", "listwise")
        )
        names = [found.fit.row_name(row.name) for row in full.coefficients]
        mine = found.fit.bootstrap_draws.loc[at, names].to_numpy(np.float64)
        np.testing.assert_allclose(mine, [row.value for row in full.coefficients], atol=1e-6)
        # Complete couples alone would give other numbers.
        assert np.abs(mine - [row.value for row in complete.coefficients]).max() > 1e-3
