from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance
from intimacy_analysis.scales.questionnaires import questionnaire
from intimacy_analysis.simulation.cut_normal import cut_covariance
from intimacy_analysis.simulation.technoference import N_WOMEN, simulate_technoference
from intimacy_analysis.simulation.technoference_bundled import (
    BUNDLED_TECHNOFERENCE,
    technoference_truth,
    write_bundled_technoference,
)
from intimacy_analysis.simulation.technoference_items import DAILY_SHARES, ONCE_A_DAY, SCALES
from intimacy_analysis.simulation.technoference_truth import (
    SCORE_NAMES,
    TechnoferenceTruth,
    pure_chain,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"
ids = {"ids": lambda study: study.name}
CHAIN = """
conflict_over_technology ~ technoference
relationship_satisfaction ~ conflict_over_technology + technoference
depressive_symptoms ~ relationship_satisfaction + technoference
life_satisfaction ~ relationship_satisfaction + technoference
depressive_symptoms ~~ life_satisfaction
"""


def book_of(study):
    return tomllib.loads((FOLDER / f"{study.name}.toml").read_text(encoding="utf-8"))


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {form.name: rows[[item.name for item in form.items]].mean(axis=1) for form in SCALES}
    )


def test_the_bundled_files_are_written_byte_for_byte(tmp_path):
    written = write_bundled_technoference(tmp_path / "new folder")
    assert sorted(path.name for path in written) == [
        "technoference.csv", "technoference.toml",
        "technoference_chain.csv", "technoference_chain.toml",
    ]  # fmt: skip
    for path in written:
        content = path.read_bytes()
        assert content == (FOLDER / path.name).read_bytes()
        assert b"\r" not in content
        content.decode("ascii")


@pytest.mark.parametrize("study", BUNDLED_TECHNOFERENCE, **ids)
def test_the_codebook_states_kind_seed_and_truth(study):
    book = book_of(study)["study"]
    assert (book["kind"], book["seed"]) == ("synthetic", study.seed)
    assert book["truth"] == technoference_truth(study.truth)
    assert "none is a result of a paper" in " ".join(book["notes"])
    assert "exactly these women have the stated correlations" in " ".join(book["notes"])


def test_seeds_are_set_by_rule():
    assert [study.seed for study in BUNDLED_TECHNOFERENCE] == [201651, 201652]


@pytest.mark.parametrize("study", BUNDLED_TECHNOFERENCE, **ids)
def test_the_files_load_as_a_survey_of_143_women(study):
    loaded = load_study(study.name)
    assert len(loaded.survey.rows) == N_WOMEN == 143
    assert tuple(scale.name for scale in loaded.scales) == SCORE_NAMES
    rows = pd.read_csv(FOLDER / f"{study.name}.csv")
    share = rows.iloc[:, 1:].isna().to_numpy().mean()
    assert any(
        note.startswith(f"{100 * share:.1f} % of the answers are missing") for note in loaded.notes
    )
    for form in SCALES:
        items = rows[[item.name for item in form.items]]
        assert items.min(axis=None) >= form.lowest
        assert items.max(axis=None) <= form.highest


def test_the_devices_have_the_reported_component_and_nearly_the_reported_alpha():
    items = SCALES[0].items
    together = np.eye(4)
    for i in range(4):
        for j in range(i):
            one, other = items[i], items[j]
            shared = cut_covariance(one.cuts, other.cuts, one.loading * other.loading)
            together[i, j] = together[j, i] = shared / np.sqrt(one.variance * other.variance)
    values, vectors = np.linalg.eigh(together)
    component = np.abs(vectors[:, -1]) * np.sqrt(values[-1])
    # As the authors' handout reports them (evidence B2).
    assert component == pytest.approx([0.78, 0.77, 0.81, 0.44], abs=0.005)
    assert SCALES[0].alpha == pytest.approx(0.67, abs=0.015)
    means = [float(np.arange(6) @ np.array(item.shares)) for item in items]
    assert means == pytest.approx([1.8, 1.7, 1.6, 0.9])
    assert sum(items[0].shares[2:]) == pytest.approx(0.70)


def test_the_examples_have_the_reported_shares_at_once_a_day_or_more():
    for item, share in zip(SCALES[1].items, DAILY_SHARES, strict=True):
        assert sum(item.shares[ONCE_A_DAY:]) == pytest.approx(share)
        assert sum(item.shares) == pytest.approx(1)


def test_the_usual_truth_implies_what_its_calibration_says():
    frame = pd.DataFrame(
        TechnoferenceTruth().correlation, index=list(SCORE_NAMES), columns=list(SCORE_NAMES)
    )
    t, c, r, d, life = (SCORE_NAMES[at] for at in (0, 2, 3, 4, 5))
    # Worked out in the evidence file, section 2, version B.
    for (one, other), value in {
        (t, c): 0.50, (t, r): -0.25, (t, d): 0.24, (t, life): -0.22, (c, r): -0.43,
        (r, d): -0.43, (r, life): 0.52, (d, life): -0.47,
    }.items():  # fmt: skip
        assert frame.loc[one, other] == pytest.approx(value, abs=0.0055)


def test_the_pure_chain_implies_products():
    frame = pd.DataFrame(
        pure_chain().correlation, index=list(SCORE_NAMES), columns=list(SCORE_NAMES)
    )
    assert frame.loc["technoference", "depressive_symptoms"] == pytest.approx(0.5 * 0.4 * 0.45)
    assert frame.loc["technoference", "life_satisfaction"] == pytest.approx(-0.5 * 0.4 * 0.5)
    assert frame.loc["conflict_over_technology", "depressive_symptoms"] == pytest.approx(0.18)
    assert pure_chain().terms["direct_depression"] == 0


@pytest.mark.parametrize("truth", [TechnoferenceTruth(), pure_chain()], ids=["B", "A"])
def test_a_fit_to_the_population_finds_the_paths_put_in(truth):
    names = list(SCORE_NAMES)
    population = observe_covariance(
        pd.DataFrame(truth.correlation, index=names, columns=names), 10**9
    )
    table = fit_path_model(CHAIN, population, fixed_x=False).standardized()
    for row, value in {
        "conflict_over_technology ~ technoference": truth.conflict,
        "relationship_satisfaction ~ conflict_over_technology": truth.satisfaction,
        "relationship_satisfaction ~ technoference": truth.direct_satisfaction,
        "depressive_symptoms ~ relationship_satisfaction": truth.depression,
        "depressive_symptoms ~ technoference": truth.direct_depression,
        "life_satisfaction ~ technoference": truth.direct_life,
        "depressive_symptoms ~~ life_satisfaction": truth.residual,
    }.items():
        assert table[row].value == pytest.approx(value, abs=1e-6)


def test_very_many_women_answer_as_the_truth_says():
    truth = TechnoferenceTruth()
    rows = simulate_technoference(truth, n_women=100_000, seed=3, gaps=False)
    # Monte Carlo error of a correlation is below .0032.
    assert scores(rows).corr().to_numpy() == pytest.approx(truth.correlation, abs=0.012)
    for at, share in enumerate(DAILY_SHARES, start=1):
        assert (rows[f"tiles_{at}"] >= ONCE_A_DAY).mean() == pytest.approx(share, abs=0.006)


def test_the_same_seed_draws_the_same_women_and_gaps_only_remove_answers():
    whole = simulate_technoference(seed=5, gaps=False)
    again = simulate_technoference(seed=5)
    there = again.notna()
    pd.testing.assert_frame_equal(again.where(there), whole.where(there), check_dtype=False)
    assert 0.005 < 1 - there.to_numpy().mean() < 0.05
    assert not whole.equals(simulate_technoference(seed=6, gaps=False))


def test_impossible_truths_and_too_few_women_are_refused():
    with pytest.raises(SpecError, match="leave some variance"):
        TechnoferenceTruth(conflict=1.1)
    with pytest.raises(SpecError, match="reliabilities allow"):
        simulate_technoference(replace(TechnoferenceTruth(), conflict=0.9))
    with pytest.raises(SpecError, match="8 or more for matched"):
        simulate_technoference(n_women=7, matched=True)
    with pytest.raises(SpecError, match="1 or more"):
        simulate_technoference(n_women=0)


@pytest.mark.parametrize(("key", "at"), [("tdis", 0), ("tiles", 1)])
def test_the_synthetic_questionnaires_have_the_published_keys(key, at):
    (scale,) = questionnaire(key).scales
    ours = SCALES[at].scale
    assert (scale.name, scale.items, scale.reversed) == (ours.name, ours.items, ours.reversed)
    assert (scale.minimum, scale.maximum, scale.method) == (
        ours.minimum, ours.maximum, ours.method,
    )  # fmt: skip
