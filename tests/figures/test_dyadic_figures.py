import dataclasses

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.dyadic.actor_partner import actor_partner
from intimacy_analysis.dyadic.common_fate import common_fate
from intimacy_analysis.dyadic.dyad_individual import dyad_individual
from intimacy_analysis.dyadic.dyadic_scores import dyadic_score
from intimacy_analysis.dyadic.mediation import actor_partner_mediation
from intimacy_analysis.dyadic.mutual_influence import mutual_influence
from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.actor_partner_forest import (
    actor_partner_forest,
    draw_actor_partner_forest,
)
from intimacy_analysis.figures.implied_observed import (
    caption_implied_observed,
    draw_implied_observed,
    implied_observed,
)
from intimacy_analysis.figures.indirect_effects import draw_indirect_effects, indirect_effects
from intimacy_analysis.figures.path_diagram import path_diagram
from intimacy_analysis.figures.path_diagram_ink import draw_path_diagram
from intimacy_analysis.figures.role_forest import forest_alt_text
from intimacy_analysis.paths.fitting import fit_path_model
from tests.figures.test_path_diagram import extents, overlap

X, M, N, Y = "talk", "closeness", "desire", "satisfaction"
LABEL = "[abstract/secondary: C4]"


@pytest.fixture(scope="module")
def couples():
    draw = np.random.default_rng(3)

    def pair():
        return 0.8 * draw.normal(size=(150, 2)) + 0.6 * draw.normal(size=(150, 1))

    x = pair()
    n = 0.4 * x + 0.1 * x[:, ::-1] + pair()
    m = 0.4 * x + 0.3 * n + pair()
    y = 0.5 * m + 0.2 * m[:, ::-1] + 0.2 * n + pair()
    stems = {X: x, M: m, N: n, Y: y}
    return pd.DataFrame(
        {
            f"{stem}_{role}": values[:, place]
            for stem, values in stems.items()
            for place, role in enumerate(("wife", "husband"))
        }
    )


@pytest.fixture(scope="module")
def apim(couples):
    return fit_path_model(actor_partner(X, Y), couples)


@pytest.fixture(scope="module")
def mediation(couples):
    return fit_path_model(actor_partner_mediation(X, M, Y), couples)


@pytest.fixture(scope="module")
def forward(couples):
    spec = actor_partner_mediation(X, (N, M), Y, serial=((N, M),), direct=False)
    return fit_path_model(spec, couples)


@pytest.fixture(scope="module")
def backward(couples):
    spec = actor_partner_mediation(X, (N, M), Y, serial=((M, N),), direct=False)
    return fit_path_model(spec, couples)


def inside(figure):
    figure.canvas.draw()
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    return max(-drawn.x0, -drawn.y0, drawn.x1 - width, drawn.y1 - height) < 0.01


@pytest.mark.parametrize(
    ("make", "width"),
    [
        (lambda: actor_partner(X, Y), "single"),
        (lambda: actor_partner(X, Y, distinguishable=False), "single"),
        (lambda: actor_partner((X, N), Y), "double"),
        (lambda: actor_partner_mediation(X, M, Y), "single"),
        (lambda: actor_partner_mediation(X, M, Y), "double"),
        (lambda: actor_partner_mediation(X, (N, M), Y), "double"),
        (lambda: actor_partner_mediation(X, (N, M), Y, serial=((N, M),)), "double"),
        (lambda: common_fate(X, Y), "single"),
        (lambda: mutual_influence(X, Y), "single"),
        (lambda: dyad_individual(X, Y), "double"),
        (lambda: dyadic_score(X, Y), "double"),
    ],
)
def test_a_fitted_template_is_drawn_without_a_covered_word(couples, make, width):
    result = fit_path_model(make(), couples)
    assert result.state == "ok"
    diagram = path_diagram(result)
    labels, boxes = extents(draw_path_diagram(diagram, width=width))
    assert len(labels) == len(diagram.arrows)
    everything = [*labels.values(), *boxes.values()]
    assert not any(overlap(one, two) for i, one in enumerate(everything) for two in everything[:i])


def test_a_diagram_shows_the_standardized_estimates_of_the_fit(apim):
    diagram = path_diagram(apim)
    table = apim.standardized("all")
    arrow = next(a for a in diagram.arrows if (a.start, a.end) == (f"{X}_wife", f"{Y}_wife"))
    row = table[f"{Y}_wife ~ {X}_wife"]
    assert (arrow.value, arrow.low, arrow.high) == (row.value, row.low, row.high)
    assert arrow.meaning == "actor effect of the wife"
    assert arrow.label.startswith(f"{row.value:.2f}".removeprefix("0"))
    raw = path_diagram(apim, standardized=False)
    assert raw.arrows[0].value == apim.estimate(raw.arrows[0].name).value


def test_a_forest_holds_actor_and_partner_effects_of_both_roles(apim):
    effects = actor_partner_forest(apim)
    assert list(effects["group"]) == ["Outcome of the wife"] * 2 + ["Outcome of the husband"] * 2
    assert list(effects["value"]) == [
        apim.estimate(label).value for label in ("a_wife", "p_wife", "a_husband", "p_husband")
    ]
    assert (effects["low"] < effects["value"]).all()
    assert set(effects["source"]) == {"estimated"}


def test_values_from_elsewhere_stand_beside_their_effect_in_a_marker_of_their_own(apim):
    known = [
        ("actor effect of the wife", 0.37, 0.33, 0.41, LABEL),
        ("communication with satisfaction, many samples", 0.31, None, None, LABEL),
    ]
    effects = actor_partner_forest(apim, known=known, standardized=True)
    beside = effects[effects["words"] == "actor effect of the wife"]
    assert list(beside["source"]) == ["estimated", "known"]
    assert list(beside["label"]) == ["", LABEL]
    assert effects["group"].iloc[-1] == "From elsewhere"
    assert np.isnan(effects["low"].iloc[-1])
    ax = draw_actor_partner_forest(effects, note="Synthetic data.")
    markers = [line.get_marker() for line in ax.lines if line.get_marker() not in ("None", "")]
    assert markers.count("D") == 2
    assert markers.count("o") == 4
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert sum(LABEL in name for name in names) == 2
    assert inside(ax.figure)


def test_a_forest_of_two_models_has_two_markers_a_row(apim, couples):
    alike = fit_path_model(actor_partner(X, Y), couples.iloc[:100])
    effects = actor_partner_forest({"all couples": apim, "first hundred": alike})
    assert effects.groupby("words", sort=False).size().tolist() == [2, 2, 2, 2]
    ax = draw_actor_partner_forest(effects, width="single")
    words = [t.get_text() for t in ax.figure.legends[0].get_texts()]
    assert words == ["all couples", "first hundred"]
    assert inside(ax.figure)


def test_an_inadmissible_fit_is_hollow_and_said_to_be_no_result(apim):
    effects = actor_partner_forest({"a fit": dataclasses.replace(apim, state="inadmissible")})
    ax = draw_actor_partner_forest(effects)
    words = [t.get_text() for t in ax.figure.legends[0].get_texts()]
    assert words == ["a fit (inadmissible, not a result)"]
    shown = [line for line in ax.lines if line.get_marker() == "o"]
    assert {line.get_markerfacecolor() for line in shown} == {"white"}
    assert "[inadmissible, not a result]" in forest_alt_text(effects, "Effects.")


def test_a_forest_needs_a_model_that_names_its_effects(couples):
    text = fit_path_model(f"{Y}_wife ~ {X}_wife", couples)
    with pytest.raises(SpecError, match="needs a template"):
        actor_partner_forest(text)
    with pytest.raises(SpecError, match="needs a model that defines them"):
        indirect_effects(text)


def test_all_eight_indirect_effects_stand_by_the_role_of_the_outcome(mediation):
    effects = indirect_effects(mediation, kinds=("indirect",))
    assert len(effects) == 8
    assert effects["group"].tolist() == ["Outcome of the wife"] * 4 + ["Outcome of the husband"] * 4
    row = effects.set_index("words").loc["talk wife, closeness wife, satisfaction wife"]
    assert row["value"] == mediation.estimate("ie_aa_wife").value
    assert (row["low"], row["high"]) == mediation.estimate("ie_aa_wife").interval


def test_with_many_ways_their_sums_by_mediator_are_shown(forward, mediation):
    few, many = indirect_effects(mediation), indirect_effects(forward)
    assert sum("talk wife, closeness" in words for words in few["words"]) > 0
    assert not any(words.startswith("talk") for words in many["words"])
    assert any("through desire and closeness" in words for words in many["words"])


def test_a_kind_that_is_none_is_refused(mediation):
    with pytest.raises(SpecError, match="'direct' is none"):
        indirect_effects(mediation, kinds=("direct",))


@pytest.mark.parametrize("width", ["single", "double"])
def test_indirect_effects_of_two_models_fit_the_page(forward, backward, width):
    effects = indirect_effects({"forward": forward, "reversed": backward}, kinds=("sum", "total"))
    ax = draw_indirect_effects(effects, width=width, note="Synthetic data.")
    assert inside(ax.figure)
    assert len(ax.get_yticks()) == 8


def test_bootstrap_intervals_of_a_fit_are_those_that_are_drawn(couples):
    result = fit_path_model(
        actor_partner_mediation(X, M, Y),
        couples,
        standard_errors="bootstrap",
        bootstrap=200,
        seed=1,
    )
    effects = indirect_effects(result, kinds=("total",)).set_index("words")
    row = effects.loc["total actor effect of the wife"]
    low, high = result.bootstrap_draws.loc[:, result.row_name("te_actor_wife")].quantile(
        [0.025, 0.975]
    )
    # Ways of taking a percentile differ by less than a step between neighboring draws.
    assert row["low"] == pytest.approx(low, abs=0.05)
    assert row["high"] == pytest.approx(high, abs=0.05)
    assert row["low"] != pytest.approx(row["value"] - (row["high"] - row["value"]), abs=1e-9)


def test_implied_and_observed_correlations_hold_every_pair_once(apim, forward):
    pairs = implied_observed({"one": apim, "two": forward})
    assert pairs.groupby("model", sort=False).size().to_dict() == {"one": 6, "two": 28}
    assert (pairs["residual"] == pairs["observed"] - pairs["implied"]).all()
    # The actor-partner model has as many parameters as moments.
    assert pairs.loc[pairs["model"] == "one", "residual"].abs().max() < 1e-6


def test_observed_correlations_are_those_of_the_data(forward, couples):
    pairs = implied_observed(forward)
    row = pairs.iloc[0]
    assert row["observed"] == pytest.approx(couples[row["one"]].corr(couples[row["other"]]))


def test_two_models_stand_side_by_side_on_equal_axes(forward, backward):
    pairs = implied_observed({"forward": forward, "reversed": backward})
    ax = draw_implied_observed(pairs, note="Synthetic data.")
    left, right = ax.child_axes
    assert left.get_xlim() == left.get_ylim() == right.get_xlim() == right.get_ylim()
    assert [left.get_title(), right.get_title()] == ["forward", "reversed"]
    assert inside(ax.figure)
    assert "Largest residual of reversed" in caption_implied_observed(pairs)


@pytest.mark.parametrize("width", ["single", "double"])
def test_letters_of_the_largest_residuals_cover_neither_dots_nor_each_other(width):
    draw = np.random.default_rng(5)
    implied = draw.uniform(0.1, 0.6, 40)
    residual = draw.normal(0, 0.05, 40)
    pairs = pd.DataFrame(
        {
            "model": "m", "state": "ok", "one": [f"v{i}" for i in range(40)], "other": "w",
            "observed": implied + residual, "implied": implied, "residual": residual,
        }
    )  # fmt: skip
    ax = draw_implied_observed(pairs, n_named=6, width=width)
    panel = ax.child_axes[0]
    panel.figure.set_dpi(300)
    panel.figure.canvas.draw()
    letters = {t.get_gid(): t.get_window_extent() for t in panel.texts if t.get_gid()}
    assert list(letters) == list("abcdef")
    boxes = list(letters.values())
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    dots = panel.transData.transform(pairs[["implied", "observed"]])
    for box in boxes:
        hit = (dots > [box.x0, box.y0]).all(axis=1) & (dots < [box.x1, box.y1]).all(axis=1)
        assert not hit.any()
    largest = pairs.loc[pairs["residual"].abs().nlargest(6).index, "one"]
    key = next(t.get_text() for t in ax.texts if t.get_text().startswith("a  "))
    assert all(f"{name} with w" in key for name in largest)


def test_an_inadmissible_model_is_marked_in_its_panel(forward):
    pairs = implied_observed({"m": dataclasses.replace(forward, state="inadmissible")})
    panel = draw_implied_observed(pairs).child_axes[0]
    assert panel.get_title() == "m (inadmissible: not a result)"
    assert "INADMISSIBLE" in [t.get_text() for t in panel.texts]


def test_figures_without_rows_are_refused():
    empty = pd.DataFrame()
    with pytest.raises(SpecError, match="there are none"):
        draw_actor_partner_forest(empty)
    with pytest.raises(SpecError, match="there are none"):
        draw_implied_observed(empty)
