"""Can data of one time tell which way an arrow points? The gap of two rival models, and chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.paths.batch import MomentStack, batch_chisq
from intimacy_analysis.paths.bootstrap import fit_stacks
from intimacy_analysis.paths.result import PathModelResult

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionGap:
    """Two rivals of equal size on the same couples.

    Attributes:
        gap: Chi-square of the second less that of the first: positive where the first fits
            better.
        wrong_if_first: Share of samples drawn from the fitted first model in which the second
            fits better.
        wrong_if_second: The same the other way round.
        gaps_if_first: The gaps in those samples, in the order drawn; a sample in which one of the
            two has no maximum is left out.
        gaps_if_second: The gaps in samples drawn from the fitted second model.
        freed_gap: The gap once the arrows that both leave out are freed: zero, since the two are
            then one model written twice.
        n_couples: Couples a sample.
        n_samples: Samples a model.
        seed: Of the samples.
        names: What the two models are called.
    """

    gap: float
    wrong_if_first: float
    wrong_if_second: float
    gaps_if_first: Floats
    gaps_if_second: Floats
    freed_gap: float
    n_couples: int
    n_samples: int
    seed: int
    names: tuple[str, str] = ("first", "second")

    @property
    def telling(self) -> bool:
        """Whether either model would mislead in fewer than one sample in a hundred."""
        return max(self.wrong_if_first, self.wrong_if_second) < 0.01

    def to_frame(self) -> pd.DataFrame:
        """Return one row a truth: mean and quantiles of the gap, and how often it misleads."""
        rows = []
        for truth, gaps, wrong in (
            (self.names[0], self.gaps_if_first, self.wrong_if_first),
            (self.names[1], self.gaps_if_second, self.wrong_if_second),
        ):
            low, middle, high = np.quantile(gaps, [0.025, 0.5, 0.975])
            rows.append(
                {
                    "truth": truth,
                    "mean": gaps.mean(),
                    "low": low,
                    "median": middle,
                    "high": high,
                    "share_wrong": wrong,
                }
            )
        return pd.DataFrame(rows).set_index("truth")


def direction_gap(
    first: PathModelResult,
    second: PathModelResult,
    freed: tuple[PathModelResult, PathModelResult],
    *,
    n_samples: int = 500,
    seed: int = 0,
    names: tuple[str, str] = ("first", "second"),
) -> DirectionGap:
    """Compare two rivals and simulate how often the wrong one would fit better.

    Args:
        first: A fit.
        second: Its rival on the same couples.
        freed: Both with the arrows freed that they leave out.
        n_samples: Samples drawn from each fitted model.
        seed: Of the samples.
        names: What the two models are called.

    Raises:
        SpecError: Two models of other variables, groups or couples, a fit without a proper
            solution, or too few samples.
        FitError: No sample in which both have a maximum.
    """
    _check_rivals(first, second, n_samples)
    rng = np.random.default_rng(seed)
    n = first.n_couples
    gaps_first = _gaps(first, first, second, n, n_samples, rng)
    gaps_second = _gaps(second, first, second, n, n_samples, rng)
    return DirectionGap(
        gap=second.fit_indices.chisq - first.fit_indices.chisq,
        wrong_if_first=float((gaps_first < 0).mean()),
        wrong_if_second=float((gaps_second > 0).mean()),
        gaps_if_first=gaps_first,
        gaps_if_second=gaps_second,
        freed_gap=freed[1].fit_indices.chisq - freed[0].fit_indices.chisq,
        n_couples=n,
        n_samples=n_samples,
        seed=seed,
        names=names,
    )


def _check_rivals(first: PathModelResult, second: PathModelResult, n_samples: int) -> None:
    """Raise `SpecError` where two fits cannot be compared by their chi-squares."""
    if n_samples < 1:
        raise SpecError(f"n_samples must be 1 or more, got {n_samples}. 500 are usual.")
    for result in (first, second):
        if result.state != "ok":
            raise SpecError(
                f"both models must have a proper solution to draw samples from, but one is "
                f"{result.state}. Its warnings say why."
            )
        if result.groups != ("",):
            raise SpecError("the direction gap is for models of one group. Fit each group alone.")
    one, other = set(first.implied().columns), set(second.implied().columns)
    if one != other or first.n_couples != second.n_couples:
        raise SpecError(
            "rivals must be fitted to the same variables of the same couples, but "
            f"{len(one ^ other)} variables are in one of them only, and the couples are "
            f"{first.n_couples} and {second.n_couples}."
        )


def _gaps(
    truth: PathModelResult,
    first: PathModelResult,
    second: PathModelResult,
    n: int,
    n_samples: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw samples of complete couples from a fitted model and fit both rivals to each."""
    names = list(truth.implied().columns)
    covariance = truth.implied().to_numpy()
    half = np.linalg.cholesky(covariance)
    means = np.zeros((n_samples, len(names)))
    seconds = np.zeros((n_samples, len(names), len(names)))
    for at in range(n_samples):
        rows = rng.normal(size=(n, len(names))) @ half.T
        means[at] = rows.mean(axis=0)
        centered = rows - means[at]
        seconds[at] = centered.T @ centered / n
    found = []
    for model in (first, second):
        order = [names.index(name) for name in model.parts.fit.table.observed]
        stack = MomentStack(
            observed=np.ones((1, len(names)), dtype=bool),
            counts=np.full((n_samples, 1), float(n)),
            means=means[:, None, order],
            seconds=seconds[:, None][:, :, order][:, :, :, order],
        )
        structures, theta = fit_stacks(model.parts.fit, (stack,))
        found.append(batch_chisq(structures, (stack,), theta))
    gaps = found[1] - found[0]
    held = gaps[np.isfinite(gaps)]
    if not len(held):
        raise FitError(
            f"in none of {n_samples} samples of {n} couples do both models have a maximum, so "
            "their gap cannot be simulated. There may be too few couples."
        )
    return np.asarray(held)
