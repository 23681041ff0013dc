"""Units of parameters, from the codebook's units of the variables."""

from __future__ import annotations

from intimacy_analysis.paths.parameter_table import ParameterTable
from intimacy_analysis.study.codebook import Codebook, one_of


def parameter_units(table: ParameterTable, data: object) -> dict[str, str]:
    """Return the unit of each arrow whose variables have units in the data's codebook."""
    codebook = getattr(data, "codebook", None)
    if not isinstance(codebook, Codebook):
        return {}
    units = {variable.name: variable.unit for variable in codebook if variable.unit}
    found: dict[str, str] = {}
    for row in table.rows:
        left, right = units.get(row.lhs, ""), units.get(row.rhs, "")
        if row.op == "~" and left and right:
            found[table.name(row)] = f"{left} per {one_of(right)}"
        elif row.op == "~1" and left:
            found[table.name(row)] = left
    return found
