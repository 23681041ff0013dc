"""Claims of cited studies: what is said, what is published, and a verdict by rule."""
