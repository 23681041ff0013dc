from __future__ import annotations

import numpy as np
import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.standardized_effects import standardized_effects
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model


def pooled(rows, stem: str) -> float:
    return float(np.std(rows[[f"{stem}_wife", f"{stem}_husband"]].to_numpy()))


def test_pooled_effects_are_those_of_columns_divided_by_one_sd():
    rows = simulated_couples()
    result = fit_path_model(actor_partner("x", "y"), rows)
    table = standardized_effects(result, "pooled")
    scale = pooled(rows, "x") / pooled(rows, "y")
    for label, words in (
        ("a_wife", "actor effect of the wife"),
        ("p_wife", "partner effect of the husband on the wife"),
    ):
        assert table[words].value == pytest.approx(result.estimate(label).value * scale, abs=1e-8)
    assert "pooled over both members" in table.notes[-1]


def test_pooled_standard_errors_count_that_sds_are_estimated():
    # The bootstrap of couples is the witness: whole refits on resampled rows.
    rows = simulated_couples()
    table = standardized_effects(fit_path_model(actor_partner("x", "y"), rows), "pooled")
    rng = np.random.default_rng(8)
    X = rows[["x_wife", "x_husband"]].to_numpy()
    Y = rows[["y_wife", "y_husband"]].to_numpy()
    drawn = []
    for _ in range(2000):
        take = rng.integers(len(rows), size=len(rows))
        x, y = X[take], Y[take]
        b = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y[:, 0], rcond=None)[0]
        drawn.append(b[0] * x.std() / y.std())
    assert table["actor effect of the wife"].std_error == pytest.approx(np.std(drawn), rel=0.1)


def test_within_role_effects_are_the_engines_own():
    result = fit_path_model(actor_partner(("x", "z"), "y"), simulated_couples())
    engine = result.standardized("all")
    table = standardized_effects(result, "within role")
    words = {meaning.label: meaning.words for meaning in result.spec.meanings}
    compared = 0
    for arrow in result.spec.arrows:
        if arrow.op == "~":
            own, theirs = table[words[arrow.labels[0]]], engine[arrow.name]
            assert own.value == pytest.approx(theirs.value, abs=1e-8)
            assert own.std_error == pytest.approx(theirs.std_error, rel=1e-6)
            compared += 1
    assert compared == 8


def test_equal_raw_effects_stay_equal_only_where_sds_are_pooled():
    rows = simulated_couples()
    rows["x_wife"] *= 3
    spec = actor_partner_mediation("x", "z", "y", distinguishable=False)
    result = fit_path_model(spec, rows)
    assert len(standardized_effects(result, "pooled")) == 6
    assert len(standardized_effects(result, "within role")) == 12


def test_models_without_members_paths_are_refused():
    rows = simulated_couples()
    with pytest.raises(SpecError, match=r"Use result.standardized\(\)"):
        standardized_effects(fit_path_model(common_fate("x", "y"), rows))
    result = fit_path_model(actor_partner("x", "y"), rows)
    with pytest.raises(SpecError, match="'pooled' or 'within role'"):
        standardized_effects(result, "all")
