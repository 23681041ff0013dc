"""A study: data with their source, their kind, and how they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from intimacy_analysis.errors import DataError
from intimacy_analysis.study.diary import DiaryFrame
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.scale import Scale
from intimacy_analysis.study.source import Source
from intimacy_analysis.study.survey import SurveyFrame

DataKind = Literal["original", "published summary", "synthetic"]
DATA_KINDS: tuple[DataKind, ...] = ("original", "published summary", "synthetic")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStep:
    """One thing the reader did on the way from the file to the frame.

    Attributes:
        what: What was done, in a reader's words.
        n_rows: Rows concerned; None where rows are not the measure.
        column: Column concerned; empty for all.
        detail: Why, or which; empty where `what` says it all.
    """

    what: str
    n_rows: int | None = None
    column: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoupleCounts:
    """How many couples a file of couples held, and how complete they are.

    Attributes:
        n_read: Couples in the file.
        n_kept: Couples kept.
        n_one_member: Couples kept of which only one member answered anything.
        n_no_member: Couples kept of which neither member answered anything.
        n_missing_cells: Cells of the members' variables without a value.
        n_cells: Cells of the members' variables.
    """

    n_read: int
    n_kept: int
    n_one_member: int
    n_no_member: int
    n_missing_cells: int
    n_cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file's rows and columns.

    Attributes:
        path: The file as the user named it; "" for a frame in memory.
        format: "csv", "tsv", "parquet", "excel", "spss", "stata", "qualtrics", "frame".
        sha256: Of the file's bytes (of the frame's CSV form in memory).
        n_read: Rows read.
        n_kept: Rows kept.
        n_persons: Persons kept; of couples the members who answered anything.
        steps: Every drop, recode, rename and notice, in order.
        couples: How many couples; None for a diary.
    """

    path: str
    format: str
    sha256: str
    n_read: int
    n_kept: int
    n_persons: int
    steps: tuple[ImportStep, ...] = ()
    couples: CoupleCounts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Data with their source.

    Attributes:
        name: Short name ("shared_time_diary") or the file's stem.
        title: One line for a heading.
        kind: "original", "published summary" or "synthetic".
        frame: The diary, the couples or the survey; `diary`, `couples` and `survey` ask for one.
        source: Who made the data; None where the codebook does not say.
        report: How the data were read.
        truth: Name and value of each parameter put into synthetic data; empty otherwise.
        seed: Seed of synthetic data; None otherwise.
        notes: Sentences from the codebook that a reader must see.
        missing_reasons: Why a value is missing ("refused"), where the file or the codebook says
            so; one row a row of `frame.rows`, only the columns that have a reason, None elsewhere.
        scales: Keys of the questionnaires whose items are columns.
    """

    name: str
    title: str
    kind: DataKind
    frame: DiaryFrame | DyadFrame | SurveyFrame
    report: ImportReport
    source: Source | None = None
    truth: dict[str, float] = field(default_factory=dict)
    seed: int | None = None
    notes: tuple[str, ...] = ()
    missing_reasons: pd.DataFrame = field(default_factory=pd.DataFrame)
    scales: tuple[Scale, ...] = ()

    @property
    def diary(self) -> DiaryFrame:
        """The diary; raises `DataError` where the study holds couples or a survey."""
        if isinstance(self.frame, DiaryFrame):
            return self.frame
        raise self._other(
            "a diary, one row a person and day",
            "Load a diary (a codebook without [couples] and [persons])"
            + (
                ", or fit a model for couples: fit_path_model(model, study.couples)."
                if isinstance(self.frame, DyadFrame)
                else "."
            ),
        )

    @property
    def couples(self) -> DyadFrame:
        """The couples; raises `DataError` where the study holds a diary or a survey."""
        if isinstance(self.frame, DyadFrame):
            return self.frame
        raise self._other(
            "couples, one row each",
            "Say in the codebook how the couples stand in the file: [couples] with "
            'roles = ["wife", "husband"] and layout = "wide" or "long".',
        )

    @property
    def survey(self) -> SurveyFrame:
        """The survey; raises `DataError` where the study holds a diary or couples."""
        if isinstance(self.frame, SurveyFrame):
            return self.frame
        raise self._other(
            "a survey, one row a person",
            "Say in the codebook that a row is a person who answered once: an empty table "
            "[persons].",
        )

    def _other(self, needed: str, remedy: str) -> DataError:
        """Return the error for data of another kind than an analysis needs."""
        rows = {
            DiaryFrame: "a diary's",
            DyadFrame: "one a couple",
            SurveyFrame: "one a person, a survey's",
        }[type(self.frame)]
        return DataError(
            f"this analysis needs {needed}, but the {len(self.frame.rows)} rows of {self.name!r} "
            f"are {rows}, from the first on. {remedy}"
        )
