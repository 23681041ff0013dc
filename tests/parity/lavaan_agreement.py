"""Hold a fit beside what lavaan printed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intimacy_analysis.paths.result import PathModelResult
from tests.parity.lavaan_cases import LavaanCase, fitted, frame_of, reference_of

ESTIMATES = 1e-5
STANDARD_ERRORS = 1e-4
INDICES = 1e-4

# lavaan's fit measures, our names, and what they are held to.
MEASURES = {
    "npar": ("n_parameters", 0.0),
    "df": ("df", 0.0),
    "df.scaled": ("df_scaled", 0.0),
    "ntotal": ("n_couples", 0.0),
    "chisq": ("chisq", INDICES),
    "pvalue": ("p_value", INDICES),
    "chisq.scaled": ("chisq_scaled", INDICES),
    "pvalue.scaled": ("p_value_scaled", INDICES),
    "chisq.scaling.factor": ("scaling_factor", INDICES),
    "baseline.chisq": ("baseline_chisq", INDICES),
    "baseline.df": ("baseline_df", 0.0),
    "baseline.pvalue": ("baseline_p_value", INDICES),
    "baseline.chisq.scaling.factor": ("baseline_scaling_factor", INDICES),
    "cfi": ("cfi", INDICES),
    "tli": ("tli", INDICES),
    "cfi.scaled": ("cfi_scaled", INDICES),
    "tli.scaled": ("tli_scaled", INDICES),
    "cfi.robust": ("cfi_robust", INDICES),
    "tli.robust": ("tli_robust", INDICES),
    "rmsea": ("rmsea", INDICES),
    "rmsea.ci.lower": ("rmsea_low", INDICES),
    "rmsea.ci.upper": ("rmsea_high", INDICES),
    "rmsea.pvalue": ("rmsea_p_close", INDICES),
    "rmsea.scaled": ("rmsea_scaled", INDICES),
    "rmsea.robust": ("rmsea_robust", INDICES),
    "srmr": ("srmr", INDICES),
    "logl": ("log_likelihood", INDICES),
    "unrestricted.logl": ("saturated_log_likelihood", INDICES),
    "aic": ("aic", INDICES),
    "bic": ("bic", INDICES),
    "bic2": ("bic_adjusted", INDICES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One number of ours beside lavaan's.

    Attributes:
        kind: "estimates", "standard errors", "standardized", "fit" or "intervals".
        quantity: Which number.
        ours: Our number.
        theirs: lavaan's.
        allowed: Largest distance that passes; relative for standard errors.
    """

    kind: str
    quantity: str
    ours: float
    theirs: float
    allowed: float

    @property
    def distance(self) -> float:
        """How far apart they are, in the terms of `allowed`."""
        if math.isnan(self.ours):
            return math.inf
        distance = abs(self.ours - self.theirs)
        if self.kind == "standard errors" and self.theirs != 0:
            return distance / abs(self.theirs)
        return distance

    @property
    def agrees(self) -> bool:
        """Whether the distance passes."""
        return self.distance <= self.allowed

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.quantity}: ours {self.ours:.12g}, lavaan's {self.theirs:.12g}, "
            f"apart {self.distance:.2g}, allowed {self.allowed:g}"
        )


def compare_fit(
    theirs: Mapping[str, Any], result: PathModelResult, groups: tuple[str, ...] = ()
) -> Iterator[Comparison]:
    """Yield every number of a lavaan fit beside ours.

    Args:
        theirs: Entry with "params" and "fit".
        result: Our fit.
        groups: Names of the groups in lavaan's order.
    """
    tables = {
        "std.all": result.standardized("all"),
        "std.lv": result.standardized("latent"),
        "std.nox": result.standardized("no_x"),
    }
    for row in theirs["params"]:
        name = result.row_name(_our_name(row, groups))
        ours = result.estimates[name]
        yield Comparison(
            kind="estimates", quantity=name, ours=ours.value, theirs=row["est"], allowed=ESTIMATES
        )
        if row.get("se") is not None:
            yield from _uncertainty(name, row, ours)
        for column, table in tables.items():
            if row.get(column) is not None:
                yield Comparison(
                    kind="standardized",
                    quantity=f"{column} of {name}",
                    ours=table[name].value,
                    theirs=row[column],
                    allowed=ESTIMATES,
                )
    yield from compare_measures(theirs["fit"], result)


def compare_measures(theirs: Mapping[str, Any], result: PathModelResult) -> Iterator[Comparison]:
    """Yield lavaan's fit measures beside ours."""
    for measure, value in theirs.items():
        if value is None or measure not in (*MEASURES, "fmin"):
            continue
        ours, allowed = MEASURES.get(measure, ("", INDICES))
        yield Comparison(
            kind="fit",
            quantity=measure,
            # lavaan's fmin is half the chi-square's function.
            ours=result.fit_indices[ours] if ours else result.fit_indices.chisq / _twice_n(result),
            theirs=value,
            allowed=allowed,
        )


def comparisons(case: LavaanCase) -> list[Comparison]:
    """Return every number of a case of the reference folder beside ours."""
    theirs, result = reference_of(case), fitted(case.name)
    if case.kind == "measures":
        return list(compare_measures(theirs, result))
    if case.kind == "one_factor":
        return list(_one_factor(theirs, result))
    groups = frame_of(case.frame)[case.groups].unique() if case.groups else ()
    return list(compare_fit(theirs, result, tuple(str(group) for group in groups)))


def _our_name(row: Mapping[str, Any], groups: tuple[str, ...]) -> str:
    if row["op"] == ":=":
        return str(row["lhs"])
    group = f" [{groups[row['group'] - 1]}]" if groups else ""
    return f"{row['lhs']} {row['op']} {row['rhs']}".rstrip() + group


def _uncertainty(name: str, row: Mapping[str, Any], ours: Any) -> Iterator[Comparison]:
    yield Comparison(
        kind="standard errors",
        quantity=name,
        # lavaan prints 0 for a parameter that is fixed; ours may say that there is none.
        ours=0.0 if row["se"] == 0 and math.isnan(ours.std_error) else ours.std_error,
        theirs=row["se"],
        allowed=STANDARD_ERRORS,
    )
    if row["se"] == 0 or row.get("ci.lower") is None:
        return
    reach = ESTIMATES + 1.96 * STANDARD_ERRORS * row["se"]
    for key, value, allowed in (
        ("ci.lower", ours.low, reach),
        ("ci.upper", ours.high, reach),
        ("pvalue", ours.p_value, INDICES),
    ):
        if row[key] is None or (key == "pvalue" and math.isnan(value)):
            continue
        yield Comparison(
            kind="intervals",
            quantity=f"{key} of {name}",
            ours=value,
            theirs=row[key],
            allowed=allowed,
        )


def _one_factor(theirs: Mapping[str, Any], result: PathModelResult) -> Iterator[Comparison]:
    loadings, residuals = [], []
    for item, value in theirs["cfa_loadings"].items():
        # The sign of a factor is arbitrary; a scale has the same one throughout.
        loadings.append(result.estimate(f"f =~ {item}").value)
        residuals.append(result.estimate(f"{item} ~~ {item}").value)
        for kind, ours, found in (
            ("loading", loadings[-1], value),
            ("residual variance", residuals[-1], theirs["cfa_resid"][item]),
        ):
            yield Comparison(
                kind="estimates",
                quantity=f"{kind} of {item}",
                ours=ours,
                theirs=found,
                allowed=ESTIMATES,
            )
    common = sum(loadings) ** 2
    yield Comparison(
        kind="estimates",
        quantity="omega",
        ours=common / (common + sum(residuals)),
        theirs=theirs["omega_1f_cfa_fiml"],
        allowed=ESTIMATES,
    )


def _twice_n(result: PathModelResult) -> float:
    return 2 * result.fit_indices.n_couples
