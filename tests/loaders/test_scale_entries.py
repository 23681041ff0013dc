from __future__ import annotations

import pytest

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import read_codebook
from intimacy_analysis.loaders.codebook_text import codebook_text, write_codebook
from intimacy_analysis.study.scale import Scale

REST = """
[columns.person]
role = "person"
[columns.day]
role = "day"
[columns.a]
[columns.b]
[columns.c]
"""
FULL = """
[scales.trust]
label = 'Trust, "all in all"'
items = ["a", "b", "c"]
reversed = ["b"]
range = [0, 3.3333333333]
method = "sum"
least_answered = 0.66666666666666663
unit = "points of trust"
basis = "[recalled, hi]"
source = "Somebody (1990)."
ranges = { a = [0, 6.5], b = [-1, 4] }
rescaled_to = [0, 100]
[scales."own key"]
items = ["a"]
range = [-2, 2]
"""


def read(text, tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(text + REST, encoding="utf-8")
    return read_codebook(path)


def test_scales_are_read_in_the_order_of_the_file(tmp_path):
    first, second = read(FULL, tmp_path).scales
    assert first == Scale(
        name="trust",
        items=("a", "b", "c"),
        reversed=("b",),
        minimum=0,
        maximum=3.3333333333,
        method="sum",
        least_answered=2 / 3,
        label='Trust, "all in all"',
        unit="points of trust",
        basis="[recalled, hi]",
        source="Somebody (1990).",
        ranges=(("a", 0, 6.5), ("b", -1, 4)),
        rescaled_to=(0, 100),
    )
    assert second == Scale(name="own key", items=("a",), minimum=-2, maximum=2)


def test_a_codebook_without_scales_has_none(tmp_path):
    assert read("", tmp_path).scales == ()


def test_written_and_read_again_the_keys_are_the_same_to_the_last_digit(tmp_path):
    book = read(FULL, tmp_path)
    again = read_codebook(write_codebook(book, tmp_path / "again.toml"))
    # A share of 2/3 cut to six digits would ask for all three items.
    assert again.scales == book.scales
    assert codebook_text(again) == codebook_text(book)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("range = [1, 5]", r"\[scales.trust\] must list its items, but lists 0"),
        ("items = []\nrange = [1, 5]", "must list its items"),
        ('items = "a"\nrange = [1, 5]', "items.*a list of columns"),
        ('items = ["a", 2]\nrange = [1, 5]', "items.*a list of columns"),
        ('items = ["a"]', "range.*the lowest and highest answer"),
        ('items = ["a"]\nrange = [1]', "range.*the lowest and highest answer"),
        ('items = ["a"]\nrange = ["1", "5"]', "range.*the lowest and highest answer"),
        ('items = ["a"]\nrange = [true, 5]', "range.*the lowest and highest answer"),
        ('items = ["a"]\nrange = [5, 1]', "but is 5 to 1"),
        ('items = ["a"]\nrange = [1, inf]', "but is 1 to inf"),
        ('items = ["a"]\nrange = [1, 5]\nleast_answered = "half"', "least_answered.*a share"),
        ('items = ["a"]\nrange = [1, 5]\nleast_answered = 50', "at most 1, but is 50"),
        ('items = ["a"]\nrange = [1, 5]\nmethod = "median"', "method"),
        ('items = ["a"]\nrange = [1, 5]\nreverse = ["a"]', "'reverse'. Did you mean reversed\\?"),
        ('items = ["a"]\nrange = [1, 5]\nreversed = ["b"]', "the first is 'b'"),
        ('items = ["a", "a"]\nrange = [1, 5]', "'a' stands 2 times"),
        ('items = ["a"]\nrange = [1, 5]\nlabel = 3', "label.*a text"),
        ('items = ["a"]\nrange = [1, 5]\nsource = 1990', "source.*a text"),
        ('items = ["a"]\nrange = [1, 5]\nranges = [0, 6]', "ranges.*a table of items"),
        ('items = ["a"]\nrange = [1, 5]\nranges = { a = [0] }', "ranges.a.*lowest and highest"),
        ('items = ["a"]\nrange = [1, 5]\nranges = { b = [0, 6] }', "the first is 'b'"),
        ('items = ["a"]\nrange = [1, 5]\nrescaled_to = 100', "rescaled_to.*lowest and highest"),
    ],
)
def test_a_key_that_is_wrong_is_refused_where_it_stands(entry, message, tmp_path):
    with pytest.raises(DataError, match=message):
        read(f"[scales.trust]\n{entry}\n", tmp_path)


def test_scales_that_are_no_table_are_refused(tmp_path):
    with pytest.raises(DataError, match="scales"):
        read("scales = 3\n", tmp_path)
