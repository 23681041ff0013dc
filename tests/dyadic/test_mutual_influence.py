from __future__ import annotations

import numpy as np
import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.influence_ratio import (
    as_mutual_influence,
)
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.paths.fitting import fit_path_model


def test_estimates_are_those_of_instrumental_variables():
    # Just identified: (Z'W)^-1 Z'y with Z both X's, W the partner's Y and the own X.
    rows = simulated_couples()
    result = fit_path_model(mutual_influence("x", "y"), rows)
    centered = rows - rows.mean()
    z = centered[["x_wife", "x_husband"]].to_numpy()
    for own, other in (("wife", "husband"), ("husband", "wife")):
        w = centered[[f"y_{other}", f"x_{own}"]].to_numpy()
        m, a = np.linalg.solve(z.T @ w, z.T @ centered[f"y_{own}"].to_numpy())
        assert result.estimate(f"m_{own}").value == pytest.approx(m, abs=1e-6)
        assert result.estimate(f"a_{own}").value == pytest.approx(a, abs=1e-6)


@pytest.mark.parametrize("distinguishable", [True, False])
def test_it_is_the_actor_partner_model_in_other_words(distinguishable):
    rows = simulated_couples()
    mutual = fit_path_model(mutual_influence("x", "y", distinguishable=distinguishable), rows)
    plain = fit_path_model(actor_partner("x", "y", distinguishable=distinguishable), rows)
    assert mutual.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)
    assert mutual.fit_indices.df == plain.fit_indices.df
    for end in ("_wife", "_husband") if distinguishable else ("",):
        for ours, theirs in (("ra", "a"), ("rp", "p")):
            one, two = mutual.estimate(f"{ours}{end}"), plain.estimate(f"{theirs}{end}")
            assert one.value == pytest.approx(two.value, abs=1e-6)
            assert one.std_error == pytest.approx(two.std_error, rel=1e-4)
    back = as_mutual_influence(plain)
    for row in back:
        direct = mutual.estimate(row.name)
        assert row.value == pytest.approx(direct.value, abs=1e-6)
        assert row.std_error == pytest.approx(direct.std_error, rel=1e-4)
