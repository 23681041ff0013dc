"""Standardized solutions with delta-method errors, and explained variance."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.paths.estimating import Quantities, normal_estimate
from intimacy_analysis.paths.fit import PathFit
from intimacy_analysis.paths.implied import GroupStructure, filled, imply
from intimacy_analysis.paths.parameter_table import Row
from intimacy_analysis.paths.spec import PathModelSpec

Floats = npt.NDArray[np.float64]
Kind = Literal["all", "latent", "no_x"]
_WORDS = {
    "all": "all variables",
    "latent": "latent variables only",
    "no_x": "all but exogenous observed variables",
}


def standardized_estimates(
    fit: PathFit,
    covariance: Floats,
    held: Quantities,
    spec: PathModelSpec,
    *,
    kind: Kind,
    confidence: float,
) -> EstimateTable:
    """Return every parameter with the chosen variables scaled to variance 1.

    Args:
        fit: The fit.
        covariance: Of the free parameters, shape (q, q).
        held: Values of the parameters.
        spec: The model.
        kind: Which variables are scaled.
        confidence: Coverage of the intervals.

    Source:
        Bollen (1989), Structural Equations with Latent Variables, p. 349; errors by the delta
        method (docs/maths/path_model.md, eq. 14).
    """
    theta = fit.solution.theta
    center = _scaled(fit, theta, kind, spec)
    q = len(theta)
    slopes = np.zeros((len(center), q))
    inside = np.linalg.inv(fit.centering.matrix)
    errors = np.sqrt(np.maximum(np.diag(inside @ covariance @ inside.T), 0.0))
    # The scaling is smooth over a thousandth of a standard error: central differences of it are
    # exact to six digits and more, in whatever units the variables are.
    widths = np.where(errors > 0, 1e-3 * errors, 1e-5 * np.maximum(np.abs(theta), 1e-3))
    for at, width in enumerate(widths):
        ahead, behind = theta.copy(), theta.copy()
        ahead[at] += width
        behind[at] -= width
        slopes[:, at] = (_scaled(fit, ahead, kind, spec) - _scaled(fit, behind, kind, spec)) / (
            2 * width
        )
    slopes = slopes @ inside
    variance = np.einsum("ki,ij,kj->k", slopes, covariance, slopes)
    names = [*held.arrows, *(row for _, row in held.definitions)]
    rows = []
    for name, value, size in zip(names, center, variance, strict=True):
        # A number that no parameter moves (a variance scaled to 1) has no error.
        tiny = abs(size) <= 1e-18 * value**2
        rows.append(normal_estimate(name, float(value), 0.0 if tiny else float(size), confidence))
    return EstimateTable(
        rows=tuple(rows),
        title=f"Standardized estimates ({_WORDS[kind]})",
        interval_method="delta method",
        confidence=confidence,
        notes=(
            "Standardized values of a model with equal parameters differ where the variables' "
            "spreads differ.",
        )
        if len({row.free for row in fit.table.rows if row.free >= 0})
        < sum(row.free >= 0 for row in fit.table.rows)
        else (),
    )


def _scaled(fit: PathFit, theta: Floats, kind: Kind, spec: PathModelSpec) -> Floats:
    """Return standardized arrows, then definitions of standardized labels."""
    names = (*fit.table.observed, *fit.table.latent)
    place = {name: at for at, name in enumerate(names)}
    values: list[float] = []
    labels: dict[str, float] = {}
    spreads = []
    given = fit.centering.to_given(theta)
    for structure in fit.likelihood.structures:
        spreads.append(_spread(fit, structure, theta, kind))
    for row in fit.table.rows:
        spread = spreads[row.group]
        value = _standard(row, given, fit, theta, place, spread)
        values.append(value)
        if row.label:
            labels.setdefault(row.label, value)
    for definition in spec.definitions:
        value = float(np.asarray(definition.expression.evaluate(labels)))
        labels[definition.name] = value
        values.append(value)
    return np.array(values)


def _spread(fit: PathFit, structure: GroupStructure, theta: Floats, kind: Kind) -> Floats:
    implied = imply(structure, theta)
    assert implied is not None
    variance = np.diag(implied.all_covariance)
    # A negative variance has no unit to standardize by: what rests on it stays empty.
    spread = np.sqrt(np.where(variance < 0, np.nan, variance))
    spread[spread == 0] = 1.0
    p = structure.p
    if kind == "latent":
        spread[:p] = 1.0
    elif kind == "no_x":
        dependent = {row.lhs for row in fit.table.rows if row.op == "~"}
        dependent |= {row.rhs for row in fit.table.rows if row.op == "=~"}
        for at, name in enumerate(fit.table.observed):
            if name not in dependent:
                spread[at] = 1.0
    return spread


def _standard(
    row: Row,
    given: Floats,
    fit: PathFit,
    theta: Floats,
    place: dict[str, int],
    spread: Floats,
) -> float:
    structure = fit.likelihood.structures[row.group]
    _, symmetric, _ = filled(structure, theta)
    if row.free >= 0:
        value = float(given[row.free])
    elif row.sample and row.op == "~~":
        value = float(symmetric[place[row.lhs], place[row.rhs]])
    elif row.sample:
        shift = fit.centering.shifts[row.group][place[row.lhs]]
        value = float(structure.means[place[row.lhs]] + shift)
    else:
        value = row.value
    left = float(spread[place[row.lhs]])
    if row.op == "~1":
        return value / left
    right = float(spread[place[row.rhs]])
    if row.op == "~":
        return value * right / left
    if row.op == "=~":
        return value * left / right
    if row.lhs == row.rhs:
        return value / left**2
    # A residual covariance becomes the correlation of the residuals.
    one = float(symmetric[place[row.lhs], place[row.lhs]])
    other = float(symmetric[place[row.rhs], place[row.rhs]])
    scaled = left != 1.0 or right != 1.0
    if scaled and (one < 0 or other < 0):
        return float("nan")
    if not scaled or one == 0 or other == 0:
        return value / (left * right)
    held = (one if left != 1.0 else 1.0) * (other if right != 1.0 else 1.0)
    return value / float(np.sqrt(held))


def explained_shares(fit: PathFit) -> dict[str, float]:
    """Return 1 - residual / implied variance of each dependent variable."""
    shares: dict[str, float] = {}
    names = (*fit.table.observed, *fit.table.latent)
    dependent = {row.lhs for row in fit.table.rows if row.op == "~"}
    dependent |= {row.rhs for row in fit.table.rows if row.op == "=~"}
    for group, structure in enumerate(fit.likelihood.structures):
        implied = imply(structure, fit.solution.theta)
        assert implied is not None
        _, symmetric, _ = filled(structure, fit.solution.theta)
        for at, name in enumerate(names):
            if name not in dependent:
                continue
            suffix = f" [{fit.table.groups[group]}]" if len(fit.table.groups) > 1 else ""
            total = float(implied.all_covariance[at, at])
            shares[name + suffix] = 1 - float(symmetric[at, at]) / total if total > 0 else np.nan
    return shares
