"""How reliable a couple's mean score and difference score are, as expressions of a factor model."""

from __future__ import annotations

from intimacy_analysis.dyadic.item_columns import item_columns
from intimacy_analysis.dyadic.measurement import dyadic_factor_model
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.spec import Definition, PathModelSpec

MEAN, DIFFERENCE = "couple_mean_reliability", "couple_difference_reliability"


def couple_reliability_model(items: dict[str, tuple[str, ...]]) -> PathModelSpec:
    """Return the dyadic factor model with the reliability of (S1 + S2)/2 and of S1 - S2 defined.

    S is a member's sum (or mean) of the items. What the two members' answers to the same item
    share beyond the factors is no part of the true score: twice its sum is error of the mean and
    is missing from the error of the difference.

    Args:
        items: Columns by member, the same items in the same order.

    Raises:
        SpecError: Names that cannot be.

    Source:
        docs/maths/reliability.md, eq. 5 and 6.
    """
    spec = dyadic_factor_model(_free_name(items), dict(items), scale="fixed factor")
    of = {
        (arrow.op, arrow.lhs, arrow.rhs): arrow.labels[0] or f"{arrow.fixed[0]:g}"
        for arrow in spec.arrows
    }
    one, two = spec.latent
    first, second = (f"loadings_{role}" for role in items)
    parts = {
        name: [of["=~", factor, item] for item in columns]
        for name, factor, columns in zip((first, second), spec.latent, items.values(), strict=True)
    }
    both = [item for columns in items.values() for item in columns]
    parts["own_errors"] = [of["~~", item, item] for item in both]
    parts["shared_errors"] = [of["~~", *pair] for pair in zip(*items.values(), strict=True)]
    defined = {name: " + ".join(terms) for name, terms in parts.items()}
    own = f"{first}^2*{of['~~', one, one]} + {second}^2*{of['~~', two, two]}"
    shared = f"2*{first}*{second}*{of['~~', one, two]}"
    for name, sign in ((MEAN, "+"), (DIFFERENCE, "-")):
        true = f"({own} {sign} {shared})"
        defined[name] = f"{true}/({true} + own_errors {sign} 2*shared_errors)"
    return spec.with_definitions(
        *(Definition(name=name, expression=read_expression(text)) for name, text in defined.items())
    )


def _free_name(items: dict[str, tuple[str, ...]]) -> str:
    """Return a name for the factors that no column and no item has."""
    taken = {column for columns in items.values() for column in columns}
    taken.update(item_columns(items).items)
    name = "scale"
    while name in taken or any(f"{name}_{role}" in taken for role in items):
        name += "_"
    return name
