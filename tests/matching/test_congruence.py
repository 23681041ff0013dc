from __future__ import annotations

import numpy as np
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.matching.congruence import congruence_tests
from intimacy_analysis.matching.response_surface import dyadic_response_surface, response_surface
from tests.matching.surface_references import made_couples, reference_rows


@pytest.mark.parametrize(
    ("b", "verdict", "said"),
    [
        ((0, 0, -0.3, 0.6, -0.3), "strict", "agrees with strict congruence"),
        ((0.3, 0.3, -0.3, 0.6, -0.3), "broad", "the common level matters"),
        ((0.3, 0.3, 0, 0, 0), "none", "No congruence effect is seen"),
        ((0, 0, 0.3, -0.6, 0.3), "opposite", "the opposite of a congruence effect"),
        ((0, 0, -0.6, 0.6, -0.1), "contradicted", "not a congruence effect"),
    ],
)
def test_each_truth_has_its_verdict(b, verdict, said):
    rows = made_couples(400, 11, b=b)
    surface = dyadic_response_surface(rows, "want", "get", "sat", confidence=0.99)
    found = congruence_tests(surface)
    assert [test.verdict for test in found.tests] == [verdict, verdict]
    assert said in found["wife"].words()
    assert "of the husband" in found["husband"].words()


def test_the_joint_tests_are_quadratic_forms_of_the_estimates(reference_folder):
    rows = reference_rows(reference_folder, "rsa_motcon2")
    surface = response_surface(rows, "IM", "EM", "VA", center=0.0)
    found = congruence_tests(surface).tests[0]
    values = surface.fit.values(["a3", "a5"])
    by_hand = values @ np.linalg.solve(surface.fit.covariance(["a3", "a5"]), values)
    assert found.on_line.statistic == pytest.approx(by_hand)
    assert (found.on_line.df, found.level.df, found.on_line_and_level.df) == (2, 2, 4)
    # a4 of the reference: -0.249, standard error 0.061.
    assert found.p_below < 1e-4
    assert found.curvature.high < 0


def test_a_bootstrap_brings_its_own_covariance():
    rows = made_couples(150, 12)
    columns = ("want_wife", "get_husband", "sat_wife")
    plain = congruence_tests(response_surface(rows, *columns)).tests[0]
    drawn = congruence_tests(
        response_surface(rows, *columns, standard_errors="bootstrap", bootstrap=1000, seed=1)
    ).tests[0]
    assert drawn.verdict == plain.verdict == "strict"
    assert drawn.on_line.statistic != plain.on_line.statistic
    assert drawn.on_line.statistic == pytest.approx(plain.on_line.statistic, rel=0.5)


def test_an_unknown_member_is_refused():
    found = congruence_tests(dyadic_response_surface(made_couples(80, 1), "want", "get", "sat"))
    with pytest.raises(SpecError, match=r"no surface of 'child'\. There are: 'wife', 'husband'"):
        found["child"]
