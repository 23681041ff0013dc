"""Fit about the sample means and map the answer back: a far origin must not cost digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from intimacy_analysis.paths.moments import Patterns, available_moments
from intimacy_analysis.paths.parameter_table import ParameterTable

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Centering:
    """What was taken off each variable, and how parameters change with it.

    Moving variable j by c_j changes the intercept of i by c_i less the sum of A_ij c_j, and
    nothing else: docs/maths/path_model.md, eq. 13.

    Attributes:
        shifts: One array (p,) a group.
        constant: Shape (q,).
        matrix: theta of the data as given = constant + matrix @ theta of the centered data, (q, q).
    """

    shifts: tuple[Floats, ...]
    constant: Floats
    matrix: Floats

    def to_given(self, theta: Floats) -> Floats:
        """Return parameters of the data as given."""
        return self.constant + self.matrix @ theta

    def to_centered(self, theta: Floats) -> Floats:
        """Return parameters of the centered data."""
        return np.asarray(np.linalg.solve(self.matrix, theta - self.constant), dtype=np.float64)


def plan_centering(
    table: ParameterTable, patterns: tuple[Patterns, ...], bound: frozenset[str]
) -> Centering:
    """Plan to center every variable whose intercept, and its outcomes', are free to take it up.

    Args:
        table: The model.
        patterns: The data, one a group.
        bound: Labels that stand in a constraint.
    """
    q = table.n_free
    uses = np.zeros(q, dtype=int)
    for row in table.rows:
        if row.free >= 0:
            uses[row.free] += 1
    constant, matrix = np.zeros(q), np.eye(q)
    shifts: list[Floats] = []
    place = {name: index for index, name in enumerate(table.observed)}
    for group in range(len(table.groups)):
        rows = [row for row in table.rows if row.group == group]
        takes = {
            row.lhs: row.free
            for row in rows
            if row.op == "~1"
            and (row.sample or (row.free >= 0 and uses[row.free] == 1 and row.label not in bound))
        }
        blocked = {row.rhs for row in rows if row.op == "~" and row.lhs not in takes} | {
            row.lhs for row in rows if row.op == "=~" and row.rhs not in takes
        }
        mean, _ = available_moments(patterns[group])
        shift = np.zeros(len(place))
        for name, at in place.items():
            if not table.means or (name in takes and name not in blocked):
                shift[at] = mean[at]
        shifts.append(shift)
        if not table.means:
            continue
        for name, at in place.items():
            if name in takes and takes[name] >= 0:
                constant[takes[name]] += shift[at]
        for row in rows:
            if row.op != "~" or row.rhs not in place or takes.get(row.lhs, -1) < 0:
                continue
            taken = shift[place[row.rhs]]
            if row.free >= 0:
                matrix[takes[row.lhs], row.free] -= taken
            else:
                constant[takes[row.lhs]] -= row.value * taken
    return Centering(shifts=tuple(shifts), constant=constant, matrix=matrix)
