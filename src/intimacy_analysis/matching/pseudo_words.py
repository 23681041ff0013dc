"""Real couples and strangers, in tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from intimacy_analysis.formatting import (
    Table,
    estimate_cells,
    format_interval,
    format_number,
    format_p,
    number_cell,
    p_cell,
    precision_for,
    text_column,
    words_cell,
)
from intimacy_analysis.formatting.table import Column
from intimacy_analysis.matching.profile_scores import PROFILE_SCORES, SIMILARITIES, ProfileScore
from intimacy_analysis.matching.pseudo_baselines import Stranger, StrangerCorrelation
from intimacy_analysis.matching.pseudo_closeness import Closeness

_STRANGERS: dict[Stranger, str] = {
    "expression": "partner's expression",
    "preference": "own preference",
}


def closeness_table(
    closeness: Sequence[Closeness], score: ProfileScore, confidence: float, notes: tuple[str, ...]
) -> Table:
    """Return the table of real couples beside strangers."""
    share = f"{100 * confidence:g} % of pairings"
    return Table(
        columns=(
            text_column("Receiver"),
            Column(header="Real couples", raw_names=("observed",)),
            Column(header="Strangers", raw_names=("strangers",)),
            Column(header=share, raw_names=("low", "high")),
            Column(header="Strangers further", raw_names=("closer_share",)),
            Column(header="p", italic=True, raw_names=("p_value",)),
        ),
        rows=tuple(
            (
                words_cell(one.who.replace("_", " ")),
                number_cell(format_number(one.observed), one.observed),
                *estimate_cells(one.strangers, one.low, one.high),
                number_cell(f"{100 * one.closer_share:.1f} %", one.closer_share),
                p_cell(one.p_value),
            )
            for one in closeness
        ),
        title=f"Real couples and strangers: {PROFILE_SCORES[score]}",
        notes=notes,
    )


def baseline_table(
    baselines: Sequence[StrangerCorrelation], outcome: str, confidence: float
) -> Table:
    """Return the table of the correlations strangers give."""
    share = f"{100 * confidence:g} % of pairings"
    return Table(
        columns=(
            text_column("Outcome of"),
            text_column("Stranger"),
            Column(header="r", italic=True, raw_names=("observed",)),
            Column(header="Baseline r", raw_names=("mean",)),
            Column(header=share, raw_names=("low", "high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
        ),
        rows=tuple(
            (
                words_cell(one.role.replace("_", " ")),
                words_cell(_STRANGERS[one.stranger]),
                number_cell(_bounded(one.observed), one.observed),
                *estimate_cells(one.mean, one.low, one.high, bounded=True),
                p_cell(one.p_value),
            )
            for one in baselines
        ),
        title=f"Correlation with {outcome.replace('_', ' ')}, and what strangers give",
    )


def closeness_words(one: Closeness, score: ProfileScore, level: float) -> str:
    """Return one comparison of real couples with strangers as a sentence."""
    whose = (
        "Both directions together"
        if one.who == "both"
        else f"What the {one.who.replace('_', ' ')} receives"
    )
    similar = score in SIMILARITIES
    nearer = one.observed > one.strangers if similar else one.observed < one.strangers
    if one.p_value >= level:
        said = "real couples are not told from strangers"
    else:
        said = f"real couples lie {'closer' if nearer else 'further apart'} than strangers"
    precision = precision_for(one.strangers, low=one.low, high=one.high)
    return (
        f"{whose}: {said} ({PROFILE_SCORES[score]} {format_number(one.observed, precision)}, "
        f"strangers {format_number(one.strangers, precision)}; random pairings "
        f"{format_interval(one.low, one.high, precision)}, {_p(one.p_value)})."
    )


def baseline_words(
    one: StrangerCorrelation, outcome: str, score: ProfileScore, level: float
) -> str:
    """Return one baseline as a sentence."""
    who, spoken = one.role.replace("_", " "), outcome.replace("_", " ")
    kind = "similarity" if score in SIMILARITIES else "mismatch"
    precision = precision_for(0.0, 0.01, bounded=True)
    interval = format_interval(one.low, one.high, precision)
    kept = (
        f"with the own preference and {spoken} kept and the expression of a stranger"
        if one.stranger == "expression"
        else f"with the partner's expression and {spoken} kept and the preference of a stranger"
    )
    brings = "the own preference" if one.stranger == "expression" else "the partner's expression"
    more = (
        f"beyond what {brings} brings by itself"
        if one.p_value < level
        else f"not told from what {brings} brings by itself"
    )
    return (
        f"{spoken.capitalize()} of the {who} and {kind} correlate "
        f"{format_number(one.observed, precision)}; {kept} {format_number(one.mean, precision)} "
        f"{interval}: {more} ({_p(one.p_value)})."
    )


def _bounded(value: float) -> str:
    return format_number(value, precision_for(value, bounded=True))


def _p(p_value: float) -> str:
    shown = format_p(p_value)
    return f"p {shown}" if shown.startswith(("<", ">")) else f"p = {shown}"
