"""From parameters and their covariance to estimates: arrows, labels, expressions of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.constraints import named_values
from intimacy_analysis.paths.expressions import Expression
from intimacy_analysis.paths.parameter_table import ParameterTable
from intimacy_analysis.paths.spec import PathModelSpec

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """Every number a model names: value and gradient in the free parameters.

    Attributes:
        values: Name to value. Names are arrows with their group, labels and defined names.
        gradients: Name to gradient, shape (q,).
        arrows: Names of the arrows, in the table's order.
        definitions: Defined names in order, each with its row's name "k := p/a".
    """

    values: dict[str, float]
    gradients: dict[str, Floats]
    arrows: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]


def quantities(
    spec: PathModelSpec, table: ParameterTable, theta: Floats, sample: Mapping[str, float]
) -> Quantities:
    """Return all quantities of a model at a point.

    Args:
        spec: The model, for its definitions.
        table: Its parameters.
        theta: Free parameters, shape (q,).
        sample: Values of rows taken from the sample, by the row's name.
    """
    defined = {d.name: d.expression for d in spec.definitions}
    values, gradients = named_values(theta, table, defined)
    q = len(theta)
    arrows = []
    for row in table.rows:
        name = table.name(row)
        gradient = np.zeros(q)
        if row.free >= 0:
            gradient[row.free] = 1.0
            values[name] = float(theta[row.free])
        else:
            values[name] = sample[name] if row.sample else row.value
        gradients[name] = gradient
        arrows.append(name)
    return Quantities(
        values=values,
        gradients=gradients,
        arrows=tuple(arrows),
        definitions=tuple((d.name, f"{d.name} := {d.expression.text}") for d in spec.definitions),
    )


def normal_estimate(
    name: str, value: float, variance: float, confidence: float, unit: str = ""
) -> Estimate:
    """Return an estimate with a normal interval and p; a variance of 0 gives a fixed number."""
    if math.isnan(value):
        return Estimate(name=name, value=math.nan, unit=unit)
    if variance == 0:
        return Estimate(name=name, value=value, std_error=0.0, low=value, high=value, unit=unit)
    if not variance > 0:
        return Estimate(name=name, value=value, unit=unit)
    error = math.sqrt(variance)
    reach = -float(ndtri((1 - confidence) / 2)) * error
    return Estimate(
        name=name,
        value=value,
        std_error=error,
        df=math.inf,
        low=value - reach,
        high=value + reach,
        p_value=2 * float(ndtr(-abs(value / error))),
        unit=unit,
    )


def expression_value(expression: Expression, held: Quantities) -> tuple[float, Floats]:
    """Return value and gradient of an expression over labels and defined names."""
    value, partial = expression.evaluate_with_gradient(
        {name: held.values[name] for name in expression.names}
    )
    q = len(next(iter(held.gradients.values()))) if held.gradients else 0
    gradient = np.zeros(q)
    for name, slope in partial.items():
        gradient += float(slope) * held.gradients[name]
    return float(value), gradient
