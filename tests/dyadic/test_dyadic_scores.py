from __future__ import annotations

import pytest
from simulated_couples import least_squares, simulated_couples

from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
from intimacy_analysis.paths.fitting import fit_path_model


def test_dyadic_scores_are_those_of_columns_made_by_hand():
    rows = simulated_couples()
    made = {
        f"{what}_{stem}": value
        for stem in ("x", "y")
        for what, value in (
            ("level", (rows[f"{stem}_wife"] + rows[f"{stem}_husband"]) / 2),
            ("difference", rows[f"{stem}_wife"] - rows[f"{stem}_husband"]),
        )
    }
    X = rows.assign(**made)[["level_x", "difference_x"]].to_numpy()
    result = fit_path_model(dyadic_score("x", "y"), rows)
    for what, labels in (("level", ("ll", "ld")), ("difference", ("dl", "dd"))):
        b, errors = least_squares(made[f"{what}_y"].to_numpy(), X)
        for at, label in enumerate(labels):
            assert result.estimate(label).value == pytest.approx(b[at], abs=1e-8)
            assert result.estimate(label).std_error == pytest.approx(errors[at], rel=1e-6)
