"""Each module: one function that computes, one that inks."""
