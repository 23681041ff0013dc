"""Scores of the four constructs for both members: taken as they are, or made from items."""

from __future__ import annotations

from collections.abc import Mapping

from intimacy_analysis.dyadic.rival_directions import CONSTRUCTS
from intimacy_analysis.errors import DataError
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.dyads import DyadFrame
from intimacy_analysis.study.study import Study

Columns = dict[str, tuple[str, str]]


def couple_scores(
    study: Study, variables: Mapping[str, str] | None
) -> tuple[DyadFrame, Columns, tuple[str, ...]]:
    """Return the couples with a score of each construct, and its columns by construct.

    Args:
        study: The data.
        variables: Construct to the stem that measures it, where names differ.

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
    given = dict(variables or {})
    unknown = [name for name in given if name not in CONSTRUCTS]
    if unknown:
        raise DataError(
            f"variables must name constructs of the claim, but {len(unknown)} of {len(given)} are "
            f"none; the first is {unknown[0]!r}. {near_names(unknown[0], list(CONSTRUCTS))}"
        )
    columns: Columns = {}
    notes: list[str] = []
    keys = {scale.name: scale for scale in study.scales}
    for construct in CONSTRUCTS:
        stem = given.get(construct, construct)
        if stem not in couples.stems and stem in keys:
            couples, report = score_scale(couples, keys[stem])
            notes += [str(report).splitlines()[0], *report.warnings]
        if stem not in couples.stems:
            raise DataError(
                f"the claim needs {construct.replace('_', ' ')} of both members, but the couples "
                f"have neither a variable nor a scale {stem!r}. "
                f"{near_names(stem, [*couples.stems, *keys])} Name the one that measures it: "
                f'variables={{"{construct}": "..."}}.'
            )
        columns[construct] = couples.columns_of(stem)
    return couples, columns, tuple(notes)
