"""Couples of the reference folder, and what R made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from intimacy_analysis.paths.result import PathModelResult

# Acitelli (1997): wives' columns end with _w, husbands' with _h.
ENDINGS = ("_w", "_h")


def couples(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "data" / f"{name}.csv")


def reference(folder: Path, name: str) -> dict[str, Any]:
    text = (folder / "expected" / f"{name}.json").read_text(encoding="utf-8")
    models: dict[str, Any] = json.loads(text)["models"]
    return models


def item_means(rows: pd.DataFrame, stems: dict[str, list[str]], endings: tuple[str, str]):
    """Return the means of complete items, columns <stem>_1 and <stem>_2 as in the R script."""
    return pd.DataFrame(
        {
            f"{stem}_{member}": rows[[f"{item}{ending}" for item in items]].mean(
                axis=1, skipna=False
            )
            for stem, items in stems.items()
            for member, ending in enumerate(endings, start=1)
        }
    )


def check_agreement(result: PathModelResult, lavaan: dict[str, Any], *, defined: bool = False):
    """Compare every parameter and the fit with a fit of lavaan on the same variables.

    Tolerances are those of the project: estimates 1e-5, standard errors 1e-4 relative, chi-square
    and indices 1e-4.
    """
    compared = 0
    for row in lavaan["params"]:
        if row["op"] == ":=" and not defined:
            continue
        own = result.estimate(f"{row['lhs']} {row['op']} {row['rhs']}".strip())
        assert own.value == pytest.approx(row["est"], abs=1e-5), own.name
        if row.get("se"):
            assert own.std_error == pytest.approx(row["se"], rel=1e-4), own.name
        compared += 1
    assert compared >= 9
    fit = lavaan["fit"]
    assert result.fit_indices.df == fit["df"]
    assert result.fit_indices.chisq == pytest.approx(fit["chisq"], abs=1e-4)
    for ours, theirs in (("cfi", "cfi"), ("tli", "tli"), ("rmsea", "rmsea"), ("srmr", "srmr")):
        assert result.fit_indices[ours] == pytest.approx(fit[theirs], abs=1e-4), ours
    assert result.log_likelihood == pytest.approx(fit["logl"], abs=1e-4)
