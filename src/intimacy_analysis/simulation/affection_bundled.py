"""The synthetic survey on affection, written byte for byte from its truth and seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from intimacy_analysis.simulation.affection_survey import OUTCOME_SCALES, simulate_affection
from intimacy_analysis.simulation.affection_truth import OUTCOMES, TYPES, AffectionTruth
from intimacy_analysis.simulation.survey_codebook import (
    SurveyColumn,
    survey_codebook,
    survey_csv,
)

NAME = "affection_survey"
# By rule and not by looks: year and volume of the cited paper, then 1.
SEED = 2003311
# A count that nobody reaches: beyond the ten-millionth of the largest type's distribution.
MOST_A_WEEK = 700
TYPE_LABELS = {
    "backrubs": "Backrubs and massages",
    "caressing": "Caressing and stroking",
    "cuddling": "Cuddling and holding",
    "holding_hands": "Holding hands",
    "hugging": "Hugging",
    "kissing_lips": "Kissing on the lips",
    "kissing_face": "Kissing on the face",
}
# The five types whose weekly amount is reported to go with satisfaction, and the two others.
REPORTED = ("backrubs", "cuddling", "hugging", "kissing_lips", "kissing_face")
NOT_REPORTED = ("caressing", "holding_hands")


def affection_terms(truth: AffectionTruth) -> dict[str, float]:
    """Return the claim's quantities in the population, by name."""
    named = {
        f"r_{outcome}_{name}": float(truth.with_outcome(outcome)[name])
        for outcome in OUTCOMES
        for name in TYPES
    }
    named["r_amount_of_conflict_total"] = 0.0
    satisfaction, partner = truth.satisfaction, truth.partner
    named["types_differ"] = float(
        np.mean([satisfaction[name] for name in REPORTED])
        - np.mean([satisfaction[name] for name in NOT_REPORTED])
    )
    named["partner_reported"] = float(np.mean([partner[name] for name in REPORTED]))
    return named


def write_bundled_affection(folder: str | Path) -> tuple[Path, ...]:
    """Write the survey, a CSV file and a codebook; files there are replaced.

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    truth = AffectionTruth()
    rows = simulate_affection(truth, seed=SEED, matched=True)
    texts = {"csv": survey_csv(rows), "toml": _codebook(truth)}
    written = []
    for ending, text in texts.items():
        path = target / f"{NAME}.{ending}"
        path.write_bytes(text.encode("utf-8"))
        written.append(path)
    return tuple(written)


def _codebook(truth: AffectionTruth) -> str:
    return survey_codebook(
        name=NAME,
        title="Seven types of affection and satisfaction of students (synthetic)",
        seed=SEED,
        notes=(
            "Synthetic data: no student ever answered these questions.",
            "Put in from an abstract of the study: 295 students, 100 men and 195 women, and seven "
            "types of affection of which two are not related to satisfaction beyond chance. Every "
            "size is an assumption. data/synthetic/README.md lists value and reason.",
            "The truth below is that of weekly counts and scores as they are answered, in the "
            "population.",
            "180 students are in a relationship (an assumption; that number could not be had), and "
            "only they have counts and outcomes.",
            "The normal variables behind exactly these 180 students' answers have the stated "
            "correlations; item errors, steps and gaps are left to chance, so estimates lie "
            "closer to the truth than with students drawn at random.",
            "About 1 % of their answers are missing, completely at random.",
        ),
        generator="affection_survey",
        truth=affection_terms(truth),
        columns=(
            SurveyColumn(name="student", label="Student", role="person"),
            SurveyColumn(
                name="sex", label="Sex", role="covariate", values=((1, "man"), (2, "woman"))
            ),
            SurveyColumn(
                name="in_relationship",
                label="In a relationship",
                values=((0, "no"), (1, "yes")),
            ),
            *(
                SurveyColumn(
                    name=name,
                    label=f"{TYPE_LABELS[name]}, last week",
                    unit="times a week",
                    lowest=0,
                    highest=MOST_A_WEEK,
                )
                for name in TYPES
            ),
        ),
        scales=OUTCOME_SCALES,
    )
