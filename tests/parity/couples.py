"""Synthetic couples for the project's own parity set, and the texts lavaan and the engine fit.

python -m tests.parity.couples     writes data/couples.csv anew, from the seed below.

The numbers mean nothing about real couples: they are drawn so that every path, residual
covariance and group difference is there, with skewed disturbances for the robust methods.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

COUPLES = Path(__file__).with_name("data") / "couples.csv"
N_COUPLES = 335
ROLES = ("wife", "husband")
SCALES = tuple(
    f"{stem}_{role}" for stem in ("talk", "sexual", "emotional", "happy") for role in ROLES
)
ITEMS = tuple(
    f"{stem}{i}_{role}"
    for stem, n in (("near", 4), ("glad", 3))
    for role in ROLES
    for i in range(1, n + 1)
)


def simulate(seed: int = 335) -> pd.DataFrame:
    """Return couples with scales, items and a group, rounded to 3 decimals."""
    rng = np.random.default_rng(seed)
    n = N_COUPLES
    late = np.arange(n) % 5 < 2

    def pair(correlation: float, spread: tuple[float, float]) -> list[np.ndarray]:
        # Skewed: a normal part and a centered exponential one.
        shared = rng.normal(size=n)
        own = rng.normal(size=(2, n)) + (rng.exponential(size=(2, n)) - 1)
        mixed = np.sqrt(correlation) * shared + np.sqrt((1 - correlation) / 2) * own
        return [mixed[i] * spread[i] for i in (0, 1)]

    talk = [4.6 + part for part in pair(0.4, (1.0, 0.9))]
    slope = np.where(late, 0.35, 0.5)
    sexual = [
        2.0 + slope * talk[i] + 0.2 * talk[1 - i] + part
        for i, part in enumerate(pair(0.35, (0.9, 1.0)))
    ]
    emotional = [
        1.5 + 0.4 * talk[i] + 0.1 * talk[1 - i] + 0.25 * sexual[i] + 0.12 * sexual[1 - i] + part
        for i, part in enumerate(pair(0.3, (0.8, 0.8)))
    ]
    happy = [
        0.5 + 0.3 * emotional[i] + 0.15 * emotional[1 - i] + 0.2 * sexual[i] + 0.1 * talk[i] + part
        for i, part in enumerate(pair(0.3, (0.7, 0.9)))
    ]
    columns: dict[str, object] = {"cohort": np.where(late, "late", "early")}
    for stem, parts in zip(
        ("talk", "sexual", "emotional", "happy"), (talk, sexual, emotional, happy), strict=True
    ):
        columns |= {f"{stem}_{role}": part for role, part in zip(ROLES, parts, strict=True)}
    for stem, parts, loadings in (
        ("near", emotional, (1.0, 0.9, 1.1, 0.7)),
        ("glad", happy, (1.0, 1.2, 0.8)),
    ):
        noises = [pair(0.2, (0.8, 0.7)) for _ in loadings]
        for at, role in enumerate(ROLES):
            for i, (loading, noise) in enumerate(zip(loadings, noises, strict=True), start=1):
                columns[f"{stem}{i}_{role}"] = 0.3 * i + loading * parts[at] + noise[at]
    return pd.DataFrame(columns).round(3)


@cache
def couples() -> pd.DataFrame:
    """Return the couples of data/couples.csv, complete."""
    return pd.read_csv(COUPLES)


@cache
def couples_with_gaps() -> pd.DataFrame:
    """Return the same couples without a tenth of the cells, taken out by arithmetic."""
    rows = couples()
    i, j = np.indices((len(rows), len(SCALES + ITEMS)))
    gone = ((i + 1) * 7919 + (j + 1) * 104729 + i * j * 31) % 97 < 10
    gaps = rows.copy()
    gaps[list(SCALES + ITEMS)] = rows[list(SCALES + ITEMS)].mask(gone)
    return gaps


FRAMES = {"couples": couples, "gaps": couples_with_gaps}

_MOMENTS = """
talk_wife ~~ talk_husband
happy_wife ~~ happy_husband
"""

# Without paths from talk to happy: 4 degrees of freedom.
PARALLEL = f"""
sexual_wife ~ as_w*talk_wife + ps_w*talk_husband
sexual_husband ~ as_h*talk_husband + ps_h*talk_wife
emotional_wife ~ ae_w*talk_wife + pe_w*talk_husband
emotional_husband ~ ae_h*talk_husband + pe_h*talk_wife
happy_wife ~ bs_w*sexual_wife + qs_w*sexual_husband +
    be_w*emotional_wife + qe_w*emotional_husband
happy_husband ~ bs_h*sexual_husband + qs_h*sexual_wife +
    be_h*emotional_husband + qe_h*emotional_wife
sexual_wife ~~ sexual_husband + emotional_wife + emotional_husband
sexual_husband ~~ emotional_wife + emotional_husband
emotional_wife ~~ emotional_husband
{_MOMENTS}
via_sexual_w := as_w*bs_w + ps_h*qs_w
via_emotional_w := ae_w*be_w + pe_h*qe_w
via_sexual_h := as_h*bs_h + ps_w*qs_h
via_emotional_h := ae_h*be_h + pe_w*qe_h
d_w := via_sexual_w - via_emotional_w
ratio_w := ps_w/as_w
"""

# Every path there can be: saturated.
SATURATED = PARALLEL + "happy_wife + happy_husband ~ talk_wife + talk_husband\n"

# sexual before emotional; no direct paths from talk and no partner's path in the last step.
SERIAL = f"""
sexual_wife ~ as_w*talk_wife + ps_w*talk_husband
sexual_husband ~ as_h*talk_husband + ps_h*talk_wife
emotional_wife ~ de_w*sexual_wife + pde_w*sexual_husband + talk_wife
emotional_husband ~ de_h*sexual_husband + pde_h*sexual_wife + talk_husband
happy_wife ~ be_w*emotional_wife + sexual_wife
happy_husband ~ be_h*emotional_husband + sexual_husband
sexual_wife ~~ sexual_husband
emotional_wife ~~ emotional_husband
{_MOMENTS}
chain_w := as_w*de_w*be_w
chain_h := as_h*de_h*be_h
d_chain := exp(log(chain_w)) - chain_h
"""

GROUPS = f"""
sexual_wife ~ c(a, a)*talk_wife + c(pe, pl)*talk_husband
sexual_husband ~ c(ah, ah)*talk_husband + talk_wife
happy_wife ~ c(be, bl)*sexual_wife + talk_wife
happy_husband ~ sexual_husband + talk_husband
sexual_wife ~~ sexual_husband
{_MOMENTS}
d_p := pe - pl
i_early := a*be
"""

LATENT = """
near_w =~ near1_wife + near2_wife + near3_wife + near4_wife
near_h =~ near1_husband + near2_husband + near3_husband + near4_husband
glad_w =~ glad1_wife + glad2_wife + glad3_wife
glad_h =~ glad1_husband + glad2_husband + glad3_husband
near1_wife ~~ near1_husband
near2_wife ~~ near2_husband
near3_wife ~~ near3_husband
near4_wife ~~ near4_husband
glad_w ~ a_w*near_w + p_w*near_h
glad_h ~ a_h*near_h + p_h*near_w
near_w + near_h ~ talk_wife + talk_husband
k_w := p_w/a_w
"""

# Unit variances instead of marker items, loadings equal across partners, latent means of husbands.
LATENT_EQUAL = """
near_w =~ NA*near1_wife + l1*near1_wife + l2*near2_wife + l3*near3_wife + l4*near4_wife
near_h =~ NA*near1_husband + l1*near1_husband + l2*near2_husband +
    l3*near3_husband + l4*near4_husband
near_w ~~ 1*near_w
near_w ~~ r*near_h
near1_wife + near1_husband ~ i1*1
near2_wife + near2_husband ~ i2*1
near3_wife + near3_husband ~ i3*1
near4_wife + near4_husband ~ i4*1
near_h ~ 1
near1_wife ~~ near1_husband
near2_wife ~~ near2_husband
"""

MUTUAL = """
happy_wife ~ a_w*talk_wife + m_w*happy_husband
happy_husband ~ a_h*talk_husband + m_h*happy_wife
"""

# One variable that predicts both outcomes; fitted with slopes and intercepts equal across groups.
SHARED = """
happy_wife ~ talk_wife + sexual_wife
happy_husband ~ talk_husband + sexual_wife
"""

# A predictor that the text lets covary is no longer taken as given, so these do not.
PARALLEL_GIVEN = PARALLEL.replace("talk_wife ~~ talk_husband\n", "")
GROUPS_GIVEN = GROUPS.replace("talk_wife ~~ talk_husband\n", "")

if __name__ == "__main__":
    COUPLES.parent.mkdir(exist_ok=True)
    simulate().to_csv(COUPLES, index=False, lineterminator="\n")
