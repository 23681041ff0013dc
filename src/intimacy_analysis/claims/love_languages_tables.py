"""The result tables of the claims on love languages."""

from __future__ import annotations

from intimacy_analysis.claims.love_languages_analyses import (
    TERMS,
    LoveLanguagesAnalyses,
    mismatch_correlation,
)
from intimacy_analysis.claims.love_languages_claims import SEXES
from intimacy_analysis.claims.love_languages_facts import NEIGHBORS
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.formatting import (
    Cell,
    Column,
    Table,
    count_cell,
    estimate_cells,
    format_interval,
    format_number,
    number_cell,
    p_cell,
    precision_for,
    text_column,
    words_cell,
)

_TERM_WORDS = {
    "mismatch": "mismatch received",
    "expression": "partner's expression, mean",
    "preference": "own preference, mean",
}


def love_languages_tables(analyses: LoveLanguagesAnalyses, confidence: float) -> dict[str, Table]:
    """Return the tables of the estimates by file name, in the order of the page."""
    tables = {
        "profiles": _profiles(analyses),
        "simple": _simple(analyses, confidence),
    }
    if any(model.fit.state == "ok" for model in analyses.beyond.values()):
        tables["beyond_levels"] = _beyond(analyses, confidence)
        tables["shared"] = _shared(analyses)
    for outcome, held in analyses.strangers.items():
        close, *baselines = held.tables()
        tables.setdefault("real_couples_and_strangers", close)
        for baseline in baselines:
            tables[f"strangers_{outcome}"] = baseline
    return tables


def neighbors_table() -> Table:
    """Return what other studies found, each with its label."""
    return Table(
        title="Contrary and neighboring evidence",
        columns=(
            text_column("Finding"),
            Column(header="Number", raw_names=("value",)),
            text_column("Unit"),
            text_column("Label"),
        ),
        rows=tuple(
            (
                words_cell(fact.text),
                number_cell("–", float("nan"))
                if fact.value is None
                else number_cell(f"{fact.value:g}", fact.value),
                words_cell(fact.unit),
                words_cell(fact.label),
            )
            for fact in NEIGHBORS
        ),
        notes=(
            "Read of in abstracts, records and news items, never in results tables. None of it is "
            "computed from the data of this report.",
        ),
    )


def shown(row: Estimate) -> Cell:
    """Return an estimate with its interval in one cell."""
    precision = precision_for(row.value, row.std_error, row.low, row.high, bounded=True)
    return number_cell(
        f"{format_number(row.value, precision)} {format_interval(row.low, row.high, precision)}",
        row.value,
        row.low,
        row.high,
    )


def nothing() -> Cell:
    """Return the cell of an estimate that could not be had."""
    return Cell(text="–", raw=(float("nan"),) * 3, is_number=True)


def coverage_column(header: str, confidence: float, name: str) -> Column:
    """Return the column of `shown` cells."""
    return Column(
        header=header,
        detail=f"{100 * confidence:.6g} % CI",
        raw_names=(f"{name}_value", f"{name}_low", f"{name}_high"),
    )


def _profiles(analyses: LoveLanguagesAnalyses) -> Table:
    scores = analyses.scores
    rows = []
    for held in analyses.profiles.to_dict("records"):
        receiver = scores.members[str(held["sex"])]
        cells = [words_cell(f"{held['language']}".replace("_", " ")), words_cell(held["sex"])]
        for form, who in (("preferred", receiver), ("expressed", 1 - receiver)):
            role = scores.couples.roles[who]
            alpha = scores.alphas.get(f"{form}_{held['language']}_{role}")
            cells += [
                number_cell(format_number(held[form]), held[form]),
                number_cell(format_number(held[f"{form}_sd"]), held[f"{form}_sd"]),
                number_cell("–", float("nan"))
                if alpha is None
                else number_cell(f"{alpha:.2f}".lstrip("0"), alpha),
                count_cell(int(held[f"{form}_n"])),
            ]
        rows.append(tuple(cells))
    return Table(
        title="What is preferred, and what the partner expresses",
        columns=(
            text_column("Language"),
            text_column("Receiver"),
            *(
                Column(header=header, detail=detail, italic=italic, raw_names=(f"{form}_{name}",))
                for form in ("preferred", "expressed")
                for header, detail, italic, name in (
                    ("M", form, True, "mean"),
                    ("SD", form, True, "sd"),
                    ("alpha", form, False, "alpha"),
                    ("n", form, True, "n"),
                )
            ),
        ),
        rows=tuple(rows),
        notes=("Expressed: by the receiver's partner, as that partner reports it.",),
    )


def _simple(analyses: LoveLanguagesAnalyses, confidence: float) -> Table:
    scores = analyses.scores
    rows = []
    for outcome in scores.outcomes:
        for sex in SEXES:
            cells: list[Cell] = [words_cell(f"{outcome.replace('_', ' ')}, {sex}")]
            for direction in ("received", "given"):
                held = mismatch_correlation(scores, sex, outcome, direction, confidence)
                cells += [shown(held), p_cell(held.p_value)]
            rows.append(tuple(cells))
    return Table(
        title="Simple correlations of mismatch with satisfaction",
        columns=(
            text_column("Outcome"),
            coverage_column("Mismatch received", confidence, "received"),
            Column(header="p", italic=True, raw_names=("received_p",)),
            coverage_column("Mismatch given", confidence, "given"),
            Column(header="p", italic=True, raw_names=("given_p",)),
        ),
        rows=tuple(rows),
        notes=(
            "Received: own preference against the partner's expression; given: own expression "
            "against the partner's preference. Sum of five absolute differences. Such "
            "correlations come about where only the amount of expression matters.",
        ),
    )


def _beyond(analyses: LoveLanguagesAnalyses, confidence: float) -> Table:
    coverage = f"{100 * confidence:.6g} % CI"
    rows = []
    for outcome, model in analyses.beyond.items():
        if model.fit.state != "ok":
            continue
        for sex in SEXES:
            for term in TERMS:
                label = f"{term}_{analyses.scores.role(sex)}"
                row, free = model.estimates[label], analyses.term(outcome, sex, term)
                rows.append(
                    (
                        words_cell(f"{outcome.replace('_', ' ')}, {sex}: {_TERM_WORDS[term]}"),
                        *estimate_cells(row.value, row.low, row.high, std_error=row.std_error),
                        *estimate_cells(free.value, free.low, free.high, std_error=free.std_error),
                        p_cell(free.p_value),
                    )
                )
    tests = " ".join(
        f"{outcome.replace('_', ' ').capitalize()}: both coefficients of mismatch zero, "
        f"chi-square({model.adds_nothing.df}) = {format_number(model.adds_nothing.statistic)}, "
        f"p = {model.adds_nothing.p_value:.3f}."
        for outcome, model in analyses.beyond.items()
        if model.fit.state == "ok"
    )
    return Table(
        title="Mismatch at equal levels: does matching matter beyond how much is expressed?",
        columns=(
            text_column("Outcome and term"),
            Column(header="Points per point", raw_names=("value",)),
            Column(header=coverage, raw_names=("low", "high")),
            Column(header="Standardized", raw_names=("standardized",)),
            Column(header=coverage, raw_names=("standardized_low", "standardized_high")),
            Column(header="p", italic=True, raw_names=("p_value",)),
        ),
        rows=tuple(rows),
        notes=(
            "Each outcome: both members at once, residuals correlated, full information. p and the "
            "interval of the standardized coefficient are those of t, n less four degrees of "
            f"freedom. {tests}",
        ),
    )


def _shared(analyses: LoveLanguagesAnalyses) -> Table:
    heads = {
        "r2_levels": "R², levels alone",
        "r2_all": "R², with mismatch",
        "shared": "Of mismatch, said by levels",
        "vif": "Variance inflation",
    }
    rows = []
    for outcome, model in analyses.beyond.items():
        for sex in SEXES:
            held = model.explained.to_dict("index")[analyses.scores.role(sex)]
            rows.append(
                (
                    words_cell(f"{outcome.replace('_', ' ')}, {sex}"),
                    *(number_cell(f"{held[name]:.2f}", float(held[name])) for name in heads),
                )
            )
    return Table(
        title="How much of mismatch is a re-coded level",
        columns=(
            text_column("Outcome"),
            *(Column(header=words, raw_names=(name,)) for name, words in heads.items()),
        ),
        rows=tuple(rows),
        notes=("Levels: the partner's mean expression and the own mean preference.",),
    )
