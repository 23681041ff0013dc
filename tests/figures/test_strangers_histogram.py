from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.figures.strangers_histogram import (
    caption_strangers_histogram,
    draw_strangers_histogram,
    strangers_histogram,
)
from intimacy_analysis.matching.profile_mismatch import profile_mismatch
from intimacy_analysis.matching.pseudo_couples import pseudo_couples

PARTS = ("a", "b", "c")


@pytest.fixture(scope="module")
def bins():
    rng = np.random.default_rng(4)
    names = [f"{form}_{p}_{who}" for form in ("wants", "shows") for p in PARTS for who in "xy"]
    rows = pd.DataFrame(rng.integers(1, 8, (20, len(names))), columns=names)
    rows.loc[0, "wants_a_x"] = np.nan
    mismatch = profile_mismatch(
        rows, [f"wants_{p}" for p in PARTS], [f"shows_{p}" for p in PARTS], roles=("x", "y")
    )
    compared = pseudo_couples(mismatch, n_permutations=99, seed=1)
    return rows, mismatch, compared, strangers_histogram(mismatch, compared)


def test_shares_are_those_of_real_pairs_and_of_all_pairs_of_strangers(bins):
    rows, _, _, held = bins
    # Couple 0 lacks a part: 19 couples, 19 x 18 pairs of strangers.
    kept = rows.iloc[1:]
    wants = kept[[f"wants_{p}_x" for p in PARTS]].to_numpy()
    shows = kept[[f"shows_{p}_y" for p in PARTS]].to_numpy()
    every = np.abs(wants[:, None, :] - shows[None, :, :]).sum(axis=2)
    own = held[held["receiver"] == "x"]
    edges = [*own["from"], own["to"].iloc[-1]]
    real = np.histogram(np.diag(every), bins=edges)[0] / 19
    strangers = np.histogram(every[~np.eye(19, dtype=bool)], bins=edges)[0] / (19 * 18)
    np.testing.assert_allclose(own["real"], real)
    np.testing.assert_allclose(own["strangers"], strangers)
    assert own["real_mean"].iloc[0] == pytest.approx(np.diag(every).mean())


def test_both_receivers_share_bins_and_have_all_their_pairs(bins):
    held = bins[3]
    sums = held.groupby("receiver")[["real", "strangers"]].sum()
    np.testing.assert_allclose(sums, 1)
    x, y = (held[held["receiver"] == who] for who in "xy")
    assert list(x["from"]) == list(y["from"])


@pytest.mark.parametrize(("width", "mm"), [("single", 85), ("double", 174)])
def test_it_is_drawn_at_both_widths_with_a_panel_a_receiver_and_one_legend(bins, width, mm):
    ax = draw_strangers_histogram(bins[3], width=width, note="synthetic data")
    figure = ax.get_figure()
    assert figure.get_figwidth() * 25.4 == pytest.approx(mm)
    labels = [panel.get_xlabel() for panel in ax.child_axes]
    assert labels == ["mismatch the x receives", "mismatch the y receives"]
    assert len(ax.get_legend().get_texts()) == 5
    plt.close(figure)


def test_the_caption_says_the_numbers_of_both_receivers(bins):
    _, _, compared, held = bins
    text = caption_strangers_histogram(held, ending="Synthetic.")
    assert text.endswith("Synthetic.")
    assert f"real couples {compared.closeness[0].observed:.2f}" in text
    assert f"strangers {compared.closeness[1].strangers:.2f}" in text
