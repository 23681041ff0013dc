"""The engine as ordinary least squares, against values certified by NIST.

`nist_table()` at the end is what `docs/parity.md` shows.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pandas as pd
import pytest

from intimacy_analysis.mixed.contrasts import joint_test
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from tests.mixed.nist import (
    CERTIFIED_F,
    CERTIFIED_RESIDUAL_SD,
    SMLS,
    Regression,
    digits_agreed,
    exact_f,
    exact_regression,
    longley,
    smls_rows,
    smls_values,
    wampler,
)

# Digits of F that must agree. Beyond seven leading figures the doubles themselves have lost
# digits: there the exact F of the doubles is the second yardstick.
SMLS_TARGET = {"1.4": 13.5, "1000000.4": 10.0, "1000000000000.4": 4.0}
SMLS_TARGET_OF_DOUBLES = {"1.4": 13.5, "1000000.4": 12.0, "1000000000000.4": 9.0}
REGRESSIONS = {
    "Longley": (longley, 10.5),
    "Wampler1": (lambda: wampler(1), 9.0),
    "Wampler2": (lambda: wampler(2), 13.0),
    # The residual grows from set to set, and with it what rounding takes from coefficients of 1
    # whose standard errors are 2e3, 2e5 and 2e7: statsmodels reaches 9.2, 7.8 and 5.8.
    "Wampler3": (lambda: wampler(3), 9.5),
    "Wampler4": (lambda: wampler(4), 8.0),
    "Wampler5": (lambda: wampler(5), 6.0),
}
EXACT_FITS = ("Wampler1", "Wampler2")


@cache
def regression(name: str) -> Regression:
    return REGRESSIONS[name][0]()


@cache
def fit_smls(name: str) -> MixedModelResult:
    spec = MixedModelSpec(fixed="y ~ C(treatment)", random="0", group="treatment")
    return fit_mixed_model(spec, smls_rows(name))


@cache
def fit_regression(name: str) -> MixedModelResult:
    found = regression(name)
    rows = found.rows.assign(unit=range(len(found.rows)))
    spec = MixedModelSpec(fixed="y ~ " + " + ".join(found.predictors), random="0", group="unit")
    return fit_mixed_model(spec, rows)


def f_of_treatments(result: MixedModelResult) -> float:
    treatments = tuple(name for name in result.estimates.names if name != "Intercept")
    return float(joint_test(result, treatments).statistic)


@pytest.mark.parametrize("name", SMLS)
def test_the_published_rule_gives_the_certified_f_in_exact_arithmetic(name):
    values = [[Fraction(text) for text in treatment] for treatment in smls_values(name)]
    f, variance = exact_f(values)
    assert f == CERTIFIED_F[SMLS[name][0]]
    assert variance == Fraction(1, 100)


@pytest.mark.parametrize("name", REGRESSIONS)
def test_the_certified_regressions_follow_from_the_rows_in_exact_arithmetic(name):
    found = regression(name)
    coefficients, std_errors, residual_sd = exact_regression(found)
    # Doubles of Wampler2 are themselves rounded: its standard errors are 0 up to that.
    assert coefficients == pytest.approx(found.coefficients, rel=1e-12)
    assert std_errors == pytest.approx(found.std_errors, rel=1e-13, abs=1e-10)
    assert residual_sd == pytest.approx(found.residual_sd, rel=1e-13, abs=1e-10)


@pytest.mark.parametrize("name", SMLS)
def test_one_way_f_reaches_the_target_digits(name):
    n, center = SMLS[name]
    found = f_of_treatments(fit_smls(name))
    assert digits_agreed(found, CERTIFIED_F[n]) >= SMLS_TARGET[center]
    exact = float(exact_f([[Fraction(float(v)) for v in t] for t in smls_values(name)])[0])
    assert digits_agreed(found, exact) >= SMLS_TARGET_OF_DOUBLES[center]


@pytest.mark.parametrize("name", [name for name in SMLS if SMLS[name][1] == "1.4"])
def test_one_way_residual_sd_reaches_the_target_digits(name):
    found = fit_smls(name).covariance_parameters["SD residual"].value
    assert digits_agreed(found, CERTIFIED_RESIDUAL_SD) >= 13.0


@pytest.mark.parametrize("name", REGRESSIONS)
def test_coefficients_reach_the_target_digits(name):
    assert worst_digits(name, "value") >= REGRESSIONS[name][1]


@pytest.mark.parametrize("name", EXACT_FITS)
def test_a_polynomial_without_residual_is_no_mixed_model_and_says_so(name):
    result = fit_regression(name)
    assert result.state == "failed"
    assert len(result.estimates) == 0
    assert "reproduce the outcome exactly" in result.warnings[0]


@pytest.mark.parametrize("name", [name for name in REGRESSIONS if name not in EXACT_FITS])
def test_standard_errors_reach_the_target_digits(name):
    assert worst_digits(name, "std_error") >= 10.5


def worst_digits(name: str, column: str) -> float:
    """Return the fewest digits of any coefficient or standard error."""
    found, result = regression(name), fit_regression(name)
    certified = found.coefficients if column == "value" else found.std_errors
    terms = ("Intercept", *found.predictors)
    if result.state == "failed":
        # No residual, no table: the engine's least squares stand in its outcome's coordinates.
        ours = list(result.fit.prepared.outcome.b_0)
    else:
        ours = [getattr(result.estimates[term], column) for term in terms]
    return min(digits_agreed(mine, value) for mine, value in zip(ours, certified, strict=True))


def nist_table() -> pd.DataFrame:
    """Return the digits agreed, one row a set: what `docs/parity.md` shows."""
    rows = []
    for name, (n, center) in SMLS.items():
        f = f_of_treatments(fit_smls(name))
        exact = float(exact_f([[Fraction(float(v)) for v in t] for t in smls_values(name)])[0])
        rows.append(
            {
                "set": name,
                "compared": "F",
                "LRE certified": round(digits_agreed(f, CERTIFIED_F[n]), 1),
                "LRE of the doubles": round(digits_agreed(f, exact), 1),
                "target": SMLS_TARGET[center],
            }
        )
    for name, (_, target) in REGRESSIONS.items():
        for column in ("value", "std_error"):
            if column == "std_error" and name in EXACT_FITS:
                continue
            rows.append(
                {
                    "set": name,
                    "compared": "coefficients" if column == "value" else "standard errors",
                    "LRE certified": round(worst_digits(name, column), 1),
                    "target": target if column == "value" else 10.5,
                }
            )
    return pd.DataFrame(rows)
