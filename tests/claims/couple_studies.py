"""Couples with a known truth, as the loader would give them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intimacy_analysis.simulation.couples_survey import simulate_couple_scores
from intimacy_analysis.simulation.couples_truth import CouplesTruth
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import ImportReport, Study


def couples_study(rows: pd.DataFrame, *, kind="original", truth=None, scales=(), **frame) -> Study:
    """A study of these rows, one a couple; a column ends in its member's role."""
    rows = rows.reset_index(drop=True)
    rows.insert(0, "couple", np.arange(1, len(rows) + 1))
    variables = [Variable(name="couple", role="couple", level="couple")]
    variables += [Variable(name=name, level="person") for name in rows.columns[1:]]
    report = ImportReport(
        path="couples.csv",
        format="csv",
        sha256="0" * 64,
        n_read=len(rows),
        n_kept=len(rows),
        n_persons=2 * len(rows),
    )
    return Study(
        name="couples",
        title="Couples",
        kind=kind,
        frame=DyadFrame(rows=rows, codebook=Codebook(tuple(variables)), **frame),
        report=report,
        truth=truth or {},
        scales=scales,
    )


def score_rows(truth: CouplesTruth | None = None, *, n=335, seed=0) -> pd.DataFrame:
    """Complete continuous scores, in columns that end in wife and husband."""
    return simulate_couple_scores(truth or CouplesTruth(), n, np.random.default_rng(seed))


def hardly_different_spouses() -> pd.DataFrame:
    """Couples whose satisfaction is one number but for a thousandth: no maximum is found."""
    rows = score_rows()
    noise = np.random.default_rng(1).normal(size=len(rows))
    return rows.assign(
        relationship_satisfaction_husband=rows["relationship_satisfaction_wife"] + 0.001 * noise
    )
