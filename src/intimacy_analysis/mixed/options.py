"""The options of inference: what may be asked of a fit, and what goes together."""

from __future__ import annotations

from intimacy_analysis.errors import SpecError


def check_options(
    criterion: str,
    df_method: str,
    intervals: str,
    standard_errors: str,
    confidence: float,
    bootstrap: int,
) -> None:
    """Raise `SpecError` where an option is unknown or two do not go together."""
    allowed = (
        ("df_method", df_method, ("satterthwaite", "kenward-roger")),
        ("intervals", intervals, ("wald", "profile", "bootstrap")),
        ("standard_errors", standard_errors, ("model", "cr2")),
    )
    for name, value, choices in allowed:
        if value not in choices:
            raise SpecError(f"{name} must be {' or '.join(map(repr, choices))}, got {value!r}.")
    if not 0 < confidence < 1:
        raise SpecError(f"confidence must lie between 0 and 1, got {confidence!r}.")
    if bootstrap < 100:
        raise SpecError(f"a bootstrap needs at least 100 samples, got {bootstrap!r}.")
    if df_method == "kenward-roger" and criterion == "ml":
        raise SpecError(
            "Kenward-Roger is defined for REML, but criterion is 'ml'. "
            "Set criterion='reml', or df_method='satterthwaite'."
        )
    if df_method == "kenward-roger" and standard_errors == "cr2":
        raise SpecError(
            "CR2 standard errors have degrees of freedom of their own, so they do not go with "
            "df_method='kenward-roger'. Choose one."
        )
