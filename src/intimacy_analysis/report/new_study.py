"""Start a study of one's own: a study file and the codebooks to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from intimacy_analysis.claims.article import ARTICLE_SECTIONS
from intimacy_analysis.claims.registry import claim_keys, find_claims
from intimacy_analysis.claims.requirements import FILE_KINDS, FileKind, requirements
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.report.codebook_template import codebook_template

STUDY_FILE = "study.toml"
_ROWS = {
    "diary": "one row a person and day",
    "survey": "one row a person",
    "couples": "both members of each couple",
}
_HEAD = """\
# What is examined on which of your files. Paths start at the folder of this file; use / in them.
#
# 1. Put your data beside this file (SPSS, Stata, Excel, CSV, Parquet) and name them below.
# 2. Fill in the codebook of each file; what to do stands in it.
# 3. Check everything at once:   intimacy-analysis validate study.toml
# 4. Write the report:           intimacy-analysis reproduce --study study.toml --out my_report
#
# Claims whose table you remove are shown as "not run".

[study]
name = "my study"

# Holds for all claims; a claim may have its own of each.
[defaults]
# confidence = 0.95      # coverage of the intervals
# per_person = false     # draw no single person and no single day
# bootstrap = 0          # no bootstrap samples: faster, and some intervals are left out
# seed = 1               # where chance comes in
"""


def new_study(folder: Path | str, claims: Sequence[str] = ()) -> tuple[Path, ...]:
    """Write a study file, and a codebook template for each kind of file its claims need.

    Args:
        folder: Where; it is made where it is not there. Nothing in it is overwritten.
        claims: Keys of the sets of claims; empty for all.

    Returns:
        The files written, the study file first.

    Raises:
        SpecError: An unknown claim, or one named twice.
        DataError: One of the files is there already, or the folder cannot be written.
    """
    asked = tuple(claims) or claim_keys()
    for key in asked:
        find_claims(key)
    if len(set(asked)) < len(asked):
        raise SpecError(
            f"each set of claims can be named once, but {len(asked)} names are given for "
            f"{len(set(asked))}: {', '.join(asked)}. Leave the others out."
        )
    chosen = tuple(key for key in claim_keys() if key in asked)
    texts = {STUDY_FILE: _study_text(chosen)}
    for kind in FILE_KINDS:
        needs = [requirements(key) for key in chosen if requirements(key).file == kind]
        if needs:
            texts[_codebook_name(kind)] = codebook_template(kind, needs)
    return _written(Path(folder), texts)


def _study_text(keys: Sequence[str]) -> str:
    studies = {section.key: section for section in ARTICLE_SECTIONS}
    parts = [_HEAD]
    for key in keys:
        needs = requirements(key)
        parts.append(f"\n# {studies[key].heading}: {studies[key].study}.\n")
        parts.append(f"# Needs a file of this kind: {needs.file}, {_ROWS[needs.file]}.\n")
        parts.append(f"[claims.{key}]\n")
        parts.append(f'data = "{needs.file}.csv"\n')
        parts.append(f'codebook = "{_codebook_name(needs.file)}"\n')
        if find_claims(key).takes_variables:
            first = needs.names[0]
            parts.append(
                "# Only where your scale or column has another name than the claim gives it:\n"
                f'# variables.{first} = "my_{first}"\n'
            )
    return "".join(parts)


def _codebook_name(kind: FileKind) -> str:
    return f"{kind}_codebook.toml"


def _written(folder: Path, texts: dict[str, str]) -> tuple[Path, ...]:
    there = [name for name in texts if (folder / name).exists()]
    if there:
        raise DataError(
            f"a new study overwrites nothing, but {len(there)} of its {len(texts)} files are in "
            f"{str(folder)!r} already; the first is {there[0]!r}. Name another folder with --out."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            # "x": also where a file came in between, nothing is overwritten.
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        raise DataError(
            f"the folder {str(folder)!r} must be writable, but it is not "
            f"({type(error).__name__}). Name another with --out."
        ) from error
    return tuple(folder / name for name in texts)
