"""How well a mutual-influence model is identified: the strength of its instruments."""

from __future__ import annotations

from dataclasses import dataclass

from intimacy_analysis.errors import SpecError
from intimacy_analysis.numerics.intervals import f_p_value
from intimacy_analysis.paths.result import PathModelResult

# Below it, estimates of the influence are pulled toward those of plain regression.
LEAST_F = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One member's X as the instrument for that member's Y.

    Attributes:
        role: The member; "" for indistinguishable members.
        identifies: The influence it identifies, a label: that on the *partner's* Y.
        f_statistic: First-stage F of X_r in the regression of Y_r on both members' X.
        p_value: Its upper tail.
        weak: Whether F is below 10.
    """

    role: str
    identifies: str
    f_statistic: float
    p_value: float
    weak: bool

    def __str__(self) -> str:
        who = f"the {self.role.replace('_', ' ')}'s predictor" if self.role else "the predictor"
        if not self.weak:
            return f"First-stage F of {who} is {self.f_statistic:.1f}: not weak by the rule of 10."
        return (
            f"First-stage F of {who} is {self.f_statistic:.1f}, below 10: a weak instrument. "
            f"{self.identifies!r} is hardly determined, and its interval is not to be trusted."
        )


def instrument_strength(result: PathModelResult) -> tuple[Instrument, ...]:
    """Return the first-stage F of each instrument of a mutual-influence model.

    The first stage is the actor-partner model: F is the squared ratio of the (implied) actor
    effect to its standard error, with the residual variance over n - 3 couples.

    Args:
        result: A fitted `mutual_influence`, or `actor_partner` of one predictor, which also
            settles where instruments are weak.

    Raises:
        SpecError: Another model.
        FitError: A fit that failed.

    Source:
        Staiger and Stock (1997), Econometrica 65, 557-586.
    """
    kind = {"mutual influence": "reduced actor", "actor-partner": "actor"}.get(result.spec.template)
    first_stage = [meaning for meaning in result.spec.meanings if meaning.kind == kind]
    roles = [meaning.role for meaning in first_stage]
    if not roles or len(set(roles)) < len(roles):
        raise SpecError(
            "instruments are those of a mutual-influence model of one predictor, but this is "
            f"{result.spec.title or 'a model text'!r}. Fit mutual_influence(x, y)."
        )
    result.check_estimates()
    found = []
    for at, role in enumerate(roles):
        other = f"_{roles[1 - at]}" if role else ""
        row = result.estimate(first_stage[at].label)
        n = result.n_couples
        f_statistic = (row.value / row.std_error) ** 2 * (n - 3) / n
        found.append(
            Instrument(
                role=role,
                identifies=f"m{other}",
                f_statistic=f_statistic,
                p_value=f_p_value(f_statistic, 1, n - 3),
                weak=not f_statistic >= LEAST_F,
            )
        )
    return tuple(found)
