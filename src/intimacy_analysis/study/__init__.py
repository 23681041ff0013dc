"""What data are: codebook, frame, study, and the checks they must pass."""
