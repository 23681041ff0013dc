"""Model texts that tests of several modules read."""

from __future__ import annotations

MODEL_TEXTS = {
    "actor and partner": (
        "sat_w ~ a_w*int_w + p_w*int_h\nsat_h ~ a_h*int_h + p_h*int_w\n"
        "k_w := p_w/a_w\nk_h := p_h/a_h\ngap := k_w - k_h"
    ),
    "alike partners": (
        "sat_w ~ a*int_w + p*int_h\nsat_h ~ a*int_h + p*int_w\n"
        "int_w ~~ vx*int_w\nint_h ~~ vx*int_h\nsat_w ~~ vy*sat_w\nsat_h ~~ vy*sat_h\n"
        "int_w ~~ int_h\nsat_w ~~ sat_h\n"
        "int_w ~ mx*1\nint_h ~ mx*1\nsat_w ~ my*1\nsat_h ~ my*1"
    ),
    "two mediators": (
        "m_w + m_h ~ x_w + x_h\ny_w ~ b11*m_w + b12*m_h + c1*x_w + x_h\n"
        "y_h ~ b22*m_h + b21*m_w + c2*x_h + x_w\nm_w ~~ m_h\n"
        "b11 == b22\nb12 - b21 == 0\nc1 > -5\n-c2 < +4\nt := exp(b11) + b12^2 - sqrt(1 + c1^2)/2"
    ),
    "factors": (
        "f =~ x1 + l*x2 + x3\ng =~ NA*y1 + l*y2 + start(0.8)*y3 + y3\ng ~~ 1*g\n"
        "x1 ~~ y1 + x2\nf ~ z + start(-0.25)*w\nx3 ~~ 0.5*x3\ng ~ 0.25*1"
    ),
    "common fate": (
        "fx =~ 1*x_w + 1*x_h\nfy =~ 1*y_w + 1*y_h\nfy ~ b*fx\nx_w ~~ y_w\nx_h ~~ y_h\n"
        "fx ~ 1\nfy ~ 1\nx_w ~ 0\nx_h + y_w + y_h ~ 0*1"
    ),
    "two groups": (
        "y ~ c(a1, a2)*x + c(0.5, NA)*z + c(b, b)*w + start(c(0.1, 0.2))*w\n"
        'f =~ u1 + c("", l)*u2 + u3\ny ~ c(m1, m2)*1\nd := a1 - a2\na1 + a2 < 9'
    ),
}
