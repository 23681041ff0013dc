"""Effects of several studies combined."""
