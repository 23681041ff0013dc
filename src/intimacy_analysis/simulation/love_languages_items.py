"""Items of the synthetic couples with love languages: steps, loadings, keys."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq

from intimacy_analysis.scales.questionnaires import questionnaire
from intimacy_analysis.simulation.love_languages_truth import (
    FORMS,
    OUTCOMES,
    ROLES,
    Form,
    LoveLanguagesTruth,
)
from intimacy_analysis.simulation.ordered_items import OrderedItem, OrderedScale
from intimacy_analysis.simulation.pair_items import answer_shares
from intimacy_analysis.study.scale import Scale

EMPATHY = "perspective_taking"
# Items, and SD of what an item has of its own, of scores that follow others in straight lines.
FOLLOWING = {OUTCOMES[0]: (3, 0.53), OUTCOMES[1]: (5, 0.71), EMPATHY: (4, 0.9)}
_HIGHEST = 7


@lru_cache(maxsize=8)
def profile_scales(truth: LoveLanguagesTruth) -> tuple[OrderedScale, ...]:
    """Return both partners' parts, in the order of `truth.correlation`, each of four like items.

    Loadings are such that alpha, mean and spread come out as stated.

    Args:
        truth: What is put in.
    """
    return tuple(
        _profile_scale(truth, form, key, role)
        for role in ROLES
        for form in FORMS
        for key in profile_keys(form)
    )


def profile_keys(form: Form) -> tuple[Scale, ...]:
    """Return the keys of one form: scores `preferred_words`, ... of items `preferred_1`, ..."""
    scales = questionnaire("love_languages", items=f"{form}_{{}}", scores=f"{form}_{{}}").scales
    return tuple(replace(scale, label=f"{scale.label}, {form}") for scale in scales)


def following_keys() -> tuple[Scale, ...]:
    """Return the keys of the outcomes and of perspective taking."""
    satisfied = questionnaire("kmss", items="satisfied_{}").scales[0]
    sexual = questionnaire("gmsex", items="sexual_{}").scales[0]
    perspective = Scale(
        name=EMPATHY,
        items=tuple(f"perspective_{number}" for number in range(1, FOLLOWING[EMPATHY][0] + 1)),
        minimum=1,
        maximum=_HIGHEST,
        label="Perspective taking",
        basis="[assumption]",
    )
    return (
        replace(satisfied, name=OUTCOMES[0], label="Relationship satisfaction"),
        replace(sexual, name=OUTCOMES[1], label="Sexual satisfaction"),
        perspective,
    )


def _profile_scale(truth: LoveLanguagesTruth, form: Form, key: Scale, role: str) -> OrderedScale:
    language = key.name.removeprefix(f"{form}_")
    shares = answer_shares(truth.mean(form, language, role) - 1, truth.sd(form), _HIGHEST - 1)

    def with_loading(loading: float) -> OrderedScale:
        items = tuple(OrderedItem(name=name, loading=loading, shares=shares) for name in key.items)
        return OrderedScale(name=key.name, items=items, lowest=1, label=key.label, basis=key.basis)

    return with_loading(
        float(brentq(lambda held: with_loading(held).alpha - truth.alpha, 0.05, 0.99))
    )


def rounded_answers(exact: np.ndarray) -> np.ndarray:
    """Return answers in whole steps of 1 to 7, ends included."""
    return np.asarray(np.clip(np.floor(exact + 0.5), 1, _HIGHEST))
