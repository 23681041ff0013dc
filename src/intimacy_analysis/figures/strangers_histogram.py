"""How far real couples and couples of strangers lie apart, as histograms."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from intimacy_analysis.figures.style import (
    BLUE,
    GRAY,
    INK,
    VERMILLION,
    WIDTHS_MM,
    Width,
    add_note,
    journal_style,
    new_axes,
)
from intimacy_analysis.figures.unit_panels import unit_panels
from intimacy_analysis.matching.profile_mismatch import ProfileMismatch
from intimacy_analysis.matching.profile_scores import PROFILE_SCORES
from intimacy_analysis.matching.pseudo_couples import PseudoCouples
from intimacy_analysis.matching.pseudo_pairs import all_pairs

_PANEL_MM = 42.0


def strangers_histogram(mismatch: ProfileMismatch, compared: PseudoCouples) -> pd.DataFrame:
    """Return what the histograms show, one row a receiver and bin.

    Args:
        mismatch: Scores of `profile_mismatch`.
        compared: Real couples beside strangers, from the same scores.

    Returns:
        Columns `receiver`, `from`, `to`, `real` and `strangers` (shares of pairs in the bin),
        `real_mean`, `strangers_mean`, `pairings_low`, `pairings_high` (limits of the mean of
        random pairings; the same in all rows of a receiver) and `score` (in words).
    """
    columns = [mismatch.column(compared.score, member) for member in (0, 1)]
    scored = mismatch.scores[columns].to_numpy(np.float64)
    couples = np.flatnonzero(~np.isnan(scored.sum(axis=1)))
    every = [all_pairs(mismatch, compared.score, member, couples) for member in (0, 1)]
    edges = np.histogram_bin_edges(np.concatenate([pairs.ravel() for pairs in every]), bins=24)
    made = []
    for role, pairs in zip(compared.roles, every, strict=True):
        closeness = next(one for one in compared.closeness if one.who == role)
        apart = ~np.eye(len(pairs), dtype=bool)
        real, _ = np.histogram(np.diag(pairs), bins=edges)
        strangers, _ = np.histogram(pairs[apart], bins=edges)
        made.append(
            pd.DataFrame(
                {
                    "receiver": role,
                    "from": edges[:-1],
                    "to": edges[1:],
                    "real": real / real.sum(),
                    "strangers": strangers / strangers.sum(),
                    "real_mean": closeness.observed,
                    "strangers_mean": closeness.strangers,
                    "pairings_low": closeness.low,
                    "pairings_high": closeness.high,
                    "score": PROFILE_SCORES[compared.score],
                }
            )
        )
    return pd.concat(made, ignore_index=True)


def draw_strangers_histogram(
    bins: pd.DataFrame,
    *,
    ax: Axes | None = None,
    width: Width = "single",
    note: str = "",
) -> Axes:
    """Draw one panel a receiver: strangers filled, real couples as an outline, means as lines.

    Args:
        bins: As `strangers_histogram` gives them.
        ax: Axes to draw on; None for a new figure.
        width: Of a new figure: "single" (85 mm) or "double" (174 mm).
        note: Written under the figure, e.g. the kind of data.
    """
    parts = [part for _, part in bins.groupby("receiver", sort=False)]
    with journal_style():
        height = _PANEL_MM * len(parts) + 24
        ax = ax if ax is not None else new_axes(width_mm=WIDTHS_MM[width], height_mm=height)
        top = float(bins[["real", "strangers"]].to_numpy().max())
        for panel, part in zip(unit_panels(ax, [1.0] * len(parts)), parts, strict=True):
            _draw_panel(panel, part, top)
            handles, words = panel.get_legend_handles_labels()
        ax.legend(
            handles, words, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.3,
            ncols=1 if width == "single" else 2, frameon=False,
        )  # fmt: skip
        add_note(ax, note)
    return ax


def caption_strangers_histogram(bins: pd.DataFrame, *, ending: str = "") -> str:
    """Return the caption, which is the alternative text too where it ends without a source.

    Args:
        bins: As `strangers_histogram` gives them.
        ending: Kind of data (`captions`).
    """
    said = [
        f"Received mismatch ({bins['score'].iloc[0]}) of real couples (outline) and of all pairs "
        "of strangers (filled). Solid line: mean of the real couples; dashed: of the strangers; "
        "band: where means of random pairings lie."
    ]
    for role, part in bins.groupby("receiver", sort=False):
        row = part.iloc[0]
        said.append(
            f"What the {role} receives: real couples {row['real_mean']:.2f}, strangers "
            f"{row['strangers_mean']:.2f}, random pairings {row['pairings_low']:.2f} to "
            f"{row['pairings_high']:.2f}."
        )
    return " ".join([*said, ending]).strip()


def _draw_panel(panel: Axes, part: pd.DataFrame, top: float) -> None:
    row = part.iloc[0]
    edges = [*part["from"], part["to"].iloc[-1]]
    panel.axvspan(
        row["pairings_low"], row["pairings_high"], color=VERMILLION, alpha=0.25, linewidth=0,
        zorder=1, label="means of random pairings",
    )  # fmt: skip
    panel.stairs(
        part["strangers"], edges, fill=True, color=GRAY, alpha=0.35, zorder=2, label="strangers"
    )
    panel.stairs(part["real"], edges, color=BLUE, zorder=3, label="real couples")
    panel.axvline(
        row["strangers_mean"], color=INK, linestyle=(0, (4, 2)), zorder=4, label="strangers' mean"
    )
    panel.axvline(row["real_mean"], color=BLUE, zorder=5, label="real couples' mean")
    panel.set_ylim(0, top * 1.08)
    panel.set_xlim(edges[0], edges[-1])
    panel.set_ylabel("share of pairs")
    panel.set_xlabel(f"mismatch the {row['receiver']} receives")
