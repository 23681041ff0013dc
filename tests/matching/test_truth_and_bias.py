from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.matching.truth_and_bias import truth_and_bias
from intimacy_analysis.paths.lavaan_text import lavaan_text
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame
from tests.matching.judging_couples import MEANS, TRUTH, judging_couples
from tests.parity.lavaan_agreement import compare_fit
from tests.parity.lavaan_bridge import ask_lavaan, find_lavaan

ROLES = ("wife", "husband")


def least_squares(rows: pd.DataFrame, role: str, other: str):
    """Return coefficients and their ML errors, all three variables less the partner's mean."""
    middle = rows[f"truth_{other}"].mean()
    X = np.column_stack(
        [np.ones(len(rows)), rows[f"truth_{other}"] - middle, rows[f"truth_{role}"] - middle]
    )
    y = rows[f"sees_{role}"].to_numpy() - middle
    b, rest, *_ = np.linalg.lstsq(X, y, rcond=None)
    covariance = float(rest[0]) / len(y) * np.linalg.inv(X.T @ X)
    return b, np.sqrt(np.diag(covariance))


def test_estimates_are_those_of_least_squares_centered_at_the_judged_truth():
    rows = judging_couples(80, 1)
    found = truth_and_bias(rows, "sees", "truth")
    for role, other in (ROLES, ROLES[::-1]):
        b, errors = least_squares(rows, role, other)
        row = [found.forces[f"{name}_{role}"] for name in ("bias", "accuracy", "similarity")]
        assert [one.value for one in row] == pytest.approx(list(b), abs=1e-9)
        assert [one.std_error for one in row[1:]] == pytest.approx(list(errors[1:]), rel=1e-7)
        # The mean of the truth is estimated too; least squares takes it as known.
        spread = rows[f"truth_{other}"].var(ddof=0) / len(rows)
        moved = (b[1] + b[2] - 1) ** 2 * spread
        assert row[0].std_error == pytest.approx(np.sqrt(errors[0] ** 2 + moved), rel=1e-6)
    assert found.fit.fit_indices.df == 0


def test_mean_difference_and_total_accuracy_are_what_the_columns_show():
    rows = judging_couples(60, 2)
    found = truth_and_bias(rows, "sees", "truth")
    for role, other in (ROLES, ROLES[::-1]):
        seen, told = rows[f"sees_{role}"], rows[f"truth_{other}"]
        gap = found.parts[f"mean_difference_{role}"]
        assert gap.value == pytest.approx((seen - told).mean(), abs=1e-9)
        assert gap.std_error == pytest.approx((seen - told).std(ddof=0) / np.sqrt(60), rel=1e-6)
        slope = np.cov(seen, told)[0, 1] / told.var()
        assert found.parts[f"total_accuracy_{role}"].value == pytest.approx(slope, rel=1e-8)
        # Direct and indirect accuracy make the total.
        direct = found.forces[f"accuracy_{role}"].value
        indirect = found.parts[f"indirect_accuracy_{role}"].value
        assert direct + indirect == pytest.approx(slope, rel=1e-8)


def test_large_samples_show_the_truth_put_in():
    found = truth_and_bias(judging_couples(40_000, 3), "sees", "truth")
    for role, truth in TRUTH.items():
        for name, value in zip(("bias", "accuracy", "similarity"), truth, strict=True):
            row = found.forces[f"{name}_{role}"]
            assert row.value == pytest.approx(value, abs=4 * row.std_error)
            assert row.std_error < 0.01
        other = "husband" if role == "wife" else "wife"
        gap = truth[0] + truth[2] * (MEANS[role] - MEANS[other])
        assert found.parts[f"mean_difference_{role}"].value == pytest.approx(gap, abs=0.02)
        # Partners' reports correlate .3 and have one variance.
        assert found.parts[f"indirect_accuracy_{role}"].value == pytest.approx(
            0.3 * truth[2], abs=0.02
        )


def test_a_constant_added_to_judgments_moves_the_bias_alone():
    rows = judging_couples(70, 4)
    plain = truth_and_bias(rows, "sees", "truth")
    moved = truth_and_bias(rows.assign(sees_wife=rows["sees_wife"] + 1.5), "sees", "truth")
    for row in plain.forces:
        expected = row.value + (1.5 if row.name == "bias_wife" else 0.0)
        assert moved.forces[row.name].value == pytest.approx(expected, abs=1e-7)
        assert moved.forces[row.name].std_error == pytest.approx(row.std_error, rel=1e-6)


def test_another_origin_of_the_scale_changes_nothing():
    rows = judging_couples(70, 4)
    plain, moved = (truth_and_bias(rows + shift, "sees", "truth") for shift in (0.0, 100.0))
    for row in (*plain.forces, *plain.parts):
        held = {**{r.name: r for r in moved.forces}, **{r.name: r for r in moved.parts}}
        assert held[row.name].value == pytest.approx(row.value, abs=1e-6)
        assert held[row.name].std_error == pytest.approx(row.std_error, rel=1e-5)


@pytest.mark.parametrize("distinguishable", [True, False])
def test_naming_the_members_in_the_other_order_changes_nothing(distinguishable):
    rows = judging_couples(70, 5)
    one, two = (
        truth_and_bias(rows, "sees", "truth", roles=roles, distinguishable=distinguishable)
        for roles in (ROLES, ROLES[::-1])
    )
    for row in (*one.forces, *one.parts):
        held = {r.name: r for r in (*two.forces, *two.parts)}
        assert held[row.name].value == pytest.approx(row.value, abs=1e-7)
    if distinguishable:
        first, second = one.equality_across_roles(), two.equality_across_roles()
        assert first.joint.statistic == pytest.approx(second.joint.statistic, rel=1e-6)
        for row in first.differences:
            assert second.differences[row.name].value == pytest.approx(-row.value, abs=1e-7)


def test_exchangeable_members_have_one_set_and_six_degrees_of_freedom():
    rows = judging_couples(90, 6)
    found = truth_and_bias(rows, "sees", "truth", distinguishable=False)
    assert found.forces.names == ("bias", "accuracy", "similarity")
    assert found.fit.fit_indices.df == 6
    # Each couple written twice, once in each order, has no role differences: slopes and level
    # are then those of the model that asks for none.
    other = rows.rename(columns=lambda name: name.replace("wife", "*").replace("husband", "wife"))
    other = other.rename(columns=lambda name: name.replace("*", "husband"))
    both = pd.concat([rows, other[rows.columns]], ignore_index=True)
    twice = truth_and_bias(both, "sees", "truth")
    for row in found.forces:
        assert row.value == pytest.approx(twice.forces[f"{row.name}_wife"].value, abs=1e-6)
    with pytest.raises(SpecError, match="these members have one set"):
        found.equality_across_roles()


def test_roles_that_differ_are_told_apart_and_roles_that_do_not_are_not():
    rows = judging_couples(400, 7)
    unlike = truth_and_bias(rows, "sees", "truth").equality_across_roles()
    assert unlike.joint.df == 3
    assert unlike.joint.p_value < 1e-6
    assert unlike.differences["bias"].value == pytest.approx(0.7, abs=0.15)
    assert unlike.differences["bias"].low > 0
    assert "All at once: chi-square(3)" in str(unlike)
    alike = pd.DataFrame({name: rows[name.replace("husband", "wife")] for name in rows})
    rng = np.random.default_rng(8)
    order = rng.permutation(len(rows))
    alike.loc[:, ["truth_husband", "sees_husband"]] = rows.loc[
        order, ["truth_wife", "sees_wife"]
    ].to_numpy()
    assert truth_and_bias(alike, "sees", "truth").equality_across_roles().joint.p_value > 0.01


def test_a_joint_test_of_a_bootstrap_takes_the_covariance_of_its_draws():
    rows = judging_couples(150, 9)
    plain = truth_and_bias(rows, "sees", "truth").equality_across_roles()
    fit = truth_and_bias(rows, "sees", "truth", standard_errors="bootstrap", bootstrap=600, seed=1)
    drawn = fit.equality_across_roles()
    assert drawn.joint.statistic != plain.joint.statistic
    assert drawn.joint.statistic == pytest.approx(plain.joint.statistic, rel=0.35)
    assert drawn.differences["bias"].low < plain.differences["bias"].value


def test_without_own_reports_similarity_is_counted_as_accuracy():
    rows = judging_couples(5000, 10)
    found = truth_and_bias(rows, "sees", "truth", assumed_similarity=False)
    assert found.forces.names == (
        "bias_wife", "accuracy_wife", "bias_husband", "accuracy_husband"
    )  # fmt: skip
    assert len(found.parts) == 0
    assert found.fit.fit_indices.df == 2
    assert any("counted as accuracy" in note for note in found.notes)


def test_gaps_are_used_by_full_information():
    rows = judging_couples(300, 11)
    rows.loc[:80, "truth_husband"] = np.nan
    found = truth_and_bias(rows, "sees", "truth", missing="fiml")
    assert found.fit.n_couples == 300
    assert found.forces["accuracy_wife"].value == pytest.approx(0.5, abs=0.15)


def test_words_name_who_judges_whom_and_claim_no_cause():
    found = truth_and_bias(judging_couples(500, 12), "sees", "truth")
    said = found.words()
    assert "The wife's judgment lies above the husband's own report" in said
    assert "The husband's judgment lies below the wife's own report" in said
    assert "goes up with the husband's report, own report held constant: accuracy 0." in said
    assert "also resembles the husband's own report: assumed similarity 0." in said
    text = str(found).lower()
    assert "agreement with the partner's own report" in text
    for word in ("causes ", "leads to", "makes ", "because", "due to"):
        assert word not in text


def frame(rows: pd.DataFrame, **of_judgment) -> DyadFrame:
    variables = [Variable(name="couple", role="couple", level="couple")]
    for name in rows:
        variable = Variable(name=name, unit="points", minimum=1, maximum=7, level="couple")
        variables.append(replace(variable, **of_judgment) if name == "sees_husband" else variable)
    return DyadFrame(rows=rows.assign(couple=range(len(rows))), codebook=Codebook(tuple(variables)))


def test_judgments_and_reports_on_different_ranges_are_refused():
    rows = judging_couples(50, 13)
    with pytest.raises(
        DataError,
        match=r"one scale.*1 of 4 columns have another range than 'sees_wife' \(1 to 7\); the "
        r"first is 'sees_husband' \(0 to 10\)\. Bring both",
    ):
        truth_and_bias(frame(rows, minimum=0.0, maximum=10.0), "sees", "truth")
    with pytest.raises(DataError, match=r"another unit than 'sees_wife' \(points\)"):
        truth_and_bias(frame(rows, unit="percent"), "sees", "truth")


def test_a_codebook_brings_the_unit_and_a_plain_frame_a_warning():
    rows = judging_couples(50, 13)
    known = truth_and_bias(frame(rows), "sees", "truth")
    assert known.forces["bias_wife"].unit == "points"
    assert known.forces["accuracy_wife"].unit == ""
    assert "] points." in known.words()
    assert not any("no codebook" in note for note in known.notes)
    assert any("no codebook" in note for note in truth_and_bias(rows, "sees", "truth").notes)


def test_a_judgment_that_is_the_truth_is_refused():
    with pytest.raises(SpecError, match="stands in two places"):
        truth_and_bias(judging_couples(20, 1), "truth", "truth")


def moderated_couples(n: int, seed: int, *, own: bool) -> pd.DataFrame:
    """Return couples whose bias falls by .2 and accuracy rises by .15 with a unit of `years`."""
    rows = judging_couples(n, seed)
    years = 10 + np.random.default_rng(seed + 1).normal(size=(n, 2))
    if own:
        rows["years_wife"], rows["years_husband"] = years.T
    else:
        rows["years"] = years[:, 0]
    for at, (role, other) in enumerate((ROLES, ROLES[::-1])):
        moved = years[:, at if own else 0] - 10
        rows[f"sees_{role}"] += moved * (-0.2 + 0.15 * (rows[f"truth_{other}"] - MEANS[other]))
    return rows


@pytest.mark.parametrize("own", [True, False])
def test_bias_and_accuracy_may_change_with_a_moderator(own):
    found = truth_and_bias(moderated_couples(8000, 20, own=own), "sees", "truth", moderator="years")
    assert found.moderator.own is own
    for role, (bias, accuracy, similarity) in TRUTH.items():
        truth = {
            "bias": bias,
            "accuracy": accuracy,
            "similarity": similarity,
            "bias_by_years": -0.2,
            "accuracy_by_years": 0.15,
        }
        for name, value in truth.items():
            row = found.forces[f"{name}_{role}"]
            assert row.value == pytest.approx(value, abs=4 * row.std_error)
        later = found.at(11.0)
        assert later[f"bias_{role}"].value == pytest.approx(bias - 0.2, abs=0.05)
        assert later[f"accuracy_{role}"].value == pytest.approx(accuracy + 0.15, abs=0.05)
        assert later[f"bias_{role}"].std_error > found.forces[f"bias_{role}"].std_error
    assert len(found.parts) == 0
    said = found.words()
    assert "The wife's bias is lower where years is higher: -0." in said
    assert "The husband's accuracy is higher where years is higher: 0." in said
    assert found.equality_across_roles().joint.df == 5
    assert found.equality_across_roles().differences.names[3:] == (
        "bias_by_years",
        "accuracy_by_years",
    )


@pytest.mark.parametrize("own", [True, False])
def test_a_moderator_of_exchangeable_members_does_not_see_their_order(own):
    rows = moderated_couples(200, 21, own=own)
    one, two = (
        truth_and_bias(rows, "sees", "truth", moderator="years", distinguishable=False, roles=roles)
        for roles in (ROLES, ROLES[::-1])
    )
    assert one.forces.names == (
        "bias", "accuracy", "similarity", "bias_by_years", "accuracy_by_years"
    )  # fmt: skip
    for row in one.forces:
        assert two.forces[row.name].value == pytest.approx(row.value, abs=1e-6)
        assert two.forces[row.name].std_error == pytest.approx(row.std_error, rel=1e-4)
    assert one.fit.fit_indices.df == two.fit.fit_indices.df > 6


def test_values_of_a_moderator_can_be_drawn_and_must_be_there():
    rows = moderated_couples(150, 22, own=False)
    plain = truth_and_bias(rows, "sees", "truth", moderator="years")
    drawn = truth_and_bias(
        rows, "sees", "truth", moderator="years", standard_errors="bootstrap", bootstrap=400, seed=1
    )
    one, other = (fit.at(10.5)["accuracy_wife"] for fit in (plain, drawn))
    assert one.value == pytest.approx(other.value, abs=1e-9)
    assert other.low == pytest.approx(one.low, abs=0.06)
    with pytest.raises(SpecError, match="must lie among those of years"):
        plain.at(100.0)
    with pytest.raises(SpecError, match="but this has none"):
        truth_and_bias(rows, "sees", "truth").at(10.0)
    with pytest.raises(DataError, match="'years' has 1 different values in 150 couples"):
        truth_and_bias(rows.assign(years=3.0), "sees", "truth", moderator="years")
    with pytest.raises(DataError, match="must have a column for each member"):
        truth_and_bias(rows, "sees", "truth", moderator="age")


@pytest.mark.skipif(find_lavaan() is None, reason="Rscript with lavaan was not found")
def test_lavaan_finds_the_same(reference_folder):
    # Positive regard: of the partner (OP) beside the partner's own of the self (SP).
    rows = pd.read_csv(reference_folder / "data" / "acitelli_wide.csv")
    fits = {
        name: truth_and_bias(
            rows, "OP", "SP", suffixes=("_w", "_h"),
            assumed_similarity=name != "without", distinguishable=name != "alike",
        )
        for name in ("both", "without", "alike")
    }  # fmt: skip
    for name, by in (("shared", "Yearsmar"), ("own", "Ten"), ("shared alike", "Yearsmar")):
        fits[name] = truth_and_bias(
            rows, "OP", "SP", suffixes=("_w", "_h"), moderator=by,
            distinguishable="alike" not in name,
        )  # fmt: skip
    frames = {
        name: rows if found.moderator is None else found.moderator.rows
        for name, found in fits.items()
    }
    jobs = [
        {
            "name": name,
            "text": lavaan_text(found.fit.spec),
            "data": name,
            "fixed_x": False,
            "tight": True,
        }
        for name, found in fits.items()
    ]
    answers = ask_lavaan(jobs, frames)["fits"]
    for name, found in fits.items():
        theirs = answers[name]
        # Which predictors stay in their unit ("std.nox") is asked of fixed ones only.
        compared = compare_fit(theirs, found.fit)
        apart = [str(one) for one in compared if not one.agrees and "std.nox" not in one.quantity]
        assert not apart, "\n".join(apart)
        # The defined quantities are among what was compared.
        defined = {row["lhs"] for row in theirs["params"] if row["op"] == ":="}
        named = {row.name for row in (*found.forces, *found.parts)}
        assert {f"bias{ending}" for ending in found.endings} <= named & defined
        assert {row.name for row in found.parts} <= defined
