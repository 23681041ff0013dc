"""The methods paragraph: what was done, citable, with software versions."""

from __future__ import annotations

from collections.abc import Mapping

from intimacy_analysis.claims.couples_evidence import CouplesEvidence
from intimacy_analysis.claims.evidence import Evidence
from intimacy_analysis.claims.survey_evidence import SurveyEvidence
from intimacy_analysis.formatting import format_count
from intimacy_analysis.report.couples_methods import COUPLES_REFERENCES, couples_paragraphs
from intimacy_analysis.report.wording import AnyEvidence

REFERENCES = (
    "Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear "
    "regression with multi-stage samples. Survey Methodology, 28(2), 169-181.",
    "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
    "Journal of Statistics, 6(2), 65-70.",
    "Kenward, M. G., & Roger, J. H. (1997). Small sample inference for fixed effects from "
    "restricted maximum likelihood. Biometrics, 53(3), 983-997.",
    "Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. "
    "Biometrics Bulletin, 2(6), 110-114.",
    "Stram, D. O., & Lee, J. W. (1994). Variance components testing in the longitudinal mixed "
    "effects model. Biometrics, 50(4), 1171-1177.",
)


def references(evidence: AnyEvidence) -> tuple[str, ...]:
    """Return the works the methods paragraphs cite."""
    if isinstance(evidence, SurveyEvidence):
        return evidence.references
    return COUPLES_REFERENCES if isinstance(evidence, CouplesEvidence) else REFERENCES


def methods_paragraphs(evidence: AnyEvidence, versions: Mapping[str, str]) -> tuple[str, ...]:
    """Return the methods as paragraphs that can be put into a manuscript and adapted."""
    if isinstance(evidence, CouplesEvidence):
        return (*couples_paragraphs(evidence), _software(versions))
    if isinstance(evidence, SurveyEvidence):
        return (*evidence.methods, _software(versions))
    return (
        _sample(evidence),
        _model(evidence),
        _inference(evidence),
        _judgement(evidence),
        _software(versions),
    )


def _sample(evidence: Evidence) -> str:
    result = evidence.result
    dropped = (
        "No row was left out for missing values."
        if result.n_dropped == 0
        else f"{format_count(result.n_dropped)} rows with a missing value in a column of the model "
        "were left out; the estimates hold if these gaps depend only on what the model contains."
    )
    kind = {
        "synthetic": "The data are synthetic: a generator drew them from a stated truth.",
        "original": "The data are original answers.",
        "published summary": "The data are a published summary.",
    }[evidence.kind]
    return (
        f"{kind} The analysis used {format_count(result.n_rows)} days of "
        f"{format_count(result.n_groups)} persons. {dropped}"
    )


def _model(evidence: Evidence) -> str:
    model = evidence.model
    spec = model.spec
    means = (
        "the person's own mean of weekdays on weekdays and of weekends at weekends"
        if model.weekend is not None
        else "the person's own mean"
    )
    stress = (
        f" Same-day {model.stress.name} was centered on the person's own mean."
        if model.stress is not None
        else ""
    )
    return (
        f"Days were nested in persons. {model.outcome.name} was modeled by a linear mixed model "
        f"with fixed terms {spec.fixed} and the terms {spec.random} varying between persons "
        f"(grouped by {spec.group}), their covariance unstructured, residuals "
        f"{spec.structure.name}. {model.predictor.name} was centered within person on {means}; its "
        "part between persons is the person's mean minus the mean of the persons' means, in which "
        f"people count equally.{stress} Variances were estimated by "
        f"{'restricted ' if spec.criterion == 'reml' else ''}maximum likelihood."
    )


def _inference(evidence: Evidence) -> str:
    result = evidence.result
    method = {
        "satterthwaite": "Satterthwaite's method (1946)",
        "kenward-roger": "the method of Kenward and Roger (1997)",
    }[result.df_method]
    return (
        f"Intervals are {100 * result.confidence:g} % t intervals with degrees of freedom by "
        f"{method}. That the slope varies between persons was tested by a likelihood ratio against "
        "a mixture of chi-square distributions (Stram & Lee, 1994). Sensitivity checks use AR(1) "
        "residuals over days with gaps kept, CR2 cluster-robust standard errors (Bell & McCaffrey, "
        "2002), other centering, fewer terms, Kenward-Roger degrees of freedom and a bootstrap of "
        "persons."
    )


def _judgement(evidence: Evidence) -> str:
    rule = (
        "On synthetic data a verdict only says whether the interval holds the truth that was put "
        "in and tells it from zero."
        if evidence.kind == "synthetic"
        else "A claim is reproduced where the whole interval lies on the claimed side beyond the "
        "smallest effect of interest, contradicted where none of it does, and otherwise "
        "inconclusive."
    )
    return (
        f"{rule} Smallest effects of interest were fixed before the analysis and are assumptions. "
        "p-values adjusted for all tests made use Holm's method (1979)."
    )


def _software(versions: Mapping[str, str]) -> str:
    names = {
        "python": "Python",
        "numpy": "NumPy",
        "scipy": "SciPy",
        "statsmodels": "statsmodels",
        "matplotlib": "Matplotlib",
    }
    others = ", ".join(
        f"{names.get(name, name)} {number}"
        for name, number in versions.items()
        if name != "intimacy_analysis"
    )
    return f"Software: intimacy_analysis {versions['intimacy_analysis']} with {others}."
