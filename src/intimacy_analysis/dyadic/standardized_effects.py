"""Actor and partner effects in standard deviations: of each member, or of both pooled."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from intimacy_analysis.dyadic.effects_table import state_notes
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.paths.estimating import normal_estimate
from intimacy_analysis.paths.implied import imply
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.spec import Arrow

Floats = npt.NDArray[np.float64]
Scale = Literal["pooled", "within role"]
_STEP = 1e-5
_NOTES: dict[Scale, str] = {
    "pooled": "Standardized by one SD a variable, pooled over both members around their common "
    "mean.",
    "within role": "Standardized by each member's own SD. Effects of the two members are not "
    "comparable where their SDs differ.",
}


def standardized_effects(result: PathModelResult, scale: Scale = "pooled") -> EstimateTable:
    """Return a template's regression effects in standard deviations.

    "pooled" divides by one SD a variable, over all persons of both roles around their common
    mean: effects of the two members stay comparable, and equal raw effects stay equal. "within
    role" divides by each member's own SD: equal raw effects become unequal where the SDs differ,
    so comparisons of members then mix effects and SDs.

    The SDs are those the model implies; standard errors, by the delta method, count that they are
    estimated.

    Args:
        result: A fitted template of observed variables, one group.
        scale: "pooled" or "within role".

    Raises:
        SpecError: Another scale, several groups, a moderation model (standardize before products
            are formed), or a model without effects between its members' columns.
        FitError: A fit that failed.

    Source:
        docs/maths/couples.md, eq. 16; Kenny, Kashy and Cook (2006), Dyadic Data Analysis, ch. 7.
    """
    if scale not in _NOTES:
        raise SpecError(f"scale must be 'pooled' or 'within role', got {scale!r}.")
    result.check_estimates()
    arrows = _effects(result, scale)
    theta = result.parts.fit.theta
    values = _standardized(result, arrows, theta, scale)
    slopes = np.zeros((len(values), len(theta)))
    for at in range(len(theta)):
        # The scaling is smooth: central differences of it are exact to about ten digits.
        width = _STEP * max(1.0, abs(float(theta[at])))
        ahead, behind = theta.copy(), theta.copy()
        ahead[at] += width
        behind[at] -= width
        slopes[:, at] = (
            _standardized(result, arrows, ahead, scale)
            - _standardized(result, arrows, behind, scale)
        ) / (2 * width)
    variances = np.einsum("ij,jk,ik->i", slopes, result.parts.covariance, slopes)
    confidence = result.estimates.confidence
    return replace(
        result.estimates,
        rows=tuple(
            normal_estimate(name, float(value), float(variance), confidence, "SD per SD")
            for name, value, variance in zip(arrows, values, variances, strict=True)
        ),
        title=f"Effects in standard deviations, {scale}",
        interval_method="Wald z, delta method",
        notes=(*state_notes(result), _NOTES[scale]),
    )


def _effects(result: PathModelResult, scale: Scale) -> dict[str, Arrow]:
    """Return the paths between members' columns, by their words."""
    spec = result.spec
    columns = {column for _, pair in spec.variables for column in pair}
    arrows = [
        arrow
        for arrow in spec.arrows
        if arrow.op == "~"
        and arrow.lhs in columns
        and arrow.rhs not in spec.latent
        and arrow.labels[0]
    ]
    if len(result.groups) > 1 or not arrows or spec.template == "actor-partner moderation":
        raise SpecError(
            "standardizing by members needs a template of one group with paths between its "
            f"members' columns, and none of products, but this is {spec.title or 'a model text'!r}"
            f"{' of several groups' if len(result.groups) > 1 else ''}. Use "
            "result.standardized(), or standardize before products are formed."
        )
    words = {meaning.label: meaning.words for meaning in spec.meanings}
    found: dict[str, Arrow] = {}
    for arrow in arrows:
        name = words.get(arrow.labels[0], arrow.name)
        # One effect of both members is one row where their SDs are one, and two where not.
        if scale == "within role" and sum(one.labels == arrow.labels for one in arrows) > 1:
            name = f"{name} ({arrow.name})"
        found.setdefault(name, arrow)
    return found


def _standardized(
    result: PathModelResult, arrows: dict[str, Arrow], theta: Floats, scale: Scale
) -> Floats:
    fit = result.parts.fit
    implied = imply(fit.likelihood.structures[0], fit.centering.to_centered(theta))
    if implied is None:
        return np.full(len(arrows), np.nan)
    place = {name: at for at, name in enumerate(fit.table.observed)}
    mean = implied.mean + fit.centering.shifts[0]
    variance = np.diag(implied.covariance).copy()
    if scale == "pooled":
        for _, (one, two) in result.spec.variables:
            i, j = place[one], place[two]
            # Both members count equally; around the common mean their gap adds its share.
            gap = (mean[i] - mean[j]) ** 2 / 4 if fit.table.means else 0.0
            variance[i] = variance[j] = (variance[i] + variance[j]) / 2 + gap
    spread = dict(zip(place, np.sqrt(variance), strict=True))
    labels = fit.table.index_of()
    return np.array(
        [
            theta[labels[arrow.labels[0]]] * spread[arrow.rhs] / spread[arrow.lhs]
            for arrow in arrows.values()
        ]
    )
