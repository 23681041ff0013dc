"""Serial and direct effects of the chain, standardized anew in every bootstrap replicate."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.claims.chain_models import CHAIN, CONSTRUCTS, OUTCOMES
from intimacy_analysis.dyadic.joint_significance import joint_significance
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.result import PathModelResult

Floats = npt.NDArray[np.float64]
UNIT = "standard deviations per standard deviation"
_LABEL = {OUTCOMES[0]: "serial_d", OUTCOMES[1]: "serial_l"}


def serial_effects(result: PathModelResult, drawn: PathModelResult | None) -> dict[str, Estimate]:
    """Return technoference's standardized serial effect on each outcome.

    Args:
        result: A chain fitted to scores as they are.
        drawn: The same fit with a bootstrap; None gives intervals by the delta method.

    Returns:
        Outcome to estimate: percentile interval, error of the replicates, p of joint significance
        (the largest p of the three paths).

    Source:
        docs/maths/synthetic_answers.md, eq. 6; Taylor, MacKinnon and Tein (2008), Organizational
        Research Methods 11, 241-269 (percentile bootstrap of a chain of three paths).
    """
    table = result.standardized()
    by_words = joint_significance(result)
    words = {meaning.label: meaning.words for meaning in result.spec.meanings}
    found = {}
    for outcome, label in _LABEL.items():
        row = replace(
            table[result.row_name(label)],
            name=label,
            unit=UNIT,
            p_value=float(by_words["p_value"][words[label]]),
        )
        if drawn is not None and drawn.bootstrap_draws is not None:
            values = _of_draws(drawn.bootstrap_draws, outcome, "serial")
            row = _with_percentiles(row, values, result.estimates.confidence)
        found[outcome] = row
    return found


def direct_effects(result: PathModelResult, drawn: PathModelResult | None) -> dict[str, Estimate]:
    """Return technoference's standardized direct path to each outcome.

    Args:
        result: A chain with direct paths, fitted to scores as they are.
        drawn: The same fit with a bootstrap; None gives intervals by the delta method.

    Returns:
        Label of the path ("td", "tl") to estimate: percentile interval, error of the replicates, p
        of the path in the scores' own units.
    """
    table = result.standardized()
    found = {}
    for outcome, label in zip(OUTCOMES, ("td", "tl"), strict=True):
        row = replace(table[result.row_name(label)], name=label, unit=UNIT)
        if drawn is not None and drawn.bootstrap_draws is not None:
            values = _of_draws(drawn.bootstrap_draws, outcome, "direct")
            row = _with_percentiles(row, values, result.estimates.confidence)
            row = replace(row, p_value=result.estimate(label).p_value)
        found[label] = row
    return found


def _with_percentiles(row: Estimate, values: Floats, confidence: float) -> Estimate:
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return replace(row, std_error=float(values.std(ddof=1)), low=float(low), high=float(high))


def _of_draws(draws: pd.DataFrame, outcome: str, kind: Literal["serial", "direct"]) -> Floats:
    """Return an effect of technoference in standard deviations of each replicate, shape (B,)."""
    place = {name: at for at, name in enumerate(CONSTRUCTS)}
    size = len(place)
    arrows = np.zeros((len(draws), size, size))
    symmetric = np.zeros((len(draws), size, size))
    for name in draws.columns:
        one, operator, other = (*str(name).split(" "), "", "")[:3]
        if operator == "~":
            arrows[:, place[one], place[other]] = draws[name]
        elif operator == "~~":
            symmetric[:, place[one], place[other]] = draws[name]
            symmetric[:, place[other], place[one]] = draws[name]
    total = np.linalg.inv(np.eye(size) - arrows)
    covariance = total @ symmetric @ total.transpose(0, 2, 1)
    start, end = place[CHAIN[0]], place[outcome]
    effect = arrows[:, end, start]
    if kind == "serial":
        effect = (
            arrows[:, place[CHAIN[1]], start]
            * arrows[:, place[CHAIN[2]], place[CHAIN[1]]]
            * arrows[:, end, place[CHAIN[2]]]
        )
    return np.asarray(
        effect * np.sqrt(covariance[:, start, start] / covariance[:, end, end]), dtype=np.float64
    )
