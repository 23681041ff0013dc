from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.chain_bound import chain_bound, draw_chain_bound

OUTCOMES = pd.DataFrame(
    {
        "outcome": ["low_mood", "life"],
        "observed": [0.2, -0.3],
        "low": [-0.05, -0.5],
        "high": [0.4, -0.1],
        "chain": [0.125, -0.027],
        "mean_path": [0.5, 0.3],
    }
)


def test_points_are_sizes_and_limits_keep_the_sign_of_the_observed_one():
    points = chain_bound(OUTCOMES, bound=0.164, usual=(0.5, -0.4, -0.5)).set_index("kind")
    observed = points.loc["observed"]
    assert observed["size"].tolist() == [0.2, 0.3]
    # Of the negative correlation the limits are turned round; of the positive one they stay.
    assert observed["low"].tolist() == [-0.05, 0.1]
    assert observed["high"].tolist() == [0.4, 0.5]
    assert points.loc["implied", "size"].tolist() == [0.125, 0.027]
    assert points.loc["usual", "size"] == pytest.approx(0.1)
    assert points.loc["usual", "mean_path"] == pytest.approx(0.1 ** (1 / 3))
    assert points.loc["least mean path", "mean_path"] ** 3 == pytest.approx(0.164)


def test_the_curve_is_the_cube_and_the_bound_is_drawn():
    ax = draw_chain_bound(chain_bound(OUTCOMES, bound=0.164), note="synthetic data")
    curve = ax.lines[0]
    x, y = np.asarray(curve.get_xdata()), np.asarray(curve.get_ydata())
    np.testing.assert_allclose(y, x**3)
    assert any(np.allclose(line.get_ydata(), 0.164) for line in ax.lines[1:])
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == [
        "low mood: implied by the pure chain",
        "low mood: observed, with interval",
        "life: implied by the pure chain",
        "life: observed, with interval",
    ]
    # Nothing that has a number lies outside.
    low, high = ax.get_ylim()
    assert low <= -0.05
    assert high >= 0.5
    plt.close(ax.figure)


def test_nothing_to_draw_is_refused():
    with pytest.raises(SpecError, match="needs an outcome"):
        chain_bound(OUTCOMES.iloc[:0], bound=0.1)
