"""Draft the codebook of a survey: one row a person, who answered once."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from intimacy_analysis.loaders.draft_columns import PLEASE_CHECK, column_lines, draft_columns
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.study.codebook import Role

_ID = (
    r"((person|participant|subject|respondent|woman|proband|case|record|response)?"
    r"[ _.-]?(id|nr|number|code))|vpn?|pid|person|participant|subject|respondent"
)
_HEAD = (
    "# Draft of a codebook of a survey: a row a person, who answered once. If a row is one day of",
    "# a person, remove [persons] and name the column of days. Guesses are marked: correct them,",
    "# remove columns you do not need, and check the file again with:",
    "# intimacy-analysis validate FILE --codebook THIS_FILE",
)


def survey_draft(
    raw: RawTable, names: list[str], roles: dict[str, Role], settings: FileSettings
) -> tuple[list[str], list[str]] | None:
    """Return what stands above `[study]` and below; None for a file that looks like no survey.

    A survey has no column of days or dates, and no id that stands in several rows. Its id is the
    column named like one, else one that numbers the rows; where there is none, rows are numbered.

    Args:
        raw: The file's columns.
        names: Names of the columns to look at.
        roles: What the roles would be in a diary.
        settings: Order of day and month, decimal sign.
    """
    if {"day", "date", "person"} & set(roles.values()):
        return None
    ids = [name for name in names if re.fullmatch(_ID, name.strip().casefold())]
    alone = [name for name in ids if not raw.columns[name].dropna().duplicated().any()]
    if ids and not alone:
        return None
    counting = (name for name in names if _numbers_rows(raw.columns[name]))
    person = alone[0] if alone else next(counting, None)
    drafts = draft_columns(raw, names, {} if person is None else {person: "person"}, settings)
    tail = ["", "[persons]" + PLEASE_CHECK]
    for draft in drafts:
        of_person = replace(draft, variable=replace(draft.variable, level="person"))
        tail += ["", *column_lines(of_person)]
    return list(_HEAD), tail


def _numbers_rows(column: pd.Series) -> bool:
    """Tell whether a column counts the rows: whole numbers, each the last one plus one."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    return bool(len(values) > 2 and np.all(np.diff(values) == 1) and values[0] in (0.0, 1.0))
