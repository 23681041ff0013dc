"""One module a cited study: what it says, what the data say."""
