"""Lines of a model text that templates share: moments that are free, or alike for both members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from intimacy_analysis.dyadic.variable_names import MemberNames
from intimacy_analysis.paths.spec import Meaning

# The sentence beside every table of effects.
ASSOCIATIONS = (
    "The effects are associations, each with the other predictors held constant; without random "
    "assignment they do not show what causes what."
)


def free_moments(columns: Sequence[str]) -> list[str]:
    """Return lines that free every variance and covariance of some columns."""
    return [f"{name} ~~ {' + '.join(columns[at:])}" for at, name in enumerate(columns)]


def exchangeable_moments(
    names: MemberNames, tags: Mapping[str, str], couple_level: Sequence[str] = ()
) -> list[str]:
    """Return lines of (co)variances that stay the same when the two members change places.

    Labels: `v` + tag a variance, `c` + tag the partners' covariance, `w` + both tags a covariance
    within a member, `b` + both tags one between the members, `z` + tag + "_" + column a
    covariance with a variable of the couple.

    Args:
        names: The members.
        tags: Stem of each variable, and the ending of its labels.
        couple_level: Variables with one column a couple.

    Source:
        Olsen and Kenny (2006), Psychological Methods 11, 127-141.
    """
    lines = []
    for stem, tag in tags.items():
        one, two = names.columns(stem)
        lines += [f"{one} ~~ v{tag}*{one}", f"{two} ~~ v{tag}*{two}", f"{one} ~~ c{tag}*{two}"]
        lines += [
            f"{own} ~~ z{tag}_{column}*{column}" for column in couple_level for own in (one, two)
        ]
    for (stem, tag), (other, other_tag) in combinations(tags.items(), 2):
        (one, two), (first, second) = names.columns(stem), names.columns(other)
        lines += [
            f"{one} ~~ w{tag}{other_tag}*{first}",
            f"{two} ~~ w{tag}{other_tag}*{second}",
            f"{one} ~~ b{tag}{other_tag}*{second}",
            f"{two} ~~ b{tag}{other_tag}*{first}",
        ]
    return lines + free_moments(couple_level)


def exchangeable_means(names: MemberNames, tags: Mapping[str, str]) -> list[str]:
    """Return lines that give both members one mean (intercept), labeled `m` + tag."""
    return [f"{column} ~ m{tag}*1" for stem, tag in tags.items() for column in names.columns(stem)]


def moment_meanings(
    tags: Mapping[str, str], *, means: bool, residual: Sequence[str] = ()
) -> list[Meaning]:
    """Return the meanings of the labels of `exchangeable_moments` and `exchangeable_means`.

    Args:
        tags: As there.
        means: Whether there are labels of means.
        residual: Stems whose moments are those of residuals, since the model predicts them.
    """
    meanings = []
    for stem, tag in tags.items():
        rest = "residual " if stem in residual else ""
        meanings += [
            Meaning(
                label=f"v{tag}", words=f"{rest}variance of {stem}, both members", kind="spread"
            ),
            Meaning(label=f"c{tag}", words=f"partners' {rest}covariance of {stem}", kind="spread"),
        ]
        if means:
            level = "intercept" if stem in residual else "mean"
            meanings.append(
                Meaning(label=f"m{tag}", words=f"{level} of {stem}, both members", kind="level")
            )
    return meanings


def label_tags(stems: Sequence[str], letter: str) -> dict[str, str]:
    """Return the ending of each variable's labels: a letter for one, "_" and the stem for more."""
    if len(stems) == 1:
        return {stems[0]: letter}
    return {stem: f"_{stem}" for stem in stems}
