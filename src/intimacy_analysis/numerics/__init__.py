"""Arrays only: knows nothing of couples."""
