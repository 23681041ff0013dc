"""Results of a fit without a fit: what a diagram asks of a result, with made-up numbers."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.paths.spec import PathModelSpec


def estimate(name: str, value: float, std_error: float = 0.08) -> Estimate:
    return Estimate(
        name=name,
        value=value,
        std_error=std_error,
        low=value - 1.96 * std_error,
        high=value + 1.96 * std_error,
        p_value=math.erfc(abs(value / std_error) / math.sqrt(2)),
    )


def stand_in(
    spec: PathModelSpec, *, state: str = "ok", warnings: tuple[str, ...] = (), group: str = ""
) -> SimpleNamespace:
    """Return a result whose numbers are drawn anew for every arrow, always the same."""
    generator = np.random.default_rng(1)
    ending = f" [{group}]" if group else ""
    rows = {}
    for arrow in spec.arrows:
        name = f"{arrow.name}{ending}"
        size = generator.uniform(0.5, 0.9) if arrow.op == "=~" else generator.normal(0.2, 0.25)
        fixed = arrow.fixed[0]
        rows[name] = (
            estimate(name, float(size)) if fixed is None else Estimate(name=name, value=fixed)
        )
    for variable in (*spec.observed, *spec.latent):
        name = f"{variable} ~~ {variable}{ending}"
        rows.setdefault(name, estimate(name, 0.7, 0.05))
    table = EstimateTable(rows=tuple(rows.values()))
    return SimpleNamespace(
        spec=spec,
        state=state,
        estimates=table,
        standardized=lambda kind: table,
        warnings=warnings,
        n_couples=335,
        fit_indices=SimpleNamespace(
            df=2.0, chisq=3.21, p_value=0.2, cfi=0.99, rmsea=0.03, srmr=0.02
        ),
    )
