from __future__ import annotations

import pytest
from dyad_references import ENDINGS, couples
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.describe import describe
from intimacy_analysis.dyadic.dyad_individual import dyad_individual
from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.moderation import actor_partner_moderation
from intimacy_analysis.dyadic.moderation_frame import moderation_frame
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.paths.fitting import fit_path_model

CAUSAL = ("leads to", "because of", "effects show", "influenced by", "makes", "results in")


@pytest.mark.parametrize(
    "build",
    [actor_partner, common_fate, mutual_influence, dyadic_score, dyad_individual],
)
@pytest.mark.parametrize("distinguishable", [True, False])
def test_every_model_says_what_it_estimated_and_claims_no_cause(build, distinguishable):
    rows = simulated_couples()
    text = describe(fit_path_model(build("x", "y", distinguishable=distinguishable), rows))
    assert "200 couples" in text
    assert "associations" in text
    assert "do not show what causes what" in text
    assert not any(word in text for word in CAUSAL)


def test_clear_and_unclear_effects_are_told_apart():
    rows = simulated_couples()
    result = fit_path_model(actor_partner("x", "y"), rows)
    text = describe(result)
    clear, _, unclear = text.partition("These may be zero or of either sign")
    assert "actor effect of the wife 0." in clear
    for name in ("p_wife", "p_husband"):
        row = result.estimate(name)
        words = next(m.words for m in result.spec.meanings if m.label == name)
        assert words in (unclear if row.low <= 0 <= row.high else clear)


def test_a_saturated_model_claims_no_fit():
    text = describe(fit_path_model(actor_partner("x", "y"), simulated_couples()))
    assert "its fit says nothing" in text


def test_mediation_says_that_order_is_assumed():
    result = fit_path_model(
        actor_partner_mediation("x", "z", "y", covariates=("years",)), simulated_couples()
    )
    text = describe(result)
    assert "cannot show their order" in text
    assert "total indirect actor effect of the wife" in text


def test_moderation_says_where_its_main_effects_are():
    frame = moderation_frame(simulated_couples(), "x", "years")
    text = describe(fit_path_model(actor_partner_moderation("x", "y", "years"), frame.rows))
    assert "at the moderator's mean" in text
    assert "actor effect by years, wife" in text


def test_inadmissible_numbers_are_not_told(reference_folder):
    result = fit_path_model(
        common_fate("OP", "Sat", suffixes=ENDINGS), couples(reference_folder, "acitelli_wide")
    )
    text = describe(result)
    assert "inadmissible; do not interpret" in text
    assert "differ from zero" not in text
