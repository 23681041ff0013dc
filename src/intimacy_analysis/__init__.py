"""Diary, couples and claims: models and reports for relationship research."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

# Where each public name lives. A name is imported when it is first asked for, so that
# `import intimacy_analysis` stays far below a second and loads no engine.
_HOME = {
    "DataError": "errors",
    "FitError": "errors",
    "IntimacyError": "errors",
    "SpecError": "errors",
    "Estimate": "estimates",
    "EstimateTable": "estimates",
}

__all__ = ["__version__", *sorted(_HOME)]

if TYPE_CHECKING:
    from intimacy_analysis.errors import DataError, FitError, IntimacyError, SpecError
    from intimacy_analysis.estimates import Estimate, EstimateTable


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
