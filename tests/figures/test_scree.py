from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.figures.scree import caption_scree, draw_scree, scree
from intimacy_analysis.figures.style import MM_PER_INCH
from intimacy_analysis.reliability.parallel_analysis import ParallelAnalysis, parallel_analysis


@pytest.fixture(scope="module")
def analysis() -> ParallelAnalysis:
    rng = np.random.default_rng(1)
    shared = rng.normal(size=(200, 2))
    rows = pd.DataFrame({f"i{at}": shared[:, at % 2] + rng.normal(size=200) for at in range(7)})
    return parallel_analysis(rows, n_draws=50, seed=1)


def test_what_is_drawn_is_the_analysis(analysis):
    values = scree(analysis)
    assert tuple(values["eigenvalue"]) == analysis.eigenvalues
    assert list(values["kept"]) == [True, True, False, False, False, False, False]
    above = values["eigenvalue"] > values["random_limit"]
    assert list(above[:3]) == [True, True, False]


def test_kept_eigenvalues_are_filled_and_others_hollow(analysis):
    ax = draw_scree(scree(analysis), note="Synthetic data.")
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert len(lines["answers, kept"].get_xdata()) == 2
    assert len(lines["answers"].get_xdata()) == 5
    assert lines["answers"].get_markerfacecolor() == "white"
    assert ax.figure.get_figwidth() * MM_PER_INCH == pytest.approx(85)
    assert ax.get_xlim() == (0.5, 7.5)
    plt.close(ax.figure)


def test_axes_of_the_reader_are_used(analysis):
    figure, own = plt.subplots()
    assert draw_scree(scree(analysis), percentile=99, ax=own) is own
    assert any("99 % below" in str(text.get_text()) for text in own.get_legend().get_texts())
    plt.close(figure)


def test_the_caption_says_how_many_and_what_that_is_not(analysis):
    text = caption_scree(analysis, ending="Synthetic data.")
    assert "2 leading components exceed the percentile" in text
    assert "does not show what they measure" in text
    assert text.endswith("Synthetic data.")
