"""What every caption must say: the state of the fit and the kind of data."""

from __future__ import annotations

from intimacy_analysis.mixed.result import MixedModelResult
from intimacy_analysis.study.study import Study


def fit_sentence(result: MixedModelResult) -> str:
    """Return the state of a fit in a sentence, with the reason where it is not "ok"."""
    if result.state == "ok":
        return (
            f"Fit: ok, {result.n_rows} rows of {result.n_groups} "
            f"{result.spec.group} groups, {result.n_dropped} incomplete rows left out."
        )
    reasons = " ".join(_sentence(warning) for warning in result.warnings)
    what = "singular" if result.state == "singular" else "failed, so no estimates are drawn"
    return f"Fit: {what}. {reasons}".strip()


def data_sentence(study: Study) -> str:
    """Return the kind of data in a sentence."""
    if study.kind == "synthetic":
        seed = "" if study.seed is None else f", seed {study.seed}"
        return f"Synthetic data: made by the package{seed}; no person answered."
    if study.kind == "published summary":
        return "Data: a published summary, no rows."
    return "Data: original answers as supplied."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
