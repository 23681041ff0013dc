from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.couples_scores import couple_scores
from intimacy_analysis.dyadic.rival_directions import communication_model, rival_model
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance
from intimacy_analysis.simulation.couples_bundled import (
    BUNDLED_COUPLES,
    score_truth,
    write_bundled_couples,
)
from intimacy_analysis.simulation.couples_items import FORMS
from intimacy_analysis.simulation.couples_survey import simulate_couples
from intimacy_analysis.simulation.couples_truth import (
    CONSTRUCTS,
    ROLES,
    SCORE_NAMES,
    CouplesTruth,
    reversed_truth,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "synthetic"
COLUMNS = {name: (f"{name}_wife", f"{name}_husband") for name in CONSTRUCTS}
ids = {"ids": lambda study: study.name}


def book_of(study):
    return tomllib.loads((FOLDER / f"{study.name}.toml").read_text(encoding="utf-8"))


def test_the_bundled_files_are_written_byte_for_byte(tmp_path):
    written = write_bundled_couples(tmp_path / "new folder")
    assert sorted(path.name for path in written) == sorted(
        f"{study.name}.{ending}" for study in BUNDLED_COUPLES for ending in ("csv", "toml")
    )
    for path in written:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize("study", BUNDLED_COUPLES, **ids)
def test_files_read_alike_everywhere(study):
    for ending in ("csv", "toml"):
        content = (FOLDER / f"{study.name}.{ending}").read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        content.decode("ascii")


@pytest.mark.parametrize("study", BUNDLED_COUPLES, **ids)
def test_the_codebook_states_kind_seed_and_truth(study):
    book = book_of(study)["study"]
    assert (book["kind"], book["seed"]) == ("synthetic", study.seed)
    assert book["truth"] == score_truth(study.truth)
    assert "none is a result of a paper" in " ".join(book["notes"])


def test_seeds_are_set_by_rule():
    assert [study.seed for study in BUNDLED_COUPLES] == [2014401, 2014402]
    assert [study.truth.direction for study in BUNDLED_COUPLES] == [
        "sexual first", "emotional first",
    ]  # fmt: skip


@pytest.mark.parametrize("study", BUNDLED_COUPLES, **ids)
def test_the_files_load_as_couples_with_every_item_in_range(study):
    loaded = load_study(study.name)
    assert len(loaded.couples.rows) == 335
    assert loaded.couples.roles == ROLES
    assert [scale.name for scale in loaded.scales] == list(CONSTRUCTS)
    assert tuple(scale.items for scale in loaded.scales) == tuple(form.items for form in FORMS)
    couples, columns, notes = couple_scores(loaded, None)
    assert columns == COLUMNS
    assert len(notes) == 4  # one a scale, and no item looks wrongly keyed
    for form in FORMS:
        scores = couples.rows[list(COLUMNS[form.construct])]
        assert scores.min(axis=None) >= form.lowest
        assert scores.max(axis=None) <= form.highest


@pytest.mark.parametrize("study", BUNDLED_COUPLES, **ids)
def test_the_share_of_gaps_is_as_the_codebook_says(study):
    rows = pd.read_csv(FOLDER / f"{study.name}.csv")
    share = rows.iloc[:, 2:].isna().to_numpy().mean()
    assert any(
        note.startswith(f"{100 * share:.1f} % of the answers are missing")
        for note in book_of(study)["study"]["notes"]
    )
    assert 0.03 < share < 0.06


def estimates_of(rows: pd.DataFrame) -> dict[str, float]:
    """The claim's quantities in these scores, by models fitted here."""
    found = {}
    for direction, names in (
        (
            "sexual first",
            {"se": "sexual_emotional", "ie_total": "indirect_total",
             "rp": "sexual_relationship_partner"},
        ),
        ("emotional first", {"es": "emotional_sexual"}),
        ("", {"e_a": "communication_emotional_actor", "s_a": "communication_sexual_actor"}),
    ):  # fmt: skip
        spec = (
            rival_model(COLUMNS, ROLES, direction)
            if direction
            else communication_model(COLUMNS, ROLES)
        )
        result = fit_path_model(spec, rows, fixed_x=False)
        table = result.standardized()
        for label, name in names.items():
            for role in ROLES:
                found[f"{name}_{role}"] = table[result.row_name(f"{label}_{role}")].value
    return found | opening_of(rows)


def opening_of(rows: pd.DataFrame) -> dict[str, float]:
    """The opening sentence's quantities, by correlations and least squares of z-scores."""
    held = (rows - rows.mean()) / rows.std()
    found = {}
    for own, other in (ROLES, ROLES[::-1]):
        x = held[[f"emotional_intimacy_{own}", f"emotional_intimacy_{other}"]].to_numpy()
        y = held[f"relationship_satisfaction_{own}"].to_numpy()
        actor, partner = np.linalg.lstsq(x, y, rcond=None)[0]
        found[f"emotional_satisfaction_correlation_{own}"] = np.corrcoef(x[:, 0], y)[0, 1]
        found[f"emotional_satisfaction_actor_{own}"] = actor
        found[f"emotional_satisfaction_partner_{own}"] = partner
    return found


@pytest.mark.slow
@pytest.mark.parametrize("truth", [CouplesTruth(), reversed_truth()], ids=lambda t: t.direction)
def test_the_stated_truth_is_what_very_many_couples_show(truth):
    n = 150_000
    frame = simulate_couples(truth, n_couples=n, seed=8, gaps=False)
    scores = {}
    for form in FORMS:
        for role in ROLES:
            answers = frame[[f"{item}_{role}" for item in form.items]].to_numpy(copy=True)
            for at in form.reversed:
                answers[:, at - 1] = form.lowest + form.highest - answers[:, at - 1]
            scores[f"{form.construct}_{role}"] = answers.mean(axis=1)
    found = estimates_of(pd.DataFrame(scores))
    stated = score_truth(truth)
    assert set(found) == set(stated)
    for name, value in stated.items():
        # A standardized path has an error of about 1 / sqrt(n).
        assert found[name] == pytest.approx(value, abs=4.5 / np.sqrt(n)), name


def test_the_truth_of_answers_lies_near_the_paths_put_in():
    stated = score_truth(CouplesTruth())
    put_in = {
        "communication_sexual_actor_wife": 0.40,
        # In the model without the other intimacy the way through it counts as well.
        "communication_emotional_actor_wife": 0.50 + 0.40 * 0.25,
        "sexual_emotional_husband": 0.25,
        "sexual_relationship_partner_wife": 0.08,
        "sexual_relationship_partner_husband": 0.05,
        "indirect_total_wife": 0.40 * 0.20 + 0.50 * 0.45 + 0.40 * 0.25 * 0.45 + 0.10 * 0.08,
        "indirect_total_husband": 0.40 * 0.25 + 0.50 * 0.40 + 0.40 * 0.25 * 0.40 + 0.10 * 0.05,
    }
    for name, value in put_in.items():
        assert stated[name] == pytest.approx(value, abs=0.03), name


def test_the_readme_tells_paths_seeds_and_gap_of_both_files():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for study in BUNDLED_COUPLES:
        assert f"`{study.name}.csv` | {study.seed} | 335 |" in text
    one, two = (study.truth for study in BUNDLED_COUPLES)
    rows = {
        "communication, wife with husband": "communication_partners",
        "own communication to sexual satisfaction": "sexual_own",
        "partner's communication to sexual satisfaction": "sexual_partner",
        "own communication to emotional intimacy": "emotional_own",
        "partner's communication to emotional intimacy": "emotional_partner",
        "residuals of relationship satisfaction": "satisfaction_residual",
    }
    for words, name in rows.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| {words}"))
        found = [float(cell) for cell in line.split("|")[2:4]]
        assert found == [getattr(one, name), getattr(two, name)], words


def test_the_gap_of_the_readme_is_that_of_the_population():
    # Complete continuous scores of 335 couples: the noncentrality of the wrong model.
    gaps = []
    for truth in (CouplesTruth(), reversed_truth()):
        frame = pd.DataFrame(truth.correlation, index=SCORE_NAMES, columns=SCORE_NAMES)
        chisq = [
            fit_path_model(
                rival_model(COLUMNS, ROLES, direction),
                observe_covariance(frame, 335),
                fixed_x=False,
            ).fit_indices.chisq
            for direction in ("sexual first", "emotional first")
        ]
        gaps.append(round(max(chisq) - min(chisq), 1))
        assert min(chisq) < 1e-6
    assert gaps == [3.7, 1.3]
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "3.7 points under the first truth and 1.3 under the second" in text
