"""One run from data to report: made, and made again from its own record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from intimacy_analysis.claims.registry import find_claims
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.loaders.study import load_study
from intimacy_analysis.report.document_files import check_formats
from intimacy_analysis.report.folder import check_folder
from intimacy_analysis.report.run_record import RunOptions, RunRecord, read_run_record, sha256_of
from intimacy_analysis.report.wording import AnyEvidence
from intimacy_analysis.report.write import write_report
from intimacy_analysis.study.study import Study

Progress = Callable[[str], None]
STEPS = ("reading the data", "fitting the models", "drawing figures", "writing the report")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was written.

    Attributes:
        folder: Where.
        evidence: What it says.
        options: What was asked.
    """

    folder: Path
    evidence: AnyEvidence
    options: RunOptions

    @property
    def page(self) -> Path:
        """The HTML page."""
        return self.folder / "index.html"


def reproduce(options: RunOptions, folder: Path, *, progress: Progress | None = None) -> Report:
    """Load a study, examine its claims, and write the report.

    Args:
        options: What is asked.
        folder: New, empty, or an earlier report of ours.
        progress: Called with the name of each of `STEPS` when it begins.

    Raises:
        DataError: Data that cannot answer, or a folder that holds something else.
        SpecError: An unknown claim, variables named for claims that take none, or a format whose
            package is not installed.
    """
    return _run(options, folder, progress, expected=None)


def rerun(
    record: Path, folder: Path, *, data: Path | None = None, progress: Progress | None = None
) -> Report:
    """Repeat the run of a run.json with the same options on the same data.

    Args:
        record: The run.json.
        folder: Where the new report goes.
        data: The data file, where it lies elsewhere now; None for the place in the record,
            looked up from the current folder and then from the record's.
        progress: As for `reproduce`.

    Raises:
        DataError: No record, no data, or data or codebook that have changed since.
    """
    made = read_run_record(record)
    options = placed_options(made, record, data=data)
    return _run(options, folder, progress, expected=(made.data_sha256, made.codebook_sha256))


def placed_options(made: RunRecord, record: Path, *, data: Path | None = None) -> RunOptions:
    """Return a recorded run's options with its files where they lie now.

    Args:
        made: The run.
        record: Its run.json; files are looked up from the current folder and then from there.
        data: The data file, where it lies elsewhere.

    Raises:
        DataError: A file is in none of these places, or `data` is given for a bundled study.
    """
    options = made.options
    if options.place == "file":
        return replace(
            options,
            data=str(data)
            if data is not None
            else _found(options.data, record, "data file", made.data_sha256),
            codebook=None
            if options.codebook is None
            else _found(options.codebook, record, "codebook", made.codebook_sha256),
        )
    if data is not None:
        raise DataError(
            f"the run used the bundled study {options.data!r}, so no data file can be given. "
            "Leave out --data."
        )
    return options


def check_unchanged(made: RunRecord, options: RunOptions) -> None:
    """Refuse data or a codebook that are not those of a recorded run.

    Args:
        made: The run.
        options: Its options, with the files where they lie now.

    Raises:
        DataError: Their SHA-256 differs.
    """
    expected = (made.data_sha256, made.codebook_sha256)
    _check_same(options, codebook_path(options), expected)
    if options.place == "bundled":
        found = load_options_study(options).report.sha256
        if found != made.data_sha256:
            raise _changed(f"the bundled study {options.data!r}", made.data_sha256, found)


def _run(
    options: RunOptions,
    folder: Path,
    progress: Progress | None,
    expected: tuple[str, str] | None,
) -> Report:
    tell = progress or _silent
    check_variables(options)
    check_formats(options.formats)
    # Before any work: a refusal at the end would waste the run.
    check_folder(folder)
    tell(STEPS[0])
    codebook = codebook_path(options)
    if expected is not None:
        _check_same(options, codebook, expected)
    study = load_options_study(options)
    if expected is not None and options.place == "bundled" and expected[0] != study.report.sha256:
        raise _changed(f"the bundled study {options.data!r}", expected[0], study.report.sha256)
    tell(STEPS[1])
    evidence = _examined(options, study)
    tell(STEPS[2])
    write_report(
        evidence,
        folder,
        options=options,
        codebook_sha256=sha256_of(codebook),
        writing=lambda: tell(STEPS[3]),
    )
    return Report(folder=folder, evidence=evidence, options=options)


def examine_options(options: RunOptions) -> AnyEvidence:
    """Load the study that a run's options name and examine its claims.

    Raises:
        DataError: Data that cannot answer.
        SpecError: An unknown claim, or variables named for claims that take none.
    """
    check_variables(options)
    return _examined(options, load_options_study(options))


def check_variables(options: RunOptions) -> None:
    """Refuse an unknown claim, and variables named for claims that take none."""
    claims = find_claims(options.claim)
    if options.variables and not claims.takes_variables:
        raise SpecError(
            f"the claims {claims.key!r} find their variables by the roles in the codebook, but "
            f"{len(options.variables)} are named; the first is {next(iter(options.variables))!r}. "
            'Write role = "outcome" (predictor, stress) under the columns instead.'
        )


def _examined(options: RunOptions, study: Study) -> AnyEvidence:
    return find_claims(options.claim).examine(
        study,
        smallest_effects=options.smallest_effects,
        df_method=options.df_method,
        confidence=options.confidence,
        bootstrap=options.bootstrap,
        seed=options.seed,
        **({"variables": dict(options.variables)} if options.variables else {}),
    )


def load_options_study(options: RunOptions) -> Study:
    """Load the study that a run's options name."""
    if options.place == "bundled":
        return load_study(options.data)
    codebook = None if options.codebook is None else Path(options.codebook)
    # As text, so that a name near a bundled study's is answered with that name.
    return load_study(options.data, codebook=codebook)


def codebook_path(options: RunOptions) -> Path | None:
    """Return the codebook file a run reads: the one named, or the one beside the data."""
    if options.place == "bundled":
        return None
    if options.codebook is not None:
        path = Path(options.codebook)
        return path if path.is_file() else None
    data = Path(options.data)
    if not data.is_file():
        return None
    beside = data.with_suffix(".toml")
    return beside if beside.is_file() else None


def _check_same(options: RunOptions, codebook: Path | None, expected: tuple[str, str]) -> None:
    if options.place == "bundled":
        return
    path = Path(options.data)
    if path.is_file() and sha256_of(path) != expected[0]:
        raise _changed(f"the data file {path.name!r}", expected[0], sha256_of(path))
    if sha256_of(codebook) != expected[1]:
        name = "the codebook" if codebook is None else f"the codebook {codebook.name!r}"
        raise _changed(name, expected[1], sha256_of(codebook))


def _changed(what: str, expected: str, found: str) -> DataError:
    return DataError(
        f"{what} must be the one of the recorded run, but it has changed: its SHA-256 begins with "
        f"{found[:12] or 'nothing'}, the record's with {expected[:12] or 'nothing'}. Restore the "
        "file, or make a new run with --data instead of --from."
    )


def _found(name: str, record: Path, what: str, sha256: str) -> str:
    """Return where a recorded file lies: as named, beside the record, above it.

    The first of these places that holds the recorded bytes; where none does, the first that holds
    a file, which is then refused as changed.
    """
    given = Path(name)
    here = record.resolve().parent
    # As the record's own folder names it, or the one above where only the report has moved.
    places = (given, here / given, here.parent / given, here / given.name, here.parent / given.name)
    held = [place for place in places if place.is_file()]
    for place in held:
        if sha256_of(place) == sha256:
            return str(place)
    if held:
        return str(held[0])
    raise DataError(
        f"the recorded run needs its {what} {given.name!r}, but it is neither at the recorded "
        "place nor beside the record. Put it back, start from the folder of the first run, or "
        "name it with --data where the record holds one set of claims."
    )


def _silent(step: str) -> None:
    return None
