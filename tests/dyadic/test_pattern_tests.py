from __future__ import annotations

import math

import pytest
from dyad_references import ENDINGS, couples, reference
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.pattern_tests import equal_patterns, pattern_tests
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model


def test_acitelli_agrees_with_lavaan(reference_folder):
    models = reference(reference_folder, "acitelli")
    result = fit_path_model(
        actor_partner("OP", "Sat", suffixes=ENDINGS, distinguishable=False),
        couples(reference_folder, "acitelli_wide"),
    )
    table = pattern_tests(result)
    free = models["sem_apim_indist_ml"]["fit"]
    for name, key in (
        ("couple", "sem_k_couple"),
        ("actor-only", "sem_k_actor_only"),
        ("contrast", "sem_k_contrast"),
    ):
        fit = models[key]["fit"]
        assert table[name].chisq == pytest.approx(fit["chisq"] - free["chisq"], abs=1e-4)
        assert table[name].df == 1
        # AICc by its formula, from lavaan's log-likelihood: 7 parameters, 148 couples.
        expected = -2 * fit["logl"] + 14 + 2 * 7 * 8 / (148 - 8)
        assert table[name].aicc == pytest.approx(expected, abs=1e-3)
    assert table["free"].aicc == pytest.approx(-2 * free["logl"] + 16 + 2 * 8 * 9 / 139, abs=1e-3)


def test_weights_sum_to_one_and_follow_the_criterion():
    result = fit_path_model(actor_partner("x", "y"), simulated_couples())
    rows = pattern_tests(result, "wife").rows
    assert [row.name for row in rows] == [
        "free", "couple", "actor-only", "contrast", "partner-only",
    ]  # fmt: skip
    assert sum(row.weight for row in rows) == pytest.approx(1)
    one, two = rows[1], rows[2]
    assert one.weight / two.weight == pytest.approx(math.exp((two.aicc - one.aicc) / 2))


def test_patterns_are_compared_between_members_without_a_ratio():
    result = fit_path_model(actor_partner("x", "y"), simulated_couples(n=3000))
    test = equal_patterns(result)["same k for both members"]
    # k is .2/.5 for her and .3/.4 for him in the generating model, plus what z carries.
    assert test.df == 1
    assert test.p_value < 0.01
    assert test.wald == pytest.approx(test.chisq, rel=0.2)


def test_robust_fits_and_unequal_models_are_refused():
    rows = simulated_couples()
    robust = fit_path_model(actor_partner("x", "y"), rows, standard_errors="robust")
    with pytest.raises(SpecError, match="plain likelihood, but the fit is robust"):
        pattern_tests(robust, "wife")
    alike = fit_path_model(actor_partner("x", "y", distinguishable=False), rows)
    with pytest.raises(SpecError, match="Leave role out"):
        equal_patterns(alike)
