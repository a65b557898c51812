"""Predictive checks: does the calibrated model look like the record it was learned from?"""
