"""The tables of a report on answers of one time, by file name."""

from __future__ import annotations

from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.formatting import Table
from intimacy_analysis.report.common_tables import (
    import_table,
    lineage_table,
    published_table,
    truth_table,
    variables_table,
    verdict_table,
)
from intimacy_analysis.study.dyads import DyadFrame


def survey_tables(evidence: SurveyEvidence) -> dict[str, Table]:
    """Return every table of the report, in the order of the page."""
    unit = "Couples" if isinstance(evidence.frame, DyadFrame) else "Persons"
    tables = {"verdicts": verdict_table(evidence, evidence.confidence), **evidence.tables}
    tables["published"] = published_table(evidence.facts)
    tables["variables"] = variables_table(evidence.frame.codebook)
    tables["lineage"] = lineage_table(evidence.frame.lineage)
    tables["import_report"] = import_table(evidence.study.report, unit=unit)
    if evidence.study.truth:
        tables["truth"] = truth_table(evidence.study)
    return tables
