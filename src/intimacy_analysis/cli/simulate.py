"""`intimacy-analysis simulate`: a synthetic diary with a stated truth, in new files."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from intimacy_analysis.cli.console import count_bar, log
from intimacy_analysis.errors import DataError, SpecError
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    csv_text,
    format_number,
    text_lines,
)
from intimacy_analysis.loaders.bundled import bundled_file
from intimacy_analysis.loaders.codebook import CodebookFile, read_codebook
from intimacy_analysis.loaders.codebook_text import write_codebook
from intimacy_analysis.simulation.recovery import RecoveryTable
from intimacy_analysis.simulation.shared_time import SharedTimeTruth, simulate_shared_time
from intimacy_analysis.simulation.shared_time_recovery import shared_time_recovery
from intimacy_analysis.study.codebook import near_names

PATTERN = "shared_time_diary"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationRequest:
    """What `simulate` was asked.

    Attributes:
        file: The new data file; None where only recovery is asked for.
        n_persons: Persons.
        n_days: Days.
        seed: Seed.
        no_effect: Whether to start from a truth without any effect.
        parameters: "name=value" texts, names as in `SharedTimeTruth`.
        recovery: Number of simulated studies of a recovery run; 0 for none.
    """

    file: Path | None
    n_persons: int
    n_days: int
    seed: int
    no_effect: bool
    parameters: tuple[str, ...]
    recovery: int


def run_simulate(request: SimulationRequest, *, quiet: bool, as_json: bool) -> None:
    """Draw and write a diary, or study how well the analysis recovers its truth."""
    truth = _truth(request)
    if request.file is None and not request.recovery:
        raise SpecError(
            "simulate needs a new file to write to, or --recovery TIMES. "
            "Write `intimacy-analysis simulate my_diary.csv`."
        )
    answer: dict[str, object] = {"truth": truth.terms, "seed": request.seed}
    if request.file is not None:
        n_rows = _write(request, truth, request.file)
        beside = request.file.with_suffix(".toml")
        answer |= {"file": str(request.file), "codebook": str(beside), "n_rows": n_rows}
        log(f"wrote {request.file} ({n_rows} rows) and {beside}", quiet=quiet or not as_json)
        if not as_json:
            print(f"Wrote {request.file} ({n_rows} rows) and its codebook {beside}.")
            print("Synthetic data; the truth that was put in stands in the codebook.")
    if request.recovery:
        answer["recovery"] = _recovery(request, truth, quiet=quiet, as_json=as_json)
    if as_json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))


def _truth(request: SimulationRequest) -> SharedTimeTruth:
    truth = SharedTimeTruth()
    if request.no_effect:
        truth = truth.with_no_effect()
    known = tuple(field.name for field in fields(SharedTimeTruth))
    changes: dict[str, float] = {}
    for text in request.parameters:
        name, _, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if name not in known:
            raise SpecError(
                f"the truth has no parameter {name!r}. "
                f"{near_names(name, known).replace('Known columns', 'Known parameters')}"
            )
        try:
            changes[name] = float(value)
        except ValueError as error:
            raise SpecError(
                f"a parameter must read name=number, such as weekday_slope=0.05, got {text!r}."
            ) from error
    return replace(truth, **changes)


def _write(request: SimulationRequest, truth: SharedTimeTruth, path: Path) -> int:
    """Write data and codebook, both new; return the number of rows."""
    if path.suffix.lower() != ".csv":
        raise SpecError(f"the new file must be a .csv, got {path.name!r}. Give it that ending.")
    beside = path.with_suffix(".toml")
    for there in (path, beside):
        if there.exists():
            raise DataError(
                f"simulate writes new files only, but {there.name!r} is there already and is left "
                "as it is. Choose another name."
            )
    rows = simulate_shared_time(
        truth, n_persons=request.n_persons, n_days=request.n_days, seed=request.seed, bounded=True
    )
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(csv_text(list(rows.columns), rows.itertuples(index=False)))
    except OSError as error:
        raise DataError(
            f"the diary must be written to {str(path)!r}, but the file cannot be made "
            f"({type(error).__name__}). Check that the folder exists and that you may write there."
        ) from None
    write_codebook(_codebook(request, truth, path.stem), beside)
    return len(rows)


def _codebook(request: SimulationRequest, truth: SharedTimeTruth, name: str) -> CodebookFile:
    pattern = bundled_file(PATTERN)
    if pattern is None:
        raise DataError(
            f"the bundled study {PATTERN!r} must be there as a pattern, but it is not. "
            "Install the package again."
        )
    return replace(
        read_codebook(pattern.with_suffix(".toml")),
        name=name,
        title=f"Synthetic diary of {request.n_persons} persons and {request.n_days} days",
        seed=request.seed,
        notes=(
            "Synthetic data: nobody ever answered these questions. They are drawn from a stated "
            "truth and can only show whether an analysis recovers it.",
            "Intimacy is limited to the scale from 1 to 7 and rounded to 0.01; ends pull slopes "
            "toward zero by a few percent.",
        ),
        truth=dict(truth.terms),
    )


def _recovery(
    request: SimulationRequest, truth: SharedTimeTruth, *, quiet: bool, as_json: bool
) -> list[dict[str, object]]:
    """Run and show a recovery study; return its rows as plain values."""
    with count_bar("simulated studies", request.recovery, quiet=quiet) as tell:
        table = shared_time_recovery(
            truth,
            times=request.recovery,
            seed=request.seed,
            n_persons=request.n_persons,
            n_days=request.n_days,
            progress=lambda done, times: tell(done),
        )
    if not as_json:
        print("\n".join(text_lines(_recovery_table(table))))
    # JSON knows no nan.
    return [
        {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(row).items()
        }
        for row in table.rows
    ]


def _recovery_table(table: RecoveryTable) -> Table:
    def cell(value: float) -> Cell:
        return Cell(text=format_number(value), is_number=True)

    return Table(
        title=f"Recovery of the truth in {table.times} simulated studies, seed {table.seed}",
        columns=tuple(
            Column(header=header, align="left" if header == "Term" else "right")
            for header in (
                "Term",
                "Truth",
                "Mean",
                "Bias",
                "MC error",
                "SD",
                "Mean SE",
                "Coverage",
                f"Share p < {table.level:g}",
            )
        ),
        rows=tuple(
            (
                Cell(text=row.name),
                cell(row.truth),
                cell(row.mean),
                cell(row.bias),
                cell(row.bias_mc_error),
                cell(row.empirical_sd),
                cell(row.mean_std_error),
                cell(row.coverage),
                cell(row.rejection),
            )
            for row in table.rows
        ),
        notes=(
            "Bias is mean estimate minus truth; MC error is its Monte Carlo standard error. "
            "Coverage is the share of 95 % intervals that hold the truth.",
        ),
    )
