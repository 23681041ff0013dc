"""A fitted dyadic model in a paragraph of plain words."""

from __future__ import annotations

from collections.abc import Sequence

from intimacy_analysis.dyadic.effects_table import chosen_meanings, state_notes, worded
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    format_count,
    format_interval,
    format_number,
    format_p,
    precision_for,
)
from intimacy_analysis.paths.result import PathModelResult

# What a reader asks first of each model; contrasts and single ways are in the table.
_FIRST = {
    "actor-partner": ("actor", "partner"),
    "actor-partner mediation": ("sum,", "direct", "total"),
    "actor-partner moderation": ("actor", "partner", "interaction"),
    "common fate": ("couple", "individual"),
    "mutual influence": ("influence", "actor"),
    "dyadic factor": ("latent",),
    "latent actor-partner": ("actor", "partner"),
    "latent common fate": ("couple", "individual"),
}


def describe(result: PathModelResult, kinds: Sequence[str] | None = None) -> str:
    """Return a paragraph: what was estimated, from how many couples, what came out.

    Args:
        result: A fitted template.
        kinds: Kinds of effects to name; None for those a reader asks for first.

    Raises:
        SpecError: A model text, that has no words, or an unknown kind.
        FitError: A fit that failed.
    """
    result.check_estimates()
    wanted = kinds if kinds is not None else _FIRST.get(result.spec.template)
    meanings = chosen_meanings(result, wanted, role=None)
    sentences = [f"{result.spec.title}.", _couples(result), *result.spec.notes[:1]]
    sentences += state_notes(result)
    confidence = result.estimates.confidence
    if result.state == "ok":
        clear: list[str] = []
        unclear: list[str] = []
        for meaning in meanings:
            row = worded(result, meaning)
            (unclear if row.low <= 0 <= row.high else clear).append(_said(row))
        if clear:
            sentences.append(
                f"With {100 * confidence:g} % intervals, these differ from zero: "
                f"{'; '.join(clear)}."
            )
        if unclear:
            sentences.append(f"These may be zero or of either sign: {'; '.join(unclear)}.")
    sentences += [_fit(result), *result.spec.notes[1:]]
    return " ".join(sentences)


def _couples(result: PathModelResult) -> str:
    left = f", {format_count(result.n_dropped)} left out" if result.n_dropped else ""
    return f"It was fitted to {format_count(result.n_couples)} couples{left}."


def _said(row: Estimate) -> str:
    precision = precision_for(row.value, row.std_error, row.low, row.high)
    limits = format_interval(row.low, row.high, precision)
    unit = f" {row.unit}" if row.unit else ""
    return f"{row.name} {format_number(row.value, precision)}{unit} {limits}"


def _fit(result: PathModelResult) -> str:
    fit = result.fit_indices
    if fit.df == 0:
        return "The model has no degrees of freedom: it fits any data, and its fit says nothing."
    chisq, p_value = fit.chisq, fit.p_value
    if result.standard_errors == "robust":
        chisq, p_value = fit.chisq_scaled, fit.p_value_scaled
    p_text = format_p(p_value)
    said = p_text if p_text[0] in "<>" else f"= {p_text}"
    return f"Fit: chi-square({fit.df:.0f}) = {chisq:.2f}, p {said}, CFI {fit.cfi:.3f}."
