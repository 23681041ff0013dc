"""Simulated couples and the two-mediator model: what the bars of path models fit."""

from __future__ import annotations

import numpy as np
import pandas as pd

N_COUPLES = 335

# Communication, two parallel mediators, satisfaction; all actor and partner paths: saturated.
MODEL = """
m1_w ~ a1ww*x_w + a1wh*x_h
m1_h ~ a1hh*x_h + a1hw*x_w
m2_w ~ a2ww*x_w + a2wh*x_h
m2_h ~ a2hh*x_h + a2hw*x_w
y_w ~ b1ww*m1_w + b1wh*m1_h + b2ww*m2_w + b2wh*m2_h + cww*x_w + cwh*x_h
y_h ~ b1hh*m1_h + b1hw*m1_w + b2hh*m2_h + b2hw*m2_w + chh*x_h + chw*x_w
m1_w ~~ m1_h + m2_w + m2_h
m1_h ~~ m2_w + m2_h
m2_w ~~ m2_h
y_w ~~ y_h
x_w ~~ x_h
"""

# Sixteen: two mediators, either partner's X, through own or partner's mediator, either outcome.
INDIRECT = tuple(
    (f"i{m}_{x}{via}{y}", f"a{m}{via}{x}*b{m}{y}{via}")
    for m in (1, 2)
    for x in "wh"
    for via in "wh"
    for y in "wh"
)
DEFINITIONS = "".join(f"{name} := {product}\n" for name, product in INDIRECT)

# Outcomes with predictors of their own and residuals that covary: no closed form, every replicate
# takes a search. Eight indirect effects, all through the own mediator.
MODEL_OWN_MEDIATORS = (
    "\n".join(line for line in MODEL.splitlines() if not line.startswith("y_"))
    + """
y_w ~ b1ww*m1_w + b2ww*m2_w
y_h ~ b1hh*m1_h + b2hh*m2_h
y_w ~~ y_h
"""
    + "".join(f"{name} := {product}\n" for name, product in INDIRECT if name[-1] == name[-2])
)


def couples(n: int = N_COUPLES, *, missing: float = 0.0, seed: int = 20140610) -> pd.DataFrame:
    """Return one row a couple; a share of the cells is missing completely at random."""
    rng = np.random.default_rng(seed)

    def pair(correlation: float, spread: float) -> np.ndarray:
        covariance = spread**2 * np.array([[1.0, correlation], [correlation, 1.0]])
        return rng.multivariate_normal(np.zeros(2), covariance, n)

    x = 4.5 + pair(0.4, 1.0)
    m1 = 2.0 + 0.45 * x + 0.15 * x[:, ::-1] + pair(0.3, 0.9)
    m2 = 1.5 + 0.35 * x + 0.1 * x[:, ::-1] + pair(0.35, 1.0)
    y = 0.5 + 0.3 * m1 + 0.1 * m1[:, ::-1] + 0.25 * m2 + 0.2 * x + pair(0.3, 0.8)
    columns = {
        f"{stem}_{member}": values[:, at]
        for stem, values in (("x", x), ("m1", m1), ("m2", m2), ("y", y))
        for at, member in enumerate("wh")
    }
    rows = pd.DataFrame(columns)
    return rows.mask(rng.random(rows.shape) < missing) if missing else rows
