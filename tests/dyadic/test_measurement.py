from __future__ import annotations

import pytest
from dyad_references import couples, reference
from measured_couples import COLUMNS, drawn

from intimacy_analysis.dyadic.measurement import dyadic_factor_model
from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult

# Our names of the levels, and those of the reference.
LEVELS = {
    "configural": "configural",
    "loadings": "loading",
    "intercepts": "intercept",
    "residuals": "residual",
    "indistinguishable": "indist",
}
SCALES = [
    ("dysem_commitmentm", "sat", [f"sat.g{i}" for i in range(1, 6)], ("_f", "_m"), False),
    ("dysem_commitmentm", "com", [f"com{i}" for i in range(1, 6)], ("_f", "_m"), False),
    ("dysem_commitmentm", "com_keyed", [f"com{i}" for i in range(1, 6)], ("_f", "_m"), True),
    ("dysem_dres", "prq", [f"PRQC_{i}" for i in range(1, 10)], (".1", ".2"), False),
    ("dysem_dres", "sex", [f"sexsat{i}" for i in range(1, 6)], (".1", ".2"), False),
]


def _rows(folder, name: str, *, keyed: bool):
    rows = couples(folder, name)
    if keyed:
        turned = [f"com{i}_{member}" for i in (3, 4) for member in "fm"]
        rows = rows.assign(**{column: 10 - rows[column] for column in turned})
    return rows


def _check(result: PathModelResult, lavaan: dict, factors: tuple[str, str]) -> None:
    renamed = dict(zip(("F1", "F2"), factors, strict=True))
    compared = 0
    for row in lavaan["params"]:
        lhs, rhs = (renamed.get(row[side], row[side]) for side in ("lhs", "rhs"))
        own = result.estimate(f"{lhs} {row['op']} {rhs}".strip())
        # Two searches stop where the likelihood no longer grows: 1e-4 of the parameter's error.
        bound = max(1e-5, 1e-4 * (row["se"] or 0))
        assert own.value == pytest.approx(row["est"], abs=bound), own.name
        if row["se"]:
            assert own.std_error == pytest.approx(row["se"], rel=1e-3), own.name
        compared += 1
    assert compared >= 30
    fit = lavaan["fit"]
    assert result.fit_indices.df == fit["df"]
    assert result.fit_indices.chisq == pytest.approx(fit["chisq"], abs=1e-4)
    for index in ("cfi", "tli", "rmsea", "srmr"):
        assert result.fit_indices[index] == pytest.approx(fit[index], abs=1e-4), index


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("name", "scale", "stems", "endings", "keyed"), SCALES)
def test_every_level_agrees_with_lavaan(
    reference_folder, name, scale, stems, endings, keyed, level
):
    spec = dyadic_factor_model("F", stems, level=level, roles=("one", "two"), suffixes=endings)
    result = fit_path_model(spec, _rows(reference_folder, name, keyed=keyed), missing="fiml")
    lavaan = reference(reference_folder, name)[f"invariance_{scale}_fiml"][LEVELS[level]]
    _check(result, lavaan, ("F_one", "F_two"))


@pytest.mark.parametrize("level", LEVELS)
def test_scaled_chi_squares_agree_with_lavaan(reference_folder, level):
    rows = couples(reference_folder, "dysem_commitmentm")
    stems = [f"sat.g{i}" for i in range(1, 6)]
    spec = dyadic_factor_model("F", stems, level=level, roles=("f", "m"))
    fit = fit_path_model(spec, rows, missing="fiml", standard_errors="robust").fit_indices
    lavaan = reference(reference_folder, "dysem_commitmentm")["invariance_sat_mlr"]
    expected = lavaan[LEVELS[level]]["fit"]
    assert fit.chisq_scaled == pytest.approx(expected["chisq.scaled"], abs=1e-3)
    assert fit.scaling_factor == pytest.approx(expected["chisq.scaling.factor"], abs=1e-4)


@pytest.mark.parametrize("level", [*LEVELS, "latent variances", "latent means"])
def test_the_unit_of_the_factors_changes_no_fit(level):
    rows = drawn(300, seed=5)[0]
    fits = [
        fit_path_model(dyadic_factor_model("trust", COLUMNS, level=level, scale=scale), rows)
        for scale in ("marker", "fixed factor")
    ]
    assert fits[0].fit_indices.chisq == pytest.approx(fits[1].fit_indices.chisq, abs=1e-5)
    assert fits[0].fit_indices.df == fits[1].fit_indices.df
    assert fits[0].estimate("r_trust").value == pytest.approx(
        fits[1].estimate("r_trust").value, abs=1e-4
    )


def test_each_level_adds_the_equalities_it_names():
    rows = drawn(300, seed=5)[0]
    levels = ["configural", "loadings", "intercepts", "residuals", "latent variances"]
    df = [
        fit_path_model(dyadic_factor_model("trust", COLUMNS, level=level), rows).fit_indices.df
        for level in [*levels, "latent means"]
    ]
    # Three items: 2 loadings, 2 intercepts (one gives the latent mean), 3 residuals, 1, 1.
    assert df == [5, 7, 9, 12, 13, 14]
    same = fit_path_model(dyadic_factor_model("trust", COLUMNS, level="indistinguishable"), rows)
    assert same.fit_indices.df == 14


def test_an_item_that_is_freed_keeps_its_own_parameters():
    held = dyadic_factor_model(
        "trust", COLUMNS, level="intercepts", free={"intercepts": ["trust3"]}
    )
    assert {"i_trust3_wife", "i_trust3_husband", "i_trust1", "l_trust3"} <= set(held.labels)
    all_levels = dyadic_factor_model("trust", COLUMNS, level="residuals", free=["trust3"])
    assert {"l_trust3_wife", "i_trust3_wife", "r_trust3_wife"} <= set(all_levels.labels)
    assert all_levels.title.endswith("but for trust3")


def test_a_marker_that_is_freed_hands_over_to_the_next_item():
    spec = dyadic_factor_model("trust", COLUMNS, level="loadings", free=["trust1"])
    fixed = [arrow.rhs for arrow in spec.arrows if arrow.op == "=~" and arrow.fixed == (1.0,)]
    assert fixed == ["trust2_wife", "trust2_husband"]
    result = fit_path_model(spec, drawn(300, seed=5)[0])
    assert result.state == "ok"


def test_the_latent_mean_difference_is_in_standard_deviations():
    rows = drawn(4000, seed=5)[0]
    # Loadings of both members alike, so that a shift of .5 loadings is one of .5 deviations.
    husband = dict(zip(COLUMNS["husband"], COLUMNS["wife"], strict=True))
    for own, other in husband.items():
        rows[own] = rows[other].sample(frac=1, random_state=1).to_numpy()
    for own, loading in zip(COLUMNS["husband"], (0.9, 0.7, 0.5), strict=True):
        rows[own] += 0.5 * loading
    result = fit_path_model(dyadic_factor_model("trust", COLUMNS, level="intercepts"), rows)
    assert result.estimate("d_trust").value == pytest.approx(0.5, abs=0.03)


def test_two_items_have_equal_loadings_and_say_so():
    items = {role: columns[:2] for role, columns in COLUMNS.items()}
    spec = dyadic_factor_model("trust", items)
    assert any("assumed, not tested" in note for note in spec.notes)
    assert fit_path_model(spec, drawn(300, seed=5)[0]).fit_indices.df == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": "strict"}, "level must be a rung of the ladder, but 'strict' is none"),
        ({"scale": "effects"}, "scale must be 'marker' or 'fixed factor', got 'effects'"),
        ({"free": ["trust9"]}, "free must name items of the scale, but 1 of 1 is none.*'trust9'"),
        ({"free": {"means": ["trust1"]}}, "free names 'means'"),
        (
            {"level": "loadings", "free": ["trust1", "trust2", "trust3"]},
            "some item must have equal loadings for both members, but all 3 are free",
        ),
        ({"roles": ("wife",)}, "wife"),
    ],
)
def test_options_that_cannot_be_are_refused(options, said):
    with pytest.raises(SpecError, match=said):
        dyadic_factor_model("trust", ["trust1", "trust2", "trust3"], **options)


def test_a_single_item_is_no_scale():
    with pytest.raises(SpecError, match="two at the least"):
        dyadic_factor_model("trust", ["trust1"])
