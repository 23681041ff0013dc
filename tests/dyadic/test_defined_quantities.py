from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from measured_couples import COLUMNS, drawn

from intimacy_analysis.reliability.defined_quantities import defined_quantities
from intimacy_analysis.reliability.omega import omega_model


def test_both_errors_are_kept_apart():
    rows = drawn(200, seed=2)[0]
    held = defined_quantities(omega_model(COLUMNS), rows, "listwise", 200, 1, 0.95)
    plain, booted = (held.row("omega_wife", bootstrapped=which) for which in (False, True))
    assert plain.value == booted.value
    assert plain.std_error == pytest.approx(booted.std_error, rel=0.4)
    assert (plain.low, plain.high) != (booted.low, booted.high)
    assert held.problems("omega") == ()


def test_a_negative_residual_variance_is_told():
    # Covariances .9, .9 and .3 ask for an error variance of 1 - .9 * .9 / .3 = -1.7.
    block = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.3], [0.9, 0.3, 1.0]]) + 0.3 * np.eye(3)
    rng = np.random.default_rng(1)
    one, two = (rng.multivariate_normal(np.zeros(3), block, size=60) for _ in range(2))
    columns = [name for held in COLUMNS.values() for name in held]
    rows = pd.DataFrame(np.hstack([one, two]), columns=columns)
    held = defined_quantities(omega_model(COLUMNS), rows, "listwise", 100, 1, 0.95)
    assert held.plain.state == "inadmissible"
    assert any("behind omega" in text for text in held.problems("omega"))
