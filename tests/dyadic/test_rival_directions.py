from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.dyadic.rival_directions import (
    CONSTRUCTS,
    communication_model,
    freed_model,
    rival_model,
)
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.observe import observe_covariance
from intimacy_analysis.simulation.couples_survey import simulate_couple_scores
from intimacy_analysis.simulation.couples_truth import CouplesTruth, reversed_truth

ROLES = ("wife", "husband")
COLUMNS = {name: (f"{name}_wife", f"{name}_husband") for name in CONSTRUCTS}
DIRECTIONS = ("sexual first", "emotional first")
SHORT = {
    "c": "communication",
    "s": "sexual_satisfaction",
    "e": "emotional_intimacy",
    "r": "relationship_satisfaction",
}


def couples(seed=0, truth=None, n=335):
    return simulate_couple_scores(truth or CouplesTruth(), n, np.random.default_rng(seed))


def fitted(direction, rows=None, columns=COLUMNS, roles=ROLES):
    rows = couples() if rows is None else rows
    return fit_path_model(rival_model(columns, roles, direction), rows, fixed_x=False)


def arrows_of(spec):
    """Label to (outcome, predictor) of every labeled regression."""
    return {arrow.labels[0]: (arrow.lhs, arrow.rhs) for arrow in spec.arrows if arrow.op == "~"}


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_label_stands_at_the_arrow_it_names(direction):
    between = "se" if direction == "sexual first" else "es"
    expected = {}
    for role, other in (ROLES, ROLES[::-1]):
        for letter in "se":
            for mark, whose in (("a", role), ("p", other)):
                expected[f"{letter}_{mark}_{role}"] = (
                    f"{SHORT[letter]}_{role}",
                    f"communication_{whose}",
                )
        expected[f"{between}_{role}"] = (
            f"{SHORT[between[1]]}_{role}", f"{SHORT[between[0]]}_{role}",
        )  # fmt: skip
        for label, predictor, whose in (
            ("rc", "c", role), ("re", "e", role), ("rs", "s", role), ("rp", "s", other),
        ):  # fmt: skip
            expected[f"{label}_{role}"] = (
                f"relationship_satisfaction_{role}",
                f"{SHORT[predictor]}_{whose}",
            )
    assert arrows_of(rival_model(COLUMNS, ROLES, direction)) == expected


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_words_of_a_meaning_tell_the_arrow_and_whose_outcome_it_is(direction):
    spec = rival_model(COLUMNS, ROLES, direction)
    arrows = arrows_of(spec)
    plain = {column: name.replace("_", " ") for name, pair in COLUMNS.items() for column in pair}
    told = {meaning.label: meaning for meaning in spec.meanings}
    for label, (outcome, predictor) in arrows.items():
        meaning = told[label]
        assert outcome.endswith(f"_{meaning.role}")
        own = predictor.endswith(f"_{meaning.role}")
        whose = "own" if own else "partner's"
        assert meaning.words == f"{whose} {plain[predictor]} to {plain[outcome]}"
        assert meaning.kind == ("actor" if own else "partner")
    assert {m.kind for label, m in told.items() if label.startswith("ie_")} == {"indirect"}
    assert [m.kind for label, m in told.items() if label.startswith("te_")] == ["total"] * 2
    assert spec.roles == ROLES
    assert dict(spec.variables) == COLUMNS


def effects(result):
    """Total effect of each column on each, by (I - A)^-1, from the estimates alone."""
    names = [column for pair in COLUMNS.values() for column in pair]
    a = pd.DataFrame(0.0, index=names, columns=names)
    for label, (outcome, predictor) in arrows_of(result.spec).items():
        a.loc[outcome, predictor] = result.estimate(label).value
    total = np.linalg.inv(np.eye(len(names)) - a.to_numpy())
    return a, pd.DataFrame(total, index=names, columns=names)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_direct_and_all_indirect_ways_make_the_total_effect(direction, role):
    result = fitted(direction)
    a, total = effects(result)
    outcome, start = f"relationship_satisfaction_{role}", f"communication_{role}"
    said = result.estimate(f"te_{role}").value
    assert said == pytest.approx(total.loc[outcome, start], abs=1e-12)
    indirect = result.estimate(f"ie_total_{role}").value
    assert indirect == pytest.approx(total.loc[outcome, start] - a.loc[outcome, start], abs=1e-12)
    ways = [
        result.estimate(m.label).value
        for m in result.spec.meanings
        if m.kind == "indirect" and m.role == role and m.label != f"ie_total_{role}"
    ]
    assert len(ways) == 4
    assert sum(ways) == pytest.approx(indirect, abs=1e-12)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_each_way_is_the_product_of_its_own_arrows(direction):
    result = fitted(direction)
    value = {label: result.estimate(label).value for label in arrows_of(result.spec)}
    w, h = ROLES
    if direction == "sexual first":
        expected = {
            f"ie_s_{w}": value[f"s_a_{w}"] * value[f"rs_{w}"],
            f"ie_e_{w}": value[f"e_a_{w}"] * value[f"re_{w}"],
            f"ie_se_{w}": value[f"s_a_{w}"] * value[f"se_{w}"] * value[f"re_{w}"],
            f"ie_partner_{w}": value[f"s_p_{h}"] * value[f"rp_{w}"],
        }
    else:
        partner = value[f"s_p_{h}"] + value[f"e_p_{h}"] * value[f"es_{h}"]
        expected = {
            f"ie_e_{w}": value[f"e_a_{w}"] * value[f"re_{w}"],
            f"ie_s_{w}": value[f"s_a_{w}"] * value[f"rs_{w}"],
            f"ie_es_{w}": value[f"e_a_{w}"] * value[f"es_{w}"] * value[f"rs_{w}"],
            f"ie_partner_{w}": partner * value[f"rp_{w}"],
        }
    for label, product in expected.items():
        assert result.estimate(label).value == pytest.approx(product, abs=1e-12), label


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_rival_has_six_degrees_of_freedom(direction):
    assert fitted(direction).fit_indices.df == 6


def test_the_two_rivals_differ_in_one_arrow_a_spouse():
    one, other = (set(arrows_of(rival_model(COLUMNS, ROLES, d)).values()) for d in DIRECTIONS)
    assert len(one - other) == len(other - one) == 2
    assert {arrow[::-1] for arrow in one - other} == other - one


@pytest.mark.parametrize("truth", [CouplesTruth(), reversed_truth()], ids=lambda t: t.direction)
def test_freed_of_what_they_leave_out_the_two_are_one_saturated_model(truth):
    rows = couples(3, truth)
    found = []
    for direction in DIRECTIONS:
        spec = freed_model(rival_model(COLUMNS, ROLES, direction), COLUMNS, direction)
        result = fit_path_model(spec, rows, fixed_x=False)
        assert result.fit_indices.df == 0
        assert result.fit_indices.chisq == pytest.approx(0, abs=1e-6)
        found.append(result)
    implied = [result.implied().sort_index().sort_index(axis=1) for result in found]
    np.testing.assert_allclose(implied[0], implied[1], atol=1e-5)
    assert found[0].log_likelihood == pytest.approx(found[1].log_likelihood, abs=1e-6)


@pytest.mark.parametrize("truth", [CouplesTruth(), reversed_truth()], ids=lambda t: t.direction)
def test_the_right_rival_fits_its_population_and_finds_the_paths_put_in(truth):
    names = [column for pair in COLUMNS.values() for column in pair]
    frame = pd.DataFrame(truth.correlation, index=names, columns=names)
    population = observe_covariance(frame, 10**6)
    result = fit_path_model(rival_model(COLUMNS, ROLES, truth.direction), population, fixed_x=False)
    assert result.fit_indices.chisq == pytest.approx(0, abs=1e-4)
    expected = {
        "s_a": truth.sexual_own,
        "s_p": truth.sexual_partner,
        "e_a": truth.emotional_own,
        "e_p": truth.emotional_partner,
        "se" if truth.direction == "sexual first" else "es": truth.between_intimacies,
    }
    for role in ROLES:
        own = truth.satisfaction_wife if role == "wife" else truth.satisfaction_husband
        for label, value in (
            expected | dict(zip(("rc", "re", "rs", "rp"), own, strict=True))
        ).items():
            assert result.estimate(f"{label}_{role}").value == pytest.approx(value, abs=1e-5), label


def test_communication_alone_is_a_saturated_model_of_both_intimacies():
    result = fit_path_model(communication_model(COLUMNS, ROLES), couples(), fixed_x=False)
    assert result.fit_indices.df == 0
    rows = couples()
    x = np.column_stack(
        [np.ones(len(rows)), rows["communication_wife"], rows["communication_husband"]]
    )
    for letter in "es":
        for role, other in (ROLES, ROLES[::-1]):
            y = rows[f"{SHORT[letter]}_{role}"]
            by_hand = dict(zip(("", *ROLES), np.linalg.lstsq(x, y, rcond=None)[0], strict=True))
            assert result.estimate(f"{letter}_a_{role}").value == pytest.approx(
                by_hand[role], abs=1e-7
            )
            assert result.estimate(f"{letter}_p_{role}").value == pytest.approx(
                by_hand[other], abs=1e-7
            )
    arrows = arrows_of(result.spec)
    for meaning in result.spec.meanings:
        outcome, predictor = arrows[meaning.label]
        assert outcome.endswith(f"_{meaning.role}")
        assert (meaning.kind == "actor") == predictor.endswith(f"_{meaning.role}")


def test_any_names_of_columns_and_roles_do():
    columns = {
        "communication": ("Talk (w)", "Talk (m)"),
        "sexual_satisfaction": ("sex.1", "sex.2"),
        "emotional_intimacy": ("Nähe_w", "Nähe_m"),
        "relationship_satisfaction": ("rel 1", "rel 2"),
    }
    renamed = couples().rename(
        columns={
            old: new for c in CONSTRUCTS for old, new in zip(COLUMNS[c], columns[c], strict=True)
        }
    )
    for direction, label in zip(DIRECTIONS, ("se", "es"), strict=True):
        other = fitted(direction, renamed, columns, ("woman", "man"))
        assert other.estimate(f"{label}_woman").value == pytest.approx(
            fitted(direction).estimate(f"{label}_wife").value, abs=1e-9
        )


@pytest.mark.parametrize("direction", ["both own and partner", "", "sexual"])
def test_another_direction_is_refused(direction):
    with pytest.raises(SpecError, match="'sexual first' or 'emotional first'"):
        rival_model(COLUMNS, ROLES, direction)


def test_the_model_says_that_its_arrows_are_associations():
    for direction in DIRECTIONS:
        spec = rival_model(COLUMNS, ROLES, direction)
        assert spec.title.endswith(direction)
        assert any("associations" in note and "one time" in note for note in spec.notes)
