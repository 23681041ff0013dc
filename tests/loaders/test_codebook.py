from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.codebook import CodebookFile, read_codebook
from intimacy_analysis.loaders.codebook_text import codebook_text, write_codebook
from intimacy_analysis.loaders.file_settings import FileSettings
from intimacy_analysis.study.codebook import LEVELS, Codebook, Variable
from intimacy_analysis.study.source import Source

FULL = """
[study]
name = "small"
title = "A small one"
kind = "synthetic"
notes = ["First.", "Second."]
seed = 7
encoding = "cp1252"
delimiter = "tab"
decimal = ","
sheet = "Days"
date_order = "dmy"
[study.source]
authors = "Somebody, A."
year = 2020
title = "Somewhat"
doi = "10.0/0"
[study.truth]
"hours_within:weekend" = -0.5
[columns.intimacy]
from = "Int day"
label = "Intimacy"
unit = "points"
range = [1, 7]
level = "day"
role = "outcome"
values = { "7" = "very", "1" = "not at all", "10" = "beyond" }
missing = { "-99" = "refused", "x" = "broken" }
[columns.kind]
values = { b = "bee", a = "ay" }
missing = [-9, "none"]
[columns.hours]
range = [0, inf]
"""


def test_every_key_is_read():
    file = read_codebook(FULL)
    assert (file.name, file.title, file.kind, file.seed) == ("small", "A small one", "synthetic", 7)
    assert file.notes == ("First.", "Second.")
    assert file.truth == {"hours_within:weekend": -0.5}
    assert file.source == Source(authors="Somebody, A.", year=2020, title="Somewhat", doi="10.0/0")
    assert file.settings == FileSettings(
        encoding="cp1252", delimiter="\t", decimal=",", sheet="Days", date_order="dmy"
    )
    assert file.codebook["intimacy"] == Variable(
        name="intimacy",
        label="Intimacy",
        unit="points",
        minimum=1,
        maximum=7,
        role="outcome",
        # By code as a number: 10 after 7.
        value_labels=((1, "not at all"), (7, "very"), (10, "beyond")),
        missing_codes=((-99, "refused"), ("x", "broken")),
        source_name="Int day",
    )
    assert file.codebook["kind"].value_labels == (("b", "bee"), ("a", "ay"))
    assert file.codebook["kind"].missing_codes == ((-9, "missing"), ("none", "missing"))
    assert (file.codebook["hours"].minimum, file.codebook["hours"].maximum) == (0, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns.a]\nrol = 'x'", r"'rol'\. Did you mean role"),
        ("[colums.a]\nrole = 'x'", r"'colums'\. Did you mean columns"),
        ("[study]\nencodin = 'x'\n[columns.a]", r"'encodin'\. Did you mean encoding"),
        ("[columns.a]\nrole = 'outcom'", r"'outcom'\. Did you mean outcome"),
        ("[columns.a]\nrole = 3", r"role in \[columns.a\] must be one of person"),
        ("[columns.a]\nlevel = 'days'", r"Did you mean day"),
        ("[columns.a]\nrange = [7, 1]", r"\[7, 1\]. Write the smaller one first: range = \[1, 7\]"),
        ("[columns.a]\nrange = [1]", "must be two numbers"),
        ("[columns.a]\nrange = ['1', '7']", "must be two numbers"),
        ("[columns.a]\nrange = [true, 7]", "must be two numbers"),
        ("[columns.a]\nrange = [nan, 7]", "must be two numbers"),
        ("[columns.a]\nlabel = 5", "must be a text in quotes, but it is 5"),
        ("[columns.a]\nvalues = ['a']", "values in .* must be labels by code"),
        ("[columns.a]\nvalues = { a = 1 }", "values in .* must be labels by code"),
        ("[columns.a]\nmissing = [[1]]", "missing in"),
        ("[columns.a]\nmissing = { a = 1 }", "missing in"),
        ("[columns]\na = 1", "must be a table"),
        ("study = 1\n[columns.a]", "must be a table"),
        ("[study]\nseed = 1.5\n[columns.a]", "must be a whole number"),
        ("[study]\nkind = 'real'\n[columns.a]", "kind in"),
        ("[study]\nnotes = [1]\n[columns.a]", "list of sentences"),
        ("[study]\ndelimiter = ';;'\n[columns.a]", "one of , ; tab"),
        ("[study]\ndelimiter = ','\ndecimal = ','\n[columns.a]", "must differ"),
        ("[study.truth]\na = 'x'\n[columns.a]", "must be a number"),
        ("[study.source]\nauthors = 'x'\n[columns.a]", "2 are absent; the first is year"),
        ("[study]\nname = 'x'\n", "names 0"),
        ('[columns.""]\nrole = "day"', "must have a name"),
        ("[columns.a]\nrole='person'\n[columns.b]\nrole='person'", "2 do: a, b"),
        ("[columns.a]\n\nlabel = no quotes\n", "line 3"),
        ("[columns.a]\n[columns.a]\n", "line 2"),
        ("\nx = " + "[" * 100_000, "cannot be read"),
    ],
)
def test_a_wrong_codebook_says_what_and_where(text, said):
    with pytest.raises(DataError, match=said):
        read_codebook(text)


def test_a_codebook_that_is_no_file_says_so(tmp_path):
    (tmp_path / "diary.toml").write_text("[columns.a]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"Did you mean diary\.toml"):
        read_codebook(tmp_path / "dairy.toml")
    with pytest.raises(DataError, match="folder"):
        read_codebook(str(tmp_path))
    (tmp_path / "latin.toml").write_bytes(b'[columns.a]\nlabel = "N\xe4he"\n')
    with pytest.raises(DataError, match=r"UTF-8.*line 2 on"):
        read_codebook(tmp_path / "latin.toml")
    (tmp_path / "mark.toml").write_bytes(b"\xef\xbb\xbf[columns.a]\r\nlabel = 'x'\r\n")
    assert read_codebook(tmp_path / "mark.toml").codebook.names == ("a",)


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    path = tmp_path / "diary.toml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="left as it is"):
        write_codebook(read_codebook(FULL), path)
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(DataError, match="cannot be made"):
        write_codebook("x", tmp_path / "no" / "folder.toml")
    written = write_codebook(read_codebook(FULL), tmp_path / "new.toml")
    assert read_codebook(written) == read_codebook(FULL)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = TEXTS.filter(lambda name: name.strip())
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CODES = st.one_of(
    st.dictionaries(NUMBERS.map(lambda x: x + 0.0), TEXTS, max_size=3).map(
        lambda d: tuple(sorted(d.items()))
    ),
)


@st.composite
def variables(draw, name):
    low, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, st.just(0.0)))[:2])
    bounded = low < high
    return Variable(
        name=name,
        label=draw(TEXTS),
        unit=draw(TEXTS),
        minimum=low if bounded else None,
        maximum=high if bounded and draw(st.booleans()) else None,
        level=draw(st.sampled_from(LEVELS)),
        role=draw(st.sampled_from(("covariate", "none"))),
        value_labels=draw(CODES),
        missing_codes=tuple((c, w or "missing") for c, w in draw(CODES)),
        source_name=draw(TEXTS.filter(lambda source: source != name)),
    )


@given(st.data())
def test_what_is_written_is_read_back(data):
    names = data.draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    file = CodebookFile(
        codebook=Codebook(tuple(data.draw(variables(name)) for name in names)),
        name=data.draw(TEXTS),
        title=data.draw(TEXTS),
        notes=tuple(data.draw(st.lists(TEXTS, max_size=2))),
        seed=data.draw(st.none() | st.integers(0, 2**60)),
        truth=data.draw(st.dictionaries(TEXTS, NUMBERS, max_size=2)),
    )
    assert read_codebook(codebook_text(file)) == file
