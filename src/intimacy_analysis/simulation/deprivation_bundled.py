"""The two synthetic surveys on affection deprivation, written byte for byte from truth and seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from intimacy_analysis.simulation.deprivation_survey import (
    MARKS,
    RECEIVED,
    WANTED,
    simulate_deprivation,
)
from intimacy_analysis.simulation.deprivation_truth import (
    DEPRIVATION,
    UNCERTAINTY,
    DeprivationTruth,
    weaker_deprivation,
)
from intimacy_analysis.simulation.survey_codebook import (
    SurveyColumn,
    survey_codebook,
    survey_csv,
)

MARK_LABELS = {
    "satisfaction": "Relationship satisfaction",
    "closeness": "Closeness to the partner",
    "commitment": "Commitment to the relationship",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledDeprivation:
    """A synthetic survey: what is put in, and the seed.

    Attributes:
        name: Stem of its two files.
        title: One line for a heading.
        truth: What is put in.
        seed: By rule and not by looks: year and volume of the cited paper, then 1, 2.
        about: What is put in, a sentence.
    """

    name: str
    title: str
    truth: DeprivationTruth
    seed: int
    about: str


BUNDLED_DEPRIVATION: tuple[BundledDeprivation, ...] = (
    BundledDeprivation(
        name="affection_deprivation",
        title="Affection deprivation, uncertainty and the relationship (synthetic)",
        truth=DeprivationTruth(),
        seed=2017651,
        about="Synthetic data: nobody ever answered these questions. Deprivation goes with lower "
        "satisfaction, closeness and commitment, the first two more so under high uncertainty.",
    ),
    BundledDeprivation(
        name="affection_deprivation_weaker",
        title="Affection deprivation with weaker associations (synthetic)",
        truth=weaker_deprivation(),
        seed=2017652,
        about="Synthetic data like those of affection_deprivation, with weaker associations of "
        "deprivation: a correlation with satisfaction near -.30 in place of -.50.",
    ),
)


def write_bundled_deprivation(folder: str | Path) -> tuple[Path, ...]:
    """Write the surveys, a CSV file and a codebook each; files there are replaced.

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for study in BUNDLED_DEPRIVATION:
        rows = simulate_deprivation(study.truth, seed=study.seed)
        for ending, text in (("csv", survey_csv(rows)), ("toml", _codebook(study))):
            path = target / f"{study.name}.{ending}"
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
    return tuple(written)


def _codebook(study: BundledDeprivation) -> str:
    return survey_codebook(
        name=study.name,
        title=study.title,
        seed=study.seed,
        notes=(
            study.about,
            "Put in from a report on the study: 401 persons, about 31 years old on average, and "
            "the direction of five associations. Every size is an assumption, and so is the sign "
            "of the interaction for commitment. data/synthetic/README.md lists value and reason.",
            "The truth below is that of scores and marks as they are answered, in the population, "
            "in standard deviations.",
            "The persons are drawn at random and not matched to the truth.",
            "About 1 % of the answers are missing, completely at random.",
        ),
        generator="deprivation_survey",
        truth=study.truth.terms,
        columns=(
            SurveyColumn(name="respondent", label="Respondent", role="person"),
            SurveyColumn(
                name="age", label="Age", unit="years", role="covariate", lowest=18, highest=99
            ),
            *(
                SurveyColumn(
                    name=name, label=MARK_LABELS[name], unit="points", lowest=0, highest=100
                )
                for name in MARKS
            ),
        ),
        scales=(WANTED, RECEIVED, DEPRIVATION, UNCERTAINTY),
    )
