from __future__ import annotations

import numpy as np
import pytest
from dyad_references import couples, reference
from measured_couples import COLUMNS, drawn

from intimacy_analysis.dyadic.reliability import Reliability, dyadic_reliability
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.paths.observe import observe_covariance
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame

COMMITMENT = [f"com{i}" for i in range(1, 6)]


@pytest.fixture(scope="module")
def commitment(reference_folder) -> Reliability:
    rows = couples(reference_folder, "dysem_commitmentm")
    return dyadic_reliability(rows, COMMITMENT, roles=("f", "m"), bootstrap=100, seed=1)


@pytest.fixture(scope="module")
def trust() -> Reliability:
    return dyadic_reliability(
        drawn(200, seed=3)[0], ["trust1", "trust2", "trust3"], bootstrap=200, seed=1
    )


def test_commitment_has_the_alpha_and_omega_of_psych_and_lavaan(commitment, reference_folder):
    for member, key in (("f", "p1"), ("m", "p2")):
        expected = reference(reference_folder, "dysem_commitmentm")[f"reliability_com_{key}"]
        held = commitment.of(member)
        assert held.alpha.value == pytest.approx(expected["alpha_raw_pairwise"], abs=1e-12)
        assert held.omega.value == pytest.approx(expected["omega_1f_cfa_fiml"], abs=1e-5)
        assert held.alpha.low < held.alpha.value < held.alpha.high


def test_items_that_look_reverse_keyed_are_named_with_what_recoding_would_do(
    commitment, reference_folder
):
    for member, others in (("f", "com3_f com4_f"), ("m", "com3_m com4_m")):
        held = commitment.of(member)
        key = f"reliability_com_keyed_{member}"
        expected = reference(reference_folder, "dysem_commitmentm")[key]["alpha_raw_pairwise"]
        assert held.against == tuple(others.split())
        assert held.keyed_alpha == pytest.approx(expected, abs=1e-12)
    assert "'com3_f' and 'com4_f'. If their wording is reversed, recode them" in str(
        commitment.warnings
    )
    assert "alpha would be .717 in place of .344" in str(commitment.warnings)
    against = commitment.items.query("runs_against")
    assert list(against["item"]) == ["com3_f", "com4_f", "com3_m", "com4_m"]


def test_recoded_items_no_longer_run_against_the_others(reference_folder):
    rows = couples(reference_folder, "dysem_commitmentm")
    turned = [f"com{i}_{member}" for i in (3, 4) for member in "fm"]
    rows = rows.assign(**{name: 10 - rows[name] for name in turned})
    held = dyadic_reliability(rows, COMMITMENT, roles=("f", "m"), bootstrap=100, seed=1)
    assert "against the others" not in str(held.warnings)
    assert all(member.against == () and np.isnan(member.keyed_alpha) for member in held.members)
    assert [f"{member.alpha.value:.2f}" for member in held.members] == ["0.72", "0.75"]


def test_a_poor_fit_of_one_factor_is_told(commitment, trust):
    # lavaan's configural model of commitment: CFI .945, RMSEA .114.
    assert "fits poorly (CFI 0.945, RMSEA 0.114" in str(commitment.warnings)
    assert trust.warnings == ()


def test_alphas_of_commitment_as_it_is_keyed_differ_and_omegas_do_not_show_it(commitment):
    assert commitment.alpha_difference.value == pytest.approx(0.344 - 0.117, abs=0.001)
    assert commitment.omega_difference.low < 0 < commitment.omega_difference.high


def test_the_table_has_a_row_a_coefficient_in_words(trust):
    assert trust.estimates.names == (
        "alpha, wife",
        "omega, wife",
        "alpha, husband",
        "omega, husband",
        "alpha, wife minus husband",
        "omega, wife minus husband",
        "reliability of the couple's mean",
        "reliability of the members' difference",
    )
    assert "reliability of the couple's mean" in str(trust)
    assert all(row.low < row.value < row.high for row in trust.estimates)


def test_known_reliabilities_lie_within_their_intervals(trust):
    # By hand from the numbers of measured_couples: (2.1)^2/((2.1)^2 + 1.9), and so on.
    truth = {"omega, wife": 2.1**2 / (2.1**2 + 1.9), "omega, husband": 2.1**2 / (2.1**2 + 1.9)}
    shared = 2 * 2.1 * 2.1 * 0.6
    for sign, name in ((1, "the couple's mean"), (-1, "the members' difference")):
        true, error = 2 * 2.1**2 + sign * shared, 3.8 + sign * 2 * 0.45
        truth[f"reliability of {name}"] = true / (true + error)
    for name, value in truth.items():
        row = trust.estimates[name]
        assert abs(row.value - value) < 4 * row.std_error, name


def test_the_seed_makes_the_bootstrap_repeatable(trust):
    rows = drawn(200, seed=3)[0]
    again = dyadic_reliability(rows, ["trust1", "trust2", "trust3"], bootstrap=200, seed=1)
    assert again.estimates == trust.estimates
    other = dyadic_reliability(rows, ["trust1", "trust2", "trust3"], bootstrap=200)
    assert other.couple_mean.value == trust.couple_mean.value
    assert (other.couple_mean.low, other.seed) != (trust.couple_mean.low, 1)


def test_a_frame_of_couples_brings_its_roles():
    rows = drawn(80, seed=3)[0].rename(columns=lambda name: name.replace("husband", "man"))
    rows.insert(0, "couple", range(80))
    variables = [Variable(name=name) for name in rows.columns[1:]]
    frame = DyadFrame(
        rows=rows,
        codebook=Codebook((Variable(name="couple", role="couple"), *variables)),
        roles=("wife", "man"),
    )
    held = dyadic_reliability(frame, ["trust1", "trust2", "trust3"], bootstrap=100, seed=1)
    assert held.roles == ("wife", "man")
    assert held.of("man").alpha.value == pytest.approx(
        dyadic_reliability(
            rows, ["trust1", "trust2", "trust3"], roles=("wife", "man"), bootstrap=100, seed=1
        )
        .of("man")
        .alpha.value
    )


def test_listwise_leaves_out_couples_with_a_gap_and_full_information_keeps_them():
    rows = drawn(120, seed=3)[0]
    rows.iloc[:10, 0] = np.nan
    rows.iloc[110:] = np.nan
    kept, left = (
        dyadic_reliability(rows, COLUMNS, missing=missing, bootstrap=100, seed=1)
        for missing in ("fiml", "listwise")
    )
    assert (kept.n_couples, left.n_couples) == (110, 100)
    assert [member.n for member in kept.members] == [100, 110]
    assert [member.n for member in left.members] == [100, 100]


def test_an_unknown_member_is_refused_with_the_known_ones(trust):
    with pytest.raises(SpecError, match=r"'spouse' is none\. They are: 'wife' and 'husband'"):
        trust.of("spouse")


def test_two_items_are_too_few():
    with pytest.raises(SpecError, match=r"needs 3 items a member, but 2 are given; the first is"):
        dyadic_reliability(drawn(50, seed=3)[0], ["trust1", "trust2"])


def test_members_with_different_numbers_of_items_are_refused():
    items = {"wife": COLUMNS["wife"], "husband": COLUMNS["husband"][:2]}
    with pytest.raises(SpecError, match="the wife has 3 and the husband 2: item 3 has no partner"):
        dyadic_reliability(drawn(50, seed=3)[0], items)


def test_absent_items_are_refused_with_the_nearest_names():
    with pytest.raises(DataError, match=r"2 of 6 are absent.*'trsut1_wife'.*mean trust1_wife"):
        dyadic_reliability(drawn(50, seed=3)[0], ["trsut1", "trust2", "trust3"])


def test_an_item_all_answer_alike_is_refused():
    rows = drawn(50, seed=3)[0].assign(trust2_husband=4.0)
    with pytest.raises(DataError, match=r"1 of 6 is empty or the same.*'trust2_husband'"):
        dyadic_reliability(rows, COLUMNS)


def test_answers_that_are_no_numbers_are_refused():
    rows = drawn(50, seed=3)[0].astype({"trust1_wife": object})
    rows.loc[4, "trust1_wife"] = "often"
    with pytest.raises(DataError, match=r"'trust1_wife' must hold numbers.*row 5"):
        dyadic_reliability(rows, COLUMNS)


def test_a_printed_table_has_no_rows_to_draw():
    table = observe_covariance(drawn(50, seed=3)[0].cov(), 50)
    with pytest.raises(DataError, match="printed table has no rows"):
        dyadic_reliability(table, COLUMNS)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"bootstrap": 20}, "bootstrap must be a whole number of replicates, 100 or more, got 20"),
        ({"missing": "pairwise"}, "missing must be 'fiml' or 'listwise', got 'pairwise'"),
        ({"confidence": 95}, "confidence must lie between 0 and 1, got 95"),
    ],
)
def test_options_that_cannot_be_are_refused(option, said):
    with pytest.raises(SpecError, match=said):
        dyadic_reliability(drawn(50, seed=3)[0], COLUMNS, **option)
