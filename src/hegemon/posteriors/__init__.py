"""Posteriors that come with hegemon, one file per scenario, made by `hegemon calibrate`."""
