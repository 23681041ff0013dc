from __future__ import annotations

import numpy as np
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


def test_instruments_have_the_first_stage_f_of_least_squares():
    rows = simulated_couples()
    found = instrument_strength(fit_path_model(mutual_influence("x", "y"), rows))
    X = np.column_stack([rows["x_wife"], rows["x_husband"], np.ones(len(rows))])
    for member, role in enumerate(("wife", "husband")):
        y = rows[f"y_{role}"].to_numpy()
        inverse = np.linalg.inv(X.T @ X)
        b = inverse @ X.T @ y
        variance = ((y - X @ b) ** 2).sum() / (len(y) - 3)
        expected = b[member] ** 2 / (variance * inverse[member, member])
        assert found[member].f_statistic == pytest.approx(expected, rel=1e-5)
        assert found[member].role == role
        assert not found[member].weak
    first_stage = instrument_strength(fit_path_model(actor_partner("x", "y"), rows))
    assert [one.f_statistic for one in first_stage] == pytest.approx(
        [one.f_statistic for one in found], rel=1e-5
    )
    assert [one.identifies for one in found] == ["m_husband", "m_wife"]


def test_a_weak_instrument_is_flagged():
    rows = simulated_couples()
    rng = np.random.default_rng(1)
    rows["x_wife"] = rng.normal(size=len(rows))
    rows["y_wife"] = rows["y_wife"] + 3 * rng.normal(size=len(rows))
    found = instrument_strength(fit_path_model(mutual_influence("x", "y"), rows))
    assert found[0].weak
    assert "weak instrument. 'm_husband' is hardly determined" in str(found[0])
    assert "not weak" in str(found[1])


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
