from __future__ import annotations

import pytest
from dyad_references import ENDINGS, check_agreement, couples, reference
from simulated_couples import least_squares, simulated_couples

from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.monte_carlo import monte_carlo_intervals

# Names of the R script: its "AP" is X of the partner, own mediator; ours go step by step.
SIMPLE = {"AA": "aa", "PP": "pp", "AP": "pa", "PA": "ap"}
SUMS = {
    "ie_{}_actor_total": "ie_actor_{}",
    "ie_{}_partner_total": "ie_partner_{}",
    "te_{}_actor": "te_actor_{}",
    "te_{}_partner": "te_partner_{}",
}


def own_names() -> dict[str, str]:
    """Return the R script's name of each defined effect, and ours."""
    found = {}
    for letter, role in (("w", "wife"), ("h", "husband")):
        found |= {f"ie_{letter}_{old}": f"ie_{new}_{role}" for old, new in SIMPLE.items()}
        found |= {old.format(letter): new.format(role) for old, new in SUMS.items()}
    return found


def test_a_total_effect_is_what_a_model_without_mediators_finds():
    rows = simulated_couples()
    result = fit_path_model(actor_partner_mediation("x", "z", "y"), rows)
    for member, role in enumerate(("wife", "husband")):
        pair = ["x_wife", "x_husband"]
        b, _ = least_squares(rows[f"y_{role}"].to_numpy(), rows[pair].to_numpy())
        assert result.estimate(f"te_actor_{role}").value == pytest.approx(b[member], abs=1e-8)
        assert result.estimate(f"te_partner_{role}").value == pytest.approx(b[1 - member], abs=1e-8)


@pytest.mark.parametrize("serial", [(("z", "u"),), (("u", "z"),)])
@pytest.mark.parametrize("distinguishable", [True, False])
def test_direction_and_residual_covariance_of_two_mediators_cannot_be_told_apart(
    serial, distinguishable
):
    rows = simulated_couples()
    spec = actor_partner_mediation(
        "x", ("z", "u"), "y", serial=serial, distinguishable=distinguishable
    )
    result = fit_path_model(spec, rows)
    # Four variables a member: I-SAT has 4 * 5 degrees of freedom, and so have all three models.
    assert result.fit_indices.df == (0 if distinguishable else 20)
    parallel = actor_partner_mediation("x", ("z", "u"), "y", distinguishable=distinguishable)
    assert result.log_likelihood == pytest.approx(
        fit_path_model(parallel, rows).log_likelihood, abs=1e-7
    )


def test_without_direct_paths_the_total_is_indirect():
    spec = actor_partner_mediation("x", "m", "y", direct=False)
    text = {d.name: d.expression.text for d in spec.definitions}
    assert text["te_actor_wife"] == "ie_actor_wife"
    assert not [label for label in spec.labels if label.startswith("c") and label != "cy"]


def test_words_are_one_a_quantity_and_labels_are_known():
    for distinguishable in (True, False):
        spec = actor_partner_mediation(
            "x",
            ("m", "n"),
            "y",
            serial=(("m", "n"),),
            distinguishable=distinguishable,
            covariates=("years",),
        )
        words = [meaning.words for meaning in spec.meanings]
        assert len(set(words)) == len(words)
        known = {*spec.labels, *(definition.name for definition in spec.definitions)}
        assert {meaning.label for meaning in spec.meanings} <= known


def test_acitelli_distinguishable_agrees_with_lavaan(reference_folder):
    result = fit_path_model(
        actor_partner_mediation("OP", "Ten", "Sat", suffixes=ENDINGS),
        couples(reference_folder, "acitelli_wide"),
    )
    models = reference(reference_folder, "acitelli")
    check_agreement(result, models["apimem_dist_ml"])
    names = own_names()
    compared = 0
    for row in models["apimem_dist_ml"]["params"]:
        if row["op"] == ":=":
            own = result.estimate(names[row["lhs"]])
            assert own.value == pytest.approx(row["est"], abs=1e-5)
            assert own.std_error == pytest.approx(row["se"], rel=1e-4)
            compared += 1
    assert compared == 16


def test_acitelli_indistinguishable_agrees_with_lavaan(reference_folder):
    result = fit_path_model(
        actor_partner_mediation("OP", "Ten", "Sat", suffixes=ENDINGS, distinguishable=False),
        couples(reference_folder, "acitelli_wide"),
    )
    lavaan = reference(reference_folder, "acitelli")["apimem_indist_ml"]
    check_agreement(result, lavaan)
    defined = {row["lhs"]: row for row in lavaan["params"] if row["op"] == ":="}
    for name in ("ie_actor", "ie_partner", "te_actor", "te_partner"):
        own = result.estimate(name)
        assert own.value == pytest.approx(defined[name]["est"], abs=1e-5)
        assert own.std_error == pytest.approx(defined[name]["se"], rel=1e-4)
    for name, expression in (("kx", "ap/aa"), ("kb", "bp/ba")):
        own = estimate_expression(result, expression)
        assert own.value == pytest.approx(defined[name]["est"], abs=1e-5)
        assert own.std_error == pytest.approx(defined[name]["se"], rel=1e-4)


def test_acitelli_monte_carlo_and_bootstrap_intervals_are_near_those_of_r(reference_folder):
    rows = couples(reference_folder, "acitelli_wide")
    spec = actor_partner_mediation("OP", "Ten", "Sat", suffixes=ENDINGS)
    models = reference(reference_folder, "acitelli")
    names = own_names()
    result = fit_path_model(spec, rows, standard_errors="bootstrap", bootstrap=2000, seed=5)
    # Both are draws: Monte Carlo limits differ by about .001, those of 1,000 replicates by .02.
    drawn = monte_carlo_intervals(result, tuple(names.values()), n_draws=200_000, seed=1)
    plain = monte_carlo_intervals(
        fit_path_model(spec, rows), tuple(names.values()), n_draws=200_000, seed=1
    )
    assert drawn.names == plain.names
    for old, new in names.items():
        assert plain[new].interval == pytest.approx(tuple(models["apimem_mc_ci"][old]), abs=0.004)
        theirs = models["apimem_boot1000_percentile"][old]
        assert result.estimate(new).interval == pytest.approx(
            (theirs["lo"], theirs["hi"]), abs=0.03
        )
