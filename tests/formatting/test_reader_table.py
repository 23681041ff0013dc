import io
import math

import numpy as np
import pandas as pd
import pytest

from intimacy_analysis.errors import SpecError
from intimacy_analysis.estimates import Estimate, EstimateTable
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    csv_text,
    estimate_rows,
    html_table,
    table_html,
    table_lines,
    text_lines,
)

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def slopes():
    return EstimateTable(
        title="Fixed effects",
        df_method="Satterthwaite",
        interval_method="Wald t",
        notes=("92 women, 1,211 days.",),
        rows=(
            Estimate(
                name="hours",
                value=0.12,
                std_error=0.04,
                df=83.94,
                low=0.04,
                high=0.2,
                p_value=0.0035,
                unit="points per hour",
            ),
        ),
    )


def test_a_terminal_shows_value_error_df_method_interval_p_unit_and_notes(slopes):
    assert table_lines(slopes) == [
        "Fixed effects",
        "Term   Estimate     SE  df (Satterthwaite)  95 % CI (Wald t)     p  Unit",
        "-----------------------------------------------------------------------------------",
        "hours     0.120  0.040                83.9    [0.040, 0.200]  .004  points per hour",
        "-----------------------------------------------------------------------------------",
        "Note. 92 women, 1,211 days.",
    ]


def test_columns_that_no_row_fills_are_left_out():
    table = EstimateTable(rows=(Estimate(name="SD residual", value=1.1, unit="points"),))
    assert [column.header for column in estimate_rows(table).columns] == [
        "Term",
        "Estimate",
        "Unit",
    ]


def test_a_table_without_rows_still_has_its_heading():
    assert table_lines(EstimateTable(rows=(), title="None fitted"))[0] == "None fitted"


def test_the_header_names_the_coverage_that_was_asked_for():
    table = EstimateTable(rows=(Estimate(name="x", value=1, low=0, high=2),), confidence=0.9)
    assert "90 % CI" in table_lines(table)[0]


def test_html_has_caption_and_scoped_headers(slopes):
    html = table_html(slopes)
    assert "<caption>Fixed effects</caption>" in html
    assert html.count('<th scope="col"') == 7
    assert '<th scope="row">hours</th>' in html
    assert "<i>df</i> (Satterthwaite)" in html


@pytest.mark.parametrize("place", ["title", "name", "unit", "note", "df_method"])
def test_markup_in_any_text_is_shown_and_not_run(place):
    row = Estimate(
        name=HOSTILE if place == "name" else "x",
        value=1.0,
        df=3.0,
        unit=HOSTILE if place == "unit" else "points",
    )
    table = EstimateTable(
        rows=(row,),
        title=HOSTILE if place == "title" else "",
        df_method=HOSTILE if place == "df_method" else "",
        notes=(HOSTILE,) if place == "note" else (),
    )
    html = table_html(table)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_label_cannot_steer_the_terminal_or_break_the_line():
    table = EstimateTable(rows=(Estimate(name="a\x1b[2Jb\nc\u202ed", value=1.0),))
    line = table_lines(table)[2]
    assert line.startswith("a\ufffd[2Jb c\ufffdd ")


def test_wide_scripts_stay_aligned():
    columns = (Column(header="x", align="left"), Column(header="n"))
    rows = tuple((Cell(text=text), Cell(text="1")) for text in ("親密", "abcd"))
    lines = text_lines(Table(columns=columns, rows=rows))
    assert lines[2] == "親密  1"  # two signs, four places of a terminal
    assert lines[3] == "abcd  1"


def test_only_number_cells_get_a_real_minus():
    columns = (Column(header="x"), Column(header="n", raw_names=("n",)))
    row = (Cell(text="day-level -1"), Cell(text="-1", raw=(-1,), is_number=True))
    html = html_table(Table(columns=columns, rows=(row,)))
    assert "day-level -1" in html
    assert ">−1<" in html


def test_a_row_of_wrong_length_is_refused():
    with pytest.raises(SpecError, match="row 0 has 2"):
        Table(columns=(Column(header="x"),), rows=((Cell(text="1"), Cell(text="2")),))


def test_a_cell_without_its_raw_values_is_refused():
    with pytest.raises(SpecError, match="carries 0"):
        Table(columns=(Column(header="x", raw_names=("x",)),), rows=((Cell(text="1"),),))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_reads_hostile_text_as_text(start):
    text = csv_text(["name"], [[f"{start}1+1"]])
    back = pd.read_csv(io.StringIO(text), dtype=str)
    assert back["name"][0].startswith("'")


def test_negative_numbers_stay_numbers_at_full_precision():
    values = [-0.1, np.float64(1 / 3), np.int64(-3), np.float32(0.5), 1e-300]
    text = csv_text(["value"], [[value] for value in values])
    assert [float(line) for line in text.splitlines()[1:]] == [-0.1, 1 / 3, -3, 0.5, 1e-300]


def test_a_missing_number_is_an_empty_cell():
    assert csv_text(["a", "b", "c"], [[math.nan, None, math.inf]]) == "a,b,c\n,,inf\n"
