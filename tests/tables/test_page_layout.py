"""How a table is laid on paper: what is never broken, and when the page is turned."""

from __future__ import annotations

import pytest

from intimacy_analysis.formatting import Column, Table, number_cell, text_column, words_cell
from intimacy_analysis.tables.page_layout import (
    ACROSS_MM,
    UPRIGHT_MM,
    page_layout,
    shown_text,
    unbroken_number,
)


def numbers(n_columns, text="-1.234"):
    return Table(
        columns=(text_column("Term"), *(Column(header=f"M{n}") for n in range(n_columns))),
        rows=((words_cell("slope"), *(number_cell(text) for _ in range(n_columns))),),
    )


def test_a_small_table_is_no_wider_than_its_words():
    layout = page_layout(numbers(3))
    assert (layout.across, layout.size_pt) == (False, 9.0)
    assert sum(layout.widths_mm) < UPRIGHT_MM / 2


def test_type_is_made_smaller_before_the_page_is_turned():
    chosen = [page_layout(numbers(n)) for n in range(1, 40)]
    order = [(False, 9.0), (False, 8.0), (True, 9.0), (True, 8.0)]
    places = [order.index((one.across, one.size_pt)) for one in chosen]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2, 3}
    for one in chosen:
        assert sum(one.widths_mm) <= (ACROSS_MM if one.across else UPRIGHT_MM) + 1e-9


def test_room_goes_to_the_column_with_most_text():
    row = (words_cell("a claim of few words"), words_cell("word " * 80), words_cell("yes"))
    table = Table(columns=(text_column("A"), text_column("B"), text_column("C")), rows=(row,))
    first, second, third = page_layout(table).widths_mm
    assert second > 2 * first > 2 * third


def test_no_break_falls_into_an_interval_a_p_value_or_a_percentage():
    space = "\u00a0"
    assert unbroken_number("-0.12 [-0.30, 0.06]") == f"−0.12 [−0.30,{space}0.06]"
    assert unbroken_number(".53 [.40, .60], p < .001; r") == (
        f".53 [.40,{space}.60], p{space}<{space}.001; r"
    )
    assert unbroken_number("90.2 %") == f"90.2{space}%"
    assert shown_text(words_cell("p < 3 and 4 %")) == "p < 3 and 4 %"


@pytest.mark.parametrize("word", ["slope", "x" * 500])
def test_a_word_is_broken_only_where_its_column_ends(word):
    table = Table(columns=(text_column("Term"),), rows=((words_cell(word),),))
    layout = page_layout(table)
    pieces = layout.breaks(word, 0)
    assert "".join(pieces) == word
    assert (len(pieces) == 1) == (word == "slope")
