"""Units of paths are made of the codebook's units of the variables."""

from __future__ import annotations

from dataclasses import dataclass

from path_data import couples, fitted, table_of

from intimacy_analysis.paths.units import parameter_units
from intimacy_analysis.study.codebook import Codebook, Variable


@dataclass(frozen=True)
class Coded:
    rows: object
    codebook: Codebook


def coded():
    variables = (
        Variable(name="x_w", unit="hours", label="time"),
        Variable(name="y_w", unit="points", label="satisfaction"),
        Variable(name="x_h", label="no unit"),
    )
    return Coded(rows=couples(50), codebook=Codebook(variables=variables))


def test_a_path_is_in_units_of_the_outcome_per_one_of_the_predictor():
    units = parameter_units(table_of("y_w ~ x_w + x_h"), coded())
    assert units == {"y_w ~ x_w": "points per hour", "y_w ~1": "points", "x_w ~1": "hours"}


def test_the_estimates_carry_the_units_and_keep_them_through_a_bootstrap():
    result = fitted("y_w ~ x_w + x_h", coded())
    assert result.estimate("y_w ~ x_w").unit == "points per hour"
    drawn = fitted("y_w ~ x_w", coded(), standard_errors="bootstrap", bootstrap=100, seed=1)
    assert drawn.estimate("y_w ~ x_w").unit == "points per hour"


def test_a_plain_frame_has_no_units():
    assert parameter_units(table_of("y_w ~ x_w"), couples(10)) == {}
    assert fitted("y_w ~ x_w", couples(50)).estimate("y_w ~ x_w").unit == ""
