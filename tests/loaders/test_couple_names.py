from __future__ import annotations

import pytest

from intimacy_analysis.loaders.couple_names import find_member_columns

PARTNERS = ("partner_1", "partner_2")


@pytest.mark.parametrize(
    ("names", "roles", "stems"),
    [
        (["id", "Sat_w", "Sat_h", "OP_w", "OP_h"], ("wife", "husband"), ["Sat", "OP"]),
        (["sat.g1_f", "com1_f", "sat.g1_m", "com1_m"], ("woman", "man"), ["sat.g1", "com1"]),
        (["PRQC_1.1", "PRQC_2.1", "PRQC_1.2", "PRQC_2.2"], PARTNERS, ["PRQC_1", "PRQC_2"]),
        (["w_sat", "h_sat", "w_com", "h_com"], ("wife", "husband"), ["sat", "com"]),
        (["satwife", "sathusband", "comWife", "comHusband"], ("wife", "husband"), ["sat", "com"]),
        (["SatW", "SatH", "ComW", "ComH"], ("wife", "husband"), ["Sat", "Com"]),
        (["WSat", "HSat", "WCom", "HCom"], ("wife", "husband"), ["Sat", "Com"]),
        (["p1_sat", "p2_sat", "p1_com", "p2_com"], PARTNERS, ["sat", "com"]),
        (["sat1", "sat2", "com1", "com2"], PARTNERS, ["sat", "com"]),
        (["sat_A", "sat_B", "com_A", "com_B"], PARTNERS, ["sat", "com"]),
        (["sat-woman", "sat-man", "com-woman", "com-man"], ("woman", "man"), ["sat", "com"]),
    ],
)
def test_pairs_are_found_by_their_marks(names, roles, stems):
    found = find_member_columns(names)
    assert found is not None
    assert found.roles == roles
    assert found.distinguishable == (roles != PARTNERS)
    assert [stem for stem, _, _ in found.pairs] == stems
    assert all(first in names and second in names for _, first, second in found.pairs)


def test_the_first_member_is_the_first_role():
    found = find_member_columns(["sat_h", "sat_w", "com_h", "com_w"])
    assert found is not None
    assert found.roles == ("wife", "husband")
    assert found.pairs == (("sat", "sat_w", "sat_h"), ("com", "com_w", "com_h"))


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["person", "day", "stress", "intimacy"],
        ["item1", "item2", "item3", "item4"],  # items of a scale, not members
        ["t1_sat", "t2_sat", "t3_sat"],  # times
        ["sat_w", "sat_h"],  # one pair alone may be anything
        ["show", "much", "how", "such", "now", "with"],  # words that happen to end so
        ["sat_w", "com_h", "age_w", "op_h"],  # no column has a counterpart
        ["sat_w", "sat_h", "com_w", "com_h", *(f"other{n}" for n in range(9, 18))],
        ["_w", "_h", "w", "h", "1", "2"],
    ],
)
def test_other_names_are_no_members(names):
    assert find_member_columns(names) is None
