"""The command `intimacy-analysis`."""

from intimacy_analysis.cli.main import main

__all__ = ["main"]
