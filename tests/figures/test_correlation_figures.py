from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from intimacy_analysis import SpecError, correlate
from intimacy_analysis.figures.correlation_heatmap import (
    caption_correlation_heatmap,
    correlation_heatmap,
    draw_correlation_heatmap,
    heatmap_alt_text,
)
from intimacy_analysis.figures.matrix_labels import LEAST_PT, row_labels, short_correlation
from intimacy_analysis.figures.pair_plot import (
    caption_pair_plot,
    draw_pair_plot,
    pair_plot,
    pair_plot_alt_text,
)
from intimacy_analysis.figures.save import save_figure
from intimacy_analysis.figures.style import MM_PER_INCH


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def answers(k: int, n: int = 150) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    loadings = 0.8 * rng.normal(size=(2, k))
    values = rng.normal(size=(n, 2)) @ loadings + rng.normal(size=(n, k))
    return pd.DataFrame(values, columns=[f"relationship_variable_{at}" for at in range(k)])


def cells_of(k: int) -> pd.DataFrame:
    data = answers(k)
    return correlation_heatmap(correlate(data, list(data.columns)))


def drawn_texts(ax) -> list:
    ax.figure.canvas.draw()
    return [text for text in ax.texts if text.get_text()]


def test_a_cell_holds_its_correlation_and_whether_the_interval_excludes_zero():
    data = answers(4)
    table = correlate(data, list(data.columns))
    cells = correlation_heatmap(table)
    assert len(cells) == 6
    for row in cells.to_dict("records"):
        held = table.between(row["first"], row["second"])
        assert (row["r"], row["low"], row["n"]) == (held.r, held.low, held.n)
        assert row["beyond_zero"] == (held.low > 0 or held.high < 0)
        assert row["row"] > row["column"]


def test_similar_variables_come_to_stand_together_whatever_the_order_they_came_in():
    rng = np.random.default_rng(3)
    common = rng.normal(size=(200, 2))
    values = common[:, [0, 1, 0, 1, 0, 1]] + 0.5 * rng.normal(size=(200, 6))
    data = pd.DataFrame(values, columns=list("axbycz"))
    cells = correlation_heatmap(correlate(data, list("axbycz")), order="similar")
    order = [cells["second"].iloc[0], *cells.drop_duplicates("row")["first"]]
    groups = ["abc" if name in "abc" else "xyz" for name in order]
    assert len([1 for one, two in pairwise(groups) if one != two]) == 1
    with pytest.raises(SpecError, match="'given' or 'similar'"):
        correlation_heatmap(correlate(data, list("axb")), order="alphabet")


@pytest.mark.parametrize(
    ("k", "width", "mm"), [(4, "single", 85), (8, None, 85), (20, None, 174), (20, "single", 85)]
)
def test_the_heatmap_has_the_journals_width_and_nothing_leaves_it(k, width, mm):
    ax = draw_correlation_heatmap(cells_of(k), width=width, note="Synthetic data.")
    assert ax.figure.get_figwidth() * MM_PER_INCH == pytest.approx(mm)
    frame = ax.figure.bbox
    for text in drawn_texts(ax):
        box = text.get_window_extent()
        assert box.x0 >= frame.x0 - 1
        assert box.x1 <= frame.x1 + 1
        assert box.y0 >= frame.y0 - 1
        assert box.y1 <= frame.y1 + 1
        assert text.get_fontsize() >= LEAST_PT


def test_numbers_stand_above_the_diagonal_only_where_they_can_be_read():
    def count(k: int, width: str) -> int:
        texts = drawn_texts(draw_correlation_heatmap(cells_of(k), width=width))
        return sum("." in text.get_text() and "r" not in text.get_text() for text in texts)

    # The key adds four sizes.
    assert count(18, "double") == 153 + 4
    assert count(18, "single") == 4


def test_labels_of_rows_do_not_overlap():
    ax = draw_correlation_heatmap(cells_of(20), width="double")
    labels = [text for text in drawn_texts(ax) if "variable" in text.get_text()]
    boxes = sorted((text.get_window_extent() for text in labels), key=lambda box: box.y0)
    assert len(boxes) == 20
    assert all(one.y1 <= two.y0 + 0.5 for one, two in pairwise(boxes))


def test_sign_is_shape_and_interval_is_fill_so_that_gray_print_loses_nothing():
    cells = cells_of(8)
    ax = draw_correlation_heatmap(cells)
    by_kind = {held.get_gid(): held for held in ax.collections}
    assert set(by_kind) == {"positive", "positive open", "negative", "negative open"}
    for kind, held in by_kind.items():
        here = (cells["r"] >= 0) == kind.startswith("positive")
        here &= cells["beyond_zero"] == (not kind.endswith("open"))
        assert len(held.get_paths()) == here.sum()
    # A square's path has five vertices, a circle's many.
    assert all(len(path.vertices) == 5 for path in by_kind["negative"].get_paths())
    assert all(len(path.vertices) > 5 for path in by_kind["positive"].get_paths())


def test_the_area_of_a_mark_is_the_size_of_the_correlation():
    rows = [(1, 0, "b", "a", 0.2), (2, 0, "c", "a", -0.4), (2, 1, "c", "b", 0.8)]
    cells = pd.DataFrame(rows, columns=["row", "column", "first", "second", "r"]).assign(
        low=0.1, high=0.9, n=50, p=0.01, beyond_zero=True
    )
    ax = draw_correlation_heatmap(cells)
    size = {}
    for held in ax.collections:
        for path in held.get_paths():
            box = path.get_extents()
            size.setdefault(held.get_gid(), []).append(box.width * box.height)
    small, large = size["positive"]
    assert large / small == pytest.approx(4, rel=1e-6)


def test_heatmap_words_tell_what_is_seen():
    cells = cells_of(5)
    text = heatmap_alt_text(cells)
    assert "10 correlations of 5 variables" in text
    assert f"{int((cells['r'] > 0).sum())} are positive" in text
    assert caption_correlation_heatmap(cells, ending="Synthetic data.").endswith("Synthetic data.")


def test_the_figures_are_saved_with_their_numbers(tmp_path):
    cells = cells_of(4)
    ax = draw_correlation_heatmap(cells)
    paths = save_figure(
        ax.figure, tmp_path / "heat", data=cells, alt_text=heatmap_alt_text(cells), dpi=80
    )
    assert {path.suffix for path in paths} == {".svg", ".pdf", ".png", ".csv", ".txt"}
    held = pair_plot(answers(3), list(answers(3).columns))
    drawn = draw_pair_plot(held)
    paths = save_figure(
        drawn.figure,
        tmp_path / "pairs",
        data=held.frames,
        alt_text=pair_plot_alt_text(held),
        dpi=80,
    )
    assert (tmp_path / "pairs_cells.csv").exists()


def test_every_answer_is_counted_once_in_a_pair_and_a_histogram():
    data = answers(3)
    data.iloc[:5, 0] = np.nan
    names = list(data.columns)
    held = pair_plot(data, names)
    counts = held.cells.groupby(["x", "y"])["count"].sum()
    assert counts[names[0], names[1]] == 145
    assert counts[names[1], names[2]] == 150
    assert held.bars.groupby("name")["count"].sum()[names[0]] == 145
    assert held.correlations["n"].tolist() == [145, 145, 150]


def test_answers_of_few_steps_keep_their_steps():
    data = pd.DataFrame({"x": [1, 2, 3, 4, 5] * 8, "y": [1, 1, 2, 2, 7] * 8})
    held = pair_plot(data, ["x", "y"])
    assert sorted(held.cells["x_middle"]) == [1, 2, 3, 4, 5]
    assert held.cells["count"].tolist() == [8] * 5
    assert held.means[["x_mean", "y_mean"]].to_numpy().tolist() == [
        [1, 1], [2, 1], [3, 2], [4, 2], [5, 7],
    ]  # fmt: skip


@pytest.mark.parametrize(("k", "mm"), [(4, 85), (8, 174), (20, 174)])
def test_the_pair_plot_has_the_journals_width_and_nothing_leaves_it(k, mm):
    data = answers(k)
    ax = draw_pair_plot(pair_plot(data, list(data.columns)), note="Synthetic data.")
    assert ax.figure.get_figwidth() * MM_PER_INCH == pytest.approx(mm)
    frame = ax.figure.bbox
    for text in drawn_texts(ax):
        box = text.get_window_extent()
        assert frame.x0 - 1 <= box.x0
        assert box.x1 <= frame.x1 + 1
        assert frame.y0 - 1 <= box.y0
        assert box.y1 <= frame.y1 + 1


def test_a_pair_plot_too_small_to_read_is_refused_with_what_fits():
    data = answers(20)
    held = pair_plot(data, list(data.columns))
    with pytest.raises(SpecError, match="at most 8 variables"):
        draw_pair_plot(held, width="single")


def test_pair_plot_words_tell_what_is_seen():
    data = answers(4)
    held = pair_plot(data, list(data.columns))
    assert "6 pairs of 4 variables" in pair_plot_alt_text(held)
    assert "(150 rows)" in caption_pair_plot(held)


def test_labels_are_wrapped_at_words_and_cut_where_they_must():
    labels, width = row_labels(
        ["relationship_satisfaction", "age"], room_mm=24, row_mm=8, size_pt=8
    )
    # 24 mm hold 14 signs of 8 points; four are for the number.
    assert labels[0] == "relations…\nsatisfact…  1"
    assert labels[1] == "age  2"
    assert width <= 25
    one_line, _ = row_labels(["relationship_satisfaction"], room_mm=24, row_mm=3, size_pt=8)
    assert one_line[0].endswith("…  1")


def test_short_correlations_have_no_leading_zero():
    assert [short_correlation(r) for r in (0.456, -0.123, 1.0, -0.001, float("nan"))] == [
        ".46", "−.12", "1.00", ".00", "–",
    ]  # fmt: skip


def test_a_heatmap_of_nothing_is_refused():
    with pytest.raises(SpecError, match="there are none"):
        draw_correlation_heatmap(cells_of(3).head(0))
