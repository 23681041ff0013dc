from __future__ import annotations

import math

import pytest
from dyad_references import ENDINGS, couples, reference
from simulated_couples import common_fate_couples, simulated_couples

from intimacy_analysis.dyadic.distinguishability import distinguishability
from intimacy_analysis.dyadic.dyadic_comparison import compare_dyadic_models
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame

ALIKE = ("actor-partner", "mutual influence", "dyadic score", "dyad-individual")


def test_four_models_cannot_be_told_apart_and_one_can():
    table = compare_dyadic_models(common_fate_couples(), "x", "y")
    assert table.equivalent == (ALIKE,)
    assert [table[name].df for name in ALIKE] == [0, 0, 0, 0]
    assert table["common fate"].df == 1
    assert table["common fate"].state == "ok"
    assert "Theory, or another design, must." in table.notes[0]
    assert "asks 1 thing of the moments" in table.notes[1]


def test_of_alike_members_none_can(reference_folder):
    table = compare_dyadic_models(
        couples(reference_folder, "acitelli_wide"),
        "OP",
        "Sat",
        suffixes=ENDINGS,
        distinguishable=False,
    )
    fit = reference(reference_folder, "acitelli")["sem_apim_indist_ml"]["fit"]
    for row in table.rows:
        assert row.df == 6
        assert row.chisq == pytest.approx(fit["chisq"], abs=1e-4)
        assert row.aic == pytest.approx(fit["aic"], abs=1e-3)
        assert row.bic == pytest.approx(fit["bic"], abs=1e-3)
    assert len(table.equivalent[0]) == 5


def test_an_inadmissible_common_fate_is_said_to_be(reference_folder):
    table = compare_dyadic_models(
        couples(reference_folder, "acitelli_wide"), "OP", "Sat", suffixes=ENDINGS
    )
    row = table["common fate"]
    assert row.state == "inadmissible"
    assert "shared_Sat" in row.problem
    assert "do not" not in row.says
    assert "is not to be compared" in table.notes[-1]
    assert "! common fate" in str(table)


def test_partners_who_share_nothing_have_no_common_fate():
    rows = simulated_couples()
    rows["x_husband"] = -rows["x_husband"]
    row = compare_dyadic_models(rows, "x", "y")["common fate"]
    assert row.state == "refused"
    assert row.result is None
    assert math.isnan(row.chisq)
    assert "there is no shared x" in row.problem


def test_a_weak_instrument_is_told():
    rows = simulated_couples(n=60)
    rows["y_wife"] = rows["y_wife"] - 0.5 * rows["x_wife"]
    assert "a weak instrument" in compare_dyadic_models(rows, "x", "y")["mutual influence"].problem


def test_missing_values_are_used():
    rows = simulated_couples()
    rows.loc[:20, "y_wife"] = float("nan")
    table = compare_dyadic_models(rows, "x", "y", missing="fiml")
    assert table.equivalent == (ALIKE,)
    assert {row.result.n_couples for row in table.rows} == {200}


def test_a_dyad_frame_brings_its_roles():
    rows = simulated_couples().rename(
        columns=lambda name: name.replace("wife", "older").replace("husband", "younger")
    )
    rows = rows[["x_older", "x_younger", "y_older", "y_younger"]].assign(
        couple=[f"c{at}" for at in range(len(rows))]
    )
    codebook = Codebook(
        tuple(
            Variable(name=name, level="couple", role="couple" if name == "couple" else "none")
            for name in rows.columns
        )
    )
    frame = DyadFrame(
        rows=rows, codebook=codebook, roles=("older", "younger"), distinguishable=False
    )
    table = compare_dyadic_models(frame, "x", "y")
    assert [row.df for row in table.rows] == [6] * 5
    assert distinguishability(frame, ("x", "y")).df == 6
    again = compare_dyadic_models(frame, "x", "y", distinguishable=True)
    assert "a_older" in again["actor-partner"].result.spec.labels


def test_the_table_is_a_frame_with_one_row_a_model():
    table = compare_dyadic_models(simulated_couples(), "x", "y")
    frame = table.to_frame()
    assert list(frame.index) == [
        "actor-partner", "common fate", "mutual influence", "dyadic score", "dyad-individual",
    ]  # fmt: skip
    assert {"df", "chisq", "cfi", "rmsea", "aic", "bic", "state", "says"} <= set(frame.columns)
    with pytest.raises(SpecError, match="there is no model 'apim'"):
        table["apim"]


def test_absent_columns_are_told():
    with pytest.raises(DataError, match="'w_wife'"):
        compare_dyadic_models(simulated_couples(), "w", "y")
