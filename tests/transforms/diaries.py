from __future__ import annotations

import pandas as pd

from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.diary import DiaryFrame

PERSON = Variable(name="person", role="person", level="person")
DAY = Variable(name="day", role="day")
WEEKEND = Variable(name="weekend", role="weekend")
HOURS = Variable(
    name="shared_hours", label="Hours together", unit="hours", minimum=0, maximum=24,
    role="predictor",
)  # fmt: skip


def diary_of(persons, days, hours, weekend=None, index=None) -> DiaryFrame:
    """Return a diary of one measure, rows in the order given."""
    columns = {"person": persons, "day": days, "shared_hours": hours}
    variables = [PERSON, DAY, HOURS]
    if weekend is not None:
        columns["weekend"] = weekend
        variables.append(WEEKEND)
    return DiaryFrame(rows=pd.DataFrame(columns, index=index), codebook=Codebook(tuple(variables)))
