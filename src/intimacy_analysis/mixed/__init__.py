"""Linear mixed models with one grouping factor."""
