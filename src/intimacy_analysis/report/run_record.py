"""What a run was: enough to repeat it, and to see that it was repeated on the same data."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.errors import DataError
from intimacy_analysis.formatting import Table
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.paths.lavaan_text import lavaan_text
from intimacy_analysis.report.folder import MARK
from intimacy_analysis.report.wording import AnyEvidence

SCHEMA = 1
PACKAGES = ("numpy", "scipy", "pandas", "formulaic", "statsmodels", "matplotlib", "jinja2")
DataPlace = Literal["bundled", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a run was asked.

    Attributes:
        claim: Key of the set of claims.
        data: Name of a bundled study, or the file as the user named it.
        place: Whether `data` is "bundled" or a "file".
        codebook: The codebook as the user named it; None for the one beside the data.
        df_method: Degrees of freedom.
        confidence: Coverage of the intervals.
        seed: Seed of everything random.
        bootstrap: Samples of the bootstrap check; 0 for none.
        smallest_effects: Key of a claim to the smallest effect of interest, where chosen.
        per_person: False draws no single person and no single day.
        variables: Construct of the claims to the variable that measures it, where named.
        formats: What is written of the report beside its page: "docx", "pdf".
    """

    claim: str
    data: str
    place: DataPlace
    codebook: str | None = None
    df_method: Literal["satterthwaite", "kenward-roger"] = "satterthwaite"
    confidence: float = 0.95
    seed: int
    bootstrap: int
    smallest_effects: Mapping[str, float] = field(default_factory=dict)
    per_person: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run that was made.

    Attributes:
        options: What was asked.
        data_sha256: Of the data file's bytes.
        codebook_sha256: Of the codebook file's bytes; "" where there was none.
        results: State, verdicts and numbers, as written to the record.
        versions: Of Python, the package and what it computed with.
    """

    options: RunOptions
    data_sha256: str
    codebook_sha256: str
    results: Mapping[str, Any]
    versions: Mapping[str, str] = field(default_factory=dict)


def record_text(
    evidence: AnyEvidence, options: RunOptions, codebook_sha256: str, files: Mapping[str, str]
) -> str:
    """Return the text of run.json: options, versions, hashes, and what was found."""
    record = {
        "made_by": MARK,
        "schema": SCHEMA,
        **run_entry(evidence, options, codebook_sha256),
        "versions": versions(),
        "files": dict(files),
    }
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def run_entry(
    evidence: AnyEvidence, options: RunOptions, codebook_sha256: str
) -> dict[str, dict[str, Any]]:
    """Return what is recorded of one set of claims: options, data and what was found."""
    return {
        "options": asdict(options),
        "data": {
            "name": evidence.study.name,
            "kind": evidence.study.kind,
            "seed": evidence.study.seed,
            "format": evidence.study.report.format,
            "sha256": evidence.study.report.sha256,
            "codebook_sha256": codebook_sha256,
        },
        "results": results(evidence),
    }


def results(evidence: AnyEvidence) -> dict[str, Any]:
    """Return state, verdicts, estimates and warnings as plain values; no number is nan."""
    frame = evidence.to_frame()
    findings = [
        {"claim": key, **{name: _plain(value) for name, value in row.items()}}
        for key, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    for finding, entry in zip(evidence.findings, findings, strict=True):
        entry["sentences"] = list(finding.sentences)
        entry["if_original"] = None if finding.if_original is None else str(finding.if_original)
    return {
        "verdicts": {key: str(verdict) for key, verdict in evidence.verdicts.items()},
        "findings": findings,
        "notes": list(evidence.notes),
        **_fitted(evidence),
    }


def _fitted(evidence: AnyEvidence) -> dict[str, Any]:
    if isinstance(evidence, CouplesEvidence):
        return couples_results(evidence)
    if isinstance(evidence, SurveyEvidence):
        return survey_results(evidence)
    return fit_results(evidence.result)


def survey_results(evidence: SurveyEvidence) -> dict[str, Any]:
    """Return state, warnings and every table of an analysis of answers of one time."""
    return {
        "state": evidence.state,
        "tables": {name: _rows_of(table) for name, table in evidence.tables.items()},
        "warnings": list(evidence.warnings),
    }


def _rows_of(table: Table) -> list[dict[str, Any]]:
    names = [name for column in table.columns for name in column.raw_names]
    return [
        dict(zip(names, [_plain(raw) for cell in row for raw in cell.raw], strict=True))
        for row in table.rows
    ]


def couples_results(evidence: CouplesEvidence) -> dict[str, Any]:
    """Return the fits of an analysis of couples as plain values."""
    return {
        "state": evidence.state,
        "models": {
            name: {
                "state": result.state,
                "text": lavaan_text(result.spec),
                "estimates": _table(result.estimates.to_frame()),
                "fit": {key: _plain(value) for key, value in result.fit_indices.to_dict().items()},
                "n_couples": result.n_couples,
                "n_dropped": result.n_dropped,
                "missing": result.missing,
                "standard_errors": result.standard_errors,
                "warnings": list(result.warnings),
            }
            for name, result in evidence.results.items()
        },
        "indirect": None if evidence.indirect is None else _table(evidence.indirect.to_frame()),
        "gap": None
        if evidence.gap is None
        else {
            "value": _plain(evidence.gap.gap),
            "wrong_if_first": _plain(evidence.gap.wrong_if_first),
            "wrong_if_second": _plain(evidence.gap.wrong_if_second),
            "freed": _plain(evidence.gap.freed_gap),
        },
        "warnings": list(evidence.warnings),
    }


def fit_results(result: MixedModelResult) -> dict[str, Any]:
    """Return a fit's question, state, estimates and warnings as plain values."""
    spec = result.spec
    return {
        "state": result.state,
        "model": {
            "fixed": spec.fixed,
            "random": spec.random if isinstance(spec.random, str) else list(spec.random),
            "group": spec.group,
            "residuals": spec.structure.name,
            "time": spec.time,
            "criterion": spec.criterion,
            "df_method": result.df_method,
            "intervals": result.intervals,
            "standard_errors": result.standard_errors,
            "confidence": result.confidence,
        },
        "fixed_effects": _table(result.estimates.to_frame()),
        "covariance_parameters": _table(result.covariance_parameters.to_frame()),
        "log_likelihood": _plain(result.log_likelihood),
        "n_rows": result.n_rows,
        "n_groups": result.n_groups,
        "n_dropped": result.n_dropped,
        "unit_of_outcome": result.unit_of_outcome,
        "warnings": list(result.warnings),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, this package and what it computes with."""
    found = {"python": platform.python_version(), "intimacy_analysis": _own_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a vendored copy has no metadata
            found[name] = "unknown"
    return found


def read_run_record(path: Path) -> RunRecord:
    """Read the run.json of a run on one set of claims.

    Raises:
        DataError: It is no such record, or one of a run on several sets of claims.
    """
    records = read_run_records(path)
    if len(records) != 1:
        raise DataError(
            f"--from repeats a run on one set of claims, but {path.name!r} holds {len(records)}; "
            f"the first is {records[0].options.claim!r}. Repeat it with: intimacy-analysis rerun."
        )
    return records[0]


def read_run_records(path: Path) -> tuple[RunRecord, ...]:
    """Read a run.json, of one set of claims or of several.

    Raises:
        DataError: It cannot be read or is no record of this package; the message says why.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataError(
            f"there is no run record at {str(path)!r}. Name the run.json of a report's folder."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise DataError(
            f"the run record {path.name!r} cannot be read: {reason}. "
            "Name the run.json of a report's folder."
        ) from error
    try:
        return _from_json(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path.name!r} must be a run record of this package (schema {SCHEMA}), but it is not "
            f"({type(error).__name__}: {error}). Name the run.json of a report's folder."
        ) from error


def sha256_of(path: Path | None) -> str:
    """Return the SHA-256 of a file's bytes; "" for None."""
    return "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()


def _from_json(record: dict[str, Any]) -> tuple[RunRecord, ...]:
    if record["made_by"] != MARK or record["schema"] != SCHEMA:
        raise ValueError("it was made by another program or version")
    made = {str(name): str(number) for name, number in record["versions"].items()}
    found = tuple(_entry(entry, made) for entry in record.get("claims", [record]))
    if not found:
        raise ValueError("it holds no claims")
    return found


def _entry(entry: dict[str, Any], made: Mapping[str, str]) -> RunRecord:
    asked = entry["options"]
    if asked["place"] not in ("bundled", "file"):
        raise ValueError("unknown place of data")
    if asked["df_method"] not in ("satterthwaite", "kenward-roger"):
        raise ValueError("unknown df method")
    options = RunOptions(
        claim=str(asked["claim"]),
        data=str(asked["data"]),
        place=asked["place"],
        codebook=None if asked["codebook"] is None else str(asked["codebook"]),
        df_method=asked["df_method"],
        confidence=float(asked["confidence"]),
        seed=int(asked["seed"]),
        bootstrap=int(asked["bootstrap"]),
        smallest_effects={str(key): float(size) for key, size in asked["smallest_effects"].items()},
        per_person=bool(asked["per_person"]),
        variables={str(key): str(name) for key, name in asked.get("variables", {}).items()},
        # Records of before there was Word or PDF name none.
        formats=tuple(str(kind) for kind in asked.get("formats", ())),
    )
    return RunRecord(
        options=options,
        data_sha256=str(entry["data"]["sha256"]),
        codebook_sha256=str(entry["data"]["codebook_sha256"]),
        results=entry["results"],
        versions=made,
    )


def _table(frame: Any) -> list[dict[str, Any]]:
    return [
        {"name": str(name), **{key: _plain(value) for key, value in row.items()}}
        for name, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    number = float(value)
    if math.isnan(number):
        return None
    return "inf" if number == math.inf else "-inf" if number == -math.inf else number


def _own_version() -> str:
    from intimacy_analysis import __version__

    return __version__
