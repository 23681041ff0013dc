"""The R family: how reliable persons' means and daily changes are, from variances of facets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from intimacy_analysis.reliability.facet_likelihood import FACETS

Floats = npt.NDArray[np.float64]

# What each coefficient is the reliability of.
MEANINGS: Mapping[str, str] = {
    "R_KF": "differences between persons, of their means over the same days",
    "R_1R": "differences between persons, on one day of any persons",
    "R_KR": "differences between persons, of their means over days that may differ",
    "R_C": "change within persons from day to day",
    "R_KRN": "differences between persons, of their means over days of their own",
    "R_CN": "change within persons, the items' means left in the error",
}
_OVER_DAYS = ("R_KF", "R_KR", "R_KRN")


def facet_coefficients(
    crossed: Floats, nested: Floats, n_items: int, days: Floats, persons: Floats
) -> dict[str, Floats]:
    """Return every coefficient of B replicates.

    Coefficients of means over days depend on a person's number of days k. They are given as the
    mean of the persons' own reliabilities, and at the harmonic mean of k.

    Args:
        crossed: Variances of the crossed facets in the order of `FACETS`, shape (B, 7).
        nested: Those of days within persons, (B, 7).
        n_items: Items, m.
        days: The numbers of days k that persons have, shape (G,).
        persons: How many persons have each of them, shape (B, G).

    Source:
        docs/maths/reliability.md, eq. 21 to 26; Shrout and Lane (2012), in Mehl and Conner (eds.),
        Handbook of Research Methods for Studying Daily Life, chapter 17.
    """
    each = coefficients_at(crossed[:, None], nested[:, None], n_items, days[None])
    n = persons.sum(axis=1)
    harmonic = n / (persons / days).sum(axis=1)
    at_harmonic = coefficients_at(crossed, nested, n_items, harmonic)
    found = {}
    for name in MEANINGS:
        if name in _OVER_DAYS:
            found[f"{name}, mean over persons"] = (each[name] * persons).sum(axis=1) / n
            found[f"{name}, harmonic mean of days"] = at_harmonic[name]
        else:
            found[name] = at_harmonic[name]
    return found


def coefficients_at(
    crossed: Floats, nested: Floats, n_items: int, days: Floats
) -> dict[str, Floats]:
    """Return the six coefficients at a number of days.

    Args:
        crossed: Variances, shape (..., 7).
        nested: Variances, shape (..., 7).
        n_items: Items.
        days: Number of days, broadcast against the others' leading shape.
    """
    part = dict(zip(FACETS, np.moveaxis(crossed, -1, 0), strict=True))
    own = dict(zip(FACETS, np.moveaxis(nested, -1, 0), strict=True))
    m = n_items
    person = part["P"] + part["PI"] / m
    shape = np.broadcast_shapes(person.shape, np.shape(days))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "R_KF": person / (person + part["e"] / (days * m)),
            "R_1R": person / (person + part["D"] + part["PD"] + part["e"] / m),
            "R_KR": person / (person + (part["D"] + part["PD"] + part["e"] / m) / days),
            "R_C": part["PD"] / (part["PD"] + part["e"] / m),
            "R_KRN": own["P"] / (own["P"] + (own["PD"] + own["e"] / m) / days),
            "R_CN": own["PD"] / (own["PD"] + own["e"] / m),
        }
    return {name: np.broadcast_to(value, shape) for name, value in found.items()}
