"""Serial and direct effects of technoference under other choices of analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import pandas as pd

from intimacy_analysis.claims.chain_models import CHAIN, CONSTRUCTS, chain_model
from intimacy_analysis.claims.chain_serial import serial_effects
from intimacy_analysis.claims.technoference_claims import DIRECT, SERIAL
from intimacy_analysis.claims.technoference_tables import SensitivityRow
from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.paths.spec import PathModelSpec

Missing = Literal["listwise", "fiml"]


def sensitivity_rows(
    scores: pd.DataFrame,
    reported: Mapping[str, Estimate],
    result: PathModelResult,
    reliability: Mapping[str, float],
    *,
    examples: str,
    reported_alpha: float,
    items: pd.DataFrame | None = None,
) -> list[SensitivityRow]:
    """Return the claims' serial and direct effects by choice, the reported analysis first.

    Args:
        scores: One row a person, one column a construct.
        reported: Key of a claim to its estimate as reported.
        result: The chain with direct paths, as reported.
        reliability: Construct to alpha, where known.
        examples: Column of the second questionnaire of technoference.
        reported_alpha: Of technoference, in the study.
        items: Answers to the items of technoference; None where they are not at hand.
    """
    confidence = result.estimates.confidence
    keys = [claim.key for claim in (*SERIAL, *DIRECT)]
    own = {key: reported[key] for key in keys if key in reported}
    rows: list[SensitivityRow] = [("as reported", own, result.state)]
    plain = chain_model(direct=True)
    choices: list[tuple[str, PathModelSpec, pd.DataFrame, Missing]] = [
        ("without direct paths", chain_model(direct=False), scores, "fiml"),
        ("complete answers only", plain, scores, "listwise"),
    ]
    if examples in scores:
        other = scores.drop(columns=CHAIN[0]).rename(columns={examples: CHAIN[0]})
        choices.append(("the examples in place of the devices", plain, other, "fiml"))
    spreads = result.observed("covariance")
    variance = {name: float(spreads.loc[name, name]) for name in CONSTRUCTS}  # type: ignore[arg-type]
    fallible = {CHAIN[0]: (1 - reported_alpha) * variance[CHAIN[0]]}
    choices.append(
        (
            f"technoference corrected for the reported alpha of {reported_alpha:g}",
            chain_model(direct=True, measured=fallible),
            scores,
            "fiml",
        )
    )
    if items is not None and items.shape[1] > 2:
        # Plain names: a user's own may be more than the language of models can hold.
        names = [f"item_{at}" for at in range(1, items.shape[1] + 1)]
        together = scores.drop(columns=CHAIN[0]).join(items.set_axis(names, axis=1))
        spec = chain_model(direct=True, items=names)
        choices.append(("technoference as a factor of its items", spec, together, "fiml"))
    if all(name in reliability for name in CONSTRUCTS):
        errors = {name: (1 - reliability[name]) * variance[name] for name in CONSTRUCTS}
        for words, direct in (("", True), (", without direct paths", False)):
            choices.append(
                (
                    f"every score corrected for its own alpha{words}",
                    chain_model(direct=direct, measured=errors),
                    scores,
                    "fiml",
                )
            )
    return rows + [
        _row(choice, spec, data, missing, confidence) for choice, spec, data, missing in choices
    ]


def _row(
    choice: str, spec: PathModelSpec, scores: pd.DataFrame, missing: Missing, confidence: float
) -> SensitivityRow:
    try:
        result = fit_path_model(
            spec,
            scores,
            missing=missing,
            standard_errors="robust",
            fixed_x=False,
            confidence=confidence,
        )
    except IntimacyError as error:
        return (choice, {}, f"not possible: {error}")
    if result.state != "ok":
        return (choice, {}, result.state)
    serial = serial_effects(result, None)
    found = {claim.key: serial[claim.term] for claim in SERIAL}
    table = result.standardized()
    labels = set(result.parts.labels.values())
    for claim in DIRECT:
        if claim.term in labels:
            found[claim.key] = replace(table[result.row_name(claim.term)], name=claim.term)
    return (choice, found, result.state)
