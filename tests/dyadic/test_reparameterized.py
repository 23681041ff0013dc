from __future__ import annotations

import pytest
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.dyad_individual import dyad_individual
from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
from intimacy_analysis.dyadic.effects_table import effects_table
from intimacy_analysis.dyadic.reparameterized import as_dyad_individual, as_dyadic_scores
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance


def with_gaps():
    rows = simulated_couples()
    rows.loc[rows.index[:15], "y_wife"] = float("nan")
    rows.loc[rows.index[10:30], "x_husband"] = float("nan")
    return rows


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
@pytest.mark.parametrize("distinguishable", [True, False])
@pytest.mark.parametrize(
    ("build", "transform"),
    [(dyadic_score, as_dyadic_scores), (dyad_individual, as_dyad_individual)],
)
def test_a_transformed_model_has_the_numbers_of_the_model_fitted_directly(
    build, transform, distinguishable, missing
):
    rows = with_gaps()
    plain = fit_path_model(
        actor_partner("x", "y", distinguishable=distinguishable), rows, missing=missing
    )
    direct = fit_path_model(build("x", "y", distinguishable=distinguishable), rows, missing=missing)
    assert direct.state == "ok"
    assert direct.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    assert direct.fit_indices.df == plain.fit_indices.df
    table, fitted = transform(plain), effects_table(direct)
    assert table.names == fitted.names
    for row in table:
        assert row.value == pytest.approx(fitted[row.name].value, abs=1e-5)
        assert row.std_error == pytest.approx(fitted[row.name].std_error, rel=1e-4)


def test_printed_tables_without_means_serve_too():
    rows = simulated_couples()[["x_wife", "x_husband", "y_wife", "y_husband"]]
    printed = observe_covariance(rows.cov(), len(rows))
    for build, label in ((dyadic_score, "ll"), (dyad_individual, "b_wife")):
        own = fit_path_model(build("x", "y", means=False), printed).estimate(label).value
        assert own == pytest.approx(fit_path_model(build("x", "y"), rows).estimate(label).value)


def test_only_one_predictor_is_transformed():
    rows = simulated_couples()
    with pytest.raises(SpecError, match=r"Fit actor_partner\(x, y\)"):
        as_dyadic_scores(fit_path_model(actor_partner(("x", "z"), "y"), rows))
    with pytest.raises(SpecError, match="one predictor"):
        as_dyad_individual(fit_path_model(dyadic_score("x", "y"), rows))
