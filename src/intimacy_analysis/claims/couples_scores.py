"""Scores of the four constructs for both members: taken as they are, or made from items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intimacy_analysis.claims.naming import how_to_name
from intimacy_analysis.claims.survey_scores import check_constructs
from intimacy_analysis.dyadic.rival_directions import CONSTRUCTS
from intimacy_analysis.errors import DataError
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import Study

Columns = dict[str, tuple[str, str]]


def couple_scores(
    study: Study,
    variables: Mapping[str, str] | None,
    *,
    constructs: Sequence[str] = CONSTRUCTS,
    optional: Sequence[str] = (),
) -> tuple[DyadFrame, Columns, tuple[str, ...]]:
    """Return the couples with a score of each construct, and its columns by construct.

    Args:
        study: The data.
        variables: Construct to the stem that measures it, where names differ.
        constructs: What the claim needs, in order.
        optional: Constructs that may be absent; they are left out then.

    Returns:
        The couples, construct to columns in the order of the roles, and notes on scoring.

    Raises:
        DataError: A diary, couples whose roles mean nothing, an unknown construct, or a construct
            without columns.
    """
    couples = study.couples
    if not couples.distinguishable:
        raise DataError(
            "the claims are about two different roles, but the codebook says distinguishable = "
            f"false for all {len(couples.rows)} couples: who is first is arbitrary, and so would "
            "be every number of one member. Fit actor_partner(..., distinguishable=False) instead."
        )
    given = check_constructs(variables, (*constructs, *optional))
    columns: Columns = {}
    notes: list[str] = []
    keys = {scale.name: scale for scale in study.scales}
    for construct in (*constructs, *optional):
        stem = given.get(construct, construct)
        if stem not in couples.stems and stem in keys:
            couples, report = score_scale(couples, keys[stem])
            notes += [str(report).splitlines()[0], *report.warnings]
        if stem not in couples.stems and construct in optional and construct not in given:
            continue
        if stem not in couples.stems:
            raise DataError(
                f"the claim needs {construct.replace('_', ' ')} of both members, but the couples "
                f"have neither a variable nor a scale {stem!r}. "
                f"{near_names(stem, [*couples.stems, *keys])} {how_to_name(construct)}"
            )
        columns[construct] = couples.columns_of(stem)
    return couples, columns, tuple(notes)
