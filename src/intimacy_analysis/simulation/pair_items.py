"""The PAIR's items as they are answered in the synthetic survey: steps, loadings, key."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtr

from intimacy_analysis.scales.questionnaires import Questionnaire, questionnaire
from intimacy_analysis.simulation.ordered_items import OrderedItem, OrderedScale
from intimacy_analysis.simulation.pair_truth import FORMS, SCORES, Form, PairTruth

# The columns' stems: how it is now, and how one would like it.
STEMS: dict[Form, str] = {"perceived": "now", "expected": "wish"}


def pair_key(form: Form) -> Questionnaire:
    """Return the key of one form, with this survey's columns: "now_1" and "wish_1" on."""
    return questionnaire("pair", items=f"{STEMS[form]}_{{}}", scores=f"{form}_{{}}")


@lru_cache(maxsize=16)
def answer_shares(mean: float, sd: float, highest: int = 4) -> tuple[float, ...]:
    """Return shares of the answers 0 to `highest` with this mean and standard deviation.

    A normal variable is rounded to whole steps and cut at the ends; its own mean and spread are
    searched for.

    Args:
        mean: Of the answers.
        sd: Of the answers.
        highest: Highest answer.
    """
    from scipy.optimize import root

    steps = np.arange(highest + 1)
    # Where one answer ends and the next begins, before rounding.
    cuts = steps[:-1] + 0.5

    def shares(at: float, log_spread: float) -> np.ndarray:
        below = ndtr((cuts - at) / np.exp(log_spread))
        return np.diff(np.concatenate([[0.0], below, [1.0]]))

    def miss(values: np.ndarray) -> list[float]:
        held = shares(float(values[0]), float(values[1]))
        own = float(held @ steps)
        return [own - mean, float(np.sqrt(held @ steps**2 - own**2)) - sd]

    found = root(miss, x0=[mean, np.log(sd)], tol=1e-12)
    if not found.success:
        raise ValueError(f"no {highest + 1} answers have the mean {mean:g} and the spread {sd:g}")
    return tuple(float(share) for share in shares(float(found.x[0]), float(found.x[1])))


@lru_cache(maxsize=8)
def pair_scales(truth: PairTruth) -> tuple[OrderedScale, ...]:
    """Return the twelve scores of one person, perceived form first, each of six like items.

    Loadings and spreads are such that score and alpha come out as stated.

    Args:
        truth: What is put in.
    """
    return tuple(_scale(truth, form, score) for form in FORMS for score in SCORES)


def _scale(truth: PairTruth, form: Form, score: str) -> OrderedScale:
    from scipy.optimize import brentq

    key = pair_key(form)[f"{form}_{score}"]
    k, alpha = len(key.items), truth.alpha(score)
    # Var(sum) = k s^2 (1 + (k - 1) r) with alpha = k r / (1 + (k - 1) r).
    r = alpha / (k - (k - 1) * alpha)
    spread = truth.sd(form) / key.multiplier / np.sqrt(k * (1 + (k - 1) * r))
    shares = answer_shares(truth.mean(form, score) / (key.multiplier * k), float(spread))

    def with_loading(loading: float) -> OrderedScale:
        items = tuple(OrderedItem(name=name, loading=loading, shares=shares) for name in key.items)
        return OrderedScale(name=key.name, items=items, lowest=0, label=key.label)

    return with_loading(brentq(lambda held: with_loading(held).alpha - alpha, 0.05, 0.99))
