from __future__ import annotations

from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.response_surface import (
    caption_response_surface,
    draw_response_surface,
    response_surface_alt_text,
    response_surface_map,
)
from intimacy_analysis.matching.response_surface import dyadic_response_surface, response_surface

mpl.use("agg")


def couples(n=200, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(4, 1, (n, 2))
    rows = pd.DataFrame({"x_wife": x[:, 0], "x_husband": x[:, 1]})
    for role, gap in (("wife", x[:, 0] - x[:, 1]), ("husband", x[:, 1] - x[:, 0])):
        rows[f"y_{role}"] = 5 - 0.3 * gap**2 + rng.normal(size=n)
    return rows


@pytest.fixture(scope="module")
def both():
    return dyadic_response_surface(couples(), "x", "x", "y")


@pytest.fixture(scope="module")
def drawn(both):
    return response_surface_map(both, outcome="satisfaction")


def test_heights_are_the_fitted_polynomial_in_the_scales_own_units(both, drawn):
    b = [both.coefficients[f"b{at}_wife"].value for at in range(1, 6)]
    b0 = both.fit.estimate("y_wife ~1").value
    row = drawn.heights[drawn.heights["panel"] == "wife"].iloc[1234]
    x, y = row["x"] - both.frame.center, row["y"] - both.frame.center
    by_hand = b0 + b[0] * x + b[1] * y + b[2] * x**2 + b[3] * x * y + b[4] * y**2
    assert row["outcome"] == pytest.approx(by_hand)


def test_least_squares_gives_the_same_heights(drawn):
    rows = couples()
    center = rows[["x_wife", "x_husband"]].to_numpy().mean()
    x, y = (rows[f"x_{role}"] - center for role in ("wife", "husband"))
    terms = np.column_stack([np.ones(len(x)), x, y, x**2, x * y, y**2])
    b = np.linalg.lstsq(terms, rows["y_wife"], rcond=None)[0]
    held = drawn.heights[drawn.heights["panel"] == "wife"]
    gx, gy = held["x"] - center, held["y"] - center
    expected = np.column_stack([np.ones(len(gx)), gx, gy, gx**2, gx * gy, gy**2]) @ b
    np.testing.assert_allclose(held["outcome"], expected, atol=1e-6)


def test_the_lines_are_what_they_are_called(both, drawn):
    lines = drawn.lines[drawn.lines["panel"] == "husband"]
    equal = lines[lines["line"] == "congruence"]
    np.testing.assert_allclose(equal["x"], equal["y"])
    opposite = lines[lines["line"] == "incongruence"]
    np.testing.assert_allclose(opposite["x"] + opposite["y"], 2 * both.frame.center)
    axis = lines[lines["line"] == "first axis"]
    slope = np.diff(axis["y"]) / np.diff(axis["x"])
    np.testing.assert_allclose(slope, both.axes["p11_husband"].value)


def with_axes(surface, **values):
    """Return the surface with other numbers for its axes."""
    rows = tuple(replace(row, value=values.get(row.name, row.value)) for row in surface.axes)
    return replace(surface, axes=replace(surface.axes, rows=rows))


@pytest.mark.parametrize(
    ("slope", "first", "last"),
    [
        # Through the center, where a line of slope 2 leaves at the top after half the way in x.
        (2.0, (-0.5, -1.0), (0.5, 1.0)),
        (0.5, (-1.0, -0.5), (1.0, 0.5)),
        (-4.0, (0.25, -1.0), (-0.25, 1.0)),
        (500.0, (-0.002, -1.0), (0.002, 1.0)),
        (np.inf, (0.0, -1.0), (0.0, 1.0)),
        (0.0, (-1.0, 0.0), (1.0, 0.0)),
    ],
)
def test_a_first_axis_of_any_slope_runs_from_edge_to_edge(slope, first, last):
    rows = couples()
    mid = (
        rows[["x_wife", "x_husband"]].min().min() + rows[["x_wife", "x_husband"]].max().max()
    ) / 2
    fitted = response_surface(rows, "x_wife", "x_husband", "y_wife", center=float(mid))
    changed = with_axes(fitted, x0=0.0, p10=np.nan if np.isinf(slope) else 0.0, p11=slope)
    drawn = response_surface_map(changed)
    half = (drawn.heights["x"].max() - drawn.heights["x"].min()) / 2
    axis = drawn.lines[drawn.lines["line"] == "first axis"][["x", "y"]].to_numpy()
    np.testing.assert_allclose((axis - mid) / half, [first, last], atol=1e-9)


def test_an_axis_that_is_unknown_or_off_the_map_is_not_drawn():
    fitted = response_surface(couples(), "x_wife", "x_husband", "y_wife")
    for values in (
        {"p10": np.nan, "p11": np.nan},
        {"x0": np.nan, "p10": np.nan, "p11": np.inf},
        {"p10": 500.0, "p11": 0.0},
        {"x0": 500.0, "p10": np.nan, "p11": np.inf},
    ):
        drawn = response_surface_map(with_axes(fitted, **values))
        assert set(drawn.lines["line"]) == {"congruence", "incongruence"}
        ax = draw_response_surface(drawn, width="single")
        words = [text.get_text() for text in ax.figure.legends[0].get_texts()]
        assert "first axis" not in words
        assert "both equal" in words
        plt.close(ax.figure)


def test_the_axis_is_drawn_where_only_the_own_score_counts():
    # The ridge is then nearly vertical: it crosses the map between two steps of x.
    for seed in range(40):
        rng = np.random.default_rng(seed)
        rows = pd.DataFrame(rng.normal(4, 1, (200, 2)), columns=["a", "b"])
        rows["y"] = -0.3 * (rows["a"] - 4) ** 2 + rng.normal(size=200)
        fitted = response_surface(rows, "a", "b", "y")
        lines = response_surface_map(fitted).lines
        axis = lines[lines["line"] == "first axis"]
        assert len(axis) == 2
        intercept, slope = fitted.axes["p10"].value, fitted.axes["p11"].value
        x, y = (axis[name].to_numpy() - fitted.frame.center for name in ("x", "y"))
        np.testing.assert_allclose(y, intercept + slope * x, atol=1e-9 * max(1, abs(slope)))


def test_the_colored_region_holds_most_couples_and_has_none_for_a_corner(drawn):
    for panel in ("wife", "husband"):
        region = drawn.regions[drawn.regions["panel"] == panel][["x", "y"]].to_numpy()
        answers = drawn.couples[drawn.couples["panel"] == panel][["x", "y"]].to_numpy()
        inside = mpl.path.Path(region).contains_points(answers)
        assert 0.9 <= inside.mean() <= 0.97
        nearest = np.linalg.norm(region[:, None] - answers[None], axis=2).min(axis=1)
        assert (nearest > 1e-9).all()
    seen = drawn.heights["seen"].mean()
    assert 0.05 < seen < 0.8


def test_no_couple_is_drawn_unless_asked_for(drawn):
    points = {}
    for per_person in (False, True):
        ax = draw_response_surface(drawn, per_person=per_person)
        points[per_person] = sum(len(line.get_xdata()) == 200 for line in ax.get_lines())
        plt.close(ax.figure)
    assert points == {False: 0, True: 1}


def test_both_panels_share_scale_and_bar_and_say_what_is_on_their_axes(drawn):
    ax = draw_response_surface(drawn, note="Synthetic data.")
    figure = ax.figure
    panels = [held for held in figure.axes if held.get_title()]
    assert [held.get_title() for held in panels] == ["wife", "husband"]
    assert [held.get_xlabel() for held in panels] == ["x, wife", "x, husband"]
    assert panels[0].get_xlim() == panels[1].get_xlim() == panels[0].get_ylim()
    assert [held.get_ylabel() for held in figure.axes][-1] == "satisfaction"
    assert figure.get_figwidth() * 25.4 == pytest.approx(174)
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {
        "both equal", "opposite", "first axis", "stationary point",
    }  # fmt: skip
    plt.close(figure)


def test_one_surface_fits_a_column_and_two_are_refused_there(drawn):
    single = response_surface(couples(), "x_wife", "x_husband", "y_wife")
    ax = draw_response_surface(response_surface_map(single), width="single")
    assert ax.figure.get_figwidth() * 25.4 == pytest.approx(85)
    plt.close(ax.figure)
    with pytest.raises(SpecError, match="width='double'"):
        draw_response_surface(drawn, width="single")


def test_a_stationary_point_off_the_map_is_not_drawn():
    rows = couples()
    rows["y_wife"] = 2 * rows["x_wife"] + 0.01 * rows["x_husband"] ** 2 + 0.001 * rows["y_wife"]
    flat = response_surface_map(response_surface(rows, "x_wife", "x_husband", "y_wife"))
    assert flat.points[["x", "y"]].isna().all(axis=None)
    ax = draw_response_surface(flat, width="single")
    words = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert "stationary point" not in words
    plt.close(ax.figure)


def test_caption_and_words_say_what_is_known_where(drawn):
    caption = caption_response_surface(drawn, ending="Synthetic data.")
    assert "wife: 200 couples; husband: 200 couples" in caption
    assert "hardly observed" in caption
    assert caption.endswith("Synthetic data.")
    words = response_surface_alt_text(drawn)
    assert words.count("is highest") == 2
    assert "satisfaction" in words


def test_answers_near_one_line_are_still_drawn():
    rows = couples()
    rows["x_husband"] = 8 - rows["x_wife"] + 0.2 * (rows["x_husband"] - 4)
    surface = response_surface(rows, "x_wife", "x_husband", "y_wife")
    ax = draw_response_surface(response_surface_map(surface), width="single")
    plt.close(ax.figure)


def test_a_failed_fit_is_not_drawn(both):
    failed = replace(both, fit=replace(both.fit, state="failed"))
    with pytest.raises(SpecError, match="this fit failed"):
        response_surface_map(failed)
