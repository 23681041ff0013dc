from __future__ import annotations

import numpy as np
import pytest
from simulated_couples import least_squares, simulated_couples

from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.paths.fitting import fit_path_model


def test_a_model_of_one_mediator_has_eight_simple_indirect_effects():
    spec = actor_partner_mediation("x", "m", "y")
    simple = {d.name: d.expression.text for d in spec.definitions if d.name.count("_") == 2}
    simple = {name: text for name, text in simple.items() if name.startswith("ie_") and "*" in text}
    # Ways to the wife's Y: own X by own M, own X by his M, his X by own M, his X by his M.
    assert simple == {
        "ie_aa_wife": "aa_wife*ba_wife",
        "ie_pp_wife": "ap_husband*bp_wife",
        "ie_pa_wife": "ap_wife*ba_wife",
        "ie_ap_wife": "aa_husband*bp_wife",
        "ie_aa_husband": "aa_husband*ba_husband",
        "ie_pp_husband": "ap_wife*bp_husband",
        "ie_pa_husband": "ap_husband*ba_husband",
        "ie_ap_husband": "aa_wife*bp_husband",
    }


def test_alike_members_have_four():
    spec = actor_partner_mediation("x", "m", "y", distinguishable=False)
    simple = [m for m in spec.meanings if m.kind.startswith("indirect")]
    assert [m.label for m in simple] == ["ie_aa", "ie_ap", "ie_pa", "ie_pp"]


def test_a_chain_of_two_mediators_has_every_way_through_the_couple():
    spec = actor_partner_mediation(
        "talk", ("sexual", "emotional"), "sat", serial=(("sexual", "emotional"),)
    )
    simple = [m for m in spec.meanings if m.kind.startswith("indirect")]
    # 8 through each mediator alone, 2 * 2 * 2 * 2 through both.
    assert len(simple) == 8 + 8 + 16
    text = {d.name: d.expression.text for d in spec.definitions}
    # X wife, sexual wife, emotional husband, Y wife: a p step into his, a p step back.
    assert (
        text["ie_sexual_emotional_app_wife"]
        == "aa_sexual_wife*dp_sexual_emotional_husband*bp_emotional_wife"
    )


def test_indirect_effects_are_products_of_least_squares_paths():
    rows = simulated_couples()
    result = fit_path_model(actor_partner_mediation("x", "z", "y"), rows)
    xs = rows[["x_wife", "x_husband"]].to_numpy()
    zs = rows[["z_wife", "z_husband"]].to_numpy()
    to_his, _ = least_squares(zs[:, 1], xs)
    to_hers, _ = least_squares(rows["y_wife"].to_numpy(), np.column_stack([zs, xs]))
    # X wife, Z husband, Y wife.
    assert result.estimate("ie_pp_wife").value == pytest.approx(to_his[0] * to_hers[1], abs=1e-8)


def test_sums_and_contrasts_add_up():
    rows = simulated_couples()
    result = fit_path_model(actor_partner_mediation("x", "z", "y", covariates=("years",)), rows)
    value = {d.name: result.estimate(d.name).value for d in result.spec.definitions}
    assert value["ie_actor_wife"] == pytest.approx(value["ie_aa_wife"] + value["ie_pp_wife"])
    assert value["d_ie_aa"] == pytest.approx(value["ie_aa_wife"] - value["ie_aa_husband"])
    assert value["d_ie_aa_minus_pp_wife"] == pytest.approx(
        value["ie_aa_wife"] - value["ie_pp_wife"]
    )
    assert value["d_te_partner"] == pytest.approx(
        value["te_partner_wife"] - value["te_partner_husband"]
    )
