"""Real couples through codebooks, scored and fitted as a user would, against R's numbers.

References: nlme and lavaan on the same public files (see the README of the reference folder).
"""

from __future__ import annotations

import json

import pytest

from intimacy_analysis.claims.yoo_facts import FACTS, NEIGHBORS
from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.scales.scoring import score_scale

ACITELLI = """
[couples]
roles = ["wife", "husband"]
layout = "wide"
[columns.couple]
from = "CoupleID"
role = "couple"
[columns.years_married]
from = "Yearsmar"
unit = "years"
[columns.satisfaction]
wife = "Sat_w"
husband = "Sat_h"
unit = "points"
[columns.other_positive]
wife = "OP_w"
husband = "OP_h"
unit = "points"
[columns.tension]
wife = "Ten_w"
husband = "Ten_h"
unit = "points"
"""


def dres_codebook() -> str:
    stems = {f"prqc_{n}": f"PRQC_{n}" for n in range(1, 10)}
    stems |= {f"sexsat_{n}": f"sexsat{n}" for n in range(1, 6)}
    head = """
[couples]
roles = ["partner_1", "partner_2"]
layout = "wide"
"""
    for name, prefix, n in (("quality", "prqc", 9), ("sexual_satisfaction", "sexsat", 5)):
        items = ", ".join(f'"{prefix}_{at}"' for at in range(1, n + 1))
        head += f"[scales.{name}]\nitems = [{items}]\nrange = [1, 7]\nleast_answered = 1\n"
    return head + "".join(
        f'[columns.{stem}]\npartner_1 = "{own}.1"\npartner_2 = "{own}.2"\nunit = "points"\n'
        for stem, own in stems.items()
    )


def expected_models(folder, name):
    return json.loads((folder / "expected" / f"{name}.json").read_text(encoding="utf-8"))["models"]


def parameters_of(expected):
    """Rows of lavaan's parameter table by label."""
    return {row["label"]: row for row in expected["params"] if row["label"]}


def assert_same(result, ours, theirs):
    estimate = result.estimate(ours)
    assert estimate.value == pytest.approx(theirs["est"], abs=1e-5), ours
    assert estimate.std_error == pytest.approx(theirs["se"], rel=1e-4), ours


@pytest.fixture(scope="module")
def acitelli(reference_folder):
    path = reference_folder / "data" / "acitelli_wide.csv"
    return load_study(path, codebook=ACITELLI).couples


@pytest.fixture(scope="module")
def dres(reference_folder):
    study = load_study(reference_folder / "data" / "dysem_dres.csv", codebook=dres_codebook())
    couples = study.couples
    reports = {}
    for scale in study.scales:
        couples, reports[scale.name] = score_scale(couples, scale)
    return couples, reports


def test_actor_and_partner_effects_of_148_couples(acitelli, reference_folder):
    expected = expected_models(reference_folder, "acitelli")["sem_apim_dist_ml"]
    theirs = parameters_of(expected)
    model = actor_partner("other_positive", "satisfaction", roles=acitelli.roles)
    result = fit_path_model(model, acitelli, fixed_x=False)
    assert result.n_couples == 148
    for ours, label in (
        ("a_wife", "aw"), ("a_husband", "ah"), ("p_wife", "pwh"), ("p_husband", "phw"),
    ):  # fmt: skip
        assert_same(result, ours, theirs[label])
    assert result.log_likelihood == pytest.approx(expected["fit"]["logl"], abs=1e-4)


def test_the_partner_effect_is_that_of_the_other_members_view(acitelli, reference_folder):
    # `p_wife` is the husband's view on the wife's satisfaction: named by arrow, not by label.
    rows = expected_models(reference_folder, "acitelli")["sem_apim_dist_ml"]["params"]
    theirs = {(row["lhs"], row["op"], row["rhs"]): row for row in rows}
    result = fit_path_model(
        actor_partner("other_positive", "satisfaction", roles=acitelli.roles),
        acitelli,
        fixed_x=False,
    )
    assert_same(result, "p_wife", theirs["Sat_w", "~", "OP_h"])
    assert_same(result, "p_husband", theirs["Sat_h", "~", "OP_w"])


def test_alike_members_have_one_actor_and_one_partner_effect(acitelli, reference_folder):
    models = expected_models(reference_folder, "acitelli")
    model = actor_partner(
        "other_positive", "satisfaction", roles=acitelli.roles, distinguishable=False
    )
    result = fit_path_model(model, acitelli, fixed_x=False)
    theirs = parameters_of(models["sem_apim_indist_ml"])
    assert_same(result, "a", theirs["a"])
    assert_same(result, "p", theirs["p"])
    free = fit_path_model(
        actor_partner("other_positive", "satisfaction", roles=acitelli.roles),
        acitelli,
        fixed_x=False,
    )
    test = models["sem_distinguishability"]
    difference = result.fit_indices.chisq - free.fit_indices.chisq
    assert difference == pytest.approx(test["chisq_diff"], abs=1e-4)
    assert result.fit_indices.df - free.fit_indices.df == test["df_diff"]


def test_all_indirect_effects_through_tension(acitelli, reference_folder):
    rows = expected_models(reference_folder, "acitelli")["apimem_dist_ml"]["params"]
    theirs = {row["lhs"]: row for row in rows if row["op"] == ":="}
    paths = {(row["lhs"], row["rhs"]): row for row in rows if row["op"] == "~"}
    model = actor_partner_mediation(
        "other_positive", "tension", "satisfaction", roles=acitelli.roles
    )
    result = fit_path_model(model, acitelli, fixed_x=False)
    short = {"other_positive": "OP", "tension": "Ten", "satisfaction": "Sat"}

    def named(column):
        stem, role = column.rsplit("_", 1)
        return f"{short[stem]}_{role[0]}"

    compared = 0
    for row in result.estimates:
        if " ~ " in row.name:
            lhs, rhs = row.name.split(" ~ ")
            if rhs != "1":
                expected = paths[named(lhs), named(rhs)]
                assert row.value == pytest.approx(expected["est"], abs=1e-5), row.name
                assert row.std_error == pytest.approx(expected["se"], rel=1e-4), row.name
                compared += 1
    assert compared == 12
    ours = {row.name.split(" := ")[0]: row for row in result.estimates if " := " in row.name}
    totals = {
        "ie_actor_wife": "ie_w_actor_total",
        "ie_partner_wife": "ie_w_partner_total",
        "ie_actor_husband": "ie_h_actor_total",
        "ie_partner_husband": "ie_h_partner_total",
    }
    single = {f"ie_{r}_{kind}" for r in "wh" for kind in ("AA", "PP", "AP", "PA")}
    for name, label in totals.items():
        assert ours[name].value == pytest.approx(theirs[label]["est"], abs=1e-5), name
        assert ours[name].std_error == pytest.approx(theirs[label]["se"], rel=1e-4), name
    # Every single way of theirs is one of ours, whatever it is called.
    for label in single:
        assert any(
            row.value == pytest.approx(theirs[label]["est"], abs=1e-5)
            and row.std_error == pytest.approx(theirs[label]["se"], rel=1e-4)
            for row in ours.values()
        ), label


def test_scales_of_121_couples_are_scored_from_complete_answers_only(dres, reference_folder):
    couples, reports = dres
    for name, icc in (("quality", "icc_prq"), ("sexual_satisfaction", "icc_sex")):
        report = reports[name]
        assert report.n_rows == 2 * 121
        assert report.n_prorated == 0
        assert report.n_complete + report.n_without == report.n_rows
        expected = expected_models(reference_folder, "dysem_dres")[icc]
        one, other = couples.columns_of(name)
        both = couples.rows[[one, other]].dropna()
        assert len(both) == expected["n"]
        assert both.corr().iloc[0, 1] == pytest.approx(expected["pearson"], abs=1e-10)


@pytest.mark.parametrize(
    ("missing", "key"),
    [("fiml", "apim_prq_to_sex_ML"), ("listwise", "apim_prq_to_sex_listwise")],
)
def test_quality_and_sexual_satisfaction_of_121_couples(dres, reference_folder, missing, key):
    couples, _ = dres
    expected = expected_models(reference_folder, "dysem_dres")[key]
    theirs = parameters_of(expected.get("dist", expected))
    model = actor_partner("quality", "sexual_satisfaction", roles=couples.roles)
    result = fit_path_model(model, couples, missing=missing, fixed_x=False)
    for ours, label in (
        ("a_partner_1", "a1"), ("a_partner_2", "a2"),
        ("p_partner_1", "p12"), ("p_partner_2", "p21"),
    ):  # fmt: skip
        assert_same(result, ours, theirs[label])
    if missing == "fiml":
        alike = actor_partner(
            "quality", "sexual_satisfaction", roles=couples.roles, distinguishable=False
        )
        pooled = fit_path_model(alike, couples, missing="fiml", fixed_x=False)
        assert_same(pooled, "a", parameters_of(expected["indist"])["a"])
        assert_same(pooled, "p", parameters_of(expected["indist"])["p"])


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("sexual_satisfaction", "quality", "relationship quality regressed on"),
        ("quality", "sexual_satisfaction", "sexual satisfaction regressed on"),
    ],
)
def test_the_open_data_values_beside_the_claim_are_those_of_this_file(dres, x, y, words):
    # The one direction and the other, standardized, members alike: the facts' D2 numbers.
    couples, _ = dres
    model = actor_partner(x, y, roles=couples.roles, distinguishable=False)
    result = fit_path_model(model, couples, missing="fiml", fixed_x=False)
    table = result.standardized()
    actor, partner = (table[result.row_name(label)] for label in "ap")
    told = [fact for fact in FACTS if fact.label == "[computed: D2]" and words in fact.text]
    assert [fact.value for fact in told] == pytest.approx([actor.value, partner.value], abs=6e-4)
    for shown, value, low, high, _ in NEIGHBORS:
        if shown.startswith(words):
            row = partner if "partner's" in shown else actor
            assert value == pytest.approx(row.value, abs=6e-4)
            assert (low, high) == pytest.approx(row.interval, abs=0.015)
