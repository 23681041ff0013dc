"""The dyadic pattern k: the partner effect as a share of the actor effect."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from intimacy_analysis.dyadic.actor_partner import effect_labels
from intimacy_analysis.dyadic.fieller import FiellerSet, fieller_set
from intimacy_analysis.dyadic.hypotheses import refit_under
from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.formatting import Precision, format_interval, format_number
from intimacy_analysis.paths.comparison import estimate_expression
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.syntax import read_constraint

Method = Literal["fieller", "profile", "monte carlo", "bootstrap", "delta"]
# Two decimals would print .998 as 1.00, and so hide whether 1 lies inside.
_THREE_DECIMALS = Precision(place=-3)
_PATTERNS = (("couple", 1.0), ("actor-only", 0.0), ("contrast", -1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternK:
    """The dyadic pattern of one member, or of indistinguishable members.

    Attributes:
        role: The member whose outcome it is; "" for indistinguishable members.
        value: k, the partner effect divided by the actor effect.
        std_error: By the delta method; it belongs to the interval of method "delta" alone.
        low: Lower limit; minus infinity where the profile does not end.
        high: Upper limit, likewise infinity.
        method: How the interval was made.
        confidence: Coverage, 0 to 1.
        actor: The actor effect's label.
        partner: The partner effect's label.
        notes: What must be known of the interval.
    """

    role: str
    value: float
    std_error: float
    low: float
    high: float
    method: Method
    confidence: float
    actor: str
    partner: str
    notes: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        """Named patterns that the interval holds: couple (1), actor-only (0), contrast (-1)."""
        return tuple(name for name, k in _PATTERNS if self.low <= k <= self.high)

    def __str__(self) -> str:
        who = f" of the {self.role.replace('_', ' ')}" if self.role else ""
        held = self.patterns
        said = (
            f"the interval holds the {' and the '.join(held)} pattern"
            if held
            else "the interval holds none of the named patterns (1 couple, 0 actor-only, "
            "-1 contrast)"
        )
        limits = format_interval(self.low, self.high, _THREE_DECIMALS)
        value = format_number(self.value, _THREE_DECIMALS)
        return (
            f"k{who} = {value}, {100 * self.confidence:g} % interval {limits} "
            f"({self.method}): {said}."
        )


def pattern_k(
    result: PathModelResult,
    role: str | None = None,
    *,
    method: Method = "fieller",
    labels: tuple[str, str] | None = None,
    confidence: float = 0.95,
    n_draws: int = 100_000,
    seed: int | None = None,
) -> PatternK:
    """Estimate k = p / a, the partner effect as a share of the actor effect, with an interval.

    Args:
        result: A fitted actor-partner model.
        role: The member whose outcome is meant; None for indistinguishable members.
        method: "fieller" (exact for two normal estimators), "profile" (of the likelihood: the
            model refitted under p == k a), "monte carlo" (draws of the two estimators),
            "bootstrap" (percentiles of the couple bootstrap; fit with
            standard_errors="bootstrap") or "delta" (k plus or minus its standard error: poor
            where the actor effect is small).
        labels: Actor and partner effect, where the model has several.
        confidence: Coverage, 0 to 1.
        n_draws: Draws of "monte carlo".
        seed: Its seed; must be given with it.

    Raises:
        SpecError: An unknown method, member or label, or no seed.
        FitError: The actor effect's interval holds zero: then k is not estimated, since any
            ratio to nearly nothing is arbitrary. Or no bootstrap in the result.

    Source:
        docs/maths/couples.md, eq. 5 and 6;
        Kenny and Ledermann (2010), Journal of Family Psychology 24, 359-366.
    """
    if method not in get_args(Method):
        known = ", ".join(map(repr, get_args(Method)))
        raise SpecError(f"method must be one of {known}, got {method!r}.")
    actor, partner = labels or effect_labels(result.spec, role)
    a, p = (float(value) for value in result.values((actor, partner)))
    covariance = result.covariance((actor, partner))
    held = fieller_set(
        p,
        a,
        variances=(float(covariance[1, 1]), float(covariance[0, 0])),
        covariance=float(covariance[0, 1]),
        confidence=confidence,
    )
    _check_actor(a, math.sqrt(float(covariance[0, 0])), held, actor, confidence)
    notes: tuple[str, ...] = ()
    std_error = estimate_expression(result, f"{partner}/{actor}").std_error
    if method == "fieller":
        low, high = held.low, held.high
    elif method == "delta":
        reach = float(ndtri(0.5 + confidence / 2)) * std_error
        low, high = p / a - reach, p / a + reach
    elif method == "monte carlo":
        low, high = _monte_carlo(a, p, covariance, confidence, n_draws, seed)
        notes = (f"{n_draws} draws, seed {seed}.",)
    elif method == "bootstrap":
        low, high, notes = _bootstrap(result, actor, partner, confidence)
    else:
        low, high, notes = _profile(result, actor, partner, held, confidence)
    return PatternK(
        role=role or "",
        value=p / a,
        std_error=std_error,
        low=low,
        high=high,
        method=method,
        confidence=confidence,
        actor=actor,
        partner=partner,
        notes=notes,
    )


def _check_actor(
    a: float, std_error: float, held: FiellerSet, actor: str, confidence: float
) -> None:
    critical = float(ndtri(0.5 + confidence / 2))
    if abs(a) > critical * std_error:
        return
    low, high = a - critical * std_error, a + critical * std_error
    raise FitError(
        f"k is estimated only where the actor effect is clearly not zero, but the "
        f"{100 * confidence:g} % interval of {actor!r} is {format_interval(low, high)}: the "
        f"ratio is not determined (Fieller's set: {held}). Report the actor and the partner effect "
        "themselves, and pattern_tests(...), which need no ratio."
    )


def _monte_carlo(
    a: float,
    p: float,
    covariance: np.ndarray,
    confidence: float,
    n_draws: int,
    seed: int | None,
) -> tuple[float, float]:
    if seed is None:
        raise SpecError(
            "Monte-Carlo limits must be repeatable, but no seed was given. Pass seed=, any whole "
            "number."
        )
    if n_draws < 1000:
        raise SpecError(f"n_draws must be 1000 or more, got {n_draws!r}.")
    draws = np.random.default_rng(seed).multivariate_normal([a, p], covariance, size=n_draws)
    tail = (1 - confidence) / 2
    low, high = np.quantile(draws[:, 1] / draws[:, 0], [tail, 1 - tail])
    return float(low), float(high)


def _bootstrap(
    result: PathModelResult, actor: str, partner: str, confidence: float
) -> tuple[float, float, tuple[str, ...]]:
    table = result.bootstrap_draws
    if table is None:
        raise FitError(
            "bootstrap limits need replicates, but the fit has none. Fit the model again with "
            "standard_errors='bootstrap' and a seed."
        )
    draws_a, draws_p = (table[result.row_name(name)] for name in (actor, partner))
    ratio = (draws_p / draws_a).to_numpy()
    ratio = ratio[np.isfinite(ratio)]
    tail = (1 - confidence) / 2
    low, high = np.quantile(ratio, [tail, 1 - tail])
    other_side = float(np.mean(np.sign(draws_a) != np.sign(result.values((actor,))[0])))
    notes: tuple[str, ...] = (f"Percentiles of {len(ratio)} couple-bootstrap replicates.",)
    if other_side > 0:
        notes += (
            f"In {other_side:.1%} of them the actor effect had the other sign: read the limits "
            "with care.",
        )
    return float(low), float(high), notes


def _profile(
    result: PathModelResult, actor: str, partner: str, held: FiellerSet, confidence: float
) -> tuple[float, float, tuple[str, ...]]:
    if result.standard_errors == "robust":
        raise SpecError(
            "profile limits rest on the plain likelihood, but the fit is robust. Take "
            "method='fieller', which uses the robust standard errors."
        )
    critical = float(ndtri(0.5 + confidence / 2)) ** 2
    base = result.parts.fit.chisq

    def rise(k: float) -> float:
        under = refit_under(result, (read_constraint(f"{partner} == {k!r}*{actor}"),))
        if under.state == "failed":
            raise FitError(f"the model could not be fitted under {partner} == {k:g} {actor}.")
        return under.chisq - base - critical

    k, width = _center(result, actor, partner), held.high - held.low
    low, high = (_end(rise, k, side * width / 2) for side in (-1, 1))
    notes: tuple[str, ...] = ()
    if math.isinf(low) or math.isinf(high):
        notes = ("On one side the likelihood excludes no ratio: the limit is infinite.",)
    return low, high, notes


def _center(result: PathModelResult, actor: str, partner: str) -> float:
    a, p = (float(value) for value in result.values((actor, partner)))
    return p / a


def _end(rise: Callable[[float], float], k: float, step: float) -> float:
    """Return where the profile crosses, walking from k in steps that double; or infinity."""
    inside, outside = k, k + step
    for _ in range(12):
        if rise(outside) > 0:
            return float(brentq(rise, inside, outside, xtol=1e-7 * abs(step), rtol=1e-12))
        inside, outside = outside, k + 2 * (outside - k)
    return math.copysign(math.inf, step)
