"""Diaries with a known truth, as the loader would give them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from intimacy_analysis.simulation.shared_time import SharedTimeTruth, simulate_shared_time
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.study import ImportReport, Study

VARIABLES = {
    "person": Variable(name="person", role="person", level="person"),
    "day": Variable(name="day", role="day", unit="days"),
    "weekend": Variable(name="weekend", role="weekend"),
    "shared_hours": Variable(
        name="shared_hours",
        label="Hours together",
        unit="hours",
        minimum=0,
        maximum=24,
        role="predictor",
    ),
    "stress": Variable(
        name="stress", label="Stress within the couple", unit="points of stress", role="stress"
    ),
    "intimacy": Variable(
        name="intimacy", label="Intimacy", unit="points", minimum=1, maximum=7, role="outcome"
    ),
}


def study_of(
    rows: pd.DataFrame, *, kind="original", truth=None, variables=VARIABLES, title="A diary"
) -> Study:
    """A study of these rows; columns without a variable are left out."""
    kept = [name for name in rows.columns if name in variables]
    frame = DiaryFrame(
        rows=rows[kept].reset_index(drop=True),
        codebook=Codebook(tuple(variables[name] for name in kept)),
    )
    report = ImportReport(
        path="diary.csv",
        format="csv",
        sha256="0" * 64,
        n_read=len(rows),
        n_kept=len(rows),
        n_persons=rows["person"].nunique(),
    )
    return Study(
        name="diary", title=title, kind=kind, frame=frame, report=report, truth=truth or {}
    )


def shared_time_study(
    truth: SharedTimeTruth | None = None,
    *,
    kind="synthetic",
    n_persons=92,
    n_days=14,
    seed=1,
    without=(),
) -> Study:
    """A drawn diary; on synthetic ones the truth is stated."""
    truth = truth or SharedTimeTruth()
    rows = simulate_shared_time(truth, n_persons=n_persons, n_days=n_days, seed=seed)
    stated = truth.terms if kind == "synthetic" else {}
    return study_of(rows.drop(columns=list(without)), kind=kind, truth=stated)


def with_variable(study: Study, name: str, **changes) -> Study:
    """The study with another entry of one column in the codebook."""
    frame = study.frame
    codebook = Codebook(
        tuple(
            replace(variable, **changes) if variable.name == name else variable
            for variable in frame.codebook
        )
    )
    return replace(study, frame=replace(frame, codebook=codebook))
