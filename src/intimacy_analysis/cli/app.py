"""The commands and their options; each command imports its work only when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from intimacy_analysis.cli.exit_codes import EPILOG

app = typer.Typer(
    name="intimacy-analysis",
    help="Analyze diaries and questionnaires about close relationships: check a file, fit mixed "
    "models, examine published claims, write a report that can be repeated.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Jobs = Annotated[
    Optional[int],  # noqa: UP045 - typer reads it at run time
    typer.Option("--jobs", min=1, help="Claims examined at a time. Default: one a processor."),
]
CodebookFile = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads it at run time
    typer.Option("--codebook", metavar="FILE", help="Codebook (TOML). Default: the .toml beside."),
]


# What a study file says itself.
_OF_STUDY_FILE = {
    "claim": "--claim",
    "data": "--data",
    "codebook": "--codebook",
    "variable": "--variable",
    "smallest_effect": "--smallest-effect",
    "seed": "--seed",
    "bootstrap": "--bootstrap",
    "confidence": "--confidence",
    "df": "--df",
    "record": "--from",
}


def _given(context: typer.Context, options: dict[str, str]) -> tuple[str, ...]:
    """Return which options were written on the command line, whatever their value."""
    sources = {name: context.get_parameter_source(name) for name in options}
    return tuple(
        options[name]
        for name, source in sources.items()
        if source is not None and source.name in ("COMMANDLINE", "ENVIRONMENT")
    )


def _show_version(asked: bool) -> None:
    if asked:
        from intimacy_analysis import __version__

        typer.echo(f"intimacy-analysis {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show a traceback on errors. May stand anywhere.")
    ] = False,
) -> None:
    """Take the options that every command shares; `main` has acted on --debug already."""


@app.command(epilog=EPILOG)
def reproduce(
    context: typer.Context,
    claim: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--claim",
            metavar="KEY",
            help="One claim to examine: shared-time, technoference, communication, "
            "emotional-intimacy, affection, affection-deprivation, love-languages or "
            "pair-inventory. Default: all of them; with --data, shared-time.",
        ),
    ] = None,
    data: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--data",
            metavar="FILE",
            help="File to examine, or the name of a bundled study. Default: the claim's own "
            "synthetic data.",
        ),
    ] = None,
    codebook: CodebookFile = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder of the report: new, empty, or an earlier report as it was written.",
        ),
    ] = Path("intimacy_report"),
    seed: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--seed", min=0, help="Seed of the bootstrap check."),
    ] = None,
    bootstrap: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--bootstrap", min=0, help="Samples of the bootstrap check; 0 for none."),
    ] = None,
    df: Annotated[
        Literal["satterthwaite", "kenward-roger"], typer.Option("--df", help="Degrees of freedom.")
    ] = "satterthwaite",
    confidence: Annotated[
        float, typer.Option("--confidence", help="Coverage of the intervals.")
    ] = 0.95,
    smallest_effect: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--smallest-effect",
            metavar="CLAIM=SIZE",
            help="Smallest effect of interest of a sub-claim, in the units of the data, e.g. "
            "weekday=0.05. May be given again.",
        ),
    ] = None,
    variable: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--variable",
            metavar="CONSTRUCT=NAME",
            help="Scale or column of your file that measures a construct of the claim, where the "
            "names differ, e.g. relationship_satisfaction=ras. May be given again.",
        ),
    ] = None,
    no_single_persons: Annotated[
        bool,
        typer.Option(
            "--no-single-persons",
            help="Draw no single person and no single day, only counts and means of ten or more.",
        ),
    ] = False,
    record: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--from",
            metavar="RUN.JSON",
            help="Repeat a recorded run with its own options; data that changed are refused.",
        ),
    ] = None,
    formats: Annotated[
        Optional[list[str]],  # noqa: UP045 - a list of choices typer does not know
        typer.Option(
            "--format",
            metavar="[html|docx|pdf]",
            help="The report as Word (docx) or PDF too, beside its page (html), which is always "
            "written. May be given again.",
        ),
    ] = None,
    study: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--study",
            metavar="STUDY.TOML",
            help="Study file: which claims on which of your own files; see new-study.",
        ),
    ] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Examine the published claims, all or one, and write a report.

    Writes one page (index.html) that needs no network, figures, tables, and run.json, from which
    the run can be repeated.
    """
    # The page is no choice, so it is no part of what is recorded.
    beside = tuple(sorted({*(formats or ())} - {"html"}))
    if study is not None:
        from intimacy_analysis.cli.reproduce_study import run_reproduce_study

        run_reproduce_study(
            study,
            given=_given(context, _OF_STUDY_FILE),
            folder=out,
            per_person=not no_single_persons,
            formats=beside,
            n_jobs=jobs,
            quiet=quiet,
            as_json=as_json,
        )
        return
    if claim is None and data is None and record is None:
        from intimacy_analysis.cli.reproduce_all import run_reproduce_all

        run_reproduce_all(
            codebook=codebook,
            folder=out,
            seed=seed,
            bootstrap=bootstrap,
            df_method=df,
            confidence=confidence,
            smallest_effects=tuple(smallest_effect or ()),
            variables=tuple(variable or ()),
            per_person=not no_single_persons,
            formats=beside,
            n_jobs=jobs,
            quiet=quiet,
            as_json=as_json,
        )
        return
    from intimacy_analysis.cli.reproduce import run_reproduce

    run_reproduce(
        claim="shared-time" if claim is None else claim,
        data=data,
        codebook=codebook,
        folder=out,
        seed=seed,
        bootstrap=bootstrap,
        df_method=df,
        confidence=confidence,
        smallest_effects=tuple(smallest_effect or ()),
        variables=tuple(variable or ()),
        per_person=not no_single_persons,
        record=record,
        formats=beside,
        quiet=quiet,
        as_json=as_json,
    )


@app.command(epilog=EPILOG)
def rerun(
    record: Annotated[
        Path, typer.Argument(metavar="RUN.JSON", help="Record of the run, in a report's folder.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder of the new report: new, empty, or an earlier report as it was written.",
        ),
    ] = Path("intimacy_rerun"),
    data: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--data", metavar="FILE", help="The data file, where it lies elsewhere now."),
    ] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Repeat a recorded run and say whether every number is the same.

    Ends with code 5 where a number is another one; data that changed are refused.
    """
    from intimacy_analysis.cli.rerun import run_rerun

    run_rerun(record, folder=out, data=data, n_jobs=jobs, quiet=quiet, as_json=as_json)


@app.command("new-study", epilog=EPILOG)
def new_study(
    claim: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--claim", metavar="KEY", help="Claim to examine; may be given again. Default: all."
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder; nothing in it is overwritten.")
    ] = Path("my_study"),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a study file and codebook templates to fill in for your own files."""
    from intimacy_analysis.cli.new_study import run_new_study

    run_new_study(tuple(claim or ()), folder=out, quiet=quiet, as_json=as_json)


@app.command(epilog=EPILOG)
def figure(
    key: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[KEY]", help="The figure's file name without ending; see --list."),
    ] = None,
    claim: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--claim", metavar="CLAIM", help="Claim it belongs to, where several have such a one."
        ),
    ] = None,
    file_format: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--format",
            metavar="[pdf|svg|png]",
            help="Of the picture. May be given again. Default: all three.",
        ),
    ] = None,
    width: Annotated[
        Literal["single", "double"],
        typer.Option("--width", help="One column (85 mm) or two (174 mm)."),
    ] = "single",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the files.")] = Path(
        "figures"
    ),
    data: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--data",
            metavar="FILE",
            help="File to examine, or the name of a bundled study. Default: the claim's own "
            "synthetic data.",
        ),
    ] = None,
    codebook: CodebookFile = None,
    record: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--from", metavar="RUN.JSON", help="Draw a figure of a recorded run."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there.")
    ] = False,
    list_all: Annotated[
        bool, typer.Option("--list", help="Show key, claim and title of every figure.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Draw one figure of a claim's report for a paper.

    Writes the picture with embedded fonts, its numbers (.csv), alternative text (.txt) and caption
    (_caption.txt). The same data and options give the same bytes.
    """
    from intimacy_analysis.cli.figure import run_figure

    run_figure(
        key,
        claim=claim,
        formats=tuple(file_format or ()),
        width=width,
        folder=out,
        data=data,
        codebook=codebook,
        record=record,
        overwrite=overwrite,
        list_all=list_all,
        quiet=quiet,
        as_json=as_json,
    )


@app.command(epilog=EPILOG)
def validate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="Data file, the name of a bundled study, or a study file (TOML)."
        ),
    ],
    codebook: CodebookFile = None,
    write_codebook: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--write-codebook",
            metavar="[FILE.toml]",
            help="Draft a codebook to a new file; without a name, to the .toml beside the data.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Check a data file and show what was read, dropped and recoded."""
    from intimacy_analysis.cli.validate import run_validate

    run_validate(
        file, codebook=codebook, write_codebook_to=write_codebook, quiet=quiet, as_json=as_json
    )


@app.command(epilog=EPILOG)
def fit(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Data file, or the name of a bundled study.")
    ],
    formula: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--formula", "-f", help='The model, as "y ~ x + (1 + x | person)".'),
    ] = None,
    outcome: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--outcome", metavar="COLUMN", help="Outcome, in place of a formula."),
    ] = None,
    within: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--within", metavar="COLUMN", help="Predictor, centered within person. Repeatable."
        ),
    ] = None,
    between: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--between", metavar="COLUMN", help="Predictor as person mean, centered. Repeatable."
        ),
    ] = None,
    random: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--random",
            metavar="COLUMN",
            help="Predictor of --within whose slope varies between persons. Repeatable.",
        ),
    ] = None,
    group: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--group", metavar="COLUMN", help="Persons; default: the codebook's."),
    ] = None,
    center: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--center",
            metavar="COLUMN",
            help="Add COLUMN_within and COLUMN_between for use in --formula. Repeatable.",
        ),
    ] = None,
    codebook: CodebookFile = None,
    residuals: Annotated[
        Literal["independent", "ar1", "car1"],
        typer.Option("--residuals", help="Errors within person."),
    ] = "independent",
    time: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--time", metavar="COLUMN", help="Times for ar1 and car1."),
    ] = None,
    criterion: Annotated[
        Literal["reml", "ml"], typer.Option("--criterion", help="Likelihood.")
    ] = "reml",
    df: Annotated[
        Literal["satterthwaite", "kenward-roger"], typer.Option("--df", help="Degrees of freedom.")
    ] = "satterthwaite",
    intervals: Annotated[
        Literal["wald", "profile", "bootstrap"], typer.Option("--intervals", help="Intervals.")
    ] = "wald",
    standard_errors: Annotated[
        Literal["model", "cr2"], typer.Option("--standard-errors", help="Standard errors.")
    ] = "model",
    confidence: Annotated[
        float, typer.Option("--confidence", help="Coverage of the intervals.")
    ] = 0.95,
    seed: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--seed", min=0, help="Seed of bootstrap intervals."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="New or empty folder for tables and fit.json."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Fit one mixed model to a file and print its tables."""
    from intimacy_analysis.cli.fit import FitRequest, run_fit

    run_fit(
        FitRequest(
            file=file,
            codebook=codebook,
            formula=formula,
            outcome=outcome,
            within=tuple(within or ()),
            between=tuple(between or ()),
            random=tuple(random or ()),
            group=group,
            center=tuple(center or ()),
            residuals=residuals,
            time=time,
            criterion=criterion,
            df_method=df,
            intervals=intervals,
            standard_errors=standard_errors,
            confidence=confidence,
            seed=seed,
        ),
        folder=out,
        quiet=quiet,
        as_json=as_json,
    )


@app.command(epilog=EPILOG)
def simulate(
    file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Argument(metavar="[FILE.csv]", help="New data file; its codebook goes beside it."),
    ] = None,
    persons: Annotated[int, typer.Option("--persons", min=2, help="Persons.")] = 92,
    days: Annotated[int, typer.Option("--days", min=2, help="Days, from a Monday on.")] = 14,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed; it is recorded.")] = 1,
    no_effect: Annotated[
        bool, typer.Option("--no-effect", help="Start from a truth in which nothing is found.")
    ] = False,
    weekday_slope: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option("--weekday-slope", help="Mean slope on weekdays, points per hour."),
    ] = None,
    weekend_slope: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option("--weekend-slope", help="Mean slope at weekends, points per hour."),
    ] = None,
    parameter: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--set",
            metavar="NAME=NUMBER",
            help="Any parameter of the truth, e.g. weekday_slope_sd=0.05, stress_effect=-0.4, "
            "residual_sd=1, share_missing=0.2. May be given again.",
        ),
    ] = None,
    recovery: Annotated[
        int,
        typer.Option(
            "--recovery",
            metavar="TIMES",
            min=0,
            help="Simulate and analyze so many studies, and show bias and coverage.",
        ),
    ] = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a synthetic diary with a stated truth, or study how well the truth is recovered."""
    from intimacy_analysis.cli.simulate import SimulationRequest, run_simulate

    slopes = {"weekday_slope": weekday_slope, "weekend_slope": weekend_slope}
    run_simulate(
        SimulationRequest(
            file=file,
            n_persons=persons,
            n_days=days,
            seed=seed,
            no_effect=no_effect,
            parameters=(
                *(f"{name}={value}" for name, value in slopes.items() if value is not None),
                *(parameter or ()),
            ),
            recovery=recovery,
        ),
        quiet=quiet,
        as_json=as_json,
    )
