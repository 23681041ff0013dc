"""Load a study: a data file and its codebook, checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from intimacy_analysis.errors import DataError
from intimacy_analysis.loaders.assemble import assemble_study
from intimacy_analysis.loaders.assemble_couples import assemble_couples
from intimacy_analysis.loaders.assemble_survey import assemble_survey
from intimacy_analysis.loaders.assembly import Assembly
from intimacy_analysis.loaders.bundled import bundled_file, bundled_studies
from intimacy_analysis.loaders.codebook import CodebookFile, read_codebook
from intimacy_analysis.loaders.frames import is_table, take_table
from intimacy_analysis.loaders.raw_table import RawTable
from intimacy_analysis.loaders.rows import read_rows
from intimacy_analysis.study.codebook import Codebook, near_names
from intimacy_analysis.study.study import Study


def load_study(source: object, *, codebook: object = None) -> Study:
    """Load a diary, couples or a survey with the codebook; what the caller gave stays as it is.

    Rows of a diary come sorted by person and day, and rows without either are dropped. Where the
    codebook has a `[couples]` table, `frame` of the result is a `DyadFrame`, one row a couple, in
    the file's order, whether the file has a row a couple or a row a member; where it has a
    `[persons]` table, a `SurveyFrame`, one row a person. Columns that the codebook does not name
    are left out. `report` of the result counts all of it.

    Args:
        source: Name of a bundled study, path of a data file (.csv, .tsv, .xlsx, .parquet, .sav,
            .zsav, .por, .dta), or a pandas, polars or Arrow table.
        codebook: Path of a TOML file, its text, or a `Codebook` (`CodebookFile`); None for the
            .toml file beside the data file.

    Raises:
        DataError: Where the file or the codebook cannot be read, or the data are not fit for the
            analysis. The first problem is told in full, with the number of the others.
    """
    assembly = assemble(source, codebook=codebook)
    if assembly.study is not None:
        return assembly.study
    more = len(assembly.problems) - 1
    also = f" ({more} more problem{'s' if more > 1 else ''}: `validate_file` lists all.)"
    raise DataError(assembly.problems[0] + (also if more else ""))


def assemble(source: object, *, codebook: object = None) -> Assembly:
    """Do what `load_study` does, but return all problems of the data instead of raising.

    Raises:
        DataError: Where the file or the codebook cannot be read at all.
    """
    if is_table(source):
        file = _codebook_of(codebook, None)
        return _assembled(take_table(source, wanted=_sources(file)), file)
    path = find_file(source)
    file = _codebook_of(codebook, path)
    keys = {v.source_name or v.name for v in file.codebook if v.role in ("person", "couple")}
    partners = {v.source_name or v.name for v in file.codebook if v.role == "partner"}
    raw = read_rows(
        path, settings=file.settings, text_columns=keys | partners, wanted=_sources(file)
    )
    return _assembled(replace(raw, path=str(source)), file)


def _assembled(raw: RawTable, file: CodebookFile) -> Assembly:
    if file.persons:
        return assemble_survey(raw, file)
    if file.couples is None:
        return assemble_study(raw, file)
    return assemble_couples(raw, file, file.couples)


def find_file(source: object) -> Path:
    """Return the path that a bundled name or a path stands for.

    Raises:
        DataError: For something that is neither.
    """
    if isinstance(source, Path):
        return source
    if not isinstance(source, str) or not source.strip():
        raise DataError(
            "a study is loaded from a name, a path or a table, but this is "
            f"{'an empty text' if isinstance(source, str) else 'a ' + type(source).__name__}. "
            f"Name a file, a data frame, or one of {', '.join(bundled_studies())}."
        )
    bundled = bundled_file(source)
    if bundled is not None:
        return bundled
    path = Path(source)
    if not path.suffix and not path.exists():
        raise DataError(
            f"a study must be the name of a bundled one or a path with its ending, but {source!r} "
            f"is neither. {near_names(source, bundled_studies())}"
        )
    return path


def _codebook_of(codebook: object, path: Path | None) -> CodebookFile:
    if isinstance(codebook, CodebookFile):
        return codebook
    if isinstance(codebook, Codebook):
        return CodebookFile(codebook=codebook)
    if isinstance(codebook, (str, Path)):
        return read_codebook(codebook)
    if codebook is not None:
        raise DataError(
            "a codebook must be a path, TOML text or a Codebook, but this is a "
            f"{type(codebook).__name__}. Pass the path of the .toml file."
        )
    if path is None:
        raise DataError(
            "a table in memory needs a codebook, but none is given. Pass codebook=, for example "
            "the text of draft_codebook(table), checked and completed."
        )
    if path.is_file():
        beside = path.with_suffix(".toml")
        if beside.is_file():
            return read_codebook(beside)
    else:
        read_rows(path)  # says what is wrong with the path
    raise DataError(
        f"a data file needs a codebook, but there is no {path.with_suffix('.toml').name!r} beside "
        f"{path.name!r}. Draft one with `intimacy-analysis validate {path.name} --write-codebook "
        f"{path.with_suffix('.toml').name}`, or pass codebook=."
    )


def _sources(file: CodebookFile) -> set[str]:
    return {variable.source_name or variable.name for variable in file.codebook}
