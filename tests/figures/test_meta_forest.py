"""The forest of studies: rows, stamp and caption."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from intimacy_analysis.figures.meta_forest import (
    COLUMNS,
    caption_meta_forest,
    draw_meta_forest,
    meta_forest,
)
from intimacy_analysis.synthesis.meta_analysis import meta_analysis
from intimacy_analysis.synthesis.study_effect import correlation_effect

SEEN = [
    correlation_effect(f"study {n}", r, n, kind="published summary", label="[source read: E5]")
    for r, n in ((0.3, 60), (0.1, 200), (0.45, 90))
]
DRAWN = correlation_effect("drawn", 0.4, 180, kind="synthetic")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts(ax) -> list[str]:
    return [*(text.get_text() for text in ax.texts), ax.get_title(loc="left")]


def test_studies_come_first_then_mean_and_prediction():
    result = meta_analysis(SEEN)
    rows = meta_forest(result)
    assert tuple(rows.columns) == COLUMNS
    assert list(rows["part"]) == ["study"] * 3 + ["mean", "prediction"]
    assert rows["value"].iloc[3] == result.mean.value
    assert rows["weight"].iloc[:3].sum() == pytest.approx(1)


def test_two_studies_have_no_row_of_prediction():
    assert list(meta_forest(meta_analysis(SEEN[:2]))["part"]) == ["study", "study", "mean"]


def test_names_labels_and_numbers_are_shown():
    ax = draw_meta_forest(meta_forest(meta_analysis(SEEN)), unit="correlation")
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[0] == "study 60\n[source read: E5]"
    assert any(text.startswith(".30 [.05, .51]") for text in texts(ax))
    assert not any("DEMONSTRATION" in text for text in texts(ax))
    assert ax.get_xlabel() == "correlation"


def test_a_demonstration_is_stamped_and_its_synthetic_marks_are_hollow():
    result = meta_analysis([*SEEN, DRAWN], demonstration=True)
    ax = draw_meta_forest(meta_forest(result))
    assert any("METHOD DEMONSTRATION" in text for text in texts(ax))
    filled = [line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "s"]
    assert filled[-1] == "white"
    assert "white" not in filled[:-1]
    assert "METHOD DEMONSTRATION" in caption_meta_forest(result)


def test_the_caption_says_mean_spread_and_what_is_expected():
    caption = caption_meta_forest(meta_analysis(SEEN))
    assert "Effects of 3 studies" in caption
    assert "a further study is expected" in caption
    assert "(I2)" in caption
    assert "further study" not in caption_meta_forest(meta_analysis(SEEN[:2]))
