"""The terms of a fitted model by name: which are there, and what they are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.mixed.fit import Fit
from intimacy_analysis.study.codebook import near_names

if TYPE_CHECKING:
    from intimacy_analysis.mixed.result import MixedModelResult

_JOINT = re.compile(r":(?![^\[]*\])")


def check_fitted(result: MixedModelResult, what: str) -> Fit:
    """Return the fit, or raise `FitError` where it failed and so gives no `what`."""
    if result.fit.state == "failed":
        raise FitError(f"a failed fit gives no {what}: " + "; ".join(result.fit.reasons) + ".")
    return result.fit


def check_random_term(fit: Fit, term: str) -> int:
    """Return the column of Z that a random term stands in, or raise `SpecError`."""
    names = fit.prepared.design.random_names
    if term in names:
        return names.index(term)
    group = fit.prepared.design.groups.name
    known = near_names(term, names) if names else "It has no random terms at all."
    raise SpecError(
        f"{term!r} must be a random term, but it does not vary between {group} groups in this "
        f"model. {known}"
    )


def factors_of(term: str) -> tuple[str, ...]:
    """Return the factors of a term by name: "x:C(w)[T.1]" -> ("x", "C(w)[T.1]")."""
    return () if term in ("Intercept", "1") else tuple(_JOINT.split(term))


def is_function_of(factor: str, column: str) -> bool:
    """Whether a factor is computed from a column without being the column itself."""
    if factor == column:
        return False
    # A word of its own: "hours" is in "I(hours ** 2)" but not in "log(shared_hours)".
    return re.search(rf"(?<![\w.]){re.escape(column)}(?![\w.])", factor) is not None


def groups_in_words(group: str) -> str:
    """Return the groups' plural where English knows it: "persons", "couples", "id groups"."""
    known = {"person": "persons", "couple": "couples", "woman": "women", "man": "men"}
    return known.get(group, f"{group} groups")
