"""Forecasts: the years after a date that the record covers, told nothing of them."""
