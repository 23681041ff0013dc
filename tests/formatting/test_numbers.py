import locale
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intimacy_analysis.errors import SpecError
from intimacy_analysis.formatting import (
    format_count,
    format_df,
    format_interval,
    format_number,
    format_p,
    is_bounded,
    precision_for,
    typeset,
)

NAN = math.nan
MAGNITUDES = st.floats(1e-300, 1e300)


@pytest.mark.parametrize(
    ("p_value", "shown"),
    [
        (0.0341, ".034"),
        (0.001, ".001"),
        (0.0009999, "< .001"),
        (0.0, "< .001"),
        (1e-300, "< .001"),
        (0.05, ".050"),
        (0.99949, ".999"),
        (0.9996, "> .999"),
        (1.0, "1.000"),
        (NAN, "–"),
    ],
)
def test_p_has_three_decimals_no_leading_zero_and_is_never_zero(p_value, shown):
    assert format_p(p_value) == shown


@given(st.floats(0, 1))
def test_no_probability_is_ever_printed_as_zero_or_as_point_zero(p_value):
    assert format_p(p_value).strip("0.") not in ("", "< ", "> ")


@pytest.mark.parametrize("p_value", [-0.01, 1.5, math.inf])
def test_a_p_value_that_is_no_probability_is_refused(p_value):
    with pytest.raises(SpecError, match="0 to 1"):
        format_p(p_value)


@pytest.mark.parametrize(
    ("value", "std_error", "shown_value", "shown_error"),
    [
        (0.286, 0.0446, "0.286", "0.045"),  # two digits of the SE, the value to the same place
        (4.513, 0.0912, "4.513", "0.091"),
        (1.5, 0.5, "1.50", "0.50"),  # two decimals at least
        (54.3, 5.25, "54.30", "5.25"),
        (543.21, 52.49, "543.2", "52.5"),
        (5432.1, 523.4, "5432", "523"),
        (0.0000123, 0.000002, "1.23e-05", "2.0e-06"),
        (1.2e9, 3.4e7, "1.2000e+09", "3.40e+07"),
        (-0.0004, 0.2, "0.00", "0.20"),  # no minus before a zero
        (0.0, 0.0, "0.00", "0.00"),
        (NAN, NAN, "–", "–"),
    ],
)
def test_value_and_standard_error_share_digits_that_the_error_deserves(
    value, std_error, shown_value, shown_error
):
    precision = precision_for(value, std_error)
    assert format_number(value, precision) == shown_value
    assert format_number(std_error, precision) == shown_error


@given(st.floats(-1e12, 1e12), MAGNITUDES)
def test_a_standard_error_above_zero_never_prints_as_zero(value, std_error):
    shown = format_number(std_error, precision_for(value, std_error))
    assert float(shown) == pytest.approx(std_error, rel=0.06)


@given(MAGNITUDES)
def test_a_number_alone_is_shown_to_half_a_percent(value):
    assert float(format_number(value)) == pytest.approx(value, rel=0.0051)


def test_a_row_without_standard_error_takes_its_digits_from_the_interval():
    precision = precision_for(0.5, low=0.46, high=0.54)  # a quarter of the width: 0.02
    assert format_interval(0.46, 0.54, precision) == "[0.460, 0.540]"


def test_an_interval_with_an_open_end_shows_infinity():
    assert format_interval(0.0, math.inf) == "[0.00, ∞]"
    assert format_interval(-math.inf, 0.0) == "[-∞, 0.00]"


def test_an_unknown_interval_is_a_dash():
    assert format_interval(NAN, NAN) == "–"


def test_a_bounded_statistic_has_no_leading_zero():
    precision = precision_for(-0.32, 0.12, -0.5, 0.01, bounded=True)
    assert format_number(-0.32, precision) == "-.32"
    assert format_interval(-0.5, 0.01, precision) == "[-.50, .01]"
    assert format_number(1.0, precision) == "1.00"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("correlation Intercept, x", ""),
        ("ICC", ""),
        ("R² marginal", ""),
        ("R2 conditional", ""),
        ("share above zero", ""),
        ("autocorrelation", ""),
        ("anything", "proportion"),
    ],
)
def test_statistics_that_cannot_exceed_one_are_known(name, unit):
    assert is_bounded(name, unit)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("shared_hours_within", "points per hour"), ("SD Intercept", "points"), ("R20", "")],
)
def test_statistics_that_can_exceed_one_keep_their_zero(name, unit):
    assert not is_bounded(name, unit)


@pytest.mark.parametrize(
    ("df", "shown"), [(83.94, "83.9"), (90.0, "90.0"), (math.inf, "∞"), (NAN, "–")]
)
def test_degrees_of_freedom_have_one_decimal(df, shown):
    assert format_df(df) == shown


def test_counts_have_commas():
    assert format_count(1288) == "1,288"


@pytest.mark.parametrize(
    ("number", "html", "latex", "text"),
    [
        ("-0.12", "−0.12", "$-$0.12", "-0.12"),
        ("[-.50, .01]", "[−.50, .01]", "[$-$.50, .01]", "[-.50, .01]"),
        ("-1.2e-05", "−1.2 × 10⁻⁵", r"$-1.2 \times 10^{-5}$", "-1.2e-05"),
        ("∞", "∞", r"$\infty$", "inf"),
        ("-∞", "−∞", r"$-\infty$", "-inf"),
        ("< .001", "< .001", "$<$ .001", "< .001"),
        ("–", "–", "--", "–"),
    ],
)
def test_signs_are_set_as_each_medium_sets_them(number, html, latex, text):
    assert typeset(number, "html") == html
    assert typeset(number, "latex") == latex
    assert typeset(number, "text") == text


def test_terminal_text_can_be_written_in_the_encoding_of_an_old_windows_pipe():
    for number in (format_df(math.inf), format_number(NAN), format_interval(-math.inf, 1)):
        assert typeset(number, "text").encode("cp1252")


def test_the_decimal_sign_does_not_follow_the_locale():
    before = locale.setlocale(locale.LC_NUMERIC)
    for name in ("de_DE.UTF-8", "German_Germany.1252", "fr_FR.UTF-8"):
        try:
            locale.setlocale(locale.LC_NUMERIC, name)
            break
        except locale.Error:
            continue
    try:
        assert format_number(1234.5) == "1234.50"
        assert format_count(1234567) == "1,234,567"
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
