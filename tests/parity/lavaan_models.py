"""The model texts of the reference folder, as its R scripts built them."""

from __future__ import annotations

from typing import Literal

Level = Literal["configural", "loading", "intercept", "residual", "indist"]
LEVELS: tuple[Level, ...] = ("configural", "loading", "intercept", "residual", "indist")

APIM = """
Sat_w ~ aw*OP_w + pwh*OP_h
Sat_h ~ ah*OP_h + phw*OP_w
OP_w ~~ OP_h
Sat_w ~~ Sat_h
kw := pwh/aw
kh := phw/ah
a_diff := aw-ah
p_diff := pwh-phw
sumw := aw+pwh
diffw := aw-pwh
"""

# The script replaced the labels in the definitions too, and cut the text off where k began.
EQUAL_EFFECTS = """
Sat_w ~ a*OP_w + p*OP_h
Sat_h ~ a*OP_h + p*OP_w
OP_w ~~ OP_h
Sat_w ~~ Sat_h
"""

INDISTINGUISHABLE = """
Sat_w ~ a*OP_w + p*OP_h
Sat_h ~ a*OP_h + p*OP_w
OP_w ~~ vx*OP_w
OP_h ~~ vx*OP_h
Sat_w ~~ vy*Sat_w
Sat_h ~~ vy*Sat_h
OP_w ~~ OP_h
Sat_w ~~ Sat_h
OP_w ~ mx*1
OP_h ~ mx*1
Sat_w ~ my*1
Sat_h ~ my*1
"""

MEDIATION = """
Ten_w ~ a11*OP_w + a12*OP_h
Ten_h ~ a22*OP_h + a21*OP_w
Sat_w ~ b11*Ten_w + b12*Ten_h + c11*OP_w + c12*OP_h
Sat_h ~ b22*Ten_h + b21*Ten_w + c22*OP_h + c21*OP_w
OP_w ~~ OP_h
Ten_w ~~ Ten_h
Sat_w ~~ Sat_h
ie_w_AA := a11*b11
ie_w_PP := a21*b12
ie_w_actor_total := a11*b11 + a21*b12
ie_w_AP := a12*b11
ie_w_PA := a22*b12
ie_w_partner_total := a12*b11 + a22*b12
te_w_actor := c11 + a11*b11 + a21*b12
te_w_partner := c12 + a12*b11 + a22*b12
ie_h_AA := a22*b22
ie_h_PP := a12*b21
ie_h_actor_total := a22*b22 + a12*b21
ie_h_AP := a21*b22
ie_h_PA := a11*b21
ie_h_partner_total := a21*b22 + a11*b21
te_h_actor := c22 + a22*b22 + a12*b21
te_h_partner := c21 + a21*b22 + a11*b21
"""

MEDIATION_INDISTINGUISHABLE = """
Ten_w ~ aa*OP_w + ap*OP_h
Ten_h ~ aa*OP_h + ap*OP_w
Sat_w ~ ba*Ten_w + bp*Ten_h + ca*OP_w + cp*OP_h
Sat_h ~ ba*Ten_h + bp*Ten_w + ca*OP_h + cp*OP_w
OP_w ~~ vx*OP_w
OP_h ~~ vx*OP_h
Ten_w ~~ vm*Ten_w
Ten_h ~~ vm*Ten_h
Sat_w ~~ vy*Sat_w
Sat_h ~~ vy*Sat_h
OP_w ~~ OP_h
Ten_w ~~ Ten_h
Sat_w ~~ Sat_h
OP_w ~ mx*1
OP_h ~ mx*1
Ten_w ~ mm*1
Ten_h ~ mm*1
Sat_w ~ my*1
Sat_h ~ my*1
ie_actor := aa*ba + ap*bp
ie_partner := ap*ba + aa*bp
te_actor := ca + aa*ba + ap*bp
te_partner := cp + ap*ba + aa*bp
kx := ap/aa
kb := bp/ba
"""

HOLZINGER = """
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
"""

SURFACE = """
Z ~ b1*X + b2*Y + b3*X2 + b4*XY + b5*Y2
a1 := b1+b2
a2 := b3+b4+b5
a3 := b1-b2
a4 := b3-b4+b5
a5 := b3-b5
"""
SQUARED_DIFFERENCE = SURFACE + "b1 == 0\nb2 == 0\nb3 == b5\nb4 == -2*b5\n"
RISING_RIDGE = SURFACE + "b3 == b5\nb4 == -2*b5\n"

DYADIC_SURFACE = """
Sat_w ~ w1*X + w2*Y + w3*X2 + w4*XY + w5*Y2
Sat_h ~ h1*X + h2*Y + h3*X2 + h4*XY + h5*Y2
Sat_w ~~ Sat_h
a1w := w1+w2
a2w := w3+w4+w5
a3w := w1-w2
a4w := w3-w4+w5
a1h := h1+h2
a2h := h3+h4+h5
a3h := h1-h2
a4h := h3-h4+h5
"""


def pattern(condition: str) -> str:
    """Return the indistinguishable model under a condition on actor and partner effect."""
    return f"{INDISTINGUISHABLE}{condition}\n"


def common_fate(outcome: str, *, indistinguishable: bool) -> str:
    """Return the common-fate model: a couple's latent variable with both loadings 1."""
    text = f"""
F_OP =~ 1*OP_w + 1*OP_h
F_{outcome} =~ 1*{outcome}_w + 1*{outcome}_h
F_{outcome} ~ F_OP
"""
    if not indistinguishable:
        return f"{text}OP_w ~~ {outcome}_w\nOP_h ~~ {outcome}_h\n"
    lines = [f"OP_{role} ~~ cc*{outcome}_{role}" for role in "wh"]
    for name, variance in (("OP", "ex"), (outcome, "ey")):
        lines += [f"{name}_{role} ~~ {variance}*{name}_{role}" for role in "wh"]
    for name, mean in (("OP", "mx"), (outcome, "my")):
        lines += [f"{name}_{role} ~ {mean}*1" for role in "wh"]
    return text + "\n".join(lines) + "\n"


def dyadic_cfa(
    first: tuple[str, ...], second: tuple[str, ...], *, latent: str = "F", level: Level
) -> str:
    """Return one latent variable a partner, same items, residuals of an item covary."""
    numbers = range(1, len(first) + 1)
    lines = []
    for at, (side, items) in enumerate((("a", first), ("b", second)), start=1):
        suffix = side if level == "configural" else ""
        terms = [f"1*{items[0]}"]
        terms += [f"l{latent}{i}{suffix}*{x}" for i, x in zip(numbers, items, strict=True)][1:]
        lines.append(f"{latent}{at} =~ {' + '.join(terms)}")
    lines += [f"{x} ~~ {y}" for x, y in zip(first, second, strict=True)]
    lines.append(f"{latent}1 ~~ {latent}2")
    if level in ("intercept", "residual", "indist"):
        for items in (first, second):
            lines += [f"{x} ~ i{latent}{i}*1" for i, x in zip(numbers, items, strict=True)]
        lines += [f"{latent}1 ~ 0*1", f"{latent}2 ~ {'0*' if level == 'indist' else ''}1"]
    if level in ("residual", "indist"):
        for items in (first, second):
            lines += [f"{x} ~~ r{latent}{i}*{x}" for i, x in zip(numbers, items, strict=True)]
    if level == "indist":
        lines += [f"{latent}{at} ~~ v{latent}*{latent}{at}" for at in (1, 2)]
    return "\n".join(lines) + "\n"


def saturated_indistinguishable(
    first: tuple[str, ...], second: tuple[str, ...], *, null: bool
) -> str:
    """Return the saturated (or the null) model of indistinguishable partners."""
    lines = []
    for i, (x, y) in enumerate(zip(first, second, strict=True), start=1):
        lines += [f"{x} ~~ v{i}*{x}", f"{y} ~~ v{i}*{y}", f"{x} ~ m{i}*1", f"{y} ~ m{i}*1"]
        lines += [] if null else [f"{x} ~~ {y}"]
    for i in range(0 if null else len(first)):
        for j in range(i + 1, len(first)):
            within, between = f"w{i + 1}_{j + 1}", f"b{i + 1}_{j + 1}"
            lines += [
                f"{first[i]} ~~ {within}*{first[j]}",
                f"{second[i]} ~~ {within}*{second[j]}",
                f"{first[i]} ~~ {between}*{second[j]}",
                f"{second[i]} ~~ {between}*{first[j]}",
            ]
    return "\n".join(lines) + "\n"


def latent_apim(
    x: tuple[tuple[str, ...], tuple[str, ...]],
    y: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    level: Level,
) -> str:
    """Return the actor-partner model of two latent variables a partner."""
    return (
        dyadic_cfa(*x, latent="X", level=level)
        + dyadic_cfa(*y, latent="Y", level=level)
        + "Y1 ~ a1*X1 + p1*X2\nY2 ~ a2*X2 + p2*X1\n"
        + "k1 := p1/a1\nk2 := p2/a2\nadiff := a1-a2\npdiff := p1-p2\n"
    )


def observed_apim(x: str, y: str, *, indistinguishable: bool) -> str:
    """Return the actor-partner model of composites `<x>_1`, `<x>_2`, `<y>_1`, `<y>_2`."""
    joint = f"{x}_1 ~~ {x}_2\n{y}_1 ~~ {y}_2\n"
    if not indistinguishable:
        return (
            f"{y}_1 ~ a1*{x}_1 + p12*{x}_2\n{y}_2 ~ a2*{x}_2 + p21*{x}_1\n{joint}"
            "k1 := p12/a1\nk2 := p21/a2\nadiff := a1-a2\npdiff := p12-p21\n"
        )
    lines = [f"{y}_1 ~ a*{x}_1 + p*{x}_2", f"{y}_2 ~ a*{x}_2 + p*{x}_1"]
    lines += [f"{v}_{s} ~~ v{t}*{v}_{s}" for v, t in ((x, "x"), (y, "y")) for s in (1, 2)]
    lines += [f"{v}_{s} ~ m{t}*1" for v, t in ((x, "x"), (y, "y")) for s in (1, 2)]
    return "\n".join(lines) + f"\n{joint}k := p/a\n"


def one_factor(items: tuple[str, ...]) -> str:
    """Return one latent variable of variance 1; the script names the first item twice."""
    return f"f =~ NA*{items[0]} + {' + '.join(items)}\nf ~~ 1*f\n"
