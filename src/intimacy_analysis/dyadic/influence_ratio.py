"""Mutual influence read off a fitted actor-partner model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from intimacy_analysis.dyadic.actor_partner import effect_labels
from intimacy_analysis.dyadic.effects_table import state_notes
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.spec import PathModelSpec


def as_mutual_influence(result: PathModelResult) -> EstimateTable:
    """Return the mutual-influence model's effects, computed from actor and partner effects.

    m_1 = p_1 / a_2, own effect a_1 (1 - m_1 m_2), by the delta method. Rows are named by the
    labels of `mutual_influence`.

    Args:
        result: A fitted actor-partner model with one predictor.

    Raises:
        SpecError: Another model.
        FitError: A fit that failed.

    Source:
        docs/maths/couples.md, eq. 13;
        Kenny (1996), Journal of Social and Personal Relationships 13, 279-294.
    """
    _check_actor_partner(result)
    spec = result.spec
    if any(meaning.label == "a" for meaning in spec.meanings):
        sums = {"m": "p/a", "a": "a*(1 - (p/a)^2)"}
    else:
        (a_1, p_1), (a_2, p_2) = (effect_labels(spec, role) for role in spec.roles)
        one, two = spec.roles
        loop = f"(1 - ({p_1}/{a_2})*({p_2}/{a_1}))"
        sums = {
            f"m_{one}": f"{p_1}/{a_2}",
            f"a_{one}": f"{a_1}*{loop}",
            f"m_{two}": f"{p_2}/{a_1}",
            f"a_{two}": f"{a_2}*{loop}",
        }
    return replace(
        result.estimates,
        rows=tuple(
            estimate_expression(result, expression, name=name) for name, expression in sums.items()
        ),
        title="Mutual influence, computed from the actor-partner model",
        notes=(*state_notes(result), "Computed from the actor and partner effects."),
    )


def started_from_actor_partner(spec: PathModelSpec, result: PathModelResult) -> PathModelSpec:
    """Return a mutual-influence model whose search begins where the actor-partner model ends.

    With a weak instrument the likelihood is nearly flat in the influences and a search from
    elsewhere may not settle; both models fit alike, so this is the maximum already.

    Args:
        spec: Of `mutual_influence`.
        result: The actor-partner model of the same variables, fitted to the same data.

    Raises:
        SpecError: Another model.
        FitError: A fit that failed.
    """
    _check_actor_partner(result)
    table = as_mutual_influence(result)
    known = {row.name: row.value for row in table}
    xs, ys = (columns for _, columns in result.spec.variables)
    m = [known.get(f"m_{role}", known.get("m", 0.0)) for role in result.spec.roles]
    turn = np.array([[1.0, -m[0]], [-m[1], 1.0]])
    residual = np.array([[result.estimate(f"{one} ~~ {two}").value for two in ys] for one in ys])
    started = turn @ residual @ turn.T
    spread: dict[str, float] = {}
    for at, to in ((0, 0), (0, 1), (1, 1)):
        spread[f"{ys[at]} ~~ {ys[to]}"] = float(started[at, to])
        predictors = f"{xs[at]} ~~ {xs[to]}"
        spread[predictors] = result.estimate(predictors).value
    arrows = tuple(
        replace(arrow, starts=(float(value),))
        if (value := known.get(arrow.labels[0], spread.get(arrow.name))) is not None
        else arrow
        for arrow in spec.arrows
    )
    return replace(spec, arrows=arrows)


def _check_actor_partner(result: PathModelResult) -> None:
    spec = result.spec
    if spec.template != "actor-partner" or len(spec.variables) != 2:
        raise SpecError(
            "mutual influence is read off an actor-partner model with one predictor, but this is "
            f"{spec.title or 'a model text'!r}. Fit actor_partner(x, y)."
        )
    result.check_estimates()
