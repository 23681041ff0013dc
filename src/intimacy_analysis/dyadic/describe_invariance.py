"""In words: at which level a scale is the same for both members, and what that allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intimacy_analysis.dyadic.measurement import LEVELS, Level, equal_words, level_words
from intimacy_analysis.formatting import format_count, format_interval, format_number, precision_for

if TYPE_CHECKING:
    from intimacy_analysis.dyadic.invariance import InvarianceLadder
    from intimacy_analysis.dyadic.partial_invariance import PartialInvariance

# What may be compared across the two members once a level holds.
ALLOWS: dict[Level, str] = {
    "configural": "The same items belong together in both members. Sizes must not be compared "
    "across members: neither effects nor variances nor means of the latent variable.",
    "loadings": "One unit of the latent variable means the same in both members: latent variances, "
    "covariances and effects may be compared across members. Means must not: for them the "
    "intercepts must be equal.",
    "intercepts": "Latent means may be compared across members, and so may latent variances and "
    "effects.",
    "residuals": "Latent means, variances and effects may be compared across members; differences "
    "of observed scale scores mirror those of the latent variable.",
    "latent variances": "All of the measurement is the same in both members, and so is the spread "
    "of the latent variable; the members may still differ in its mean.",
    "latent means": "The members cannot be told apart on this scale: they may be treated as "
    "indistinguishable on it.",
}
# With exceptions, whatever the level.
_IN_PART = (
    "Exceptions were needed: what may be compared rests on the items that are equal. Latent "
    "values may be compared as said; scores of the whole scale carry the exceptions with them."
)


def describe_invariance(ladder: InvarianceLadder | PartialInvariance) -> str:
    """Return a paragraph: which level holds, by which rule, and what it allows to compare.

    Args:
        ladder: The answer of `invariance_ladder` or `partial_invariance`.
    """
    first = ladder.steps[0].result
    who = " and ".join(ladder.columns.words(member) for member in (0, 1))
    sentences = [
        f"{len(ladder.columns.items)} items of {ladder.name}, answered by {who} in "
        f"{format_count(first.n_couples)} couples.",
        ladder.rule.words(
            "the level before" if ladder.direction == "up" else "the configural model"
        ),
    ]
    if ladder.retained is None:
        sentences.append(f"No level can be retained: {ladder.steps[0].verdict}.")
        return " ".join([*sentences, *ladder.notes])
    way = {"up": "Going up from no equality", "down": "Going down from indistinguishable members"}
    partly = _exceptions(ladder, ladder.retained)
    kept = equal_words(ladder.retained) if partly else level_words(ladder.retained)
    sentences.append(f"{way[ladder.direction]}, the level that is kept is: {kept}{partly}.")
    failed = [step for step in ladder.steps if step.holds is False]
    for step in failed[:1]:
        why = step.verdict.partition(": ")[2]
        what = "residual variances" if step.level == "residuals" else step.level
        sentences.append(f"The first level that fails is equal {what}: {why}.")
        worst = step.item_tests
        if len(worst):
            sentences.append(_worst(str(worst["item"].iloc[0]), float(worst["holm_p"].iloc[0])))
    level = ladder.retained
    if partly and LEVELS.index(level) >= LEVELS.index("residuals"):
        level = "intercepts"
    sentences += [ALLOWS[level], *([_IN_PART] if partly else [])]
    sentences += [*_means(ladder), *ladder.notes]
    return " ".join(sentences)


def _exceptions(ladder: InvarianceLadder | PartialInvariance, level: Level) -> str:
    rungs = LEVELS[: LEVELS.index(level) + 1]
    listed = [f"{item} ({rung})" for rung in rungs for item in ladder.free.get(rung, ())]
    return f", but for {', '.join(listed)}" if listed else ""


def _worst(item: str, holm_p: float) -> str:
    named = f"The item that differs most is {item}"
    if holm_p < 0.05:
        return f"{named}."
    return f"{named}, but no single item stands out (Holm's p is {holm_p:.2f})."


def _means(ladder: InvarianceLadder | PartialInvariance) -> list[str]:
    """Say how far the latent means lie apart, where they may be compared."""
    assert ladder.retained is not None
    rung = LEVELS.index(ladder.retained)
    if not LEVELS.index("intercepts") <= rung < LEVELS.index("latent means"):
        return []
    step = ladder[ladder.retained]
    row = step.result.estimate(f"d_{ladder.name}")
    precision = precision_for(row.value, row.std_error, row.low, row.high)
    limits = format_interval(row.low, row.high, precision)
    one, two = (ladder.columns.words(member) for member in (0, 1))
    return [
        f"The latent mean of the {two} less that of the {one} is "
        f"{format_number(row.value, precision)} {limits} latent standard deviations."
    ]
