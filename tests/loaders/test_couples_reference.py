"""Public files of couples, as they arrived, loaded by codebooks kept here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.loaders.codebook_draft import draft_codebook
from intimacy_analysis.loaders.study import load_study

ACITELLI = {
    "satisfaction": ("Sat", "Satisfaction"),
    "other_positive": ("OP", "OtherPos"),
    "self_positive": ("SP", "SelfPos"),
    "tension": ("Ten", "Tension"),
    "hobbies": ("SimHob", "SimHob"),
}


def acitelli_wide() -> str:
    return """
[couples]
roles = ["wife", "husband"]
layout = "wide"
[columns.couple]
from = "CoupleID"
role = "couple"
[columns.years_married]
from = "Yearsmar"
""" + "".join(
        f'[columns.{stem}]\nwife = "{short}_w"\nhusband = "{short}_h"\nunit = "points"\n'
        for stem, (short, _) in ACITELLI.items()
    )


def acitelli_long(end: str) -> str:
    return """
[couples]
roles = ["wife", "husband"]
layout = "long"
[columns.couple]
from = "CoupleID"
role = "couple"
[columns.gender]
from = "Gender"
role = "partner"
[columns.years_married]
from = "Yearsmar"
level = "couple"
""" + "".join(
        f'[columns.{stem}]\nfrom = "{long}_{end}"\nunit = "points"\n'
        for stem, (_, long) in ACITELLI.items()
    )


def numbered(roles: tuple[str, str], marks: tuple[str, str], stems: dict[str, str]) -> str:
    head = f'[couples]\nroles = ["{roles[0]}", "{roles[1]}"]\nlayout = "wide"\n'
    return head + "".join(
        f'[columns.{stem}]\n{roles[0]} = "{own}{marks[0]}"\n{roles[1]} = "{own}{marks[1]}"\n'
        for stem, own in stems.items()
    )


def test_both_files_of_acitelli_give_the_same_couples(reference_folder):
    data = reference_folder / "data"
    wide = load_study(data / "acitelli_wide.csv", codebook=acitelli_wide()).couples
    long = load_study(data / "acitelli_pairwise.csv", codebook=acitelli_long("A")).couples
    assert len(wide.rows) == 148
    assert wide.stems == tuple(ACITELLI)
    # The long file writes ids as 3.0, hobbies in effect codes, -1 and 1 for 0 and 1, and both
    # files round at 14 places.
    assert [float(i) for i in long.rows["couple"]] == wide.rows["couple"].tolist()
    for name in wide.rows.columns[1:]:
        theirs = long.rows[name]
        if name.startswith("hobbies"):
            assert pd.crosstab(theirs, wide.rows[name]).gt(0).sum(axis=1).max() == 1
        else:
            np.testing.assert_allclose(theirs, wide.rows[name], atol=1e-12)


def test_pairwise_rows_agree_with_the_pairwise_file(reference_folder):
    # The file holds the partner's values too, under the ending _P: a witness for ours.
    path = reference_folder / "data" / "acitelli_pairwise.csv"
    ours = load_study(path, codebook=acitelli_long("A")).couples.to_pairwise()
    theirs = pd.read_csv(path)
    assert ours["role"].str.title().tolist() == theirs["Gender"].tolist()
    for stem, (_, long) in ACITELLI.items():
        np.testing.assert_array_equal(ours[f"{stem}_actor"], theirs[f"{long}_A"])
        np.testing.assert_array_equal(ours[f"{stem}_partner"], theirs[f"{long}_P"])


def test_items_of_man_woman_couples_with_missing_cells(reference_folder):
    path = reference_folder / "data" / "dysem_commitmentm.csv"
    stems = {f"sat{n}": f"sat.g{n}" for n in range(1, 6)} | {
        f"com{n}": f"com{n}" for n in range(1, 6)
    }
    study = load_study(path, codebook=numbered(("woman", "man"), ("_f", "_m"), stems))
    raw = pd.read_csv(path)
    assert study.couples.rows["couple"].tolist() == list(range(1, 283))
    for stem, own in stems.items():
        for role, mark in (("woman", "_f"), ("man", "_m")):
            ours = study.couples.rows[f"{stem}_{role}"]
            np.testing.assert_array_equal(ours, raw[own + mark].astype(float))
    counts = study.report.couples
    assert counts is not None
    assert counts.n_missing_cells == int(raw.isna().sum().sum()) == 26
    alone = raw.filter(like="_f").notna().any(axis=1) ^ raw.filter(like="_m").notna().any(axis=1)
    assert counts.n_one_member == int(alone.sum()) == 1


def test_items_marked_by_number(reference_folder):
    path = reference_folder / "data" / "dysem_dres.csv"
    stems = {f"prqc{n}": f"PRQC_{n}" for n in range(1, 10)}
    stems |= {f"sexsat{n}": f"sexsat{n}" for n in range(1, 6)}
    study = load_study(path, codebook=numbered(("partner_1", "partner_2"), (".1", ".2"), stems))
    raw = pd.read_csv(path)
    assert len(study.couples.rows) == len(raw) == 121
    np.testing.assert_array_equal(
        study.couples.rows["prqc4_partner_2"], raw["PRQC_4.2"].astype(float)
    )
    assert study.report.couples is not None
    assert study.report.couples.n_missing_cells == int(raw.isna().sum().sum())


@pytest.mark.parametrize(
    ("name", "n_stems", "roles"),
    [
        ("acitelli_wide", 5, ("wife", "husband")),
        ("dysem_commitmentm", 10, ("woman", "man")),
        ("dysem_dres", 14, ("partner_1", "partner_2")),
        ("acitelli_pairwise", 15, ("wife", "husband")),
    ],
)
def test_drafts_of_real_files_load_as_they_are(reference_folder, name, n_stems, roles):
    path = reference_folder / "data" / f"{name}.csv"
    couples = load_study(path, codebook=draft_codebook(path)).couples
    assert len(couples.stems) == n_stems
    assert couples.roles == roles


@pytest.mark.parametrize(
    "name", ["bl_process", "kashy_diary", "amib_daily", "amib_persons", "r_bfi", "bl_dyads_wide"]
)
def test_real_files_of_another_kind_are_not_taken_for_couples(reference_folder, name):
    assert "[couples]" not in draft_codebook(reference_folder / "data" / f"{name}.csv")
