from __future__ import annotations

import pytest
from simulated_couples import least_squares, simulated_couples

from intimacy_analysis.dyadic.dyad_individual import dyad_individual
from intimacy_analysis.paths.fitting import fit_path_model


def test_dyad_individual_effects_are_those_of_columns_made_by_hand():
    rows = simulated_couples()
    mean = (rows["x_wife"] + rows["x_husband"]) / 2
    result = fit_path_model(dyad_individual("x", "y"), rows)
    for role in ("wife", "husband"):
        X = mean.to_frame().assign(own=rows[f"x_{role}"] - mean).to_numpy()
        b, errors = least_squares(rows[f"y_{role}"].to_numpy(), X)
        for at, label in enumerate(("b", "w")):
            assert result.estimate(f"{label}_{role}").value == pytest.approx(b[at], abs=1e-8)
            assert result.estimate(f"{label}_{role}").std_error == pytest.approx(
                errors[at], rel=1e-6
            )
