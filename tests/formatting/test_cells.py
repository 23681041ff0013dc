from __future__ import annotations

from intimacy_analysis.formatting import count_cell, estimate_cells, p_cell, text_column, words_cell


def test_an_estimate_and_its_interval_have_the_same_decimals():
    value, interval = estimate_cells(0.30004, 0.21, 0.39, bounded=True)
    assert (value.text, interval.text) == (".300", "[.210, .390]")
    assert value.raw == (0.30004,)
    assert interval.raw == (0.21, 0.39)


def test_a_count_that_is_not_there_is_an_empty_cell():
    assert count_cell(None).text == ""
    assert count_cell(12345).raw == (12345,)
    assert not words_cell("words").is_number


def test_a_column_of_words_is_named_for_files():
    assert text_column("Name in the file").raw_names == ("name_in_the_file",)
    assert p_cell(0.0004).text == "< .001"
