"""Which simpler surface is enough? Nested models, side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import format_p
from intimacy_analysis.matching.response_surface import ResponseSurface
from intimacy_analysis.paths.comparison import compare_path_models
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.syntax import read_constraint

_RIDGE = ("b3{e} == b5{e}", "b4{e} == -2*b5{e}")
_LEVEL = ("b1{e} == 0", "b2{e} == 0")
# Name, conditions ("{e}" is the role's ending), what the surface is.
_MODELS: dict[str, tuple[tuple[str, ...], str]] = {
    "full": ((), "any surface of second order"),
    "SRRR": (
        ("b4{e}^2 == 4*b3{e}*b5{e}",),
        "shifted, rotated, rising ridge along some line, not necessarily that of equal scores",
    ),
    "SRR": (_RIDGE, "shifted rising ridge along some constant difference of the scores"),
    "RR": (
        (*_RIDGE, "b1{e} == b2{e}"),
        "rising ridge along equal scores, and level matters",
    ),
    "SSQD": (
        (*_RIDGE, "b1{e} == -1*b2{e}"),
        "shifted squared difference: some constant difference matters, level does not",
    ),
    "SQD": (
        (*_RIDGE, *_LEVEL),
        "squared difference: how far scores lie apart matters, level does not",
    ),
    "IA": (
        ("b3{e} == 0", "b5{e} == 0"),
        "interaction: one predictor's effect changes with the other; no match in it as such",
    ),
    "additive": (
        ("b3{e} == 0", "b4{e} == 0", "b5{e} == 0"),
        "two main effects, no matching",
    ),
    "null": (
        (*_LEVEL, "b3{e} == 0", "b4{e} == 0", "b5{e} == 0"),
        "neither predictor matters",
    ),
}
SURFACE_MODELS = tuple(_MODELS)
# Models whose surface has a ridge (or a trough).
_RIDGES = ("SRRR", "SRR", "RR", "SSQD", "SQD")


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceModels:
    """Nested surface models of the same data.

    Attributes:
        table: One row a model; columns n_parameters, df, chisq, p_value (against the full
            surface; scaled where errors are robust), aicc, delta_aicc, weight, meaning.
        fits: The fits by name.
        best: Model with the smallest AICc.
        notes: What must be known.
    """

    table: pd.DataFrame
    fits: dict[str, PathModelResult]
    best: str
    notes: tuple[str, ...]

    def words(self) -> str:
        """Return what the comparison says, in sentences."""
        order = self.table["aicc"].sort_values().index
        row = self.table.loc[self.best]
        text = (
            f"By AICc the model {self.best} comes first ({row['meaning']}), with a weight of "
            f"{row['weight']:.2f} among {len(order)} models"
        )
        if len(order) > 1 and math.isfinite(self.table.loc[order[1], "aicc"]):
            second = self.table.loc[order[1]]
            text += f"; next is {order[1]} ({second['weight']:.2f}, {second['meaning']})"
        text += "."
        p_value = float(self.table["p_value"].to_dict()[self.best])
        if self.best != "full" and math.isfinite(p_value):
            fits = "not worse (at .05) than" if p_value >= 0.05 else "worse (at .05) than"
            p = format_p(p_value)
            text += (
                f" By chi-square it fits {fits} the full surface "
                f"(chi-square({row['df']:.0f}) = {row['chisq']:.2f}, "
                f"p {p if p[0] in '<>' else f'= {p}'})."
            )
        if (self.table["delta_aicc"] < 2).sum() > 1:
            near = ", ".join(name for name in order if self.table.loc[name, "delta_aicc"] < 2)
            text += f" Within 2 points, and so hardly told apart: {near}."
        return text + self._upward()

    def _upward(self) -> str:
        """Return a warning where a ridge is a trough: outcomes are lowest along it."""
        if self.best not in _RIDGES:
            return ""
        fit = self.fits[self.best]
        upward = [
            name
            for name, _ in fit.parts.quantities.definitions
            if name.startswith("a4") and fit.estimate(name).value > 0
        ]
        if not upward:
            return ""
        return f" It is a trough, not a ridge ({', '.join(upward)} above zero): lowest along it."

    def __str__(self) -> str:
        shown = self.table.drop(columns="meaning").to_string(float_format=lambda x: f"{x:.3f}")
        return "\n".join([shown, self.words(), *self.notes])


def compare_surface_models(
    surface: ResponseSurface, models: tuple[str, ...] = SURFACE_MODELS
) -> SurfaceModels:
    """Fit simpler surfaces to the same data and compare them by chi-square and AICc weights.

    Of two members' surfaces both follow the simpler model. With bootstrap errors the models are
    compared by their likelihoods, as with "expected".

    Args:
        surface: The full surface.
        models: Which of `SURFACE_MODELS`; "full" is always among them.

    Raises:
        SpecError: An unknown model.
        FitError: The full surface failed.

    Source:
        docs/maths/matching.md, eq. 8; Schönbrodt (2016), RSA: an R package for response surface
        analysis; Burnham and Anderson (2002), Model selection, eq. 2.17 (AICc) and 2.9 (weights).
    """
    unknown = [name for name in models if name not in _MODELS]
    if unknown:
        raise SpecError(
            f"models must be among {', '.join(SURFACE_MODELS)}, but {len(unknown)} of "
            f"{len(models)} {'is' if len(unknown) == 1 else 'are'} not; the first is "
            f"{unknown[0]!r}."
        )
    surface.fit.check_estimates()
    errors = surface.fit.standard_errors
    fits, rows, notes = {}, {}, []
    for name in dict.fromkeys(("full", *models)):
        conditions, meaning = _MODELS[name]
        spec = surface.fit.spec.with_constraints(
            *(
                read_constraint(text.format(e=ending))
                for ending in surface.endings
                for text in conditions
            )
        )
        fit = fit_path_model(
            spec,
            surface.frame.rows,
            surface.fit.missing,
            None if errors == "bootstrap" else errors,
            confidence=surface.fit.estimates.confidence,
        )
        fits[name] = fit
        rows[name] = [*_row(fit, fits["full"]), meaning]
        if fit.state != "ok":
            notes.append(f"The model {name} is {fit.state}: {'; '.join(fit.warnings)}")
    columns = ["n_parameters", "df", "chisq", "p_value", "aicc", "meaning"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("model")
    delta = table["aicc"] - table["aicc"].min()
    weight = np.exp(-0.5 * delta)
    table.insert(5, "delta_aicc", delta)
    table.insert(6, "weight", weight / weight.sum())
    notes.append(
        "AICc counts couples (rows), not answers; a weight compares these models with each other "
        "and says nothing about others. Without curvature the condition of SRRR is not "
        "regular, and its p only a rough guide."
    )
    return SurfaceModels(
        table=table, fits=fits, best=str(table["aicc"].idxmin()), notes=tuple(notes)
    )


def _row(fit: PathModelResult, full: PathModelResult) -> list[float]:
    if fit.state == "failed":
        return [math.nan] * 5
    index = fit.fit_indices
    k, n = index.n_parameters, index.n_couples
    extra = 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else math.nan
    if fit is full:
        return [k, 0.0, 0.0, math.nan, index.aic + extra]
    test = compare_path_models(fit, full)
    return [k, test.df_difference, test.chisq_difference, test.p_value, index.aic + extra]
