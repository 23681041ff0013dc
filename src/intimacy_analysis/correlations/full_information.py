"""Correlations of every row, whatever it lacks: the saturated normal model."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from intimacy_analysis.correlations.correlation_table import Correlation, Describing
from intimacy_analysis.errors import DataError, FitError
from intimacy_analysis.numerics.intervals import fisher_interval, t_p_value
from intimacy_analysis.paths.fitting import fit_path_model

if TYPE_CHECKING:
    from intimacy_analysis.paths.result import PathModelResult

Parts = tuple[list[Describing], list[Correlation], tuple[str, ...]]


def full_information(answers: pd.DataFrame, confidence: float, *, robust: bool) -> Parts:
    """Return variables, correlations and notes of the most likely moments.

    Intervals are Fisher's, with the delta method's error from the observed information or, where
    `robust`, from the sandwich that does not take the rows as normal.

    Raises:
        DataError: Too few rows, or a pair that no row shows together.
        FitError: Where no solution is found.
    """
    seen = answers.dropna(how="all")
    names = [str(name) for name in answers.columns]
    _check_enough(seen, names, len(answers))
    # Columns may have names that the language of models cannot hold.
    plain = [f"variable_{at}" for at in range(1, len(names) + 1)]
    fit = _saturated(seen, names, plain, robust=robust)
    standardized = fit.standardized("all")
    pairs = []
    for (a, b), (first, second) in zip(combinations(plain, 2), combinations(names, 2), strict=True):
        row = standardized[f"{a} ~~ {b}"]
        low, high = fisher_interval(row.value, row.std_error, confidence)
        z = math.atanh(row.value) * (1 - row.value**2) / row.std_error
        pairs.append(
            Correlation(
                first=first,
                second=second,
                r=row.value,
                n=len(seen),
                low=low,
                high=high,
                p_value=float(t_p_value(z, math.inf)),
                std_error=row.std_error,
            )
        )
    described = [
        Describing(
            name=name,
            mean=fit.estimate(f"{a} ~1").value,
            sd=math.sqrt(fit.estimate(f"{a} ~~ {a}").value),
        )
        for a, name in zip(plain, names, strict=True)
    ]
    dropped = len(answers) - len(seen)
    notes: tuple[str, ...] = (
        "Means, SD (divisor n) and correlations by full information; p of Fisher's z"
        f"{', with sandwich errors' if robust else ''}.",
    )
    if dropped:
        notes = (*notes, f"{dropped} of {len(answers)} rows without any value are left out.")
    return described, pairs, notes


def _saturated(
    seen: pd.DataFrame, names: list[str], plain: list[str], *, robust: bool
) -> PathModelResult:
    text = "\n".join(f"{a} ~~ {b}" for a, b in combinations(plain, 2))
    try:
        fit = fit_path_model(
            text,
            seen.set_axis(plain, axis=1),
            missing="fiml",
            standard_errors="robust" if robust else "observed",
        )
    except DataError as error:
        raise DataError(_in_words_of(str(error), dict(zip(plain, names, strict=True)))) from error
    if fit.state != "ok":
        raise FitError(
            f"full information must find one solution for {len(names)} variables, but the fit of "
            f"{len(seen)} rows is {fit.state!r}. Look for a variable that others determine or a "
            "pair that is hardly seen together, or use missing='pairwise'."
        )
    return fit


def _in_words_of(message: str, names: dict[str, str]) -> str:
    return re.sub(r"variable_\d+", lambda found: names.get(found[0], found[0]), message)


def _check_enough(seen: pd.DataFrame, names: list[str], n_all: int) -> None:
    n_parameters = len(names) * (len(names) + 3) // 2
    if len(seen) <= n_parameters:
        raise DataError(
            f"full information on {len(names)} variables estimates {n_parameters} numbers and "
            f"needs more rows than that, but {len(seen)} of {n_all} hold one. Name fewer "
            "variables, or use missing='pairwise'."
        )
    for first, second in combinations(names, 2):
        if not (seen[first].notna() & seen[second].notna()).any():
            raise DataError(
                "full information needs rows that show each pair together, but none of "
                f"{len(seen)} holds both {first!r} and {second!r}. Leave one of them out."
            )
