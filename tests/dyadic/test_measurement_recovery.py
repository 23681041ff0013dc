from __future__ import annotations

import numpy as np
import pytest
from biased_couples import ITEMS, MEAN_DIFFERENCE, answers

from intimacy_analysis.dyadic.factor_fit import fit_factor_model
from intimacy_analysis.dyadic.item_columns import item_columns
from intimacy_analysis.dyadic.item_tests import item_tests
from intimacy_analysis.dyadic.partial_invariance import partial_invariance
from intimacy_analysis.paths.comparison import compare_path_models

COLUMNS = item_columns(ITEMS)
TIMES = 140
# Four binomial standard errors of a rate of .05.
SLACK = 4 * np.sqrt(0.05 * 0.95 / TIMES)


@pytest.mark.slow
def test_true_equalities_are_rejected_as_often_as_they_should_be():
    rejected = {"loadings": 0, "intercepts": 0, "residuals": 0, "latent variances": 0}
    blamed = 0
    covered = 0
    for seed in range(TIMES):
        rows = answers(300, seed)
        before = fit_factor_model(rows, COLUMNS, "care", "configural", {}, missing="listwise")
        for level in rejected:
            fit = fit_factor_model(rows, COLUMNS, "care", level, {}, missing="listwise")
            rejected[level] += compare_path_models(fit, before).p_value < 0.05
            if level == "intercepts":
                row = fit.estimate("d_care")
                covered += row.low <= MEAN_DIFFERENCE <= row.high
            before = fit
        tests = item_tests(rows, COLUMNS, "care", "loadings", {}, missing="listwise")
        blamed += tests["holm_p"].iloc[0] < 0.05
    for level, count in rejected.items():
        assert abs(count / TIMES - 0.05) < SLACK, level
    # Holm keeps the chance to blame any item at or below .05.
    assert blamed / TIMES < 0.05 + SLACK
    assert abs(covered / TIMES - 0.95) < SLACK


@pytest.mark.slow
def test_the_biased_item_is_found_nearly_always_and_alone_most_times():
    found = [
        partial_invariance(answers(500, seed, intercept={"care4": 4.1}), ITEMS, missing="listwise")
        for seed in range(60)
    ]
    held = [one.free.get("intercepts", ()) for one in found]
    assert sum("care4" in items for items in held) >= 57
    assert sum(items == ("care4",) for items in held) >= 50
    # The difference of means, with the item free, is that of the other items.
    values = [
        one["intercepts"].result.estimate("d_factor").value
        for one, items in zip(found, held, strict=True)
        if items == ("care4",)
    ]
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.mean(values) - MEAN_DIFFERENCE) < 4 * error + 0.01
