"""How well path models fit, one row a model."""

from __future__ import annotations

from collections.abc import Mapping

from intimacy_analysis.formatting import (
    Column,
    Table,
    format_p,
    number_cell,
    text_column,
    words_cell,
)
from intimacy_analysis.paths.result import PathModelResult


def path_fit_table(
    results: Mapping[str, PathModelResult], *, unit: str = "Couples", notes: tuple[str, ...] = ()
) -> Table:
    """Return chi-square, CFI, RMSEA, SRMR, AIC and BIC of each model.

    Args:
        results: Fits by name.
        unit: What a row of the data is, e.g. "Persons".
        notes: What must be known beside the numbers.
    """
    rows = []
    for name, result in results.items():
        fit = result.fit_indices
        rows.append(
            (
                words_cell(name),
                words_cell(result.state),
                number_cell(f"{fit.n_couples:.0f}", fit.n_couples),
                number_cell(f"{fit.n_parameters:.0f}", fit.n_parameters),
                number_cell(f"{fit.chisq:.2f}", fit.chisq),
                number_cell(f"{fit.df:.0f}", fit.df),
                number_cell("–" if fit.df == 0 else format_p(fit.p_value), fit.p_value),
                number_cell(f"{fit.cfi:.3f}", fit.cfi),
                number_cell(
                    "–"
                    if fit.df == 0
                    else f"{fit.rmsea:.3f} [{fit.rmsea_low:.3f}, {fit.rmsea_high:.3f}]",
                    fit.rmsea,
                    fit.rmsea_low,
                    fit.rmsea_high,
                ),
                number_cell(f"{fit.srmr:.3f}", fit.srmr),
                number_cell(f"{fit.aic:.1f}", fit.aic),
                number_cell(f"{fit.bic:.1f}", fit.bic),
            )
        )
    heads = (unit, "Parameters", "Chi-square", "df", "p", "CFI")
    return Table(
        title="Fit of the models",
        columns=(
            text_column("Model"),
            text_column("State"),
            *(Column(header=head, raw_names=(head.lower().replace("-", "_"),)) for head in heads),
            Column(
                header="RMSEA", detail="90 % CI", raw_names=("rmsea", "rmsea_low", "rmsea_high")
            ),
            *(Column(header=head, raw_names=(head.lower(),)) for head in ("SRMR", "AIC", "BIC")),
        ),
        rows=tuple(rows),
        notes=("A model without degrees of freedom fits any data; its fit says nothing.", *notes),
    )
