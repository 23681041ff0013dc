"""The project's own parity set: which question lavaan and the engine both answer.

python -m tests.parity.couples_jobs     (needs R; writes references/paths/couples.json)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from tests.parity import couples as texts
from tests.parity.lavaan_bridge import ask_lavaan

REFERENCES = Path(__file__).with_name("references") / "paths" / "couples.json"
Errors = Literal["expected", "observed", "robust"]
Extra = Literal["standardized", "r2", "modification", "residuals", "scores", "score_tests"]
_LAVAANS = {
    "latent variances": "lv.variances",
    "latent covariances": "lv.covariances",
    "latent means": "means",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One question.

    Attributes:
        name: Its name.
        text: The model.
        data: "couples" or "gaps".
        errors: Our `standard_errors`.
        robust: Our `robust`.
        likelihood: "normal" or "wishart".
        fixed_x: As both sides take it.
        means: Whether means are in the model.
        group: Column of the groups; "" for one group.
        group_equal: What is equal across groups.
        extras: What else is compared.
        added: Arrows whose score tests are compared beside lavaan's own list.
    """

    name: str
    text: str
    data: Literal["couples", "gaps"] = "couples"
    errors: Errors = "expected"
    robust: Literal["MLR", "MLM"] = "MLR"
    likelihood: Literal["normal", "wishart"] = "normal"
    fixed_x: bool = False
    means: bool = True
    group: str = ""
    group_equal: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def fiml(self) -> bool:
        """Whether couples with gaps are used."""
        return self.data == "gaps"

    @property
    def for_lavaan(self) -> dict[str, Any]:
        """The job as `scripts/lavaan_jobs.R` reads it."""
        return {
            "name": self.name,
            "text": self.text,
            "data": self.data,
            "missing": "fiml" if self.fiml else "listwise",
            "estimator": self.robust if self.errors == "robust" else "ML",
            "fixed_x": self.fixed_x,
            "means": self.means,
            "tight": True,
            "extras": list(self.extras),
            "added": list(self.added),
            **({"information": self.errors} if self.errors != "robust" else {}),
            **({"likelihood": "wishart"} if self.likelihood == "wishart" else {}),
            **({"group": self.group} if self.group else {}),
            **(
                {"group_equal": [_LAVAANS.get(e, e) for e in self.group_equal]}
                if self.group_equal
                else {}
            ),
        }


_ALL_EXTRAS: tuple[Extra, ...] = ("standardized", "r2", "modification", "residuals")

JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job(name="saturated", text=texts.SATURATED),
        Job(name="parallel", text=texts.PARALLEL, extras=_ALL_EXTRAS),
        Job(name="parallel_observed", text=texts.PARALLEL, errors="observed"),
        Job(
            name="parallel_fixed_x",
            text=texts.PARALLEL_GIVEN,
            fixed_x=True,
            extras=("standardized",),
        ),
        Job(name="parallel_no_means", text=texts.PARALLEL, means=False, extras=_ALL_EXTRAS),
        Job(name="parallel_fiml", text=texts.PARALLEL, data="gaps", errors="observed"),
        Job(name="parallel_fiml_expected", text=texts.PARALLEL, data="gaps", errors="expected"),
        Job(
            name="parallel_fiml_fixed_x",
            text=texts.PARALLEL_GIVEN,
            data="gaps",
            errors="observed",
            fixed_x=True,
        ),
        Job(name="parallel_mlr", text=texts.PARALLEL, errors="robust"),
        Job(name="parallel_mlr_fixed_x", text=texts.PARALLEL_GIVEN, errors="robust", fixed_x=True),
        Job(name="parallel_mlr_fiml", text=texts.PARALLEL, data="gaps", errors="robust"),
        Job(name="parallel_mlm", text=texts.PARALLEL, errors="robust", robust="MLM"),
        Job(name="parallel_wishart", text=texts.PARALLEL, likelihood="wishart"),
        Job(
            name="parallel_wishart_observed",
            text=texts.PARALLEL,
            likelihood="wishart",
            errors="observed",
            means=False,
        ),
        Job(
            name="serial",
            text=texts.SERIAL,
            extras=_ALL_EXTRAS,
            added=("emotional_husband ~~ happy_husband", "emotional_husband ~~ talk_husband"),
        ),
        Job(
            name="serial_fiml",
            text=texts.SERIAL,
            data="gaps",
            errors="observed",
            extras=("modification", "residuals"),
        ),
        Job(name="serial_mlr", text=texts.SERIAL, errors="robust", extras=("standardized",)),
        Job(name="serial_mlr_fiml", text=texts.SERIAL, data="gaps", errors="robust"),
        Job(name="serial_mlm", text=texts.SERIAL, errors="robust", robust="MLM"),
        Job(
            name="groups", text=texts.GROUPS, group="cohort", extras=("standardized", "score_tests")
        ),
        Job(name="groups_fixed_x", text=texts.GROUPS_GIVEN, group="cohort", fixed_x=True),
        Job(name="groups_fiml", text=texts.GROUPS, group="cohort", data="gaps", errors="observed"),
        Job(name="groups_mlr", text=texts.GROUPS, group="cohort", errors="robust"),
        Job(name="groups_mlm", text=texts.GROUPS, group="cohort", errors="robust", robust="MLM"),
        Job(
            name="groups_mlr_fiml", text=texts.GROUPS, group="cohort", data="gaps", errors="robust"
        ),
        Job(name="groups_wishart", text=texts.GROUPS, group="cohort", likelihood="wishart"),
        Job(
            name="groups_regressions",
            text=texts.SHARED,
            group="cohort",
            group_equal=("regressions", "intercepts"),
        ),
        Job(name="nonlinear", text=texts.SERIAL + "as_w*ps_h == as_h*ps_w\n"),
        Job(
            name="nonlinear_mlr",
            text=texts.SERIAL + "as_w*ps_h == as_h*ps_w\n",
            errors="robust",
        ),
        Job(
            name="nonlinear_fiml",
            text=texts.SERIAL + "as_w*ps_h == as_h*ps_w\n",
            data="gaps",
            errors="observed",
        ),
        Job(name="linear", text=texts.SERIAL + "de_w == 2*de_h\npde_w + pde_h == 0\n"),
        Job(name="linear_mlr", text=texts.SERIAL + "de_w == 2*de_h\n", errors="robust"),
        Job(name="bound_inactive", text=texts.SERIAL + "as_w > 0\n"),
        Job(name="bound_active", text=texts.SERIAL + "ps_w > as_w\n"),
        Job(
            name="latent",
            text=texts.LATENT,
            extras=(*_ALL_EXTRAS, "scores"),
            added=("glad1_wife ~~ talk_wife",),
        ),
        Job(
            name="latent_fixed_x",
            text=texts.LATENT,
            fixed_x=True,
            extras=("modification", "scores"),
        ),
        Job(
            name="latent_fiml",
            text=texts.LATENT,
            data="gaps",
            errors="observed",
            extras=("scores",),
        ),
        Job(
            name="latent_fiml_named",
            text=texts.LATENT + "talk_wife ~~ talk_husband\n",
            data="gaps",
            errors="observed",
        ),
        Job(name="latent_mlr", text=texts.LATENT, errors="robust"),
        Job(name="latent_mlr_fiml", text=texts.LATENT, data="gaps", errors="robust"),
        Job(
            name="latent_mlr_fiml_named",
            text=texts.LATENT + "talk_wife ~~ talk_husband\n",
            data="gaps",
            errors="robust",
        ),
        Job(name="latent_mlm", text=texts.LATENT, errors="robust", robust="MLM"),
        Job(name="latent_wishart", text=texts.LATENT, likelihood="wishart"),
        Job(
            name="latent_equal",
            text=texts.LATENT_EQUAL,
            extras=("standardized", "score_tests", "scores"),
        ),
        Job(name="latent_equal_mlr", text=texts.LATENT_EQUAL, errors="robust"),
        Job(
            name="latent_groups",
            text=texts.LATENT.split("glad_w ~")[0],
            group="cohort",
            group_equal=("loadings", "intercepts"),
        ),
        Job(
            name="latent_groups_equal",
            text=texts.LATENT,
            group="cohort",
            group_equal=(
                "loadings",
                "intercepts",
                "residuals",
                "regressions",
                "latent variances",
                "latent covariances",
                "latent means",
            ),
        ),
        Job(name="mutual", text=texts.MUTUAL, fixed_x=True, extras=("standardized",)),
    )
}


@cache
def fitted(name: str) -> PathModelResult:
    """Return our answer."""
    job = JOBS[name]
    return fit_path_model(
        job.text,
        texts.FRAMES[job.data](),
        missing="fiml" if job.fiml else "listwise",
        standard_errors=job.errors,
        groups=job.group or None,
        fixed_x=job.fixed_x,
        means=job.means,
        likelihood=job.likelihood,
        robust=job.robust,
        group_equal=job.group_equal,
    )


@cache
def lavaan_now() -> dict[str, Any]:
    """Return lavaan's answers to all jobs, asked now."""
    frames = {name: make() for name, make in texts.FRAMES.items()}
    return ask_lavaan([job.for_lavaan for job in JOBS.values()], frames)


@cache
def frozen() -> dict[str, Any]:
    """Return lavaan's answers as they were kept."""
    found: dict[str, Any] = json.loads(REFERENCES.read_text(encoding="utf-8"))
    for fit in found["fits"].values():
        for key, table in fit.items():
            if isinstance(table, dict) and "rows_of" in table:
                fit[key] = [dict(zip(table["rows_of"], row, strict=True)) for row in table["rows"]]
    return found


def data_digest() -> str:
    """Return the sha256 of data/couples.csv."""
    return hashlib.sha256(texts.COUPLES.read_bytes()).hexdigest()


def main() -> None:
    """Keep lavaan's answers of today."""
    answer = lavaan_now()
    fits = {
        name: {key: _packed(value) for key, value in fit.items() if key not in ("name", "seconds")}
        for name, fit in answer["fits"].items()
    }
    head = {
        "versions": answer["versions"],
        "script": "scripts/lavaan_jobs.R",
        "data": {"file": "couples.csv", "sha256": data_digest()},
        "texts": {name: hashlib.sha256(JOBS[name].text.encode()).hexdigest() for name in fits},
    }
    lines = [json.dumps(head)[:-1] + ', "fits": {']
    lines.append(",\n".join(f"{json.dumps(k)}: {json.dumps(_rounded(v))}" for k, v in fits.items()))
    REFERENCES.write_text("\n".join([*lines, "}}"]) + "\n", encoding="utf-8", newline="\n")


def _packed(value: Any) -> Any:
    """Write a list of like rows as column names and rows: half the bytes."""
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return value
    columns = list(dict.fromkeys(key for row in value for key in row))
    return {"rows_of": columns, "rows": [[row.get(c) for c in columns] for row in value]}


def _rounded(value: Any) -> Any:
    """Keep 12 digits: far beyond what anything is held to."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
