"""The three synthetic surveys on love languages, written byte for byte from truth and seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from intimacy_analysis.simulation.codebook_head import codebook_head
from intimacy_analysis.simulation.love_languages_items import following_keys, profile_keys
from intimacy_analysis.simulation.love_languages_population import POPULATION
from intimacy_analysis.simulation.love_languages_survey import simulate_love_languages
from intimacy_analysis.simulation.love_languages_truth import (
    FORMS,
    LANGUAGES,
    ROLES,
    LoveLanguagesTruth,
    both_truth,
    expression_only_truth,
    matching_only_truth,
)
from intimacy_analysis.simulation.survey_codebook import survey_csv

_WORDS = {"preferred": "how one likes to receive love", "expressed": "how one expresses love"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledLoveLanguages:
    """A synthetic survey: what is put in, and the seed.

    Attributes:
        name: Stem of its two files.
        title: One line for a heading.
        truth: What is put in.
        population: Name in `POPULATION` of what the analyses find in the population.
        seed: By rule and not by looks: year and volume of the cited paper, then 1, 2, 3.
        about: What is put in, a sentence.
    """

    name: str
    title: str
    truth: LoveLanguagesTruth
    population: str
    seed: int
    about: str


BUNDLED_LOVE_LANGUAGES: tuple[BundledLoveLanguages, ...] = (
    BundledLoveLanguages(
        name="love_languages",
        title="Love languages of couples, expression and matching (synthetic)",
        truth=both_truth(),
        population="both",
        seed=2022171,
        about="Synthetic data: no couple ever answered these questions. Satisfaction goes with how "
        "much the partner expresses and with mismatch of preference and expression.",
    ),
    BundledLoveLanguages(
        name="love_languages_expression",
        title="Love languages of couples, expression only (synthetic)",
        truth=expression_only_truth(),
        population="expression",
        seed=2022172,
        about="Synthetic data: no couple ever answered these questions. Satisfaction goes with how "
        "much the partner expresses; whether it matches what is preferred makes no difference.",
    ),
    BundledLoveLanguages(
        name="love_languages_matching",
        title="Love languages of couples, matching only (synthetic)",
        truth=matching_only_truth(),
        population="matching",
        seed=2022173,
        about="Synthetic data: no couple ever answered these questions. Satisfaction goes with "
        "mismatch of preference and expression; how much is expressed makes no other difference.",
    ),
)


def write_bundled_love_languages(folder: str | Path) -> tuple[Path, ...]:
    """Write the surveys, a CSV file and a codebook each; files there are replaced.

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for study in BUNDLED_LOVE_LANGUAGES:
        rows = simulate_love_languages(study.truth, seed=study.seed, matched=True)
        for ending, text in (("csv", survey_csv(rows)), ("toml", _codebook(study, rows))):
            path = target / f"{study.name}.{ending}"
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
    return tuple(written)


def stated_truth(study: BundledLoveLanguages) -> dict[str, float]:
    """Return what the claims' quantities are in the population, by name.

    Args:
        study: One of the bundled ones.
    """
    more = dict(zip(LANGUAGES, study.truth.women_more, strict=True))
    needs = {f"need_{language}": more[language] for language in ("quality_time", "words")}
    return POPULATION[study.population] | needs


def _codebook(study: BundledLoveLanguages, rows: pd.DataFrame) -> str:
    share = float(rows.iloc[:, 1:].isna().to_numpy().mean())
    notes = [
        study.about,
        "Every size put in is an assumption; none is a result of a paper. "
        "data/synthetic/README.md lists value and reason.",
        "The simple correlations of mismatch with satisfaction are the same in the population of "
        "love_languages, love_languages_expression and love_languages_matching.",
        "The truth below is that of the scores as they are answered, in the population: of 2 "
        "million couples drawn, to three places. Where no mismatch was put in, 0 is stated; it is "
        "below .003 in size there, since answers end at 7.",
        "Behind exactly these couples' answers the profiles have the stated correlations, and what "
        "else is in satisfaction is unrelated to mismatch and levels; item errors, rounding and "
        "gaps are left to chance, so estimates lie closer to the truth than with couples drawn at "
        "random.",
        f"{100 * share:.1f} % of the answers are missing, completely at random: single ones, and "
        "all sexual questions of some members.",
    ]
    lines = [
        *codebook_head(
            name=study.name,
            title=study.title,
            seed=study.seed,
            notes=notes,
            generator="love_languages_survey",
            truth_is="In the population, for scores as answered, under the names "
            "the claim's analysis uses.",
            truth=stated_truth(study),
        ),
        "[couples]",
        f"roles = [{_listed(ROLES)}]",
        'layout = "wide"',
        "",
    ]
    keys = [key for form in FORMS for key in profile_keys(form)] + list(following_keys())
    for key in keys:
        lines += [
            f"[scales.{key.name}]",
            f'label = "{key.label}"',
            f"items = [{_listed(key.items)}]",
            "range = [1, 7]",
            f'method = "{key.method}"',
            f'basis = "{key.basis}"',
            "",
        ]
    lines += ["[columns.couple]", 'label = "Couple"', 'role = "couple"', ""]
    for item, label in _items():
        lines += [
            f"[columns.{item}]",
            *(f'{role} = "{item}_{role}"' for role in ROLES),
            f'label = "{label}"',
            'unit = "points"',
            "range = [1, 7]",
            "",
        ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _items() -> list[tuple[str, str]]:
    found = [
        (f"{form}_{number}", f"Love languages, {_WORDS[form]}, item {number}")
        for form in FORMS
        for number in range(1, 4 * len(LANGUAGES) + 1)
    ]
    for key in following_keys():
        found += [(item, f"{key.label}, item {at}") for at, item in enumerate(key.items, start=1)]
    return found


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
