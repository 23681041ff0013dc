import re

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.figures.save import save_figure
from intimacy_analysis.figures.style import journal_style, new_axes

NUMBERS = pd.DataFrame({"x": [0.1, np.nan], "label": ["=1+1", "b"], "n": [1, 2]})


def picture():
    with journal_style():
        ax = new_axes(height_mm=40)
        ax.plot([0, 1], [0, 1], "o-", label="a line")
        ax.fill_between([0, 1], [0, 1], [1, 2], hatch="//", alpha=0.3)
        ax.legend()
    return ax.figure


def test_vector_picture_numbers_and_words_are_written_together(tmp_path):
    paths = save_figure(picture(), tmp_path / "new" / "a.b", data=NUMBERS, alt_text="A line.")
    assert [path.name for path in paths] == ["a.b.svg", "a.b.pdf", "a.b.png", "a.b.csv", "a.b.txt"]
    assert paths[3].read_bytes() == b"x,label,n\n0.1,'=1+1,1\n,b,2\n"
    assert paths[4].read_text(encoding="utf-8") == "A line.\n"


def test_bytes_are_the_same_in_two_runs(tmp_path):
    first = save_figure(picture(), tmp_path / "first", data=NUMBERS, alt_text="A line.")
    second = save_figure(picture(), tmp_path / "second", data=NUMBERS, alt_text="A line.")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.suffix


def test_saving_twice_does_not_change_the_figure(tmp_path):
    figure = picture()
    first = save_figure(figure, tmp_path / "a", data=NUMBERS, alt_text="A line.")
    second = save_figure(figure, tmp_path / "b", data=NUMBERS, alt_text="A line.")
    assert first[0].read_bytes() == second[0].read_bytes()


def test_the_picture_is_as_wide_as_the_column_and_as_fine_as_asked(tmp_path):
    svg, pdf, png, *_ = save_figure(picture(), tmp_path / "a", data=NUMBERS, alt_text="A line.")
    width = float(re.search(r'width="([\d.]+)pt"', svg.read_text(encoding="utf-8"))[1])
    assert width == pytest.approx(85 / 25.4 * 72, abs=0.01)
    assert int.from_bytes(png.read_bytes()[16:20]) == int(85 / 25.4 * 600)
    assert b"/Type3" not in pdf.read_bytes()


def test_several_frames_are_saved_by_name(tmp_path):
    save_figure(picture(), tmp_path / "a", data={"p": NUMBERS, "d": NUMBERS}, alt_text="A line.")
    assert {path.name for path in tmp_path.glob("*.csv")} == {"a_p.csv", "a_d.csv"}


def test_nothing_is_replaced_unasked(tmp_path):
    (tmp_path / "a.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(SpecError, match=r"1 of 5 are there.*'a.csv'"):
        save_figure(picture(), tmp_path / "a", data=NUMBERS, alt_text="A line.")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    save_figure(picture(), tmp_path / "a", data=NUMBERS, alt_text="A line.", overwrite=True)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("x,label")


def test_a_figure_without_numbers_or_words_is_refused(tmp_path):
    with pytest.raises(SpecError, match="numbers"):
        save_figure(picture(), tmp_path / "a", data={}, alt_text="A line.")
    with pytest.raises(SpecError, match="alternative text"):
        save_figure(picture(), tmp_path / "a", data=NUMBERS, alt_text="  ")
    assert list(tmp_path.iterdir()) == []
