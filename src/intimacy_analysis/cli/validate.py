"""`intimacy-analysis validate`: check a file, show what became of it, draft a codebook."""
