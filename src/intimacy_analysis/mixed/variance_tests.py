"""Do groups differ in a slope? Likelihood-ratio tests of random terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from intimacy_analysis.errors import FitError, SpecError
from intimacy_analysis.formatting import format_p
from intimacy_analysis.formulas import term_text
from intimacy_analysis.mixed.design import Design
from intimacy_analysis.mixed.fit import prepare, search
from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.mixed.spec import MixedModelSpec
from intimacy_analysis.mixed.terms import check_fitted, factors_of
from intimacy_analysis.numerics.intervals import chi_square_p_value
from intimacy_analysis.study.codebook import near_names

# Two searches end within some 1e-9 of the same optimum; below this a difference is rounding.
_TIE = 1e-6


class Executor(Protocol):
    """`map`, or the like of it with workers."""

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """Return function(item) for each item, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquareMixture:
    """A reference distribution made of chi-squares; chi2(0) is a point mass at zero.

    Attributes:
        weights: Share of each part; they sum to 1.
        df: Degrees of freedom of each part.
    """

    weights: tuple[float, ...]
    df: tuple[int, ...]

    def __str__(self) -> str:
        return " + ".join(
            f"{weight:g} chi2({df})" for weight, df in zip(self.weights, self.df, strict=True)
        )

    def p_value(self, statistic: float) -> float:
        """Return the mixture's mass at `statistic` and above."""
        return sum(
            weight * chi_square_p_value(statistic, df)
            for weight, df in zip(self.weights, self.df, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceTest:
    """A likelihood-ratio test that random terms have no variance.

    Attributes:
        terms: Random terms taken out.
        statistic: Twice the gain in log-likelihood; zero where the terms gain nothing.
        p_value: From the simulated distribution where one was asked for, else the mixture.
        mixture: The reference distribution; None where only simulation gives one.
        p_naive: Chi-square with as many df as parameters taken out, as programs print it that
            forget that a variance is not negative: too large.
        n_parameters: Variances and covariances taken out.
        n_simulated: Simulated statistics behind `p_value`; 0 where none.
        simulated: The statistics themselves, in the order of their streams.
        notes: What a reader must know before trusting the p-value.
        without: The model without the terms, fitted to the same rows by the same criterion.
    """

    terms: tuple[str, ...]
    statistic: float
    p_value: float
    mixture: ChiSquareMixture | None
    p_naive: float
    n_parameters: int
    n_simulated: int
    simulated: tuple[float, ...]
    notes: tuple[str, ...]
    without: MixedModelResult

    @property
    def reference(self) -> str:
        """The reference distribution of the p-value in words."""
        if self.n_simulated:
            return f"{self.n_simulated} outcomes simulated without the terms"
        return str(self.mixture)

    def __str__(self) -> str:
        p = format_p(self.p_value)
        sentence = (
            f"Likelihood-ratio test that {' and '.join(self.terms)} does not vary: "
            f"{self.statistic:.2f}, p {p if p[0] in '<>' else f'= {p}'} ({self.reference})."
        )
        return "\n".join([sentence, *self.notes])


def random_slope_test(
    result: MixedModelResult,
    term: str | Sequence[str],
    *,
    simulate: int = 0,
    seed: int | None = None,
    executor: Executor = map,
    progress: Callable[[int], None] | None = None,
) -> VarianceTest:
    """Test by likelihood ratio whether a random term has any variance.

    The model is fitted again without the term: same rows, same fixed part, same criterion, so
    that restricted likelihoods compare too. A variance cannot be negative, which makes the
    reference a mixture: for a term alone in its block 0.5 chi2(0) + 0.5 chi2(1); for one that is
    correlated with k others 0.5 chi2(k) + 0.5 chi2(k + 1). Several columns at once (several terms,
    or a category of three or more values) have no such simple mixture: ask for `simulate`.

    Args:
        result: A fitted model.
        term: Random term to take out, or several.
        simulate: Outcomes to simulate from the model without the term, for a p-value that needs no
            large sample (parametric bootstrap); 0 for none.
        seed: Fixes the simulated outcomes, whatever the executor.
        executor: `map`, or the map of a pool of workers.
        progress: Called with the number of simulated outcomes done so far.

    Raises:
        SpecError: Not a random term; several columns without `simulate`.
        FitError: A fit failed, or more than half of the simulated ones.

    Source:
        docs/maths/after_the_fit.md, eq. 1-3; Stram and Lee (1994), Biometrics 50, 1171-1177; Self
        and Liang (1987), Journal of the American Statistical Association 82, 605-610.
    """
    fit = check_fitted(result, "test of a random term")
    asked = (term,) if isinstance(term, str) else tuple(term)
    terms, columns = _terms_and_columns(fit.prepared.design, asked)
    mixture = _mixture(fit.prepared.design, columns)
    if simulate < 0 or 0 < simulate < 20:
        raise SpecError(f"a simulated p-value needs at least 20 outcomes, got {simulate!r}.")
    if mixture is None and not simulate:
        raise SpecError(
            f"one column must be tested at a time, but {' and '.join(map(repr, terms))} stands in "
            f"{len(columns)}, and several have no simple mixture of chi-squares. "
            "Set simulate=1000 for a simulated p-value."
        )
    without = _fit_without(result, terms, columns)
    statistic, gap = _likelihood_ratio(result, without)
    n_parameters = result.fit.prepared.layout.n_entries - without.fit.prepared.layout.n_entries
    notes = [*_notes(result, without, columns, gap)]
    simulated: tuple[float, ...] = ()
    if simulate:
        simulated = _simulated(result, without, simulate, seed, executor, progress)
        if len(simulated) < simulate:
            notes.append(
                f"{simulate - len(simulated)} of {simulate} simulated outcomes were left out: a "
                "search did not settle."
            )
        # Ties count as "at least as large", and the data count as one draw: never p = 0.
        reached = sum(value >= statistic - _TIE for value in simulated)
        p_value = (1 + reached) / (1 + len(simulated))
    else:
        p_value = mixture.p_value(statistic) if mixture is not None else np.nan
    return VarianceTest(
        terms=terms,
        statistic=statistic,
        p_value=p_value,
        mixture=mixture,
        p_naive=chi_square_p_value(statistic, n_parameters),
        n_parameters=n_parameters,
        n_simulated=len(simulated),
        simulated=simulated,
        notes=tuple(notes),
        without=without,
    )


def _terms_and_columns(
    design: Design, asked: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the terms that were asked for, as the formula has them, and their columns of Z."""
    if not asked or len(set(asked)) < len(asked):
        raise SpecError(f"name each random term once, and at least one, got {asked!r}.")
    by_term = _columns_by_term(design)
    by_column = {design.random_names[at]: term for term, every in by_term.items() for at in every}
    terms = []
    for name in asked:
        term = name if name in by_term else by_column.get(name)
        if term is None:
            known = near_names(name, list(by_term)) if by_term else "It has no random terms at all."
            raise SpecError(f"the model has no random term {name!r}. {known}")
        if name != term and len(by_term[term]) > 1:
            raise SpecError(
                f"a category must be taken out whole, but {name!r} is one of "
                f"{len(by_term[term])} columns of {term!r}. Name {term!r}."
            )
        terms.append(term)
    return tuple(terms), tuple(at for term in terms for at in by_term[term])


def _columns_by_term(design: Design) -> dict[str, tuple[int, ...]]:
    columns: dict[str, tuple[int, ...]] = {}
    for block, recipe in zip(design.blocks, _filled(design), strict=True):
        for term, places in recipe.term_indices.items():
            name = "Intercept" if str(term) == "1" else str(term)
            columns[name] = tuple(block[place] for place in places)
    return columns


def _filled(design: Design) -> list[Any]:
    """Return the recipes of the blocks that have columns."""
    return [recipe for recipe in design.encoding.random if recipe.column_names]


def _mixture(design: Design, columns: tuple[int, ...]) -> ChiSquareMixture | None:
    if len(columns) > 1:
        return None
    others = next(len(block) - 1 for block in design.blocks if columns[0] in block)
    return ChiSquareMixture(weights=(0.5, 0.5), df=(others, others + 1))


def _fit_without(
    result: MixedModelResult, terms: tuple[str, ...], columns: tuple[int, ...]
) -> MixedModelResult:
    """Fit the same model to the same rows without some columns of Z."""
    prepared = result.fit.prepared
    design = prepared.design
    recipes, texts, blocks = [], [], []
    for block, recipe in zip(design.blocks, _filled(design), strict=True):
        left = [part for part in recipe.terms if _name(part) not in terms]
        if len(left) == len(recipe.terms):
            recipes.append(recipe)
        elif left:
            recipes.append(recipe.subset(left))
        if left:
            blocks.append([place for place in block if place not in columns])
            texts.append(_block_text(left))
            if tuple(recipes[-1].column_names) != tuple(
                design.random_names[place] for place in blocks[-1]
            ):
                raise SpecError(
                    f"taking {' and '.join(map(repr, terms))} out would code the categories that "
                    "stay in another way. Code them as 0/1 columns first."
                )
    kept = [place for block in blocks for place in block]
    ends = np.cumsum([0, *map(len, blocks)])
    reduced = replace(
        design,
        Z=design.Z[:, kept],
        random_names=tuple(design.random_names[place] for place in kept),
        blocks=tuple(
            tuple(range(int(ends[k]), int(ends[k + 1]))) for k in range(len(blocks))
        ),
        encoding=replace(design.encoding, random=tuple(recipes)),
    )  # fmt: skip
    without = MixedModelResult(
        spec=_spec_without(result.spec, tuple(texts)),
        fit=search(prepare(reduced, prepared.structure, reml=prepared.reml)),
        df_method=result.df_method,
        standard_errors=result.standard_errors,
        confidence=result.confidence,
    )
    check_fitted(without, "test of a random term, when fitted without it")
    return without


def _spec_without(spec: MixedModelSpec, texts: tuple[str, ...]) -> MixedModelSpec:
    if not texts:
        return spec.with_random("0")
    return spec.with_random(texts[0] if len(texts) == 1 else texts)


def _name(term: Any) -> str:
    return "Intercept" if str(term) == "1" else str(term)


def _block_text(terms: list[Any]) -> str:
    """Return a block's terms as a formula spells them."""
    written = [term_text(term) for term in terms]
    return " + ".join(written if "1" in written else ["0", *written])


def _likelihood_ratio(
    result: MixedModelResult, without: MixedModelResult
) -> tuple[float, float]:  # fmt: skip
    """Return the statistic, zero in a tie, and by how much it came out below zero."""
    raw = 2 * (result.log_likelihood - without.log_likelihood)
    return (raw if raw > _TIE else 0.0), max(0.0, -raw)


def _notes(
    result: MixedModelResult, without: MixedModelResult, columns: tuple[int, ...], gap: float
) -> list[str]:
    fit, notes = result.fit, []
    names = fit.prepared.design.random_names
    taken = {names[column] for column in columns}
    if gap > _TIE:
        notes.append(
            f"The search with the term ended {gap:.2g} above the one without it; the statistic is "
            "set to zero. Fit again from other units of the predictor, or report the model without."
        )
    if without.state == "singular":
        notes.append(
            "The fit without the term is singular too, so another variance lies at its bound and "
            "the mixture is approximate. " + " ".join(without.warnings[: len(without.fit.reasons)])
        )
    elif result.state == "singular":
        notes.append("The fit with the term is singular: " + "; ".join(fit.reasons) + ".")
    higher = [
        name
        for name in without.fit.prepared.design.random_names
        if any(set(factors_of(gone)) < set(factors_of(name)) for gone in taken)
    ]
    if higher:
        notes.append(
            f"The random {' and '.join(map(repr, higher))} stays in the model, so the test asks "
            "about the term where the other factors of the product are zero."
        )
    return notes


def _simulated(
    result: MixedModelResult,
    without: MixedModelResult,
    times: int,
    seed: int | None,
    executor: Executor,
    progress: Callable[[int], None] | None,
) -> tuple[float, ...]:
    """Return statistics of outcomes drawn from the model without the terms."""
    streams = np.random.SeedSequence(seed).spawn(times)
    found: list[float] = []
    draw = partial(_one_simulated, result, without)
    for done, value in enumerate(executor(draw, streams), start=1):
        if np.isfinite(value):
            found.append(float(value))
        if progress is not None:
            progress(done)
    if len(found) < times / 2:
        raise FitError(
            f"a simulated p-value needs most of its fits, but only {len(found)} of {times} "
            "settled. Take random terms out of the model, or use the mixture."
        )
    return tuple(found)


def _one_simulated(
    result: MixedModelResult, without: MixedModelResult, stream: np.random.SeedSequence
) -> float:
    drawn = without.simulate(seed=int(stream.generate_state(1, np.uint64)[0]))[0]
    larger, smaller = result.refit(drawn), without.refit(drawn)
    if "failed" in (larger.state, smaller.state):
        return float("nan")
    return _likelihood_ratio(larger, smaller)[0]
