"""How reliable one score is: alpha, omega, and what each item is to the scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_number, precision_for
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.reliability.cronbach_alpha import (
    Gaps,
    ItemAlpha,
    cronbach_alpha,
    item_alphas,
    keyed_alpha,
    rows_behind,
)
from intimacy_analysis.reliability.defined_quantities import DefinedQuantities


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberReliability:
    """Reliability of one score: that of one member of couples, or of persons.

    Attributes:
        role: The member; "" where rows are persons.
        n: Persons behind alpha.
        alpha: Cronbach's alpha with Feldt's interval.
        omega: McDonald's omega of the one-factor model, delta-method error and interval.
        omega_bootstrap: The same with the interval of the couple bootstrap.
        items: What each item is to the scale.
        loadings: Standardized loadings, rows named by column.
        against: Columns that run against the other items: reverse-keyed ones not yet recoded?
        keyed_alpha: Alpha with those turned round; `nan` where there is none.
    """

    role: str
    n: int
    alpha: Estimate
    omega: Estimate
    omega_bootstrap: Estimate
    items: tuple[ItemAlpha, ...]
    loadings: EstimateTable
    against: tuple[str, ...]
    keyed_alpha: float


def member_reliability(
    role: str,
    answers: pd.DataFrame,
    fits: DefinedQuantities | None,
    *,
    own: str,
    gaps: Gaps,
    confidence: float,
) -> MemberReliability:
    """Return alpha, omega and item statistics of one score.

    Args:
        role: The member; "" where rows are persons.
        answers: One row a person, one column an item of the score.
        fits: The one-factor model of `omega_model`; None where two items cannot have one.
        own: Name of this score's omega in the model.
        gaps: As in `cronbach_alpha`.
        confidence: Coverage of the intervals.

    Source:
        docs/maths/reliability.md, eq. 1 to 4.
    """
    n = rows_behind(answers, gaps=gaps)
    items = item_alphas(answers, gaps=gaps)
    loadings = _loadings(answers, fits.plain if fits is not None else None)
    against = _running_against(loadings) if fits is not None else _against_the_rest(items)
    return MemberReliability(
        role=role,
        n=n,
        alpha=cronbach_alpha(answers, gaps=gaps, confidence=confidence),
        omega=_omega(fits, own, bootstrapped=False),
        omega_bootstrap=_omega(fits, own, bootstrapped=True),
        items=items,
        loadings=loadings,
        against=against,
        keyed_alpha=keyed_alpha(answers, against, gaps=gaps) if against else math.nan,
    )


def against_words(member: MemberReliability) -> tuple[str, ...]:
    """Return a warning where items run against the others; none where no item does."""
    if not member.against:
        return ()
    one = len(member.against) == 1
    named = " and ".join(map(repr, member.against))
    whose = f"the {member.role.replace('_', ' ')}'s " if member.role else ""
    return (
        f"Of {whose}{len(member.items)} items, {len(member.against)} "
        f"{'runs' if one else 'run'} against the others: {named}. If "
        f"{'its wording is' if one else 'their wording is'} reversed, recode "
        f"{'it' if one else 'them'} (on a scale from 1 to 9: 10 minus the answer); alpha would be "
        f"{_share(member.keyed_alpha)} in place of {_share(member.alpha.value)}.",
    )


# Conventions of the field, not laws; they trigger a sentence and decide nothing.
_POOR_CFI, _POOR_RMSEA = 0.90, 0.10


def poor_fit_words(fit: PathModelResult, what: str = "One factor") -> tuple[str, ...]:
    """Return a warning where a factor model fits poorly; none where it fits or has no fit."""
    held = fit.fit_indices
    # Three items have no degree of freedom, and no misfit to show.
    poor = held.cfi < _POOR_CFI or held.rmsea > _POOR_RMSEA
    if fit.state != "ok" or not poor:
        return ()
    return (
        f"{what} fits poorly (CFI {held.cfi:.3f}, RMSEA {held.rmsea:.3f}; "
        f"conventional bounds {_POOR_CFI:.2f} and {_POOR_RMSEA:.2f}): the items may measure more "
        "than one thing, and omega counts what they share in one.",
    )


def item_frame(members: Sequence[MemberReliability]) -> pd.DataFrame:
    """Return one row an item and member, with all that is known of it."""
    rows = [
        {
            "role": member.role,
            "item": item.item,
            "n": item.n,
            "missing": item.missing,
            "mean": item.mean,
            "sd": item.sd,
            "skew": item.skew,
            "rest_correlation": item.rest_correlation,
            "alpha_if_dropped": item.alpha_if_dropped,
            "loading": member.loadings[item.item].value,
            "runs_against": item.item in member.against,
        }
        for member in members
        for item in member.items
    ]
    return pd.DataFrame(rows)


def _omega(fits: DefinedQuantities | None, own: str, *, bootstrapped: bool) -> Estimate:
    if fits is None:
        return Estimate(name="omega", value=math.nan, unit="reliability")
    return replace(fits.row(own, bootstrapped=bootstrapped), name="omega", p_value=math.nan)


def _loadings(answers: pd.DataFrame, fit: PathModelResult | None) -> EstimateTable:
    if fit is None or fit.state == "failed":
        rows = [Estimate(name=str(name), value=math.nan) for name in answers.columns]
        return EstimateTable(rows=tuple(rows), title="Standardized loadings")
    table = fit.standardized("all")
    held = {row.name.partition(" =~ ")[2]: row for row in table.rows if " =~ " in row.name}
    return replace(
        table,
        rows=tuple(replace(held[str(name)], name=str(name)) for name in answers.columns),
        title="Standardized loadings",
        notes=(),
    )


def _running_against(loadings: EstimateTable) -> tuple[str, ...]:
    """Return columns that load against most of the scale, beyond what chance makes of them."""
    total = sum(row.value for row in loadings)
    if not math.isfinite(total) or total == 0:
        return ()
    sign = math.copysign(1.0, total)
    return tuple(
        row.name for row in loadings if sign * row.value < 0 and not (row.low <= 0 <= row.high)
    )


def _against_the_rest(items: tuple[ItemAlpha, ...]) -> tuple[str, ...]:
    """Return two items that correlate negatively: which of them is reversed cannot be told."""
    return tuple(item.item for item in items[1:] if item.rest_correlation < 0)


def _share(value: float) -> str:
    return format_number(value, precision_for(value, bounded=True))
