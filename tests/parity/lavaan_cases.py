"""The grid of lavaan's reference fits: which data, which model, which options.

A case is data about a question; nothing in this file fits anything but `fitted`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from tests.parity import lavaan_models as texts

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference"
FILES = ("acitelli", "dysem_commitmentm", "dysem_dres", "r_builtin", "rsa")
Kind = Literal["fit", "measures", "one_factor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LavaanCase:
    """One reference fit and how this package asks the same question.

    Attributes:
        file: Stem of the reference file.
        path: Keys that lead to the entry under "models".
        frame: Name of the prepared data in `FRAMES`.
        text: The model.
        estimator: "ML" or "MLR".
        fiml: Whether couples with gaps are used.
        fixed_x: As given to lavaan.
        means: Whether means are in the model.
        groups: Column of the groups; "" for one group.
        group_equal: lavaan's `group.equal`.
        kind: "fit" for a whole fit, "measures" for a few fit measures, "one_factor" for loadings
            and residual variances of a one-factor model.
    """

    file: str
    path: tuple[str, ...]
    frame: str
    text: str
    estimator: Literal["ML", "MLR"] = "ML"
    fiml: bool = False
    fixed_x: bool = True
    means: bool = True
    groups: str = ""
    group_equal: tuple[str, ...] = ()
    kind: Kind = "fit"

    @property
    def name(self) -> str:
        """Return the case's name in the tests."""
        return ".".join((self.file, *self.path))

    @property
    def standard_errors(self) -> Literal["expected", "observed", "robust"]:
        """Return lavaan's default for the estimator and the missing values."""
        if self.estimator == "MLR":
            return "robust"
        return "observed" if self.fiml else "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceCase:
    """A difference test between two fits: keys of the entry and names of the two cases."""

    file: str
    path: tuple[str, ...]
    smaller: str
    larger: str

    @property
    def name(self) -> str:
        """Return the case's name in the tests."""
        return ".".join((self.file, *self.path))


def _acitelli() -> Iterator[LavaanCase]:
    def case(key: str, text: str, *, fixed_x: bool = False, robust: bool = False) -> LavaanCase:
        return LavaanCase(
            file="acitelli",
            path=(key,),
            frame="acitelli_wide",
            text=text,
            fixed_x=fixed_x,
            estimator="MLR" if robust else "ML",
        )

    yield case("sem_apim_dist_ml", texts.APIM)
    yield case("sem_apim_indist_ml", texts.INDISTINGUISHABLE + "k := p/a\n")
    yield case("sem_apim_equal_effects", texts.EQUAL_EFFECTS)
    yield case("sem_k_actor_only", texts.pattern("p == 0"))
    yield case("sem_k_couple", texts.pattern("p == a"))
    yield case("sem_k_contrast", texts.pattern("p == -1*a"))
    yield case("sem_apim_dist_mlr", texts.APIM, robust=True)
    yield case("sem_apim_indist_mlr", texts.INDISTINGUISHABLE + "k := p/a\n", robust=True)
    yield case("apimem_dist_ml", texts.MEDIATION)
    yield case("apimem_indist_ml", texts.MEDIATION_INDISTINGUISHABLE)
    for key, outcome in (("common_fate", "Sat"), ("common_fate_tension", "Ten")):
        indist = f"{key}_indist"
        plain = "common_fate_dist" if outcome == "Sat" else key
        text = texts.common_fate(outcome, indistinguishable=False)
        yield case(plain, text, fixed_x=True)
        text = texts.common_fate(outcome, indistinguishable=True)
        yield case(indist, text, fixed_x=True)


Items = tuple[tuple[str, ...], tuple[str, ...]]


def _items(pattern: str, n: int) -> Items:
    return (
        tuple(pattern.format(i=i, s="f" if "_{s}" in pattern else 1) for i in range(1, n + 1)),
        tuple(pattern.format(i=i, s="m" if "_{s}" in pattern else 2) for i in range(1, n + 1)),
    )


SCALES: dict[str, dict[str, Items]] = {
    "dysem_commitmentm": {"com": _items("com{i}_{s}", 5), "sat": _items("sat.g{i}_{s}", 5)},
    "dysem_dres": {"prq": _items("PRQC_{i}.{s}", 9), "sex": _items("sexsat{i}.{s}", 5)},
}


def _estimator(name: str) -> Literal["ML", "MLR"]:
    return "MLR" if name.upper() == "MLR" else "ML"


def _ladder(file: str, key: str, frame: str, items: Items, form: str) -> Iterator[LavaanCase]:
    for level in texts.LEVELS:
        yield LavaanCase(
            file=file,
            path=(f"invariance_{key}_{form}", level),
            frame=frame,
            text=texts.dyadic_cfa(*items, level=level),
            estimator=_estimator(form),
            fiml=True,
        )


def _apims(file: str, key: str, frame: str, x: str, y: str) -> Iterator[LavaanCase]:
    for estimator in ("ML", "MLR"):
        for form in ("dist", "indist"):
            yield LavaanCase(
                file=file,
                path=(f"apim_{key}_{estimator}", form),
                frame=frame,
                text=texts.observed_apim(x, y, indistinguishable=form == "indist"),
                estimator=_estimator(estimator),
                fiml=True,
                fixed_x=False,
            )


def _dysem(file: str, x: str, y: str) -> Iterator[LavaanCase]:
    scales = SCALES[file]
    for key, items in scales.items():
        for at, side in enumerate(items, start=1):
            yield _one_factor(file, f"reliability_{key}_p{at}", file, side)
        for form in ("fiml", "mlr"):
            yield from _ladder(file, key, file, items, form)
        for form, null in (("I_SAT", False), ("I_NULL", True)):
            yield LavaanCase(
                file=file,
                path=(f"isat_{key}", form),
                frame=file,
                text=texts.saturated_indistinguishable(*items, null=null),
                fiml=True,
                kind="measures",
            )
    yield from _apims(file, f"{x}_to_{y}", file, x, y)
    yield LavaanCase(
        file=file,
        path=(f"apim_{x}_to_{y}_listwise",),
        frame=file,
        text=texts.observed_apim(x, y, indistinguishable=False),
        fixed_x=False,
    )
    for level in texts.LEVELS[:3]:
        yield LavaanCase(
            file=file,
            path=(f"latent_apim_{x}_to_{y}_{level}",),
            frame=file,
            text=texts.latent_apim(scales[x], scales[y], level=level),
            fiml=True,
        )


def _keyed() -> Iterator[LavaanCase]:
    file, frame = "dysem_commitmentm", "dysem_commitmentm_keyed"
    items = SCALES[file]["com"]
    for role, side in zip("fm", items, strict=True):
        yield _one_factor(file, f"reliability_com_keyed_{role}", frame, side)
    yield from _ladder(file, "com_keyed", frame, items, "fiml")
    yield from _apims(file, "comkeyed_to_sat", frame, "com", "sat")


def _one_factor(file: str, key: str, frame: str, items: tuple[str, ...]) -> LavaanCase:
    return LavaanCase(
        file=file,
        path=(key,),
        frame=frame,
        text=texts.one_factor(items),
        fiml=True,
        kind="one_factor",
    )


def _builtin() -> Iterator[LavaanCase]:
    for letter in "ACENO":
        items = tuple(f"{letter}{i}" for i in range(1, 6))
        for form in ("unkeyed", "keyed"):
            frame = "r_bfi" if form == "unkeyed" else "r_bfi_keyed"
            yield _one_factor("r_builtin", f"bfi_{letter}_{form}", frame, items)
    for key, estimator, fiml in (
        ("hs_cfa_ml", "ML", False),
        ("hs_cfa_mlr", "MLR", False),
        ("hs_cfa_fiml", "ML", True),
        ("hs_cfa_fiml_mlr", "MLR", True),
    ):
        yield LavaanCase(
            file="r_builtin",
            path=(key,),
            frame="r_hs1939_missing" if fiml else "r_hs1939",
            text=texts.HOLZINGER,
            estimator=_estimator(estimator),
            fiml=fiml,
            means=key != "hs_cfa_ml",
        )
    equal = ("loadings", "intercepts", "residuals")
    for at, key in enumerate(("none", *equal)):
        yield LavaanCase(
            file="r_builtin",
            path=(f"hs_mg_{key}",),
            frame="r_hs1939",
            text=texts.HOLZINGER,
            groups="school",
            group_equal=equal[:at],
        )


def _surfaces() -> Iterator[LavaanCase]:
    for key in ("motcon2_IM_EM_VA", "motcon_ePow_iPow"):
        for form, text in (
            ("lavaan_ml", texts.SURFACE),
            ("lavaan_mlr", texts.SURFACE),
            ("sqd", texts.SQUARED_DIFFERENCE),
            ("rising_ridge", texts.RISING_RIDGE),
        ):
            yield LavaanCase(
                file="rsa",
                path=(key, form),
                frame=key,
                text=text,
                estimator=_estimator(form.removeprefix("lavaan_")),
            )
    yield LavaanCase(
        file="rsa",
        path=("acitelli_drsa_ml",),
        frame="acitelli_surface",
        text=texts.DYADIC_SURFACE,
    )


CASES: dict[str, LavaanCase] = {
    case.name: case
    for cases in (
        _acitelli(),
        _dysem("dysem_commitmentm", "com", "sat"),
        _keyed(),
        _dysem("dysem_dres", "prq", "sex"),
        _builtin(),
        _surfaces(),
    )
    for case in cases
}


def _differences() -> Iterator[DifferenceCase]:
    def of(file: str, path: tuple[str, ...], smaller: str, larger: str) -> DifferenceCase:
        return DifferenceCase(
            file=file, path=path, smaller=f"{file}.{smaller}", larger=f"{file}.{larger}"
        )

    for key, smaller, larger in (
        ("sem_distinguishability", "sem_apim_indist_ml", "sem_apim_dist_ml"),
        ("lrt_equal_effects", "sem_apim_equal_effects", "sem_apim_dist_ml"),
        ("lrt_mlr_satorra_bentler", "sem_apim_indist_mlr", "sem_apim_dist_mlr"),
        ("apimem_distinguishability", "apimem_indist_ml", "apimem_dist_ml"),
    ):
        yield of("acitelli", (key,), smaller, larger)
    for key in ("motcon2_IM_EM_VA", "motcon_ePow_iPow"):
        yield of("rsa", (key, "lrt_sqd"), f"{key}.sqd", f"{key}.lavaan_ml")
        yield of("rsa", (key, "lrt_rr"), f"{key}.rising_ridge", f"{key}.lavaan_ml")
    ladders = {(case.file, case.path[0]) for case in CASES.values() if len(case.path) == 2}
    for file, key in sorted(ladders):
        if key.startswith("invariance_"):
            for larger, smaller in zip(texts.LEVELS, texts.LEVELS[1:], strict=False):
                path = (key, f"lrt_{smaller}_vs_{larger}")
                yield of(file, path, f"{key}.{smaller}", f"{key}.{larger}")
        if key.startswith("apim_"):
            yield of(file, (key, "distinguishability"), f"{key}.indist", f"{key}.dist")


DIFFERENCES: dict[str, DifferenceCase] = {case.name: case for case in _differences()}


@cache
def reference_file(stem: str) -> dict[str, Any]:
    """Return a file of expected results."""
    path = REFERENCE / "expected" / f"{stem}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def reference_of(case: LavaanCase | DifferenceCase) -> dict[str, Any]:
    """Return what lavaan made of a case."""
    found: dict[str, Any] = reference_file(case.file)["models"]
    for key in case.path:
        found = found[key]
    return found


def entries(file: str) -> Iterator[str]:
    """Yield the name of everything lavaan made in a file."""

    def walk(path: tuple[str, ...], entry: object) -> Iterator[str]:
        if not isinstance(entry, dict):
            return
        by_lavaan = entry.get("engine") == "lavaan" or "omega_1f_cfa_fiml" in entry
        if by_lavaan or "chisq_diff" in entry or "npar" in entry:
            yield ".".join((file, *path))
            return
        for key, value in entry.items():
            yield from walk((*path, key), value)

    yield from walk((), reference_file(file)["models"])


@cache
def fitted(name: str) -> PathModelResult:
    """Return this package's fit of a case."""
    case = CASES[name]
    return fit_path_model(
        case.text,
        frame_of(case.frame),
        missing="fiml" if case.fiml else "listwise",
        standard_errors=case.standard_errors,
        groups=case.groups or None,
        group_equal=case.group_equal,
        fixed_x=case.fixed_x,
        means=case.means,
    )


@cache
def frame_of(name: str) -> pd.DataFrame:
    """Return a case's data, with the columns R's scripts made."""
    return FRAMES[name]()


def _read(stem: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{stem}.csv")


def _with_composites(stem: str, rows: pd.DataFrame) -> pd.DataFrame:
    # Listwise means: a couple with a gap in the items has no composite.
    new = {
        f"{key}_{at}": rows[list(side)].mean(axis=1, skipna=False)
        for key, items in SCALES[stem].items()
        for at, side in enumerate(items, start=1)
    }
    return rows.assign(**new)


def _keyed_commitment() -> pd.DataFrame:
    rows = _read("dysem_commitmentm")
    reverse = [f"com{i}_{role}" for i in (3, 4) for role in "fm"]
    return _with_composites("dysem_commitmentm", rows.assign(**{c: 10 - rows[c] for c in reverse}))


def _keyed_bfi() -> pd.DataFrame:
    rows = _read("r_bfi")
    reverse = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
    return rows.assign(**{item: 7 - rows[item] for item in reverse})


def _surface(rows: pd.DataFrame, x: str, y: str, z: str) -> pd.DataFrame:
    named = pd.DataFrame({"X": rows[x], "Y": rows[y], "Z": rows[z]})
    return named.assign(X2=named.X**2, XY=named.X * named.Y, Y2=named.Y**2)


def _acitelli_surface() -> pd.DataFrame:
    rows = _read("acitelli_wide").assign(zero=0.0)
    centered = rows.assign(OP_w=rows["OP_w"] - 4.25, OP_h=rows["OP_h"] - 4.25)
    return _surface(centered, "OP_w", "OP_h", "zero").assign(
        Sat_w=rows["Sat_w"], Sat_h=rows["Sat_h"]
    )


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "acitelli_wide": lambda: _read("acitelli_wide"),
    "acitelli_surface": _acitelli_surface,
    "dysem_commitmentm": lambda: _with_composites("dysem_commitmentm", _read("dysem_commitmentm")),
    "dysem_commitmentm_keyed": _keyed_commitment,
    "dysem_dres": lambda: _with_composites("dysem_dres", _read("dysem_dres")),
    "r_bfi": lambda: _read("r_bfi"),
    "r_bfi_keyed": _keyed_bfi,
    "r_hs1939": lambda: _read("r_hs1939"),
    "r_hs1939_missing": lambda: _read("r_hs1939_missing"),
    "motcon2_IM_EM_VA": lambda: _surface(_read("rsa_motcon2"), "IM", "EM", "VA"),
    "motcon_ePow_iPow": lambda: _surface(_read("rsa_motcon"), "ePow", "iPow", "postVA"),
}
