"""The lavaan text of every dyadic template, run in R: the same estimates."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import intimacy_analysis
from intimacy_analysis import (
    PathModelSpec,
    actor_partner,
    actor_partner_mediation,
    actor_partner_moderation,
    common_fate,
    dyad_individual,
    dyadic_score,
    equal_effects,
    fit_path_model,
    lavaan_text,
    moderation_frame,
    mutual_influence,
    null_indistinguishable,
    saturated_indistinguishable,
)
from intimacy_analysis.dyadic.latent_actor_partner import latent_actor_partner
from intimacy_analysis.dyadic.latent_common_fate import latent_common_fate
from intimacy_analysis.dyadic.measurement import LEVELS, dyadic_factor_model
from intimacy_analysis.dyadic.rival_directions import (
    communication_model,
    freed_model,
    rival_model,
)
from tests.parity.couples import couples, couples_with_gaps
from tests.parity.lavaan_agreement import compare_fit
from tests.parity.lavaan_bridge import ask_lavaan, find_lavaan

pytestmark = pytest.mark.skipif(find_lavaan() is None, reason="Rscript with lavaan was not found")

# A moderator that couples share, one that tells members apart, and the persons' own.
_KINDS = {"between": "length", "mixed": "sexual"}
ROLES = ("wife", "husband")
_ITEMS = {role: tuple(f"near{i}_{role}" for i in range(1, 5)) for role in ROLES}
_X, _Y = (
    {stem: {role: tuple(f"{stem}{i}_{role}" for i in range(1, n + 1)) for role in ROLES}}
    for stem, n in (("near", 4), ("glad", 3))
)
_COLUMNS = {
    construct: (f"{stem}_wife", f"{stem}_husband")
    for construct, stem in (
        ("communication", "talk"),
        ("sexual_satisfaction", "sexual"),
        ("emotional_intimacy", "emotional"),
        ("relationship_satisfaction", "happy"),
    )
}
TEMPLATES: dict[str, Callable[[], PathModelSpec]] = {}
for _alike in (False, True):
    _name = "indistinguishable" if _alike else "distinguishable"
    _d: dict[str, Any] = {"distinguishable": not _alike}
    TEMPLATES |= {
        f"actor_partner {_name}": lambda d=_d: actor_partner("talk", "happy", **d),
        f"actor_partner two predictors {_name}": lambda d=_d: actor_partner(
            ("talk", "sexual"), "happy", covariates=("length",), **d
        ),
        f"mediation {_name}": lambda d=_d: actor_partner_mediation("talk", "sexual", "happy", **d),
        f"mediation parallel {_name}": lambda d=_d: actor_partner_mediation(
            "talk", ("sexual", "emotional"), "happy", **d
        ),
        f"mediation serial {_name}": lambda d=_d: actor_partner_mediation(
            "talk", ("sexual", "emotional"), "happy", serial=(("sexual", "emotional"),), **d
        ),
        f"mediation without direct paths {_name}": lambda d=_d: actor_partner_mediation(
            "talk", "sexual", "happy", direct=False, **d
        ),
        f"common_fate {_name}": lambda d=_d: common_fate("talk", "happy", **d),
        f"mutual_influence {_name}": lambda d=_d: mutual_influence("talk", "happy", **d),
        f"dyadic_score {_name}": lambda d=_d: dyadic_score("talk", "happy", **d),
        f"dyad_individual {_name}": lambda d=_d: dyad_individual("talk", "happy", **d),
    }
    TEMPLATES |= {
        f"moderation {_kind} {_name}": lambda d=_d, k=_kind, z=_moderator: actor_partner_moderation(
            "talk", "happy", z, k, **d
        )
        for _kind, _moderator in _KINDS.items()
    }
TEMPLATES |= {
    f"factor model {_level}": lambda level=_level: dyadic_factor_model("near", _ITEMS, level=level)
    for _level in LEVELS
}
TEMPLATES |= {
    "factor model fixed factor": lambda: dyadic_factor_model("near", _ITEMS, scale="fixed factor"),
    "factor model partial": lambda: dyadic_factor_model(
        "near", _ITEMS, level="intercepts", free={"intercepts": ["near2"]}
    ),
    "latent_actor_partner": lambda: latent_actor_partner(_X, _Y),
    "latent_actor_partner intercepts": lambda: latent_actor_partner(_X, _Y, level="intercepts"),
    "latent_actor_partner indistinguishable": lambda: latent_actor_partner(
        _X, _Y, level="indistinguishable", distinguishable=False
    ),
    "latent_common_fate": lambda: latent_common_fate(_X, _Y),
    "latent_common_fate items": lambda: latent_common_fate(_X, _Y, form="item-level"),
    "communication": lambda: communication_model(_COLUMNS, ROLES),
    "sexual first": lambda: rival_model(_COLUMNS, ROLES, "sexual first"),
    "emotional first": lambda: rival_model(_COLUMNS, ROLES, "emotional first"),
    "sexual first freed": lambda: freed_model(
        rival_model(_COLUMNS, ROLES, "sexual first"), _COLUMNS, "sexual first"
    ),
    "equal_effects": lambda: equal_effects(actor_partner("talk", "happy")),
    "saturated_indistinguishable": lambda: saturated_indistinguishable(("talk", "happy")),
    "null_indistinguishable": lambda: null_indistinguishable(("talk", "happy")),
}


def rows_of(name: str, *, gaps: bool) -> pd.DataFrame:
    rows = couples_with_gaps() if gaps else couples()
    rows = rows.assign(length=[(7 * i) % 23 + 0.5 for i in range(len(rows))])
    if name.startswith("moderation"):
        kind = name.split()[1]
        return moderation_frame(rows, "talk", _KINDS[kind], kind).rows
    return rows


def job_of(name: str, *, gaps: bool) -> dict[str, Any]:
    return {
        "name": f"{name}{' gaps' if gaps else ''}",
        "text": lavaan_text(TEMPLATES[name]()),
        "data": f"{name}{' gaps' if gaps else ''}",
        "missing": "fiml" if gaps else "listwise",
        "fixed_x": name.startswith("moderation"),
        "tight": True,
    }


# Predictors and products that are taken as given cannot have gaps.
WITH_GAPS = {
    name: [False] if name.startswith("moderation") else [False, True] for name in TEMPLATES
}
QUESTIONS = [(name, gaps) for name, both in WITH_GAPS.items() for gaps in both]


@cache
def answers(*, gaps: bool) -> dict[str, Any]:
    """Ask lavaan once for all templates, with gaps or without."""
    names = [name for name, with_gaps in QUESTIONS if with_gaps == gaps]
    jobs = [job_of(name, gaps=gaps) for name in names]
    frames = {job["data"]: rows_of(name, gaps=gaps) for job, name in zip(jobs, names, strict=True)}
    fits: dict[str, Any] = ask_lavaan(jobs, frames)["fits"]
    return fits


def test_every_template_of_the_package_is_asked_about() -> None:
    folder = Path(__file__).resolve().parents[2] / "src" / "intimacy_analysis" / "dyadic"
    makers = {
        node.name
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is not None
        and ast.unparse(node.returns) == "PathModelSpec"
    }
    makers &= set(intimacy_analysis._HOME)
    # Starting values of another model; the model is the same.
    makers -= {"started_from_actor_partner"}
    asked = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(asked)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert makers <= called


@pytest.mark.parametrize(
    ("name", "gaps"),
    [pytest.param(*q, marks=[pytest.mark.slow] if q[1] else []) for q in QUESTIONS],
)
def test_lavaan_fits_the_text_of_a_template_as_we_fit_the_template(name: str, gaps: bool) -> None:
    job = job_of(name, gaps=gaps)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = fit_path_model(
            TEMPLATES[name](),
            rows_of(name, gaps=gaps),
            missing=job["missing"],
            fixed_x=job["fixed_x"],
        )
    found = compare_fit(answers(gaps=gaps)[job["name"]], ours)
    apart = [str(one) for one in found if not one.agrees and "std.nox" not in one.quantity]
    assert not apart, "\n".join(apart)
