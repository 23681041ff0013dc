"""The page for readers who come from other programs: our code runs, R's numbers are ours."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import intimacy_analysis as ia

PAGE = Path(__file__).resolve().parents[1] / "docs" / "coming_from.md"


def blocks(language: str) -> list[str]:
    # Fences are read in pairs, so that the end of one is not the beginning of another.
    fenced = re.findall(
        r"^```(\w*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return [text for name, text in fenced if name == language]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("coming_from")


@pytest.fixture(scope="module")
def ours(place) -> dict:
    """Everything the page's Python leaves behind, run from top to bottom."""
    found: dict = {}
    with contextlib.chdir(place), contextlib.redirect_stdout(io.StringIO()):
        for block in blocks("python"):
            exec(compile(block, str(PAGE), "exec"), found)
    return found


# R's expression, after all of the page's R has run.
IN_R = {
    "slope": 'coef(summary(slopes))["shared_hours_within", "Estimate"]',
    "slope error": 'coef(summary(slopes))["shared_hours_within", "Std. Error"]',
    "slope df": 'coef(summary(slopes))["shared_hours_within", "df"]',
    "slope likelihood": "as.numeric(logLik(slopes))",
    "serial slope": 'fixef(serial)["shared_hours_within"]',
    "wives": 'coef(summary(dyadic))["wife:hours", "Estimate"]',
    "wives error": 'coef(summary(dyadic))["wife:hours", "Std. Error"]',
    "dyadic likelihood": "as.numeric(logLik(dyadic))",
    "actor": 'coef(apim)["a_wife"]',
    "partner": 'coef(apim)["p_husband"]',
    "actor error": 'sqrt(diag(vcov(apim)))["a_wife"]',
    "own way": 'subset(parameterEstimates(mediated), lhs == "ie_aa_wife")$est',
    "own way error": 'subset(parameterEstimates(mediated), lhs == "ie_aa_wife")$se',
    "partner's way": 'subset(parameterEstimates(mediated), lhs == "ie_pp_wife")$est',
    "fate": 'coef(fate)["b"]',
    "fate chi-square": 'fitMeasures(fate, "chisq")',
    "configural": 'fitMeasures(configural, "chisq")',
    "loadings": 'fitMeasures(loadings, "chisq")',
    "correlation": "r[1, 3]",
    "alpha": "reliable$total$raw_alpha",
    "surface b4": 'coef(surface)["b4"]',
    "surface a4": 'subset(parameterEstimates(surface), lhs == "a4")$est',
    "surface a4 error": 'subset(parameterEstimates(surface), lhs == "a4")$se',
    "regression error": 'sqrt(diag(hc3))["communication_wife"]',
}
# How far apart, relative; what is found by a search that ends early is wider.
WIDER = {"serial slope": 1e-4, "slope error": 1e-4, "slope df": 1e-3}


def our_numbers(ours: dict) -> dict[str, float]:
    slope = ours["slopes"].estimates["shared_hours_within"]
    wives = ours["dyadic"].estimates["wife:hours"]
    apim, mediated = ours["apim"], ours["mediated"]
    ladder = ours["ladder"].to_frame()["chisq"]
    surface = ours["surface"]
    return {
        "slope": slope.value,
        "slope error": slope.std_error,
        "slope df": slope.df,
        "slope likelihood": ours["slopes"].log_likelihood,
        "serial slope": ours["serial"].estimates["shared_hours_within"].value,
        "wives": wives.value,
        "wives error": wives.std_error,
        "dyadic likelihood": ours["dyadic"].log_likelihood,
        "actor": apim.estimate("a_wife").value,
        "partner": apim.estimate("p_husband").value,
        "actor error": apim.estimate("a_wife").std_error,
        "own way": mediated.estimate("ie_aa_wife").value,
        "own way error": mediated.estimate("ie_aa_wife").std_error,
        "partner's way": mediated.estimate("ie_pp_wife").value,
        "fate": ours["fate"].estimate("b").value,
        "fate chi-square": ours["fate"].fit_indices["chisq"],
        "configural": ladder["configural"],
        "loadings": ladder["loadings"],
        "correlation": ours["table"].matrix.iloc[0, 2],
        "alpha": ours["reliable"].of("wife").alpha.value,
        "surface b4": surface.coefficients["b4"].value,
        "surface a4": surface.parameters["a4"].value,
        "surface a4 error": surface.parameters["a4"].std_error,
        "regression error": ours["regression"].estimates["communication_wife"].std_error,
    }


def test_every_python_block_runs(ours):
    assert ours["slopes"].state == ours["dyadic"].state == ours["apim"].state == "ok"
    assert ours["fate"].state == ours["mediated"].state == "ok"


def test_the_mplus_shown_is_what_is_written(ours):
    (shown,) = [block for block in blocks("") if "emotio_w ON" in block]
    written = " ".join(ia.mplus_text(ours["model"], missing="fiml").split())
    model = " ".join(shown.split("MODEL:")[1].split())
    assert model in written


def test_the_numbers_of_r_are_ours(ours, place):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    script = place / "page.R"
    report = [
        f'cat("{name}\\t", format({code}, digits = 15), "\\n", sep = "")'
        for name, code in IN_R.items()
    ]
    tried = ["lmerTest", "nlme", "lavaan", "psych"]
    for package in tried:
        got = subprocess.run(
            ["Rscript", "-e", f"stopifnot(requireNamespace('{package}', quietly = TRUE))"],
            capture_output=True,
            check=False,
        )
        if got.returncode != 0:
            pytest.skip(f"R's package {package} is not installed")
    script.write_text(
        "\n".join(["sink('said.txt')", *blocks("r"), "sink()", *report]) + "\n", encoding="utf-8"
    )
    done = subprocess.run(
        ["Rscript", "--vanilla", script.name],
        cwd=place,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    theirs = dict(line.split("\t") for line in done.stdout.splitlines() if "\t" in line)
    assert set(theirs) == set(IN_R)
    numbers = our_numbers(ours)
    apart = {
        name: (numbers[name], float(theirs[name]))
        for name in IN_R
        if numbers[name] != pytest.approx(float(theirs[name]), rel=WIDER.get(name, 1e-5), abs=1e-7)
    }
    assert apart == {}
