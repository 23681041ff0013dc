from __future__ import annotations

import pytest
from dyad_references import ENDINGS, couples
from simulated_couples import simulated_couples

from intimacy_analysis.dyadic.partners_share import check_common_fate
from intimacy_analysis.errors import DataError
from intimacy_analysis.paths.observe import observe_covariance

NAMES = ("x_wife", "x_husband", "y_wife", "y_husband")


def table(shared_x: float, shared_y: float):
    matrix = [
        [2.0, shared_x, 0.5, 0.1],
        [shared_x, 2.0, 0.1, 0.5],
        [0.5, 0.1, 1.0, shared_y],
        [0.1, 0.5, shared_y, 1.0],
    ]
    return observe_covariance(matrix, 100, names=NAMES)


def test_partners_who_covary_pass(reference_folder):
    check_common_fate(table(0.3, 0.2), "x", "y")
    check_common_fate(simulated_couples(), "x", "y")
    check_common_fate(couples(reference_folder, "acitelli_wide"), "OP", "Sat", suffixes=ENDINGS)


@pytest.mark.parametrize(("x", "y", "named"), [(-0.3, 0.2, "x"), (0.3, 0.0, "y")])
def test_partners_who_do_not_are_refused_with_the_reason(x, y, named):
    with pytest.raises(DataError, match=f"1 of 2 does not.*there is no shared {named}"):
        check_common_fate(table(x, y), "x", "y")


def test_both_variables_are_counted():
    with pytest.raises(DataError, match=r"2 of 2 do not: .*is -0\.3\..*actor_partner\('x', 'y'\)"):
        check_common_fate(table(-0.3, -0.2), "x", "y")
