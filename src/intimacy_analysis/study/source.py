"""Where a claim or a data set comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication, or the generator of a synthetic data set.

    Attributes:
        authors: As printed, e.g. "Milek, A., Butler, E. A., & Bodenmann, G.".
        year: Year of the version cited.
        title: Title of the work.
        venue: Journal, volume, pages; empty for a generator.
        doi: Without the resolver's address; empty where unknown.
    """

    authors: str
    year: int
    title: str
    venue: str = ""
    doi: str = ""

    @property
    def citation(self) -> str:
        """One line, as a reference list prints it."""
        end = f" {self.venue}." if self.venue else ""
        doi = f" doi:{self.doi}" if self.doi else ""
        return f"{self.authors} ({self.year}). {self.title}.{end}{doi}"
