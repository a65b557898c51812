"""From the record to the model and back: likelihood, calibration, forecasts, and how good they are."""
