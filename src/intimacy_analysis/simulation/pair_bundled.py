"""The two synthetic PAIR surveys, written byte for byte from their truth and seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from intimacy_analysis.simulation.codebook_head import codebook_head
from intimacy_analysis.simulation.pair_items import STEMS, pair_key
from intimacy_analysis.simulation.pair_survey import simulate_pair
from intimacy_analysis.simulation.pair_truth import FORMS, ROLES, PairTruth, no_gap_truth
from intimacy_analysis.simulation.survey_codebook import survey_csv

_WORDS = {"perceived": "how it is now", "expected": "how one would like it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledPair:
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
    truth: PairTruth
    seed: int
    about: str


BUNDLED_PAIR: tuple[BundledPair, ...] = (
    BundledPair(
        name="pair_survey",
        title="Both forms of the PAIR inventory, answered by couples (synthetic)",
        truth=PairTruth(),
        seed=198171,
        about="Synthetic data: no couple ever answered these questions. Both spouses want more of "
        "each kind of intimacy than they have.",
    ),
    BundledPair(
        name="pair_survey_no_gap",
        title="Both forms of the PAIR inventory, nothing missed on average (synthetic)",
        truth=no_gap_truth(),
        seed=198172,
        about="Synthetic data: no couple ever answered these questions. On average spouses have "
        "just as much of each kind of intimacy as they want; single spouses miss some or have more "
        "than they want.",
    ),
)


def write_bundled_pair(folder: str | Path) -> tuple[Path, ...]:
    """Write the surveys, a CSV file and a codebook each; files there are replaced.

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for study in BUNDLED_PAIR:
        rows = simulate_pair(study.truth, seed=study.seed, matched=True)
        for ending, text in (("csv", survey_csv(rows)), ("toml", _codebook(study, rows))):
            path = target / f"{study.name}.{ending}"
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
    return tuple(written)


def _codebook(study: BundledPair, rows: pd.DataFrame) -> str:
    share = float(rows.iloc[:, 1:].isna().to_numpy().mean())
    notes = [
        study.about,
        "Means, spreads and correlations put in are assumptions; none is a result of a paper. "
        "data/synthetic/README.md lists value and reason.",
        "The alphas put in: their range (.70 to .77, and .80) was read of, the single values are "
        "recalled.",
        "The truth below is that of the scores as they are answered, in the population, the same "
        "for both spouses.",
        "The constructs of exactly these couples have the stated correlations and means; item "
        "errors, rounding and gaps are left to chance, so estimates lie closer to the truth than "
        "with couples drawn at random.",
        f"{100 * share:.1f} % of the answers are missing, completely at random: single ones, and "
        "the whole second form of some spouses.",
    ]
    lines = [
        *codebook_head(
            name=study.name,
            title=study.title,
            seed=study.seed,
            notes=notes,
            generator="pair_survey",
            truth_is="For scores of 0 to 96 as answered, under the names "
            "the claim's analysis uses.",
            truth={name: round(value, 4) for name, value in study.truth.terms.items()},
        ),
        "[couples]",
        f"roles = [{_listed(ROLES)}]",
        'layout = "wide"',
        "",
    ]
    for form in FORMS:
        for scale in pair_key(form).scales:
            lines += [
                f"[scales.{scale.name}]",
                f'label = "{scale.label}, {form}"',
                f"items = [{_listed(scale.items)}]",
                *([f"reversed = [{_listed(scale.reversed)}]"] if scale.reversed else []),
                "range = [0, 4]",
                'method = "sum"',
                "multiplier = 4",
                f'basis = "{scale.basis}"',
                "",
            ]
    lines += ["[columns.couple]", 'label = "Couple"', 'role = "couple"', ""]
    for form in FORMS:
        for number in range(1, 37):
            item = f"{STEMS[form]}_{number}"
            lines += [
                f"[columns.{item}]",
                *(f'{role} = "{item}_{role}"' for role in ROLES),
                f'label = "PAIR, {_WORDS[form]}, item {number}"',
                'unit = "points"',
                "range = [0, 4]",
                "",
            ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
