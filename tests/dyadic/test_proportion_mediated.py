from __future__ import annotations

import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.proportion_mediated import proportion_mediated
from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.fitting import fit_path_model


def fitted(**options):
    return fit_path_model(actor_partner_mediation("x", "z", "y", **options), simulated_couples(400))


def test_it_is_the_indirect_over_the_total_effect():
    result = fitted()
    row = proportion_mediated(result, "actor", "wife")
    expected = result.estimate("ie_actor_wife").value / result.estimate("te_actor_wife").value
    assert row.value == pytest.approx(expected)
    assert row.low < row.value < row.high


def test_without_direct_paths_all_of_it_is_indirect():
    row = proportion_mediated(fitted(direct=False, distinguishable=False), "actor")
    assert row.value == pytest.approx(1.0)


def test_a_total_effect_that_may_be_zero_has_no_shares():
    rows = simulated_couples()
    rows["y_wife"] -= 0.1 * rows["x_husband"]
    result = fit_path_model(actor_partner_mediation("x", "z", "y"), rows)
    assert result.estimate("te_partner_wife").low < 0 < result.estimate("te_partner_wife").high
    with pytest.raises(FitError, match="a total effect that is clearly not zero"):
        proportion_mediated(result, "partner", "wife")


def test_unknown_effects_are_refused():
    with pytest.raises(SpecError, match=r"no total effect .te_actor.\. It has: te_actor_wife"):
        proportion_mediated(fitted(), "actor")
    with pytest.raises(SpecError, match="Fit actor_partner_mediation"):
        proportion_mediated(fit_path_model("y_wife ~ x_wife", simulated_couples()), "actor")
