"""How much of the residuals is left in a group's mean."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.mixed.structure import Floats


def variance_of_mean_residual(fit: Fit) -> Floats:
    """Return 1'R1 / n^2 of each group, in units of the residual variance, shape (n_groups,).

    R is the correlation of the group's residuals, gaps in time as they are; 1/n where residuals are
    independent.

    Args:
        fit: A fitted model.
    """
    prepared = fit.prepared
    design, structure = prepared.design, prepared.structure
    sizes = design.sizes
    if not structure.parameter_names:
        return np.asarray(1 / sizes)
    ends = design.starts + sizes
    values = []
    for first, end in zip(design.starts, ends, strict=True):
        times = None if design.times is None else design.times[first:end] / prepared.unit_time
        R = structure.correlation(times, int(end - first), fit.residual_theta)
        values.append(R.sum() / (end - first) ** 2)
    return np.array(values)
