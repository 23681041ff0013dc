"""Actor and partner effects as effects of level and difference, or of mean and deviation."""

from __future__ import annotations

from dataclasses import replace

from intimacy_analysis.dyadic.actor_partner import effect_labels
from intimacy_analysis.dyadic.dyad_individual import individual_words
from intimacy_analysis.dyadic.dyadic_scores import score_words
from intimacy_analysis.dyadic.effects_table import state_notes
from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import EstimateTable
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.result import PathModelResult


def as_dyadic_scores(result: PathModelResult) -> EstimateTable:
    """Return the effects of the dyadic-score model, computed from actor and partner effects.

    They are weighted sums of the effects, so standard errors are exact: L V L'. Row names are
    those of `effects_table` of a fitted `dyadic_score`. Indistinguishable members have two: level
    on level is a + p, difference on difference a - p.

    Args:
        result: A fitted actor-partner model with one predictor.

    Raises:
        SpecError: Another model.
        FitError: A fit that failed.

    Source:
        docs/maths/couples.md, eq. 14 and 15;
        Iida, Seidman and Shrout (2018), Journal of Social and Personal Relationships 35, 59-81.
    """
    x, y = _variables(result)
    words = score_words(x, y)
    if _alike(result):
        sums = {"ll": "a + p", "dd": "a - p"}
    else:
        (a_1, p_1), (a_2, p_2) = (effect_labels(result.spec, role) for role in result.spec.roles)
        sums = {
            "ll": f"({a_1} + {p_1} + {a_2} + {p_2})/2",
            "ld": f"({a_1} - {p_1} - {a_2} + {p_2})/4",
            "dl": f"{a_1} + {p_1} - {a_2} - {p_2}",
            "dd": f"({a_1} - {p_1} + {a_2} - {p_2})/2",
        }
    return _table(
        result,
        {words[name]: expression for name, expression in sums.items()},
        f"Level and difference of {x} with those of {y}",
    )


def as_dyad_individual(result: PathModelResult) -> EstimateTable:
    """Return the effects of the dyad-individual model, computed from actor and partner effects.

    The couple's mean has a + p, the own deviation from it a - p; standard errors are exact. Row
    names are those of `effects_table` of a fitted `dyad_individual`.

    Args:
        result: A fitted actor-partner model with one predictor.

    Raises:
        SpecError: Another model.
        FitError: A fit that failed.

    Source:
        docs/maths/couples.md, eq. 14 and 15;
        Iida, Seidman and Shrout (2018), Journal of Social and Personal Relationships 35, 59-81.
    """
    x, y = _variables(result)
    sums = {}
    for role in (None,) if _alike(result) else result.spec.roles:
        a, p = effect_labels(result.spec, role)
        between, within = individual_words(x, y, (role or "").replace("_", " "))
        sums[between] = f"{a} + {p}"
        sums[within] = f"{a} - {p}"
    return _table(result, sums, f"{y} on the couple's mean of {x} and on own deviation")


def _variables(result: PathModelResult) -> tuple[str, str]:
    spec = result.spec
    if spec.template != "actor-partner" or len(spec.variables) != 2:
        raise SpecError(
            "only an actor-partner model with one predictor can be written in this other form, "
            f"but this is {spec.title or 'a model text'!r}. Fit actor_partner(x, y)."
        )
    return spec.variables[0][0], spec.variables[1][0]


def _alike(result: PathModelResult) -> bool:
    return any(meaning.label == "a" for meaning in result.spec.meanings)


def _table(result: PathModelResult, sums: dict[str, str], title: str) -> EstimateTable:
    result.check_estimates()
    return replace(
        result.estimates,
        rows=tuple(
            estimate_expression(result, expression, name=name) for name, expression in sums.items()
        ),
        title=title,
        notes=(*state_notes(result), "Computed from the actor and partner effects."),
    )
