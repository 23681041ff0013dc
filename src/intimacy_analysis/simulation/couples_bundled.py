"""The two synthetic surveys of couples, written byte for byte from their truth and seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.rival_directions import communication_model, rival_model
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.moments import PrintedMoments
from intimacy_analysis.paths.observe import observe_covariance
from intimacy_analysis.simulation.codebook_head import codebook_head
from intimacy_analysis.simulation.couples_items import FORMS, answered_scores
from intimacy_analysis.simulation.couples_survey import simulate_couples
from intimacy_analysis.simulation.couples_truth import (
    CONSTRUCTS,
    ROLES,
    SCORE_NAMES,
    CouplesTruth,
    reversed_truth,
)

# So many that rounding of a divisor cannot be seen in what the population's paths are.
_POPULATION = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledCouples:
    """A synthetic survey: what is put in, and the seed.

    Attributes:
        name: Stem of its two files.
        title: One line for a heading.
        truth: What is put in.
        seed: By rule and not by looks: year and volume of the cited paper, then 1, 2.
        about: What the study is for, a sentence.
    """

    name: str
    title: str
    truth: CouplesTruth
    seed: int
    about: str


BUNDLED_COUPLES: tuple[BundledCouples, ...] = (
    BundledCouples(
        name="couples_survey",
        title="Communication, intimacies and satisfaction of couples (synthetic)",
        truth=CouplesTruth(),
        seed=2014401,
        about="Synthetic data: no couple ever answered these questions. They are drawn from a "
        "stated truth in which sexual satisfaction has an arrow to emotional intimacy.",
    ),
    BundledCouples(
        name="couples_survey_reversed",
        title="Communication, intimacies and satisfaction of couples, arrow reversed (synthetic)",
        truth=reversed_truth(),
        seed=2014402,
        about="Synthetic data with nearly the same correlations as couples_survey, drawn from the "
        "arrow turned round: emotional intimacy has it to sexual satisfaction.",
    ),
)


def score_truth(truth: CouplesTruth) -> dict[str, float]:
    """Return what the claim's quantities are in the population, for scores as answered.

    The models are fitted to the exact covariances of the answered scores, so rounding to few and
    skewed answers is part of it; gaps are not.

    Args:
        truth: What is put in.
    """
    _, covariance = answered_scores(truth.correlation)
    frame = pd.DataFrame(covariance, index=list(SCORE_NAMES), columns=list(SCORE_NAMES))
    population = observe_covariance(frame, _POPULATION)
    columns = {name: (f"{name}_{ROLES[0]}", f"{name}_{ROLES[1]}") for name in CONSTRUCTS}
    first = fit_path_model(rival_model(columns, ROLES, "sexual first"), population, fixed_x=False)
    second = fit_path_model(
        rival_model(columns, ROLES, "emotional first"), population, fixed_x=False
    )
    both = fit_path_model(communication_model(columns, ROLES), population, fixed_x=False)
    named = {}
    for role in ROLES:
        for name, result, label in (
            ("communication_emotional_actor", both, f"e_a_{role}"),
            ("communication_sexual_actor", both, f"s_a_{role}"),
            ("sexual_emotional", first, f"se_{role}"),
            ("emotional_sexual", second, f"es_{role}"),
            ("indirect_total", first, f"ie_total_{role}"),
            ("sexual_relationship_partner", first, f"rp_{role}"),
        ):
            table = result.standardized()
            named[f"{name}_{role}"] = round(table[result.row_name(label)].value, 4)
    return named | _intimacy_truth(frame, population)


def _intimacy_truth(covariance: pd.DataFrame, population: PrintedMoments) -> dict[str, float]:
    """Return what emotional intimacy and relationship satisfaction share in the population."""
    x, y = "emotional_intimacy", "relationship_satisfaction"
    result = fit_path_model(
        actor_partner(x, y, roles=ROLES, means=False), population, fixed_x=False
    )
    table = result.standardized()
    named: dict[str, float] = {}
    for role in ROLES:
        pair = covariance.loc[[f"{x}_{role}", f"{y}_{role}"], [f"{x}_{role}", f"{y}_{role}"]]
        spread = np.sqrt(np.diag(pair))
        r = float(pair.to_numpy()[0, 1] / spread.prod())
        named[f"emotional_satisfaction_correlation_{role}"] = round(r, 4)
        for name, label in (("actor", f"a_{role}"), ("partner", f"p_{role}")):
            value = table[result.row_name(label)].value
            named[f"emotional_satisfaction_{name}_{role}"] = round(value, 4)
    return named


def write_bundled_couples(folder: str | Path) -> tuple[Path, ...]:
    """Write the surveys, a CSV file and a codebook each; files there are replaced.

    Args:
        folder: Made where it is not there.

    Returns:
        The paths written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for study in BUNDLED_COUPLES:
        rows = simulate_couples(study.truth, seed=study.seed, matched=True)
        for ending, text in (("csv", _csv(rows)), ("toml", _codebook(study, rows))):
            path = target / f"{study.name}.{ending}"
            path.write_bytes(text.encode("utf-8"))
            written.append(path)
    return tuple(written)


def _csv(rows: pd.DataFrame) -> str:
    lines = [",".join(rows.columns)]
    for values in rows.itertuples(index=False):
        cells = [str(int(values[0])), f"{values[1]:.1f}"]
        cells += ["" if np.isnan(value) else str(int(value)) for value in values[2:]]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _codebook(study: BundledCouples, rows: pd.DataFrame) -> str:
    items = rows.iloc[:, 2:]
    share = float(items.isna().to_numpy().mean())
    notes = [
        study.about,
        "Every value put in is an assumption; none is a result of a paper. "
        "data/synthetic/README.md lists value and reason.",
        "The truth below is that of the scores as they are answered, in the population: paths "
        "among continuous scores were put in, and answers in a few steps weaken them slightly.",
        "Both sexual_emotional and emotional_sexual have a value below: what the model with that "
        "arrow finds in the population. Only one of the two arrows was put in.",
        "The constructs of exactly these couples have the stated correlations; item errors, "
        "rounding and gaps are left to chance, so estimates lie closer to the truth than with "
        "couples drawn at random.",
        f"{100 * share:.1f} % of the answers are missing: single ones, whole spouses, and sexual "
        "items more often where the same spouse appraises communication low.",
    ]
    lines = [
        *codebook_head(
            name=study.name,
            title=study.title,
            seed=study.seed,
            notes=notes,
            generator="couples_survey",
            truth_is="Standardized, for scores as answered, under the names "
            "the claim's analysis uses.",
            truth=score_truth(study.truth),
        ),
        "[couples]",
        'roles = ["wife", "husband"]',
        'layout = "wide"',
        "",
    ]
    for form in FORMS:
        scale = form.scale
        lines += [
            f"[scales.{scale.name}]",
            f'label = "{scale.label}"',
            f"items = [{', '.join(_quoted(item) for item in scale.items)}]",
        ]
        if scale.reversed:
            lines.append(f"reversed = [{', '.join(_quoted(item) for item in scale.reversed)}]")
        lines += [f"range = [{scale.minimum:g}, {scale.maximum:g}]", 'basis = "[assumption]"', ""]
    lines += [
        "[columns.couple]",
        'label = "Couple"',
        'role = "couple"',
        "",
        "[columns.years_married]",
        'label = "Years married"',
        'unit = "years"',
        "range = [0, 80]",
        'level = "couple"',
        "",
    ]
    for form in FORMS:
        for at, item in enumerate(form.items, start=1):
            turned = ", asked the other way round" if at in form.reversed else ""
            lines += [
                f"[columns.{item}]",
                *(f'{role} = "{item}_{role}"' for role in ROLES),
                f'label = "{form.label}, item {at}{turned}"',
                'unit = "points"',
                f"range = [{form.lowest}, {form.highest}]",
                "",
            ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _quoted(text: str) -> str:
    return f'"{text}"'
