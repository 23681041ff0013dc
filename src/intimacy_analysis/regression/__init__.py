"""Linear regression of independent rows, with moderation."""
