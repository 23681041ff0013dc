from __future__ import annotations

import numpy as np
import pytest
from dyad_references import ENDINGS, check_agreement, couples, item_means, reference
from simulated_couples import least_squares, simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner, effect_labels, equal_effects
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance


def labeled(spec) -> dict[str, str]:
    return {arrow.name: arrow.labels[0] for arrow in spec.arrows if arrow.labels[0]}


def test_a_partner_effect_is_the_other_members_predictor_on_the_own_outcome():
    held = labeled(actor_partner("x", "y"))
    assert held["y_wife ~ x_wife"] == "a_wife"
    assert held["y_wife ~ x_husband"] == "p_wife"
    assert held["y_husband ~ x_husband"] == "a_husband"
    assert held["y_husband ~ x_wife"] == "p_husband"


def test_members_who_are_alike_share_labels():
    held = labeled(actor_partner("x", "y", distinguishable=False))
    assert held["y_wife ~ x_wife"] == held["y_husband ~ x_husband"] == "a"
    assert held["y_wife ~ x_husband"] == held["y_husband ~ x_wife"] == "p"
    assert held["x_wife ~~ x_wife"] == held["x_husband ~~ x_husband"] == "vx"
    assert held["y_wife ~1"] == held["y_husband ~1"] == "my"


def test_several_predictors_carry_their_names():
    spec = actor_partner(("x", "z"), "y", covariates=("years",))
    assert "a_x_wife" in spec.labels
    assert "p_z_husband" in spec.labels
    assert "c_years_wife" in spec.labels
    assert len({meaning.words for meaning in spec.meanings}) == len(spec.meanings)


def test_every_meaning_is_of_a_label_or_a_definition():
    for distinguishable in (True, False):
        spec = actor_partner(
            ("x", "z"), "y", covariates=("years",), distinguishable=distinguishable
        )
        known = {*spec.labels, *(definition.name for definition in spec.definitions)}
        assert {meaning.label for meaning in spec.meanings} <= known


def test_effects_of_distinguishable_members_are_those_of_least_squares():
    # Both outcomes have the same predictors, so maximum likelihood is least squares of each.
    rows = simulated_couples()
    result = fit_path_model(actor_partner(("x", "z"), "y", covariates=("years",)), rows)
    columns = ["x_wife", "x_husband", "z_wife", "z_husband", "years"]
    for role, names in (
        ("wife", ("a_x_wife", "p_x_wife", "a_z_wife", "p_z_wife", "c_years_wife")),
        (
            "husband",
            ("p_x_husband", "a_x_husband", "p_z_husband", "a_z_husband", "c_years_husband"),
        ),
    ):
        b, errors = least_squares(rows[f"y_{role}"].to_numpy(), rows[columns].to_numpy())
        own = [result.estimate(name) for name in names]
        assert [row.value for row in own] == pytest.approx(list(b[:5]), abs=1e-8)
        assert [row.std_error for row in own] == pytest.approx(list(errors[:5]), rel=1e-6)


def test_alike_members_with_several_predictors_and_a_covariate_have_the_free_moments_of_isat():
    # p = 3 variables a member and a covariate: p (p + 1) for the members, p for the covariate.
    rows = simulated_couples()
    spec = actor_partner(("x", "z"), "y", covariates=("years",), distinguishable=False)
    assert fit_path_model(spec, rows).fit_indices.df == 3 * 4 + 3


def test_changing_the_members_places_changes_nothing_where_they_are_alike():
    rows = simulated_couples()
    swapped = rows.rename(
        columns=lambda name: (
            name.replace("wife", "X").replace("husband", "wife").replace("X", "husband")
        )
    )
    spec = actor_partner("x", "y", distinguishable=False)
    one, two = fit_path_model(spec, rows), fit_path_model(spec, swapped)
    assert one.log_likelihood == pytest.approx(two.log_likelihood, abs=1e-8)
    assert one.estimate("p").value == pytest.approx(two.estimate("p").value, abs=1e-8)


def test_acitelli_distinguishable_agrees_with_lavaan(reference_folder):
    result = fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS), couples(reference_folder, "acitelli_wide")
    )
    lavaan = reference(reference_folder, "acitelli")["sem_apim_dist_ml"]
    check_agreement(result, lavaan)
    defined = {row["lhs"]: row for row in lavaan["params"] if row["op"] == ":="}
    for own, theirs in (("a_difference", "a_diff"), ("p_difference", "p_diff")):
        assert result.estimate(own).value == pytest.approx(defined[theirs]["est"], abs=1e-5)
        assert result.estimate(own).std_error == pytest.approx(defined[theirs]["se"], rel=1e-4)


def test_acitelli_indistinguishable_agrees_with_lavaan(reference_folder):
    result = fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS, distinguishable=False),
        couples(reference_folder, "acitelli_wide"),
    )
    check_agreement(result, reference(reference_folder, "acitelli")["sem_apim_indist_ml"])
    assert result.fit_indices.df == 6


def test_acitelli_equal_effects_agree_with_lavaan(reference_folder):
    rows = couples(reference_folder, "acitelli_wide")
    free = actor_partner("OP", "Sat", suffixes=ENDINGS)
    models = reference(reference_folder, "acitelli")
    large, small = fit_path_model(free, rows), fit_path_model(equal_effects(free), rows)
    check_agreement(small, models["sem_apim_equal_effects"])
    test = compare_path_models(small, large)
    assert test.chisq_difference == pytest.approx(
        models["lrt_equal_effects"]["chisq_diff"], abs=1e-4
    )
    assert test.df_difference == 2


def test_acitelli_robust_fits_agree_with_lavaan(reference_folder):
    rows = couples(reference_folder, "acitelli_wide")
    models = reference(reference_folder, "acitelli")
    fits = [
        fit_path_model(
            actor_partner("OP", "Sat", suffixes=ENDINGS, distinguishable=distinguishable),
            rows,
            standard_errors="robust",
        )
        for distinguishable in (False, True)
    ]
    for name in ("a", "p"):
        (theirs,) = {
            row["se"]
            for row in models["sem_apim_indist_mlr"]["params"]
            if row.get("label") == name and row["lhs"] == "Sat_w"
        }
        assert fits[0].estimate(name).std_error == pytest.approx(theirs, rel=1e-4)
    test = compare_path_models(*fits)
    assert test.chisq_difference == pytest.approx(
        models["lrt_mlr_satorra_bentler"]["chisq_diff"], abs=1e-4
    )


@pytest.mark.parametrize(
    ("name", "endings", "stems", "x", "y"),
    [
        (
            "dysem_commitmentm",
            ("_f", "_m"),
            {"com": [f"com{i}" for i in range(1, 6)], "sat": [f"sat.g{i}" for i in range(1, 6)]},
            "com",
            "sat",
        ),
        (
            "dysem_dres",
            (".1", ".2"),
            {
                "prq": [f"PRQC_{i}" for i in range(1, 10)],
                "sex": [f"sexsat{i}" for i in range(1, 6)],
            },
            "prq",
            "sex",
        ),
    ],
)
def test_scales_with_gaps_agree_with_lavaans_full_information(
    reference_folder, name, endings, stems, x, y
):
    rows = item_means(couples(reference_folder, name), stems, endings)
    models = reference(reference_folder, name)
    lavaan = models[f"apim_{x}_to_{y}_ML"]
    for key, distinguishable in (("dist", True), ("indist", False)):
        spec = actor_partner(
            x, y, roles=("one", "two"), suffixes=("_1", "_2"), distinguishable=distinguishable
        )
        check_agreement(fit_path_model(spec, rows, missing="fiml"), lavaan[key])
    free = actor_partner(x, y, roles=("one", "two"), suffixes=("_1", "_2"))
    check_agreement(fit_path_model(free, rows), models[f"apim_{x}_to_{y}_listwise"])


def test_a_printed_table_without_means_is_enough():
    rows = simulated_couples()[["x_wife", "x_husband", "y_wife", "y_husband"]]
    printed = observe_covariance(rows.cov(), len(rows))
    for distinguishable, df in ((True, 0), (False, 4)):
        spec = actor_partner("x", "y", distinguishable=distinguishable, means=False)
        result = fit_path_model(spec, printed)
        assert result.fit_indices.df == df
        again = fit_path_model(spec, rows, means=False)
        name = effect_labels(spec, "wife" if distinguishable else None)[1]
        assert result.estimate(name).value == pytest.approx(again.estimate(name).value, abs=1e-8)


def test_effects_are_found_by_member():
    assert effect_labels(actor_partner("x", "y"), "husband") == ("a_husband", "p_husband")
    assert effect_labels(actor_partner("x", "y", distinguishable=False), None) == ("a", "p")
    with pytest.raises(SpecError, match="it is None and the model"):
        effect_labels(actor_partner("x", "y"), None)
    with pytest.raises(SpecError, match="one actor effect for both"):
        effect_labels(actor_partner("x", "y", distinguishable=False), "wife")
    with pytest.raises(SpecError, match="Name the two by labels="):
        effect_labels(actor_partner(("x", "z"), "y"), "wife")


def test_equal_effects_need_two_members_effects():
    with pytest.raises(SpecError, match="distinguishable=True"):
        equal_effects(actor_partner("x", "y", distinguishable=False))
    with pytest.raises(SpecError, match="'actor', 'partner' or 'both'"):
        equal_effects(actor_partner("x", "y"), "all")
    only = equal_effects(actor_partner("x", "y"), "actor")
    assert [constraint.text for constraint in only.constraints] == ["a_wife == a_husband"]


def test_a_covariate_is_a_column_of_its_own():
    with pytest.raises(SpecError, match="first is 'x_wife'"):
        actor_partner("x", "y", covariates=("x_wife",))


def test_a_known_truth_is_recovered_from_many_couples():
    rows = simulated_couples(n=20_000, seed=3)
    result = fit_path_model(actor_partner(("x", "z"), "y"), rows)
    truth = {"a_x_wife": 0.5, "p_x_wife": 0.2, "a_x_husband": 0.4, "p_x_husband": 0.3}
    for name, value in truth.items():
        row = result.estimate(name)
        assert abs(row.value - value) < 4 * row.std_error
        assert np.isfinite(row.std_error)
