import dataclasses

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.claims.claim import Claim
from intimacy_analysis.claims.finding import Finding
from intimacy_analysis.claims.published import PublishedFact
from intimacy_analysis.claims.verdict import Verdict
from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.figures.captions import data_sentence, fit_sentence
from intimacy_analysis.figures.compliance import (
    answered_days,
    caption_compliance,
    draw_compliance,
)
from intimacy_analysis.figures.estimate_forest import draw_estimate_forest, estimate_forest
from intimacy_analysis.figures.failure import draw_failure
from intimacy_analysis.figures.johnson_neyman import (
    caption_johnson_neyman,
    draw_johnson_neyman,
    johnson_neyman_curve,
)
from intimacy_analysis.figures.person_slopes import (
    binned_slopes,
    caption_person_slopes,
    draw_person_slopes,
    person_slopes,
)
from intimacy_analysis.figures.published_and_reestimated import (
    caption_published_and_reestimated,
    draw_published_and_reestimated,
    published_and_reestimated,
)
from intimacy_analysis.figures.weekday_weekend_slopes import (
    binned_points,
    caption_weekday_weekend_slopes,
    draw_weekday_weekend_slopes,
    weekday_weekend_slopes,
    within_person_points,
)
from intimacy_analysis.mixed.fitting import fit_mixed_model
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.study.compliance import compliance
from intimacy_analysis.study.source import Source

SLOPE = "shared_hours_within"
UNIT = "points per hour"
SOURCE = Source(authors="A.", year=2015, title="T")


def finding(key, estimate, truth=None, unit=UNIT):
    claim = Claim(
        key=key,
        says="s",
        source=SOURCE,
        basis="[assumption]",
        estimand=f"estimand of {key}",
        term="x",
        direction=1,
        smallest_effect=0.0,
        smallest_effect_basis="[assumption]",
        unit=unit,
        truth="",
    )
    return Finding(
        claim=claim,
        verdict=Verdict.INCONCLUSIVE,
        kind="synthetic",
        estimate=estimate,
        smallest_effect=0.0,
        truth=truth,
        sentences=("There is no stress column.",),
    )


@pytest.fixture
def effects():
    weekday = Estimate(name="x", value=0.05, low=0.02, high=0.08, unit=UNIT)
    facts = [
        PublishedFact(text="More with more", label="[abstract/secondary: S0]", term="weekday"),
        PublishedFact(
            text="A guess", label="[recalled, med]", value=0.3, unit=UNIT, term="weekday"
        ),
        PublishedFact(text="The weekday coefficient", label="not found", term="weekday"),
        PublishedFact(
            text="A slope", label="[source read: D6]", value=0.4, unit=UNIT, term="other"
        ),
        PublishedFact(text="Of no finding", label="not found", term="elsewhere"),
    ]
    found = [finding("weekday", weekday, truth=0.08), finding("other", None)]
    return published_and_reestimated(found, facts)


@pytest.fixture(scope="module")
def points(centered):
    return within_person_points(centered.rows, person="person", outcome="intimacy", predictor=SLOPE)


@pytest.fixture(scope="module")
def lines(result, points):
    return weekday_weekend_slopes(result, points, predictor=SLOPE)


@pytest.fixture(scope="module")
def curve(result):
    return johnson_neyman_curve(
        result, predictor=SLOPE, moderator="stress_within", over=(-2, 2), n_steps=5
    )


def texts(ax):
    panels = [ax, *ax.child_axes]
    return [text.get_text() for panel in panels for text in panel.texts] + [
        label.get_text() for panel in panels for label in panel.get_yticklabels()
    ]


def spill(figure):
    """Return how far, in inches, anything drawn reaches over the figure's edges."""
    figure.canvas.draw()
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    return max(-drawn.x0, -drawn.y0, drawn.x1 - width, drawn.y1 - height)


DRAWINGS = {}


def drawing(function):
    DRAWINGS[function.__name__] = function
    return function


@drawing
def slopes_of_persons(made, ax, per_person):
    slopes = person_slopes(made["result"], SLOPE)
    mean = made["result"].estimates[SLOPE]
    return draw_person_slopes(slopes, mean=mean, per_person=per_person, note="A note.", ax=ax)


@drawing
def weekdays(made, ax, per_person):
    return draw_weekday_weekend_slopes(
        made["lines"], made["points"], x_label="hours", y_label="points", note="A note.",
        per_person=per_person, ax=ax,
    )  # fmt: skip


@drawing
def answers(made, ax, per_person):
    counted = compliance(made["study"].frame)
    return draw_compliance(counted, per_person=per_person, note="A note.", ax=ax)


@drawing
def comparison(made, ax, per_person):
    return draw_published_and_reestimated(made["effects"], note="A note.", ax=ax)


@drawing
def forest(made, ax, per_person):
    rows = estimate_forest(made["result"].estimates)
    return draw_estimate_forest(rows, note="A note.", ax=ax)


@drawing
def regions(made, ax, per_person):
    return draw_johnson_neyman(made["curve"], x_label="stress", y_label="slope", ax=ax)


@drawing
def failure(made, ax, per_person):
    return draw_failure("the outcome is a sum of the predictors, so no variance is left.", ax=ax)


@pytest.fixture
def made(result, points, lines, curve, effects, study):
    return {
        "result": result,
        "points": points,
        "lines": lines,
        "curve": curve,
        "effects": effects,
        "study": study,
    }


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_returns_the_axes_it_was_given(name, made):
    ax = plt.figure(figsize=(7, 5)).add_subplot()
    assert DRAWINGS[name](made, ax, True) is ax


@pytest.mark.parametrize("per_person", [True, False])
@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_cut_off_at_print_size(name, per_person, made):
    assert spill(DRAWINGS[name](made, None, per_person).figure) <= 0.001


def test_the_check_for_cut_off_text_finds_it(made):
    ax = regions(made, None, True)
    ax.set_ylabel("a label that is far too long for a figure of seventy millimeters " * 2)
    assert spill(ax.figure) > 0.1


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_text_is_smaller_than_eight_points(name, made):
    figure = DRAWINGS[name](made, None, True).figure
    assert {text.get_fontsize() for text in figure.findobj(plt.Text) if text.get_text()} == {8.0}


def test_own_slopes_are_fixed_effect_plus_deviation_smallest_first(result):
    slopes = person_slopes(result, SLOPE).set_index("person")["slope"]
    expected = result.estimates[SLOPE].value + result.group_effects[SLOPE]
    assert slopes.is_monotonic_increasing
    assert slopes.sort_index().tolist() == pytest.approx(expected.sort_index().tolist())


def test_the_caption_counts_own_slopes_above_zero():
    slopes = pd.DataFrame({"slope": [-1.0, 1.0, 2.0, 3.0]})
    mean = Estimate(name="x", value=1.25, std_error=0.5, unit=UNIT)
    assert "3 of 4 persons' own slopes (75 %) are above zero" in caption_person_slopes(
        slopes, mean=mean
    )


def test_without_persons_marks_a_small_count_is_not_told():
    slopes = pd.DataFrame({"slope": [-1.0] + [1.0] * 30})
    mean = Estimate(name="x", value=1.0, std_error=0.5)
    caption = caption_person_slopes(slopes, mean=mean, per_person=False)
    assert "30 of 31" not in caption
    assert "fewer than 10" in caption


def test_without_persons_marks_no_slope_of_a_person_is_drawn(made):
    ax = slopes_of_persons(made, None, False)
    slopes = person_slopes(made["result"], SLOPE)["slope"].to_numpy()
    drawn = np.concatenate([np.asarray(line.get_xdata(), dtype=float) for line in ax.lines])
    assert not np.isin(slopes, drawn).any()
    assert (
        len(ax.lines[0].get_xdata()) == len(binned_slopes(person_slopes(made["result"], SLOPE))) - 1
    )


def test_without_persons_marks_no_day_is_drawn(made, points):
    ax = weekdays(made, None, False)
    drawn = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in ax.lines])
    assert not np.isin(points["y"].to_numpy(), drawn).any()
    assert binned_points(points)["n_persons"].min() >= 10


def test_lines_are_the_models_own_sums(result, lines):
    b = {row.name: row.value for row in result.estimates}
    weekday = lines[lines["kind"] == "weekday"]
    expected = b["Intercept"] + b[SLOPE] * weekday["x"]
    np.testing.assert_allclose(weekday["value"], expected, rtol=1e-12)
    weekend = lines[lines["kind"] == "weekend"]
    slope = b[SLOPE] + b[f"{SLOPE}:weekend"]
    expected = b["Intercept"] + b["weekend"] + slope * weekend["x"]
    np.testing.assert_allclose(weekend["value"], expected, rtol=1e-12)


def test_lines_do_not_run_beyond_the_days(points, lines):
    for kind, line in lines.groupby("kind"):
        days = points.loc[points["kind"] == kind, "x"]
        assert days.min() < line["x"].min()
        assert line["x"].max() < days.max()


def test_points_keep_days_and_lose_differences_between_persons():
    # a: mean 2 over two days; b: mean 6 over one; mean of the two means 4.
    rows = pd.DataFrame(
        {
            "person": ["a", "a", "b", "b"],
            "y": [1.0, 3.0, 6.0, np.nan],
            "x": [0.0, 1.0, 2.0, 3.0],
            "weekend": [0.0, 1.0, 0.0, 0.0],
        }
    )
    points = within_person_points(rows, person="person", outcome="y", predictor="x")
    assert points["y"].tolist() == [3, 5, 4]
    assert points["kind"].tolist() == ["weekday", "weekend", "weekday"]


def test_the_caption_tests_the_difference_of_the_slopes(result):
    caption = caption_weekday_weekend_slopes(result, interaction=f"{SLOPE}:weekend")
    assert "The two slopes differ by -0." in caption
    assert "p = ." in caption


def test_very_many_days_are_drawn_as_hexagons(lines):
    rng = np.random.default_rng(1)
    days = pd.DataFrame({"person": 1, "kind": "weekday", "x": rng.normal(size=60_000)})
    days["y"] = days["x"]
    ax = draw_weekday_weekend_slopes(lines, days, x_label="x", y_label="y")
    assert max(len(np.atleast_1d(line.get_xdata())) for line in ax.lines) < 100
    assert any(len(part.get_offsets()) > 10 for part in ax.collections)


def test_a_slope_at_moderator_zero_is_the_models_own_row(result, curve):
    middle = curve.iloc[2]
    row = result.estimates[SLOPE]
    assert middle["moderator"] == 0
    assert middle[["slope", "low", "high"]].tolist() == pytest.approx(
        [row.value, row.low, row.high]
    )


def test_regions_follow_the_interval(curve):
    apart = (curve["low"] > 0) | (curve["high"] < 0)
    assert ((curve["region"] != "zero inside") == apart).all()


def test_a_region_is_told_beside_the_interaction_test(result):
    caption = caption_johnson_neyman(result.estimates[f"{SLOPE}:stress_within"])
    assert "the interaction does" in caption
    assert "p = ." in caption


def test_variables_that_do_not_interact_have_no_regions(result):
    with pytest.raises(SpecError, match="must interact"):
        johnson_neyman_curve(result, predictor="weekend", moderator="stress_within", over=(0, 1))


def test_only_a_number_seen_in_print_is_a_published_value(effects):
    published = effects[effects["value"].notna() & (effects["kind"] == "published")]
    assert published["value"].tolist() == [0.4]
    assert 0.3 not in effects["value"].tolist()
    assert "A guess" in effects["words"].tolist()
    assert effects.loc[effects["words"] == "A guess", "kind"].item() == "not verified"


def test_facts_of_no_finding_are_left_out_and_absence_is_said_in_words(effects):
    assert "not found: The weekday coefficient" in effects["words"].tolist()
    assert not effects["words"].str.contains("Of no finding").any()


def test_words_stand_in_the_figure_with_their_label(effects):
    shown = texts(draw_published_and_reestimated(effects))
    assert "More with more" in shown
    assert "published\n[abstract/secondary: S0]" in shown
    assert "There is no stress column." in shown
    assert not any("0.3" in text and "hour" in text for text in shown)


def test_the_caption_counts_effects_with_a_published_number(effects):
    assert "For 1 of 2 effects" in caption_published_and_reestimated(effects)


def test_effects_in_different_units_share_no_axis():
    rows = (
        Estimate(name="a", value=1.0, low=0.0, high=2.0, unit="points"),
        Estimate(name="b", value=100.0, low=90.0, high=110.0, unit="hours"),
        Estimate(name="c", value=2.0, low=1.0, high=3.0, unit="points"),
    )
    data = estimate_forest(EstimateTable(rows=rows))
    assert data["name"].tolist() == ["a", "c", "b"]
    ax = draw_estimate_forest(data)
    assert [panel.get_xlabel() for panel in ax.child_axes] == ["points", "hours"]
    assert ax.child_axes[0].get_xlim()[1] < 10


def test_days_answered_are_counted_person_by_person(study):
    counted = compliance(study.frame)
    counts = answered_days(counted)
    assert counts["n"].sum() == 92
    per_person = study.frame.rows.dropna(subset=["intimacy"]).groupby("person").size()
    expected = per_person.value_counts()
    assert counts.loc[counts["n"] > 0].set_index("low")["n"].to_dict() == expected.to_dict()
    assert answered_days(counted, per_person=False)["n"].min() >= 10
    assert "92 persons" in caption_compliance(counted)


def test_the_kind_of_data_is_told_with_the_seed(study):
    assert "seed 20150831" in data_sentence(study)
    assert data_sentence(study).startswith("Synthetic data")
    original = dataclasses.replace(study, kind="original", seed=None)
    assert "Synthetic" not in data_sentence(original)


def test_a_good_fit_is_told_with_its_rows_and_persons(result):
    assert fit_sentence(result).startswith("Fit: ok, 1162 rows of 92 person groups")


@pytest.fixture(scope="module")
def singular():
    # Every person has the same mean, so that the intercept cannot vary.
    rows = pd.DataFrame(
        {"person": np.repeat(np.arange(12), 4), "x": np.tile([0.0, 1.0, 2.0, 3.0], 12)}
    )
    rows["y"] = np.tile([0.0, 2.0, 1.0, 3.0], 12) + np.tile([0.3, -0.3, -0.3, 0.3], 12) * np.repeat(
        np.tile([1.0, -1.0], 6), 4
    )
    return fit_mixed_model(MixedModelSpec(fixed="y ~ x", random="1", group="person"), rows)


def test_a_singular_fit_is_told_with_its_component(singular):
    assert singular.state == "singular"
    assert fit_sentence(singular).startswith("Fit: singular. ")
    assert singular.warnings[0].rstrip(".") in fit_sentence(singular)


def test_of_a_failed_fit_nothing_is_drawn_but_the_reason():
    rows = pd.DataFrame(
        {"person": np.repeat(np.arange(6), 4), "x": np.tile([0.0, 1.0, 2.0, 3.0], 6)}
    )
    failed = fit_mixed_model(
        MixedModelSpec(fixed="y ~ x", random="1 + x", group="person"), rows.assign(y=2 * rows["x"])
    )
    assert failed.state == "failed"
    with pytest.raises(FitError) as reason:
        person_slopes(failed, "x")
    ax = draw_failure(str(reason.value))
    assert not ax.lines
    assert not ax.collections
    assert ax.texts[0].get_text().startswith("Nothing is drawn")
    assert "failed, so no estimates are drawn" in fit_sentence(failed)
