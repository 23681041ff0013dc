from __future__ import annotations

import numpy as np
import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.instruments import instrument_strength
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.paths.fitting import fit_path_model


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
