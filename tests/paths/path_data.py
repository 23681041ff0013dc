"""Small simulated couples and models that tests of several modules of the path engine share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intimacy_analysis.paths.fit import PathFit, fit_table
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.implied import GroupStructure, filled, group_structure
from intimacy_analysis.paths.likelihood import Likelihood
from intimacy_analysis.paths.moments import collect_patterns
from intimacy_analysis.paths.parameter_table import ParameterTable, build_table
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.syntax import read_model

APIM = "y_w ~ a_w*x_w + p_w*x_h\ny_h ~ a_h*x_h + p_h*x_w"
MEDIATION = (
    "m_w ~ a1*x_w + a2*x_h\nm_h ~ a3*x_h + a4*x_w\n"
    "y_w ~ b1*m_w + b2*m_h\ny_h ~ b3*m_h + b4*m_w\nm_w ~~ m_h\n"
    "one := a1*b1\nother := a2*b4"
)
FACTORS = "f =~ u1 + u2 + u3\ng =~ v1 + v2 + v3\ng ~ b*f"
LOOP = "y_w ~ a*x_w + b*y_h\ny_h ~ a2*x_h + b2*y_w\ny_w ~~ y_h"
MIMIC = "f =~ u1 + u2 + u3\nf ~ g1*x_w + g2*x_h"
# Name to text: observed paths, a loop, latent variables, predictors of a latent variable, equal
# labels, and means of latent variables.
MODELS = {
    "apim": APIM,
    "mediation": MEDIATION,
    "loop": LOOP,
    "factors": FACTORS,
    "mimic": MIMIC,
    "equal": "y_w ~ a*x_w + p*x_h\ny_h ~ a*x_h + p*x_w\nx_w ~~ v*x_w\nx_h ~~ v*x_h\nx_w ~~ x_h",
    "latent means": "f =~ 1*u1 + 1*u2 + l*u3\nf ~ 1\nu1 ~ 0*1\nu2 ~ 0*1\nu3 ~ 0*1",
}


def couples(n: int = 120, *, seed: int = 0, gaps: float = 0.0, heavy: bool = False) -> pd.DataFrame:
    """Rows of n couples: x, m and y of both, two factors of three items, and a group column."""
    rng = np.random.default_rng(seed)

    def noise(size: float = 1.0) -> np.ndarray:
        drawn = rng.standard_t(5, size=n) if heavy else rng.normal(size=n)
        return size * drawn

    bond = noise()
    frame = {"x_w": bond + noise(0.8), "x_h": bond + noise(0.9) + 0.5}
    frame["m_w"] = 0.5 * frame["x_w"] + 0.2 * frame["x_h"] + noise(0.9) + 1.0
    frame["m_h"] = 0.4 * frame["x_h"] + 0.1 * frame["x_w"] + noise(0.8) - 0.3
    frame["y_w"] = 0.5 * frame["m_w"] + 0.2 * frame["m_h"] + 0.3 * frame["x_w"] + noise()
    frame["y_h"] = 0.4 * frame["m_h"] + 0.3 * frame["m_w"] + 0.1 * frame["x_h"] + noise(0.9)
    f = 0.4 * frame["x_w"] + noise(0.8)
    g = 0.6 * f + noise(0.7)
    for at, loading in enumerate((1.0, 0.8, 1.2), start=1):
        frame[f"u{at}"] = loading * f + noise(0.7) + at
        frame[f"v{at}"] = loading * g + noise(0.6) - at
    data = pd.DataFrame(frame)
    if gaps:
        data = data.mask(rng.random(data.shape) < gaps)
    data["place"] = np.where(np.arange(n) % 3 == 0, "town", "land")
    return data


def table_of(text: str, **options: object) -> ParameterTable:
    """The completed table of a text; random predictors unless said otherwise."""
    options = {"fixed_x": False, **options}
    return build_table(read_model(text), **options)  # type: ignore[arg-type]


def structure_of(text: str, **options: object) -> GroupStructure:
    return group_structure(table_of(text, **options), 0)


def likelihood_of(
    text: str, data: pd.DataFrame, *, groups: str = "", **options: object
) -> Likelihood:
    """The likelihood of a text in data as given (no centering, random predictors)."""
    names = list(read_model(text).observed)
    parts = [data]
    if groups:
        parts = [data[data[groups] == name] for name in data[groups].unique()]
        options = {"groups": tuple(data[groups].unique()), **options}
    table = table_of(text, **options)
    patterns = []
    for part in parts:
        rows = part[names].to_numpy(dtype=float)
        patterns.append(collect_patterns(rows[~np.isnan(rows).all(axis=1)]))
    return Likelihood(
        structures=tuple(group_structure(table, at) for at in range(len(parts))),
        patterns=tuple(patterns),
    )


def fit_of(text: str, data: pd.DataFrame, **options: object) -> PathFit:
    """The inner fit of a text, by the front door."""
    return fitted(text, data, **options).parts.fit


def fitted(text: str, data: object, **options: object) -> PathModelResult:
    return fit_path_model(text, data, **options)  # type: ignore[arg-type]


def fit_patterns(text: str, patterns: tuple, **options: object) -> PathFit:
    """Fit a text to moments by pattern, random predictors."""
    return fit_table(read_model(text), table_of(text, **options), patterns)


def some_point(structure: GroupStructure, seed: int = 0) -> np.ndarray:
    """A point at which the model implies a positive definite covariance matrix."""
    rng = np.random.default_rng(seed)
    c_a, c_s = len(structure.a_to), len(structure.s_row)
    theta = rng.uniform(0.2, 0.6, structure.n_free)
    for cell in range(c_s):
        at = structure.parameter[c_a + cell]
        same = structure.s_row[cell] == structure.s_col[cell]
        theta[at] = rng.uniform(1.0, 2.0) if same else rng.uniform(-0.2, 0.2)
    return theta


def dense_moments(structure: GroupStructure, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sigma and mu by the definition, with a plain solve."""
    A, S, m = filled(structure, theta)
    total = np.linalg.solve(np.eye(len(A)) - A, np.eye(len(A)))
    p = structure.p
    return (total @ S @ total.T)[:p, :p], (total @ m)[:p]


def slopes_by_differences(function, point: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Central differences of a function of a vector, a row a coordinate."""
    rows = []
    for at in range(len(point)):
        move = np.zeros(len(point))
        move[at] = step * max(1.0, abs(point[at]))
        ahead, behind = np.asarray(function(point + move)), np.asarray(function(point - move))
        rows.append((ahead - behind) / (2 * move[at]))
    return np.array(rows)


def values_of(result: PathModelResult) -> np.ndarray:
    return np.array([row.value for row in result.estimates])


def errors_of(result: PathModelResult) -> np.ndarray:
    return np.array([row.std_error for row in result.estimates])
