"""One family of errors; each message says what must hold, how many break it, where, what to do."""

from __future__ import annotations


class IntimacyError(Exception):
    """The base of every error this package raises on purpose."""


class DataError(IntimacyError, ValueError):
    """The data do not fulfil what the analysis needs."""


class SpecError(IntimacyError, ValueError):
    """The question (a formula, a specification, an option) cannot be asked as written."""


class FitError(IntimacyError, RuntimeError):
    """A fitted result cannot give what was asked of it."""
