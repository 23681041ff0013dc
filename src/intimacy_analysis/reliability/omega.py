"""McDonald's omega of one set of items, or of both members', from the factor model of each."""

from __future__ import annotations

from intimacy_analysis.paths.spec import PathModelSpec
from intimacy_analysis.paths.syntax import read_model

DIFFERENCE = "omega_difference"


def omega_model(items: dict[str, tuple[str, ...]]) -> PathModelSpec:
    """Return one set's one-factor model, or both members' side by side, `omega_<role>` defined.

    Nothing links two members' models, so that the estimates are those of each member alone
    (docs/maths/reliability.md, eq. 4). Standard errors of one member's omega hold; that of the
    difference would take the members for strangers, and only a bootstrap of couples may be read
    for it.

    Args:
        items: Columns by member, three or more each; one entry where rows are persons.

    Source:
        docs/maths/reliability.md, eq. 3 and 4; McDonald (1999), Test Theory: A Unified Treatment.
    """
    lines, factors = [], []
    taken = {column for columns in items.values() for column in columns}
    for role, columns in items.items():
        factor = f"factor_{role}"
        while factor in taken:
            factor += "_"
        factors.append(factor)
        numbers = range(1, len(columns) + 1)
        loadings = [f"l{number}_{role}" for number in numbers]
        errors = [f"t{number}_{role}" for number in numbers]
        quoted = [f"`{column}`" for column in columns]  # names may hold blanks
        terms = [f"{label}*{column}" for label, column in zip(loadings, quoted, strict=True)]
        lines.append(f"{factor} =~ NA*{quoted[0]} + {' + '.join(terms)}")
        lines.append(f"{factor} ~~ 1*{factor}")
        lines += [f"{c} ~~ {label}*{c}" for label, c in zip(errors, quoted, strict=True)]
        true = f"({' + '.join(loadings)})^2"
        lines.append(f"omega_{role} := {true}/({true} + {' + '.join(errors)})")
    if len(items) == 2:
        first, second = items
        lines.append(f"{factors[0]} ~~ 0*{factors[1]}")
        lines.append(f"{DIFFERENCE} := omega_{first} - omega_{second}")
    return read_model("\n".join(lines))
