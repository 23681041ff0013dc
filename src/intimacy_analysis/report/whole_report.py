"""Every claim in one run: examined side by side, written as one page and one record."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intimacy_analysis.claims.registry import CLAIM_SETS
from intimacy_analysis.errors import DataError, IntimacyError, SpecError
from intimacy_analysis.report.claim_part import ClaimPart, write_claim_part
from intimacy_analysis.report.document_files import check_formats, write_documents
from intimacy_analysis.report.folder import MARK, MARKER, check_folder, file_hashes, writing_folder
from intimacy_analysis.report.reproduction import check_variables
from intimacy_analysis.report.run_record import SCHEMA, RunOptions, versions
from intimacy_analysis.report.whole_document import whole_document
from intimacy_analysis.report.whole_page import render_whole

# Called with the key of each claim when it is done, and how many are.
Done = Callable[[str, int], None]
# From bad to good: the report's state is the first of these that a claim has.
_STATES = ("failed", "inadmissible", "singular", "ok")


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeReport:
    """A report on several claims that was written.

    Attributes:
        folder: Where.
        parts: One a claim, in the article's order.
    """

    folder: Path
    parts: tuple[ClaimPart, ...]

    @property
    def page(self) -> Path:
        """The HTML page."""
        return self.folder / "index.html"

    @property
    def state(self) -> str:
        """The worst state of all fits."""
        return next(state for state in _STATES if state in {part.state for part in self.parts})

    def __str__(self) -> str:
        return "\n\n".join(part.summary for part in self.parts)


def reproduce_all(
    runs: Sequence[RunOptions], folder: Path, *, n_jobs: int = 2, done: Done | None = None
) -> WholeReport:
    """Examine several sets of claims and write one report on all of them.

    The folder holds index.html, run.json, and a folder a claim with figures/ and tables/, and
    report.docx and report.pdf where a run asks for them. It is written whole: where anything
    fails, what stood there before stays as it was. The same runs give the same bytes, whatever
    `n_jobs` is.

    Args:
        runs: What is asked of each set of claims.
        folder: New, empty, or an earlier report of ours.
        n_jobs: Processes that work at a time.
        done: Called when a claim is done.

    Raises:
        SpecError: No claims, the same ones twice, options that cannot be, or a format whose
            package is not installed.
        DataError: Data that cannot answer (all claims that cannot be examined are named), or a
            folder that holds something else.
    """
    keys = [run.claim for run in runs]
    if not keys or len(set(keys)) < len(keys):
        raise SpecError(
            f"a report needs each set of claims once, but {len(keys)} are asked for: "
            f"{', '.join(keys) or 'none'}. Name each once."
        )
    for run in runs:
        check_variables(run)
    # One document on all claims: a format that one run asks for is written.
    formats = tuple(dict.fromkeys(kind for run in runs for kind in run.formats))
    check_formats(formats)
    check_folder(folder)
    with writing_folder(folder) as place:
        parts = _examined(runs, place, n_jobs, done)
        page = render_whole(parts, versions())
        (place / "index.html").write_text(page, encoding="utf-8", newline="\n")
        if formats:
            write_documents(whole_document(parts, versions()), place, formats)
        (place / MARKER).write_text(_record(parts, place, folder), encoding="utf-8", newline="\n")
    return WholeReport(folder=folder, parts=parts)


def _examined(
    runs: Sequence[RunOptions], place: Path, n_jobs: int, done: Done | None
) -> tuple[ClaimPart, ...]:
    # Not at the top: joblib is slow to import, and a single claim does without it.
    from joblib import Parallel, delayed

    if n_jobs > 1 and len(runs) > 1:
        working = Parallel(n_jobs=n_jobs, backend="loky", return_as="generator_unordered")
        answers = working(delayed(_attempt)(run, place) for run in runs)
    else:
        answers = (_attempt(run, place) for run in runs)
    found: dict[str, ClaimPart] = {}
    refused: dict[str, IntimacyError] = {}
    for count, (key, answer) in enumerate(answers, start=1):
        if isinstance(answer, IntimacyError):
            refused[key] = answer
        else:
            found[key] = answer
        if done is not None:
            done(key, count)
    if refused:
        raise _refusal(refused, len(runs))
    order = [claims.key for claims in CLAIM_SETS]
    return tuple(found[key] for key in sorted(found, key=order.index))


def _attempt(run: RunOptions, place: Path) -> tuple[str, ClaimPart | IntimacyError]:
    """Examine one claim; an error of the input comes back, so that all of them can be told."""
    import matplotlib

    # A process of its own has to be told again that no window is wanted.
    matplotlib.use("agg")
    try:
        return run.claim, write_claim_part(run, place)
    except IntimacyError as error:
        return run.claim, error


def _refusal(refused: dict[str, IntimacyError], n_runs: int) -> IntimacyError:
    if len(refused) == n_runs == 1:
        return next(iter(refused.values()))
    problems = "\n".join(f"  {key}: {error}" for key, error in sorted(refused.items()))
    return DataError(
        f"each of {n_runs} claims must be examined, but {len(refused)} cannot be; nothing was "
        f"written:\n{problems}\nMend them, or leave these claims out."
    )


def _record(parts: Sequence[ClaimPart], place: Path, folder: Path) -> str:
    record = {
        "made_by": MARK,
        "schema": SCHEMA,
        "claims": [_seen_from(folder, part.entry) for part in parts],
        "versions": versions(),
        "files": file_hashes(place),
    }
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _seen_from(folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a claim's entry with its files as seen from the report's folder.

    So the run can be repeated from any folder, also after data and report have moved together.
    """
    options = dict(entry["options"])
    if options["place"] == "file":
        for name in ("data", "codebook"):
            if options[name] is not None:
                options[name] = _relative(Path(options[name]), folder)
    return {**entry, "options": options}


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return str(path)
