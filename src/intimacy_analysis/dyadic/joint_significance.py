"""Indirect effects judged by their paths: every step of the way must differ from zero."""

from __future__ import annotations

import pandas as pd

from intimacy_analysis.errors import SpecError
from intimacy_analysis.paths.result import PathModelResult


def joint_significance(result: PathModelResult) -> pd.DataFrame:
    """Return one row a simple indirect effect: its weakest path, and whether all paths are clear.

    The joint-significance test calls an indirect effect different from zero where each of its
    paths is. Its p is the largest of theirs.

    Args:
        result: A fitted `actor_partner_mediation`.

    Returns:
        Indexed by the effect in words; columns "value", "weakest_path", "p_value" and "all_clear"
        (p below 1 minus the confidence of the fit).

    Raises:
        SpecError: Another model.
        FitError: A fit that failed.

    Source:
        MacKinnon and others (2002), Psychological Methods 7, 83-104.
    """
    result.check_estimates()
    expressions = {d.name: d.expression for d in result.spec.definitions}
    simple = [m for m in result.spec.meanings if m.kind.startswith("indirect")]
    if not simple:
        raise SpecError(
            "joint significance is of indirect effects, but "
            f"{result.spec.title or 'this model text'!r} has none with a meaning. Fit "
            "actor_partner_mediation(...)."
        )
    words = {meaning.label: meaning.words for meaning in result.spec.meanings}
    level = 1 - result.estimates.confidence
    rows = []
    for meaning in simple:
        paths = {name: result.estimate(name).p_value for name in expressions[meaning.label].names}
        weakest = max(paths, key=lambda name: paths[name])
        rows.append(
            {
                "effect": meaning.words,
                "value": result.estimate(meaning.label).value,
                "weakest_path": words[weakest],
                "p_value": paths[weakest],
                "all_clear": paths[weakest] < level,
            }
        )
    return pd.DataFrame(rows).set_index("effect")
