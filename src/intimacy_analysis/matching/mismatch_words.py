"""What a mismatch model says, in sentences without causes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import (
    format_interval,
    format_number,
    format_p,
    is_bounded,
    precision_for,
)
from intimacy_analysis.matching.level_terms import LevelTerms
from intimacy_analysis.paths.comparison import WaldTest


def mismatch_words(
    terms: tuple[LevelTerms, LevelTerms],
    roles: Sequence[str],
    outcome: str,
    simple: EstimateTable,
    estimates: EstimateTable,
    explained: pd.DataFrame,
    adds_nothing: WaldTest,
    equal_across_roles: WaldTest,
) -> str:
    """Return a paragraph a role, then one on both.

    Args:
        terms: What predicts each member's outcome.
        roles: The members' names.
        outcome: Stem of the outcome.
        simple: Simple correlations.
        estimates: Coefficients.
        explained: Shares of variance and variance inflation, one row a role.
        adds_nothing: Joint test of all mismatch coefficients.
        equal_across_roles: Joint test of equal ones.
    """
    spoken = outcome.replace("_", " ")
    said = [
        _one_role(term, role, spoken, simple, estimates, _row(explained, role))
        for term, role in zip(terms, roles, strict=True)
    ]
    kind = _kind(next(iter(terms[0].matches)))
    some = (
        f"Both roles together: {kind} says "
        + ("something" if adds_nothing.p_value < 1 - estimates.confidence else "nothing that shows")
        + f" beyond levels ({_test(adds_nothing)}); its coefficients "
        + (
            "differ between the roles"
            if equal_across_roles.p_value < 1 - estimates.confidence
            else "are not told apart between the roles"
        )
        + f" ({_test(equal_across_roles)})."
    )
    return "\n\n".join([*said, some])


def _one_role(
    term: LevelTerms,
    role: str,
    outcome: str,
    simple: EstimateTable,
    estimates: EstimateTable,
    shares: dict[str, float],
) -> str:
    match = next(iter(term.matches))
    kind, level = _kind(match), 1 - estimates.confidence
    plain, beyond = simple[f"r_{match}"], estimates[match]
    who = role.replace("_", " ")
    sentences = [
        f"Outcome of the {who}, {outcome}: {_seen(kind, plain, level)} ({_shown('r', plain)}).",
        _verdict(kind, plain, beyond, level),
        f"Levels alone say {_percent(shares['r2_levels'])} of the variance of {outcome}, with "
        f"{kind} it is {_percent(shares['r2_all'])}.",
        f"Levels say {_percent(shares['shared'])} of {kind} itself (variance inflation "
        f"{format_number(shares['vif'])})" + _inflation(shares["vif"], kind),
    ]
    return " ".join(sentences)


def _row(table: pd.DataFrame, role: str) -> dict[str, float]:
    values = table.loc[[role]].to_numpy(dtype=np.float64)[0].tolist()
    return dict(zip(map(str, table.columns), values, strict=True))


def _seen(kind: str, plain: Estimate, level: float) -> str:
    if not plain.p_value < level:
        return f"{kind} by itself is not seen to go with it"
    return f"higher {kind} by itself goes with {'higher' if plain.value > 0 else 'lower'} values"


def _verdict(kind: str, plain: Estimate, beyond: Estimate, level: float) -> str:
    shown = _shown("b", beyond)
    at = "At equal levels of what the partner expresses and of the own preference"
    if beyond.p_value < level:
        way = "higher" if beyond.value > 0 else "lower"
        still = "still " if plain.p_value < level and plain.value * beyond.value > 0 else ""
        return f"{at}, higher {kind} {still}goes with {way} values ({shown})."
    if plain.p_value < level:
        return (
            f"{at}, nothing of it is told from zero ({shown}): the simple correlation is no "
            "evidence of matching. The interval says what is not ruled out."
        )
    return f"{at}, it is not told from zero either ({shown})."


def _inflation(vif: float, kind: str) -> str:
    if vif >= 5:
        return (
            f": it is mostly a re-coded level, and few data are left to tell {kind} from levels; "
            "the interval of its coefficient is wide for that reason."
        )
    if vif >= 2:
        return (
            f": half of {kind} or more is a re-coded level, and its simple correlation mixes both."
        )
    return ": the larger part of it is not a matter of levels."


def _kind(label: str) -> str:
    return "mismatch" if label.startswith("mismatch") else "similarity"


def _shown(symbol: str, one: Estimate) -> str:
    precision = precision_for(
        one.value, one.std_error, one.low, one.high, bounded=is_bounded(one.name, one.unit)
    )
    value = format_number(one.value, precision)
    p_value = format_p(one.p_value)
    sign = "" if p_value.startswith(("<", ">")) else "= "
    interval = format_interval(one.low, one.high, precision)
    return f"{symbol} = {value} {interval}, p {sign}{p_value}"


def _test(test: WaldTest) -> str:
    p_value = format_p(test.p_value)
    sign = "" if p_value.startswith(("<", ">")) else "= "
    return f"chi-square({test.df}) = {format_number(test.statistic)}, p {sign}{p_value}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
