"""A study file: which claims are examined on which of the user's own files, in one TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from intimacy_analysis.claims.registry import ClaimSet, claim_keys, find_claims
from intimacy_analysis.errors import DataError, IntimacyError
from intimacy_analysis.loaders.bundled import bundled_studies
from intimacy_analysis.loaders.toml_entries import is_number
from intimacy_analysis.report.reproduction import check_variables
from intimacy_analysis.report.run_record import RunOptions
from intimacy_analysis.report.toml_lines import toml_lines
from intimacy_analysis.study.checks import check_readable_file
from intimacy_analysis.study.codebook import near_names

_TABLES = ("study", "defaults", "claims")
_SETTINGS = ("confidence", "seed", "bootstrap", "per_person", "df_method")
_CLAIM_KEYS = ("data", "codebook", "variables", "smallest_effects", *_SETTINGS)
_DF_METHODS = ("satterthwaite", "kenward-roger")
# Fewer samples carry no interval; the claims refuse them.
_LEAST_BOOTSTRAP = 100
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyProblem:
    """Something in a study file that must be mended.

    Attributes:
        where: Table and key: "[claims.affection] data".
        line: Line of the file, from 1; None where it is not known.
        says: What must hold, what is there, and what to do.
    """

    where: str
    line: int | None
    says: str

    def __str__(self) -> str:
        line = "" if self.line is None else f", line {self.line}"
        return f"{self.where}{line}: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFile:
    """What a study file asks for.

    Attributes:
        path: The file.
        name: Name of the study; the file's stem where it has none.
        runs: What is asked of each set of claims whose files are there, in the file's order.
        asked: Keys of all sets of claims it names, also of those with problems.
        problems: What must be mended.
    """

    path: Path
    name: str
    runs: tuple[RunOptions, ...]
    asked: tuple[str, ...]
    problems: tuple[StudyProblem, ...] = ()

    @property
    def not_run(self) -> tuple[str, ...]:
        """Keys of the sets of claims that are not asked for, in the article's order."""
        return tuple(key for key in claim_keys() if key not in self.asked)


def read_study_file(path: Path | str) -> StudyFile:
    """Read a study file; paths in it are relative to it.

    Args:
        path: A TOML file with a table `[claims.KEY]` for each set of claims to examine.

    Raises:
        DataError: Anything in it that must be mended; all of it is listed, with table, key and
            line.
    """
    found = parse_study_file(Path(path))
    if found.problems:
        raise listed_problems(found.path, [str(problem) for problem in found.problems])
    return found


def listed_problems(path: Path, problems: Sequence[str]) -> DataError:
    """Return the error that lists all problems of a study file.

    Args:
        path: The study file.
        problems: One or more.
    """
    many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    listed = "\n".join(f"  {n}. {problem}" for n, problem in enumerate(problems, 1))
    return DataError(f"a study file must have no problem, but {path.name!r} has {many}:\n{listed}")


def parse_study_file(path: Path) -> StudyFile:
    """Read a study file; problems come with what is sound of it, and are not raised.

    Args:
        path: The file.

    Raises:
        DataError: It is not there, or cannot be read.
    """
    check_readable_file(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # not TOML, or not UTF-8
        said = " ".join(str(error).split())[:160]
        raise DataError(
            f"a study file must be written in TOML (UTF-8), but {path.name!r} cannot be read: "
            f"{said}. Texts stand in quotes, each table once, and paths with / or in single "
            "quotes: data = 'C:\\data\\survey.sav'."
        ) from None
    return _Reading(path=path, document=document, lines=toml_lines(text), problems=[]).result()


def is_study_file(path: Path) -> bool:
    """Return whether a file is a study file and no data file or codebook.

    Args:
        path: Any file; it need not be there.
    """
    if path.suffix.lower() != ".toml" or not path.is_file():
        return False
    tables = {keys[0] for keys in toml_lines(path.read_text(encoding="utf-8", errors="replace"))}
    return "claims" in tables or "columns" not in tables


@dataclass(slots=True)
class _Reading:
    """A study file while it is read."""

    path: Path
    document: dict[str, Any]
    lines: Mapping[Keys, int]
    problems: list[StudyProblem]

    def result(self) -> StudyFile:
        self.check_known(self.document, (), _TABLES, "the study file")
        study = self.table(self.document, ("study",))
        self.check_known(study, ("study",), ("name",), "[study]")
        name = study.get("name", self.path.stem)
        if not isinstance(name, str):
            self.tell(
                ("study", "name"),
                f'must be a text in quotes, but is {_shown(name)}. Write name = "my study".',
            )
            name = self.path.stem
        defaults = self.table(self.document, ("defaults",))
        self.check_known(defaults, ("defaults",), _SETTINGS, "[defaults]")
        usual = self.settings(defaults, ("defaults",))
        runs = self.runs(usual)
        claims = self.document.get("claims", {})
        asked = tuple(key for key in claim_keys() if isinstance(claims, dict) and key in claims)
        return StudyFile(
            path=self.path, name=name, runs=runs, asked=asked, problems=tuple(self.problems)
        )

    def runs(self, usual: Mapping[str, Any]) -> tuple[RunOptions, ...]:
        claims = self.table(self.document, ("claims",))
        if not claims and not self.problems:
            self.tell(
                ("claims",),
                "a study file must name at least one set of claims, but it names 0. Write "
                '[claims.shared-time] and below it data = "diary.csv"; there are: '
                f"{', '.join(claim_keys())}.",
            )
        found = []
        for key in claims:
            run = self.run(key, usual)
            if run is not None:
                found.append(run)
        return tuple(found)

    def run(self, key: str, usual: Mapping[str, Any]) -> RunOptions | None:
        at = ("claims", key)
        if key not in claim_keys():
            self.tell(at, f"there is no claim {key!r}. {_near(key, claim_keys(), 'claims')}")
            return None
        claims = find_claims(key)
        entry = self.table(self.document["claims"], at)
        if not isinstance(self.document["claims"][key], dict):
            return None
        self.check_known(entry, at, _CLAIM_KEYS, f"[claims.{key}]")
        settings = {**usual, **self.settings(entry, at)}
        variables = self.mapping(
            entry, (*at, "variables"), str, "a text in quotes", 'technoference = "tdis"'
        )
        sizes = self.mapping(entry, (*at, "smallest_effects"), float, "a number", "conflict = 0.2")
        data = self.data(entry, at)
        if data is None:
            return None
        named, place = data
        before = len(self.problems)
        codebook = self.codebook(entry, at, named, place)
        if len(self.problems) > before:
            return None
        run = RunOptions(
            claim=key,
            data=named,
            place=place,
            codebook=codebook,
            smallest_effects=sizes,
            variables=variables,
            **{**_usual_of(claims), **settings},
        )
        try:
            check_variables(run)
        except IntimacyError as error:
            self.tell((*at, "variables"), str(error))
        return run

    def data(
        self, entry: Mapping[str, Any], at: Keys
    ) -> tuple[str, Literal["bundled", "file"]] | None:
        given = entry.get("data")
        if not isinstance(given, str) or not given.strip():
            what = "is missing" if given is None else f"is {_shown(given)}"
            self.tell(
                (*at, "data"),
                f"must name the data file in quotes, but {what}. Write "
                'data = "survey.csv", a path from the folder of this file.',
            )
            return None
        path = self.path.parent / given
        if path.is_file():
            return str(path), "file"
        if given in bundled_studies():
            return given, "bundled"
        self.tell((*at, "data"), self.no_file("data file", path, given, bundled_studies()))
        return None

    def codebook(self, entry: Mapping[str, Any], at: Keys, data: str, place: str) -> str | None:
        """Return the codebook as named; check that there is one."""
        given = entry.get("codebook")
        here = (*at, "codebook")
        if given is None:
            beside = Path(data).with_suffix(".toml")
            if place == "file" and beside.resolve() == self.path.resolve():
                self.tell(
                    here,
                    f"the .toml beside {Path(data).name!r} is this study file, so its codebook "
                    'must be named. Write codebook = "codebook.toml".',
                )
            elif place == "file" and not beside.is_file():
                self.tell(
                    here,
                    f"a data file needs a codebook, but there is no {beside.name!r} beside "
                    f'{Path(data).name!r}. Name it: codebook = "..."; or draft one: '
                    f"intimacy-analysis validate {Path(data).name} --write-codebook {beside.name}",
                )
            return None
        if not isinstance(given, str):
            self.tell(
                here,
                f"must be a path in quotes, but is {_shown(given)}. Write "
                'codebook = "survey.toml".',
            )
        elif place == "bundled":
            self.tell(
                here,
                f"belongs to a data file, but the data are the bundled study {data!r}. Remove it.",
            )
        elif not (self.path.parent / given).is_file():
            self.tell(here, self.no_file("codebook", self.path.parent / given, given, ()))
        else:
            return str(self.path.parent / given)
        return None

    def settings(self, entry: Mapping[str, Any], at: Keys) -> dict[str, Any]:
        """Return the sound settings of a table."""
        found: dict[str, Any] = {}
        for name, (holds, what) in _HOLDS.items():
            if name not in entry:
                continue
            value = entry[name]
            if holds(value):
                found[name] = float(value) if name == "confidence" else value
            else:
                self.tell((*at, name), f"must be {what}, but is {_shown(value)}.")
        return found

    def mapping(
        self, entry: Mapping[str, Any], at: Keys, kind: type, what: str, example: str
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self.table(entry, at).items():
            if kind is float and is_number(value):
                found[name] = float(value)
            elif kind is str and isinstance(value, str) and value.strip():
                found[name] = value
            else:
                self.tell((*at, name), f"must be {what}, but is {_shown(value)}. Write {example}.")
        return found

    def table(self, document: Mapping[str, Any], at: Keys) -> dict[str, Any]:
        found = document.get(at[-1], {})
        if isinstance(found, dict):
            return found
        self.tell(
            at,
            f"must be a table, but is {_shown(found)}. Write [{'.'.join(at)}] on a line of its "
            "own.",
        )
        return {}

    def check_known(self, entry: Mapping[str, Any], at: Keys, known: Keys, where: str) -> None:
        for key in entry:
            if key not in known:
                self.tell((*at, key), f"{where} has no key {key!r}. {_near(key, known, 'keys')}")

    def no_file(self, what: str, path: Path, given: str, others: Keys) -> str:
        if not path.parent.is_dir():
            near = "The folder itself is not there."
        else:
            near = _near_file(path, others)
        return (
            f"there is no {what} {given!r} from the folder of this file. {near} Correct the path."
        )

    def tell(self, at: Keys, says: str) -> None:
        self.problems.append(StudyProblem(where=_where(at), line=self.line(at), says=says))

    def line(self, at: Keys) -> int | None:
        """Return the line of a key, or of the table around it."""
        for end in range(len(at), 0, -1):
            if at[:end] in self.lines:
                return self.lines[at[:end]]
        return None


# Setting to what holds for a sound value, and what it must be.
_HOLDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "confidence": (
        lambda value: is_number(value) and 0 < value < 1,
        "a number between 0 and 1, such as 0.95",
    ),
    "seed": (lambda value: _is_whole(value) and value >= 0, "a whole number, 0 or more"),
    "bootstrap": (
        lambda value: _is_whole(value) and (value == 0 or value >= _LEAST_BOOTSTRAP),
        f"0 for none, or a whole number of {_LEAST_BOOTSTRAP} samples or more",
    ),
    "per_person": (lambda value: isinstance(value, bool), "true or false"),
    "df_method": (lambda value: value in _DF_METHODS, f'"{_DF_METHODS[0]}" or "{_DF_METHODS[1]}"'),
}


def _usual_of(claims: ClaimSet) -> dict[str, Any]:
    bootstrap, seed = claims.usual
    return {"bootstrap": bootstrap, "seed": seed}


def _where(at: Keys) -> str:
    """Return "[claims.affection] data" for ("claims", "affection", "data")."""
    depth = 2 if at[0] == "claims" else 1
    if len(at) == 4:
        depth = 3
    table = f"[{'.'.join(at[:depth])}]"
    return f"{table} {'.'.join(at[depth:])}".strip()


def _near(name: str, known: Keys, what: str) -> str:
    near = near_names(name, known)
    near = near if near.startswith("Did") else f"Known {what}: {', '.join(known)}."
    return f"{near} Correct or remove it."


def _near_file(path: Path, others: Keys) -> str:
    """Return a sentence on the files that may be meant: like the name, or all that are there."""
    files = sorted(one for one in path.parent.glob("*") if one.is_file())
    # A codebook is no near name of a data file, nor the other way round.
    beside = [one for one in files if (one.suffix == ".toml") == (path.suffix == ".toml")]
    for known in ({one.stem: one.name for one in beside}, {name: name for name in others}):
        near = get_close_matches(path.stem, known, n=3, cutoff=0.6)
        if near:
            return f"Did you mean {' or '.join(known[stem] for stem in near)}?"
    shown = [one.name for one in beside]
    return f"Files there: {', '.join(shown[:8]) or 'none'}{', ...' if len(shown) > 8 else ''}."


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    return repr(value) if len(repr(value)) <= 40 else f"a {type(value).__name__}"
