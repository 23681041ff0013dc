"""The questionnaires of the synthetic technoference survey: loadings and shares of answers.

Keys and arithmetic only: no item's wording. Loadings of the four devices are such that the
answers have the principal component that was reported (.78, .77, .81, .44) and an alpha near the
reported .67 at once; every other number is an assumption.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from intimacy_analysis.simulation.ordered_items import OrderedItem, OrderedScale

# Lowest answer of the examples that means "once a day or more".
ONCE_A_DAY = 4
# Share of women at once a day or more, of each example: press reports of the study.
DAILY_SHARES = (0.62, 0.40, 0.35, 0.33, 0.25)
# Where the other answers begin, in standard deviations from the beginning of "once a day".
_STEPS = np.array([-1.4, -0.9, -0.4, 0.0, 0.5, 1.1, 1.7])
_DEVICES = (
    ("cell phone or smartphone", 0.72, (0.10, 0.20, 0.54, 0.13, 0.02, 0.01)),
    ("television", 0.68, (0.14, 0.30, 0.36, 0.14, 0.04, 0.02)),
    ("computer or laptop", 0.78, (0.17, 0.33, 0.31, 0.13, 0.04, 0.02)),
    ("tablet", 0.32, (0.50, 0.25, 0.15, 0.06, 0.03, 0.01)),
)
EXAMPLES = (
    "device during leisure time together",
    "television during a conversation",
    "phone after a notification during a conversation",
    "phone during a conversation or a meal",
    "messages to others while talking face to face",
)


def _example_shares(daily: float) -> tuple[float, ...]:
    """Return the shares of the eight answers, `daily` of them at once a day or more."""
    below = ndtr(ndtri(1 - daily) + _STEPS)
    return tuple(float(share) for share in np.diff(np.concatenate([[0.0], below, [1.0]])))


def _alike(stem: str, n: int, loading: float, shares: tuple[float, ...]) -> tuple[OrderedItem, ...]:
    return tuple(
        OrderedItem(name=f"{stem}_{at}", loading=loading, shares=shares) for at in range(1, n + 1)
    )


SCALES = (
    OrderedScale(
        name="technoference",
        items=tuple(
            OrderedItem(name=f"tdis_{at}", loading=loading, shares=shares, label=device)
            for at, (device, loading, shares) in enumerate(_DEVICES, start=1)
        ),
        lowest=0,
        label="Technology device interference",
        basis="[source read: B2]",
    ),
    OrderedScale(
        name="technoference_examples",
        items=tuple(
            OrderedItem(
                name=f"tiles_{at}", loading=0.75, shares=_example_shares(daily), label=example
            )
            for at, (daily, example) in enumerate(zip(DAILY_SHARES, EXAMPLES, strict=True), start=1)
        ),
        lowest=0,
        label="Technology interference in examples of daily life",
        basis="[recalled, lo]",
    ),
    OrderedScale(
        name="conflict_over_technology",
        items=_alike("conflict", 4, 0.75, (0.22, 0.30, 0.26, 0.14, 0.06, 0.02)),
        lowest=0,
        label="Conflict over technology use",
    ),
    OrderedScale(
        name="relationship_satisfaction",
        items=_alike("satisfaction", 6, 0.85, (0.02, 0.03, 0.06, 0.12, 0.22, 0.33, 0.22)),
        lowest=1,
        label="Relationship satisfaction",
    ),
    OrderedScale(
        name="depressive_symptoms",
        items=_alike("depression", 10, 0.65, (0.48, 0.32, 0.14, 0.06)),
        lowest=0,
        label="Depressive symptoms",
    ),
    OrderedScale(
        name="life_satisfaction",
        items=_alike("life", 5, 0.78, (0.03, 0.06, 0.10, 0.16, 0.28, 0.26, 0.11)),
        lowest=1,
        label="Life satisfaction",
    ),
)
