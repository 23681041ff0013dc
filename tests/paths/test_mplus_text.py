from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.expressions import read_expression
from intimacy_analysis.paths.mplus_text import mplus_text
from intimacy_analysis.paths.parameter_table import build_table
from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.syntax import read_constraint, read_definition, read_model
from tests.paths.model_texts import MODEL_TEXTS

SECTIONS = ("TITLE", "DATA", "VARIABLE", "ANALYSIS", "MODEL", "MODEL CONSTRAINT", "OUTPUT")


def sections(text: str) -> dict[str, str]:
    """Return each section's words in one line, without comments."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("!"):
            continue
        if re.fullmatch(r"[A-Z][\w ]*:", line):
            name = line[:-1]
            found[name] = ""
        else:
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def test_a_small_model_is_written_out_in_full():
    spec = replace(
        read_model("y ~ a*x + 0.5*z\ny ~~ v*y\nk := a/v\na < 2*v\na - v == 0"), title="One: two"
    )
    assert sections(mplus_text(spec)) == {
        "TITLE": "One, two",
        "DATA": 'FILE = "couples.dat"; LISTWISE = ON;',
        "VARIABLE": "NAMES = y x z; MISSING = ALL (-999);",
        "ANALYSIS": "TYPE = GENERAL; ESTIMATOR = ML; INFORMATION = OBSERVED;",
        "MODEL": "y ON x (a) z@0.5; y (v); [y];",
        "MODEL CONSTRAINT": "NEW(k); k = a / v; a < 2 * v; 0 = a - v;",
        "OUTPUT": "SAMPSTAT STDYX CINTERVAL RESIDUAL TECH1;",
    }


def test_a_factor_model_frees_and_fixes_as_our_rules_do():
    spec = read_model("f =~ x1 + start(0.7)*x2\ng =~ NA*y1 + y2\ng ~~ 1*g")
    model = sections(mplus_text(spec))["MODEL"]
    assert model.startswith("f BY x1@1 x2*0.7; g BY y1* y2*; f WITH g; g@1;")
    assert model.endswith("[f@0]; [g@0];")


def test_latent_variables_our_model_leaves_apart_are_kept_apart():
    # Mplus lets them covary by itself.
    spec = read_model("f =~ x1 + x2\ng =~ y1 + y2\ng ~ f")
    assert "f WITH g@0;" in sections(mplus_text(spec))["MODEL"]


def test_predictors_taken_as_they_are_are_not_spoken_of():
    model = sections(mplus_text(read_model("y ~ x")))["MODEL"]
    assert model == "y ON x; y; [y];"
    model = sections(mplus_text(read_model("y ~ x\nx ~~ x")))["MODEL"]
    assert model == "y ON x; x; y; [y]; [x];"


def test_missing_values_decide_on_rows_and_information():
    spec = read_model("y ~ x")
    listwise, fiml = (sections(mplus_text(spec, missing=how)) for how in ("listwise", "fiml"))
    assert "LISTWISE = ON;" in listwise["DATA"]
    assert "INFORMATION = EXPECTED;" in listwise["ANALYSIS"]
    assert "LISTWISE" not in fiml["DATA"]
    assert "INFORMATION = OBSERVED;" in fiml["ANALYSIS"]


def test_each_group_has_its_part():
    found = sections(mplus_text(read_model("y ~ c(a, b)*x + c(0.5, NA)*z\nd := a - b")))
    assert found["VARIABLE"] == (
        "NAMES = y x z grp; MISSING = ALL (-999); GROUPING = grp (1 = g1 2 = g2);"
    )
    assert found["MODEL"] == "y ON x* z@0.5; y*; [y*];"
    assert found["MODEL g1"] == "y ON x* (a) z@0.5; y*; [y*];"
    assert found["MODEL g2"] == "y ON x* (b) z*; y*; [y*];"


def test_groups_may_be_named_where_the_text_holds_none():
    found = sections(mplus_text(read_model("y ~ a*x"), groups=("younger", "older")))
    assert found["MODEL younger"] == "y ON x* (a); y*; [y*];"
    assert found["MODEL older"] == "y ON x* (a); y*; [y*];"


def test_long_names_are_cut_and_told_apart_whatever_their_case():
    spec = read_model(
        "satisfaction_wife ~ actor_effect*intimacy_wife + SATISFACTION_W + ON + `1st itém`\n"
        "satisfaction_husband ~ actor_effect*intimacy_husband"
    )
    text = mplus_text(spec)
    names = sections(text)["VARIABLE"].removeprefix("NAMES = ").partition(";")[0].split()
    assert names == [
        "satisf_w",
        "intima_w",
        "SATISF_2",
        "ON2",
        "v1st_i_m",
        "satisf_h",
        "intima_h",
    ]
    assert "! satisf_h is the variable satisfaction_husband\n" in text
    assert "! actor_e is the parameter actor_effect\n" in text
    assert "(actor_e)" in text


def test_the_value_of_a_fixed_parameter_stands_for_its_label():
    spec = read_model("y ~ a*-0.5*x + b*z\nk := a*b - a")
    found = sections(mplus_text(spec))
    assert "x@-0.5 z (b)" in found["MODEL"]
    assert found["MODEL CONSTRAINT"] == "NEW(k); k = (-0.5) * b - (-0.5);"


def test_conditions_have_a_label_or_zero_on_the_left():
    spec = read_model("y ~ a*x + b*z").with_constraints(
        *(read_constraint(text) for text in ("a > 0", "a - b > 0", "2*a < b - 1", "1 == a^2"))
    )
    assert sections(mplus_text(spec))["MODEL CONSTRAINT"] == (
        "a > 0; 0 < a - b; 0 > 2 * a - (b - 1); 0 = 1 - a**2;"
    )


@pytest.mark.parametrize("name", MODEL_TEXTS)
def test_every_parameter_of_our_table_is_in_the_file_once(name):
    spec = read_model(MODEL_TEXTS[name])
    found = sections(mplus_text(spec))
    groups = ("g1", "g2") if name == "two groups" else ("",)
    table = build_table(spec, groups=groups)
    for group, group_name in enumerate(groups):
        part = found[f"MODEL {group_name}".strip()]
        rows = [row for row in table.rows if row.group == group and not row.sample]
        # Covariances of latent variables that are kept apart are no rows of ours.
        spoken = {f"{row.lhs} WITH {row.rhs}" for row in rows if row.op == "~~"}
        for apart in re.findall(r"(\w+ WITH \w+)@0;", part):
            if apart not in spoken:
                part = part.replace(f"{apart}@0;", "")
        labels = re.findall(r"\((\w+)\)", part)
        assert sorted(labels) == sorted(row.label for row in rows if row.label and row.free >= 0)
        # What is left: one word a parameter, without labels and the variables on the left.
        words = re.sub(r"\w+ (BY|ON|WITH) ", "", re.sub(r" \(\w+\)", "", part))
        given = words.replace(";", "").split()
        assert len(given) == len(rows)
        assert sum("@" in word for word in given) == sum(row.free < 0 for row in rows)


@pytest.mark.parametrize("name", MODEL_TEXTS)
def test_lines_and_names_keep_mplus_limits(name):
    spec = replace(read_model(MODEL_TEXTS[name]), title="word " * 60, notes=("note " * 60,))
    text = mplus_text(spec, missing="fiml")
    assert max(len(line) for line in text.splitlines()) <= 90
    assert not any(sign in text for sign in "\t\r")
    assert list(dict.fromkeys(re.findall(r"^([A-Z ]+)(?: \w+)?:$", text, re.MULTILINE))) == [
        section
        for section in SECTIONS
        if section != "MODEL CONSTRAINT" or spec.definitions or spec.constraints
    ]


def many_long_names() -> PathModelSpec:
    right = " + ".join(f"label_number_{i}*predictor_of_satisfaction_{i}" for i in range(120))
    total = " + ".join(f"label_number_{i}" for i in range(120))
    return read_model(f"y ~ {right}\ntotal_effect := {total}")


def test_many_long_names_stay_apart():
    text = mplus_text(many_long_names())
    names = re.findall(r"^! (\w+) is the", text, re.MULTILINE)
    assert len(names) == len({name.lower() for name in names}) == 241
    assert max(len(name) for name in names) <= 8
    assert max(len(line) for line in text.splitlines()) <= 90


expressions = st.recursive(
    st.sampled_from(["a", "b", "2", "0.5", "1e-3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map("".join),
        inner.map(lambda text: f"-{text}"),
        st.tuples(st.sampled_from(["tanh", "atanh", "exp", "abs"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_arithmetic_means_the_same_in_mplus(text):
    spec = read_model("y ~ a*x + b*z").with_definitions(read_definition(f"k := {text}"))
    (written,) = re.findall(r"k = ([^;]*);", sections(mplus_text(spec))["MODEL CONSTRAINT"])
    values = {"a": 0.75, "b": 0.25}
    assert read_expression(written.replace("( ", "(")).evaluate(values) == pytest.approx(
        read_expression(text).evaluate(values), rel=1e-9, abs=1e-12, nan_ok=True
    )
    assert not re.search(r"[*/+-] *-", written)


def test_deeply_nested_functions_stay_short():
    text = "tanh(" * 45 + "a" + ")" * 45
    spec = read_model(f"y ~ a*x\nk := {text}\nm := {text.replace('tanh', 'exp')}")
    written = mplus_text(spec)
    assert len(written) < 10_000
    assert max(len(line) for line in written.splitlines()) <= 90


@pytest.mark.parametrize("data_file", ["", 'a"b', "a\nb", "a;b", "x" * 71])
def test_a_file_mplus_could_not_read_is_refused(data_file):
    with pytest.raises(SpecError, match="data_file must be a file name"):
        mplus_text(read_model("y ~ x"), data_file=data_file)


def test_other_options_and_groups_are_refused():
    spec = read_model("y ~ c(a, b)*x")
    with pytest.raises(SpecError, match="'listwise' or 'fiml'"):
        mplus_text(spec, missing="pairwise")
    with pytest.raises(SpecError, match="one entry for each of the 3 groups"):
        mplus_text(spec, groups=("1", "2", "3"))
    with pytest.raises(SpecError, match="1 of 2 repeat another"):
        mplus_text(spec, groups=("one", "one"))
    with pytest.raises(SpecError, match="at least one arrow"):
        mplus_text(PathModelSpec(arrows=()))
