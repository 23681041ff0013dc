from __future__ import annotations

import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.influence_ratio import (
    as_mutual_influence,
    started_from_actor_partner,
)
from intimacy_analysis.dyadic.instruments import instrument_strength
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model


@pytest.mark.parametrize("seed", [3, 6, 10, 17])
def test_a_search_begun_at_the_actor_partner_model_settles_with_a_weak_instrument(seed):
    rows = simulated_couples(n=80, seed=seed)
    rows["y_wife"] = rows["y_wife"] - 0.55 * rows["x_wife"]
    plain = fit_path_model(actor_partner("x", "y"), rows)
    spec = started_from_actor_partner(mutual_influence("x", "y"), plain)
    result = fit_path_model(spec, rows)
    assert result.state != "failed"
    assert result.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)


def test_other_models_are_refused():
    rows = simulated_couples()
    several = fit_path_model(actor_partner(("x", "z"), "y"), rows)
    with pytest.raises(SpecError, match=r"Fit mutual_influence\(x, y\)"):
        instrument_strength(several)
    with pytest.raises(SpecError, match="one predictor"):
        as_mutual_influence(several)
