from __future__ import annotations

import numpy as np
import pytest
from dyad_references import ENDINGS, check_agreement, couples, reference
from simulated_couples import common_fate_couples, simulated_couples

from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.paths.fitting import fit_path_model


@pytest.mark.parametrize(
    ("y", "letter", "distinguishable", "key", "state"),
    [
        ("Sat", "F_Sat", True, "common_fate_dist", "inadmissible"),
        ("Sat", "F_Sat", False, "common_fate_indist", "inadmissible"),
        ("Ten", "F_Ten", True, "common_fate_tension", "ok"),
        ("Ten", "F_Ten", False, "common_fate_tension_indist", "inadmissible"),
    ],
)
def test_acitelli_agrees_with_lavaan(reference_folder, y, letter, distinguishable, key, state):
    spec = common_fate("OP", y, suffixes=ENDINGS, distinguishable=distinguishable)
    result = fit_path_model(spec, couples(reference_folder, "acitelli_wide"))
    lavaan = reference(reference_folder, "acitelli")[key]
    renamed = {"F_OP": "shared_OP", letter: f"shared_{y}"}
    rows = [
        {
            **row,
            "lhs": renamed.get(row["lhs"], row["lhs"]),
            "rhs": renamed.get(row["rhs"], row["rhs"]),
        }
        for row in lavaan["params"]
    ]
    check_agreement(result, {**lavaan, "params": rows})
    # A negative latent variance describes no couples: it is a state, not a result.
    latent = {
        row["lhs"]: row["est"] for row in rows if row["op"] == "~~" and row["lhs"] == row["rhs"]
    }
    assert (latent[f"shared_{y}"] < 0) == (state == "inadmissible")
    assert result.state == state


def test_alike_members_slope_is_the_ratio_of_cross_member_covariances():
    rows = simulated_couples()
    result = fit_path_model(common_fate("x", "y", distinguishable=False), rows)
    one = rows[["x_wife", "x_husband", "y_wife", "y_husband"]].to_numpy()
    both = np.cov(np.vstack([one, one[:, [1, 0, 3, 2]]]).T, bias=True)
    assert result.estimate("b").value == pytest.approx(both[0, 3] / both[0, 1], abs=1e-6)
    assert result.estimate("vx").value == pytest.approx(both[0, 1], abs=1e-6)
    assert result.fit_indices.df == 6


def test_the_individual_slope_is_the_covariance_over_the_variance_not_shared():
    result = fit_path_model(common_fate("x", "y"), simulated_couples())
    for role in ("wife", "husband"):
        expected = result.estimate(f"t_{role}").value / result.estimate(f"ex_{role}").value
        assert result.estimate(f"w_{role}").value == pytest.approx(expected)
    assert result.fit_indices.df == 1


def test_a_common_fate_is_recovered():
    result = fit_path_model(common_fate("x", "y"), common_fate_couples())
    assert result.state == "ok"
    for name, truth in (("b", 0.7), ("vx", 1.0), ("vy", 0.25), ("w_wife", 0.0), ("ex_wife", 1.0)):
        row = result.estimate(name)
        assert abs(row.value - truth) < 4 * row.std_error
