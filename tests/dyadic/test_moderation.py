from __future__ import annotations

import numpy as np
import pytest
from simulated_couples import exchangeable_gls, least_squares, simulated_couples

from intimacy_analysis.dyadic.hypotheses import hypothesis_tests
from intimacy_analysis.dyadic.moderation import actor_partner_moderation, moderation_hypotheses
from intimacy_analysis.dyadic.moderation_frame import moderation_frame
from intimacy_analysis.dyadic.simple_effects import simple_effects
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model

MODERATOR = {"between": "years", "within": "turn", "mixed": "z"}
LABELS = {
    "between": ("a", "p", "z", "a_by", "p_by"),
    "within": ("a", "p", "z", "a_by", "p_by"),
    "mixed": ("a", "p", "za", "zp", "a_by_own", "a_by_other", "p_by_own", "p_by_other"),
}


def fitted(kind: str, *, distinguishable: bool):
    rows = simulated_couples()
    frame = moderation_frame(rows, "x", MODERATOR[kind], kind)
    spec = actor_partner_moderation(
        "x", "y", MODERATOR[kind], kind, distinguishable=distinguishable
    )
    return rows, frame, fit_path_model(spec, frame.rows)


def predictors(kind: str, rows, member: int) -> np.ndarray:
    """Return one member's predictors, written out from the raw columns in the order of LABELS."""
    x = rows[["x_wife", "x_husband"]].to_numpy()
    x = x - x.mean()
    own, other = x[:, member], x[:, 1 - member]
    if kind == "mixed":
        z = rows[["z_wife", "z_husband"]].to_numpy()
        z = z - z.mean()
        zo, zp = z[:, member], z[:, 1 - member]
        return np.column_stack([own, other, zo, zp, own * zo, own * zp, other * zo, other * zp])
    if kind == "between":
        z = (rows["years"] - rows["years"].mean()).to_numpy()
    else:
        z = rows[("turn_wife", "turn_husband")[member]].to_numpy()
    return np.column_stack([own, other, z, own * z, other * z])


@pytest.mark.parametrize("kind", list(MODERATOR))
def test_distinguishable_members_have_the_estimates_of_least_squares(kind):
    rows, _, result = fitted(kind, distinguishable=True)
    assert result.fit_indices.df == 0
    for member, role in enumerate(("wife", "husband")):
        b, errors = least_squares(rows[f"y_{role}"].to_numpy(), predictors(kind, rows, member))
        own = [result.estimate(f"{label}_{role}") for label in LABELS[kind]]
        assert [row.value for row in own] == pytest.approx(list(b[:-1]), abs=1e-8)
        assert [row.std_error for row in own] == pytest.approx(list(errors[:-1]), rel=1e-6)


@pytest.mark.parametrize("kind", list(MODERATOR))
def test_alike_members_have_the_estimates_of_dense_generalized_least_squares(kind):
    rows, _, result = fitted(kind, distinguishable=False)
    n = len(rows)
    X = np.stack([np.column_stack([predictors(kind, rows, m), np.ones(n)]) for m in (0, 1)], axis=1)
    b, errors, _ = exchangeable_gls(rows[["y_wife", "y_husband"]].to_numpy(), X)
    own = [result.estimate(label) for label in LABELS[kind]]
    assert [row.value for row in own] == pytest.approx(list(b[:-1]), abs=1e-6)
    assert [row.std_error for row in own] == pytest.approx(list(errors[:-1]), rel=1e-5)
    # Equal slopes, intercepts and residual variances.
    assert result.fit_indices.df == len(LABELS[kind]) + 2


def test_submodels_are_tested_against_dense_generalized_least_squares():
    rows, _, result = fitted("mixed", distinguishable=False)
    n = len(rows)
    whole = np.stack(
        [np.column_stack([predictors("mixed", rows, m), np.ones(n)]) for m in (0, 1)], axis=1
    )
    y = rows[["y_wife", "y_husband"]].to_numpy()
    tests = hypothesis_tests(result, moderation_hypotheses(result.spec))
    for name, kept in (
        ("no moderation", [0, 1, 2, 3, 8]),
        ("actor effect moderated only", [0, 1, 2, 3, 4, 5, 8]),
        ("partner effect moderated only", [0, 1, 2, 3, 6, 7, 8]),
    ):
        larger, smaller = (exchangeable_gls(y, X)[2] for X in (whole, whole[:, :, kept]))
        assert tests[name].chisq == pytest.approx(2 * (larger - smaller), abs=1e-5)
        assert tests[name].df == 9 - len(kept)


def test_the_same_k_is_asked_only_where_each_effect_has_one_interaction():
    between = moderation_hypotheses(actor_partner_moderation("x", "y", "years"))
    assert between["same k for moderation"] == (
        "a_wife*p_by_wife == p_wife*a_by_wife",
        "a_husband*p_by_husband == p_husband*a_by_husband",
    )
    mixed = moderation_hypotheses(actor_partner_moderation("x", "y", "z", "mixed"))
    assert "same k for moderation" not in mixed


def test_simple_effects_are_the_main_effects_of_a_model_centered_there():
    rows, frame, result = fitted("between", distinguishable=True)
    table = simple_effects(result, frame, at=(5.0,))
    moved = frame.rows.assign(
        years_centered=rows["years"] - 5,
        x_by_years_wife=frame.rows["x_centered_wife"] * (rows["years"] - 5),
        x_by_years_husband=frame.rows["x_centered_husband"] * (rows["years"] - 5),
    )
    again = fit_path_model(result.spec, moved)
    for label, name in (("a_wife", "actor effect"), ("p_husband", "partner effect")):
        who = label.partition("_")[2]
        row = table[f"{name} at years 5.00, {who}"]
        assert row.value == pytest.approx(again.estimate(label).value, abs=1e-8)
        assert row.std_error == pytest.approx(again.estimate(label).std_error, rel=1e-6)


def test_simple_effects_of_a_mixed_moderator_take_own_and_partners_value():
    _, frame, result = fitted("mixed", distinguishable=False)
    center = frame.moderator_center
    (actor, partner) = simple_effects(result, frame, at=((center + 1, center - 2),)).rows
    value = {label: result.estimate(label).value for label in LABELS["mixed"]}
    assert actor.value == pytest.approx(value["a"] + value["a_by_own"] - 2 * value["a_by_other"])
    assert partner.value == pytest.approx(value["p"] + value["p_by_own"] - 2 * value["p_by_other"])
    assert len(simple_effects(result, frame)) == 8


def test_simple_effects_within_the_couple_are_at_both_ends():
    _, frame, result = fitted("within", distinguishable=False)
    rows = simple_effects(result, frame)
    assert len(rows) == 4
    difference = (
        rows["partner effect at turn 1.00"].value - rows["partner effect at turn -1.00"].value
    )
    assert difference == pytest.approx(2 * result.estimate("p_by").value)


def test_values_of_the_wrong_shape_and_other_models_are_refused():
    _, frame, result = fitted("mixed", distinguishable=True)
    with pytest.raises(SpecError, match="at must hold pairs"):
        simple_effects(result, frame, at=(1.0,))
    plain = fit_path_model("y_wife ~ x_wife", simulated_couples())
    with pytest.raises(SpecError, match=r"Fit actor_partner_moderation\(\.\.\.\)"):
        simple_effects(plain, frame)
    with pytest.raises(SpecError, match="two places"):
        actor_partner_moderation("x", "y", "y", "mixed")
    with pytest.raises(SpecError, match="two places"):
        actor_partner_moderation("x", "y", "y_wife", "between")


def test_every_meaning_is_of_a_label_or_a_definition():
    for kind, moderator in MODERATOR.items():
        for distinguishable in (True, False):
            spec = actor_partner_moderation(
                "x", "y", moderator, kind, distinguishable=distinguishable
            )
            known = {*spec.labels, *(definition.name for definition in spec.definitions)}
            assert {meaning.label for meaning in spec.meanings} <= known
            words = [meaning.words for meaning in spec.meanings]
            assert len(set(words)) == len(words)
