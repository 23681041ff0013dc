from __future__ import annotations

import json
import math
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.lavaan_text import lavaan_text
from intimacy_analysis.paths.parameter_table import build_table
from intimacy_analysis.paths.spec import Arrow, Meaning, PathModelSpec
from intimacy_analysis.paths.syntax import read_constraint, read_definition, read_model
from tests.paths.model_texts import MODEL_TEXTS


def without_places(spec: PathModelSpec) -> PathModelSpec:
    return PathModelSpec(
        arrows=tuple(replace(arrow, line=0, column=0) for arrow in spec.arrows),
        definitions=tuple(replace(one, line=0) for one in spec.definitions),
        constraints=tuple(replace(one, line=0) for one in spec.constraints),
    )


# A text small enough to check in the head


def test_arrows_from_one_variable_stand_in_one_line():
    spec = read_model("y ~ a*x\ny ~ 0.5*z\ny ~~ y\nk := a^2\na == 1")
    assert lavaan_text(spec) == "y ~ a*x + 0.5*z\ny ~~ y\nk := a^2\na == 1\n"


def test_each_modifier_stands_in_a_term_of_its_own():
    # lavaan 0.6-14 forgets the start of "a*start(0.5)*x".
    spec = read_model("y ~ a*start(0.5)*NA*x")
    assert lavaan_text(spec) == "y ~ NA*x + a*x + start(0.5)*x\n"


def test_values_keep_all_their_digits():
    spec = read_model("y ~ 0.1*x + 1e-300*z + 100000000000000000000000*w")
    assert lavaan_text(spec) == "y ~ 0.1*x + 1e-300*z + 1e+23*w\n"


def test_groups_have_vectors():
    text = 'y ~ c(0.5, NA)*x + c("a", "")*x + start(c(NA, 0.25))*x\n'
    assert lavaan_text(read_model(text)) == text


def test_long_formulas_go_on_in_lines_of_ninety_signs():
    spec = read_model("y ~ " + " + ".join(f"label_{i}*predictor_{i}" for i in range(30)))
    text = lavaan_text(spec)
    assert max(len(line) for line in text.splitlines()) <= 90
    assert without_places(read_model(text)) == without_places(spec)


def test_title_notes_and_meanings_stand_in_comments_that_fit_between_quotes_of_r():
    spec = replace(
        read_model("y ~ a*x"),
        title="The wife's\nmodel",
        notes=("Note " * 40,),
        meanings=(Meaning(label="a", words="effect on the wife's y"),),
    )
    text = lavaan_text(spec)
    assert text.startswith("# The wife\u2019s model\n# Note")
    assert text.endswith("y ~ a*x\n# a: effect on the wife\u2019s y\n")
    assert "'" not in text
    assert max(len(line) for line in text.splitlines()) <= 90


def test_names_lavaan_cannot_read_are_quoted_and_listed():
    text = lavaan_text(read_model('`1st item` ~ _a*"x`y" + x'))
    assert "rename them before: 1st item, x`y, _a" in text
    assert '`1st item` ~ _a*"x`y" + x\n' in text


def test_a_name_no_quotes_can_hold_is_refused():
    for name in ('a`"b', "a\nb", " "):
        with pytest.raises(SpecError, match="Rename its column"):
            lavaan_text(PathModelSpec(arrows=(Arrow(lhs=name, op="~", rhs="x"),)))


def test_a_model_without_arrows_is_refused():
    with pytest.raises(SpecError, match="at least one arrow"):
        lavaan_text(PathModelSpec(arrows=()))


# Read back


@pytest.mark.parametrize("name", MODEL_TEXTS)
def test_our_reader_reads_the_same_model_back(name):
    spec = read_model(MODEL_TEXTS[name])
    again = read_model(lavaan_text(spec))
    assert without_places(again) == without_places(spec)
    assert lavaan_text(again) == lavaan_text(spec)


odd_names = st.text(min_size=1, max_size=8).filter(
    lambda name: name.strip() and not set(name) & set("`\r\n") and name != "NA"
)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def specs(draw) -> PathModelSpec:
    variables = draw(
        st.lists(
            st.one_of(st.sampled_from(["x", "y", "x_1", "c", "start", ".z"]), odd_names),
            min_size=2,
            max_size=5,
            unique=True,
        )
    )
    n_groups = draw(st.integers(1, 3))
    pairs = draw(
        st.lists(
            st.tuples(
                st.sampled_from(variables),
                st.sampled_from(["~", "=~", "~~", "~1"]),
                st.sampled_from(variables),
            ),
            min_size=1,
            max_size=8,
            unique_by=lambda p: (frozenset((p[0], p[2])) if p[1] != "~1" else p[0], p[1]),
        )
    )
    # Labels that no variable has, as a label must not be a predictor's name.
    labels = ["l1_", "l2_", ".l3"]
    arrows = []
    for lhs, op, rhs in pairs:
        if op in ("~", "=~") and lhs == rhs:
            continue
        size = draw(st.sampled_from([1, n_groups]))
        entries = st.lists(st.none() | numbers, min_size=size, max_size=size)
        fixed = draw(st.none() | entries) or [None]
        starts = draw(st.none() | entries) or [None]
        named = draw(st.lists(st.sampled_from(["", *labels]), min_size=size, max_size=size))
        spoken = any(value is not None for value in fixed)
        arrows.append(
            Arrow(
                lhs=lhs,
                op=op,
                rhs="" if op == "~1" else rhs,
                labels=tuple(named) if any(named) else ("",),
                fixed=tuple(fixed) if spoken else (None,),
                starts=tuple(starts) if any(v is not None for v in starts) else (None,),
                freed=None in fixed if spoken else draw(st.booleans()),
            )
        )
    if not arrows:
        arrows = [Arrow(lhs=variables[0], op="~", rhs=variables[1])]
    spec = PathModelSpec(arrows=tuple(arrows))
    if spec.labels:
        one = spec.labels[0]
        spec = spec.with_definitions(read_definition(f"k := {one}^2 - exp({one})/3"))
        spec = spec.with_constraints(read_constraint(f"{one} < 2*k"))
    return spec


@settings(max_examples=200, deadline=None)
@given(specs())
def test_any_model_is_read_back_equal(spec):
    assert without_places(read_model(lavaan_text(spec))) == without_places(spec)


# lavaan's own reading

SCRIPT = """
suppressMessages(library(lavaan))
cases <- jsonlite::fromJSON(file("stdin"), simplifyVector = FALSE)
tables <- lapply(cases, function(case) {
  table <- suppressWarnings(lavaanify(case$text, meanstructure = TRUE, int.ov.free = TRUE,
    int.lv.free = FALSE, auto.fix.first = TRUE, auto.fix.single = TRUE, auto.var = TRUE,
    auto.cov.lv.x = TRUE, auto.cov.y = TRUE, fixed.x = TRUE, ngroups = case$groups))
  table[, c("lhs", "op", "rhs", "user", "group", "free", "ustart", "exo", "label")]
})
cat(jsonlite::toJSON(tables, digits = NA, na = "string"))
"""


def has_lavaan() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = "quit(status = !(requireNamespace('lavaan') && requireNamespace('jsonlite')))"
    run = subprocess.run(["Rscript", "-e", asked], check=False, capture_output=True)
    return run.returncode == 0


@pytest.fixture(scope="module")
def tables_of_lavaan() -> dict[str, list[dict]]:
    if not has_lavaan():
        pytest.skip("Rscript with lavaan and jsonlite is not on this machine")
    cases = {
        name: {
            "text": lavaan_text(read_model(text)),
            "groups": 2 if name == "two groups" else 1,
        }
        for name, text in MODEL_TEXTS.items()
    }
    run = subprocess.run(
        ["Rscript", "-e", SCRIPT],
        input=json.dumps(cases),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    )
    return json.loads(run.stdout)


def described(lhs, op, rhs, group, label, value, start, sample) -> tuple:
    ends = tuple(sorted((lhs, rhs))) if op == "~~" else (lhs, rhs)
    kind = "sample" if sample else "free" if math.isnan(value) else f"fixed {value:.12g}"
    begin = "" if math.isnan(start) or kind != "free" else f"{start:.12g}"
    return (op, *ends, group, label, kind, begin)


@pytest.mark.parametrize("name", MODEL_TEXTS)
def test_lavaan_reads_the_same_parameters(tables_of_lavaan, name):
    spec = read_model(MODEL_TEXTS[name])
    theirs = set()
    for row in tables_of_lavaan[name]:
        # Rows of equal labels across groups: lavaan keeps equality as conditions of its own.
        if row["op"] not in ("~", "=~", "~~", "~1"):
            continue
        number = float("nan") if row["ustart"] == "NA" else float(row["ustart"])
        free = row["free"] > 0
        theirs.add(
            described(
                row["lhs"],
                row["op"],
                row["rhs"],
                row["group"] - 1,
                row["label"],
                float("nan") if free else number,
                number if free else float("nan"),
                bool(row["exo"]),
            )
        )
    groups = ("first", "second") if name == "two groups" else ("",)
    ours = {
        described(row.lhs, row.op, row.rhs, row.group, row.label, row.value, row.start, row.sample)
        for row in build_table(spec, groups=groups).rows
    }
    assert ours == theirs
    conditions = [row for row in tables_of_lavaan[name] if row["user"] == 1]
    assert [(row["lhs"], row["rhs"]) for row in conditions if row["op"] == ":="] == [
        (one.name, one.expression.text) for one in spec.definitions
    ]
    assert [
        (row["lhs"], row["op"], row["rhs"]) for row in conditions if row["op"] in ("==", "<", ">")
    ] == [(one.left.text, one.relation, one.right.text) for one in spec.constraints]
