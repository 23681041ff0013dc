"""How alike partners are in one variable: intraclass and plain correlation, with intervals."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import format_count
from intimacy_analysis.reliability.answers import numeric_answers
from intimacy_analysis.reliability.intraclass import intraclass_correlations
from intimacy_analysis.study.dyads import DyadFrame

_FEWEST_COUPLES = 4


def partner_similarity(
    data: pd.DataFrame | DyadFrame,
    variable: str,
    *,
    roles: tuple[str, str] | None = None,
    suffixes: tuple[str, str] | None = None,
    exchangeable: bool | None = None,
    confidence: float = 0.95,
) -> EstimateTable:
    """Return how alike the two partners of a couple are in one variable.

    Partners who can be told apart (distinguishable): Pearson's correlation, and the intraclass
    correlations with the roles' means removed (consistency) and with them (agreement). Partners
    who cannot (exchangeable): the intraclass correlation of the analysis of variance, and the
    pairwise one of the double-entered rows; neither depends on who is entered first.

    Negative values are kept. Partners can be less alike than strangers (as where one does what the
    other leaves), which a variance component of couples cannot show.

    Args:
        data: One row a couple, or a `DyadFrame`.
        variable: Stem of both members' columns.
        roles: The two members, for a plain frame; wife and husband where None.
        suffixes: Endings of their columns; "_" and the role where None.
        exchangeable: Whether members cannot be told apart; None for what the `DyadFrame` says,
            and for a plain frame False.
        confidence: Coverage of the intervals.

    Raises:
        SpecError: Options that cannot be.
        DataError: A column that is absent, no number or constant; fewer than four couples.

    Source:
        docs/maths/reliability.md, eq. 9 to 12; Griffin and Gonzalez (1995), Psychological Bulletin
        118, 430-439 (pairwise); Kenny, Kashy and Cook (2006), Dyadic Data Analysis, chapter 2.
    """
    columns = _columns(data, variable, roles, suffixes)
    rows = numeric_answers(data.rows if isinstance(data, DyadFrame) else data, columns)
    both = rows.dropna()
    if len(both) < _FEWEST_COUPLES:
        raise DataError(
            f"partners' similarity needs {_FEWEST_COUPLES} couples or more in which both answered "
            f"{variable!r}, but {len(both)} of {len(rows)} did. Check the columns' names."
        )
    if exchangeable is None:
        exchangeable = isinstance(data, DyadFrame) and not data.distinguishable
    forms = intraclass_correlations(both, columns, confidence=confidence)
    estimates = (
        (
            replace(forms["ICC(1,1)"], name="intraclass correlation"),
            _pairwise(both, confidence),
        )
        if exchangeable
        else (
            _pearson(both, confidence),
            replace(forms["ICC(C,1)"], name="intraclass correlation, roles' means removed"),
            replace(forms["ICC(A,1)"], name="intraclass correlation, roles' means count"),
        )
    )
    return EstimateTable(
        rows=estimates,
        title=f"Partners' similarity in {variable} ({format_count(len(both))} couples)",
        interval_method="F distribution; Fisher's z",
        confidence=confidence,
        notes=_notes(estimates, len(rows) - len(both)),
    )


def _columns(
    data: pd.DataFrame | DyadFrame,
    variable: str,
    roles: tuple[str, str] | None,
    suffixes: tuple[str, str] | None,
) -> tuple[str, str]:
    if isinstance(data, DyadFrame):
        return data.columns_of(variable)
    members = roles or ("wife", "husband")
    endings = suffixes or (f"_{members[0]}", f"_{members[1]}")
    if len(endings) != 2 or endings[0] == endings[1]:
        raise SpecError(f"roles must be two different names, got {members!r}.")
    return f"{variable}{endings[0]}", f"{variable}{endings[1]}"


def _pearson(both: pd.DataFrame, confidence: float) -> Estimate:
    r = float(np.corrcoef(both.to_numpy().T)[0, 1])
    return _fisher("correlation", r, len(both) - 3.0, confidence)


def _pairwise(both: pd.DataFrame, confidence: float) -> Estimate:
    """Return the correlation of double-entered rows.

    Its z has the variance 1/(n - 3/2) of Fisher's intraclass correlation of pairs.
    """
    one, two = both.to_numpy(dtype=np.float64).T
    mean = (one.mean() + two.mean()) / 2
    cross = 2 * float((one - mean) @ (two - mean))
    r = cross / float((one - mean) @ (one - mean) + (two - mean) @ (two - mean))
    return _fisher("pairwise intraclass correlation", r, len(both) - 1.5, confidence)


def _fisher(name: str, r: float, precision: float, confidence: float) -> Estimate:
    if abs(r) >= 1 - 1e-12:
        return Estimate(name=name, value=r, low=r, high=r, p_value=0.0, unit="correlation")
    z, error = math.atanh(r), 1 / math.sqrt(precision)
    wide = float(ndtri((1 + confidence) / 2)) * error
    return Estimate(
        name=name,
        value=r,
        low=math.tanh(z - wide),
        high=math.tanh(z + wide),
        p_value=float(2 * ndtr(-abs(z) / error)),
        unit="correlation",
    )


def _notes(rows: tuple[Estimate, ...], n_gaps: int) -> tuple[str, ...]:
    notes = []
    if n_gaps:
        notes.append(f"{format_count(n_gaps)} couples with one answer or none are left out.")
    below = [row for row in rows if row.value < 0]
    if below:
        sure = all(row.high < 0 for row in below)
        notes.append(
            "Below zero: partners are less alike than two strangers"
            + ("." if sure else ", though the interval leaves room for no likeness at all.")
            + " The value is kept; a model with a variance of couples would have to say zero."
        )
    return tuple(notes)
