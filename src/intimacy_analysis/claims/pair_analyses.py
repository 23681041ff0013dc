"""What is computed for the claims on the PAIR: reliabilities, gaps, correlations, structure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri, stdtr, stdtrit

from intimacy_analysis.claims.pair_claims import INTIMACIES, SCORES
from intimacy_analysis.claims.pair_invariance import MeasuredAlike, measured_alike
from intimacy_analysis.claims.pair_scores import FORMS, PairScores
from intimacy_analysis.errors import IntimacyError
from intimacy_analysis.estimates import Estimate
from intimacy_analysis.paths.bootstrap import resampling_counts
from intimacy_analysis.paths.fitting import fit_path_model
from intimacy_analysis.paths.result import PathModelResult
from intimacy_analysis.reliability.cronbach_alpha import (
    alpha_draws,
    covariance_draws,
    cronbach_alpha,
)
from intimacy_analysis.reliability.difference_score import (
    DifferenceReliability,
    difference_parts,
    difference_reliability,
)
from intimacy_analysis.reliability.parallel_analysis import ParallelAnalysis, parallel_analysis

Floats = npt.NDArray[np.float64]
ONE, FIVE = "one factor", "five factors"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAnalyses:
    """What the tables and figures are made of.

    Attributes:
        roles: The spouses.
        alphas: One row a form, score and role: alpha with Feldt's interval.
        gaps: One row a kind of intimacy and role: mean gap with interval, in points.
        differences: One row a form and score: mean of the first spouse less the second.
        gap_reliability: By kind of intimacy.
        structure: Role and model ("one factor", "five factors") to its fit; only what was fitted.
        parallel: Role to the parallel analysis of the thirty items of the perceived form.
        alike: Whether scores are measured alike by both spouses, and in both forms.
    """

    roles: tuple[str, str]
    alphas: pd.DataFrame
    gaps: pd.DataFrame
    differences: pd.DataFrame
    gap_reliability: dict[str, DifferenceReliability]
    structure: dict[tuple[str, str], PathModelResult]
    parallel: dict[str, ParallelAnalysis]
    alike: tuple[MeasuredAlike, ...]


def analyze(scores: PairScores, *, bootstrap: int, seed: int, confidence: float) -> PairAnalyses:
    """Compute everything but the claims' own estimates.

    Args:
        scores: Both forms of both spouses.
        bootstrap: Replicates of couples for the gaps' reliability.
        seed: Of the bootstrap and of the parallel analysis.
        confidence: Coverage of the intervals.
    """
    roles = scores.couples.roles
    rows = scores.couples.rows
    alphas = [
        {"form": form, "score": score, "role": role, "value": a.value, "low": a.low, "high": a.high}
        for form in FORMS
        for score in SCORES
        for role in roles
        for a in [cronbach_alpha(scores.answers(f"{form}_{score}", role), confidence=confidence)]
    ]
    gaps = [
        {"score": score, "role": role, "value": m.value, "low": m.low, "high": m.high, "n": n}
        for score in INTIMACIES
        for role in roles
        for m, n in [mean_estimate(rows[f"gap_{score}_{role}"], confidence)]
    ]
    one, other = roles
    differences = [
        {"form": form, "score": score, "value": m.value, "low": m.low, "high": m.high, "n": n}
        for form in FORMS
        for score in SCORES
        for m, n in [
            mean_estimate(
                rows[f"{form}_{score}_{one}"] - rows[f"{form}_{score}_{other}"], confidence
            )
        ]
    ]
    return PairAnalyses(
        roles=roles,
        alphas=pd.DataFrame(alphas),
        gaps=pd.DataFrame(gaps),
        differences=pd.DataFrame(differences),
        gap_reliability={
            score: difference_reliability(
                scores.couples,
                scores.keys[f"expected_{score}"],
                scores.keys[f"perceived_{score}"],
                bootstrap=max(bootstrap, 100),
                seed=seed,
                confidence=confidence,
            )
            for score in INTIMACIES
        },
        structure=_structure(scores),
        parallel={
            role: parallel_analysis(_items(scores, role), n_draws=500, seed=seed) for role in roles
        },
        alike=measured_alike(scores),
    )


def estimates_of(
    scores: PairScores, *, bootstrap: int, seed: int, confidence: float
) -> dict[str, Estimate]:
    """Return the claims' estimates, by key of the claim; couples are what is independent."""
    rows, roles = scores.couples.rows, scores.couples.roles
    counts: Floats = resampling_counts(np.random.default_rng(seed), max(bootstrap, 100), len(rows))
    found = {
        f"alpha-{score}": _mean_alpha(scores, f"perceived_{score}", counts, confidence)
        for score in SCORES
    }
    for score in INTIMACIES:
        both = rows[[f"gap_{score}_{role}" for role in roles]]
        found[f"gap-{score}"], _ = mean_estimate(both.mean(axis=1), confidence)
    found["gap-reliability"] = _mean_gap_reliability(scores, counts, confidence)
    found["conventionality"] = _pooled_correlation(scores, counts, confidence)
    wife, husband = (rows[f"perceived_emotional_{role}"] for role in roles)
    found["spouse-difference"], _ = mean_estimate(wife - husband, confidence)
    return {key: replace(row, name=key) for key, row in found.items()}


def mean_estimate(values: pd.Series, confidence: float) -> tuple[Estimate, int]:
    """Return a mean with Student's interval against zero, and how many values it rests on.

    Args:
        values: One a couple, missing ones left out.
        confidence: Coverage.
    """
    held = values.dropna().to_numpy(dtype=np.float64)
    n = len(held)
    if n < 2:
        return Estimate(name="mean", value=math.nan, unit="points"), n
    value, error = float(held.mean()), float(held.std(ddof=1)) / math.sqrt(n)
    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * error
    p = 2 * float(stdtr(n - 1, -abs(value / error))) if error > 0 else math.nan
    return (
        Estimate(
            name="mean",
            value=value,
            std_error=error,
            df=float(n - 1),
            low=value - half,
            high=value + half,
            p_value=p,
            unit="points",
        ),
        n,
    )


def _mean_alpha(scores: PairScores, score: str, counts: Floats, confidence: float) -> Estimate:
    answers = [scores.answers(score, role) for role in scores.couples.roles]
    value = float(np.mean([cronbach_alpha(held).value for held in answers]))
    draws = np.mean([alpha_draws(held, counts) for held in answers], axis=0)
    return _reliability_estimate(score, value, draws, confidence)


def _mean_gap_reliability(scores: PairScores, counts: Floats, confidence: float) -> Estimate:
    values, draws = [], []
    for role in scores.couples.roles:
        wanted = scores.answers("expected_emotional", role)
        both = wanted.join(scores.answers("perceived_emotional", role))
        k = wanted.shape[1]
        values.append(_gap_reliability(both.cov().to_numpy(dtype=np.float64)[None], k)[0])
        draws.append(_gap_reliability(covariance_draws(both, counts), k))
    value = float(np.mean(values))
    return _reliability_estimate("gap reliability", value, np.mean(draws, axis=0), confidence)


def _gap_reliability(matrices: Floats, k: int) -> Floats:
    return difference_parts(matrices, k)["reliability of the difference"]


def _reliability_estimate(name: str, value: float, draws: Floats, confidence: float) -> Estimate:
    """Return a reliability with an interval that is symmetric in log(1 - reliability).

    Draws of a reliability lie below it as it lies below the truth, so that their percentiles would
    miss on the low side twice over (tests/recovery/test_pair_recovered.py).
    """
    held = draws[np.isfinite(draws) & (draws < 1)]
    if not (math.isfinite(value) and value < 1) or len(held) < len(draws) / 2:
        return Estimate(name=name, value=value, unit="reliability")
    half = float(ndtri(0.5 + confidence / 2)) * float(np.log(1 - held).std(ddof=1))
    center = math.log(1 - value)
    return Estimate(
        name=name,
        value=value,
        std_error=float(held.std(ddof=1)),
        low=1 - math.exp(center + half),
        high=1 - math.exp(center - half),
        unit="reliability",
    )


def _pooled_correlation(scores: PairScores, counts: Floats, confidence: float) -> Estimate:
    """Return the mean over spouses of r of emotional intimacy with conventionality.

    The interval is symmetric in Fisher's z. A bootstrap of n couples varies as 1/n where the
    sampling variance of z goes with 1/(n - 3): percentiles of a hundred couples are too narrow
    (tests/recovery/test_pair_recovered.py).
    """
    rows = scores.couples.rows
    values, draws, sizes = [], [], []
    for role in scores.couples.roles:
        pair = rows[[f"perceived_emotional_{role}", f"perceived_conventionality_{role}"]]
        values.append(float(pair.corr().to_numpy()[0, 1]))
        draws.append(_correlation_draws(pair.to_numpy(dtype=np.float64), counts))
        sizes.append(len(pair.dropna()))
    value, n = float(np.mean(values)), min(sizes)
    drawn = np.mean(draws, axis=0)
    held = drawn[np.abs(drawn) < 1]
    if not abs(value) < 1 or n < 5 or len(held) < len(drawn) / 2:
        return Estimate(name="r", value=value, unit="correlation")
    error = float(np.arctanh(held).std(ddof=1)) * math.sqrt(n / (n - 3))
    center = math.atanh(value)
    half = float(stdtrit(n - 2, 0.5 + confidence / 2)) * error
    return Estimate(
        name="r",
        value=value,
        std_error=float(held.std(ddof=1)) * math.sqrt(n / (n - 3)),
        df=float(n - 2),
        low=math.tanh(center - half),
        high=math.tanh(center + half),
        p_value=2 * float(stdtr(n - 2, -abs(center / error))),
        unit="correlation",
    )


def _correlation_draws(pair: Floats, counts: Floats) -> Floats:
    there: npt.NDArray[np.bool_] = np.asarray(np.isfinite(pair).all(axis=1))
    x, y = np.where(there[:, None], pair - np.nanmean(pair, axis=0), 0.0).T
    weight = counts * there
    n = weight.sum(axis=1)
    mean_x, mean_y = weight @ x / n, weight @ y / n
    shared = weight @ (x * y) / n - mean_x * mean_y
    spread = (weight @ x**2 / n - mean_x**2) * (weight @ y**2 / n - mean_y**2)
    return np.asarray(shared / np.sqrt(spread))


def _items(scores: PairScores, role: str) -> pd.DataFrame:
    return pd.concat([scores.answers(f"perceived_{s}", role) for s in INTIMACIES], axis=1)


def _structure(scores: PairScores) -> dict[tuple[str, str], PathModelResult]:
    """Fit one and five factors to each spouse's thirty items of the perceived form."""
    found: dict[tuple[str, str], PathModelResult] = {}
    for role in scores.couples.roles:
        answers = _items(scores, role)
        lines = {
            score: " + ".join(scores.answers(f"perceived_{score}", role).columns)
            for score in INTIMACIES
        }
        texts = {
            ONE: "intimacy =~ " + " + ".join(lines.values()),
            FIVE: "\n".join(f"{score} =~ {items}" for score, items in lines.items()),
        }
        for name, text in texts.items():
            try:
                found[role, name] = fit_path_model(text, answers, missing="fiml")
            except IntimacyError:
                continue  # too few answers for thirty items: the table says what is not there
    return found
