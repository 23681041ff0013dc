"""How reliable the difference of two scores is, each made of items of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.reliability.answers import numeric_answers
from intimacy_analysis.reliability.cronbach_alpha import (
    alpha_of_covariance,
    covariance_draws,
    feldt_interval,
    rows_behind,
)
from intimacy_analysis.reliability.drawn_estimate import drawn_estimate
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale
from intimacy_analysis.study.survey import SurveyFrame

Floats = npt.NDArray[np.float64]
_FEWEST_DRAWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceReliability:
    """The reliability of a difference of two scores, for persons or for each role of couples.

    Attributes:
        estimates: Each role's alphas of the two scores, their correlation, the reliability of
            the difference, and alpha of the items' differences where items pair.
        n: Rows with any answer, by role ("" for persons).
        n_replicates: Bootstrap replicates.
        seed: Of the bootstrap.
    """

    estimates: EstimateTable
    n: dict[str, int]
    n_replicates: int
    seed: int

    def of(self, role: str = "") -> Estimate:
        """Return the reliability of the difference of one role ("" for persons)."""
        return self.estimates["reliability of the difference" + (f", {role}" if role else "")]

    def __str__(self) -> str:
        return str(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()


def difference_reliability(
    data: pd.DataFrame | SurveyFrame | DyadFrame,
    first: Scale,
    second: Scale,
    *,
    bootstrap: int = 2000,
    seed: int = 1,
    confidence: float = 0.95,
) -> DifferenceReliability:
    """Estimate the reliability of `first` less `second`, with bootstrap intervals.

    The formula takes the errors of the two scores as unrelated. Where the same items stand in both
    forms, what is special to an item is in both and cancels; alpha of the items' own differences,
    given beside it, takes that out. Two forms that correlate closely leave little to tell apart.

    Args:
        data: One row a person; or couples, where items are stems, each role by itself and couples
            drawn whole.
        first: Key of the score the other is taken from.
        second: Key of the other score.
        bootstrap: Replicates, 100 or more.
        seed: Of the bootstrap.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Too few replicates, or a scale with one item.
        DataError: Items that are absent, no numbers, or do not vary.

    Source:
        docs/maths/scales.md, eq. 3 and 4; Lord (1963), in Harris (ed.), Problems in measuring
        change.
    """
    if bootstrap < _FEWEST_DRAWS:
        raise SpecError(f"bootstrap must be {_FEWEST_DRAWS} replicates or more, got {bootstrap}.")
    for scale in (first, second):
        if len(scale.items) < 2:
            raise SpecError(
                f"the reliability of a difference needs two items or more a score, but "
                f"{scale.name!r} has {len(scale.items)}: one answer shows nothing of its error."
            )
    couples = isinstance(data, DyadFrame)
    roles = data.roles if isinstance(data, DyadFrame) else ("",)
    rows = data.rows if isinstance(data, (DyadFrame, SurveyFrame)) else data
    counts: Floats = resampling_counts(np.random.default_rng(seed), bootstrap, len(rows))
    table: list[Estimate] = []
    answered: dict[str, int] = {}
    for at, role in enumerate(roles):
        names = [
            [data.columns_of(i)[at] if isinstance(data, DyadFrame) else i for i in scale.items]
            for scale in (first, second)
        ]
        answers = _keyed(rows, first, second, names)
        answered[role] = int(answers.notna().any(axis=1).sum())
        ending = f", {role}" if role else ""
        table += _rows(answers, counts, len(first.items), confidence, ending)
    who = "couples" if couples else "persons"
    return DifferenceReliability(
        estimates=EstimateTable(
            rows=tuple(table),
            title=f"Reliability of {first.label or first.name} less {second.label or second.name}",
            interval_method=f"Feldt (alpha), percentile bootstrap of {who} ({bootstrap} "
            "replicates)",
            confidence=confidence,
        ),
        n=answered,
        n_replicates=bootstrap,
        seed=seed,
    )


def _keyed(rows: pd.DataFrame, first: Scale, second: Scale, names: list[list[str]]) -> pd.DataFrame:
    """Return both scales' items, reversed ones turned round, each score's items side by side."""
    answers = numeric_answers(rows, [name for held in names for name in held])
    turned = {
        name: sum(scale.ends(item)) - answers[name]
        for scale, held in zip((first, second), names, strict=True)
        for item, name in zip(scale.items, held, strict=True)
        if item in scale.reversed
    }
    return answers.assign(**turned)


def _rows(
    answers: pd.DataFrame, counts: Floats, k: int, confidence: float, ending: str
) -> list[Estimate]:
    matrix = answers.cov().to_numpy(dtype=np.float64)
    drawn = covariance_draws(answers, counts)
    n = rows_behind(answers, gaps="pairwise")
    rows = []
    for which, part in (("first", slice(None, k)), ("second", slice(k, None))):
        alpha = alpha_of_covariance(matrix[part, part])
        low, high = feldt_interval(alpha, n, matrix[part, part].shape[0], confidence)
        rows.append(Estimate(name=f"alpha, {which} score", value=alpha, low=low, high=high))
    found, draws = difference_parts(matrix[None], k), difference_parts(drawn, k)
    for name in found:
        rows.append(
            drawn_estimate(name, float(found[name][0]), draws[name], confidence=confidence, unit="")
        )
    return [replace(row, name=f"{row.name}{ending}") for row in rows]


def difference_parts(matrices: Floats, k: int) -> dict[str, Floats]:
    """Return correlation of the scores and reliability of their difference, each shape (B,).

    Scores are means of their items, so that scales of different length compare.

    Args:
        matrices: Covariances of the items, the first score's and then the other's, shape (B, p, p).
        k: Items of the first score.

    Source:
        docs/maths/scales.md, eq. 3 and 4.
    """
    one, two = matrices[:, :k, :k], matrices[:, k:, k:]
    m = two.shape[1]
    with np.errstate(all="ignore"):
        spread = (one.sum(axis=(1, 2)) / k**2, two.sum(axis=(1, 2)) / m**2)
        shared = matrices[:, :k, k:].sum(axis=(1, 2)) / (k * m)
        alphas = [
            len(part[0])
            / (len(part[0]) - 1)
            * (1 - np.trace(part, axis1=1, axis2=2) / part.sum(axis=(1, 2)))
            for part in (one, two)
        ]
        observed = spread[0] + spread[1] - 2 * shared
        true = alphas[0] * spread[0] + alphas[1] * spread[1] - 2 * shared
        found = {
            "correlation of the scores": shared / np.sqrt(spread[0] * spread[1]),
            "reliability of the difference": true / observed,
        }
        if k == m:
            apart = one + two - matrices[:, :k, k:] - matrices[:, k:, :k]
            total = apart.sum(axis=(1, 2))
            found["alpha of the items' differences"] = (
                k / (k - 1) * (1 - np.trace(apart, axis1=1, axis2=2) / total)
            )
    return found
