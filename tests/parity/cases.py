"""The grid of reference fits: which data, which model, under which name R printed it.

A case is data about a question; nothing in this file fits anything. `FRAMES` prepares columns
exactly as the R scripts of the reference folder do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from intimacy_analysis.mixed.spec import MixedModelSpec
from tests.mixed.dense_oracle import DenseModel

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One reference fit and how this package asks the same question.

    Attributes:
        file: Stem of the reference file.
        key: The model's key in it.
        frame: Name of the prepared data in `FRAMES`.
        random: Random terms; "0" for none.
        blocks: True where the reference keeps the random terms uncorrelated.
    """

    file: str
    key: str
    frame: str
    fixed: str
    random: str
    group: str
    residuals: Literal["independent", "ar1", "car1"] = "independent"
    time: str | None = None
    criterion: Literal["reml", "ml"] = "reml"
    blocks: bool = False
    rename: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the case's name in the tests."""
        return f"{self.file}.{self.key}"

    @property
    def random_terms(self) -> tuple[str, ...]:
        """Return the random terms as the engine names them."""
        if self.random == "0":
            return ()
        terms = tuple(term.strip() for term in self.random.split("+"))
        return tuple("Intercept" if term == "1" else term for term in terms)

    @property
    def spec(self) -> MixedModelSpec:
        """Return the question in this package's words."""
        blocks = ("1" if term == "Intercept" else f"0 + {term}" for term in self.random_terms)
        return MixedModelSpec(
            fixed=self.fixed,
            random=tuple(blocks) if self.blocks else self.random,
            group=self.group,
            residuals=self.residuals,
            time=self.time,
            criterion=self.criterion,
        )

    def our_name(self, theirs: str, known: tuple[str, ...]) -> str:
        """Return the engine's name of a coefficient as R spells it."""
        plain = self.rename.get(theirs, theirs).replace(" ", "")
        plain = "Intercept" if plain == "(Intercept)" else plain
        parts = frozenset(plain.split(":"))
        for ours in known:
            if frozenset(ours.replace(" ", "").split(":")) == parts:
                return ours
        raise KeyError(f"{theirs!r} is none of {known}")


def _process(**rest: Any) -> Case:
    return Case(file="bl_process", frame="bl_process", group="id", **rest)


def _amib(**rest: Any) -> Case:
    return Case(file="amib", frame="amib", group="id", **rest)


BOOK = "intimacy ~ time7c + confcw + confcb"
CROSS = "intimacy ~ time7c + confcw * relqual + confcb * relqual"
STRESS = "negaff ~ day + stress_w + stress_b"
GROWTH = "intimacy ~ time01 * treatment"
SLEEP = "Reaction ~ Days"

CASES: tuple[Case, ...] = (
    _process(key="null_reml", fixed="intimacy ~ 1", random="1"),
    _process(key="null_ml", fixed="intimacy ~ 1", random="1", criterion="ml"),
    _process(key="ri_reml", fixed=BOOK, random="1"),
    _process(key="rs_reml", fixed=BOOK, random="1 + confcw"),
    _process(key="rs_ml", fixed=BOOK, random="1 + confcw", criterion="ml"),
    _process(key="rs_uncorr_reml", fixed=BOOK, random="1 + confcw", blocks=True),
    _process(key="crosslevel_reml", fixed=CROSS, random="1 + confcw"),
    _process(key="crosslevel_ml", fixed=CROSS, random="1 + confcw", criterion="ml"),
    _process(
        key="raw_conflict_reml",
        fixed="intimacy ~ time7c + conflict",
        random="1 + conflict",
    ),
    _process(key="lme_rs_ar1_reml", fixed=BOOK, random="1 + confcw", residuals="ar1", time="time"),
    _process(
        key="lme_rs_car1_reml", fixed=BOOK, random="1 + confcw", residuals="car1", time="time"
    ),
    _process(
        key="lme_crosslevel_ar1_reml",
        fixed=CROSS,
        random="1 + confcw",
        residuals="ar1",
        time="time",
    ),
    _process(
        key="lme_crosslevel_ar1_ml",
        fixed=CROSS,
        random="1 + confcw",
        residuals="ar1",
        time="time",
        criterion="ml",
    ),
    _process(
        key="gls_ar1_only_reml",
        fixed="intimacy ~ time7c + confcw",
        random="0",
        residuals="ar1",
        time="time",
    ),
    _amib(key="null_reml", fixed="negaff ~ 1", random="1"),
    _amib(key="rs_reml", fixed=STRESS, random="1 + stress_w"),
    _amib(key="rs_ml", fixed=STRESS, random="1 + stress_w", criterion="ml"),
    _amib(
        key="crosslevel_reml",
        fixed="negaff ~ stress_w * bfi_nc + stress_b * bfi_nc",
        random="1 + stress_w",
    ),
    _amib(key="growth_reml", fixed="negaff ~ day", random="1 + day"),
    _amib(key="lme_rs_ar1_reml", fixed=STRESS, random="1 + stress_w", residuals="ar1", time="day"),
    _amib(key="lme_ri_car1_reml", fixed=STRESS, random="1", residuals="car1", time="day"),
    Case(
        file="bl_other",
        key="time_growth_reml",
        frame="bl_time",
        fixed=GROWTH,
        random="1 + time01",
        group="id",
    ),
    Case(
        file="bl_other",
        key="time_growth_ml",
        frame="bl_time",
        fixed=GROWTH,
        random="1 + time01",
        group="id",
        criterion="ml",
    ),
    Case(
        file="bl_other",
        key="time_growth_ar1_reml",
        frame="bl_time",
        fixed=GROWTH,
        random="1 + time01",
        group="id",
        residuals="ar1",
        time="time",
    ),
    Case(
        file="bl_other",
        key="med_m_reml",
        frame="bl_mediation_ch9",
        fixed="m ~ x",
        random="1 + x",
        group="id",
    ),
    Case(
        file="bl_other",
        key="med_y_reml",
        frame="bl_mediation_ch9",
        fixed="y ~ x + m",
        random="1 + x + m",
        group="id",
    ),
    Case(
        file="r_builtin",
        key="sleepstudy_reml",
        frame="r_sleepstudy",
        fixed=SLEEP,
        random="1 + Days",
        group="Subject",
    ),
    Case(
        file="r_builtin",
        key="sleepstudy_ml",
        frame="r_sleepstudy",
        fixed=SLEEP,
        random="1 + Days",
        group="Subject",
        criterion="ml",
    ),
    Case(
        file="r_builtin",
        key="sleepstudy_uncorr_reml",
        frame="r_sleepstudy",
        fixed=SLEEP,
        random="1 + Days",
        group="Subject",
        blocks=True,
    ),
    Case(
        file="r_builtin",
        key="orthodont_lmer_reml",
        frame="r_orthodont",
        fixed="distance ~ age * SexFemale",
        random="1 + age",
        group="Subject",
    ),
    Case(
        file="r_builtin",
        key="ovary_ar1_reml",
        frame="r_ovary",
        fixed="follicles ~ sin(2 * pi * Time) + cos(2 * pi * Time)",
        random="1",
        group="Mare",
        residuals="ar1",
        time="scan",
    ),
    Case(
        file="r_builtin",
        key="bodyweight_car1_power_reml",
        frame="r_bodyweight",
        fixed="weight ~ Time * Diet2 + Time * Diet3",
        random="1 + Time",
        group="Rat",
        residuals="car1",
        time="Time",
    ),
)

# Entries that are no fit of one model; `test_reference_folder.py` tests them by name.
DERIVED = {
    "bl_process.lrt_random_slope_reml": "likelihood-ratio test of the random slope",
    "bl_process.slope_heterogeneity": "range of the person-specific slopes",
}

# What the engine does not fit, each with its reason; the README lists the same keys.
NOT_COVERED = {
    "bl_process.lme_het_relqual_reml": "residual variance by group (varIdent)",
    "bl_other.stacked_111_reml": "residual variance by outcome (varIdent), two stacked outcomes",
    "bl_other.logit_laplace": "logistic, not a linear mixed model",
    "bl_other.logit_agq15": "logistic, not a linear mixed model",
    "r_builtin.orthodont_varident_reml": "residual variance by sex (varIdent)",
    "r_builtin.orthodont_gls_symm_reml": "free residual correlation (corSymm) with varIdent",
    "amib.shrout_lane_components": "crossed factors: persons, days and items",
}

# Entries that are no mixed model at all: descriptions, scales, factor models, correlations.
OTHER_KINDS = {
    "bl_process.centering",
    "bl_process.statsBy",
    "amib.psych_multilevel_reliability_lmer",
    "amib.alpha_pooled",
    "amib.twolevel_cfa_omega",
    "amib.corr_pairwise",
    "amib.corr_listwise",
    *(f"r_builtin.bfi_{scale}_{form}" for scale in "ACENO" for form in ("keyed", "unkeyed")),
    "r_builtin.sat_act_corr",
    "r_builtin.hs_cfa_ml",
    "r_builtin.hs_cfa_mlr",
    "r_builtin.hs_cfa_fiml",
    "r_builtin.hs_cfa_fiml_mlr",
    "r_builtin.hs_mg_none",
    "r_builtin.hs_mg_loadings",
    "r_builtin.hs_mg_intercepts",
    "r_builtin.hs_mg_residuals",
    "r_builtin.shrout_fleiss_icc",
}

FILES = ("bl_process", "amib", "bl_other", "r_builtin")


@cache
def reference_file(stem: str) -> dict[str, Any]:
    """Return a file of expected results."""
    path = REFERENCE / "expected" / f"{stem}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def reference_of(case: Case) -> dict[str, Any]:
    """Return what R made of a case."""
    found: dict[str, Any] = reference_file(case.file)["models"][case.key]
    return found


@cache
def frame_of(name: str) -> pd.DataFrame:
    """Return a case's data, with the columns R's scripts made."""
    return FRAMES[name]()


def read(stem: str) -> pd.DataFrame:
    """Return a data file of the reference folder."""
    return pd.read_csv(REFERENCE / "data" / f"{stem}.csv")


def _amib_frame() -> pd.DataFrame:
    daily, persons = read("amib_daily"), read("amib_persons")
    person_mean = daily.groupby("id")["stress"].transform("mean")
    # Persons count equally, whatever their number of days.
    grand_mean = daily.groupby("id")["stress"].mean().mean()
    neuroticism = persons.set_index("id")["bfi_n"]
    return daily.assign(
        stress_w=daily["stress"] - person_mean,
        stress_b=person_mean - grand_mean,
        bfi_nc=daily["id"].map(neuroticism) - neuroticism.mean(),
    )


def _orthodont_frame() -> pd.DataFrame:
    rows = read("r_orthodont")
    return rows.assign(SexFemale=(rows["Sex"] == "Female").astype(float))


def _ovary_frame() -> pd.DataFrame:
    # corAR1() without a formula takes the order of a mare's rows as time.
    rows = read("r_ovary")
    return rows.assign(scan=rows.groupby("Mare").cumcount())


def _bodyweight_frame() -> pd.DataFrame:
    rows = read("r_bodyweight")
    diet = rows["Diet"].astype(str)
    return rows.assign(Diet2=(diet == "2").astype(float), Diet3=(diet == "3").astype(float))


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "bl_process": lambda: read("bl_process"),
    "amib": _amib_frame,
    "bl_time": lambda: read("bl_time"),
    "bl_mediation_ch9": lambda: read("bl_mediation_ch9"),
    "r_sleepstudy": lambda: read("r_sleepstudy"),
    "r_orthodont": _orthodont_frame,
    "r_ovary": _ovary_frame,
    "r_bodyweight": _bodyweight_frame,
}


def dense_model(case: Case) -> tuple[DenseModel, tuple[str, ...]]:
    """Return a case's rows as matrices, and the names of X's columns, without the engine."""
    from formulaic import model_matrix

    rows = frame_of(case.frame)
    outcome = case.fixed.split("~")[0].strip()
    needed = [
        column
        for column in rows.columns
        if column in (case.fixed + " " + case.random).replace("(", " ").replace(")", " ").split()
    ]
    complete = rows.dropna(subset=needed).reset_index(drop=True)
    functions = {"sin": np.sin, "cos": np.cos, "pi": np.pi}
    design = model_matrix(case.fixed.split("~")[1], complete, context=functions)
    names = tuple(str(column) for column in design.columns)
    chosen = [
        np.ones(len(complete)) if term == "Intercept" else complete[term].to_numpy(dtype=float)
        for term in case.random_terms
    ]
    model = DenseModel(
        y=complete[outcome].to_numpy(dtype=float),
        X=np.asarray(design, dtype=float),
        Z=np.column_stack(chosen) if chosen else np.empty((len(complete), 0)),
        group=complete[case.group].to_numpy(),
        time=None if case.time is None else complete[case.time].to_numpy(dtype=float),
    )
    return model, names


def reference_variances(case: Case) -> tuple[np.ndarray, float, float | None]:
    """Return R's random covariance matrix, residual variance and autocorrelation."""
    found = reference_of(case)
    terms = ["(Intercept)" if term == "Intercept" else term for term in case.random_terms]
    G = np.zeros((len(terms), len(terms)))
    for row in found.get("varcorr", ()):
        if row["grp"] == "Residual":
            continue
        i = terms.index(row["var1"])
        j = i if row["var2"] is None else terms.index(row["var2"])
        G[i, j] = G[j, i] = row["vcov"]
    for block in found.get("random_cov", {}).values():
        order = [block["rows"].index(term) for term in terms]
        G = np.array(block["values"], dtype=float)[np.ix_(order, order)]
    rho = found["cor_params"][0] if "cor_params" in found else None
    return G, found["sigma"] ** 2, rho
