from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dyad_references import couples, reference

from intimacy_analysis.dyadic.distinguishability import effect_equality
from intimacy_analysis.dyadic.latent_actor_partner import latent_actor_partner
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model

LEVELS = {"configural": "configural", "loadings": "loading", "intercepts": "intercept"}
STUDIES = [
    (
        "dysem_commitmentm",
        "com_to_sat",
        ([f"com{i}" for i in range(1, 6)], [f"sat.g{i}" for i in range(1, 6)]),
        ("_f", "_m"),
    ),
    (
        "dysem_dres",
        "prq_to_sex",
        ([f"PRQC_{i}" for i in range(1, 10)], [f"sexsat{i}" for i in range(1, 6)]),
        (".1", ".2"),
    ),
]


def true_couples(n: int, seed: int) -> pd.DataFrame:
    """Return couples whose latent effects are .5 and .4 (own) and .2 and .3 (the partner's)."""
    rng = np.random.default_rng(seed)
    x = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n)
    rest = rng.multivariate_normal([0, 0], [[0.5, 0.2], [0.2, 0.5]], size=n)
    y = x @ np.array([[0.5, 0.3], [0.2, 0.4]]) + rest
    return pd.DataFrame(
        {
            f"{stem}{item}_{role}": loading * values[:, member] + 0.6 * rng.normal(size=n)
            for stem, values in (("x", x), ("y", y))
            for item, loading in enumerate((1.0, 0.8, 0.9), start=1)
            for member, role in enumerate(("wife", "husband"))
        }
    )


ITEMS = {stem: {f"{stem}_scale": [f"{stem}{i}" for i in (1, 2, 3)]} for stem in "xy"}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("name", "key", "stems", "endings"), STUDIES)
def test_it_agrees_with_lavaan(reference_folder, name, key, stems, endings, level):
    spec = latent_actor_partner(
        {"X": stems[0]}, {"Y": stems[1]}, level=level, roles=("one", "two"), suffixes=endings
    )
    result = fit_path_model(spec, couples(reference_folder, name), missing="fiml")
    lavaan = reference(reference_folder, name)[f"latent_apim_{key}_{LEVELS[level]}"]
    renamed = {"X1": "X_one", "X2": "X_two", "Y1": "Y_one", "Y2": "Y_two"}
    defined = {"adiff": "a_difference", "pdiff": "p_difference"}
    compared = 0
    for row in lavaan["params"]:
        if row["op"] == ":=":
            if row["lhs"] not in defined:
                continue
            own = result.estimate(defined[row["lhs"]])
        else:
            lhs, rhs = (renamed.get(row[side], row[side]) for side in ("lhs", "rhs"))
            own = result.estimate(f"{lhs} {row['op']} {rhs}".strip())
        bound = max(1e-5, 1e-4 * (row["se"] or 0))
        assert own.value == pytest.approx(row["est"], abs=bound), own.name
        if row["se"]:
            assert own.std_error == pytest.approx(row["se"], rel=1e-3), own.name
        compared += 1
    assert compared >= 70
    fit = lavaan["fit"]
    assert result.fit_indices.df == fit["df"]
    assert result.fit_indices.chisq == pytest.approx(fit["chisq"], abs=1e-4)
    for index in ("cfi", "rmsea", "srmr"):
        assert result.fit_indices[index] == pytest.approx(fit[index], abs=1e-4), index


def test_effects_between_latent_variables_are_recovered():
    result = fit_path_model(latent_actor_partner(ITEMS["x"], ITEMS["y"]), true_couples(1500, 2))
    assert result.state == "ok"
    truth = {"a_wife": 0.5, "p_wife": 0.2, "a_husband": 0.4, "p_husband": 0.3}
    for label, value in truth.items():
        row = result.estimate(label)
        assert abs(row.value - value) < 4 * row.std_error
    assert result.estimate("a_difference").value == pytest.approx(
        result.estimate("a_wife").value - result.estimate("a_husband").value
    )


def test_partner_effect_is_named_by_whose_outcome_it_is():
    spec = latent_actor_partner(ITEMS["x"], ITEMS["y"])
    (arrow,) = [one for one in spec.arrows if one.labels == ("p_wife",)]
    assert (arrow.lhs, arrow.rhs) == ("y_scale_wife", "x_scale_husband")


def test_tests_of_equal_effects_take_it():
    result = fit_path_model(latent_actor_partner(ITEMS["x"], ITEMS["y"]), true_couples(400, 2))
    tests = effect_equality(result)
    assert "equal actor effects" in str(tests)


def test_indistinguishable_members_have_one_actor_and_one_partner_effect():
    spec = latent_actor_partner(ITEMS["x"], ITEMS["y"], distinguishable=False)
    rows = true_couples(300, 2)
    result = fit_path_model(spec, rows)
    turned = rows.rename(
        columns=lambda name: (
            name.replace("_wife", "_?").replace("_husband", "_wife").replace("_?", "_husband")
        )
    )
    other = fit_path_model(spec, turned)
    # Whoever stands first, the answer is the same.
    for label in ("a", "p", "a_minus_p"):
        assert result.estimate(label).value == pytest.approx(other.estimate(label).value, abs=1e-5)
    assert result.fit_indices.chisq == pytest.approx(other.fit_indices.chisq, abs=1e-5)


def test_without_equal_loadings_effects_are_said_not_to_be_comparable():
    configural = latent_actor_partner(ITEMS["x"], ITEMS["y"], level="configural")
    assert any("should not be compared" in note for note in configural.notes)
    assert not any(
        "should not be compared" in note
        for note in latent_actor_partner(ITEMS["x"], ITEMS["y"]).notes
    )


@pytest.mark.parametrize(
    ("x", "y", "options", "said"),
    [
        (ITEMS["x"], {"x_scale": ["y1", "y2", "y3"]}, {}, "different names.*'x_scale'"),
        (ITEMS["x"], {"y_scale": ["x1", "y2", "y3"]}, {}, "2 belong to both.*'x1_wife'"),
        (["x1", "x2", "x3"], ITEMS["y"], {}, "x must hold one scale by its name"),
        (ITEMS["x"], ITEMS["y"], {"level": "metric"}, "'metric' is none"),
        (
            ITEMS["x"],
            ITEMS["y"],
            {"distinguishable": False, "free": ["x1"]},
            "indistinguishable members must have everything equal",
        ),
        (
            {"x_scale": {"wife": ["x1_wife"] * 2, "husband": ["x1_husband", "x2_husband"]}},
            ITEMS["y"],
            {},
            "every item must be named once",
        ),
    ],
)
def test_names_that_cannot_be_are_refused(x, y, options, said):
    with pytest.raises(SpecError, match=said):
        latent_actor_partner(x, y, **options)
