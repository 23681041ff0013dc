"""The two synthetic studies of the package, written byte for byte from their truth and seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from intimacy_analysis.simulation.shared_time import (
    N_DAYS,
    N_PERSONS,
    SCALE,
    SharedTimeTruth,
    simulate_shared_time,
)

_YEAR_OF_GENERATOR = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledStudy:
    """A synthetic study: what is put in, and the seed.

    Attributes:
        name: Stem of its two files.
        title: One line for a heading.
        truth: What is put in.
        seed: By rule and not by looks: the first study has the date of its first day, each
            further one the date of the day after.
        about: What the study is for, a sentence.
    """

    name: str
    title: str
    truth: SharedTimeTruth
    seed: int
    about: str


BUNDLED: tuple[BundledStudy, ...] = (
    BundledStudy(
        name="shared_time_diary",
        title="Shared time, stress and intimacy in a two-week diary (synthetic)",
        truth=SharedTimeTruth(),
        seed=20150831,
        about="Synthetic data: no woman ever answered these questions. They are drawn from a "
        "stated truth and can only show whether an analysis recovers it.",
    ),
    BundledStudy(
        name="shared_time_no_effect",
        title="Shared time, stress and intimacy in a two-week diary, no effect (synthetic)",
        truth=SharedTimeTruth().with_no_effect(),
        seed=20150901,
        about="Synthetic data in which nothing is to be found: no woman's intimacy goes with "
        "shared time, stress or weekends. They show what an analysis says of no effect.",
    ),
)


def write_bundled_studies(folder: str | Path) -> tuple[Path, ...]:
    """Write the bundled studies, a CSV file and a codebook each; files there are replaced.

    The bytes are the same on every run and machine (with the NumPy versions of the project).

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for study in BUNDLED:
        rows = simulate_shared_time(study.truth, seed=study.seed, bounded=True, matched=True)
        for ending, text in (("csv", _csv(rows)), ("toml", _codebook(study, rows))):
            path = target / f"{study.name}.{ending}"
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
    return tuple(written)


def count_limited(rows: pd.DataFrame) -> tuple[int, int]:
    """Return how many answers stand at the lower and at the upper end of the intimacy scale."""
    low, high = SCALE
    return int((rows["intimacy"] <= low).sum()), int((rows["intimacy"] >= high).sum())


def _csv(rows: pd.DataFrame) -> str:
    # Digits are fixed by hand: a writer's own idea of a float's shortest form may change.
    lines = [",".join(rows.columns)]
    lines += [
        f"{person},{day},{date},{weekend},{hours:.1f},{stress:.1f},{intimacy:.2f}"
        for person, day, date, weekend, hours, stress, intimacy in rows.itertuples(index=False)
    ]
    return "\n".join(lines) + "\n"


def _codebook(study: BundledStudy, rows: pd.DataFrame) -> str:
    low, high = count_limited(rows)
    n_grid = N_PERSONS * N_DAYS
    notes = [
        study.about,
        "Every value put in is an assumption or a plain choice; none is a result of a paper. "
        "data/synthetic/README.md lists value, label and reason.",
        f"{len(rows)} of {n_grid} person-days were answered; the others are missing completely at "
        f"random (each day with probability {study.truth.share_missing:g}) and have no row.",
        "The women of this file have exactly the stated mean, SD and correlations of level and "
        "slopes; only the chance of days is left, so estimates lie closer to the truth than in a "
        "diary of 92 women drawn at random.",
        f"Intimacy is limited to the scale from {SCALE[0]:g} to {SCALE[1]:g} and rounded to 0.01: "
        f"{low} answers stand at the lower end, {high} at the upper end. Ends pull slopes "
        "toward zero by a few percent.",
    ]
    lines = [
        "[study]",
        f"name = {_quoted(study.name)}",
        f"title = {_quoted(study.title)}",
        'kind = "synthetic"',
        f"seed = {study.seed}",
        "notes = [",
        *(f"  {_quoted(note)}," for note in notes),
        "]",
        "",
        "[study.source]",
        'authors = "The intimacy_analysis authors"',
        f"year = {_YEAR_OF_GENERATOR}",
        'title = "Generator intimacy_analysis.simulation.shared_time"',
        "",
        "# What was put in, under the names that the claim's analysis gives its terms.",
        "[study.truth]",
        *(f"{_quoted(name)} = {value!r}" for name, value in study.truth.terms.items()),
        "",
        _COLUMNS,
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # None of the texts here holds a quote, a backslash or a control character.
    return f'"{text}"'


_COLUMNS = """\
[columns.person]
label = "Woman"
level = "person"
role = "person"

[columns.day]
label = "Day of the diary, from 0"
unit = "days"
level = "day"
role = "day"

[columns.date]
label = "Date of the day"
level = "day"
role = "date"

[columns.weekend]
label = "Kind of day"
level = "day"
role = "weekend"
values = { "0" = "weekday", "1" = "weekend" }

[columns.shared_hours]
label = "Hours spent with the partner that day"
unit = "hours"
range = [0, 24]
level = "day"
role = "predictor"

[columns.stress]
label = "Stress within the couple that day"
unit = "points of stress"
range = [0, 10]
level = "day"
role = "stress"

[columns.intimacy]
label = "Intimacy felt that day"
unit = "points"
range = [1, 7]
level = "day"
role = "outcome"
values = { "1" = "not at all", "7" = "very" }
"""
