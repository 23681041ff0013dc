"""From columns to predictors."""
