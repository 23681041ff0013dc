"""Whether the data can tell the elements of G apart."""

from __future__ import annotations

import numpy as np

from intimacy_analysis.errors import DataError
from intimacy_analysis.mixed.likelihood import FactorLayout
from intimacy_analysis.mixed.structure import Floats

_REDUNDANT = 1e-13


def check_identified(products: Floats, layout: FactorLayout, names: tuple[str, ...]) -> None:
    """Raise `DataError` where two elements of G change the covariance of the data alike.

    V is linear in the elements of G, so they can be told apart only where the matrices Z E_r Z' are
    linearly independent. Their inner products are tr(E_r A E_s A), A = Z'Z of a group, summed.

    Args:
        products: Z'Z of each group in the engine's coordinates, shape (q, q, n_groups).
        layout: The free elements of G.
        names: Names of the random terms, q of them.

    Raises:
        DataError: Independent blocks hold the same variance twice.

    Source:
        docs/maths/mixed_model.md, eq. 24.
    """
    if layout.n_entries < 2:
        return
    q = layout.n_random
    flat = products.reshape(q * q, -1)
    AA = (flat @ flat.T).reshape(q, q, q, q)
    E = (layout.basis + layout.basis.transpose(0, 2, 1)) / 2
    gram = np.einsum("rab,scd,bcda->rs", E, E, AA, optimize=True)
    size = np.sqrt(np.diag(gram))
    values, vectors = np.linalg.eigh(gram / np.outer(size, size))
    if values[0] > _REDUNDANT:
        return
    heavy = np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)
    places = sorted({int(k) for k in (*layout.rows[heavy], *layout.columns[heavy])})
    raise DataError(
        "each random term must add something, but the data cannot tell the variances and "
        f"covariances of {' and '.join(repr(names[k]) for k in places)} apart: they make the same "
        "covariance. Take one of them out of the random part, or join their blocks."
    )
