"""Couples of the reference data: what psych and a one-way analysis of variance say in R."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from intimacy_analysis import correlate, partner_correlations
from intimacy_analysis.study.codebook import Codebook, Variable
from intimacy_analysis.study.dyads import DyadFrame

# Study, keys of the expected correlations, item columns of both members.
SCALES = {
    ("dysem_commitmentm", "icc_sat"): ("sat.g{}_f", "sat.g{}_m", 5),
    ("dysem_commitmentm", "icc_com"): ("com{}_f", "com{}_m", 5),
    ("dysem_dres", "icc_prq"): ("PRQC_{}.1", "PRQC_{}.2", 9),
    ("dysem_dres", "icc_sex"): ("sexsat{}.1", "sexsat{}.2", 5),
}


def study(folder, name: str) -> tuple[pd.DataFrame, dict]:
    text = (folder / "expected" / f"{name}.json").read_text(encoding="utf-8")
    return pd.read_csv(folder / "data" / f"{name}.csv"), json.loads(text)["models"]


@pytest.mark.parametrize(("name", "key"), SCALES, ids=lambda held: held)
def test_partners_correlate_as_in_r_told_apart_or_not(reference_folder, name, key):
    data, models = study(reference_folder, name)
    one, other, n_items = SCALES[name, key]
    scores = pd.DataFrame(
        {
            f"score_{role}": data[[form.format(at + 1) for at in range(n_items)]].mean(
                axis=1, skipna=False
            )
            for role, form in (("first", one), ("second", other))
        }
    ).dropna()
    rows = scores.assign(couple=range(len(scores)))
    codebook = Codebook(
        tuple(Variable(name=n, role="couple" if n == "couple" else "none") for n in rows)
    )
    for distinguishable, expected in (
        (True, models[key]["pearson"]),
        (False, models[key]["double_entry"]),
    ):
        couples = DyadFrame(
            rows=rows,
            codebook=codebook,
            roles=("first", "second"),
            distinguishable=distinguishable,
        )
        found = partner_correlations(couples, ["score"]).partners["score"]
        assert found.r == pytest.approx(expected, abs=1e-12)
        assert found.n == models[key]["n"] * (1 if distinguishable else 2)


@pytest.mark.parametrize("name", ["dysem_commitmentm", "dysem_dres"])
def test_all_pairs_of_items_agree_with_psych(reference_folder, name):
    data, models = study(reference_folder, name)
    expected = models["corr_pairwise"]
    names = expected["r"]["rows"]
    table = correlate(data, names)
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            held = table.between(a, b)
            assert held.r == pytest.approx(expected["r"]["values"][i][j], abs=1e-12)
            assert held.n == expected["n"]["values"][i][j]
