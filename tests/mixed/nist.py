"""NIST Statistical Reference Datasets that follow from a published rule, and Longley's data.

Certified values: National Institute of Standards and Technology, Statistical Reference Datasets
(https://www.itl.nist.gov/div898/strd/), analysis of variance and linear regression, works of the
US government. The rules stand in the same place: Simon and Lesage (1989) for SmLs01 to SmLs09,
Wampler (1970) for Wampler1 to Wampler5. `tests/mixed/test_nist.py` derives the certified values
again in exact rational arithmetic, so that no constant here rests on copying alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

# How many values a treatment has, and the figures all of them begin with.
SMLS = {
    "SmLs01": (21, "1.4"),
    "SmLs02": (201, "1.4"),
    "SmLs03": (2001, "1.4"),
    "SmLs04": (21, "1000000.4"),
    "SmLs05": (201, "1000000.4"),
    "SmLs06": (2001, "1000000.4"),
    "SmLs07": (21, "1000000000000.4"),
    "SmLs08": (201, "1000000000000.4"),
    "SmLs09": (2001, "1000000000000.4"),
}
N_TREATMENTS = 9
CERTIFIED_F = {21: 21.0, 201: 201.0, 2001: 2001.0}
CERTIFIED_RESIDUAL_SD = 0.1

_DELTA = (
    759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048,
    -2048, 1838, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 759,
)  # fmt: skip
_WAMPLER_SE = (
    2152.32624678170, 2363.55173469681, 779.343524331583,
    101.475507550350, 5.64566512170752, 0.112324854679312,
)  # fmt: skip
_WAMPLER_SD = 2360.14502379268


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A linear regression with certified results.

    Attributes:
        rows: Outcome `y` and predictors.
        predictors: Columns after the intercept.
        coefficients: Certified, intercept first.
        std_errors: Certified, in the same order.
        residual_sd: Certified.
    """

    rows: pd.DataFrame
    predictors: tuple[str, ...]
    coefficients: tuple[float, ...]
    std_errors: tuple[float, ...]
    residual_sd: float


def smls_values(name: str) -> list[list[str]]:
    """Return the decimal values of each treatment, as NIST prints them.

    Treatment 1 lies at the printed center, the others by turns a tenth below and above it; within
    a treatment the first value is its center and the others lie a tenth below and above in turn.
    """
    n, center = SMLS[name]
    whole, tenths = center.split(".")
    treatments = []
    for treatment in range(N_TREATMENTS):
        middle = int(tenths) + (0 if treatment == 0 else -1 if treatment % 2 else 1)
        steps = [0] + [-1 if k % 2 == 0 else 1 for k in range(n - 1)]
        treatments.append([f"{whole}.{middle + step}" for step in steps])
    return treatments


def smls_rows(name: str) -> pd.DataFrame:
    """Return a SmLs set as rows of `treatment` and `y`."""
    values = smls_values(name)
    return pd.DataFrame(
        {
            "treatment": np.repeat(np.arange(1, N_TREATMENTS + 1), [len(v) for v in values]),
            "y": [float(text) for treatment in values for text in treatment],
        }
    )


def wampler(number: int) -> Regression:
    """Return Wampler's polynomial of degree five, number 1 to 5."""
    x = range(21)
    scale = {1: 0, 2: 0, 3: 1, 4: 100, 5: 10000}[number]
    if number == 2:
        exact = [sum(Fraction(v, 10) ** power for power in range(6)) for v in x]
        coefficients = (1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001)
    else:
        exact = [
            Fraction(sum(v**power for power in range(6)) + scale * delta)
            for v, delta in zip(x, _DELTA, strict=True)
        ]
        coefficients = (1.0,) * 6
    columns = {f"x{power}": [float(v**power) for v in x] for power in range(1, 6)}
    return Regression(
        rows=pd.DataFrame({"y": [float(value) for value in exact], **columns}),
        predictors=tuple(columns),
        coefficients=coefficients,
        std_errors=tuple(scale * error for error in _WAMPLER_SE),
        residual_sd=scale * _WAMPLER_SD,
    )


def longley() -> Regression:
    """Return Longley's labor statistics, from the copy that statsmodels carries."""
    from statsmodels.datasets import longley as bundled

    rows = bundled.load_pandas().data.astype(float).rename(columns={"TOTEMP": "y"})
    return Regression(
        rows=rows,
        predictors=("GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"),
        coefficients=(
            -3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683,
            -1.03322686717359, -0.511041056535807e-01, 1829.15146461355,
        ),
        std_errors=(
            890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699,
            0.214274163161675, 0.226073200069370, 455.478499142212,
        ),
        residual_sd=304.854073561965,
    )  # fmt: skip


def exact_f(values: list[list[Fraction]]) -> tuple[Fraction, Fraction]:
    """Return F and the residual variance of a one-way layout in rational arithmetic."""
    n_rows = sum(len(treatment) for treatment in values)
    means = [sum(treatment, Fraction(0)) / len(treatment) for treatment in values]
    pairs = zip(means, values, strict=True)
    grand = sum((m * len(v) for m, v in pairs), Fraction(0)) / n_rows
    pairs = zip(means, values, strict=True)
    between = sum((len(v) * (m - grand) ** 2 for m, v in pairs), Fraction(0))
    pairs = zip(means, values, strict=True)
    within = sum(((x - m) ** 2 for m, v in pairs for x in v), Fraction(0))
    variance = within / (n_rows - len(values))
    return between / (len(values) - 1) / variance, variance


def exact_regression(regression: Regression) -> tuple[list[float], list[float], float]:
    """Return coefficients, standard errors and residual SD of the doubles, solved exactly."""
    y = [Fraction(value) for value in regression.rows["y"]]
    X = [
        [Fraction(1), *(Fraction(value) for value in row)]
        for row in regression.rows[list(regression.predictors)].to_numpy().tolist()
    ]
    p = len(X[0])
    normal = [
        [sum(row[i] * row[j] for row in X) for j in range(p)]
        + [Fraction(int(i == j)) for j in range(p)]
        + [sum((row[i] * value for row, value in zip(X, y, strict=True)), Fraction(0))]
        for i in range(p)
    ]
    for i in range(p):
        pivot = next(k for k in range(i, p) if normal[k][i] != 0)
        normal[i], normal[pivot] = normal[pivot], normal[i]
        lead = normal[i][i]
        normal[i] = [entry / lead for entry in normal[i]]
        for k in range(p):
            if k != i and normal[k][i] != 0:
                times = normal[k][i]
                pairs = zip(normal[k], normal[i], strict=True)
                normal[k] = [entry - times * base for entry, base in pairs]
    beta = [row[-1] for row in normal]
    rss = sum(
        (value - sum(b * x for b, x in zip(beta, row, strict=True))) ** 2
        for row, value in zip(X, y, strict=True)
    )
    variance = rss / (len(y) - p)
    errors = [math.sqrt(variance * normal[i][p + i]) for i in range(p)]
    return [float(b) for b in beta], errors, math.sqrt(variance)


def digits_agreed(found: float, certified: float) -> float:
    """Return LRE = -log10 of the relative error, at most 15 and at least 0."""
    if found == certified:
        return 15.0
    if certified == 0.0:
        return min(15.0, max(0.0, -math.log10(abs(found))))
    return min(15.0, max(0.0, -math.log10(abs(found - certified) / abs(certified))))
