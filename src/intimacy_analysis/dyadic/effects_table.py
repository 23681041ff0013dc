"""The effects of a dyadic model, in words in place of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.spec import Meaning

_BACKGROUND = ("level", "spread")


def effects_table(
    result: PathModelResult, kinds: Sequence[str] | None = None, *, role: str | None = None
) -> EstimateTable:
    """Return a template's effects, rows named by what they mean.

    Args:
        result: A fitted template.
        kinds: Kinds of effects to keep, by the word they begin with ("actor", "indirect", "total",
            "contrast", ...); None for all but means and variances.
        role: Effects on this member's outcome only; None for all.

    Raises:
        SpecError: A model text (it has no words), an unknown kind, or an unknown member.
        FitError: A fit that failed.
    """
    meanings = chosen_meanings(result, kinds, role=role)
    return replace(
        result.estimates,
        rows=tuple(worded(result, meaning) for meaning in meanings),
        notes=(*state_notes(result), *result.estimates.notes),
    )


def chosen_meanings(
    result: PathModelResult, kinds: Sequence[str] | None, *, role: str | None
) -> tuple[Meaning, ...]:
    """Return the meanings of the labels that are asked for, in the template's order."""
    held = result.spec.meanings
    if not held:
        raise SpecError(
            "effects in words need a template, but this model was written as a text. Read "
            "result.estimates, or fit a template such as actor_partner(...)."
        )
    if isinstance(kinds, str):
        kinds = (kinds,)
    known = tuple(dict.fromkeys(meaning.kind for meaning in held))
    unknown = [k for k in kinds or () if not any(one.startswith(k) for one in known)]
    if unknown:
        raise SpecError(
            f"kinds must be kinds of effects of the model, but {unknown[0]!r} is none. It has: "
            f"{', '.join(map(repr, known))}."
        )
    if role is not None and role not in {meaning.role for meaning in held}:
        raise SpecError(
            f"role must be a member with effects of their own, but {role!r} is none. Members: "
            f"{', '.join(map(repr, result.spec.roles)) or 'none'}."
        )
    return tuple(
        meaning
        for meaning in held
        if (
            meaning.kind not in _BACKGROUND
            if kinds is None
            else any(meaning.kind.startswith(kind) for kind in kinds)
        )
        and (role is None or meaning.role == role)
    )


def worded(result: PathModelResult, meaning: Meaning) -> Estimate:
    """Return one estimate under its words."""
    return replace(result.estimate(meaning.label), name=meaning.words)


def state_notes(result: PathModelResult) -> tuple[str, ...]:
    """Return what must stand beside numbers that describe no possible couples."""
    if result.state != "inadmissible":
        return ()
    why = f" {result.warnings[0]}" if result.warnings else ""
    return (f"The solution is inadmissible; do not interpret these numbers.{why}",)
