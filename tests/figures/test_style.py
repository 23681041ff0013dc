import itertools
import os
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from intimacy_analysis.figures.style import (
    LINE_PT,
    SERIES,
    SINGLE_MM,
    add_note,
    journal_style,
    new_axes,
)

# Machado, Oliveira & Fernandes (2009), IEEE TVCG 15, 1291-1298: deuteranopia, severity 1.0,
# for linear RGB.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
# sRGB to CIE XYZ with white D65 (IEC 61966-2-1).
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(color):
    srgb = np.array(to_rgb(color))
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab_seen(color):
    xyz = TO_XYZ @ np.clip(DEUTERANOPIA @ linear(color), 0, 1) / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations((*SERIES, "#FFFFFF"), 2)])
def test_any_two_colors_differ_for_a_deuteranope(one, other):
    assert np.linalg.norm(lab_seen(one) - lab_seen(other)) >= 15


def test_the_simulation_itself_confuses_red_and_green_of_one_lightness():
    # Without this the test above could pass because nothing is simulated.
    seen = np.linalg.norm(lab_seen("#BC7000") - lab_seen("#8C8C00"))
    assert seen < 15


@pytest.mark.parametrize("color", SERIES)
def test_colors_of_text_and_lines_stand_out_from_white(color):
    luminance = TO_XYZ[1] @ linear(color)
    assert 1.05 / (luminance + 0.05) >= 3


def test_a_single_column_is_85_millimeters_wide():
    with journal_style():
        figure = new_axes().figure
    assert SINGLE_MM == 85
    assert figure.get_figwidth() * 25.4 == pytest.approx(85)


def test_text_is_eight_points_and_no_line_is_thinner_than_prints():
    with journal_style():
        assert mpl.rcParams["font.size"] == 8
        widths = ("axes.linewidth", "lines.linewidth", "xtick.major.width", "hatch.linewidth")
        assert min(mpl.rcParams[name] for name in widths) >= LINE_PT == 0.75


def test_the_readers_own_style_returns():
    before = dict(mpl.rcParams)
    with journal_style():
        pass
    assert dict(mpl.rcParams) == before


def test_a_note_stays_inside_the_figure():
    with journal_style():
        ax = new_axes()
        add_note(ax, "A note that is much longer than one line of a single column can hold. " * 2)
        figure = ax.figure
        figure.canvas.draw()
        box = figure._supxlabel.get_window_extent()
    assert box.x1 <= figure.bbox.x1
    assert box.y0 >= 0


def test_the_backend_is_loaded_outside_the_style_so_that_notebooks_show_every_figure(tmp_path):
    # A backend that switches interactive drawing on when it is loaded, as a notebook's does.
    (tmp_path / "switching_backend.py").write_text(
        "import matplotlib\n"
        "from matplotlib.backends.backend_agg import *\n"
        "from matplotlib.backends.backend_agg import _Backend, _BackendAgg\n"
        "matplotlib.interactive(True)\n"
        "@_Backend.export\n"
        "class _Switching(_BackendAgg):\n"
        "    pass\n",
        encoding="utf-8",
    )
    code = (
        "from intimacy_analysis.figures.style import journal_style, new_axes\n"
        "import matplotlib\n"
        "with journal_style():\n"
        "    new_axes()\n"
        "print(matplotlib.is_interactive())\n"
    )
    environment = {
        **os.environ,
        "MPLBACKEND": "module://switching_backend",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]),
    }
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "True"
