"""From items to scores: scales as data, and scoring with a report."""
