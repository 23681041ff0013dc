"""The constructs a claim on one partner's answers needs, as columns of a survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intimacy_analysis.claims.naming import how_to_name
from intimacy_analysis.errors import DataError
from intimacy_analysis.scales.scoring import score_scale
from intimacy_analysis.study.codebook import near_names
from intimacy_analysis.study.study import Study
from intimacy_analysis.study.survey import SurveyFrame


def survey_scores(
    study: Study,
    constructs: Sequence[str],
    variables: Mapping[str, str] | None,
    *,
    optional: Sequence[str] = (),
) -> tuple[SurveyFrame, dict[str, str], tuple[str, ...]]:
    """Return the survey with a score of each construct, and its column by construct.

    Args:
        study: The data.
        constructs: What the claim needs, in order.
        variables: Construct to the column or scale that measures it, where names differ.
        optional: Constructs that may be absent; they are left out then.

    Returns:
        The survey, construct to column, and notes on scoring.

    Raises:
        DataError: No survey, an unknown construct, or a construct without a column.
    """
    survey = study.survey
    wanted = (*constructs, *optional)
    given = check_constructs(variables, wanted)
    columns: dict[str, str] = {}
    notes: list[str] = []
    keys = {scale.name: scale for scale in study.scales}
    for construct in wanted:
        name = given.get(construct, construct)
        if name not in survey.columns and name in keys:
            survey, report = score_scale(survey, keys[name])
            notes += [str(report).splitlines()[0], *report.warnings]
        if name in survey.columns:
            columns[construct] = name
        elif construct in constructs or construct in given:
            raise DataError(
                f"the claim needs {construct.replace('_', ' ')}, but the survey has neither a "
                f"column nor a scale {name!r}. {near_names(name, [*survey.columns, *keys])} "
                f"{how_to_name(construct)}"
            )
    return survey, columns, tuple(notes)


def check_constructs(
    variables: Mapping[str, str] | None, constructs: Sequence[str]
) -> dict[str, str]:
    """Return `variables` as a dict, or raise `DataError` where a name is no construct."""
    given = dict(variables or {})
    unknown = [name for name in given if name not in constructs]
    if unknown:
        raise DataError(
            f"variables must name constructs of the claim, but {len(unknown)} of {len(given)} are "
            f"none; the first is {unknown[0]!r}. {near_names(unknown[0], list(constructs))}"
        )
    return given
