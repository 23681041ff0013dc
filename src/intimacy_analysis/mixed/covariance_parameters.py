"""SDs, variances and correlations of a fit, each labelled, with delta-method errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.satterthwaite import parameter_covariance
from intimacy_analysis.mixed.structure import Floats
from intimacy_analysis.numerics.intervals import fisher_interval, log_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One covariance parameter with its gradient in the search's parameters.

    Attributes:
        name: "SD x", "variance x", "correlation x, z", "SD residual", "autocorrelation".
        kind: "sd", "variance", "correlation" or "autocorrelation".
        value: In the user's units.
        gradient: Derivative in (theta, log s2), shape (m + 1,).
        unit: In words.
    """

    name: str
    kind: str
    value: float
    gradient: Floats
    unit: str


def covariance_quantities(fit: Fit) -> tuple[Quantity, ...]:
    """Return every covariance parameter of a fit that did not fail."""
    prepared = fit.prepared
    design, layout = prepared.design, prepared.layout
    m = len(fit.theta)
    G, slopes = _covariance_with_slopes(fit)
    quantities: list[Quantity] = []
    for block in design.blocks:
        for a in block:
            quantities += _spread(
                design.random_names[a], float(G[a, a]), slopes[:, a, a],
                design.units[design.random_names[a]],
            )  # fmt: skip
        quantities += [
            _correlation(design.random_names, G, slopes, b, a)
            for i, a in enumerate(block)
            for b in block[:i]
        ]
    residual_slope = np.zeros(m + 1)
    residual_slope[m] = fit.residual_variance
    quantities += _spread(
        "residual", fit.residual_variance, residual_slope, design.units["outcome"]
    )
    values, scale = prepared.structure.natural(fit.residual_theta, prepared.unit_time)
    for index, name in enumerate(prepared.structure.parameter_names):
        gradient = np.zeros(m + 1)
        gradient[layout.n_entries + index] = scale[index]
        quantities.append(
            Quantity(
                name=name,
                kind="autocorrelation",
                value=float(values[index]),
                gradient=gradient,
                unit="",
            )
        )
    return tuple(quantities)


def covariance_table(fit: Fit, *, confidence: float) -> EstimateTable:
    """Return SDs, variances and correlations; intervals on the log and Fisher-z scales.

    A parameter at its bound has no standard error and no Wald interval.
    """
    title = "Covariance parameters"
    if fit.state == "failed":
        return EstimateTable(rows=(), title=title, confidence=confidence)
    covariance = parameter_covariance(fit)
    rows = []
    without_interval: list[str] = []
    for quantity in covariance_quantities(fit):
        variance = float(quantity.gradient @ covariance @ quantity.gradient)
        error = np.nan if _at_bound(quantity) or variance <= 0 else float(np.sqrt(variance))
        if _near_zero(quantity, error):
            low, high = np.nan, np.nan
            without_interval.append(quantity.name)
        elif quantity.kind in ("sd", "variance"):
            low, high = log_interval(quantity.value, error, confidence)
        else:
            low, high = fisher_interval(quantity.value, error, confidence)
        rows.append(
            Estimate(
                name=quantity.name,
                value=quantity.value,
                std_error=error,
                low=low,
                high=high,
                unit=quantity.unit,
            )
        )
    return EstimateTable(
        rows=tuple(rows),
        title=title,
        interval_method="Wald, log or z scale",
        confidence=confidence,
        notes=(
            "SD and variance are the same parameter in two units; the variance is the SD squared. "
            "Their intervals are taken on the log scale, those of correlations on Fisher's z.",
            *_notes(without_interval),
        ),
    )


def _near_zero(quantity: Quantity, error: float) -> bool:
    """Return whether an SD is less than its standard error, where the log scale says nothing."""
    if quantity.kind not in ("sd", "variance"):
        return False
    return bool(error > (1 if quantity.kind == "sd" else 2) * quantity.value)


def _notes(without_interval: list[str]) -> tuple[str, ...]:
    if not without_interval:
        return ()
    return (
        f"No Wald interval is given for {', '.join(without_interval)}: so close to zero it would "
        "be meaningless. Profile intervals (intervals='profile') hold there.",
    )


def _at_bound(quantity: Quantity) -> bool:
    if quantity.kind in ("sd", "variance"):
        return quantity.value == 0
    return not abs(quantity.value) < 1 - 1e-9


def _covariance_with_slopes(fit: Fit) -> tuple[Floats, Floats]:
    """Return G in the user's units and its derivatives, shape (m + 1, q, q)."""
    prepared = fit.prepared
    m, q = len(fit.theta), prepared.layout.n_random
    G = fit.random_covariance
    slopes = np.zeros((m + 1, q, q))
    if q:
        turn = prepared.random.T_z
        inner = prepared.layout.derivative(fit.factor)
        slopes[: prepared.layout.n_entries] = fit.residual_variance * (turn @ inner @ turn.T)
        slopes[m] = G
    return G, slopes


def _spread(name: str, variance: float, gradient: Floats, unit: str) -> list[Quantity]:
    sd = float(np.sqrt(variance))
    return [
        Quantity(
            name=f"SD {name}",
            kind="sd",
            value=sd,
            gradient=gradient / (2 * sd) if sd > 0 else np.zeros_like(gradient),
            unit=unit,
        ),
        Quantity(
            name=f"variance {name}",
            kind="variance",
            value=variance,
            gradient=gradient,
            unit=f"({unit}) squared" if unit else "",
        ),
    ]


def _correlation(names: tuple[str, ...], G: Floats, slopes: Floats, a: int, b: int) -> Quantity:
    name = f"correlation {names[a]}, {names[b]}"
    scale = float(np.sqrt(G[a, a] * G[b, b]))
    if scale == 0:
        # A correlation with what does not vary is not defined.
        return Quantity(
            name=name, kind="correlation", value=np.nan, gradient=np.zeros(len(slopes)), unit=""
        )
    value = float(G[a, b] / scale)
    if abs(value) > 1 - 1e-9:
        value = float(np.sign(value))
    gradient = slopes[:, a, b] / scale - value / 2 * (
        slopes[:, a, a] / G[a, a] + slopes[:, b, b] / G[b, b]
    )
    return Quantity(name=name, kind="correlation", value=value, gradient=gradient, unit="")
