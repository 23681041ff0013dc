"""The two synthetic surveys on technoference, written byte for byte from their truth and seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from intimacy_analysis.simulation.codebook_head import codebook_head
from intimacy_analysis.simulation.survey_codebook import survey_csv
from intimacy_analysis.simulation.technoference import simulate_technoference
from intimacy_analysis.simulation.technoference_items import DAILY_SHARES, SCALES
from intimacy_analysis.simulation.technoference_truth import TechnoferenceTruth, pure_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledTechnoference:
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
    truth: TechnoferenceTruth
    seed: int
    about: str


BUNDLED_TECHNOFERENCE: tuple[BundledTechnoference, ...] = (
    BundledTechnoference(
        name="technoference",
        title="Technoference, conflict, satisfaction and well-being of women (synthetic)",
        truth=TechnoferenceTruth(),
        seed=201651,
        about="Synthetic data: no woman ever answered these questions. They are drawn from a chain "
        "(technoference, conflict, relationship satisfaction, then depressive symptoms and life "
        "satisfaction) with small direct paths from technoference besides.",
    ),
    BundledTechnoference(
        name="technoference_chain",
        title="Technoference, conflict, satisfaction and well-being, pure chain (synthetic)",
        truth=pure_chain(),
        seed=201652,
        about="Synthetic data like those of technoference, but from the chain alone: technoference "
        "goes with depressive symptoms and life satisfaction by way of conflict and relationship "
        "satisfaction only.",
    ),
)


def technoference_truth(truth: TechnoferenceTruth) -> dict[str, float]:
    """Return the stated truth of a codebook: the claim's quantities, shares and alphas."""
    daily = {f"daily_share_{at}": share for at, share in enumerate(DAILY_SHARES, start=1)}
    alphas = {f"alpha_{scale.name}": scale.alpha for scale in SCALES}
    return {name: round(value, 4) for name, value in {**truth.terms, **daily, **alphas}.items()}


def write_bundled_technoference(folder: str | Path) -> tuple[Path, ...]:
    """Write the surveys, a CSV file and a codebook each; files there are replaced.

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for study in BUNDLED_TECHNOFERENCE:
        rows = simulate_technoference(study.truth, seed=study.seed, matched=True)
        for ending, text in (("csv", survey_csv(rows)), ("toml", _codebook(study, rows))):
            path = target / f"{study.name}.{ending}"
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
    return tuple(written)


def _codebook(study: BundledTechnoference, rows: pd.DataFrame) -> str:
    share = float(rows.iloc[:, 1:].isna().to_numpy().mean())
    notes = [
        study.about,
        "Paths and correlations put in are assumptions; none is a result of a paper. "
        "data/synthetic/README.md lists value and reason.",
        "Put in from reports on the study: the number of women, the shares of women at once a day "
        "or more, and the loadings and alpha of the device scale.",
        "The truth below is that of the scores as they are answered, in the population.",
        "The constructs of exactly these women have the stated correlations; item errors, rounding "
        "and gaps are left to chance, so estimates lie closer to the truth than with women drawn "
        "at random.",
        f"{100 * share:.1f} % of the answers are missing, completely at random: single ones, and "
        "the last questionnaire of women who stopped before it.",
    ]
    lines = [
        *codebook_head(
            name=study.name,
            title=study.title,
            seed=study.seed,
            notes=notes,
            generator="technoference",
            truth_is="Standardized, for scores as answered, under the names "
            "the claim's analysis uses.",
            truth=technoference_truth(study.truth),
        ),
        "[persons]",
        "",
    ]
    for form in SCALES:
        items = ", ".join(f'"{item.name}"' for item in form.items)
        lines += [
            f"[scales.{form.name}]",
            f'label = "{form.label}"',
            f"items = [{items}]",
            f"range = [{form.lowest}, {form.highest}]",
            f'basis = "{form.basis}"',
            "",
        ]
    lines += ["[columns.woman]", 'label = "Woman"', 'role = "person"', ""]
    for form in SCALES:
        for at, item in enumerate(form.items, start=1):
            lines += [
                f"[columns.{item.name}]",
                f'label = "{form.label}, {item.label or f"item {at}"}"',
                'unit = "points"',
                f"range = [{form.lowest}, {form.highest}]",
                "",
            ]
    return "\n".join(lines).rstrip("\n") + "\n"
